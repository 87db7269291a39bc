package history

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// The system notes that GitLab adds to an issue when it changes.
var (
	userPattern         = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`@([A-Za-z0-9_.][A-Za-z0-9_.-]*)`) })
	confidentialPattern = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^made the [a-z ]+ (confidential|visible to everyone)$`)
	})
	duePattern = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(?:changed due date to ([A-Z][a-z]+ \d{1,2}, \d{4})|removed due date(?: ([A-Z][a-z]+ \d{1,2}, \d{4}))?)$`)
	})
	typePattern     = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^changed type from (\w+) to (\w+)$`) })
	severityPattern = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^changed the severity to \*\*(\w+)`)
	})
	movedPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^moved to \S+#\d+`) })
)

// undoLater passes later system notes to undo, newest first, until it returns false because it does not understand one.
func (r *reconstruction) undoLater(undo func(body string) bool) bool {
	for _, n := range slices.Backward(r.Notes) {
		if n.System && r.later(n.CreatedAt) && !undo(n.Body) {
			return false
		}
	}
	return true
}

// assignees restores the assignees: the current ones without later additions, and with later removals.
func (r *reconstruction) assignees() {
	assignees, restored := slices.Clone(r.now.Assignees), false
	has := func(name string) bool { return slices.Contains(assignees, name) }
	ok := r.undoLater(func(body string) bool {
		assigned, unassigned, ok := assignment(body)
		if !ok || slices.ContainsFunc(unassigned, has) || slices.ContainsFunc(assigned, func(name string) bool { return !has(name) }) {
			return ok && len(assigned)+len(unassigned) == 0
		}
		assignees = append(slices.DeleteFunc(assignees, func(name string) bool { return slices.Contains(assigned, name) }), unassigned...)
		restored = restored || len(unassigned) > 0
		return true
	})
	if !ok {
		r.addUnknown("assignees unknown: the current ones are used")
		return
	}
	if restored {
		slices.Sort(assignees) // their order is unknown
	}
	var ids []int64
	for _, name := range assignees {
		if at := slices.Index(r.now.Assignees, name); at >= 0 && at < len(r.now.AssigneeIDs) {
			ids = append(ids, r.now.AssigneeIDs[at])
		}
	}
	r.past.Assignees, r.past.AssigneeIDs = assignees, ids
}

// assignment parses who was assigned and unassigned; nobody if the system note is about something else. ok is false if the note does not
// name the users.
func assignment(body string) (assigned, unassigned []string, ok bool) {
	switch rest, found := strings.CutPrefix(body, "assigned to "); {
	case found:
		in, out, _ := strings.Cut(rest, " and unassigned ")
		return users(in), users(out), len(users(in)) > 0
	case strings.HasPrefix(body, "unassigned "):
		unassigned = users(body)
		return nil, unassigned, len(unassigned) > 0
	}
	return nil, nil, !strings.HasPrefix(body, "removed assignee")
}

func users(text string) (list []string) {
	for _, m := range userPattern().FindAllStringSubmatch(text, -1) {
		list = append(list, m[1])
	}
	return list
}

// title restores the title: the current one with later changes undone.
func (r *reconstruction) title() {
	title := r.now.Title
	ok := r.undoLater(func(body string) bool {
		candidates, isTitle := titleBefore(body, title)
		if !isTitle {
			return true
		}
		if len(candidates) != 1 {
			return false
		}
		title = candidates[0]
		return true
	})
	if !ok {
		r.addUnknown("title unknown: the current one is used")
		return
	}
	r.past.Title = title
}

// confidentiality restores whether the issue was confidential. What is confidential now stays confidential.
func (r *reconstruction) confidentiality() {
	before := r.now.Confidential
	r.undoLater(func(body string) bool {
		if m := confidentialPattern().FindStringSubmatch(body); m != nil {
			before = m[1] != "confidential"
		}
		return true
	})
	r.past.Confidential = r.now.Confidential || before
	if r.now.Confidential && !before {
		r.addUnknown("made confidential later: treated as confidential")
	}
}

// incident restores whether the issue had GitLab's own type of incidents, and GitLab's severity: that of the last system note before the
// time. If there are only later ones, nobody knows what it was opened with.
func (r *reconstruction) incident() {
	before, later := issue.UnknownSeverity, false
	known := false
	for _, n := range r.Notes {
		m := severityPattern().FindStringSubmatch(n.Body)
		switch {
		case !n.System || m == nil:
		case r.later(n.CreatedAt):
			later = true
		default:
			before, known = issue.ParseSeverity(m[1]), true
		}
	}
	r.undoLater(func(body string) bool {
		if m := typePattern().FindStringSubmatch(body); m != nil {
			r.past.Incident = strings.EqualFold(m[1], incidentType)
		}
		return true
	})
	if known || later {
		r.past.Severity = before
	}
	switch {
	case !r.past.Incident:
		r.past.Severity = issue.UnknownSeverity
	case later && !known:
		r.addUnknown("GitLab's severity unknown: it was changed later")
	}
}

// incidentType is GitLab's name of its own type of incidents.
const incidentType = "incident"

// due restores the due date from the last system note before the time. GitLab adds a note also when an issue is opened with a due date.
// Without one, the first later note shows the date that it removed; GitLab before 18 does not name it.
func (r *reconstruction) due() {
	var before, after []calendar.Date
	var removed calendar.Date
	for _, n := range r.Notes {
		m := duePattern().FindStringSubmatch(n.Body)
		if !n.System || m == nil {
			continue
		}
		if !r.later(n.CreatedAt) {
			before = append(before, longDate(m[1]))
			continue
		}
		if len(after) == 0 {
			removed = longDate(m[2])
		}
		after = append(after, longDate(m[1]))
	}
	switch {
	case len(after) == 0:
	case len(before) > 0:
		r.past.Due = before[len(before)-1]
	case after[0] != calendar.Date{} || removed != calendar.Date{}:
		r.past.Due = removed
	}
}

// longDate parses a date such as September 1, 2018. It returns the zero date for anything else.
func longDate(text string) calendar.Date {
	day, err := time.Parse("January 2, 2006", text)
	if err != nil {
		return calendar.Date{}
	}
	return calendar.DateOf(day)
}

// moved undoes a later move to another project.
func (r *reconstruction) moved() {
	if slices.ContainsFunc(r.Notes, func(n issue.Note) bool {
		return n.System && r.later(n.CreatedAt) && movedPattern().MatchString(n.Body)
	}) {
		r.past.MovedToID = 0
	}
}
