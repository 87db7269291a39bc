package cli_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/idempotency"
)

// receipts returns the comments that accept the EMEA shift, with their authors.
func receipts(i fakegitlab.IssueState) (authors []string) {
	for _, n := range i.Notes {
		if key, ok := idempotency.Read(n.Body); ok && key.Kind() == "handoff-accept" && key.Name() == emeaShift {
			authors = append(authors, n.Author)
		}
	}
	return authors
}

// atShiftEnd is a lab at the shift change with a posted hand-off; rep comes on call.
func atShiftEnd(t *testing.T, more string) *lab {
	t.Helper()
	l := newLab(t, shiftEnd(more))
	l.must(t, "handoff", "--post", "-q")
	return l
}

func TestHandoffAccept(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		story [][]string // commands of rep
		user  string
		args  string
		code  int
		want  string // in the output
		left  []string
	}{
		{name: "accepted", user: "rep", want: "Accepted the hand-off in acme/production#3 at 16:00 UTC", left: []string{"rep"}},
		{name: "read back", user: "rep", args: "-m Watch", want: "Accepted the hand-off", left: []string{"rep"}},
		{name: "for rep", user: "mara", args: "--for @rep", want: "Accepted the hand-off", left: []string{"mara"}},
		{name: "the same words again", story: [][]string{{"-m", "Watch"}}, user: "rep", args: "-m Watch", want: "Hand-off already accepted in acme/production#3 at 16:00 UTC", left: []string{"rep"}},
		{name: "again without words", story: [][]string{{"-m", "Watch"}}, user: "rep", want: "already accepted", left: []string{"rep"}},
		{name: "for the same person", story: [][]string{{}}, user: "mara", args: "--for rep", want: "already accepted", left: []string{"rep"}},
		{name: "other words", story: [][]string{{"-m", "Watch"}}, user: "rep", args: "-m Wait", code: 5, want: "already accepted by @rep at 2018-08-24 16:00 UTC, with other words\nhint: To add to it, edit your comment", left: []string{"rep"}},
		{name: "somebody else", story: [][]string{{}}, user: "mara", code: 5, want: "acme/production#3: already accepted by @rep at 2018-08-24 16:00 UTC\nhint: To see it: https://", left: []string{"rep"}},
		{name: "not on call", user: "dev", code: 5, want: "cannot accept: @dev is not on call in the AMER shift from 2018-08-24 16:00 UTC\nhint: To record it for somebody who is: prodctl handoff accept --shift " + emeaShift + " --for rep"},
		{name: "for somebody who is not on call", user: "mara", args: "--for dev", code: 5, want: "@dev is not on call"},
		{name: "not posted", user: "rep", args: "--shift " + amerShift, code: 5, want: "the hand-off of the AMER shift that ends at 2018-08-24 04:00 UTC is not in the on-call log\nhint: To post it: prodctl handoff --post --shift " + amerShift},
		{name: "not started", user: "rep", args: "--shift EMEA@2018-08-26", code: 6, want: "has not started yet"},
		{name: "a guest", user: "guest", code: 4, want: "the Planner or Reporter role"},
		{name: "dry run", user: "rep", args: "--dry-run", want: "comment"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := atShiftEnd(t, "")
			for _, words := range c.story {
				l.as("rep").must(t, append([]string{"handoff", "accept"}, words...)...)
			}
			r := l.as(c.user).run(append([]string{"handoff", "accept"}, strings.Fields(c.args)...)...)
			if out := r.out + r.errors; r.code != c.code || !strings.Contains(out, c.want) {
				t.Errorf("exit %d, want %d\n%s", r.code, c.code, out)
			}
			if got := receipts(l.logs()[0]); !slices.Equal(got, c.left) {
				t.Errorf("receipts by %q, want %q", got, c.left)
			}
		})
	}
}

// Without a rotation nobody knows who is next, and anybody with the role may accept.
func TestHandoffAcceptWithoutRotation(t *testing.T) {
	t.Parallel()
	s := shiftEnd("")
	s.config = ""
	l := newLab(t, s)
	l.must(t, "handoff", "--post", "-q")
	l.as("plan").must(t, "handoff", "accept")
	if got := receipts(l.logs()[0]); !slices.Equal(got, []string{"plan"}) {
		t.Errorf("receipts by %q", got)
	}
}

// In any order of the requests of several people, one receipt is left, and whoever made it ends with 0.
func TestTwoAcceptAtOnce(t *testing.T) {
	t.Parallel()
	both := rotations
	play := func(name string, users []string, choose func(waiting []int) int) int {
		l := newLab(t, setup{config: both + oneAtATime, queue: true, seed: shiftEnd("").seed})
		l.must(t, "handoff", "--post", "-q")
		l.server.ResetRequests()
		var actors []actor
		for _, user := range users {
			actors = append(actors, func(own *lab) ran {
				own.user = user
				return own.runIn(context.Background(), "handoff", "accept", "--for", "rep", "-q")
			})
		}
		results, _ := l.play(newTurnstile(l.wire), actors, choose)
		left := receipts(l.logs()[0])
		if len(left) != 1 {
			t.Fatalf("%s: receipts by %q\n%s", name, left, strings.Join(l.requests(), "\n"))
		}
		for n, r := range results {
			if mine := users[n] == left[0]; mine && r.code != 0 || !mine && r.code != 0 && (r.code != 5 || !strings.Contains(r.errors, "already accepted by @rep")) {
				t.Fatalf("%s: %s has it, and %s ends with %d: %s", name, left[0], users[n], r.code, r.errors)
			}
		}
		return len(l.requests())
	}
	for _, users := range [][]string{{"mara", "rep"}, {"rep", "rep"}, {"mara", "dev", "rep"}} {
		for first, all := 0, 2; first <= all/len(users)+1; first++ {
			turns := 0
			all = max(all, play("cut", users, func(waiting []int) int {
				own := slices.Index(waiting, 0)
				if own >= 0 && (turns < first || len(waiting) == 1) {
					turns++
					return own
				}
				return slices.IndexFunc(waiting, func(run int) bool { return run != 0 })
			}))
		}
		draw := rand.New(rand.NewPCG(13, uint64(len(users))))
		for range 15 {
			play("drawn", users, func(waiting []int) int { return draw.IntN(len(waiting)) })
		}
	}
}

// Accepting takes the same requests however many issues the trackers have: the log, its comments, the user, the role, the comment, then
// the comments again and the issue.
func TestHandoffAcceptRequests(t *testing.T) {
	t.Parallel()
	l := atShiftEnd(t, "")
	l.server.ResetRequests()
	l.as("rep").must(t, "handoff", "accept", "-q")
	if got := l.requests(); len(got) > 11 {
		t.Errorf("%d requests:\n%s", len(got), strings.Join(got, "\n"))
	} else {
		t.Logf("%d requests\n%s", len(got), strings.Join(got, "\n"))
	}
}
