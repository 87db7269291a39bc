package manifest

import (
	"fmt"
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"

	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/lock"
)

// Changes says how this team plans and approves its changes.
type Changes struct {
	Template  string               // file of the body of a new change, as in [Incidents]; empty: the built-in one
	Approvers map[string]Approvers // who counts as what: "manager", "lead", "peer", and the team's own words
	Approvals map[string]Rule      // what a change of each criticality needs, "C1" to "C4"
	LongLock  int                  // days after which a lock is taken for a mistyped date unless it says long
}

// Approvers are the people who count as something: whoever is named, is a member of a group, or has the role in the project.
type Approvers struct {
	Users  []string
	Groups []string        // full paths
	Access instance.Access // at least this; NoAccess: no role suffices
}

// Rule is how many approvals a change needs, and whose.
type Rule struct {
	Count   int
	Of      []string // who may give them
	Include []string // one of these among them; empty: anybody
}

// criticalities are the classes of changes, the gravest first (SPEC 14).
var criticalities = []string{"C1", "C2", "C3", "C4"}

func defaultChanges() Changes {
	anybody := []string{"manager", "lead", "peer"}
	return Changes{
		Approvers: map[string]Approvers{
			"manager": {Access: instance.Maintainer},
			"lead":    {Access: instance.Maintainer},
			"peer":    {Access: instance.Developer},
		},
		Approvals: map[string]Rule{
			"C1": {Count: 2, Of: anybody, Include: []string{"manager"}},
			"C2": {Count: 1, Of: []string{"manager", "lead"}},
			"C3": {Count: 1, Of: anybody},
			"C4": {},
		},
		LongLock: lock.DefaultDays,
	}
}

func (c *Changes) fields() []field {
	return []field{
		{key: "template", read: text(templateFile, func(s string) { c.Template = s })},
		{key: "approvers", read: byWord("approvers", c.approvers), below: new(Approvers).fields(), items: itemsOfMap},
		{key: "approvals", read: c.rules, below: new(Rule).fields(), items: itemsOfMap},
		{key: "long_lock_days", read: number(1, 3660, func(n int) { c.LongLock = n })},
	}
}

// approvers replaces what the default says of a word.
func (c *Changes) approvers(r *reader, at, word string, n *yaml.Node) {
	var a Approvers
	mapping(a.fields()...)(r, at, n)
	if n.Kind == yaml.MappingNode && len(n.Content) == 0 {
		r.fault(n, "%s names nobody: say users, groups or access", at)
	}
	c.Approvers[word] = a
}

func (a *Approvers) fields() []field {
	return []field{users(&a.Users), groups(&a.Groups), {key: "access", read: access(func(role instance.Access) { a.Access = role })}}
}

func (c *Changes) rules(r *reader, at string, n *yaml.Node) {
	r.entries(at, n, func(at string, key, value *yaml.Node) {
		if !slices.Contains(criticalities, key.Value) {
			r.fault(key, "unknown key %s%s", quote(key.Value), didYouMean(key.Value, criticalities))
			return
		}
		var rule Rule
		mapping(rule.fields()...)(r, at, value)
		r.require(at, "count", value)
		c.Approvals[key.Value] = rule
	})
}

func (rule *Rule) fields() []field {
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
	for _, class := range criticalities {
		at, rule := "changes.approvals."+class, f.Changes.Approvals[class]
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
