package mcp

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/term"
)

const (
	outsideConfig = `
hooks:
  - {on: [incident.open, incident.mitigate, incident.resolve, handoff.post, milestone.roll], url: "https://hooks.example.test/services/hook-secret"}
  - {on: [incident.open, incident.mitigate, incident.resolve, handoff.post, milestone.roll], command: [notify-team]}
oncall:
  source: ics
  regions:
    - {name: EMEA, from: "04:00", to: "16:00", rotation: {members: [mara], period: 1w, start: 2018-08-06}}
    - {name: AMER, from: "16:00", to: "04:00", rotation: {members: [dev], period: 1w, start: 2018-08-06}}
`
	calendarAddress = "https://calendar.example.test/ical/calendar-secret/basic.ics?token=calendar-secret"
)

// outside answers requests to other hosts than GitLab, and counts them by host.
type outside struct {
	gitlab          http.RoundTripper
	hooks, calendar atomic.Int64
	answer          func(w http.ResponseWriter, r *http.Request) // of the calendar
}

func (o *outside) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	switch r.URL.Host {
	case "hooks.example.test":
		o.hooks.Add(1)
	case "calendar.example.test":
		o.calendar.Add(1)
		if o.answer == nil {
			return nil, errors.New("no route to " + r.URL.String())
		}
		o.answer(w, r)
	default:
		return o.gitlab.RoundTrip(r)
	}
	return w.Result(), nil
}

// No tool runs a hook, whatever it plans. The person's command does, so the hooks of this test work.
func TestNoHookRuns(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	o, commands := l.outside(t), new(atomic.Int64)
	l.run = func(context.Context, term.Child) error { commands.Add(1); return nil }
	l.serve(t).walk(func(tl tool, input, _ string, _ bool) {
		if o.hooks.Load() > 0 || commands.Load() > 0 {
			t.Fatalf("%s %s: %d webhooks, %d commands", tl.name, input, o.hooks.Load(), commands.Load())
		}
	})
	if r := l.prodctl("incident", "open", "Disk full", "-s", "S2"); r.code != 0 || o.hooks.Load() != 1 || commands.Load() != 1 {
		t.Errorf("a person: exit %d, %d webhooks, %d commands\n%+v", r.code, o.hooks.Load(), commands.Load(), r)
	}
}

// The address of the calendar is a secret. It is in no result and no plan, whatever the calendar's server answers.
func TestCalendarAddressIsInNoResult(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]func(http.ResponseWriter, *http.Request){
		"a calendar": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:On call "+calendarAddress+
				"\r\nDTSTART:20180820T040000Z\r\nDTEND:20180827T040000Z\r\nATTENDEE:mailto:x@example.com\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
		},
		"refused": func(w http.ResponseWriter, r *http.Request) {
			http.Error(w, "no access to "+r.URL.String(), http.StatusForbidden)
		},
		"redirected": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, calendarAddress+"&again", http.StatusFound)
		},
		"a page":    func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "<html>"+r.URL.String()) },
		"no answer": nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t)
			o := l.outside(t)
			o.answer = answer
			l.serve(t).walk(func(tl tool, input, text string, _ bool) {
				if strings.Contains(text, "calendar-secret") || strings.Contains(text, "hook-secret") {
					t.Errorf("%s %s:\n%s", tl.name, input, text)
				}
			})
			for path, content := range files(t, l.plans) {
				if strings.Contains(content, "calendar-secret") || strings.Contains(content, "hook-secret") {
					t.Errorf("%s:\n%s", path, content)
				}
			}
			if o.calendar.Load() == 0 {
				t.Error("no tool read the calendar")
			}
		})
	}
}

// outside gives the lab hooks and a calendar.
func (l *lab) outside(t *testing.T) *outside {
	t.Helper()
	if err := os.WriteFile(filepath.Join(l.dir, ".prodctl.yaml"), []byte(configuration+outsideConfig), 0o600); err != nil {
		t.Fatal(err)
	}
	o := &outside{gitlab: l.wire.next}
	l.wire.next = o
	l.env["PRODCTL_ONCALL_ICS"] = calendarAddress
	return o
}
