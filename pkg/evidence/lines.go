package evidence

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/incident"
)

// Lines are the facts that the templates of earlier years state in one line each. A line that is missing, empty or unclear is unknown, and
// so are several lines that contradict each other.
type Lines struct {
	Minutes  *time.Duration // "Minutes downtime or degradation : 14"
	From, To time.Time      // "Customer Impact Duration: 15:28 UTC - 15:42 UTC (14 minutes)"; UTC
	Services []string       // "Service(s) affected : registry, api"
	Team     string         // "Team attribution : storage"
}

type patterns struct{ minutes, impact, services, team, comment, fence, amount, clocks *regexp.Regexp }

// A line may be an item of a list, emphasized or the cell of a table.
var lines = sync.OnceValue(func() patterns {
	line := func(words string) *regexp.Regexp {
		return regexp.MustCompile(`(?im)^[ \t>*_|+-]*` + words + `[ \t*_]*(?::|\|)[ \t*_]*(.*)$`)
	}
	const clock = `(?:(\d{4}-\d\d-\d\d) )?(\d\d:\d\d)(?: ?UTC)?`
	return patterns{
		minutes:  line(`Minutes (?:of )?(?:downtime|degradation)(?: (?:or|/|and) (?:downtime|degradation))?`),
		impact:   line(`Customer Impact Duration`),
		services: line(`Service(?:\(s\)|s)? affected`),
		team:     line(`Team attribution`),
		comment:  regexp.MustCompile(`(?s)<!--.*?(?:-->|$)`),
		fence:    regexp.MustCompile("(?ms)^ {0,3}(?:```|~~~).*?(?:^ {0,3}(?:```|~~~)[ \t]*$|\\z)"),
		amount:   regexp.MustCompile(`(?i)^(?:(\d{1,4}) ?(?:h|hours?))?(?: ?(\d{1,6})(?:[.,](\d{1,6}))? ?(?:m|min|mins|minutes?)?)?[ .]*$`),
		clocks:   regexp.MustCompile(`(?i)^` + clock + ` ?(?:-|–|—|to) ?` + clock + `(?: ?\(.*\))?[ .]*$`),
	}
})

// LinesOf reads the lines in the description of an incident. Hidden comments and code blocks, such as the record, do not count. A time of
// day is on the UTC date on which the issue was created, or on the day before if it would be more than twelve hours later: people open the
// issue after an outage began. An end that is earlier than its start is on the next day.
func LinesOf(i incident.Incident) Lines {
	p := lines()
	text := strings.ReplaceAll(i.Issue.Description, "\r", "")
	text = p.comment.ReplaceAllString(p.fence.ReplaceAllString(text, ""), "")
	var out Lines
	out.Minutes = only(p.minutes, text, minutesOf)
	if span := only(p.impact, text, func(s string) (span, bool) { return spanOf(s, i.Issue.CreatedAt) }); span != nil {
		out.From, out.To = span.from, span.to
	}
	if names := only(p.services, text, func(s string) (string, bool) { return s, true }); names != nil {
		out.Services = serviceNames(*names)
	}
	if team := only(p.team, text, func(s string) (string, bool) { return strings.TrimLeft(s, "~@"), true }); team != nil {
		out.Team = strings.Trim(*team, `"`)
	}
	return out
}

// only returns the value of the line; nil if none is filled in, one cannot be read, or two differ.
func only[T comparable](line *regexp.Regexp, text string, parse func(string) (T, bool)) *T {
	var found *T
	for _, m := range line.FindAllStringSubmatch(text, -1) {
		value := strings.Trim(m[1], " \t*_|`")
		if value == "" {
			continue
		}
		got, ok := parse(value)
		if !ok || found != nil && *found != got {
			return nil
		}
		found = &got
	}
	return found
}

// minutesOf reads an amount such as 14, 14 minutes, 2.5 min or 1h 30m.
func minutesOf(s string) (time.Duration, bool) {
	m := lines().amount.FindStringSubmatch(s)
	if m == nil || m[1] == "" && m[2] == "" {
		return 0, false
	}
	hours, _ := strconv.Atoi("0" + m[1])
	minutes, _ := strconv.Atoi("0" + m[2])
	parts, _ := strconv.ParseInt((m[3] + "000000")[:6], 10, 64) // millionths of a minute are whole nanoseconds
	return time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute + time.Duration(parts)*time.Minute/1e6, true
}

type span struct{ from, to time.Time }

// spanOf reads two times of day, each with a date or without one.
func spanOf(s string, created time.Time) (span, bool) {
	m := lines().clocks.FindStringSubmatch(s)
	if m == nil {
		return span{}, false
	}
	day := created.UTC().Format(time.DateOnly)
	from, err := time.Parse(time.DateOnly+" 15:04", firstWord(m[1], day)+" "+m[2])
	to, err2 := time.Parse(time.DateOnly+" 15:04", firstWord(m[3], firstWord(m[1], day))+" "+m[4])
	if err != nil || err2 != nil {
		return span{}, false
	}
	if m[1] == "" && m[3] == "" && from.Sub(created) > 12*time.Hour {
		from, to = from.AddDate(0, 0, -1), to.AddDate(0, 0, -1)
	}
	if m[3] == "" && to.Before(from) {
		to = to.AddDate(0, 0, 1)
	}
	return span{from, to}, !to.Before(from)
}

func firstWord(list ...string) string {
	n := slices.IndexFunc(list, func(s string) bool { return s != "" })
	return list[max(n, 0)]
}

// serviceNames splits names at commas; labels such as ~"service:api" give the name alone.
func serviceNames(s string) (list []string) {
	for name := range strings.SplitSeq(s, ",") {
		name = strings.Trim(name, " \t~\"`")
		if _, after, scoped := strings.Cut(name, ":"); scoped {
			name = strings.Trim(after, " :")
		}
		if name != "" && !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	return list
}
