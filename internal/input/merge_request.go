package input

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/sanitize"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// MergeRequest is a reference to a merge request: group/project!12, 12 or !12 in a project that another flag names, or its URL.
// Without input it is the merge request of the GitLab CI job.
type MergeRequest struct {
	Project string // full path
	IID     int64
	raw     string
	home    *Project
}

// MergeRequestIn is a merge request whose bare number belongs to the project home, or to the project of the CI job when home is empty.
func MergeRequestIn(home *Project) MergeRequest { return MergeRequest{home: home} }

// Set keeps the input.
func (m *MergeRequest) Set(raw string) error { m.raw = strings.TrimSpace(raw); return nil }

// String is the input.
func (m *MergeRequest) String() string { return m.raw }

// Type is mr.
func (m *MergeRequest) Type() string { return "mr" }

// Resolve finds the project and the number. A URL of another GitLab is an error. A merge request from a fork is in the project that it is
// merged into.
func (m *MergeRequest) Resolve(c Context) error {
	raw := cmp.Or(m.raw, strings.TrimSpace(c.Getenv("CI_MERGE_REQUEST_IID")))
	if raw == "" {
		return wrongMergeRequest("missing merge request: this is not a merge request pipeline")
	}
	project, digits, err := mergeRequestParts(c.Config, raw)
	if err != nil {
		return err
	}
	home, err := c.Config.ProjectPath(string(*m.home)) // which may not be resolved yet
	if err != nil {
		return err
	}
	switch {
	case project == "":
		project = cmp.Or(home, c.Getenv("CI_MERGE_REQUEST_PROJECT_PATH"), c.Getenv("CI_PROJECT_PATH"))
	case home != "" && !strings.EqualFold(strings.Trim(home, "/ "), project):
		return fault.New(fault.Usage, "Remove --project", "the merge request is in %s, not in %s", project, home)
	}
	if project == "" {
		return wrongMergeRequest("missing project of !%s", digits)
	}
	in, err := target.ParsePath(target.Project, project)
	if err != nil {
		return wrongMergeRequest("%w", err)
	}
	m.Project = in.Path
	if m.IID, err = strconv.ParseInt(digits, 10, 64); err != nil || m.IID == 0 {
		return wrongMergeRequest("invalid merge request number %s", digits)
	}
	return nil
}

// Candidates are the open merge requests of the project, the newest first, with their titles. Without a project there are none: a shell
// would take the ! of a full reference for one of its own.
func (m *MergeRequest) Candidates(ctx context.Context, from Source, raw string) ([]Candidate, error) {
	project, _, full := strings.Cut(raw, "!")
	if !full {
		home, err := from.Config.ProjectPath(string(*m.home))
		if err != nil {
			return nil, err
		}
		project = strings.Trim(home, "/ ")
	}
	if in, err := target.ParsePath(target.Project, project); err != nil || in.Path == "" || from.MergeRequests == nil {
		return nil, err
	}
	found, err := from.MergeRequests(ctx, project)
	var list []Candidate
	for _, mr := range found {
		word := strconv.FormatInt(mr.IID, 10)
		if full {
			word = project + "!" + word
		}
		list = append(list, Candidate{word, sanitize.Line(mr.Title)})
	}
	return list, err
}

// mergeRequestParts are the project, empty for a bare number, and the digits of the number.
func mergeRequestParts(cfg config.Config, raw string) (project, digits string, err error) {
	if strings.Contains(raw, "://") {
		path, err := cfg.LocalPath(raw)
		if err != nil {
			return "", "", err
		}
		project, digits, _ = strings.Cut(strings.TrimPrefix(path, "/"), "/merge_requests/")
		project = strings.TrimSuffix(project, "/-")
		digits, _, _ = strings.Cut(digits, "/") // a tab follows, such as diffs
		if project == "" {
			digits = ""
		}
	} else if before, after, found := strings.Cut(raw, "!"); found {
		project, digits = before, after
	} else {
		digits = raw
	}
	digits = strings.TrimSuffix(strings.TrimSuffix(digits, "+s"), "+") // GitLab's references that show the title
	if digits == "" || strings.Trim(digits, "0123456789") != "" || strings.ContainsAny(project, " \t\n") {
		return "", "", wrongMergeRequest("invalid merge request %q", raw)
	}
	return project, digits, nil
}

func wrongMergeRequest(format string, args ...any) error {
	return invalid(fmt.Errorf(format, args...), "12 --project group/project", "'group/project!12'")
}
