package input

import (
	"context"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// Tracker is a project with issues: the name of a tracker in the configuration, the full path of a project of the same GitLab, or the URL
// of one of its pages.
type Tracker struct {
	Raw     string
	Name    string // in the configuration; empty for a project that is not in it
	Project string // full path, after Resolve
}

// Set keeps the input.
func (t *Tracker) Set(raw string) error { t.Raw = strings.TrimSpace(raw); return nil }

// String is the input.
func (t *Tracker) String() string { return t.Raw }

// Type is tracker.
func (t *Tracker) Type() string { return "tracker" }

// Resolve finds the project. A URL of another GitLab is an error.
func (t *Tracker) Resolve(c Context) error {
	path, err := c.Config.ProjectPath(t.Raw)
	if err != nil || t.Raw == "" {
		return err
	}
	var names []string
	for _, known := range c.Config.Trackers {
		if known.Name == path || strings.EqualFold(known.Project.Path, strings.Trim(path, "/")) {
			t.Name, t.Project = known.Name, known.Project.Path
			return nil
		}
		names = append(names, known.Name)
	}
	if !strings.Contains(strings.Trim(path, "/"), "/") {
		if path == manifest.Infrastructure || path == manifest.Production || len(names) == 0 {
			return c.Config.RequireTrackers(path)
		}
		return fault.New(fault.Usage, "Use the full path of its project, or name it under trackers in the configuration",
			"unknown tracker %q (use %s)", path, manifest.Alternatives(names))
	}
	project, err := target.ParsePath(target.Project, path)
	t.Project = project.Path
	return err
}

// Candidates are the trackers of the configuration.
func (t *Tracker) Candidates(_ context.Context, from Source, _ string) ([]Candidate, error) {
	var list []Candidate
	for _, known := range from.Config.Trackers {
		list = append(list, Candidate{known.Name, known.Project.Path})
	}
	return list, nil
}
