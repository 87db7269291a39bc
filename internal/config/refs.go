package config

import (
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// IssueRef reads the words for an issue; a bare number is one of the named tracker.
func (c Config) IssueRef(home, typed, example string) (issue.Ref, error) {
	aliases := map[string]string{}
	for _, t := range c.Trackers {
		path := t.Project.Path
		aliases[path[strings.LastIndex(path, "/")+1:]] = path
	}
	for _, t := range c.Trackers { // the team's names come before the projects' own
		aliases[t.Name] = t.Project.Path
	}
	ref, err := issue.ParseRef(typed, c.Tracker(home).Path, aliases)
	switch {
	case err != nil:
		return issue.Ref{}, fault.Wrap(fault.Usage, err, example, "")
	case ref.Project == "":
		return issue.Ref{}, c.RequireTrackers(home)
	}
	return ref, nil
}
