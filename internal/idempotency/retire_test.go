package idempotency

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// A duplicate is retired by the run that created it, right away; by another run of its author at the end of that run; by anybody after two
// minutes; and never if it is a copy that was made an hour later.
func TestWhoRetires(t *testing.T) {
	t.Parallel()
	k, at := key(t, "incident", "k"), time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for _, author := range []string{"me", "colleague", "stranger"} {
		for _, age := range []time.Duration{0, time.Minute, abandoned - time.Second, abandoned, time.Hour} {
			for _, apart := range []time.Duration{0, duplicateAge, duplicateAge + time.Second} {
				p := &place{trusted: map[string]bool{"colleague": true}, now: at.Add(age), things: []*thing{
					{id: 1, text: Stamp("x", k), author: "colleague", created: at.Add(-apart)}, {id: 2, text: Stamp("x", k), author: author, created: at}}}
				name := fmt.Sprintf("by %s, %v old, %v apart", author, age, apart)
				if _, _, err := FindOrCreate(t.Context(), k, false, session{place: p, user: "me"}); err != nil {
					t.Errorf("%s: %v", name, err)
				}
				old := age >= abandoned && apart <= duplicateAge && author != "stranger"
				if p.things[1].retired != old {
					t.Errorf("%s: retired right away: %v", name, p.things[1].retired)
				}
				p.finish(t)
				if want := old || author == "me" && apart <= duplicateAge; p.things[1].retired != want {
					t.Errorf("%s: retired in the end: %v", name, p.things[1].retired)
				}
			}
		}
	}
}

// A duplicate that has to stay is reported and stops nothing; a refusal is an error for the own one only.
func TestDuplicateThatStays(t *testing.T) {
	t.Parallel()
	k, at := key(t, "incident", "k"), time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	stays, denied := fmt.Errorf("a person edited it: %w", fault.Duplicate), fault.New(fault.Auth, "", "403")
	for _, tt := range []struct {
		author  string
		refusal error
		kept    int
		fails   bool
	}{
		{"me", stays, 1, false}, {"colleague", stays, 1, false}, {"me", denied, 0, true}, {"colleague", denied, 0, false},
		{"colleague", errors.New("500"), 0, true},
	} {
		text := Stamp("x", k)
		p := &place{trusted: map[string]bool{"colleague": true}, now: at.Add(abandoned), refused: map[int64]error{2: tt.refusal}, things: []*thing{
			{id: 1, text: text, author: "me", created: at}, {id: 2, text: text, author: tt.author, created: at}, {id: 3, text: text, author: "me", created: at}}}
		got, outcome, err := FindOrCreate(t.Context(), k, false, session{place: p, user: "me"})
		if got.id != 1 || outcome != Existed || (err != nil) != tt.fails || len(p.kept) != tt.kept || p.things[2].retired == tt.fails {
			t.Errorf("%s, %v: %+v, %v, %v; kept %v, the next one retired: %v", tt.author, tt.refusal, got, outcome, err, p.kept, p.things[2].retired)
		}
	}
}
