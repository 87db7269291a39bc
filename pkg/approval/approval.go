// Package approval is the rule for changes of authentication: in the listed repositories a member of production or security approves,
// or a staff developer of another team than the author's (handbook, SPEC 8 and 14).
//
// [Judge] applies it to one merge request, and [Audit] looks whether a project's settings enforce it.
// Approvals of changes of production are another matter, in pkg/change. Nothing is fetched here.
package approval

import (
	"fmt"
	"slices"
	"strings"
)

// Rule says what needs an approval of the kind, and who may give it.
type Rule struct {
	Repositories []Repository
	Teams        []Team
	Approving    []string // names of teams any member of which suffices
	Staff        People   // staff developers and above: those of another team than the author's suffice
}

// Repository is a project, and which of its files the rule is about.
type Repository struct {
	Project string   // full path
	Paths   []string // globs with * and **, from the root of the repository; none: every file
}

// Team is a team, by its own word.
type Team struct {
	Name string
	People
}

// People are named one by one, or as members of groups by full path.
type People struct {
	Users  []string
	Groups []string
}

// Person is what is known of somebody.
type Person struct {
	Name   string   // user name without @
	Groups []string // full paths of those of the rule's groups that they are a member of
}

// Has reports whether somebody is one of them.
func (p People) Has(who Person) bool {
	return who.Name != "" && contains(p.Users, who.Name) ||
		slices.ContainsFunc(who.Groups, func(g string) bool { return contains(p.Groups, g) })
}

// contains compares as GitLab does: names and paths are the same in every letter case.
func contains(list []string, s string) bool {
	return slices.ContainsFunc(list, func(own string) bool { return strings.EqualFold(strings.TrimLeft(own, "@"), strings.TrimLeft(s, "@")) })
}

// teamsOf are the names of the teams that somebody is in.
func (r Rule) teamsOf(who Person) []string {
	var list []string
	for _, t := range r.Teams {
		if t.Has(who) {
			list = append(list, t.Name)
		}
	}
	return list
}

// approving are the teams any member of which suffices.
func (r Rule) approving() []Team {
	return slices.DeleteFunc(slices.Clone(r.Teams), func(t Team) bool { return !slices.Contains(r.Approving, t.Name) })
}

// Change is a merge request as far as the rule looks at it.
type Change struct {
	Project string // full path
	Author  Person
	Paths   []string // of all files that it changes, also under their old names; none: not known, which counts as all
}

func (r Rule) repository(project string) (Repository, bool) {
	n := slices.IndexFunc(r.Repositories, func(repo Repository) bool { return strings.EqualFold(repo.Project, project) })
	if n < 0 {
		return Repository{}, false
	}
	return r.Repositories[n], true
}

// Verdict is whether a merge request has the approval that it needs.
type Verdict struct {
	Needed   bool
	Pass     bool     // also where none is needed
	By       string   // whose approval passes it
	Reason   string   // a sentence without a full stop
	Eligible []string // who could approve it: "a member of production"
}

// Judge applies the rule to a change and those who have approved it. The author's own approval never counts.
func Judge(r Rule, c Change, approvers []Person) Verdict {
	repo, listed := r.repository(c.Project)
	switch {
	case !listed:
		return Verdict{Pass: true, Reason: c.Project + " is not among the repositories of the rule"}
	case !repo.covers(c.Paths):
		return Verdict{Pass: true, Reason: "it changes no file that the rule is about"}
	}
	v := Verdict{Needed: true, Eligible: r.eligible(c.Author)}
	approvers = slices.Clone(approvers)
	slices.SortFunc(approvers, func(a, b Person) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	var not []string
	for _, who := range approvers {
		as, counts := r.counts(c.Author, who)
		if counts {
			v.Pass, v.By, v.Reason = true, who.Name, fmt.Sprintf("%s approved it: %s", who.Name, as)
			return v
		}
		not = append(not, who.Name+" "+as)
	}
	v.Reason = "nobody has approved it"
	if len(not) > 0 {
		v.Reason = "nobody who counts has approved it: " + strings.Join(not, "; ")
	}
	return v
}

// counts reports whether somebody's approval suffices, and in words as what, or why not.
func (r Rule) counts(author, who Person) (as string, counts bool) {
	if who.Name == "" {
		return "somebody's account is gone", false
	}
	if strings.EqualFold(who.Name, author.Name) {
		return "is the author", false
	}
	for _, t := range r.approving() {
		if t.Has(who) {
			return "a member of " + t.Name, true
		}
	}
	own, others := r.teamsOf(who), r.teamsOf(author)
	shared := slices.IndexFunc(own, func(name string) bool { return slices.Contains(others, name) })
	switch {
	case !r.Staff.Has(who):
		return "is no member of " + or(r.Approving) + ", and no staff developer", false
	case len(own) == 0:
		return "is a staff developer, but of no team that is known", false
	case shared >= 0:
		return "is a staff developer of the author's own team " + own[shared], false
	}
	return "a staff developer of another team, " + own[0], true
}

// could is who may approve, in words.
func (r Rule) eligible(author Person) []string {
	var list []string
	for _, t := range r.approving() {
		list = append(list, "a member of "+t.Name)
	}
	if len(r.Staff.Users)+len(r.Staff.Groups) == 0 {
		return list
	}
	if teams := r.teamsOf(author); len(teams) > 0 {
		return append(list, "a staff developer of another team than "+or(teams))
	}
	return append(list, "a staff developer of another team than the author's")
}

// or is a list in words: production, security or backend.
func or(list []string) string {
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:len(list)-1], ", ") + " or " + list[len(list)-1]
}
