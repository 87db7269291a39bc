package cli_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// One request sets the label of the matrix and removes the others; what else is on the issue stays.
func TestIssuePriority(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		has  []string
		args string
		want []string
	}{
		{nil, "--urgency U1 --impact I1", []string{"AP1"}},
		{[]string{"AP1", "AP3", "toil"}, "--urgency u2 --impact 2", []string{"AP2", "toil"}},
		{[]string{"AP1", "AP2", "AP3"}, "--urgency U3 --impact I3", []string{"AP3"}},
		{[]string{"AP2", "S1"}, "--urgency U3 --impact I1", []string{"AP2", "S1"}},
	} {
		l := newLab(t, work(fakegitlab.SeedIssue{Title: "Slow", Labels: c.has}))
		r := l.must(t, strings.Fields("issue priority 2 "+c.args)...)
		if got := l.at(t, infra, 2).Labels; !slices.Equal(got, c.want) {
			t.Errorf("%v %s: %v, want %v", c.has, c.args, got, c.want)
		}
		reads, writes := l.count()
		if same := slices.Equal(c.has, c.want); writes != map[bool]int{true: 0, false: 1}[same] || reads > 3 { // the issue, the role, the issue again
			t.Errorf("%v %s: %d reads and %d writes\n%s", c.has, c.args, reads, writes, r.errors)
		}
	}
}

// The team's names of the labels count, and a wrong value is an error before any request.
func TestIssuePriorityInputs(t *testing.T) {
	t.Parallel()
	s := work(fakegitlab.SeedIssue{Title: "Slow", Labels: []string{"availability::3"}})
	s.config = "labels:\n  names: {AP1: 'availability::1', AP2: 'availability::2', AP3: 'availability::3'}\n"
	l := newLab(t, s)
	l.must(t, "issue", "priority", "2", "--urgency", "U1", "--impact", "I2", "-q")
	if diff := cmp.Diff([]string{"availability::1"}, l.at(t, infra, 2).Labels); diff != "" {
		t.Error(diff)
	}
	l.server.ResetRequests()
	for args, says := range map[string]string{
		"issue priority 2 --urgency U1":              "--urgency and --impact are required",
		"issue priority --urgency U1 --impact I1":    "missing argument <issue>",
		"issue priority 2 --urgency U5 --impact I1":  `invalid urgency "U5" (use U1, U2 or U3)`,
		"issue priority 2 --urgency U1 --impact 0.3": `invalid impact "0.3"`,
	} {
		if r := l.run(strings.Fields(args)...); r.code != 6 || !strings.Contains(r.errors, says) {
			t.Errorf("%s: exit %d: %s", args, r.code, r.errors)
		}
	}
	doc := document[jsonv1.PriorityMatrix](t, l, 0, "issue", "priority", "--explain", "--urgency", "U2", "--impact", "I3")
	cells := ""
	for _, c := range doc.Cells {
		cells += strings.TrimPrefix(c.Priority, "availability::")
		if c.Chosen {
			cells += "!"
		}
	}
	if cells != "112123!233" || len(l.requests()) != 0 {
		t.Errorf("%s, with %d requests", cells, len(l.requests()))
	}
}

// TestTwoPrioritiesInEveryOrder sets two priorities at the same time, in every order of requests. With the whole matrix they are also
// interrupted between GitLab's check and its save. In the end the issue has one of them, once, and whoever set the other one has seen it or is warned.
func TestTwoPrioritiesInEveryOrder(t *testing.T) {
	t.Parallel()
	s := work(fakegitlab.SeedIssue{Title: "Slow", Labels: []string{"AP2"}})
	s.config = oneAtATime
	add := s.seed
	s.seed = func(seed *fakegitlab.Seed) {
		add(seed)
		for _, name := range []string{"AP1", "AP2", "AP3"} {
			seed.Projects[0].Labels = append(seed.Projects[0].Labels, fakegitlab.SeedLabel{Name: name})
		}
	}
	start := newLab(t, s)
	build := func() (*lab, *turnstile) {
		s := newTurnstile(nil)
		s.remembers, s.middle = true, "no request"
		if whole {
			s.middle = "/issues/"
		}
		l := start.copyWith(func(o *fakegitlab.Options) { o.BetweenCheckAndSave = s.between })
		s.inner = l.wire
		return l, s
	}
	commands := [][]string{strings.Fields("issue priority 2 --urgency U1 --impact I1 -q"), strings.Fields("issue priority 2 --urgency U3 --impact I3 -q")}
	conflicts := 0
	n := everySchedule(build, commands, func(l *lab, results []ran, path []int) {
		i, _ := l.issueAt(t, issue.Ref{Project: infra, IID: 2})
		last := slices.Index([]string{"AP1", "AP3"}, strings.Join(i.Labels, " "))
		if last < 0 || len(i.Doubled) > 0 {
			t.Fatalf("order %v: labels %v, doubled %v\n%s", path, i.Labels, i.Doubled, strings.Join(l.requests(), "\n"))
		}
		for run, r := range results {
			if r.code == 5 {
				conflicts++
			}
			if r.code != 0 && (r.code != 5 || run == last || !strings.Contains(r.errors, "at the same time")) {
				t.Fatalf("order %v: run %d, %s in the end: exit %d %s", path, run, i.Labels, r.code, r.errors)
			}
		}
	})
	if n < 10 || conflicts == 0 {
		t.Errorf("%d schedules, %d conflicts", n, conflicts)
	}
	t.Logf("%d schedules, %d conflicts", n, conflicts)
}
