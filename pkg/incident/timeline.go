package incident

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// Source is the origin of a timeline line.
type Source string

// The sources.
const (
	FromDeclared Source = "declared" // the issue was opened
	FromRecord   Source = "record"   // a time of the record, or a line that a person added to the description
	FromNote     Source = "note"
	FromLabel    Source = "label"
	FromState    Source = "state"
)

// sources is their order within one moment: the record first, then the events about it.
var sources = []Source{FromRecord, FromDeclared, FromNote, FromLabel, FromState}

// Line is one thing that happened.
type Line struct {
	At     time.Time // UTC
	Text   string    // one line of Markdown that runs no quick action and mentions nobody
	Author string    // user name without @; empty: unknown
	Source Source
	NoteID int64  // of its comment; 0: none
	Words  string // of an internal comment: its words, for the token's user only; Text has none of them
}

// Timeline returns what happened in an incident, sorted by time, then source, then comment: events, other comments by their first line, the
// times of the record, lines that people added to the description, and label and state changes that no event explains. The result does
// not depend on the order of the arguments' items.
func Timeline(inc Incident, l Labels, events []eventlog.Event, notes []issue.Note, labels, states []issue.Event) []Line {
	t := timelineBuilder{Labels: l, inc: inc}
	for _, e := range events {
		if e.Trusted {
			t.events = append(t.events, e)
		}
	}
	lines := slices.Concat(t.openingLine(labels), t.recordLines(), t.eventLines(), t.commentLines(notes), t.labelLines(labels),
		t.stateLines(states))
	stable.Sort(lines, func(a, b Line) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(slices.Index(sources, a.Source), slices.Index(sources, b.Source)),
			cmp.Compare(a.NoteID, b.NoteID), cmp.Compare(a.Text, b.Text), cmp.Compare(a.Author, b.Author))
	})
	return slices.Compact(lines)
}

// Opened returns the lines with the words of internal comments, and whether there are any. If there are, the result may be written to an
// internal comment only.
func Opened(lines []Line) (opened []Line, internal bool) {
	for _, l := range lines {
		if l.Words != "" {
			l.Text, l.Words, internal = l.Words, "", true
		}
		opened = append(opened, l)
	}
	return opened, internal
}

// timelineBuilder holds what the lines are made from.
type timelineBuilder struct {
	Labels
	inc    Incident
	events []eventlog.Event // trusted ones
}

// How far GitLab's own events may be from what explains them.
const (
	openingSpan = time.Minute      // from the issue to the labels it was opened with
	eventSpan   = 15 * time.Minute // from a comment to the labels that follow from it
)

// openingLine is the line of the opening, with the severity at that time.
func (t timelineBuilder) openingLine(labels []issue.Event) []Line {
	i := t.inc.Issue
	if i.CreatedAt.IsZero() {
		return nil
	}
	text := declaredText
	for _, s := range Severities() {
		if slices.ContainsFunc(labels, func(e issue.Event) bool { return e.Name != "" && e.Name == t.Severity(s) && t.atOpening(e) }) {
			text += ", " + string(s)
			break
		}
	}
	return []Line{{At: i.CreatedAt.UTC(), Text: text, Author: i.Author, Source: FromDeclared}}
}

func (t timelineBuilder) atOpening(e issue.Event) bool {
	return e.Action == "add" && e.At.Sub(t.inc.Issue.CreatedAt).Abs() <= openingSpan
}

// recordLines are the times of the record, and lines that people added to the timeline of the description.
func (t timelineBuilder) recordLines() []Line {
	r := t.inc.Record
	var lines []Line
	add := func(at time.Time, text string) {
		if !at.IsZero() {
			lines = append(lines, Line{At: at, Text: text, Source: FromRecord})
		}
	}
	add(r.StartedAt, startedText)
	add(r.DetectedAt, detectedText)
	if !t.hasEvent(Mitigate, r.MitigatedAt) {
		add(r.MitigatedAt, "mitigated")
	}
	if !t.hasEvent(Resolve, r.ResolvedAt) {
		add(r.ResolvedAt, "resolved")
	}
	for _, w := range findRegion(t.inc.Issue.Description).manualLines() {
		known := w.text == startedText && w.at.Equal(r.StartedAt.Truncate(time.Minute)) || w.text == detectedText &&
			w.at.Equal(r.DetectedAt.Truncate(time.Minute)) ||
			w.text == declaredText
		if w.id == 0 && !known {
			add(w.at, w.text)
		}
	}
	return lines
}

// hasEvent reports whether there is an event with this verb and time.
func (t timelineBuilder) hasEvent(v Verb, at time.Time) bool {
	return slices.ContainsFunc(t.events, func(e eventlog.Event) bool { return Verb(e.Verb) == v && e.At.Equal(at) })
}

// eventLines are the lines of events. If a person edited the line in the description, its text is used.
func (t timelineBuilder) eventLines() []Line {
	edited := map[int64]string{}
	for _, w := range findRegion(t.inc.Issue.Description).manualLines() {
		if w.id != 0 {
			edited[w.id] = w.text
		}
	}
	var lines []Line
	for _, e := range t.events {
		text, words := lineText(e), ""
		if e.Sealed != nil {
			words = lineText(e.Opened())
		}
		if manual, ok := edited[e.NoteID]; ok {
			text = manual
		}
		if text != "" && !e.At.Equal(eventlog.Undated) {
			lines = append(lines, Line{At: e.At, Text: text, Author: e.Author, Source: FromNote, NoteID: e.NoteID, Words: words})
		}
	}
	return lines
}

// commentLines are the comments that are not trusted events.
func (t timelineBuilder) commentLines(notes []issue.Note) []Line {
	var lines []Line
	for _, n := range notes {
		event, isEvent := eventlog.Read(n)
		body := n.Body
		if isEvent {
			body = event.Opened().Text
		}
		l := Line{At: n.CreatedAt.UTC(), Text: firstLine(withoutHeading(withoutHidden(body))), Author: n.Author, Source: FromNote, NoteID: n.ID}
		if n.System || isEvent && n.Trusted || l.Text == "" {
			continue
		}
		if n.Internal {
			l.Text, l.Words = eventlog.InternalText, l.Text
		}
		lines = append(lines, l)
	}
	return lines
}

// withoutHidden is a comment without our hidden lines.
func withoutHidden(body string) string {
	lines := slices.DeleteFunc(strings.Split(strings.ReplaceAll(body, "\r", ""), "\n"), func(line string) bool {
		return strings.HasPrefix(line, "<!-- prodctl:")
	})
	return strings.Join(lines, "\n")
}

// withoutHeading is a comment without the marks of a Markdown heading on its first line.
func withoutHeading(body string) string {
	body = strings.TrimSpace(body)
	marks := len(body) - len(strings.TrimLeft(body, "#"))
	if rest := body[marks:]; marks > 0 && marks <= 6 && strings.HasPrefix(rest, " ") {
		return strings.TrimLeft(rest, " ")
	}
	return body
}

// labelLines are the changes of state, severity, service and data loss labels that no event explains.
// A removed state or severity label has no line: the label that replaces it does.
func (t timelineBuilder) labelLines(events []issue.Event) []Line {
	var lines []Line
	for _, e := range events {
		text, key, value := t.describeLabel(e)
		if text == "" || t.atOpening(e) || t.explained(e.At, key, value) {
			continue
		}
		lines = append(lines, Line{At: e.At.UTC(), Text: text + by(e.User), Author: e.User, Source: FromLabel})
	}
	return lines
}

// describeLabel returns a label event as a phrase, and the field of an event that would explain it.
func (t timelineBuilder) describeLabel(e issue.Event) (text, key, value string) {
	added := e.Action == "add"
	for _, s := range States() {
		if added && e.Name != "" && e.Name == t.State(s) {
			return string(s), "", string(s)
		}
	}
	for _, s := range Severities() {
		if added && e.Name != "" && e.Name == t.Severity(s) {
			return string(s) + " set", KeySeverity, string(s)
		}
	}
	verb := map[bool]string{true: "set", false: "removed"}[added]
	if e.Name != "" && e.Name == t.DataLoss {
		return safetext.Cell(e.Name) + " " + verb, KeyDataLoss, ""
	}
	if name, ok := t.service(e.Name); ok {
		return "service " + safetext.Cell(name) + " " + verb, KeyServices, ""
	}
	return "", "", ""
}

// explained reports whether an event recorded shortly before has the same value.
func (t timelineBuilder) explained(at time.Time, key, value string) bool {
	return slices.ContainsFunc(t.events, func(e eventlog.Event) bool {
		if !follows(at, e) {
			return false
		}
		if key == "" {
			return string(After(Verb(e.Verb))) == value
		}
		got, err := normalize(key, e.Fields[key], e.At)
		return err == nil && got != "" && (value == "" || got == value)
	})
}

// follows reports whether something happened in GitLab shortly after an event was posted.
// The clocks of GitLab's servers may differ a little.
func follows(at time.Time, e eventlog.Event) bool {
	after := at.Sub(e.Posted)
	return after >= -2*time.Second && after <= eventSpan
}

// stateLines are openings and closings of the issue that no event explains.
func (t timelineBuilder) stateLines(events []issue.Event) []Line {
	var lines []Line
	for _, e := range events {
		explained := slices.ContainsFunc(t.events, func(cause eventlog.Event) bool {
			return follows(e.At, cause) && (e.Action == "closed" && closes(cause) || e.Action == "reopened" && Verb(cause.Verb) == Reopen)
		})
		if !explained && (e.Action == "closed" || e.Action == "reopened") {
			lines = append(lines, Line{At: e.At.UTC(), Text: "issue " + e.Action + by(e.User), Author: e.User, Source: FromState})
		}
	}
	return lines
}

func by(user string) string {
	if user == "" {
		return ""
	}
	return " by " + safetext.Cell(user)
}

// Markdown returns a timeline as Markdown: a heading for each date, and lines "- HH:MM text", all in UTC.
func Markdown(lines []Line) string {
	r := region{eol: "\n"}
	for _, l := range lines {
		r.add(eventLine{at: l.At, text: l.Text})
	}
	return strings.TrimSuffix(strings.Join(r.lines, ""), "\n")
}
