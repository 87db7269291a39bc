package incident

import (
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

// The fields of events that are not part of the record: what comes next, and what to do if it gets worse.
const (
	KeyNext = "next"
	KeyIf   = "if"
)

// aheadHeads are the headings of these fields in a comment, in their order. Each is a line of its own, so that a text may begin with a
// code block.
var aheadHeads = []struct{ key, head, name string }{
	{KeyNext, "**Next steps**\n\n", "Next steps"}, {KeyIf, "**Contingency**\n\n", "Contingency"},
}

// Ahead is what is planned for an incident.
type Ahead struct {
	Next Step // the next steps
	If   Step // the contingency: what to do if it gets worse, and when that is the case
}

// Step is one of these texts, with its origin.
type Step struct {
	Text  string // of an internal comment: [eventlog.InternalText]
	By    string // user name without @
	At    time.Time
	Words string // of an internal comment: its words, for the token's user only
}

// IsZero reports whether the step is not known.
func (s Step) IsZero() bool { return s.Text == "" }

// Shown returns the text for the token's user, and whether it comes from an internal comment.
func (s Step) Shown() (text string, internal bool) {
	if s.Words != "" {
		return s.Words, true
	}
	return s.Text, false
}

// AheadOf returns what is planned by the events of an incident since it was last reopened. The last value of each text counts, as for
// values of the record. If a person edited the comment, the edited text counts as long as its heading is there.
func AheadOf(events []eventlog.Event) (a Ahead) {
	for _, e := range Cycle(events) {
		if !e.Trusted || e.Kind != Kind {
			continue
		}
		opened := e.Opened()
		for n, to := range []*Step{&a.Next, &a.If} {
			text := aheadText(opened, n)
			switch {
			case text == "":
			case e.Sealed != nil:
				*to = Step{Text: eventlog.InternalText, By: e.Author, At: e.Posted, Words: text}
			default:
				*to = Step{Text: text, By: e.Author, At: e.Posted}
			}
		}
	}
	return a
}

// withAhead returns a message followed by the texts of the fields, each in a paragraph with its heading.
func withAhead(text string, fields map[string]string) string {
	parts := []string{strings.TrimSpace(eventlog.Sanitize(text))}
	for _, h := range aheadHeads {
		if value := fields[h.key]; value != "" {
			parts = append(parts, h.head+value)
		}
	}
	return strings.TrimSpace(strings.Join(parts, "\n\n"))
}

// SafeStep sanitizes a text for these fields.
func SafeStep(text string) string {
	return strings.TrimSpace(eventlog.Sanitize(strings.TrimSpace(text)))
}

// Message returns the message of an event, without next steps and contingency. If there is none, it is the first of them with its name.
func Message(e eventlog.Event) string {
	if e.Fields[KeyNext]+e.Fields[KeyIf] == "" {
		return e.Text
	}
	message, unchanged := strings.CutSuffix(e.Text, strings.TrimSpace(withAhead("", e.Fields)))
	if !unchanged {
		text := "\n" + e.Text + "\n"
		bare, end := safetext.WithoutClosedLiterals(text), len(text)
		for _, h := range aheadHeads {
			if at := strings.LastIndex(bare, "\n"+strings.TrimSpace(h.head)+"\n"); at >= 0 && e.Fields[h.key] != "" {
				end = min(end, at)
			}
		}
		message = text[:end]
	}
	if message = strings.TrimSpace(message); message != "" {
		return message
	}
	for n, h := range aheadHeads {
		if value := aheadText(e, n); value != "" {
			return h.name + ": " + value
		}
	}
	return ""
}

// aheadText returns one of the two texts of an event; empty if it has none.
func aheadText(e eventlog.Event, n int) string {
	value := e.Fields[aheadHeads[n].key]
	if value == "" || strings.HasSuffix(e.Text, strings.TrimSpace(withAhead("", e.Fields))) {
		return value
	}
	text := "\n" + e.Text + "\n"
	bare := safetext.WithoutClosedLiterals(text)
	head := func(n int) (at, end int) {
		line := "\n" + strings.TrimSpace(aheadHeads[n].head) + "\n"
		at = strings.LastIndex(bare, line)
		return at, at + len(line)
	}
	at, begin := head(n)
	if at < 0 {
		return value
	}
	end := len(text)
	if n == 0 {
		if next, _ := head(1); next >= begin-1 {
			end = next
		}
	}
	if edited := strings.TrimSpace(text[min(begin, end):end]); edited != "" {
		return edited
	}
	return value
}
