package manifest

import (
	"fmt"
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"

	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/lock"
)

// Changes is how a team plans and approves its changes.
type Changes struct {
	Template  string                      // file with the body of a new change, as in [Incidents]; empty: the built-in one
	Approvers map[string]change.Approvers // people by role: "manager", "lead", "peer", and roles that the team names itself
	Approvals change.Rules                // approval rule of each criticality
	LongLock  int                         // maximum days of a lock, unless it is marked as long
}

func defaultChanges() Changes {
	return Changes{
		Approvers: map[string]change.Approvers{
			"manager": {Access: instance.Maintainer},
			"lead":    {Access: instance.Maintainer},
			"peer":    {Access: instance.Developer},
		},
		Approvals: change.DefaultRules(),
		LongLock:  lock.DefaultDays,
	}
}

func (c *Changes) fields() []field {
	rules := func() any {
		var out pairs
		for _, class := range change.Criticalities() {
			out = append(out, Setting{string(class), mapped(ruleFields(new(c.Approvals[class])))})
		}
		return out
	}
	approvers := func() pairs {
		return sortedPairs(c.Approvers, func(a change.Approvers) any { return mapped(approverFields(&a)) })
	}
	return []field{
		key("template", text(templateFile), &c.Template),
		wordsKey("approvers", "approvers", mapping(approverFields), c.approvers, approvers),
		{key: "approvals", read: c.rules, value: rules, below: ruleFields(new(change.Rule)), items: itemsOfMap},
		key("long_lock_days", number(1, 3660), &c.LongLock),
	}
}

// approvers replaces the default of a role.
func (c *Changes) approvers(r *reader, at, word string, n *yaml.Node, a change.Approvers) {
	if n.Kind == yaml.MappingNode && len(n.Content) == 0 {
		r.fault(n, "%s is empty: add users, groups or access", at)
	}
	c.Approvers[word] = a
}

func approverFields(a *change.Approvers) []field {
	return []field{users(&a.Users), groups(&a.Groups), key("access", access(), &a.Access)}
}

func (c *Changes) rules(r *reader, at string, n *yaml.Node) {
	r.entries(at, n, func(at string, key, value *yaml.Node) {
		class := change.Criticality(key.Value)
		if !slices.Contains(change.Criticalities(), class) {
			r.fault(key, "unknown key %s (use C1, C2, C3 or C4)", quote(key.Value))
			return
		}
		mapping(ruleFields).into(func(rule change.Rule) { c.Approvals[class] = rule })(r, at, value)
	})
}

func ruleFields(rule *change.Rule) []field {
	return []field{
		key("count", number(0, 20), &rule.Count).must(), key("of", texts(verbatim), &rule.Of), key("include", texts(verbatim), &rule.Include),
	}
}

// deriveApprovals checks that each rule uses known roles and can be satisfied.
func (f *File) deriveApprovals(r *reader) {
	known := slices.Sorted(maps.Keys(f.Changes.Approvers))
	for _, class := range change.Criticalities() {
		at, rule := "changes.approvals."+string(class), f.Changes.Approvals[class]
		r.among(at+".of", rule.Of, known, "is not a role in changes.approvers")
		switch {
		case rule.Count > 0 && len(rule.Of) == 0:
			r.faultAt(at, "%s: of is required if count is %d", at, rule.Count)
		case rule.Count == 0 && len(rule.Include) > 0:
			r.faultAt(at+".include", "%s: include has no effect if count is 0", at)
		default:
			r.among(at+".include", rule.Include, rule.Of, "is not in of, so its approval would not count")
		}
	}
}

// among adds a fault for each value of a list that is not known.
func (r *reader) among(at string, values, known []string, what string) {
	has := map[string]bool{}
	for _, k := range known {
		has[k] = true
	}
	for i, s := range values {
		if s != "" && !has[s] {
			r.faultAt(fmt.Sprintf("%s[%d]", at, i), "%s: %s %s%s", at, quote(s), what, didYouMean(s, known))
		}
	}
}
