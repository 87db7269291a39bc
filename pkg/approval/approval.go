// Package approval holds the approval rule for authentication changes: in the listed repositories, a merge request needs an approval by a
// member of production or security, or by a staff developer from another team than the author's (handbook).
//
// Start with [Judge], which applies the rule to one merge request, and [Audit], which checks whether a project's settings enforce it.
// Approvals of changes to production are not here but in pkg/change. Nothing is fetched here.
package approval

import (
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// Rule is which merge requests need an approval, and who can give it.
type Rule struct {
	Repositories []Repository
	Teams        []Team
	Approving    []string // names of teams; an approval by any member is enough
	Staff        People   // staff developers and above; one from another team than the author's is enough
}

// Repository is a project, and the files in it that the rule covers.
type Repository struct {
	Project string   // full path
	Paths   []string // globs with * and **, from the root of the repository; none: all files
}

// Team is a named team.
type Team struct {
	Name string
	People
}

// People are users by name, and members of groups by full path.
type People struct {
	Users  []string
	Groups []string
}

// Person is a user with their groups.
type Person struct {
	Name   string   // user name without @
	Groups []string // full paths of the rule's groups that they are a member of
}

// Has reports whether somebody is one of these people.
func (p People) Has(who Person) bool {
	return who.Name != "" && contains(p.Users, who.Name) ||
		slices.ContainsFunc(who.Groups, func(g string) bool { return contains(p.Groups, g) })
}

// contains compares as GitLab does: names and paths are case-insensitive.
func contains(list []string, s string) bool {
	return slices.ContainsFunc(list, func(own string) bool { return strings.EqualFold(strings.TrimLeft(own, "@"), strings.TrimLeft(s, "@")) })
}

// teamsOf returns the names of the teams that somebody is in.
func (r Rule) teamsOf(who Person) []string {
	var list []string
	for _, t := range r.Teams {
		if t.Has(who) {
			list = append(list, t.Name)
		}
	}
	return list
}

// approving returns the teams whose members can approve.
func (r Rule) approving() []Team {
	return slices.DeleteFunc(slices.Clone(r.Teams), func(t Team) bool { return !slices.Contains(r.Approving, t.Name) })
}

// Change is a merge request as the rule needs it.
type Change struct {
	Project string // full path
	Author  Person
	Paths   []string // all changed files, renamed ones under both names; none: unknown, which counts as all
}

func (r Rule) repository(project string) (Repository, bool) {
	n := slices.IndexFunc(r.Repositories, func(repo Repository) bool { return strings.EqualFold(repo.Project, project) })
	if n < 0 {
		return Repository{}, false
	}
	return r.Repositories[n], true
}

// Verdict is the result of [Judge].
type Verdict struct {
	Needed   bool
	Pass     bool     // true as well if no approval is needed
	By       string   // whose approval counts
	Reason   string   // lower case, without a full stop
	Eligible []string // who can approve it: "a member of production"
}

// Judge applies the rule to a merge request and its approvers. The author's own approval never counts.
func Judge(r Rule, c Change, approvers []Person) Verdict {
	repo, listed := r.repository(c.Project)
	switch {
	case !listed:
		return Verdict{Pass: true, Reason: c.Project + " is not covered by the approval rule"}
	case !repo.covers(c.Paths):
		return Verdict{Pass: true, Reason: "no changed file is covered by the approval rule"}
	}
	v := Verdict{Needed: true, Eligible: r.eligible(c.Author)}
	approvers = slices.Clone(approvers)
	stable.Sort(approvers, func(a, b Person) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	var rejected []string
	for _, who := range approvers {
		reason, counts := r.counts(c.Author, who)
		if counts {
			v.Pass, v.By, v.Reason = true, who.Name, reason
			return v
		}
		rejected = append(rejected, reason)
	}
	v.Reason = "no approvals"
	if len(rejected) > 0 {
		v.Reason = "no approval counts: " + strings.Join(rejected, "; ")
	}
	return v
}

// counts reports whether an approval counts, and why or why not.
func (r Rule) counts(author, who Person) (reason string, counts bool) {
	name := account.Name(who.Name)
	if who.Name == "" {
		return "the approver's account was deleted", false
	}
	if strings.EqualFold(who.Name, author.Name) {
		return name + " is the author", false
	}
	for _, t := range r.approving() {
		if t.Has(who) {
			return name + " is a member of " + t.Name, true
		}
	}
	own, others := r.teamsOf(who), r.teamsOf(author)
	shared := slices.IndexFunc(own, func(name string) bool { return slices.Contains(others, name) })
	switch {
	case !r.Staff.Has(who):
		return name + " is not a member of " + or(r.Approving) + " and not a staff developer", false
	case len(own) == 0:
		return name + " is a staff developer without a known team", false
	case shared >= 0:
		return name + " is a staff developer of the author's team " + own[shared], false
	}
	return name + " is a staff developer of another team (" + own[0] + ")", true
}

// eligible lists who can approve, as phrases.
func (r Rule) eligible(author Person) []string {
	var list []string
	for _, t := range r.approving() {
		list = append(list, "a member of "+t.Name)
	}
	if len(r.Staff.Users)+len(r.Staff.Groups) == 0 {
		return list
	}
	if teams := r.teamsOf(author); len(teams) > 0 {
		return append(list, "a staff developer of a team other than "+or(teams))
	}
	return append(list, "a staff developer of a team other than the author's")
}

// or joins a list: production, security or backend.
func or(list []string) string {
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:len(list)-1], ", ") + " or " + list[len(list)-1]
}
