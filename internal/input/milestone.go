package input

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/sanitize"
)

// Milestone names a milestone: current, next, a title, an id, GitLab's reference %"title", or the URL of its page. After Resolve a URL is
// the path of the page. The workflow finds the milestone.
type Milestone string

// Set takes the input.
func (m *Milestone) Set(raw string) error { *m = Milestone(raw); return nil }

// String is the input.
func (m *Milestone) String() string { return string(*m) }

// Type is milestone.
func (m *Milestone) Type() string { return "milestone" }

// Resolve replaces a URL by its path. A URL of another GitLab is an error.
func (m *Milestone) Resolve(c Context) error {
	if !strings.Contains(string(*m), "://") {
		*m = Milestone(referred(string(*m)))
		return nil
	}
	path, err := c.Config.LocalPath(string(*m))
	if err != nil {
		return err
	}
	owner, number, page := strings.Cut(path, "/milestones/")
	owner = strings.TrimSuffix(owner, "/-")
	number, _, _ = strings.Cut(number, "/")
	if _, err := strconv.ParseUint(number, 10, 64); err != nil || !page {
		return fault.New(fault.Usage, "Use a title, an id, or the URL of a milestone", "%q is not the URL of a milestone", string(*m))
	}
	root, err := url.Parse(c.Config.Host)
	*m = Milestone(strings.TrimSuffix(root.Path, "/") + owner + "/-/milestones/" + number)
	return err
}

// referred returns the title or id of a reference as GitLab writes it, and any other text unchanged.
func referred(text string) string {
	title, reference := strings.CutPrefix(text, "%")
	if !reference || title == "" || strings.HasPrefix(title, " ") {
		return text
	}
	if quoted, err := strconv.Unquote(title); err == nil {
		return quoted
	}
	return title
}

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

// Project is the full path of a project, or the URL of one of its pages. After Resolve it is the path.
type Project string

// Resolve replaces a URL by the path. A URL of another GitLab is an error.
func (p *Project) Resolve(c Context) error {
	path, err := c.Config.ProjectPath(string(*p))
	if err == nil {
		*p = Project(strings.Trim(path, "/"))
	}
	return err
}

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
