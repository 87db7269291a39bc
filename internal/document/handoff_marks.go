package document

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/config"
	handoffflow "gitlab.com/prodctl/prodctl/internal/workflow/handoff"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
)

// clockSkew is how far GitLab's clock may be ahead of ours.
const clockSkew = time.Hour

const noHandoffNote = "no hand-off note"

// HandoffList returns the published form of the issues that are ready to hand off.
func HandoffList(list []handoffflow.Marked, cfg config.Config, now time.Time) jsonv1.HandoffList {
	var rows []jsonv1.HandoffEntry
	for _, m := range list {
		row := markedEntry(m, time.Time{}, now.Add(clockSkew))
		if m.Mark.NoteID == 0 {
			row.Missing, row.Fix = jsonv1.List[string]{noHandoffNote}, markCommand(cfg, m.Issue.Ref)
		}
		rows = append(rows, row)
	}
	return jsonv1.NewHandoffList(rows)
}

// HandoffCheck returns the published form of a check: the issues that are ready for the hand-off and those that are not.
func HandoffCheck(list []handoffflow.Marked, shift oncall.Shift, cfg config.Config, now time.Time) jsonv1.HandoffCheck {
	var incomplete, ready []jsonv1.HandoffEntry
	for _, m := range list {
		row := markedEntry(m, shift.From, shift.To)
		if m.Reason == "incident" {
			row = addIncident(row, incident.Of(m.Issue, cfg.IncidentLabels()))
		}
		if row.LastUpdate == nil {
			row.Missing = append(row.Missing,
				fmt.Sprintf("no update in this shift (since %s UTC)", shift.From.UTC().Format("2006-01-02 15:04")))
		}
		if m.Marked && m.Mark.NoteID == 0 {
			row.Missing = append(row.Missing, noHandoffNote)
		}
		if len(row.Missing) == 0 {
			ready = append(ready, row)
			continue
		}
		row.Fix = fixCommand(cfg, m, row)
		incomplete = append(incomplete, row)
	}
	return jsonv1.NewHandoffCheck(Instant(now), Shift(shift, cfg.Oncall), incomplete, ready)
}

// markedEntry returns an issue with the state of its hand-off, and its last update in the half-open interval.
func markedEntry(m handoffflow.Marked, from, to time.Time) jsonv1.HandoffEntry {
	i := m.Issue
	doc := jsonv1.HandoffEntry{Ref: i.Ref.String(), Title: i.Title, Kind: "issue", Assignees: i.Assignees, Confidential: i.Confidential,
		WebURL: i.WebURL, Since: Instant(i.CreatedAt), LeftOff: m.Mark.Shown().LeftOff, NextStep: m.Mark.Shown().Next, MarkedBy: m.Mark.By,
		MarkedAt: Instant(m.Mark.At), MarkInternal: m.Mark.Internal != nil}
	switch m.Reason {
	case "incident", "outage":
		doc.Kind = m.Reason
	case "data loss":
		doc.DataLoss = true
	}
	if n, ok := m.LastUpdate(from, to); ok {
		doc.LastUpdate = &jsonv1.Update{At: Instant(n.CreatedAt), By: n.Author, Text: noteText(n), Internal: n.Internal}
	}
	return doc
}

// addIncident adds state, severity and services from an incident's labels and record.
func addIncident(doc jsonv1.HandoffEntry, inc incident.Incident) jsonv1.HandoffEntry {
	if inc.State != incident.UnknownState {
		doc.State = string(inc.State)
	}
	if inc.Severity != incident.UnknownSeverity {
		doc.Severity = string(inc.Severity)
	}
	doc.Services = inc.Services
	return doc
}

// noteText returns the visible text of a comment on one line.
func noteText(n issue.Note) string {
	text := n.Body
	if e, ok := eventlog.Read(n); ok {
		text = e.Opened().Text
		if text == "" {
			text = e.Verb
		}
	}
	return strings.Join(strings.Fields(text), " ")
}

// fixCommand returns the command that makes an issue ready: an update for an incident that only lacks one, else a hand-off note.
func fixCommand(cfg config.Config, m handoffflow.Marked, row jsonv1.HandoffEntry) string {
	if m.Reason == "incident" && !slices.Contains(row.Missing, noHandoffNote) {
		return "prodctl incident update " + shortRef(cfg, m.Issue.Ref) + ` -m "..."`
	}
	return markCommand(cfg, m.Issue.Ref)
}

// markCommand returns the command that adds a hand-off note to an issue.
func markCommand(cfg config.Config, ref issue.Ref) string {
	return "prodctl handoff mark " + shortRef(cfg, ref) + ` --left-off "..." --next "..."`
}

// shortRef returns a reference with the name of the tracker instead of its path.
func shortRef(cfg config.Config, ref issue.Ref) string {
	short := ref.String()
	for _, t := range cfg.Trackers {
		if t.Project.Path == ref.Project {
			short = fmt.Sprintf("%s#%d", t.Name, ref.IID)
		}
	}
	return short
}
