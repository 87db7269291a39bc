package quickaction

import (
	"regexp"
	"strings"
	"sync"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/edit"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
)

func (a *actions) hasSeverity() bool {
	return a.issue.IsIncident() && (a.fresh || access.MayUpdateIssue(a.by, a.issue))
}

func (a *actions) hasTimeline() bool {
	return a.issue.IsIncident() && access.MayWriteTimeline(a.by, a.issue.Project)
}

func (a *actions) doSeverity(arg string) (string, bool) {
	name, ok := edit.SeverityNamed(arg)
	if !ok {
		return "No severity matches the provided parameter", false
	}
	a.ch.Severity = param.Some(name)
	return "Severity updated to " + strings.ToUpper(name[:1]) + name[1:] + ".", true
}

// doTimeline takes a text and, after a bar, the time at which it occurred: the whole time, or only a time of today.
func (a *actions) doTimeline(arg string) (string, bool) {
	const failed = "Something went wrong while adding timeline event."
	note, when, _ := strings.Cut(arg, "|")
	at, ok := parseMoment(when, a.s.Now())
	if !ok {
		return failed, false
	}
	if _, faults := edit.AddTimelineEvent(a.s, a.issue, a.by, strings.TrimSpace(note), at, nil); len(faults) > 0 {
		return failed, false
	}
	return "Timeline event added successfully.", true
}

var momentPattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:(\d{4})[-.](\d{1,2})[-.](\d{1,2}))?\s*(?:(\d{1,2}:\d{2}))?$`)
})

// parseMoment reads a date, a time of day or both, in UTC. What is missing is taken from now.
func parseMoment(text string, now time.Time) (time.Time, bool) {
	m := momentPattern().FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return time.Time{}, false
	}
	day, clock := now.Format("2006-1-2"), now.Format("15:04")
	if m[1] != "" {
		day = m[1] + "-" + m[2] + "-" + m[3]
	}
	if m[4] != "" {
		clock = m[4]
	}
	at, err := time.Parse("2006-1-2 15:04", day+" "+clock)
	return at, err == nil
}
