package eventlog_test

import (
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

func TestManualEdits(t *testing.T) {
	t.Parallel()
	begin := time.Date(2018, 8, 24, 12, 0, 0, 0, time.UTC)
	event := eventlog.Body(eventlog.Event{Kind: "incident", Verb: "update", At: begin}, "x")
	type posted struct {
		minute int
		who    int64
		body   string // empty: an edit of the description
	}
	for name, c := range map[string]struct {
		posted []posted
		want   []int64
	}{
		"nothing":                 {nil, nil},
		"an event and its record": {[]posted{{0, 1, event}, {0, 1, ""}}, nil},
		"a few minutes later":     {[]posted{{0, 1, event}, {10, 1, ""}}, nil},
		"much later":              {[]posted{{0, 1, event}, {11, 1, ""}}, []int64{2}},
		"by somebody else":        {[]posted{{0, 1, event}, {0, 2, ""}}, []int64{2}},
		"before the event":        {[]posted{{0, 1, ""}, {0, 1, event}}, []int64{1}},
		"one event, two edits":    {[]posted{{0, 1, event}, {0, 1, ""}, {3, 1, ""}}, []int64{3}},
		"two events, two edits":   {[]posted{{0, 1, event}, {0, 2, event}, {1, 2, ""}, {1, 1, ""}}, nil},
		"an ordinary comment":     {[]posted{{0, 1, "Up again"}, {0, 1, ""}}, []int64{2}},
		"a box is ticked":         {[]posted{{0, 1, "marked the checklist item **a** as completed"}}, nil},
		"another system note":     {[]posted{{0, 1, "changed title from **a** to **b**"}}, nil},
	} {
		var notes []issue.Note
		for n, s := range c.posted {
			system := s.body == "" || s.body[0] == 'm' || s.body[0] == 'c'
			if s.body == "" {
				s.body = "changed the description"
			}
			notes = append([]issue.Note{{ID: int64(n + 1), Body: s.body, AuthorID: s.who, System: system, CreatedAt: begin.Add(time.Duration(s.minute) * time.Minute)}}, notes...)
		}
		got := eventlog.ManualEdits(notes)
		ok := len(got) == len(c.want)
		for n := range got {
			ok = ok && got[n].ID == c.want[n]
		}
		if !ok {
			t.Errorf("%s: %+v, want %v", name, got, c.want)
		}
	}
}
