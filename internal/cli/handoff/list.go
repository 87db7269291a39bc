package handoff

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/handoff"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/journal"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/label"
)

func newListCmd(env *app.App, run func(context.Context, *app.App) error) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "list",
		Short: "Show what is ready to be taken",
		Long: `List shows the open issues of all trackers that carry the label Ready_to_Handoff, the one that was marked first at the top: where each is left
off, what comes next, and who said so. One that was labelled by hand is shown with what is missing.

Outside a terminal, confidential issues are listed by their reference only, unless --include-confidential is said.

Exit codes: 0 also when there are none, 1 failed, 4 no right, 6 wrong usage, 7 GitLab out of reach, 130 interrupted.`,
		Example: `  prodctl handoff list
  prodctl handoff list -o json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), env) },
	}
	command.AddConfidentialFlag(cmd)
	return cmd
}

func runList(ctx context.Context, env *app.App) error {
	return env.Bounded(ctx, func(ctx context.Context) error {
		h, cfg, err := dueHandoffs(ctx, env)
		if err != nil {
			return err
		}
		progress := env.Progress("reading what is ready")
		list, err := h.List(ctx)
		progress.Stop()
		if err != nil {
			return err
		}
		now, err := env.Clock()
		if err != nil {
			return err
		}
		var rows []jsonv1.HandoffEntry
		for _, d := range list {
			row := handedOnDoc(d, time.Time{}, now.Add(slack))
			if d.Mark.NoteID == 0 {
				row.Missing, row.Mend = jsonv1.List[string]{noWords}, mendMark(cfg, d.Issue.Ref)
			}
			rows = append(rows, row)
		}
		return env.View.HandoffList(jsonv1.NewHandoffList(rows))
	})
}

// slack is what GitLab's clock may be ahead of ours.
const slack = time.Hour

const noWords = "no note says where it was left off"

// dueHandoffs is what there is to look at: all trackers that are configured.
func dueHandoffs(ctx context.Context, e *app.App) (flow.Marks, config.Config, error) {
	cfg, err := e.Config()
	if err != nil {
		return flow.Marks{}, cfg, err
	}
	if len(cfg.Trackers) == 0 {
		if err := cfg.RequireTrackers(manifest.Infrastructure); err != nil {
			return flow.Marks{}, cfg, err
		}
	}
	client, err := e.Client(ctx)
	if err != nil {
		return flow.Marks{}, cfg, err
	}
	h := flow.Marks{Read: client, Queue: cfg.Tracker(manifest.Production).Path, Label: cfg.HandoffLabel(),
		Outage: cfg.Labels.Names.Of(label.Outage), DataLoss: cfg.Labels.Names.Of(label.DataLoss), Incident: cfg.IncidentLabels()}
	for _, t := range cfg.Trackers {
		if !slices.Contains(h.Projects, t.Project.Path) {
			h.Projects = append(h.Projects, t.Project.Path)
		}
	}
	return h, cfg, nil
}

// handedOnDoc is an issue with what stands of its hand-off, and what was said last from then on up to an instant.
func handedOnDoc(d flow.Marked, from, to time.Time) jsonv1.HandoffEntry {
	i := d.Issue
	doc := jsonv1.HandoffEntry{Ref: i.Ref.String(), Title: i.Title, Kind: "issue", Assignees: i.Assignees, Confidential: i.Confidential, WebURL: i.WebURL,
		LeftOff: d.Mark.LeftOff, NextStep: d.Mark.Next, MarkedBy: d.Mark.By, MarkInternal: d.Mark.Internal, Since: document.Instant(i.CreatedAt)}
	switch d.Why {
	case "incident", "outage":
		doc.Kind = d.Why
	case "data loss":
		doc.DataLoss = true
	}
	if !d.Mark.At.IsZero() {
		doc.MarkedAt = document.Instant(d.Mark.At)
	}
	if n, ok := d.Said(from, to); ok {
		doc.LastUpdate = &jsonv1.Update{At: document.Instant(n.CreatedAt), By: n.Author, Text: saidIn(n), Internal: n.Internal}
	}
	return doc
}

// ofIncident adds what an incident's labels and record say.
func ofIncident(doc jsonv1.HandoffEntry, inc incident.Incident) jsonv1.HandoffEntry {
	if inc.State != incident.UnknownState {
		doc.State = string(inc.State)
	}
	if inc.Severity != incident.UnknownSeverity {
		doc.Severity = string(inc.Severity)
	}
	doc.Services = inc.Services
	return doc
}

// saidIn is what a comment says to people, on one line.
func saidIn(n issue.Note) string {
	text := n.Body
	if e, ok := journal.Read(n); ok {
		text = e.Text
		if text == "" {
			text = e.Verb
		}
	}
	return strings.Join(strings.Fields(text), " ")
}

// mendMark is the command that says where an issue is left off.
func mendMark(cfg config.Config, ref issue.Ref) string {
	short := ref.String()
	for _, t := range cfg.Trackers {
		if t.Project.Path == ref.Project {
			short = fmt.Sprintf("%s#%d", t.Name, ref.IID)
		}
	}
	return "prodctl handoff mark " + short + ` --left-off "..." --next "..."`
}
