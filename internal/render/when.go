package render

import (
	"fmt"
	"time"
)

// clock is the reader's: where it hangs, and what it shows.
type clock struct {
	in  *time.Location
	now time.Time
}

// stamp is how an instant stands on a page; always in UTC, which is what people in several time zones talk in.
const stamp = "2006-01-02 15:04"

// moment is an instant in UTC; what is none stays as it is.
func moment(s string) string {
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return s
	}
	return at.UTC().Format(stamp + " UTC")
}

// brief is an instant in UTC, of today without its date.
func (c clock) brief(s string) string {
	at, err := time.Parse(time.RFC3339, s)
	if err != nil || dayOf(at) != dayOf(c.now) {
		return moment(s)
	}
	return at.UTC().Format("15:04 UTC")
}

func dayOf(at time.Time) string { return at.UTC().Format(time.DateOnly) }

// window is the time from one instant to another in UTC, and behind it on the reader's clock where that is another one. The end is left
// out when it is not known.
func (c clock) window(from, to string) string {
	start, end, ok := ends(from, to)
	if !ok || c.onUTC(start) && c.onUTC(end) {
		return utcWindow(from, to)
	}
	here, there := start.In(c.in), end.In(c.in)
	local := period(here, there)
	if day := here.Format(time.DateOnly); day == dayOf(start) && day == there.Format(time.DateOnly) {
		local = hours(here, there)
	}
	return utcWindow(from, to) + ", " + local + " in " + c.place(start)
}

// utcWindow is the same in UTC alone, as a table has it.
func utcWindow(from, to string) string {
	start, end, ok := ends(from, to)
	if !ok {
		return from
	}
	return period(start.UTC(), end.UTC()) + " UTC"
}

// ends are the two instants; a window without an end is its start.
func ends(from, to string) (start, end time.Time, ok bool) {
	start, err := time.Parse(time.RFC3339, from)
	if err != nil {
		return start, start, false
	}
	end, err = time.Parse(time.RFC3339, to)
	if err != nil {
		end = start
	}
	return start, end, true
}

// slot is how long a window is.
func slot(from, to string) string {
	start, end, ok := ends(from, to)
	if !ok || !start.Before(end) {
		return ""
	}
	return lasting(int(end.Sub(start).Minutes()))
}

// period leaves out what both ends have in common.
func period(from, to time.Time) string {
	switch {
	case from.Equal(to):
		return from.Format(stamp)
	case from.Format(time.DateOnly) == to.Format(time.DateOnly):
		return from.Format(time.DateOnly) + " " + hours(from, to)
	}
	return from.Format(stamp) + " to " + to.Format(stamp)
}

func hours(from, to time.Time) string {
	if from.Equal(to) {
		return from.Format("15:04")
	}
	return from.Format("15:04") + "-" + to.Format("15:04")
}

// onUTC reports whether the reader's clock shows UTC.
func (c clock) onUTC(at time.Time) bool {
	_, offset := at.In(c.in).Zone()
	return offset == 0
}

// place names the reader's time zone; a machine's own has no name but its abbreviation.
func (c clock) place(at time.Time) string {
	if c.in == time.Local {
		return at.In(c.in).Format("MST")
	}
	return c.in.String()
}

// lasting is a number of minutes in words.
func lasting(minutes int) string {
	minutes = max(minutes, 0)
	hours, days := minutes/60, minutes/(24*60)
	switch {
	case minutes < 60:
		return fmt.Sprintf("%d min", minutes)
	case hours < 48 && minutes%60 == 0:
		return fmt.Sprintf("%d h", hours)
	case hours < 48:
		return fmt.Sprintf("%d h %d min", hours, minutes%60)
	case hours%24 == 0:
		return fmt.Sprintf("%d d", days)
	}
	return fmt.Sprintf("%d d %d h", days, hours%24)
}

// age is empty where it is not known, in words for people and in minutes for programs.
func age(minutes *int) cell {
	c := optional(minutes)
	if minutes != nil {
		c.span = t(lasting(*minutes))
	}
	return c
}
