package manifest

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"gitlab.com/prodctl/prodctl/pkg/target"
)

// Approvals is the rule for changes of authentication (SPEC 8 and 14): in these repositories somebody of an approving team
// approves, or a staff developer of another team than the author's.
type Approvals struct {
	Repositories []Repository
	Teams        []Team
	Approving    []string // names of teams any member of which suffices
	Staff        People   // staff developers and above
}

// Repository is a project, and which of its files the rule is about.
type Repository struct {
	Project target.Target
	Paths   []string // globs with * and **, from the root of the repository
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

func (p *People) fields() []field { return []field{users(&p.Users), groups(&p.Groups)} }

func (p People) nobody() bool { return len(p.Users) == 0 && len(p.Groups) == 0 }

func defaultApprovals() Approvals { return Approvals{Approving: []string{"production", "security"}} }

func (a *Approvals) fields() []field {
	return []field{
		{key: "repositories", read: list(a.repository), below: new(Repository).fields(), items: itemsOfList},
		{key: "teams", read: byWord("a team", a.team), below: new(People).fields(), items: itemsOfMap},
		{key: "approving", read: func(r *reader, at string, n *yaml.Node) {
			a.Approving = nil
			words(&a.Approving)(r, at, n)
		}},
		nested("staff", a.Staff.fields()),
	}
}

func (a *Approvals) repository(r *reader, at string, n *yaml.Node) {
	var repo Repository
	mapping(repo.fields()...)(r, at, n)
	r.require(at, "project", n)
	if _, said := r.places[at+".paths"]; !said {
		repo.Paths = []string{"**"}
	}
	a.Repositories = append(a.Repositories, repo)
}

func (repo *Repository) fields() []field {
	return []field{
		{key: "project", read: fullPath(target.Project, func(t target.Target) { repo.Project = t })},
		{key: "paths", read: texts(glob, &repo.Paths)},
	}
}

func (a *Approvals) team(r *reader, at, name string, n *yaml.Node) {
	team := Team{Name: name}
	mapping(team.fields()...)(r, at, n)
	a.Teams = append(a.Teams, team)
}

// settleAuthentication checks that what the rule is about can be approved by somebody.
// Of the approving teams that nobody named, those that the file has count.
func (f *File) settleAuthentication(r *reader) {
	a := &f.Approvals
	var teams []string
	for _, t := range a.Teams {
		teams = append(teams, t.Name)
	}
	_, said := r.places["approvals.teams"]
	if _, chosen := r.places["approvals.approving"]; said && chosen {
		r.among("approvals.approving", a.Approving, teams, "is no team in approvals.teams")
	} else if said {
		a.Approving = slices.DeleteFunc(a.Approving, func(s string) bool { return !slices.Contains(teams, s) })
	}
	projects := map[string]bool{}
	for i, repo := range a.Repositories {
		at := fmt.Sprintf("approvals.repositories[%d]", i)
		key := strings.ToLower(repo.Project.Path)
		if projects[key] && key != "" {
			r.faultAt(at, "%s is there twice", repo.Project)
		}
		if projects[key] = true; len(repo.Paths) == 0 {
			r.faultAt(at+".paths", "%s.paths is empty: leave it out to mean every file", at)
		}
	}
	somebody := slices.ContainsFunc(a.Teams, func(t Team) bool { return !t.nobody() && slices.Contains(a.Approving, t.Name) })
	if len(a.Repositories) > 0 && !somebody && a.Staff.nobody() {
		r.faultAt("approvals.repositories", "nobody can approve a change of these: name members of an approving team, or staff")
	}
}

// glob checks a pattern of paths of files.
func glob(s string) (string, error) {
	switch _, err := path.Match(s, ""); {
	case s == "" || strings.HasPrefix(s, "/") || strings.HasSuffix(s, "/"):
		return "", fmt.Errorf("%s is no pattern of files: write it from the root of the repository as libraries/** or *.rb", quote(s))
	case err != nil:
		return "", fmt.Errorf("%s is no pattern: a bracket is open", quote(s))
	}
	return s, nil
}
