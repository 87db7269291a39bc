package document

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/fault"
	handoffflow "gitlab.com/prodctl/prodctl/internal/workflow/handoff"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
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

// HandoffCheck returns the published form of a check: the issues that are ready for the hand-off and those that are not. What is burning
// needs five elements: severity, summary, actions, contingency, and the receipt of the last hand-off.
func HandoffCheck(list []handoffflow.Marked, shift oncall.Shift, receipt handoff.Receipt, cfg config.Config, now time.Time,
) jsonv1.HandoffCheck {
	var incomplete, ready []jsonv1.HandoffEntry
	for _, m := range list {
		m.Ahead = m.AheadAt(shift.To)
		row := markedEntry(m, shift.From, shift.To)
		inc := incident.Of(m.Issue, cfg.IncidentLabels())
		if m.Reason == "incident" {
			row = addIncident(row, inc)
		}
		row.Missing = missing(m, row, inc.Severity, shift, receipt)
		if len(row.Missing) == 0 {
			ready = append(ready, row)
			continue
		}
		row.Fix = fixCommand(cfg, m, row, receipt)
		incomplete = append(incomplete, row)
	}
	doc := jsonv1.NewHandoffCheck(Instant(now), Shift(shift, cfg.Oncall), incomplete, ready)
	if receipt.Accepted() {
		doc.Receipt = &jsonv1.Receipt{By: receipt.By, Author: receipt.Author, At: Instant(receipt.At), Text: receipt.Text,
			Internal: receipt.Internal, Confidential: receipt.Confidential}
	}
	return doc
}

// missing lists what an issue lacks for the hand-off.
func missing(m handoffflow.Marked, row jsonv1.HandoffEntry, severity incident.Severity, shift oncall.Shift, receipt handoff.Receipt,
) (list []string) {
	add := func(missing bool, sentence string) {
		if missing {
			list = append(list, sentence)
		}
	}
	add(m.Reason == "incident" && m.Burning() && severity == incident.UnknownSeverity, handoff.NoSeverity)
	add(row.LastUpdate == nil, fmt.Sprintf("no update in this shift (since %s UTC)", shift.From.UTC().Format("2006-01-02 15:04")))
	add(m.Burning() && m.Ahead.Next.IsZero(), handoff.NoNextSteps)
	add(m.Burning() && m.Ahead.If.IsZero(), handoff.NoContingency)
	add(m.Marked && m.Mark.NoteID == 0, noHandoffNote)
	add(m.NeedsReceipt(receipt), handoff.NoReceipt)
	return list
}

// markedEntry returns an issue with the state of its hand-off, and its last update in the half-open interval.
func markedEntry(m handoffflow.Marked, from, to time.Time) jsonv1.HandoffEntry {
	i := m.Issue
	doc := jsonv1.HandoffEntry{Ref: i.Ref.String(), Title: i.Title, Kind: "issue", Assignees: i.Assignees, Confidential: i.Confidential,
		WebURL: i.WebURL, Since: Instant(i.CreatedAt), LeftOff: m.Mark.Shown().LeftOff, NextStep: m.Mark.Shown().Next,
		Contingency: m.Mark.Shown().If, MarkedBy: m.Mark.By, MarkedAt: Instant(m.Mark.At), MarkInternal: m.Mark.Internal != nil}
	addAhead(&doc, m.Ahead)
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
		text = incident.Message(e.Opened())
		if e.Kind == handoff.Kind && e.Verb == handoff.VerbMark {
			text = handoff.MarkOf(e.Opened()).LeftOff
		}
		if text == "" {
			text = e.Verb
		}
	}
	return strings.Join(strings.Fields(text), " ")
}

// fixCommand returns the command that adds what is missing: an update for an incident, else a hand-off note. The receipt comes last.
func fixCommand(cfg config.Config, m handoffflow.Marked, row jsonv1.HandoffEntry, receipt handoff.Receipt) string {
	lacks := func(sentence string) bool { return slices.Contains(row.Missing, sentence) }
	switch {
	case len(row.Missing) == 1 && lacks(handoff.NoReceipt):
		return fault.Command("handoff accept --shift %s", receipt.Shift)
	case m.Reason == "incident" && !lacks(noHandoffNote):
		command := "prodctl incident update " + shortRef(cfg, m.Issue.Ref)
		for _, f := range []struct{ missing, flag string }{{handoff.NoSeverity, `-s "..."`}, {handoff.NoNextSteps, `--next "..."`},
			{handoff.NoContingency, `--if "..."`}} {
			if lacks(f.missing) {
				command += " " + f.flag
			}
		}
		if !strings.Contains(command, " --") {
			command += ` -m "..."`
		}
		return command
	case m.Burning():
		return markCommand(cfg, m.Issue.Ref) + ` --if "..."`
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
