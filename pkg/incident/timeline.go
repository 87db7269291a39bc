package incident

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

// Source is where a line of the timeline comes from.
type Source string

// The sources.
const (
	FromDeclared Source = "declared" // the issue was opened
	FromRecord   Source = "record"   // a time of the record, or a line that a person wrote into the description
	FromNote     Source = "note"
	FromLabel    Source = "label"
	FromState    Source = "state"
)

// sources is their order within one moment: what the record says happened first, then who said so.
var sources = []Source{FromRecord, FromDeclared, FromNote, FromLabel, FromState}

// Line is one thing that happened.
type Line struct {
	At     time.Time // UTC
	Text   string    // one line of Markdown that runs no quick action and pings nobody
	Author string    // user name without @; empty: not known
	Source Source
	NoteID int64 // of the comment that says so; 0: none
}

// Timeline is what happened in an incident, by time, then source, then comment:
// what entries tell, other people's comments by their first line, the times of the record, lines that people wrote into the description,
// and labels and states that no entry explains. It is the same whatever the order of what is given.
func Timeline(inc Incident, l Labels, entries []eventlog.Event, notes []issue.Note, labels, states []issue.Event) []Line {
	t := timelineBuilder{Labels: l, inc: inc}
	for _, e := range entries {
		if e.Trusted {
			t.entries = append(t.entries, e)
		}
	}
	lines := slices.Concat(t.openingLine(labels), t.recordLines(), t.eventLines(), t.commentLines(notes), t.labelLines(labels), t.stateLines(states))
	slices.SortFunc(lines, func(a, b Line) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(slices.Index(sources, a.Source), slices.Index(sources, b.Source)),
			cmp.Compare(a.NoteID, b.NoteID), cmp.Compare(a.Text, b.Text), cmp.Compare(a.Author, b.Author))
	})
	return slices.Compact(lines)
}

// telling is what the lines are made from.
type timelineBuilder struct {
	Labels
	inc     Incident
	entries []eventlog.Event // trusted ones
}

// How far GitLab's own events may be from what explains them.
const (
	openingSpan = time.Minute      // labels that an issue is opened with
	entrySpan   = 15 * time.Minute // from a comment to the labels that follow from it
)

// opened is the line of the opening, with the severity by then.
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

// recorded are the times of the record, and lines that people wrote into the timeline of the description.
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

// says reports whether an entry with the verb happened at that time.
func (t timelineBuilder) hasEvent(v Verb, at time.Time) bool {
	return slices.ContainsFunc(t.entries, func(e eventlog.Event) bool { return Verb(e.Verb) == v && e.At.Equal(at) })
}

// told are the entries, in the words of a person who has edited their lines in the description.
func (t timelineBuilder) eventLines() []Line {
	edited := map[int64]string{}
	for _, w := range findRegion(t.inc.Issue.Description).manualLines() {
		if w.id != 0 {
			edited[w.id] = w.text
		}
	}
	var lines []Line
	for _, e := range t.entries {
		text := lineText(e)
		if own, ok := edited[e.NoteID]; ok {
			text = own
		}
		if text != "" && !e.At.Equal(eventlog.Undated) {
			lines = append(lines, Line{At: e.At, Text: text, Author: e.Author, Source: FromNote, NoteID: e.NoteID})
		}
	}
	return lines
}

// commented are comments that are no entries of people who may write some.
func (t timelineBuilder) commentLines(notes []issue.Note) []Line {
	var lines []Line
	for _, n := range notes {
		entry, isEntry := eventlog.Read(n)
		body := n.Body
		if isEntry {
			body = entry.Text
		}
		text := firstLine(withoutHidden(body))
		if n.System || isEntry && n.Trusted || text == "" {
			continue
		}
		lines = append(lines, Line{At: n.CreatedAt.UTC(), Text: text, Author: n.Author, Source: FromNote, NoteID: n.ID})
	}
	return lines
}

// seen is a comment without our hidden lines.
func withoutHidden(body string) string {
	lines := slices.DeleteFunc(strings.Split(strings.ReplaceAll(body, "\r", ""), "\n"), func(line string) bool {
		return strings.HasPrefix(line, "<!-- prodctl:")
	})
	return strings.Join(lines, "\n")
}

// labelled are state, severity, services and data loss where somebody has set the label and no entry says so.
// That a label of a state or severity is taken away is told by the one that comes in its place.
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

// meaning is a label event in words, and the field of an entry that would explain it.
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
	verb := map[bool]string{true: "set", false: "taken away"}[added]
	if e.Name != "" && e.Name == t.DataLoss {
		return safetext.Cell(e.Name) + " " + verb, KeyDataLoss, ""
	}
	if name, ok := t.service(e.Name); ok {
		return "service " + safetext.Cell(name) + " " + verb, KeyServices, ""
	}
	return "", "", ""
}

// explained reports whether an entry written shortly before says the same.
func (t timelineBuilder) explained(at time.Time, key, value string) bool {
	return slices.ContainsFunc(t.entries, func(e eventlog.Event) bool {
		if !follows(at, e) {
			return false
		}
		if key == "" {
			return string(After(Verb(e.Verb))) == value
		}
		said, err := normalize(key, e.Fields[key], e.At)
		return err == nil && said != "" && (value == "" || said == value)
	})
}

// follows reports whether something happened in GitLab shortly after an entry was written.
// The clocks of GitLab's servers may differ by a little.
func follows(at time.Time, e eventlog.Event) bool {
	after := at.Sub(e.Posted)
	return after >= -2*time.Second && after <= entrySpan
}

// turned are openings and closings of the issue that no entry explains.
func (t timelineBuilder) stateLines(events []issue.Event) []Line {
	var lines []Line
	for _, e := range events {
		explained := slices.ContainsFunc(t.entries, func(entry eventlog.Event) bool {
			return follows(e.At, entry) && (e.Action == "closed" && closes(entry) || e.Action == "reopened" && Verb(entry.Verb) == Reopen)
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

// Markdown is a timeline under a heading for each date, "- HH:MM text", all in UTC.
func Markdown(lines []Line) string {
	r := region{eol: "\n"}
	for _, l := range lines {
		r.add(eventLine{at: l.At, text: l.Text})
	}
	return strings.TrimSuffix(strings.Join(r.lines, ""), "\n")
}
