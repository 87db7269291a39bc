package goal

import (
	"fmt"
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/forecast"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/planning"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// Span is a period of days, such as a quarter. Both days are part of it.
type Span struct{ From, To calendar.Date }

// QuarterOf returns the quarter that contains a day. start is a month in which a quarter begins, from 1 to 12.
func QuarterOf(day calendar.Date, start int) Span {
	back := ((int(day.Month())-start)%3 + 3) % 3
	from := calendar.NewDate(day.Year(), day.Month()-time.Month(back), 1)
	return Span{from, calendar.NewDate(from.Year(), from.Month()+3, 1).AddDays(-1)}
}

// Next returns the quarter after this one.
func (q Span) Next() Span { return QuarterOf(q.To.AddDays(1), int(q.To.AddDays(1).Month())) }

// PieceOf reports whether a linked issue of a kind is a piece of a larger one: a meta goal is a piece of a meta issue, and every other
// issue is a piece of both.
func PieceOf(parent, linked Kind) bool {
	switch parent {
	case Quarter:
		return linked == None || linked == Timebox
	case Unsliced:
		return linked != Unsliced
	}
	return false
}

// Rules are what goals are checked by.
type Rules struct {
	Labels       Labels
	Cadence      milestone.Cadence
	Team         planning.Team
	QuarterStart int // a month in which a quarter begins
	Zone         *time.Location
	Today        calendar.Date
}

// Goal is a goal, or a meta issue, with what is known about it.
type Goal struct {
	Issue    issue.Issue
	Kind     Kind
	Pieces   []issue.Issue
	Done     int           // of the pieces
	End      calendar.Date // when the last piece is finished with a chance of 85 %; zero: no forecast
	Problems []board.Reason
}

// The chance of a forecast in percent, its longest range in working days, and the number of timeboxes that it learns from.
const (
	chance  = 85
	longest = 520
	history = 6
)

// Of returns a goal with its problems. ends has the last day of each open timebox by the id of its milestone.
func (r Rules) Of(i issue.Issue, pieces []issue.Issue, ends map[int64]calendar.Date) Goal {
	g := Goal{Issue: i, Kind: r.Labels.Of(i), Pieces: pieces}
	for _, p := range pieces {
		if !p.Open() {
			g.Done++
		}
	}
	late := false
	if left := len(pieces) - g.Done; left > 0 {
		g.End, late = r.end(g, left)
	}
	switch g.Kind {
	case Timebox:
		g.Problems = r.timebox(i, ends[i.MilestoneID])
	case Quarter:
		g.Problems = r.quarter(g, late)
	case Unsliced:
		g.Problems = sliced(g)
	}
	return g
}

// problems collects reasons.
type problems []board.Reason

func (p *problems) add(found bool, id, format string, args ...any) {
	if found {
		*p = append(*p, board.Reason{ID: id, Text: fmt.Sprintf(format, args...)})
	}
}

// timebox checks a goal: it has an owner and a weight that fits, and is due before its timebox ends.
func (r Rules) timebox(i issue.Issue, end calendar.Date) []board.Reason {
	var p problems
	for _, reason := range board.Unready(i, "") {
		p.add(reason.ID != "criteria-missing", reason.ID, "%s", reason.Text)
	}
	p.add(len(i.Assignees) == 0, "owner-missing", "no owner (assign somebody)")
	p.add(i.Due.IsZero() && i.MilestoneID == 0, "due-missing", "no due date and no timebox (set one of them)")
	p.overdue(i, r.Today)
	p.add(!i.Due.IsZero() && !end.IsZero() && i.Due.After(end), "due-late", "due %s is after its timebox ends on %s", i.Due, end)
	return p
}

func (p *problems) overdue(i issue.Issue, today calendar.Date) {
	p.add(i.Open() && !i.Due.IsZero() && i.Due.Before(today), "overdue", "overdue since %s", i.Due)
}

// quarter checks a meta goal: it has an owner and pieces, and is likely to end in its quarter, which is the one of its due date.
func (r Rules) quarter(g Goal, late bool) []board.Reason {
	var p problems
	now := QuarterOf(r.Today, r.QuarterStart)
	own := now
	if due := g.Issue.Due; !due.IsZero() && due.After(now.To) {
		own = QuarterOf(due, r.QuarterStart)
	}
	p.add(len(g.Issue.Assignees) == 0, "owner-missing", "no owner (assign somebody)")
	p = append(p, sliced(g)...)
	p.overdue(g.Issue, r.Today)
	p.add(own.From.After(now.Next().To), "quarter", "due %s is more than a quarter away: it does not fit a quarter", g.Issue.Due)
	p.add(late, "forecast", "its last piece is not likely to be finished within two years")
	p.add(!g.End.IsZero() && g.End.After(own.To), "forecast", "likely to end on %s, after its quarter ends on %s", g.End, own.To)
	return p
}

// sliced checks that a larger issue has pieces.
func sliced(g Goal) []board.Reason {
	var p problems
	p.add(len(g.Pieces) == 0, "pieces-missing", "no linked pieces (prodctl goal slice %s \"piece\" \"piece\")", g.Issue.Ref)
	return p
}

// end simulates when the pieces that are left are finished, from those that were finished in the timeboxes before. late is true if that is
// beyond the range of a forecast. Both are zero without three finished timeboxes since the first piece.
func (r Rules) end(g Goal, left int) (day calendar.Date, late bool) {
	past := r.past(g.Pieces)
	if len(past) < forecast.Least {
		return calendar.Date{}, false
	}
	if !slices.ContainsFunc(past, func(t forecast.Timebox) bool { return t.Total().Issues > 0 }) {
		return calendar.Date{}, true
	}
	days, ok := forecast.Days(past, left, chance, longest, uint64(g.Issue.ID))
	if !ok {
		return calendar.Date{}, true
	}
	return r.workingDay(days), false
}

// past is what was finished of the pieces in the last timeboxes since the first piece was created.
func (r Rules) past(pieces []issue.Issue) (boxes []forecast.Timebox) {
	first := r.day(stable.Sorted(pieces, func(a, b issue.Issue) int { return a.CreatedAt.Compare(b.CreatedAt) })[0].CreatedAt)
	oldest, box := r.Cadence.At(first).Start, r.Cadence.Previous(r.Cadence.At(r.Today))
	for ; !box.Start.Before(oldest) && len(boxes) < history; box = r.Cadence.Previous(box) {
		next := r.Cadence.Next(box).Start
		in := slices.DeleteFunc(slices.Clone(pieces), func(p issue.Issue) bool {
			closed := r.day(p.ClosedAt)
			return p.Open() || closed.Before(box.Start) || !closed.Before(next)
		})
		boxes = append(boxes, r.Team.Finished(box, in, r.Zone))
	}
	slices.Reverse(boxes)
	return boxes
}

func (r Rules) day(t time.Time) calendar.Date { return calendar.DateOf(t.In(r.Zone)) }

// workingDay is the nth working day after today.
func (r Rules) workingDay(n int) calendar.Date {
	day := r.Today
	for n > 0 {
		day = day.AddDays(1)
		if w := day.Weekday(); w != time.Saturday && w != time.Sunday && !slices.Contains(r.Team.Holidays, day) {
			n--
		}
	}
	return day
}

// ByKind is the order of a list: goals of the timebox first, then meta goals, then meta issues; each by due date, those without last.
func ByKind(a, b Goal) int {
	order := []Kind{Timebox, Quarter, Unsliced}
	if d := slices.Index(order, a.Kind) - slices.Index(order, b.Kind); d != 0 {
		return d
	}
	if a.Issue.Due.IsZero() != b.Issue.Due.IsZero() {
		if a.Issue.Due.IsZero() {
			return 1
		}
		return -1
	}
	if d := a.Issue.Due.Compare(b.Issue.Due); d != 0 {
		return d
	}
	return int(a.Issue.ID - b.Issue.ID)
}
