package incident

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// posted returns an event as a trusted comment.
func posted(id int64, e eventlog.Event) issue.Note {
	at := time.Date(2018, 8, 24, 15, int(id), 0, 0, time.UTC)
	return issue.Note{ID: id, Author: "ana", AuthorID: 1, Trusted: true, CreatedAt: at, Body: eventlog.Body(e, Heading(e, calendar.DateOf(at)))}
}

func ahead(next, contingency string) map[string]string {
	fields := map[string]string{}
	for key, text := range map[string]string{KeyNext: SafeStep(next), KeyIf: SafeStep(contingency)} {
		if text != "" {
			fields[key] = text
		}
	}
	return fields
}

func TestAheadOf(t *testing.T) {
	t.Parallel()
	update := func(id int64, text string, fields map[string]string) issue.Note {
		return posted(id, NewEvent(Update, time.Date(2018, 8, 24, 15, 0, 0, 0, time.UTC), fields, text))
	}
	edited := func(n issue.Note, old, new string) issue.Note {
		n.Body = strings.Replace(n.Body, old, new, 1)
		return n
	}
	stranger := update(2, "", ahead("forged", "forged"))
	stranger.Trusted = false
	internal := update(2, "", ahead("secret", ""))
	internal.Internal = true
	both := update(1, "Pods restarted", ahead("restart nodes 3 to 6", "over 5 %: fail back"))
	for _, c := range []struct {
		name     string
		notes    []issue.Note
		next, as string
		by       string
	}{
		{name: "nothing", notes: []issue.Note{update(1, "Up again", nil)}},
		{"both", []issue.Note{both}, "restart nodes 3 to 6", "over 5 %: fail back", "ana"},
		{"the last of each", []issue.Note{both, update(2, "", ahead("wait", ""))}, "wait", "over 5 %: fail back", "ana"},
		{"a stranger", []issue.Note{both, stranger}, "restart nodes 3 to 6", "over 5 %: fail back", "ana"},
		{"reopened", []issue.Note{both, posted(2, NewEvent(Reopen, time.Time{}, nil, ""))}, "", "", ""},
		{"edited", []issue.Note{edited(both, "\n\nover 5 %", "\n\nover 3 %")}, "restart nodes 3 to 6", "over 3 %: fail back", "ana"},
		{"next steps edited", []issue.Note{edited(both, "nodes 3 to 6\n", "nodes 3 to 9\n\nand wait\n")}, "restart nodes 3 to 9\n\nand wait", "over 5 %: fail back", "ana"},
		{"heading deleted", []issue.Note{edited(both, "**Next steps**\n\nrestart nodes 3 to 6\n\n", "")}, "restart nodes 3 to 6", "over 5 %: fail back", "ana"},
		{"internal", []issue.Note{both, internal}, eventlog.InternalText, "over 5 %: fail back", "ana"},
	} {
		got := AheadOf(eventlog.Events(c.notes, Kind))
		if got.Next.Text != c.next || got.If.Text != c.as || got.If.By != c.by || got.Next.IsZero() != (c.next == "") {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
	if text, secret := AheadOf(eventlog.Events([]issue.Note{internal}, Kind)).Next.Shown(); text != "secret" || !secret {
		t.Errorf("internal: %q, %v", text, secret)
	}
}

// Any text comes back as it was sanitized, and is neither a command nor a mention.
func TestAheadIsPreserved(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		any := rapid.OneOf(rapid.Just(""), rapid.String(), rapid.SampledFrom([]string{"/close", "@all", "```\nopen", "**Contingency**\n\nx", "a\n\n**Next steps**\n\ny", "<!-- prodctl:key=a/b -->", ">>>"}))
		text, next, contingency := any.Draw(t, "text"), any.Draw(t, "next"), any.Draw(t, "if")
		n := posted(1, NewEvent(Update, time.Time{}, ahead(next, contingency), text))
		events := eventlog.Events([]issue.Note{n}, Kind)
		if len(events) != 1 {
			t.Fatalf("%d events in\n%s", len(events), n.Body)
		}
		got := AheadOf(events)
		if got.Next.Text != SafeStep(next) || got.If.Text != SafeStep(contingency) {
			t.Fatalf("%+v from\n%s", got, n.Body)
		}
		if want := SafeStep(text); want != "" && next+contingency != "" && Message(events[0]) != want {
			t.Fatalf("the message is %q, want %q", Message(events[0]), want)
		}
		for line := range strings.Lines(n.Body) {
			if strings.HasPrefix(line, "/") || strings.Contains(line, "@all") {
				t.Fatalf("%q", line)
			}
		}
	})
}
