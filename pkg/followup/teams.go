package followup

import (
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// Teams says which team people and services belong to. Letter case does not matter in the names of people.
type Teams struct {
	People   map[string][]string // user names without @, by team
	Services map[string]string   // the team of a service
}

// Names returns the teams in alphabetical order.
func (t Teams) Names() []string {
	var list []string
	for name := range t.People {
		list = append(list, name)
	}
	for _, name := range t.Services {
		if name != "" {
			list = append(list, name)
		}
	}
	stable.Sort(list, strings.Compare)
	return slices.Compact(list)
}

// Of returns the teams of an action: those of its owners. If no owner is in a team, those of the incident's services; the services of a
// confidential incident are not used, because more people may see the action.
func (t Teams) Of(a Action) []string {
	var list []string
	for team, people := range t.People {
		if slices.ContainsFunc(a.Issue.Assignees, func(owner string) bool {
			return slices.ContainsFunc(people, func(name string) bool { return strings.EqualFold(name, owner) })
		}) {
			list = append(list, team)
		}
	}
	if len(list) == 0 && a.Incident != nil && !a.Incident.Issue.Confidential {
		for _, service := range a.Incident.Services {
			if team := t.Services[service]; team != "" {
				list = append(list, team)
			}
		}
	}
	stable.Sort(list, strings.Compare)
	return slices.Compact(list)
}
