package cli_test

import (
	"slices"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// TestTwoMovesInEveryOrder moves one card to two columns at the same time, in every order of requests, which are also interrupted between
// GitLab's check and its save. In the end the card is in one column, each label is there once, a closed issue has no column's label, and
// every run whose move does not count in the end has either seen its own result or reports the other move. Two runs that repair one label
// may disturb each other for as long as chance wants it, so these are interrupted a few times only.
func TestTwoMovesInEveryOrder(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		always  bool // not in the whole matrix only
		closed  bool
		edition fakegitlab.Edition
		to      [2]string
	}{
		"to two columns":             {to: [2]string{"Waiting", "In Progress"}},
		"to the same column":         {always: true, to: [2]string{"Waiting", "Waiting"}},
		"completed against planning": {always: true, to: [2]string{"Completed", "Planning"}},
		"out of completed":           {closed: true, to: [2]string{"Waiting", "Planning"}},
		"completed twice":            {to: [2]string{"Completed", "Completed"}},
		"reopened and completed":     {closed: true, to: [2]string{"Completed", "Planning"}},
		"a paid edition":             {always: true, edition: fakegitlab.Premium, to: [2]string{"Waiting", "Completed"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if !c.always {
				slow(t)
			}
			start := newLab(t, setup{carried: 1, edition: c.edition, config: oneAtATime, seed: func(s *fakegitlab.Seed) {
				card := &s.Projects[0].Issues[0]
				card.Labels, card.Closed = []string{"Ready"}, c.closed
				for _, column := range board.Builtin().Columns {
					s.Projects[0].Labels = append(s.Projects[0].Labels, fakegitlab.SeedLabel{Name: column.Label})
				}
			}})
			build := func() (*lab, *turnstile) {
				s := newTurnstile(nil)
				s.remembers, s.middle = true, "/issues/"
				l := start.copyWith(func(o *fakegitlab.Options) { o.BetweenCheckAndSave = s.between })
				s.inner = l.wire
				return l, s
			}
			commands := [][]string{{"board", "move", "1", c.to[0], "-q"}, {"board", "move", "1", c.to[1], "-q"}}
			ends, conflicts := 0, 0
			check := func(l *lab, results []ran, path []int) {
				ends++
				if trouble := movedTo(t, l, c.to, results); trouble != "" {
					t.Fatalf("order %v: %s\n%s\n%s\n%s", path, trouble, results[0].errors, results[1].errors, strings.Join(l.requests(), "\n"))
				}
				for _, r := range results {
					if r.code == 5 {
						conflicts++
					}
				}
			}
			n := 0
			if c.to[0] != c.to[1] {
				n = everySchedule(build, commands, check)
			} else {
				n = fewInterruptions(build, commands, check)
			}
			if ends < 10 || conflicts == 0 != (c.to[0] == c.to[1]) {
				t.Errorf("%d schedules, %d ends, %d conflicts", n, ends, conflicts)
			}
			t.Logf("%d schedules, %d ends, %d conflicts", n, ends, conflicts)
		})
	}
}

// fewInterruptions runs two commands at once. Each is interrupted at each point, for one, two or more requests of the other.
func fewInterruptions(build func() (*lab, *turnstile), commands [][]string, check func(*lab, []ran, []int)) (orders int) {
	for first := range commands {
		for cut := range 12 {
			for other := 1; other < 12; other++ {
				l, s := build()
				var path []int
				results, _ := l.schedule(s, commands, func(waiting []int) int {
					own, at := slices.Index(waiting, first), len(path)
					if own < 0 || at >= cut && at < cut+other && len(waiting) > 1 {
						own = slices.IndexFunc(waiting, func(run int) bool { return run != first })
					}
					path = append(path, waiting[own])
					return own
				})
				check(l, results, path)
				orders++
			}
		}
	}
	return orders
}

// movedTo says what is wrong after two moves.
func movedTo(t *testing.T, l *lab, to [2]string, results []ran) string {
	t.Helper()
	card, _ := l.issueAt(t, issue.Ref{Project: infra, IID: 1})
	in := board.Builtin().Where(card)
	if len(in) != 1 || !board.Builtin().In(card, in[0]) || !slices.Contains(to[:], in[0].Name) {
		return "the card is " + string(card.State) + " with " + strings.Join(card.Labels, ", ")
	}
	if len(card.Doubled) > 0 {
		return "labels are there twice: " + strings.Join(card.Doubled, ", ")
	}
	for n, r := range results {
		switch {
		case to[n] == in[0].Name && r.code != 0:
			return "the move that counts failed"
		case r.code != 0 && (r.code != 5 || !strings.Contains(r.errors, "was moved to \""+in[0].Name+"\" by ")):
			return "an unexpected error"
		}
	}
	return ""
}

// TestTwoMarksStoreTheLabelOnce marks one card twice at the same time. The updates overlap in GitLab, which then stores the label twice or
// answers 409: in the end it is there once, and both notes are there.
func TestTwoMarksStoreTheLabelOnce(t *testing.T) {
	t.Parallel()
	start := newLab(t, setup{carried: 1, edition: fakegitlab.Community, config: oneAtATime, seed: func(s *fakegitlab.Seed) {
		s.Projects[0].Labels = append(s.Projects[0].Labels, fakegitlab.SeedLabel{Name: "Ready_to_Handoff"})
	}})
	build := func() (*lab, *turnstile) {
		s := newTurnstile(nil)
		s.middle = "/issues/"
		l := start.copyWith(func(o *fakegitlab.Options) { o.BetweenCheckAndSave = s.between })
		s.inner = l.wire
		return l, s
	}
	commands := [][]string{{"handoff", "mark", "1", "--left-off", "First words", "--next", "b", "-q"}, {"handoff", "mark", "1", "--left-off", "Second words", "--next", "b", "-q"}}
	fewInterruptions(build, commands, func(l *lab, results []ran, path []int) {
		card, notes := l.issueAt(t, issue.Ref{Project: infra, IID: 1})
		text := ""
		for _, n := range notes {
			text += n.Body
		}
		if len(card.Doubled) > 0 || !card.Has("Ready_to_Handoff") || !strings.Contains(text, "First words") || !strings.Contains(text, "Second words") {
			t.Fatalf("order %v: labels %q, doubled %q", path, card.Labels, card.Doubled)
		}
		for _, r := range results {
			if r.code != 0 {
				t.Fatalf("order %v: exit %d\n%s", path, r.code, r.errors)
			}
		}
	})
}
