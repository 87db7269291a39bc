package incident

import (
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

// NewEvent returns an event that is not recorded yet: its verb, when it happened, its fields by the keys of the record, and the message
// as entered. Next steps and a contingency among the fields follow the message, see [AheadOf].
func NewEvent(v Verb, at time.Time, fields map[string]string, text string) eventlog.Event {
	return eventlog.Event{Kind: Kind, Verb: string(v), At: at.UTC().Truncate(time.Second), Fields: fields, Text: withAhead(text, fields)}
}

// Heading is the first line of an event's comment, such as "10:30 UTC, mitigated, severity S3". It has a date if that is not today.
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

// describe returns verb and fields of an event as phrases. An update has a phrase for its fields only.
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
	case Alert:
		return []string{"alert"}
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

// describeField is one field as a phrase. A time has its date.
func describeField(key, value string) string {
	word := map[string]string{
		KeyStarted: "started", KeyDetected: "detected", KeyMitigated: "mitigated", KeyResolved: "resolved",
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

// lineLimit is how many characters of a text a line of the timeline shows; the comment has the rest.
const lineLimit = 400

// lineText is an event on one line: "mitigated, severity S3: Failed over to the secondary".
// It is empty if the event is not part of the timeline. For an internal comment it is [eventlog.InternalText].
func lineText(e eventlog.Event) string {
	switch {
	case e.At.Equal(eventlog.Undated):
		return ""
	case e.Sealed != nil:
		return eventlog.InternalText
	}
	text, facts := firstLine(Message(e)), strings.Join(describe(e), ", ")
	switch {
	case facts == "" && text == "":
		return "update"
	case facts == "":
		return text
	case text == "":
		return facts
	}
	return facts + ": " + text
}

// firstLine is the first line of a text that is not blank, escaped and cut, with an ellipsis if more follows.
func firstLine(text string) string {
	text = strings.TrimSpace(text)
	line, rest, _ := strings.Cut(text, "\n")
	short := safetext.Line(cut(safetext.Title(line), lineLimit))
	if strings.TrimSpace(rest) != "" && !strings.HasSuffix(short, "…") {
		short = strings.TrimRight(short, " ") + " …"
	}
	return short
}
