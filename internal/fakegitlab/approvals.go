package fakegitlab

import (
	"net/http"
	"slices"
)

func projectApprovals(c *call) (reply, error) {
	if err := c.p.err(); err != nil {
		return reply{}, err
	}
	p, err := c.project()
	if err != nil {
		return reply{}, err
	}
	a := p.approvals
	return c.json(http.StatusOK, func(e *enc) {
		e.open('{')
		e.strs("approvers", nil)
		e.strs("approver_groups", nil)
		e.num("approvals_before_merge", a.approvalsRequired)
		e.bool("reset_approvals_on_push", !a.keepOnPush)
		e.bool("selective_code_owner_removals", a.selectiveCodeOwner)
		e.bool("disable_overriding_approvers_per_merge_request", a.noOverride)
		e.bool("merge_requests_author_approval", a.authorMayApprove)
		e.bool("merge_requests_disable_committers_approval", a.committersMayNot)
		e.bool("require_password_to_approve", a.requirePassword)
		e.bool("require_reauthentication_to_approve", a.requirePassword)
		e.shut('}')
	})
}

// listApprovalRules is empty on Free, whatever rules a seed has.
func listApprovalRules(c *call) (reply, error) {
	pg := c.paging()
	if err := c.p.err(); err != nil {
		return reply{}, err
	}
	p, err := c.project()
	if err != nil {
		return reply{}, err
	}
	return listReply(c, pg, rulesOf(c.s, p), func(e *enc, r *approvalRule) {
		writeRule(e, c, r)
	})
}

func getApprovalRule(c *call) (reply, error) {
	id := c.p.int("rule_id")
	if err := c.p.err(); err != nil {
		return reply{}, err
	}
	p, err := c.project()
	if err != nil {
		return reply{}, err
	}
	rules := rulesOf(c.s, p)
	n := slices.IndexFunc(rules, func(r *approvalRule) bool { return r.id == id.v })
	if n < 0 {
		return reply{}, errNoRecord()
	}
	return c.json(http.StatusOK, func(e *enc) { writeRule(e, c, rules[n]) })
}

// writeRule writes a rule of a project with the branches that it is for.
func writeRule(e *enc, c *call, r *approvalRule) {
	e.open('{')
	ruleFields(e, c, r)
	e.key("protected_branches")
	e.open('[')
	for n, name := range r.branches {
		e.open('{')
		e.num("id", r.id*100+n)
		e.str("name", name)
		e.shut('}')
	}
	e.shut(']')
	e.bool("applies_to_all_protected_branches", false)
	e.shut('}')
}

// ruleFields writes what a rule has in a project and in a merge request, without the brackets. The users of its groups
// are eligible like its own; the groups themselves are shown to who may see them.
func ruleFields(e *enc, c *call, r *approvalRule) {
	eligible := slices.Clone(r.users)
	for _, g := range r.groups {
		for _, m := range g.members {
			if !slices.Contains(eligible, m.user) {
				eligible = append(eligible, m.user)
			}
		}
	}
	e.num("id", r.id)
	e.str("name", r.name)
	e.str("rule_type", r.kind)
	e.null("report_type")
	writeUsers(e, c, "eligible_approvers", eligible)
	e.num("approvals_required", r.required)
	writeUsers(e, c, "users", r.users)
	e.key("groups")
	e.open('[')
	hidden := false
	for _, g := range r.groups {
		if !mayReadGroup(c.s, c.user, g) {
			hidden = true
			continue
		}
		e.open('{')
		e.num("id", g.id)
		e.str("name", g.name)
		e.str("full_path", g.fullPath())
		e.str("web_url", c.base.url+"/groups/"+g.fullPath())
		e.shut('}')
	}
	e.shut(']')
	e.bool("contains_hidden_groups", hidden)
}
