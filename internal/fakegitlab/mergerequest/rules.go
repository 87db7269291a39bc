package mergerequest

import (
	"net/http"
	"slices"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/user"
)

// projectApprovals says that nothing is required without a license, whatever a seed has.
func projectApprovals(c *rest.Call) (rest.Reply, error) {
	if err := c.Params.Err(); err != nil {
		return rest.Reply{}, err
	}
	p, err := c.Project()
	if err != nil {
		return rest.Reply{}, err
	}
	a := store.ApprovalSettings{}
	if c.Store.Edition.Paid() {
		a = p.Approvals
	}
	return c.JSON(http.StatusOK, func(e *jsonenc.Encoder) {
		e.Open('{')
		e.Strs("approvers", nil)
		e.Strs("approver_groups", nil)
		e.Num("approvals_before_merge", a.ApprovalsRequired)
		e.Bool("reset_approvals_on_push", c.Store.Edition.Paid() && !a.KeepOnPush)
		e.Bool("selective_code_owner_removals", a.SelectiveCodeOwner)
		e.Bool("disable_overriding_approvers_per_merge_request", a.NoOverride)
		e.Bool("merge_requests_author_approval", a.AuthorMayApprove)
		e.Bool("merge_requests_disable_committers_approval", a.CommittersMayNot)
		e.Bool("require_password_to_approve", a.RequirePassword)
		e.Bool("require_reauthentication_to_approve", a.RequirePassword)
		e.Shut('}')
	})
}

// rulesOfPath checks the parameters and returns the rules of the project in the path. Without a license nobody sees rules;
// with one, those who may create merge requests do.
func rulesOfPath(c *rest.Call) ([]*store.ApprovalRule, error) {
	if err := c.Params.Err(); err != nil {
		return nil, err
	}
	p, err := c.Project()
	if err != nil {
		return nil, err
	}
	if !c.Store.Edition.Paid() || !access.MayAdmin(c.User, p) && !access.MayOfferMergeRequests(c.User, p) {
		return nil, failure.Forbidden()
	}
	return p.Rules, nil
}

func listApprovalRules(c *rest.Call) (rest.Reply, error) {
	pg := c.Paging()
	rules, err := rulesOfPath(c)
	if err != nil {
		return rest.Reply{}, err
	}
	return rest.List(c, pg, rules, func(e *jsonenc.Encoder, r *store.ApprovalRule) {
		writeRule(e, c, r)
	})
}

func getApprovalRule(c *rest.Call) (rest.Reply, error) {
	id := c.Params.Int("rule_id")
	rules, err := rulesOfPath(c)
	if err != nil {
		return rest.Reply{}, err
	}
	n := slices.IndexFunc(rules, func(r *store.ApprovalRule) bool { return r.ID == id.Value })
	if n < 0 {
		return rest.Reply{}, failure.NoRecord()
	}
	return c.JSON(http.StatusOK, func(e *jsonenc.Encoder) { writeRule(e, c, rules[n]) })
}

// writeRule writes a project's rule with the branches it applies to.
func writeRule(e *jsonenc.Encoder, c *rest.Call, r *store.ApprovalRule) {
	e.Open('{')
	ruleFields(e, c, r)
	e.Key("protected_branches")
	e.Open('[')
	for n, name := range r.Branches {
		e.Open('{')
		e.Num("id", r.ID*100+n)
		e.Str("name", name)
		e.Shut('}')
	}
	e.Shut(']')
	e.Bool("applies_to_all_protected_branches", false)
	e.Shut('}')
}

// ruleFields writes the fields that a rule has both in a project and in a merge request, without the braces. The
// users of its groups are eligible like its own; the groups themselves are shown to callers who may see them.
func ruleFields(e *jsonenc.Encoder, c *rest.Call, r *store.ApprovalRule) {
	eligible := slices.Clone(r.Users)
	for _, g := range r.Groups {
		for _, m := range g.Members {
			if !slices.Contains(eligible, m.User) {
				eligible = append(eligible, m.User)
			}
		}
	}
	e.Num("id", r.ID)
	e.Str("name", r.Name)
	e.Str("rule_type", r.Kind)
	e.Null("report_type")
	user.WriteAll(e, c, "eligible_approvers", eligible)
	e.Num("approvals_required", r.Required)
	user.WriteAll(e, c, "users", r.Users)
	e.Key("groups")
	e.Open('[')
	hidden := false
	for _, g := range r.Groups {
		if !access.MayReadGroup(c.Store, c.User, g) {
			hidden = true
			continue
		}
		e.Open('{')
		e.Num("id", g.ID)
		e.Str("name", g.Name)
		e.Str("full_path", g.FullPath())
		e.Str("web_url", c.Base.URL+"/groups/"+g.FullPath())
		e.Shut('}')
	}
	e.Shut(']')
	e.Bool("contains_hidden_groups", hidden)
}
