package cli_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// The weekly report and the hand-off of a shift share an issue. In any order of their requests there is one issue, with the report in its
// description and one comment of the shift.
func TestReportAndHandoffAtOnce(t *testing.T) {
	t.Parallel()
	draw := rand.New(rand.NewPCG(7, 9))
	for n := range 30 {
		l := newLab(t, shiftEnd(oneAtATime))
		people := [][2]string{{"mara", "mara"}, {"dev", "mara"}, {"mara", "dev"}}[n%3]
		handoff, report := says(people[0], "handoff", "--post", "-q"), says(people[1], "report", "weekly", "--post")
		results, _ := l.play(newTurnstile(l.wire), []actor{handoff.act, report.act}, func(waiting []int) int { return draw.IntN(len(waiting)) })
		for _, r := range results {
			if r.code != 0 {
				t.Errorf("%v: exit %d\n%s", people, r.code, r.errors)
			}
		}
		live := l.logs()
		if len(live) != 1 || live[0].State != "opened" || len(shiftNotes(live[0], emeaShift)) != 1 || !strings.Contains(reportOf(t, live[0].Description), "## On-call report") {
			t.Fatalf("%v: %s\n%s", people, fmt.Sprintf("%+v", live), strings.Join(l.requests(), "\n"))
		}
	}
}
