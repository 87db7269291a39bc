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

func defaultApprovals() approval.Rule {
	return approval.Rule{Approving: []string{"production", "security"}}
}

// approvalFields returns the keys of the approval rule for authentication changes.
func approvalFields(a *approval.Rule) []field {
	keep := func(_ *reader, _, name string, _ *yaml.Node, people approval.People) {
		a.Teams = append(a.Teams, approval.Team{Name: name, People: people})
	}
	teams := func() (out pairs) {
		for _, team := range a.Teams {
			out = append(out, Setting{team.Name, mapped(peopleFields(&team.People))})
		}
		return out
	}
	return []field{
		key("repositories", list(mapping(repositoryFields)), &a.Repositories),
		wordsKey("teams", "a team", mapping(peopleFields), keep, teams),
		key("approving", texts(verbatim), &a.Approving).orEmpty(),
		nested("staff", func() []field { return []field{groups(&a.Staff.Groups), users(&a.Staff.Users)} }),
	}
}

func repositoryFields(repo *approval.Repository) []field {
	return []field{key("project", fullPath(target.Project), &repo.Project).must(), key("paths", texts(glob), &repo.Paths)}
}

func peopleFields(p *approval.People) []field { return []field{users(&p.Users), groups(&p.Groups)} }

func nobody(p approval.People) bool { return len(p.Users) == 0 && len(p.Groups) == 0 }

// deriveAuthentication checks that somebody can approve a change in the listed repositories.
// By default, the approving teams are those of the default that the file defines.
func (f *File) deriveAuthentication(r *reader) {
	a := &f.Approvals
	var teams []string
	for _, t := range a.Teams {
		teams = append(teams, t.Name)
	}
	_, teamsSet := r.places["approvals.teams"]
	if _, approvingSet := r.places["approvals.approving"]; teamsSet && approvingSet {
		r.among("approvals.approving", a.Approving, teams, "is not a team in approvals.teams")
	} else if teamsSet {
		a.Approving = slices.DeleteFunc(a.Approving, func(s string) bool { return !slices.Contains(teams, s) })
	}
	projects := map[string]bool{}
	for i, repo := range a.Repositories {
		at := fmt.Sprintf("approvals.repositories[%d]", i)
		if _, pathsSet := r.places[at+".paths"]; !pathsSet {
			repo.Paths = []string{"**"}
			a.Repositories[i] = repo
		}
		key := strings.ToLower(repo.Project)
		if projects[key] && key != "" {
			r.faultAt(at, "duplicate project %s", repo.Project)
		}
		if projects[key] = true; len(repo.Paths) == 0 {
			r.faultAt(at+".paths", "%s.paths is empty: remove it to cover all files", at)
		}
	}
	somebody := slices.ContainsFunc(a.Teams, func(t approval.Team) bool { return !nobody(t.People) && slices.Contains(a.Approving, t.Name) })
	if len(a.Repositories) > 0 && !somebody && nobody(a.Staff) {
		r.faultAt("approvals.repositories", "nobody can approve changes in these repositories: add members of an approving team, or staff")
	}
}

// glob checks a file pattern, folder by folder as it is matched.
func glob(s string) (string, error) {
	if s == "" || strings.HasPrefix(s, "/") || strings.HasSuffix(s, "/") {
		return "", fmt.Errorf("invalid pattern %s (use a path from the root of the repository, such as libraries/** or *.rb)", quote(s))
	}
	for part := range strings.SplitSeq(s, "/") {
		if _, err := path.Match(part, ""); err != nil {
			return "", fmt.Errorf("invalid pattern %s: a bracket is not closed", quote(s))
		}
	}
	return s, nil
}
