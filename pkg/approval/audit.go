package approval

import (
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/mergerequest"
)

// Project is the approval setup of a project.
type Project struct {
	Path     string // full
	Offered  bool   // this GitLab has approval rules; without them nothing is enforced
	Settings mergerequest.Settings
	Rules    []mergerequest.Rule
	People   []Person // the users named in the rules, as far as they are known
}

// Finding is one way around the rule that a project's settings allow.
type Finding struct {
	ID   string // author-approves, rule-missing, ...
	Text string // lower case, without a full stop
	Fix  string // how to fix it
}

// The published ids of the findings.
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

// Audit returns every way around the rule that a project's settings allow.
// GitLab's own rules do not know teams, so only the check of a merge request rejects a staff developer of the author's team.
func Audit(r Rule, p Project) []Finding {
	if !p.Offered {
		return []Finding{{NotOffered, "this GitLab has no approval rules, so nothing is enforced",
			"run prodctl approval check in merge request pipelines, and require pipelines to succeed"}}
	}
	var list []Finding
	for _, f := range []struct {
		wrong bool
		Finding
	}{
		{p.Settings.AuthorMayApprove, Finding{AuthorApproves, "authors can approve their own merge requests",
			"prevent approval by the author (Settings, Merge requests)"}},
		{p.Settings.CommittersMayApprove, Finding{CommittersApprove, "users who add commits to a merge request can approve it",
			"prevent approvals by users who add commits (Settings, Merge requests)"}},
		{p.Settings.RulesMayBeChanged, Finding{RulesEditable, "approval rules can be edited in each merge request",
			"prevent editing approval rules in merge requests (Settings, Merge requests)"}},
		{!p.Settings.ResetOnPush, Finding{NoReset, "approvals are kept when commits are added",
			"remove all approvals when a commit is added (Settings, Merge requests)"}},
	} {
		if f.wrong {
			list = append(list, f.Finding)
		}
	}
	return append(list, r.auditRules(p)...)
}

// auditRules looks for a rule of the project that requires an approval by the right people on all branches.
func (r Rule) auditRules(p Project) []Finding {
	missing := strings.Join(r.Approving, " and ")
	rules := keep(p.Rules, func(own mergerequest.Rule) bool {
		return (own.Type == "" || own.Type == "regular") && len(own.Users)+len(own.Groups) > 0
	})
	if len(rules) == 0 {
		return []Finding{{RuleMissing, "no approval rule names approvers, so anybody can approve",
			"add a rule with one approval by " + missing}}
	}
	named := keep(rules, func(own mergerequest.Rule) bool { return len(r.absent(own, p)) < len(r.approving()) })
	if len(named) == 0 {
		return []Finding{{TeamsMissing, "no approval rule includes " + missing, "add a rule with one approval by " + missing}}
	}
	required := keep(named, func(own mergerequest.Rule) bool { return own.Required > 0 })
	if len(required) == 0 {
		return []Finding{{NoneRequired, "the approval rule " + quoted(named) + " requires no approval", "set its required approvals to 1"}}
	}
	everywhere := keep(required, func(own mergerequest.Rule) bool { return len(own.Branches) == 0 })
	if len(everywhere) == 0 {
		return []Finding{{SomeBranches, "the approval rule " + quoted(required) + " covers some branches only",
			"set its target branch to all branches"}}
	}
	best := slices.MinFunc(everywhere, func(a, b mergerequest.Rule) int { return len(r.auditPeople(a, p)) - len(r.auditPeople(b, p)) })
	return r.auditPeople(best, p)
}

// auditPeople compares the approvers of a rule of the project with those of our rule.
func (r Rule) auditPeople(own mergerequest.Rule, p Project) []Finding {
	var list []Finding
	if absent := r.absent(own, p); len(absent) > 0 {
		list = append(list, Finding{TeamsMissing, "the approval rule " + quote(own.Name) + " does not include " + strings.Join(absent, " and "),
			"add their groups to the rule"})
	}
	if others := r.outsiders(own, p); len(others) > 0 {
		list = append(list, Finding{Outsiders, "the approval rule " + quote(own.Name) + " also accepts " +
			strings.Join(others, ", "), "remove them from the rule"})
	}
	return list
}

// absent returns the approving teams without any member in a rule.
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

// outsiders returns the approvers in a rule who are neither in an approving team nor staff.
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

// person returns what is known of a user named in a rule.
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
