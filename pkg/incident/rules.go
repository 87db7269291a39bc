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

// titleLimit is how many characters GitLab stores of an issue's title.
const titleLimit = 255

var datedTitle = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\d{4}-\d{2}-\d{2}\s*:`) })

// Title is the title of an incident: what was said behind the UTC date on which it began, "2018-08-24: Registry returns 500s".
// A text that has a date already keeps it. What is longer than GitLab stores is cut, with an ellipsis.
func Title(text string, began time.Time) string {
	text = strings.Join(strings.Fields(text), " ")
	if !datedTitle().MatchString(text) {
		text = began.UTC().Format(time.DateOnly) + ": " + text
	}
	return cut(text, titleLimit)
}

// cut is a text of at most so many characters.
func cut(text string, limit int) string {
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	return strings.TrimRight(string([]rune(text)[:limit-1]), " ") + "…"
}

// Answer is yes, no, or that what is recorded does not tell.
type Answer string

// The answers.
const (
	Yes   Answer = "yes"
	No    Answer = "no"
	Maybe Answer = "unknown"
)

// Due is whether a review is due and why, in a sentence.
type Due struct {
	Answer Answer
	Reason string
}

// ReviewDue tells whether an incident wants a review: S1 and S2 that lasted longer than after, and whatever may have lost data
// (handbook, "Post-mortem"). Lasting is from the start until it was resolved, or until now. It is due until it is held.
func (i Incident) ReviewDue(now time.Time, after time.Duration) Due {
	switch {
	case i.State == Reviewed:
		return Due{No, "the review is held"}
	case i.Record.DataLoss:
		return Due{Yes, "data may have been lost"}
	case i.Severity == S3 || i.Severity == S4:
		return Due{No, string(i.Severity) + " needs none"}
	}
	lasted, known := i.lasted(now)
	severity := i.Severity.String()
	switch {
	case known && lasted <= after && i.State.Over():
		return Due{No, "it lasted " + Span(lasted) + ", not over " + Span(after)}
	case i.Severity == UnknownSeverity:
		return Due{Maybe, "the severity is not known"}
	case !known:
		return Due{Maybe, "how long the " + severity + " lasted is not known"}
	case lasted <= after:
		return Due{No, "the " + severity + " has not lasted over " + Span(after) + " yet"}
	case i.State.Over():
		return Due{Yes, severity + " lasted " + Span(lasted) + ", over " + Span(after)}
	}
	return Due{Yes, severity + " lasts for over " + Span(after)}
}

// lasted is from the start until the cause was gone, or until now.
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

// CloseOnResolve reports whether resolving closes the issue: when it was asked for, or when it is certain that no review is due.
func CloseOnResolve(asked bool, review Due) bool { return asked || review.Answer == No }

// ActionDays are the days to carry out a corrective action of an incident, by its severity.
type ActionDays struct{ S1, S2, S3, S4 int }

// Due is the day until which a corrective action is to be carried out. One of an incident of unknown severity counts as S4.
func (d ActionDays) Due(s Severity, today calendar.Date) calendar.Date {
	days := map[Severity]int{S1: d.S1, S2: d.S2, S3: d.S3}
	n, known := days[s]
	if !known {
		n = d.S4
	}
	return today.AddDays(n)
}

// Span is a length of time for a sentence: 45 min, 2 h 5 min, 3 d 4 h.
func Span(d time.Duration) string {
	minutes := int(d / time.Minute)
	days, hours, rest := minutes/(24*60), minutes/60%24, minutes%60
	switch {
	case days > 0 && hours > 0:
		return fmt.Sprintf("%d d %d h", days, hours)
	case days > 0:
		return fmt.Sprintf("%d d", days)
	case hours > 0 && rest > 0:
		return fmt.Sprintf("%d h %d min", hours, rest)
	case hours > 0:
		return fmt.Sprintf("%d h", hours)
	}
	return fmt.Sprintf("%d min", minutes)
}
