package change_test

import (
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// moved are the comments of an issue after GitLab copied them to another project.
func moved(notes []issue.Note, last int64) []issue.Note {
	var all []issue.Note
	for _, n := range notes {
		last += 2
		n.ID = last
		all = append(all, n)
	}
	return append(all, issue.Note{ID: last + 2, System: true, Body: "moved from production#7"})
}

var commentNumbers = regexp.MustCompile(`(as_of_note: )\d+|(notes: )\[[\d, ]+\]`)

// TestMovesDoNotCountAsEvents moves a change between any two events: record and labels end as without the moves, although all comments have
// new numbers.
func TestMovesDoNotCountAsEvents(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		stays, moves := opened(), opened()
		var here, there []issue.Note
		last := int64(100)
		for range rapid.IntRange(1, 6).Draw(rt, "events") {
			verb := rapid.SampledFrom([]change.Verb{change.Approve, change.Start, change.Finish, change.Abort}).Draw(rt, "verb")
			last++
			n := eventNote(last, rapid.SampledFrom([]string{"mara", "ines"}).Draw(rt, "who"), verb, rapid.SampledFrom([]string{"12:00", "12:10"}).Draw(rt, "clock"))
			here = append(here, n)
			stays = reconcile(rt, stays, here...)
			there = append(there, n)
			if rapid.Bool().Draw(rt, "reconciled before the move") {
				moves = reconcile(rt, moves, there...)
			}
			for range rapid.IntRange(0, 2).Draw(rt, "moves") {
				there = moved(there, last)
				last = there[len(there)-1].ID
			}
			moves = reconcile(rt, moves, there...)
		}
		plain := func(s string) string { return commentNumbers.ReplaceAllString(s, "$1$2") }
		if diff := cmp.Diff(plain(stays.Description), plain(moves.Description)); diff != "" || !cmp.Equal(stays.Labels, moves.Labels) || stays.State != moves.State {
			rt.Fatalf("labels %q and %q (-not moved +moved):\n%s", stays.Labels, moves.Labels, diff)
		}
	})
}
