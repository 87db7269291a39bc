package manifest

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"gitlab.com/prodctl/prodctl/pkg/approval"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// approvals reads the rule for changes of authentication (SPEC 8 and 14).
type approvals struct{ *approval.Rule }

func defaultApprovals() approval.Rule {
	return approval.Rule{Approving: []string{"production", "security"}}
}

func (a approvals) fields() []field {
	return []field{
		{key: "repositories", read: list(a.repository), below: repositoryFields(new(approval.Repository)), items: itemsOfList},
		{key: "teams", read: byWord("a team", a.team), below: peopleFields(new(approval.People)), items: itemsOfMap},
		{key: "approving", read: func(r *reader, at string, n *yaml.Node) {
			a.Approving = nil
			words(&a.Approving)(r, at, n)
		}},
		nested("staff", peopleFields(&a.Staff)),
	}
}

func (a approvals) repository(r *reader, at string, n *yaml.Node) {
	var repo approval.Repository
	mapping(repositoryFields(&repo)...)(r, at, n)
	r.require(at, "project", n)
	if _, said := r.places[at+".paths"]; !said {
		repo.Paths = []string{"**"}
	}
	a.Repositories = append(a.Repositories, repo)
}

func repositoryFields(repo *approval.Repository) []field {
	return []field{
		{key: "project", read: fullPath(target.Project, func(t target.Target) { repo.Project = t.Path })},
		{key: "paths", read: texts(glob, &repo.Paths)},
	}
}

func (a approvals) team(r *reader, at, name string, n *yaml.Node) {
	team := approval.Team{Name: name}
	mapping(peopleFields(&team.People)...)(r, at, n)
	a.Teams = append(a.Teams, team)
}

func peopleFields(p *approval.People) []field { return []field{users(&p.Users), groups(&p.Groups)} }

func nobody(p approval.People) bool { return len(p.Users) == 0 && len(p.Groups) == 0 }

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
		key := strings.ToLower(repo.Project)
		if projects[key] && key != "" {
			r.faultAt(at, "project %s is there twice", repo.Project)
		}
		if projects[key] = true; len(repo.Paths) == 0 {
			r.faultAt(at+".paths", "%s.paths is empty: leave it out to mean every file", at)
		}
	}
	somebody := slices.ContainsFunc(a.Teams, func(t approval.Team) bool { return !nobody(t.People) && slices.Contains(a.Approving, t.Name) })
	if len(a.Repositories) > 0 && !somebody && nobody(a.Staff) {
		r.faultAt("approvals.repositories", "nobody can approve a change of these: name members of an approving team, or staff")
	}
}

// glob checks a pattern of paths of files, folder by folder as it is matched.
func glob(s string) (string, error) {
	if s == "" || strings.HasPrefix(s, "/") || strings.HasSuffix(s, "/") {
		return "", fmt.Errorf("%s is no pattern of files: write it from the root of the repository as libraries/** or *.rb", quote(s))
	}
	for part := range strings.SplitSeq(s, "/") {
		if _, err := path.Match(part, ""); err != nil {
			return "", fmt.Errorf("%s is no pattern: a bracket is open", quote(s))
		}
	}
	return s, nil
}
