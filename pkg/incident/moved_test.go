package incident_test

import (
	"regexp"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/incident"
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

var commentNumber = regexp.MustCompile(`(<!-- |as_of_note: )\d+|(timeline end)(?: \d+)+`)

// TestMovesDoNotCountAsEvents moves an incident between any two events, before or after they are reconciled: record, timeline and labels end
// as without the moves, although all comments have new numbers.
func TestMovesDoNotCountAsEvents(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		stays, moves := opened(), opened()
		var here, there []issue.Note
		last := int64(100)
		for range rapid.IntRange(1, 6).Draw(rt, "events") {
			verb := rapid.SampledFrom([]incident.Verb{incident.Update, incident.Mitigate, incident.Resolve, incident.Reopen}).Draw(rt, "verb")
			last++
			n := eventNote(last, verb, rapid.SampledFrom([]string{"10:20", "10:40", "11:00"}).Draw(rt, "clock"), rapid.SampledFrom([]string{"", "a", "b"}).Draw(rt, "text"))
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
		plain := func(s string) string { return commentNumber.ReplaceAllString(s, "$1$2") }
		if diff := gocmp.Diff(plain(stays.Description), plain(moves.Description)); diff != "" || !gocmp.Equal(stays.Labels, moves.Labels) || stays.State != moves.State {
			rt.Fatalf("labels %q and %q (-not moved +moved):\n%s", stays.Labels, moves.Labels, diff)
		}
	})
}
