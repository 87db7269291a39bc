package eventlog_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// quotations are the ways in which people show a comment in another one.
var quotations = map[string]func(string) string{
	"fence":        func(s string) string { return "```\n" + s + "\n```" },
	"open fence":   func(s string) string { return "```\n" + s },
	"named fence":  func(s string) string { return "````markdown\n" + s + "\n````" },
	"tildes":       func(s string) string { return "~~~\n" + s + "\n~~~" },
	"quote":        func(s string) string { return "> " + strings.ReplaceAll(s, "\n", "\n> ") },
	"GitLab quote": func(s string) string { return ">>>\n" + s + "\n>>>" },
	"indented":     func(s string) string { return "    " + strings.ReplaceAll(s, "\n", "\n    ") },
	"tab":          func(s string) string { return "\t" + strings.ReplaceAll(s, "\n", "\n\t") },
	"list":         func(s string) string { return "- " + strings.ReplaceAll(s, "\n", "\n  ") },
	"fence, list":  func(s string) string { return "- ```\n  " + strings.ReplaceAll(s, "\n", "\n  ") + "\n  ```" },
}

// An event that was quoted in a comment, however and with whatever around it, does not count there. The comment's own event does, with its
// own key.
func TestQuotedEventsDoNotCount(t *testing.T) {
	t.Parallel()
	at := time.Date(2018, 8, 24, 10, 30, 0, 0, time.UTC)
	stamp := func(e eventlog.Event, key string) string {
		return eventlog.Body(e, "10:30 UTC, approved") + "\n\n<!-- prodctl:key=" + key + " -->\n<!-- prodctl:id=p0123456789abcdef0123 -->"
	}
	for name, quote := range quotations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				verb := rapid.SampledFrom([]string{"approve", "mitigate", "mark", "take", "start"}).Draw(t, "verb")
				copied := quote(stamp(eventlog.Event{Kind: "change", Verb: verb, At: at, Text: "Quoted"}, "change-event/quoted"))
				around := rapid.SampledFrom([]string{"", "See:\n\n", "Text\n\n> quote\n\n", "```\ncode\n```\n\n", "- item\n\n", "<!-- a note -->\n\n", "# Heading\n\n"})
				body := around.Draw(t, "before") + copied
				note := issue.Note{ID: 7, Body: body, Trusted: true}
				if e, ok := eventlog.Read(note); ok {
					t.Fatalf("%+v is read from\n%s", e, body)
				}
				own := eventlog.Event{Kind: "change", Verb: "comment", At: at, Text: eventlog.Sanitize(around.Draw(t, "own") + copied)}
				note.Body = stamp(own, "change-event/own")
				e, ok := eventlog.Read(note)
				if !ok || e.Verb != "comment" || e.Key != "change-event/own" || e.Text != strings.TrimSpace(own.Text) {
					t.Fatalf("%v %+v is read from\n%s", ok, e, note.Body)
				}
				if name == "open fence" {
					return
				}
				note.Body = stamp(eventlog.Event{Kind: "change", Verb: "comment", At: at, Text: "Own"}, "change-event/own") + "\n\n" + copied
				if e, ok := eventlog.Read(note); !ok || e.Verb != "comment" || e.Key != "change-event/own" || !strings.Contains(e.Text, "Quoted") {
					t.Fatalf("%v %+v is read from\n%s", ok, e, note.Body)
				}
			})
		})
	}
}
