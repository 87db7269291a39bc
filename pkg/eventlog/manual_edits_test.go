package eventlog_test

import (
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

func TestByHand(t *testing.T) {
	t.Parallel()
	begin := time.Date(2018, 8, 24, 12, 0, 0, 0, time.UTC)
	entry := eventlog.Body(eventlog.Event{Kind: "incident", Verb: "update", At: begin}, "x")
	type said struct {
		minute int
		who    int64
		body   string // empty: an edit of the description
	}
	for name, c := range map[string]struct {
		said []said
		want []int64
	}{
		"nothing":                    {nil, nil},
		"an entry and its record":    {[]said{{0, 1, entry}, {0, 1, ""}}, nil},
		"a few minutes later":        {[]said{{0, 1, entry}, {10, 1, ""}}, nil},
		"much later":                 {[]said{{0, 1, entry}, {11, 1, ""}}, []int64{2}},
		"of somebody else":           {[]said{{0, 1, entry}, {0, 2, ""}}, []int64{2}},
		"before the entry":           {[]said{{0, 1, ""}, {0, 1, entry}}, []int64{1}},
		"one entry, two edits":       {[]said{{0, 1, entry}, {0, 1, ""}, {3, 1, ""}}, []int64{3}},
		"two entries, two edits":     {[]said{{0, 1, entry}, {0, 2, entry}, {1, 2, ""}, {1, 1, ""}}, nil},
		"a comment is no entry":      {[]said{{0, 1, "Up again"}, {0, 1, ""}}, []int64{2}},
		"a box is ticked":            {[]said{{0, 1, "marked the checklist item **a** as completed"}}, nil},
		"the words of an edit alone": {[]said{{0, 1, "changed title from **a** to **b**"}}, nil},
	} {
		var notes []issue.Note
		for n, s := range c.said {
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
