package handoff

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

// Week is an ISO 8601 week: it starts on Monday and belongs to the year that has most of its days. The zero Week is not a week.
type Week struct{ year, number int }

// WeekOf returns the week of a day.
func WeekOf(d calendar.Date) Week {
	year, number := time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, time.UTC).ISOWeek()
	return Week{year, number}
}

var weekPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(\d{4})-?[Ww](\d{1,2})$`) })

// ParseWeek parses a week such as 2018-W34. A week that its year does not have, such as 2018-W53, is an error.
func ParseWeek(s string) (Week, error) {
	m := weekPattern().FindStringSubmatch(s)
	if m == nil {
		return Week{}, fmt.Errorf("invalid week %q (use a form such as 2018-W34)", s)
	}
	year, _ := strconv.Atoi(m[1])
	number, _ := strconv.Atoi(m[2])
	w := Week{year, number}
	if year == 0 || number == 0 || WeekOf(w.Monday()) != w {
		return Week{}, fmt.Errorf("%04d has no week %d (its last week is %s)", year, number,
			WeekOf(calendar.NewDate(year, time.December, 28)))
	}
	return w, nil
}

// String returns the week in the form 2018-W34.
func (w Week) String() string { return fmt.Sprintf("%04d-W%02d", w.year, w.number) }

// IsZero reports whether w is the zero Week.
func (w Week) IsZero() bool { return w == Week{} }

// Monday returns the first day of the week.
func (w Week) Monday() calendar.Date {
	fourth := calendar.NewDate(w.year, time.January, 4) // 4 January is in the first week of every year
	toMonday := (int(fourth.Weekday()) + 6) % 7
	return fourth.AddDays(7*(w.number-1) - toMonday)
}

// Sunday returns the last day of the week.
func (w Week) Sunday() calendar.Date { return w.Monday().AddDays(6) }

// Add returns the week n weeks later, or earlier if n is negative.
func (w Week) Add(n int) Week { return WeekOf(w.Monday().AddDays(7 * n)) }

// The kinds of the hidden keys that identify log issues and their comments (promise W3).
const (
	LogKind    = "oncall-log"    // a log issue
	ReportKind = "oncall-report" // an issue with the report of a period, without comments of shifts
	NoteKind   = "handoff"       // the comment of a shift, named by the shift's ID
)

// Log describes an issue of the team's on-call log, as it is created if it does not exist yet.
type Log struct {
	Kind, Name  string // of its idempotency key
	Title       string
	Description string
	Since       time.Time // earliest possible creation
}

// early is how long before its period a log issue may be created.
const early = 7 * 24 * time.Hour

// WeekLog returns the log issue of a week: one comment for each shift that starts in it, and the weekly report in its description.
func WeekLog(w Week) Log {
	return Log{
		Kind: LogKind, Name: w.String(), Title: fmt.Sprintf("On-call %s (%s to %s)", w, w.Monday(), w.Sunday()),
		Description: "Hand-off reports of this week, one comment per shift.", Since: w.Monday().Midnight(time.UTC).Add(-early),
	}
}

// ShiftLog returns the log issue of one shift. id is the shift's ID.
func ShiftLog(id string, sh oncall.Shift) Log {
	const layout = "2006-01-02 15:04"
	return Log{
		Kind: LogKind, Name: id, Title: fmt.Sprintf("On-call %s %s to %s UTC", sh.Region, sh.From.UTC().Format(layout),
			sh.To.UTC().Format(layout)),
		Description: "Hand-off report of this shift.", Since: sh.From.UTC().Add(-early),
	}
}

// ReportLog returns the issue for the report of a week, for a log without weekly issues.
func ReportLog(w Week) Log {
	return Log{
		Kind: ReportKind, Name: w.String(), Title: fmt.Sprintf("On-call report %s (%s to %s)", w, w.Monday(), w.Sunday()),
		Since: w.Monday().Midnight(time.UTC).Add(-early),
	}
}

// PeriodLog returns the issue for the report of a period other than a week. Both days are included.
func PeriodLog(from, to calendar.Date) Log {
	return Log{
		Kind: ReportKind, Name: from.String() + "_" + to.String(), Title: fmt.Sprintf("On-call report %s to %s", from, to),
		Since: from.Midnight(time.UTC).Add(-early),
	}
}

// Draft returns the issue to create. Its title mentions nobody, whatever the regions are called. label is the team's name of the label that
// all log issues have.
func (l Log) Draft(label string, confidential bool) issue.Draft {
	return issue.Draft{Title: safetext.Title(l.Title), Description: l.Description, Labels: []string{label}, Confidential: confidential}
}

// IdempotencyKey returns the key of the issue. The search covers issues with the label since the earliest possible creation, so that its
// cost does not grow with the log.
func (l Log) IdempotencyKey(label string) issue.IdempotencyKey {
	return issue.IdempotencyKey{Kind: l.Kind, Name: l.Name, Label: label, Since: l.Since}
}

// NameOfComment returns the name in the key of the nth comment of a shift.
func NameOfComment(shift string, n int) string {
	if n <= 1 {
		return shift
	}
	return fmt.Sprintf("%s/%d", shift, n)
}

// CommentOf returns which comment of a shift has a key with that name: 1 for the first one, 0 if it is not one of the shift.
func CommentOf(name, shift string) int {
	if name == shift {
		return 1
	}
	number, found := strings.CutPrefix(name, shift+"/")
	n, err := strconv.Atoi(number)
	if !found || err != nil || NameOfComment(shift, n) != name {
		return 0
	}
	return n
}
