package cli_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// editNote replaces a part of the first comment of an issue of the queue that has it.
func (l *lab) editNote(t *testing.T, iid int, old, text string) {
	t.Helper()
	path := fmt.Sprintf("/projects/acme%%2Fproduction/issues/%d/notes", iid)
	var notes []struct {
		ID   int64
		Body string
	}
	if err := json.Unmarshal([]byte(l.server.MustDo("mara", http.MethodGet, path, "")), &notes); err != nil {
		t.Fatal(err)
	}
	for _, n := range notes {
		if strings.Contains(n.Body, old) {
			l.server.MustDo("mara", http.MethodPut, fmt.Sprintf("%s/%d", path, n.ID), fmt.Sprintf(`{"body": %q}`, strings.Replace(n.Body, old, text, 1)))
			return
		}
	}
	t.Fatalf("no comment with %q", old)
}

// TestEditedHandOffStays: a person edits the posted hand-off, anywhere in it. The next post keeps that comment and adds the new report as
// another one, which later posts edit. Nothing is posted if the report is the one that the person has edited.
func TestEditedHandOffStays(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"above": "Read this first.\n\n## ", "inside": "## My own: "} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, busyTeam(""))
			l.must(t, "handoff", "--post")
			l.editNote(t, l.logs()[0].IID, "## ", text)
			before := l.all()
			if r := l.must(t, "handoff", "--post"); l.all() != before || !strings.Contains(r.errors, "No change") {
				t.Errorf("the same report: %s%s", r.out, r.errors)
			}
			for n, args := range [][]string{{"incident", "open", "Registry returns 500s"}, {"incident", "update", "1", "-m", "Falling"}, nil} {
				if args != nil {
					l.must(t, args...)
				}
				r := l.must(t, "handoff", "--post")
				notes := strings.Join(commentsOf(l.logs()[0]), "\n=====\n")
				if strings.Count(notes, "=====") != 1 || !strings.Contains(notes, strings.TrimSpace(text)) || !strings.Contains(notes, "Registry returns 500s") {
					t.Fatalf("post %d: %s%s\n%s", n, r.out, r.errors, notes)
				}
				if n == 0 && !strings.Contains(r.errors, "was edited since: it stays") {
					t.Errorf("not said: %s", r.errors)
				}
				l.now = l.now.Add(time.Minute)
			}
		})
	}
}

// TestEditedWeeklyReportStays: what a person wrote between the hidden lines of the weekly report is kept above the next report.
func TestEditedWeeklyReportStays(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.must(t, "report", "weekly", "--post")
	i := l.logs()[0]
	l.web("mara", "PUT", fmt.Sprintf("/issues/%d", i.IID), `{"description": %q}`, strings.Replace(i.Description, "### ", "Our words.\n\n### ", 1))
	l.must(t, "incident", "open", "Registry returns 500s")
	for range 2 {
		r := l.must(t, "report", "weekly", "--post")
		text := l.logs()[0].Description
		if !strings.Contains(text, "Our words.") || !strings.Contains(reportOf(t, text), "Registry returns 500s") || strings.Contains(reportOf(t, text), "Our words.") {
			t.Errorf("%s%s\n%s", r.out, r.errors, text)
		}
	}
}
