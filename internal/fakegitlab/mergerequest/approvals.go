package mergerequest

import (
	"net/http"
	"slices"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/user"
)

// getApprovals counts every approval, whatever the rules say.
func getApprovals(c *rest.Call) (rest.Reply, error) {
	mr, err := ofPath(c)
	if err != nil {
		return rest.Reply{}, err
	}
	return c.JSON(http.StatusOK, func(e *jsonenc.Encoder) {
		if !c.Store.Edition.Enterprise() {
			writeBasicApprovals(e, c, mr)
			return
		}
		e.Open('{')
		heading(mr, e)
		e.Str("merge_status", "can_be_merged")
		e.Bool("approved", approvalsLeft(mr) == 0)
		e.Num("approvals_required", mr.ApprovalsRequired)
		e.Num("approvals_left", approvalsLeft(mr))
		e.Bool("require_password_to_approve", mr.Project.Approvals.RequirePassword)
		writeApprovedBy(e, c, mr)
		for _, none := range []string{"suggested_approvers", "approvers", "approver_groups"} {
			e.Strs(none, nil)
		}
		e.Bool("user_has_approved", slices.Contains(mr.ApprovedBy, c.User))
		e.Bool("user_can_approve", mayApprove(c.User, mr))
		e.Key("approval_rules_left")
		e.Open('[')
		for _, r := range rulesOf(c.Store, mr.Project) {
			if !satisfied(r, mr) {
				e.Open('{')
				e.Num("id", r.ID)
				e.Str("name", r.Name)
				e.Str("rule_type", r.Kind)
				e.Shut('}')
			}
		}
		e.Shut(']')
		e.Bool("has_approval_rules", len(rulesOf(c.Store, mr.Project)) > 0)
		e.Bool("merge_request_approvers_available", c.Store.Edition.Paid())
		e.Bool("multiple_approval_rules_available", c.Store.Edition.Paid())
		e.Strs("invalid_approvers_rules", nil)
		e.Shut('}')
	})
}

// writeBasicApprovals writes what the Community Edition knows: it has approvals, but none is required.
func writeBasicApprovals(e *jsonenc.Encoder, c *rest.Call, mr *store.MergeRequest) {
	e.Open('{')
	e.Bool("user_has_approved", slices.Contains(mr.ApprovedBy, c.User))
	e.Bool("user_can_approve", mayApprove(c.User, mr))
	e.Bool("approved", len(mr.ApprovedBy) > 0)
	writeApprovedBy(e, c, mr)
	e.Shut('}')
}

func writeApprovedBy(e *jsonenc.Encoder, c *rest.Call, mr *store.MergeRequest) {
	e.Key("approved_by")
	e.Open('[')
	for n, u := range mr.ApprovedBy {
		e.Open('{')
		e.Key("user")
		user.Write(e, c, u)
		e.Time("approved_at", mr.ApprovedAt[n])
		e.Shut('}')
	}
	e.Shut(']')
}

// mayApprove reports whether the user may approve a merge request: Developer and up, but not its author unless the
// project allows that.
func mayApprove(u *store.User, mr *store.MergeRequest) bool {
	member := u.IsAdmin() || access.Level(u, mr.Project) >= store.Developer
	return member && mr.State == "opened" && !slices.Contains(mr.ApprovedBy, u) &&
		(mr.Author != u || mr.Project.Approvals.AuthorMayApprove)
}

// getApprovalState has the project's rules and who approved each; there are none on Free.
func getApprovalState(c *rest.Call) (rest.Reply, error) {
	mr, err := ofPath(c)
	if err != nil {
		return rest.Reply{}, err
	}
	return c.JSON(http.StatusOK, func(e *jsonenc.Encoder) {
		e.Open('{')
		e.Bool("approval_rules_overwritten", false)
		e.Key("rules")
		e.Open('[')
		for _, r := range rulesOf(c.Store, mr.Project) {
			e.Open('{')
			ruleFields(e, c, r)
			e.Null("section")
			e.Null("source_rule")
			e.Bool("overridden", false)
			e.Bool("code_owner", false)
			user.WriteAll(e, c, "approved_by", approvedFor(r, mr))
			e.Bool("approved", satisfied(r, mr))
			e.Shut('}')
		}
		e.Shut(']')
		e.Shut('}')
	})
}

// approvedFor returns the users whose approval counts for the rule.
func approvedFor(r *store.ApprovalRule, mr *store.MergeRequest) []*store.User {
	return slices.DeleteFunc(slices.Clone(mr.ApprovedBy), func(u *store.User) bool { return !ruleHas(r, u) })
}

func satisfied(r *store.ApprovalRule, mr *store.MergeRequest) bool {
	return len(approvedFor(r, mr)) >= r.Required
}

// ruleHas reports whether the user's approval counts for the rule.
func ruleHas(r *store.ApprovalRule, u *store.User) bool {
	inGroup := func(g *store.Group) bool { return access.LevelAmong(u, g.Members) >= store.Guest }
	return r.Kind == "any_approver" || slices.Contains(r.Users, u) || slices.ContainsFunc(r.Groups, inGroup)
}

func rulesOf(s *store.Store, p *store.Project) []*store.ApprovalRule {
	if !s.Edition.Paid() {
		return nil
	}
	return p.Rules
}
