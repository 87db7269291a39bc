package planning

import (
	"fmt"
	"slices"

	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
)

// Labels are the team's names of the labels that planning uses.
type Labels struct {
	Blocked     string
	Goal        string
	Meta        string
	CarriedOver string
	Unscheduled string
	Theme       string // of the timebox; empty: none
}

// The ids of problems in addition to those of [board.Reason].
const (
	TooBig   = "weight-split"
	NoWeight = "weight-missing"
	Carried  = "carried-over"
	Blocked  = "blocked"
	OffTheme = "theme"
)

// StaleAfter is how often an issue is carried over before it is a problem.
const StaleAfter = 2

// Finding is a planned issue with its problems, of which there is at least one.
type Finding struct {
	Issue    issue.Issue
	Carried  int // how often it was carried over; 0: unknown or never
	Problems []board.Reason
}

// Check returns the open issues that were planned and have problems, in their order. carried returns how often
// an issue was carried over.
func Check(issues []issue.Issue, names Labels, carried func(issue.Issue) int) (list []Finding) {
	for _, i := range issues {
		if !i.Open() || i.Has(names.Unscheduled) {
			continue
		}
		f := Finding{Issue: i, Carried: carried(i), Problems: board.Unready(i, names.Meta)}
		if f.Carried >= StaleAfter {
			f.Problems = append(f.Problems, board.Reason{ID: Carried, Text: fmt.Sprintf("carried over %d times", f.Carried)})
		}
		if names.Blocked != "" && i.Has(names.Blocked) {
			f.Problems = append(f.Problems, board.Reason{ID: Blocked, Text: "blocked"})
		}
		if names.Theme != "" && !i.Has(names.Theme) {
			f.Problems = append(f.Problems, board.Reason{ID: OffTheme, Text: fmt.Sprintf("without the label %q of the theme", names.Theme)})
		}
		if len(f.Problems) > 0 {
			list = append(list, f)
		}
	}
	return list
}

// Goals returns the goals among the issues: what the team commits to in this timebox. A goal with the meta label is one for the quarter.
func Goals(issues []issue.Issue, names Labels) []issue.Issue {
	return slices.DeleteFunc(slices.Clone(issues), func(i issue.Issue) bool { return !i.Has(names.Goal) || i.Has(names.Meta) })
}

// CarriedOver counts how often an issue was carried over, from its milestone events: how often it was put into another milestone when the
// one that it was in had ended. A milestone that no longer exists cannot be judged. The label says that it was at least once.
func CarriedOver(events []issue.Event, all []milestone.Milestone, day func(issue.Event) calendar.Date) int {
	due := map[int64]calendar.Date{}
	for _, m := range all {
		due[m.ID] = m.Due
	}
	n, last := 0, int64(0)
	for _, e := range events {
		if e.Action != "add" || e.ID == last {
			continue
		}
		if end := due[last]; !end.IsZero() && !day(e).Before(end) {
			n++
		}
		last = e.ID
	}
	return max(1, n)
}
