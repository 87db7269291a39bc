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

// What GitLab writes under an issue when it is changed.
var (
	userPattern         = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`@([A-Za-z0-9_.][A-Za-z0-9_.-]*)`) })
	confidentialPattern = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^made the [a-z ]+ (confidential|visible to everyone)$`)
	})
	duePattern = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(?:changed due date to ([A-Z][a-z]+ \d{1,2}, \d{4})|removed due date)$`)
	})
	movedPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^moved to \S+#\d+`) })
)

// undo goes through GitLab's later remarks, the newest first, until one is not understood.
func (r *reconstruction) undoLater(each func(body string) bool) bool {
	for _, n := range slices.Backward(r.Notes) {
		if n.System && r.later(n.CreatedAt) && !each(n.Body) {
			return false
		}
	}
	return true
}

// assignees are those of now without who came later, and with who went.
func (r *reconstruction) assignees() {
	who, back := slices.Clone(r.now.Assignees), false
	has := func(name string) bool { return slices.Contains(who, name) }
	ok := r.undoLater(func(body string) bool {
		came, went, understood := assignment(body)
		if !understood || slices.ContainsFunc(went, has) || slices.ContainsFunc(came, func(name string) bool { return !has(name) }) {
			return understood && len(came)+len(went) == 0
		}
		who = append(slices.DeleteFunc(who, func(name string) bool { return slices.Contains(came, name) }), went...)
		back = back || len(went) > 0
		return true
	})
	if !ok {
		r.addUnknown("who had it then is not known: its assignees are those of now")
		return
	}
	if back {
		slices.Sort(who) // GitLab does not tell their order
	}
	var ids []int64
	for _, name := range who {
		if at := slices.Index(r.now.Assignees, name); at >= 0 && at < len(r.now.AssigneeIDs) {
			ids = append(ids, r.now.AssigneeIDs[at])
		}
	}
	r.past.Assignees, r.past.AssigneeIDs = who, ids
}

// assignment reads who came and who went; nobody in a remark about something else.
// One that does not say whom it was about is not understood.
func assignment(body string) (came, went []string, understood bool) {
	switch rest, assigned := strings.CutPrefix(body, "assigned to "); {
	case assigned:
		in, out, _ := strings.Cut(rest, " and unassigned ")
		return users(in), users(out), len(users(in)) > 0
	case strings.HasPrefix(body, "unassigned "):
		went = users(body)
		return nil, went, len(went) > 0
	}
	return nil, nil, !strings.HasPrefix(body, "removed assignee")
}

func users(text string) (list []string) {
	for _, m := range userPattern().FindAllStringSubmatch(text, -1) {
		list = append(list, m[1])
	}
	return list
}

// title is that of now with later changes undone.
func (r *reconstruction) title() {
	title := r.now.Title
	ok := r.undoLater(func(body string) bool {
		was, isTitle := titleBefore(body, title)
		if !isTitle {
			return true
		}
		if len(was) != 1 {
			return false
		}
		title = was[0]
		return true
	})
	if !ok {
		r.addUnknown("its title of then is not known: it is told as it is called now")
		return
	}
	r.past.Title = title
}

// confidentiality: what is confidential now stays so.
func (r *reconstruction) confidentiality() {
	then := r.now.Confidential
	r.undoLater(func(body string) bool {
		if m := confidentialPattern().FindStringSubmatch(body); m != nil {
			then = m[1] != "confidential"
		}
		return true
	})
	r.past.Confidential = r.now.Confidential || then
	if r.now.Confidential && !then {
		r.addUnknown("it was made confidential since, and is told as that")
	}
}

// due is what the last remark before said. An issue that is opened with a date has one.
func (r *reconstruction) due() {
	var before, after []calendar.Date
	for _, n := range r.Notes {
		m := duePattern().FindStringSubmatch(n.Body)
		if !n.System || m == nil {
			continue
		}
		day, err := time.Parse("January 2, 2006", m[1])
		date := calendar.Date{}
		if err == nil {
			date = calendar.DateOf(day)
		}
		if r.later(n.CreatedAt) {
			after = append(after, date)
		} else {
			before = append(before, date)
		}
	}
	switch {
	case len(after) == 0:
	case len(before) > 0:
		r.past.Due = before[len(before)-1]
	case after[0] != calendar.Date{}:
		r.past.Due = calendar.Date{}
	}
}

// moved takes back that the issue is gone to another project.
func (r *reconstruction) moved() {
	if slices.ContainsFunc(r.Notes, func(n issue.Note) bool {
		return n.System && r.later(n.CreatedAt) &&
			movedPattern().MatchString(n.Body)
	}) {
		r.past.MovedToID = 0
	}
}
