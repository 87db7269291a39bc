package approval

import (
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/mergerequest"
)

// Project is how a project has approvals set up.
type Project struct {
	Path     string // full
	Offered  bool   // this GitLab has approval rules; without them it can enforce nothing
	Settings mergerequest.Settings
	Rules    []mergerequest.Rule
	People   []Person // those whom the rules name one by one, as far as they are known
}

// Finding is one way around the rule that a project's settings leave open.
type Finding struct {
	ID   string // author-approves, rule-missing, ...
	Text string // a sentence without a full stop
	Fix  string // what to do about it
}

// The findings, by their published names.
const (
	NotOffered        = "not-offered"
	AuthorApproves    = "author-approves"
	CommittersApprove = "committers-approve"
	RulesEditable     = "rules-editable"
	NoReset           = "no-reset"
	RuleMissing       = "rule-missing"
	NoneRequired      = "none-required"
	SomeBranches      = "some-branches"
	TeamsMissing      = "teams-missing"
	Outsiders         = "outsiders"
)

// Audit looks whether a project's settings enforce the rule, and tells each way around it.
// GitLab's own rules know no teams, so that a staff developer of the author's team is told apart only by the check of a merge request.
func Audit(r Rule, p Project) []Finding {
	if !p.Offered {
		return []Finding{{NotOffered, "this GitLab has no approval rules here, so that nothing is enforced",
			"run prodctl approval check in the pipelines of merge requests, and let only green ones be merged"}}
	}
	var list []Finding
	for _, f := range []struct {
		wrong bool
		Finding
	}{
		{p.Settings.AuthorMayApprove, Finding{AuthorApproves, "authors may approve their own merge requests",
			"Settings, Merge requests: prevent approval by the author"}},
		{p.Settings.CommittersMayApprove, Finding{CommittersApprove, "who adds commits to a merge request may approve it",
			"Settings, Merge requests: prevent approvals by users who add commits"}},
		{p.Settings.RulesMayBeChanged, Finding{RulesEditable, "the rules can be changed in each merge request",
			"Settings, Merge requests: prevent editing approval rules in merge requests"}},
		{!p.Settings.ResetOnPush, Finding{NoReset, "approvals stay when something is pushed after them",
			"Settings, Merge requests: remove all approvals when a commit is added"}},
	} {
		if f.wrong {
			list = append(list, f.Finding)
		}
	}
	return append(list, r.auditRules(p)...)
}

// auditRules looks for a rule of the project that is for all branches and asks for an approval of the right people.
func (r Rule) auditRules(p Project) []Finding {
	missing := strings.Join(r.Approving, " and ")
	rules := keep(p.Rules, func(own mergerequest.Rule) bool {
		return (own.Type == "" || own.Type == "regular") && len(own.Users)+len(own.Groups) > 0
	})
	if len(rules) == 0 {
		return []Finding{{RuleMissing, "no approval rule names anybody, so that everybody's approval does",
			"add a rule with one approval by " + missing}}
	}
	named := keep(rules, func(own mergerequest.Rule) bool { return len(r.absent(own, p)) < len(r.approving()) })
	if len(named) == 0 {
		return []Finding{{TeamsMissing, "no approval rule has " + missing, "add a rule with one approval by " + missing}}
	}
	required := keep(named, func(own mergerequest.Rule) bool { return own.Required > 0 })
	if len(required) == 0 {
		return []Finding{{NoneRequired, "the approval rule " + quoted(named) + " requires no approval", "set its approvals required to 1"}}
	}
	everywhere := keep(required, func(own mergerequest.Rule) bool { return len(own.Branches) == 0 })
	if len(everywhere) == 0 {
		return []Finding{{SomeBranches, "the approval rule " + quoted(required) + " is for some branches only",
			"set its target branch to all branches"}}
	}
	best := slices.MinFunc(everywhere, func(a, b mergerequest.Rule) int { return len(r.auditPeople(a, p)) - len(r.auditPeople(b, p)) })
	return r.auditPeople(best, p)
}

// auditPeople compares whom a rule of the project names with whom our rule does.
func (r Rule) auditPeople(own mergerequest.Rule, p Project) []Finding {
	var list []Finding
	if absent := r.absent(own, p); len(absent) > 0 {
		list = append(list, Finding{TeamsMissing, "the approval rule " + quote(own.Name) + " lacks " + strings.Join(absent, " and "),
			"add their groups to it"})
	}
	if others := r.outsiders(own, p); len(others) > 0 {
		list = append(list, Finding{Outsiders, "the approval rule " + quote(own.Name) + " is also fulfilled by " +
			strings.Join(others, ", "), "take them out of it"})
	}
	return list
}

// absent are the approving teams of which a rule names nobody.
func (r Rule) absent(own mergerequest.Rule, p Project) []string {
	var list []string
	for _, t := range r.approving() {
		group := slices.ContainsFunc(own.Groups, func(g string) bool { return contains(t.Groups, g) })
		if !group && !slices.ContainsFunc(own.Users, func(u string) bool { return t.Has(p.person(u)) }) {
			list = append(list, t.Name)
		}
	}
	return list
}

// outsiders are those in a rule who are in no approving team and no staff.
func (r Rule) outsiders(own mergerequest.Rule, p Project) []string {
	may := []People{r.Staff}
	for _, t := range r.approving() {
		may = append(may, t.People)
	}
	var list []string
	for _, u := range own.Users {
		if !slices.ContainsFunc(may, func(m People) bool { return m.Has(p.person(u)) }) {
			list = append(list, u)
		}
	}
	for _, g := range own.Groups {
		if !slices.ContainsFunc(may, func(m People) bool { return contains(m.Groups, g) }) {
			list = append(list, "members of "+g)
		}
	}
	slices.Sort(list)
	return list
}

// person is what is known of somebody whom a rule names.
func (p Project) person(name string) Person {
	n := slices.IndexFunc(p.People, func(who Person) bool { return strings.EqualFold(who.Name, name) })
	if n < 0 {
		return Person{Name: name}
	}
	return p.People[n]
}

func keep(list []mergerequest.Rule, wanted func(mergerequest.Rule) bool) []mergerequest.Rule {
	return slices.DeleteFunc(slices.Clone(list), func(own mergerequest.Rule) bool { return !wanted(own) })
}

func quoted(list []mergerequest.Rule) string {
	var names []string
	for _, own := range list {
		names = append(names, quote(own.Name))
	}
	return strings.Join(names, ", ")
}

func quote(s string) string { return `"` + s + `"` }
