package goal_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/goal"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/planning"
)

func date(s string) calendar.Date {
	d, err := calendar.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// Every day is in one quarter of three months, which begins in the month of the configuration or three, six or nine months after it.
func TestQuarterOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		day      string
		start    int
		from, to string
	}{
		{"2018-08-24", 1, "2018-07-01", "2018-09-30"}, {"2018-08-24", 2, "2018-08-01", "2018-10-31"}, {"2018-08-24", 3, "2018-06-01", "2018-08-31"},
		{"2018-01-31", 2, "2017-11-01", "2018-01-31"}, {"2020-02-29", 12, "2019-12-01", "2020-02-29"}, {"2018-12-31", 1, "2018-10-01", "2018-12-31"},
	} {
		if q := goal.QuarterOf(date(c.day), c.start); q.From.String() != c.from || q.To.String() != c.to {
			t.Errorf("%s from month %d: %s to %s, want %s to %s", c.day, c.start, q.From, q.To, c.from, c.to)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		day := date("2018-01-01").AddDays(rapid.IntRange(-4000, 4000).Draw(t, "day"))
		start := rapid.IntRange(1, 12).Draw(t, "start")
		q := goal.QuarterOf(day, start)
		next := q.Next()
		if day.Before(q.From) || day.After(q.To) || q.From.Day() != 1 || (int(q.From.Month())-start)%3 != 0 || next.From != q.To.AddDays(1) {
			t.Fatalf("%s from month %d: %s to %s, then %s", day, start, q.From, q.To, next.From)
		}
		if goal.QuarterOf(q.From, start) != q || goal.QuarterOf(q.To, start) != q || goal.QuarterOf(next.From, start) != next {
			t.Fatalf("%s to %s is not one quarter", q.From, q.To)
		}
	})
}

func rules() goal.Rules {
	return goal.Rules{Labels: goal.Labels{Goal: "goal", Meta: "meta"}, Cadence: milestone.Handbook(), Team: planning.Team{Holidays: []calendar.Date{date("2018-08-27")}},
		QuarterStart: 1, Zone: time.UTC, Today: date("2018-08-24")}
}

func ids(g goal.Goal) string {
	var list []string
	for _, p := range g.Problems {
		list = append(list, p.ID)
	}
	return strings.Join(list, " ")
}

func TestProblems(t *testing.T) {
	t.Parallel()
	whole := issue.Issue{Labels: []string{"goal", "weight::3"}, Assignees: []string{"ana"}, MilestoneID: 7, Due: date("2018-08-24"), State: issue.Opened}
	with := func(change func(*issue.Issue)) issue.Issue {
		i := whole
		change(&i)
		return i
	}
	piece := []issue.Issue{{State: issue.Opened, CreatedAt: time.Date(2018, 8, 20, 9, 0, 0, 0, time.UTC)}}
	for name, c := range map[string]struct {
		issue  issue.Issue
		pieces []issue.Issue
		want   string
	}{
		"a goal that fits":           {whole, nil, ""},
		"due with its timebox":       {with(func(i *issue.Issue) { i.Due = calendar.Date{} }), nil, ""},
		"a goal without anything":    {issue.Issue{Labels: []string{"goal"}, State: issue.Opened}, nil, "weight-missing owner-missing due-missing"},
		"too large":                  {with(func(i *issue.Issue) { i.Labels = []string{"goal", "weight::8"} }), nil, "weight-split"},
		"off the scale":              {with(func(i *issue.Issue) { i.Labels = []string{"goal", "weight::4"} }), nil, "weight-scale"},
		"overdue":                    {with(func(i *issue.Issue) { i.Due = date("2018-08-23") }), nil, "overdue"},
		"after its timebox":          {with(func(i *issue.Issue) { i.Due = date("2018-08-25") }), nil, "due-late"},
		"in another timebox":         {with(func(i *issue.Issue) { i.Due, i.MilestoneID = date("2018-12-25"), 8 }), nil, ""},
		"a meta goal":                {with(func(i *issue.Issue) { i.Labels = []string{"goal", "meta"} }), piece, ""},
		"a meta goal without pieces": {with(func(i *issue.Issue) { i.Labels, i.Assignees = []string{"goal", "meta"}, nil }), nil, "owner-missing pieces-missing"},
		"due next quarter":           {with(func(i *issue.Issue) { i.Labels, i.Due = []string{"goal", "meta"}, date("2018-12-31") }), piece, ""},
		"due next year":              {with(func(i *issue.Issue) { i.Labels, i.Due = []string{"goal", "meta"}, date("2019-01-01") }), piece, "quarter"},
		"a meta issue":               {issue.Issue{Labels: []string{"meta"}, State: issue.Opened}, piece, ""},
		"an unsliced meta issue":     {issue.Issue{Labels: []string{"meta"}, State: issue.Opened}, nil, "pieces-missing"},
		"no goal":                    {issue.Issue{State: issue.Opened}, nil, ""},
	} {
		if got := ids(rules().Of(c.issue, c.pieces, map[int64]calendar.Date{7: date("2018-08-24")})); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestPieceOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		parent, linked goal.Kind
		want           bool
	}{
		{goal.Quarter, goal.None, true}, {goal.Quarter, goal.Timebox, true}, {goal.Quarter, goal.Quarter, false}, {goal.Quarter, goal.Unsliced, false},
		{goal.Unsliced, goal.Quarter, true}, {goal.Unsliced, goal.Unsliced, false}, {goal.Timebox, goal.None, false}, {goal.None, goal.None, false},
	} {
		if got := goal.PieceOf(c.parent, c.linked); got != c.want {
			t.Errorf("%q of %q: %v", c.linked, c.parent, got)
		}
	}
}

// pieces are some that were finished, one every so many days before today, and some that are open.
func pieces(done, every, open int) (list []issue.Issue) {
	created := time.Date(2018, 5, 1, 9, 0, 0, 0, time.UTC)
	for n := range done {
		list = append(list, issue.Issue{State: issue.Closed, CreatedAt: created, ClosedAt: time.Date(2018, 8, 10, 12, 0, 0, 0, time.UTC).AddDate(0, 0, -n*every)})
	}
	for range open {
		list = append(list, issue.Issue{State: issue.Opened, CreatedAt: created})
	}
	return list
}

// A forecast is on a working day, more open pieces end later, and a team that is slower ends later. A goal that ends after its quarter has
// a problem.
func TestForecast(t *testing.T) {
	t.Parallel()
	meta := issue.Issue{ID: 27, Labels: []string{"goal", "meta"}, Assignees: []string{"ana"}, State: issue.Opened}
	last := date("2018-08-24")
	for _, open := range []int{1, 12} {
		g := rules().Of(meta, pieces(12, 5, open), nil)
		if !g.End.After(last) || g.End.Weekday() == time.Saturday || g.End.Weekday() == time.Sunday || g.End == date("2018-08-27") || g.Done != 12 {
			t.Errorf("%d open: %s after %s", open, g.End, last)
		}
		if late := g.End.After(date("2018-09-30")); late != (ids(g) == "forecast") {
			t.Errorf("%d open until %s: %q", open, g.End, ids(g))
		}
		if slow := rules().Of(meta, pieces(6, 12, open), nil); slow.End.Before(g.End) {
			t.Errorf("%d open: the slow team ends on %s, before %s", open, slow.End, g.End)
		}
		if again := rules().Of(meta, pieces(12, 5, open), nil); again.End != g.End {
			t.Errorf("%s, then %s", g.End, again.End)
		}
		last = g.End
	}
	if g := rules().Of(meta, pieces(0, 1, 3), nil); ids(g) != "forecast" || !g.End.IsZero() {
		t.Errorf("nothing was ever finished: %s, %q", g.End, ids(g))
	}
	if g := rules().Of(meta, pieces(3, 1, 0), nil); ids(g) != "" || !g.End.IsZero() {
		t.Errorf("nothing is left: %s, %q", g.End, ids(g))
	}
	young := pieces(0, 1, 3)
	for n := range young {
		young[n].CreatedAt = time.Date(2018, 8, 20, 9, 0, 0, 0, time.UTC)
	}
	if g := rules().Of(meta, young, nil); ids(g) != "" || !g.End.IsZero() {
		t.Errorf("too young for a forecast: %s, %q", g.End, ids(g))
	}
}
