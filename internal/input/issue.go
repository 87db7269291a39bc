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

// Issue is a reference to an issue: 12, #12, infrastructure#12, group/project#12, or its address in a browser. A bare number is one of
// the infrastructure tracker unless the input was made by [Incident], [Change] or [HandedOn].
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
)

// Incident is a reference to an incident: a bare number is one of the production queue.
func Incident() Issue { return Issue{kind: incidentIssue} }

// Change is a reference to a change: a bare number is one of the production queue.
func Change() Issue { return Issue{kind: changeIssue} }

// HandedOn is a reference to an issue that is handed on: a bare number is one of the team's own work, or of the only tracker there is.
func HandedOn() Issue { return Issue{kind: handedOnIssue} }

// ToHandOn is a reference to an issue that is to be handed on: likewise, and any open issue can be meant.
func ToHandOn() Issue { return Issue{kind: toHandOnIssue} }

// Issues are references to issues of the infrastructure tracker, or full ones.
type Issues = List[Issue, *Issue]

// Refs are the references as strings, which GitLab understands everywhere.
func Refs(list Issues) []string {
	var refs []string
	for _, i := range list {
		refs = append(refs, i.Ref.String())
	}
	return refs
}

// Set keeps the input: which project it is in depends on the configuration.
func (i *Issue) Set(raw string) error { i.raw = strings.TrimSpace(raw); return nil }

// String is the input.
func (i *Issue) String() string { return i.raw }

// Type is issue.
func (i *Issue) Type() string { return "issue" }

// Resolve finds the project. An address of another GitLab is refused.
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

// home is the tracker that a bare number is of.
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

// label is that of the issues that can be meant; empty is any.
func (i *Issue) label(cfg config.Config) string {
	switch i.kind {
	case incidentIssue:
		return cfg.IncidentLabels().Incident
	case changeIssue:
		return cfg.ChangeLabels().Change
	case handedOnIssue:
		return cfg.Labels.Names.Of(label.Handoff)
	}
	return ""
}
