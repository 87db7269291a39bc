package handoff

import (
	"slices"
	"strings"
	"unicode/utf8"

	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/lock"
)

// The kinds of report entries.
const (
	kindIncident = "incident"
	kindOutage   = "outage"
	kindChange   = "change"
	kindIssue    = "issue"
)

// What a burning issue may lack: four of the five elements of a hand-off (severity, summary, actions, contingency). The fifth is the
// [Receipt].
const (
	NoSeverity    = "severity unknown"
	NoSummary     = "no update in this shift"
	NoNextSteps   = "no next steps"
	NoContingency = "no contingency"
	NoReceipt     = "hand-off not accepted"
)

// entry returns the entry for the issue in a section.
func (s classified) entry(section Section) Entry {
	i := s.Issue
	notes := slices.DeleteFunc(slices.Clone(s.Notes), func(n issue.Note) bool { return s.facts.later(n.CreatedAt) })
	e := Entry{Issue: i, Kind: s.kind(), Severity: s.inc.Severity, Services: sorted(s.inc.Services), Priority: s.facts.priorityOf(i),
		Since:    i.CreatedAt,
		DataLoss: i.Has(s.facts.Labels.DataLoss) || s.isIncident && s.inc.Record.DataLoss, Last: lastUpdate(notes)}
	if section.ID == jsonv1.SectionResolved {
		e.ResolvedAt = s.resolvedAt
	}
	switch {
	case s.isIncident:
		e.State = string(s.inc.State)
		if started := s.inc.Record.StartedAt; !started.IsZero() && !s.facts.later(started) {
			e.Since = started
		}
	case s.isChange:
		e.State, e.Criticality, e.Services = string(s.chg.State), s.chg.Criticality, sorted(s.chg.Record.Services)
		e.Window = s.window()
		if started := s.chg.Record.StartedAt; !started.IsZero() && section.ID == jsonv1.SectionInProgress {
			e.Since = started
		}
	}
	mark, current := CurrentMark(notes)
	// A mark that was taken in an earlier shift is old: later comments say more.
	if current || mark.NoteID != 0 && !mark.TakenAt.Before(s.facts.Shift.From) {
		e.Mark = &mark
	}
	e.Ahead = AheadOf(notes)
	e.Missing = s.missing(section, e)
	return e
}

// sorted returns names in alphabetical order: their original order is unknown in a historical report.
func sorted(names []string) []string { return slices.Sorted(slices.Values(names)) }

// window returns the planned time of a change; without an end it is empty and at the start.
func (s classified) window() lock.Period {
	w := s.chg.Window()
	if w.From.IsZero() {
		w = lock.Period{From: s.chg.Record.Start, To: s.chg.Record.Start}
	}
	return w
}

func (s classified) kind() string {
	switch {
	case s.isIncident:
		return kindIncident
	case s.isChange:
		return kindChange
	case s.Issue.Open() && s.Issue.Has(s.facts.Labels.Outage):
		return kindOutage
	}
	return kindIssue
}

// missing lists what the next shift needs to know and nobody has recorded, for burning and for marked issues.
func (s classified) missing(section Section, e Entry) []string {
	var list []string
	add := func(missing bool, sentence string) {
		if missing {
			list = append(list, sentence)
		}
	}
	burning := section.Urgency == jsonv1.Burning
	add(burning && e.Kind == kindIncident && e.State == string(incident.UnknownState), "state unknown")
	add(burning && e.Severity == incident.UnknownSeverity && e.Kind != kindIssue, NoSeverity)
	add(burning && e.Ahead.Next.IsZero(), NoNextSteps)
	add(burning && e.Ahead.If.IsZero(), NoContingency)
	add(burning && (e.Last == nil || e.Last.At.Before(s.facts.Shift.From)) && (e.Mark == nil || e.Mark.At.Before(s.facts.Shift.From)),
		NoSummary)
	add(section.ID == jsonv1.SectionReady && e.Mark == nil, "no hand-off note")
	add(section.ID == jsonv1.SectionResolved && e.ResolvedAt.IsZero(), "closed, but not marked as resolved")
	return list
}

// lastUpdate returns the last comment by a person. Hand-off notes are shown separately, and links between issues are not updates.
func lastUpdate(notes []issue.Note) *Update {
	for n := len(notes) - 1; n >= 0; n-- {
		note := notes[n]
		if note.System {
			continue
		}
		event, ok := eventlog.Read(note)
		if ok && (event.Kind == Kind || event.Kind == "link") {
			continue
		}
		text := firstLine(note.Body)
		if line := firstLine(incident.Message(event.Opened())); ok && line != "" {
			text = line
		}
		return &Update{At: note.CreatedAt, By: note.Author, Text: text, Internal: note.Internal}
	}
	return nil
}

// maxQuote is the maximum length of a quoted comment, in characters.
const maxQuote = 200

// firstLine returns the first line of a comment with visible text.
func firstLine(body string) string {
	for line := range strings.Lines(body) {
		line = strings.TrimSpace(strings.Trim(strings.TrimSpace(line), "*"))
		if line == "" || strings.HasPrefix(line, "<!--") || strings.HasPrefix(line, "```") {
			continue
		}
		return truncate(line)
	}
	return ""
}

func truncate(line string) string {
	if utf8.RuneCountInString(line) <= maxQuote {
		return line
	}
	return strings.TrimSpace(string([]rune(line)[:maxQuote-1])) + "…"
}
