package oncall

import (
	"fmt"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
)

const hour = 60 * 60 // seconds

// String returns a period as written in the configuration: 1w, 3d, 12h.
func (p Period) String() string {
	switch {
	case p.Days > 0 && p.Days%7 == 0:
		return fmt.Sprintf("%dw", p.Days/7)
	case p.Days > 0:
		return fmt.Sprintf("%dd", p.Days)
	}
	return fmt.Sprintf("%dh", p.Hours)
}

func (p Period) valid() bool { return p.Days > 0 && p.Hours == 0 || p.Days == 0 && p.Hours > 0 }

// memberAt returns the member on call at a time; empty without a rotation. Turns extend in both directions without end.
func (r *Region) memberAt(t time.Time) string {
	if !r.hasRotation() {
		return ""
	}
	members := r.Rotation.Members
	return members[modulo(r.turnIndex(t), len(members))]
}

func (r *Region) hasRotation() bool {
	return r.Rotation != nil && len(r.Rotation.Members) > 0 && r.Rotation.Period.valid()
}

// turnEnd returns the start of the next turn after t.
func (r *Region) turnEnd(t time.Time) time.Time {
	n := r.turnIndex(t) + 1
	for !r.turnStart(n).After(t) { // turns whose days do not exist in the time zone
		n++
	}
	return r.turnStart(n)
}

// turnIndex returns the number of the turn at t: 0 is the first member's at the start of the rotation.
func (r *Region) turnIndex(t time.Time) int {
	p := r.Rotation.Period
	n := 0
	if p.Hours > 0 {
		n = floor(int(t.Unix()-r.turnStart(0).Unix()), p.Hours*hour)
	} else {
		n = floor(calendar.DateOf(t.In(r.zone())).DaysSince(r.Rotation.Start), p.Days)
	}
	for r.turnStart(n).After(t) {
		n--
	}
	for !r.turnStart(n + 1).After(t) {
		n++
	}
	return n
}

// turnStart returns the start of a turn. Days follow the calendar of the region, hours are exactly 60 minutes.
func (r *Region) turnStart(n int) time.Time {
	p := r.Rotation.Period
	first, _ := r.Rotation.Start.AddDays(n*p.Days).Clock(r.Rotation.Handover, r.zone())
	return time.Unix(first.Unix()+int64(n)*int64(p.Hours)*hour, 0).UTC()
}

// floor returns a divided by b, rounded down, also below 0.
func floor(a, b int) int { return (a - modulo(a, b)) / b }

func modulo(a, b int) int { return (a%b + b) % b }
