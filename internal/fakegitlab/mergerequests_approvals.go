package fakegitlab

import (
	"net/http"
	"slices"
)

// getApprovals counts whoever approved, without regard to rules.
func (s *Server) getApprovals(c *call) (reply, error) {
	mr, err := c.mergeRequestOfPath()
	if err != nil {
		return reply{}, err
	}
	return c.json(http.StatusOK, func(e *enc) {
		e.open('{')
		mr.heading(e)
		e.str("merge_status", "can_be_merged")
		e.bool("approved", mr.approvalsLeft() == 0)
		e.num("approvals_required", mr.approvalsRequired)
		e.num("approvals_left", mr.approvalsLeft())
		e.bool("require_password_to_approve", mr.project.approvals.requirePassword)
		e.key("approved_by")
		e.open('[')
		for _, u := range mr.approvedBy {
			e.open('{')
			e.key("user")
			s.writeUser(e, c, u)
			e.time("approved_at", mr.updatedAt)
			e.shut('}')
		}
		e.shut(']')
		for _, none := range []string{"suggested_approvers", "approvers", "approver_groups"} {
			e.strs(none, nil)
		}
		e.bool("user_has_approved", slices.Contains(mr.approvedBy, c.user))
		e.bool("user_can_approve", s.mayApprove(c.user, mr))
		e.key("approval_rules_left")
		e.open('[')
		for _, r := range s.rulesOf(mr.project) {
			if !s.satisfied(r, mr) {
				e.open('{')
				e.num("id", r.id)
				e.str("name", r.name)
				e.str("rule_type", r.kind)
				e.shut('}')
			}
		}
		e.shut(']')
		e.bool("has_approval_rules", len(s.rulesOf(mr.project)) > 0)
		e.bool("merge_request_approvers_available", s.opts.Edition.paid())
		e.bool("multiple_approval_rules_available", s.opts.Edition.paid())
		e.strs("invalid_approvers_rules", nil)
		e.shut('}')
	})
}

// mayApprove is the right to approve a merge request: Developer, and not its
// author unless the project allows that.
func (s *Server) mayApprove(u *user, mr *mergeRequest) bool {
	member := u.isAdmin() || s.level(u, mr.project) >= developer
	return member && mr.state == "opened" && !slices.Contains(mr.approvedBy, u) &&
		(mr.author != u || mr.project.approvals.authorMayApprove)
}

// getApprovalState has the project's rules with who of them approved; there
// are none on Free.
func (s *Server) getApprovalState(c *call) (reply, error) {
	mr, err := c.mergeRequestOfPath()
	if err != nil {
		return reply{}, err
	}
	return c.json(http.StatusOK, func(e *enc) {
		e.open('{')
		e.bool("approval_rules_overwritten", false)
		e.key("rules")
		e.open('[')
		for _, r := range s.rulesOf(mr.project) {
			e.open('{')
			s.ruleFields(e, c, r)
			e.null("section")
			e.null("source_rule")
			e.bool("overridden", false)
			e.bool("code_owner", false)
			s.writeUsers(e, c, "approved_by", s.approvedFor(r, mr))
			e.bool("approved", s.satisfied(r, mr))
			e.shut('}')
		}
		e.shut(']')
		e.shut('}')
	})
}

// approvedFor are those whose approval counts for the rule.
func (s *Server) approvedFor(r *approvalRule, mr *mergeRequest) []*user {
	return slices.DeleteFunc(slices.Clone(mr.approvedBy), func(u *user) bool { return !s.ruleHas(r, u) })
}

func (s *Server) satisfied(r *approvalRule, mr *mergeRequest) bool {
	return len(s.approvedFor(r, mr)) >= r.required
}

// ruleHas reports whether the user's approval counts for the rule.
func (s *Server) ruleHas(r *approvalRule, u *user) bool {
	inGroup := func(g *group) bool { return levelAmong(u, g.members) >= guest }
	return r.kind == "any_approver" || slices.Contains(r.users, u) || slices.ContainsFunc(r.groups, inGroup)
}

func (s *Server) rulesOf(p *project) []*approvalRule {
	if !s.opts.Edition.paid() {
		return nil
	}
	return p.rules
}
