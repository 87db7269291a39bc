package incident_test

import (
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// What a person wrote last is found among events, forms, GitLab's own comments and those of tokens, in any order.
func TestLastRemark(t *testing.T) {
	t.Parallel()
	at := func(minute int) time.Time { return checked.Add(time.Duration(minute) * time.Minute) }
	event := func(text string) string {
		return eventlog.Body(incident.NewEvent(incident.Mitigate, checked, nil, text), "16:00 UTC, mitigated") + "\n\n<!-- prodctl:key=note/x -->"
	}
	notes := []issue.Note{
		{ID: 1, Author: "dev", Body: event("Failed over"), CreatedAt: at(1), Trusted: true},
		{ID: 2, Author: "ines", Body: "## Customers see it\n\nmore", CreatedAt: at(2)},
		{ID: 3, Author: "dev", Body: "# Review\n\n<!-- prodctl:key=review/incident-8 -->", CreatedAt: at(3)},
		{ID: 4, Author: "dev", Body: "added label", System: true, CreatedAt: at(4)},
		{ID: 5, Author: "project_31_bot_5f2c9a1e", Body: "Still firing", CreatedAt: at(5)},
	}
	for n := range notes {
		notes = append(notes[1:], notes[0])
		if r, ok := incident.LastRemark(notes); !ok || r.By != "ines" || r.Text != "Customers see it …" || r.At != at(2) {
			t.Errorf("order %d: %v %+v", n, ok, r)
		}
		if r, ok := incident.LastComment(notes); !ok || r.NoteID != 2 {
			t.Errorf("order %d: %v %+v", n, ok, r)
		}
	}
	later := append(notes, issue.Note{ID: 6, Author: "dev", Body: event(""), CreatedAt: at(6), Trusted: true, Internal: true})
	if r, ok := incident.LastRemark(later); !ok || r.By != "dev" || r.Text != "" || !r.Internal {
		t.Errorf("an internal event: %+v", r)
	}
	if r, ok := incident.LastComment(later); ok {
		t.Errorf("an event is the last: %+v", r)
	}
	later[len(later)-1].Trusted = false
	if r, ok := incident.LastComment(later); !ok || r.NoteID != 6 {
		t.Errorf("an event that does not count is a comment: %+v", r)
	}
	if _, ok := incident.LastRemark(notes[:0]); ok {
		t.Error("a remark without comments")
	}
}
