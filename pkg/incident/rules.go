package incident

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
)

var datedTitle = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\d{4}-\d{2}-\d{2}\s*:`) })

// Title returns the title of an incident: the text after the UTC date of its start, "2018-08-24: Registry returns 500s".
// A text that starts with a date keeps it.
func Title(text string, started time.Time) string {
	text = strings.Join(strings.Fields(text), " ")
	if !datedTitle().MatchString(text) {
		text = started.UTC().Format(time.DateOnly) + ": " + text
	}
	return text
}

// cut shortens a text to a number of characters, with an ellipsis.
func cut(text string, limit int) string {
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	return strings.TrimRight(string([]rune(text)[:limit-1]), " ") + "…"
}

// Answer is yes, no or unknown.
type Answer string

// The answers.
const (
	Yes   Answer = "yes"
	No    Answer = "no"
	Maybe Answer = "unknown"
)

// Due is the decision on a review, with the reason as a phrase.
type Due struct {
	Answer Answer
	Reason string
}

// ReviewDue decides whether a review is due: for an S1 or S2 that lasted longer than the given time, and if data may have been lost
// (handbook, "Post-mortem"). An incident lasts from its start until it is resolved, or until now. The review is due until it is held.
func (i Incident) ReviewDue(now time.Time, after time.Duration) Due {
	switch {
	case i.State == Reviewed:
		return Due{No, "already reviewed"}
	case i.Record.DataLoss:
		return Due{Yes, "data may have been lost"}
	case i.Severity == S3 || i.Severity == S4:
		return Due{No, "severity " + string(i.Severity)}
	}
	lasted, known := i.lasted(now)
	severity := i.Severity.String()
	switch {
	case known && lasted <= after && i.State.Over():
		return Due{No, "it lasted " + Span(lasted) + ", not longer than " + Span(after)}
	case i.Severity == UnknownSeverity:
		return Due{Maybe, "severity unknown"}
	case !known:
		return Due{Maybe, "severity " + severity + ", but duration unknown"}
	case lasted <= after:
		return Due{No, severity + " has not lasted longer than " + Span(after) + " yet"}
	case i.State.Over():
		return Due{Yes, severity + " lasted " + Span(lasted) + ", longer than " + Span(after)}
	}
	return Due{Yes, severity + " has lasted longer than " + Span(after)}
}

// lasted is the time from the start until the incident was resolved, or until now.
func (i Incident) lasted(now time.Time) (time.Duration, bool) {
	start, end := i.Record.StartedAt, i.Record.ResolvedAt
	if end.IsZero() && !i.State.Over() {
		end = now
	}
	if start.IsZero() || end.IsZero() || end.Before(start) {
		return 0, false
	}
	return end.Sub(start), true
}

// CloseOnResolve reports whether resolving closes the issue: if requested, or if it is certain that no review is due.
func CloseOnResolve(requested bool, review Due) bool { return requested || review.Answer == No }

// ActionDays are the days until a corrective action is due, by the severity of its incident.
type ActionDays struct{ S1, S2, S3, S4 int }

// Due returns the due date of a corrective action. An unknown severity counts as S4.
func (d ActionDays) Due(s Severity, today calendar.Date) calendar.Date {
	days := map[Severity]int{S1: d.S1, S2: d.S2, S3: d.S3}
	n, known := days[s]
	if !known {
		n = d.S4
	}
	return today.AddDays(n)
}

// Span formats a duration for a sentence: 45m, 2h 5m, 3d 4h.
func Span(d time.Duration) string {
	minutes := int(d / time.Minute)
	days, hours, rest := minutes/(24*60), minutes/60%24, minutes%60
	switch {
	case days > 0 && hours > 0:
		return fmt.Sprintf("%dd %dh", days, hours)
	case days > 0:
		return fmt.Sprintf("%dd", days)
	case hours > 0 && rest > 0:
		return fmt.Sprintf("%dh %dm", hours, rest)
	case hours > 0:
		return fmt.Sprintf("%dh", hours)
	}
	return fmt.Sprintf("%dm", minutes)
}
