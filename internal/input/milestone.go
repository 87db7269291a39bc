package input

import (
	"context"

	"gitlab.com/prodctl/prodctl/pkg/sanitize"
)

// Milestone names a milestone: current, next, a title or an id. The workflow finds it.
type Milestone string

// Set takes the input.
func (m *Milestone) Set(raw string) error { *m = Milestone(raw); return nil }

// String is the input.
func (m *Milestone) String() string { return string(*m) }

// Type is milestone.
func (m *Milestone) Type() string { return "milestone" }

// Candidates are the titles of the open milestones, with their dates. Titles with hidden characters are left out.
func (m *Milestone) Candidates(ctx context.Context, from Source, _ string) ([]Candidate, error) {
	if from.Milestones == nil {
		return nil, nil
	}
	open, err := from.Milestones(ctx)
	var list []Candidate
	for _, found := range open {
		if sanitize.Line(found.Title) == found.Title {
			list = append(list, Candidate{found.Title, found.Box().String()})
		}
	}
	return list, err
}

// Project is the full path of a project.
type Project string

// Set takes the path.
func (p *Project) Set(raw string) error { *p = Project(raw); return nil }

// String is the path.
func (p *Project) String() string { return string(*p) }

// Type is project.
func (p *Project) Type() string { return "project" }

// Candidates are projects that the token's user is a member of.
func (p *Project) Candidates(ctx context.Context, from Source, raw string) ([]Candidate, error) {
	if from.Projects == nil {
		return nil, nil
	}
	paths, err := from.Projects(ctx, raw)
	return fixed(paths), err
}

// Column is a column of the board.
type Column string

// Set takes the name.
func (c *Column) Set(raw string) error { *c = Column(raw); return nil }

// String is the name.
func (c *Column) String() string { return string(*c) }

// Type is column.
func (c *Column) Type() string { return "column" }

// Candidates are the columns of the configured board.
func (c *Column) Candidates(_ context.Context, from Source, _ string) ([]Candidate, error) {
	return fixed(from.Config.BoardLayout().Names()), nil
}
