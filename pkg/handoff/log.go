package handoff

import (
	"fmt"
	"regexp"
	"strconv"
	"sync"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

// Week is a week by ISO 8601: it begins on Monday and belongs to the year that most of its days are in. The zero Week is none.
type Week struct{ year, number int }

// WeekOf is the week that a day is in.
func WeekOf(d calendar.Date) Week {
	year, number := time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, time.UTC).ISOWeek()
	return Week{year, number}
}

var weekPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(\d{4})-?[Ww](\d{1,2})$`) })

// ParseWeek reads 2018-W34. A week that its year does not have, such as 2018-W53, is an error.
func ParseWeek(s string) (Week, error) {
	m := weekPattern().FindStringSubmatch(s)
	if m == nil {
		return Week{}, fmt.Errorf("%q is no week such as 2018-W34", s)
	}
	year, _ := strconv.Atoi(m[1])
	number, _ := strconv.Atoi(m[2])
	w := Week{year, number}
	if year == 0 || number == 0 || WeekOf(w.Monday()) != w {
		return Week{}, fmt.Errorf("the year %04d has no week %d: its last one is %s", year, number,
			WeekOf(calendar.NewDate(year, time.December, 28)))
	}
	return w, nil
}

// String is 2018-W34.
func (w Week) String() string { return fmt.Sprintf("%04d-W%02d", w.year, w.number) }

// IsZero reports whether w is no week.
func (w Week) IsZero() bool { return w == Week{} }

// Monday is the first day.
func (w Week) Monday() calendar.Date {
	fourth := calendar.NewDate(w.year, time.January, 4) // is in the first week of every year
	toMonday := (int(fourth.Weekday()) + 6) % 7
	return fourth.AddDays(7*(w.number-1) - toMonday)
}

// Sunday is the last day.
func (w Week) Sunday() calendar.Date { return w.Monday().AddDays(6) }

// Add is the week n weeks later, or earlier when n is negative.
func (w Week) Add(n int) Week { return WeekOf(w.Monday().AddDays(7 * n)) }

// The kinds of the hidden keys by which the issues of the log and the comments in them are found (SPEC W3).
const (
	LogKind    = "oncall-log"    // an issue of the log
	ReportKind = "oncall-report" // an issue that holds the report of a period and no comments of shifts
	NoteKind   = "handoff"       // the comment of a shift; its name is the shift's ID
)

// Log is an issue of the team's on-call log, as it is made when it is not there yet.
type Log struct {
	Kind, Name  string // of its key
	Title       string
	Description string
	Since       time.Time // nobody makes it earlier
}

// early is how long before its time somebody may make an issue of the log.
const early = 7 * 24 * time.Hour

// WeekLog is the issue of a week: one comment for each shift that begins in it, and the weekly report in its description.
func WeekLog(w Week) Log {
	return Log{
		Kind: LogKind, Name: w.String(), Title: fmt.Sprintf("On-call %s (%s to %s)", w, w.Monday(), w.Sunday()),
		Description: "What the shifts of the week handed over, one comment for each of them.", Since: w.Monday().Midnight(time.UTC).Add(-early),
	}
}

// ShiftLog is the issue of one shift. id is the shift's ID.
func ShiftLog(id string, sh oncall.Shift) Log {
	const moment = "2006-01-02 15:04"
	return Log{
		Kind: LogKind, Name: id, Title: fmt.Sprintf("On-call %s %s to %s UTC", sh.Region, sh.From.UTC().Format(moment),
			sh.To.UTC().Format(moment)),
		Description: "What this shift handed over.", Since: sh.From.UTC().Add(-early),
	}
}

// ReportLog is the issue that holds the report of a week where the log has none for it.
func ReportLog(w Week) Log {
	return Log{
		Kind: ReportKind, Name: w.String(), Title: fmt.Sprintf("On-call report %s (%s to %s)", w, w.Monday(), w.Sunday()),
		Since: w.Monday().Midnight(time.UTC).Add(-early),
	}
}

// PeriodLog is the issue that holds the report of the days from the first up to and with the last, when they are not seven.
func PeriodLog(from, to calendar.Date) Log {
	return Log{
		Kind: ReportKind, Name: from.String() + "_" + to.String(), Title: fmt.Sprintf("On-call report %s to %s", from, to),
		Since: from.Midnight(time.UTC).Add(-early),
	}
}

// Draft is the issue that is to be made. Its title pings nobody, whatever regions are called.
// label is what all issues of the log carry, in the team's own words.
func (l Log) Draft(label string, confidential bool) issue.Draft {
	return issue.Draft{Title: safetext.Title(l.Title), Description: l.Description, Labels: []string{label}, Confidential: confidential}
}

// Once is how the issue is found again: among those with the label that are no older than it can be,
// so that a log of many years is no matter.
func (l Log) IdempotencyKey(label string) issue.IdempotencyKey {
	return issue.IdempotencyKey{Kind: l.Kind, Name: l.Name, Label: label, Since: l.Since}
}
