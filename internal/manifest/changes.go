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

// Changes says how this team plans and approves its changes.
type Changes struct {
	Template  string                      // file of the body of a new change, as in [Incidents]; empty: the built-in one
	Approvers map[string]change.Approvers // who counts as what: "manager", "lead", "peer", and the team's own words
	Approvals change.Rules                // what a change of each criticality needs
	LongLock  int                         // days after which a lock is taken for a mistyped date unless it says long
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
	return []field{
		{key: "template", read: text(templateFile, func(s string) { c.Template = s })},
		{key: "approvers", read: byWord("approvers", c.approvers), below: approverFields(new(change.Approvers)), items: itemsOfMap},
		{key: "approvals", read: c.rules, below: ruleFields(new(change.Rule)), items: itemsOfMap},
		{key: "long_lock_days", read: number(1, 3660, func(n int) { c.LongLock = n })},
	}
}

// approvers replaces what the default says of a word.
func (c *Changes) approvers(r *reader, at, word string, n *yaml.Node) {
	var a change.Approvers
	mapping(approverFields(&a)...)(r, at, n)
	if n.Kind == yaml.MappingNode && len(n.Content) == 0 {
		r.fault(n, "%s names nobody: say users, groups or access", at)
	}
	c.Approvers[word] = a
}

func approverFields(a *change.Approvers) []field {
	return []field{users(&a.Users), groups(&a.Groups), {key: "access", read: access(func(role instance.Access) { a.Access = role })}}
}

func (c *Changes) rules(r *reader, at string, n *yaml.Node) {
	r.entries(at, n, func(at string, key, value *yaml.Node) {
		class := change.Criticality(key.Value)
		if !slices.Contains(change.Criticalities(), class) {
			r.fault(key, "unknown key %s: there are C1, C2, C3 and C4", quote(key.Value))
			return
		}
		var rule change.Rule
		mapping(ruleFields(&rule)...)(r, at, value)
		r.require(at, "count", value)
		c.Approvals[class] = rule
	})
}

func ruleFields(rule *change.Rule) []field {
	return []field{
		{key: "count", read: number(0, 20, func(n int) { rule.Count = n })},
		{key: "of", read: words(&rule.Of)},
		{key: "include", read: words(&rule.Include)},
	}
}

// words takes a list of words of which none is there twice.
func words(take *[]string) reading { return texts(verbatim, take) }

// texts takes a list of different texts. In the place of one that was told of is an empty one, so that the others keep theirs.
func texts(check func(string) (string, error), take *[]string) reading {
	check = distinct(check)
	return list(func(r *reader, at string, n *yaml.Node) {
		*take = append(*take, "")
		text(check, func(s string) { (*take)[len(*take)-1] = s })(r, at, n)
	})
}

// settleApprovals holds each rule to what it names, and to what somebody can fulfil.
func (f *File) settleApprovals(r *reader) {
	known := slices.Sorted(maps.Keys(f.Changes.Approvers))
	for _, class := range change.Criticalities() {
		at, rule := "changes.approvals."+string(class), f.Changes.Approvals[class]
		r.among(at+".of", rule.Of, known, "is nobody in changes.approvers")
		switch {
		case rule.Count > 0 && len(rule.Of) == 0:
			r.faultAt(at, "%s: its count is %d, but of does not say whose approvals", at, rule.Count)
		case rule.Count == 0 && len(rule.Include) > 0:
			r.faultAt(at+".include", "%s includes somebody, but its count is 0", at)
		default:
			r.among(at+".include", rule.Include, rule.Of, "is not in of, so that its approval would not count")
		}
	}
}

// among is a fault for each word of a list that is not among the known ones.
func (r *reader) among(at string, said, known []string, what string) {
	has := map[string]bool{}
	for _, k := range known {
		has[k] = true
	}
	for i, s := range said {
		if s != "" && !has[s] {
			r.faultAt(fmt.Sprintf("%s[%d]", at, i), "%s: %s %s%s", at, quote(s), what, didYouMean(s, known))
		}
	}
}
