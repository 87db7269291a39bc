package fakegitlab

import (
	"net/http"
	"slices"
)

// getApprovals counts whoever approved, without regard to rules.
func getApprovals(c *call) (reply, error) {
	mr, err := mergeRequestOfPath(c)
	if err != nil {
		return reply{}, err
	}
	return c.json(http.StatusOK, func(e *enc) {
		e.open('{')
		heading(mr, e)
		e.str("merge_status", "can_be_merged")
		e.bool("approved", approvalsLeft(mr) == 0)
		e.num("approvals_required", mr.approvalsRequired)
		e.num("approvals_left", approvalsLeft(mr))
		e.bool("require_password_to_approve", mr.project.approvals.requirePassword)
		e.key("approved_by")
		e.open('[')
		for _, u := range mr.approvedBy {
			e.open('{')
			e.key("user")
			writeUser(e, c, u)
			e.time("approved_at", mr.updatedAt)
			e.shut('}')
		}
		e.shut(']')
		for _, none := range []string{"suggested_approvers", "approvers", "approver_groups"} {
			e.strs(none, nil)
		}
		e.bool("user_has_approved", slices.Contains(mr.approvedBy, c.user))
		e.bool("user_can_approve", mayApprove(c.user, mr))
		e.key("approval_rules_left")
		e.open('[')
		for _, r := range rulesOf(c.s, mr.project) {
			if !satisfied(r, mr) {
				e.open('{')
				e.num("id", r.id)
				e.str("name", r.name)
				e.str("rule_type", r.kind)
				e.shut('}')
			}
		}
		e.shut(']')
		e.bool("has_approval_rules", len(rulesOf(c.s, mr.project)) > 0)
		e.bool("merge_request_approvers_available", c.s.edition.paid())
		e.bool("multiple_approval_rules_available", c.s.edition.paid())
		e.strs("invalid_approvers_rules", nil)
		e.shut('}')
	})
}

// mayApprove is the right to approve a merge request: Developer, and not its
// author unless the project allows that.
func mayApprove(u *user, mr *mergeRequest) bool {
	member := u.isAdmin() || levelIn(u, mr.project) >= developer
	return member && mr.state == "opened" && !slices.Contains(mr.approvedBy, u) &&
		(mr.author != u || mr.project.approvals.authorMayApprove)
}

// getApprovalState has the project's rules with who of them approved; there
// are none on Free.
func getApprovalState(c *call) (reply, error) {
	mr, err := mergeRequestOfPath(c)
	if err != nil {
		return reply{}, err
	}
	return c.json(http.StatusOK, func(e *enc) {
		e.open('{')
		e.bool("approval_rules_overwritten", false)
		e.key("rules")
		e.open('[')
		for _, r := range rulesOf(c.s, mr.project) {
			e.open('{')
			ruleFields(e, c, r)
			e.null("section")
			e.null("source_rule")
			e.bool("overridden", false)
			e.bool("code_owner", false)
			writeUsers(e, c, "approved_by", approvedFor(r, mr))
			e.bool("approved", satisfied(r, mr))
			e.shut('}')
		}
		e.shut(']')
		e.shut('}')
	})
}

// approvedFor are those whose approval counts for the rule.
func approvedFor(r *approvalRule, mr *mergeRequest) []*user {
	return slices.DeleteFunc(slices.Clone(mr.approvedBy), func(u *user) bool { return !ruleHas(r, u) })
}

func satisfied(r *approvalRule, mr *mergeRequest) bool {
	return len(approvedFor(r, mr)) >= r.required
}

// ruleHas reports whether the user's approval counts for the rule.
func ruleHas(r *approvalRule, u *user) bool {
	inGroup := func(g *group) bool { return levelAmong(u, g.members) >= guest }
	return r.kind == "any_approver" || slices.Contains(r.users, u) || slices.ContainsFunc(r.groups, inGroup)
}

func rulesOf(s *store, p *project) []*approvalRule {
	if !s.edition.paid() {
		return nil
	}
	return p.rules
}
