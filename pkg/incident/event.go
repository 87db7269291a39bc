package incident

import (
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

// NewEntry is an entry that is yet to be written: what happened at a time, what it says of the record by its keys, and what was said,
// as typed.
func NewEvent(v Verb, at time.Time, fields map[string]string, said string) eventlog.Event {
	return eventlog.Event{Kind: Kind, Verb: string(v), At: at.UTC().Truncate(time.Second), Fields: fields, Text: eventlog.Sanitize(said)}
}

// Heading is the first line of an entry's comment, such as "10:30 UTC, mitigated, severity S3". The date is there when it is not today's.
func Heading(e eventlog.Event, today calendar.Date) string {
	when := ""
	if !e.At.Equal(eventlog.Undated) {
		when = e.At.UTC().Format("15:04 UTC")
		if calendar.DateOf(e.At.UTC()) != today {
			when = e.At.UTC().Format("2006-01-02 15:04 UTC")
		}
	}
	parts := append([]string{when}, describe(e)...)
	if len(parts) == 1 {
		parts = append(parts, "update")
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
}

// said are the verb and the fields of an entry in words. The words of an update are its text alone.
func describe(e eventlog.Event) []string {
	var list []string
	switch v := Verb(e.Verb); v {
	case Mitigate, Resolve, Reopen, Review:
		t, _ := transitionOf(v)
		list = append(list, t.past)
	case Relate:
		return []string{"related: " + safetext.Cell(e.Fields[KeyRelated])}
	case Action:
		return []string{"corrective action " + safetext.Cell(e.Fields[KeyRelated])}
	}
	for _, key := range RecordKeys() {
		value, err := normalize(key, e.Fields[key], e.At)
		if err == nil && value != "" {
			list = append(list, describeField(key, value))
		}
	}
	if Verb(e.Verb) == Update && closes(e) {
		list = append(list, "issue closed")
	}
	return list
}

// saidOf is one field in words; a time is told with its date, unless the line has it.
func describeField(key, value string) string {
	word := map[string]string{
		KeyStarted: "began", KeyDetected: "noticed", KeyMitigated: "mitigated", KeyResolved: "resolved",
		KeySeverity: "severity", KeyImpact: "impact", KeyServices: "services", KeyCause: "cause:", KeyRelated: "related:",
	}[key]
	if key == KeyDataLoss {
		return map[string]string{"true": "data may have been lost", "false": "no data was lost"}[value]
	}
	if t, err := time.Parse(time.RFC3339, value); err == nil {
		value = t.UTC().Format("2006-01-02 15:04 UTC")
	}
	return word + " " + safetext.Cell(value)
}

// lineLimit is how much of a text a line of the timeline tells; the comment has the rest.
const lineLimit = 400

// lineText is an entry on one line: "mitigated, severity S3: Failed over to the secondary".
// Empty when the entry has no place in the timeline.
func lineText(e eventlog.Event) string {
	if e.At.Equal(eventlog.Undated) {
		return ""
	}
	text, words := firstLine(e.Text), strings.Join(describe(e), ", ")
	switch {
	case words == "" && text == "":
		return "update"
	case words == "":
		return text
	case text == "":
		return words
	}
	return words + ": " + text
}

// firstLine is the first line of a text that says something, harmless and short, with an ellipsis where more follows.
func firstLine(text string) string {
	text = strings.TrimSpace(text)
	line, rest, _ := strings.Cut(text, "\n")
	short := cut(escapeComments(safetext.Title(line)), lineLimit)
	if strings.TrimSpace(rest) != "" && !strings.HasSuffix(short, "…") {
		short = strings.TrimRight(short, " ") + " …"
	}
	return short
}

// hideless is a text that begins no HTML comment: one could hide what follows, or pass for a mark of ours.
func escapeComments(s string) string { return strings.ReplaceAll(s, "<!--", "&lt;!--") }
