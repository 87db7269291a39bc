package budget

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/goal"
)

// Period is the length of a window: a number of days such as 28d, month or quarter.
type Period string

// The periods of the calendar.
const (
	Month   Period = "month"
	Quarter Period = "quarter"
)

// MaxDays is the longest window in days.
const MaxDays = 3660

// ParsePeriod parses 28d, month or quarter, in any letter case.
func ParsePeriod(s string) (Period, error) {
	word := strings.ToLower(strings.TrimSpace(s))
	if p := Period(word); p == Month || p == Quarter {
		return p, nil
	}
	days, ok := strings.CutSuffix(word, "d")
	n, err := strconv.ParseUint(days, 10, 16)
	switch {
	case !ok || err != nil:
		return "", fmt.Errorf("invalid window %q (use a number of days such as 28d, month or quarter)", s)
	case n == 0 || n > MaxDays:
		return "", fmt.Errorf("window %q is out of range (1d to %dd)", s, MaxDays)
	}
	return Period(strconv.FormatUint(n, 10) + "d"), nil
}

// Days returns the number of days of a period that is not one of the calendar.
func (p Period) Days() (n int, ok bool) {
	days, ok := strings.CutSuffix(string(p), "d")
	n, err := strconv.Atoi(days)
	return n, ok && err == nil
}

// Window is the time that a budget is for: whole days in the team's time zone. What happened after Now is not known yet.
type Window struct {
	Period   Period
	From, To time.Time // UTC; To is the first instant after the window
	Now      time.Time // UTC; not before From and not after To
}

// Window returns the window that contains an instant: the month or the quarter of its day, or the given number of days, the last of which
// is its day. A day on which the clocks change has its real length. What is known ends with the last full second. quarterStart is a month
// in which a quarter begins.
func (p Period) Window(at time.Time, zone *time.Location, quarterStart int) Window {
	if zone == nil {
		zone = time.UTC
	}
	today := calendar.DateOf(at.In(zone))
	from, last := today, today
	n, rolling := p.Days()
	switch {
	case p == Month:
		from = calendar.NewDate(today.Year(), today.Month(), 1)
		last = calendar.NewDate(today.Year(), today.Month()+1, 1).AddDays(-1)
	case p == Quarter:
		q := goal.QuarterOf(today, quarterStart)
		from, last = q.From, q.To
	case rolling:
		from = today.AddDays(1 - n)
	}
	return Window{Period: p, From: from.Midnight(zone).UTC(), To: last.AddDays(1).Midnight(zone).UTC(), Now: at.UTC().Truncate(time.Second)}
}

// Rolling reports whether the window moves on with every day, so that old outages leave it.
func (w Window) Rolling() bool {
	_, rolling := w.Period.Days()
	return rolling
}

// Length returns how long the window is.
func (w Window) Length() time.Duration { return w.To.Sub(w.From) }

// Elapsed returns how much of the window is over.
func (w Window) Elapsed() time.Duration { return w.known().length() }

// known is the part of the window that is over.
func (w Window) known() spans {
	to := w.To
	if w.Now.Before(to) {
		to = w.Now
	}
	return spans{{w.From, to}}.merged()
}

// horizon is how far a projection looks ahead: to the end of the window, or as many days as a rolling window has.
func (w Window) horizon() time.Time {
	if w.Rolling() {
		return w.Now.Add(w.Length())
	}
	return w.To
}
