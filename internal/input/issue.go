package input

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/sanitize"
)

// Issue is a reference to an issue: 12, #12, infrastructure#12, group/project#12, or its URL. A bare number is an issue of the
// infrastructure tracker unless the input was made by [Incident], [Change], [HandedOn], [ToHandOn] or [Drill].
type Issue struct {
	issue.Ref
	raw  string
	kind issueKind
}

type issueKind int

const (
	workIssue issueKind = iota
	incidentIssue
	changeIssue
	handedOnIssue
	toHandOnIssue
	drillIssue
)

// Incident is a reference to an incident. A bare number is an issue of the production queue.
func Incident() Issue { return Issue{kind: incidentIssue} }

// Change is a reference to a change. A bare number is an issue of the production queue.
func Change() Issue { return Issue{kind: changeIssue} }

// HandedOn is a reference to an issue that is marked for hand-off. A bare number is an issue of the infrastructure tracker, or of the only
// tracker.
func HandedOn() Issue { return Issue{kind: handedOnIssue} }

// ToHandOn is a reference to an issue that will be marked for hand-off. It is like [HandedOn], and completes all open issues.
func ToHandOn() Issue { return Issue{kind: toHandOnIssue} }

// Drill is a reference to the issue of a restore drill. A bare number is an issue of the infrastructure tracker.
func Drill() Issue { return Issue{kind: drillIssue} }

// Issues are references to issues. Bare numbers are issues of the infrastructure tracker.
type Issues = List[Issue, *Issue]

// Refs are the full references as strings.
func Refs(list Issues) []string {
	var refs []string
	for _, i := range list {
		refs = append(refs, i.Ref.String())
	}
	return refs
}

// Set keeps the input, because its project depends on the configuration.
func (i *Issue) Set(raw string) error { i.raw = strings.TrimSpace(raw); return nil }

// String is the input.
func (i *Issue) String() string { return i.raw }

// Type is issue.
func (i *Issue) Type() string { return "issue" }

// Resolve finds the project. A URL of another GitLab is an error.
func (i *Issue) Resolve(c Context) (err error) {
	if i.raw == "" {
		return nil
	}
	i.Ref, err = c.Config.IssueRef(i.home(c.Config), i.raw)
	if wrong, ok := errors.AsType[*issue.RefError](err); ok {
		return invalid(wrong, "12", "infrastructure#12", "group/project#12")
	}
	return err
}

// home is the tracker that a bare number refers to.
func (i *Issue) home(cfg config.Config) string {
	switch {
	case i.kind == incidentIssue || i.kind == changeIssue:
		return manifest.Production
	case (i.kind == handedOnIssue || i.kind == toHandOnIssue) && len(cfg.Trackers) == 1:
		return cfg.Trackers[0].Name
	}
	return manifest.Infrastructure
}

// Candidates are the open issues of the kind, the newest first, with their titles. Titles of confidential ones are withheld.
func (i *Issue) Candidates(ctx context.Context, from Source, _ string) ([]Candidate, error) {
	in := from.Config.Tracker(i.home(from.Config))
	if in.IsZero() || from.Issues == nil {
		return nil, nil
	}
	issues, err := from.Issues(ctx, in, i.label(from.Config))
	var list []Candidate
	for _, found := range issues {
		title := sanitize.Line(found.Title)
		if found.Confidential {
			title = "(confidential)"
		}
		list = append(list, Candidate{strconv.FormatInt(found.Ref.IID, 10), title})
	}
	return list, err
}

// label restricts the candidates; empty: any issue.
func (i *Issue) label(cfg config.Config) string {
	switch i.kind {
	case incidentIssue:
		return cfg.IncidentLabels().Incident
	case changeIssue:
		return cfg.ChangeLabels().Change
	case handedOnIssue:
		return cfg.Labels.Names.Of(label.Handoff)
	case drillIssue:
		return cfg.Rad.Label
	}
	return ""
}
