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

// What an entry of the report is.
const (
	kindIncident = "incident"
	kindOutage   = "outage"
	kindChange   = "change"
	kindIssue    = "issue"
)

// entry is what the report tells of the issue in a section.
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
		if began := s.inc.Record.StartedAt; !began.IsZero() && !s.facts.later(began) {
			e.Since = began
		}
	case s.isChange:
		e.State, e.Criticality, e.Services = string(s.chg.State), s.chg.Criticality, sorted(s.chg.Record.Services)
		e.Window = s.window()
		if began := s.chg.Record.StartedAt; !began.IsZero() && section.ID == jsonv1.SectionInProgress {
			e.Since = began
		}
	}
	mark, standing := CurrentMark(notes)
	// what was taken in an earlier shift is told by what was said since
	if standing || mark.NoteID != 0 && !mark.TakenAt.Before(s.facts.Shift.From) {
		e.Mark = &mark
	}
	e.Missing = s.missing(section, e, standing && mark.Next != "")
	return e
}

// inOrder are names by the alphabet: in which order they were said is not known of the past.
func sorted(names []string) []string { return slices.Sorted(slices.Values(names)) }

// window is the planned time of a change; one without an end is its start.
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

// missing is what whoever comes needs to know and nobody has said. It is asked of what burns, and of what is marked.
func (s classified) missing(section Section, e Entry, next bool) []string {
	var list []string
	say := func(when bool, sentence string) {
		if when {
			list = append(list, sentence)
		}
	}
	burning := section.Urgency == jsonv1.Burning
	say(burning && e.Kind == kindIncident && e.State == string(incident.UnknownState), "nobody has said where the incident stands")
	say(burning && e.Severity == incident.UnknownSeverity && e.Kind != kindIssue, "severity unknown")
	say(burning && !next, "nobody has said what comes next")
	say(burning && (e.Last == nil || e.Last.At.Before(s.facts.Shift.From)) && (e.Mark == nil || e.Mark.At.Before(s.facts.Shift.From)),
		"no word in this shift")
	say(section.ID == jsonv1.SectionReady && e.Mark == nil, "marked, but no note says where it was left off")
	say(section.ID == jsonv1.SectionResolved && e.ResolvedAt.IsZero(), "closed, but nobody has said that it is resolved")
	return list
}

// lastSaid is what a person said last. The notes of a hand-off are told apart from it, and that one issue names another says nothing.
func lastUpdate(notes []issue.Note) *Update {
	for n := len(notes) - 1; n >= 0; n-- {
		note := notes[n]
		if note.System {
			continue
		}
		entry, is := eventlog.Read(note)
		if is && (entry.Kind == Kind || entry.Kind == "link") {
			continue
		}
		text := firstLine(note.Body)
		if said := firstLine(entry.Text); is && said != "" {
			text = said
		}
		return &Update{At: note.CreatedAt, By: note.Author, Text: text, Internal: note.Internal}
	}
	return nil
}

// most is how many characters of somebody's words are told.
const maxQuote = 200

// firstLine is the first line of a comment in which something can be read.
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
