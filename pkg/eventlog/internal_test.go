package eventlog_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// The event of an internal comment counts, and its words are set aside.
func TestInternalEvents(t *testing.T) {
	t.Parallel()
	at := time.Date(2018, 8, 24, 10, 28, 0, 0, time.UTC)
	all := map[string]string{
		"severity": "S1", "resolved_at": "2018-08-24T10:28:00Z", "close": "true", "outcome": "failure", "executor": "ines", "override": "canary",
		"services": "canary", "cause": "canary", "impact": "1", "data_loss": "true", "related": "canary#1", "left_off": "canary", "next": "canary",
		"message": "canary", "job": "canary", "enough": "two canary words",
	}
	kept := map[string]string{"severity": "S1", "resolved_at": "2018-08-24T10:28:00Z", "close": "true", "outcome": "failure", "executor": "ines", "override": eventlog.InternalText}
	body := eventlog.Body(eventlog.Event{Kind: "incident", Verb: "resolve", At: at, Fields: all, Text: "canary"}, "10:28 UTC, resolved, cause: canary")
	note := issue.Note{ID: 7, Body: body + "\n\ncanary below", Author: "ines", Internal: true, Trusted: true}
	for name, n := range map[string]issue.Note{"as it is": note, "with other line ends": {ID: 7, Body: strings.ReplaceAll(note.Body, "\n", "\r\n"), Author: "ines", Internal: true, Trusted: true}} {
		got, ok := eventlog.Read(n)
		if !ok || got.Verb != "resolve" || !got.At.Equal(at) || got.Text != eventlog.InternalText || !got.Trusted {
			t.Errorf("%s: %v, %+v", name, ok, got)
		}
		if diff := cmp.Diff(kept, got.Fields); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if diff := cmp.Diff(all, got.Opened().Fields); diff != "" || !strings.HasPrefix(got.Opened().Text, "canary\n") {
			t.Errorf("%s, opened: %q %s", name, got.Opened().Text, diff)
		}
		again, _ := eventlog.Read(issue.Note{Body: eventlog.Body(got, "x")})
		if strings.Contains(eventlog.Body(got, "x"), "canary") || again.Sealed != nil {
			t.Errorf("%s: written again, it is\n%s", name, eventlog.Body(got, "x"))
		}
	}
	note.Internal = false
	if got, _ := eventlog.Read(note); got.Sealed != nil || got.Fields["cause"] != "canary" {
		t.Errorf("a public comment: %+v", got)
	}
}

// Internal events with one key are duplicates only if their words are the same.
func TestInternalDuplicates(t *testing.T) {
	t.Parallel()
	note := func(id int64, text string) issue.Note {
		body := eventlog.Body(eventlog.Event{Kind: "incident", Verb: "update", Text: text}, "x") + "\n\n<!-- prodctl:key=note/k -->"
		return issue.Note{ID: id, Body: body, Internal: true, Trusted: true}
	}
	got := eventlog.Duplicates([]issue.Note{note(1, "a"), note(2, "b"), note(3, "a")}, "incident")
	if len(got) != 1 || got[0].NoteID != 3 {
		t.Errorf("%+v", got)
	}
}
