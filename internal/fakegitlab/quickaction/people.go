package quickaction

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/edit"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/emoji"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// usersNamed finds the users in an argument, with or without @, or "me". If one of the names is unknown, the action
// fails with a message.
func (a *actions) usersNamed(action, arg string) (found []*store.User, failed string) {
	var missing []string
	for _, name := range strings.FieldsFunc(arg, func(r rune) bool { return r == ',' || unicode.IsSpace(r) }) {
		u := a.s.UserNamed(strings.TrimPrefix(strings.ReplaceAll(name, `\_`, "_"), "@"))
		switch {
		case name == "and" || slices.Contains(found, u):
			continue
		case name == "me":
			u = a.by
		case u == nil:
			missing = append(missing, "'"+name+"'")
			continue
		}
		found = append(found, u)
	}
	if len(missing) > 0 {
		return nil, "Could not apply " + action + " command. Failed to find users for " + sentence(missing) + "."
	}
	return found, ""
}

// sentence joins words: a, a and b, a, b, and c.
func sentence(words []string) string {
	last := len(words) - 1
	if last < 2 {
		return strings.Join(words, " and ")
	}
	return strings.Join(words[:last], ", ") + ", and " + words[last]
}

func userIDs(users []*store.User) []int {
	ids := make([]int, len(users))
	for n, u := range users {
		ids[n] = u.ID
	}
	return ids
}

// assignees returns the current assignees of the issue.
func (a *actions) assignees() []*store.User {
	if a.ch.Assignees.Set {
		return a.ch.Assignees.Value
	}
	return slices.Clone(a.issue.Assignees)
}

// setAssignees leaves out users who may not read the issue's project; if only such users are named, nothing changes.
func (a *actions) setAssignees(users []*store.User) {
	a.changedIDs("assignee_ids", userIDs(users))
	hidden := func(u *store.User) bool { return !access.MayReadProject(u, a.issue.Project) }
	if may := slices.DeleteFunc(slices.Clone(users), hidden); len(may) > 0 || len(users) == 0 {
		a.ch.Assignees = param.Some(may)
	}
}

func (a *actions) doAssign(arg string) (string, bool) {
	users, failed := a.usersNamed("assign", arg)
	switch {
	case failed != "":
		return failed, false
	case len(users) == 0:
		return "Failed to assign a user because no user was found.", false
	}
	if !a.s.Edition.Paid() {
		users = users[:1]
		a.setAssignees(users)
		return "Assigned " + edit.Mentions(users, nil) + ".", true
	}
	all := a.assignees()
	for _, u := range users {
		if !slices.Contains(all, u) {
			all = append(all, u)
		}
	}
	a.setAssignees(all)
	return "Assigned " + edit.Mentions(users, nil) + ".", true
}

func (a *actions) doUnassign(arg string) (string, bool) {
	gone := a.assignees()
	if a.s.Edition.Paid() {
		users, failed := a.usersNamed("unassign", arg)
		if failed != "" {
			return failed, false
		}
		if len(users) > 0 {
			gone = users
		}
	}
	a.setAssignees(slices.DeleteFunc(a.assignees(), func(u *store.User) bool { return slices.Contains(gone, u) }))
	if len(gone) == 1 {
		return "Removed assignee " + edit.Mentions(gone, nil) + ".", true
	}
	return "Removed assignees " + edit.Mentions(gone, nil) + ".", true
}

func (a *actions) doReassign(arg string) (string, bool) {
	users, failed := a.usersNamed("reassign", arg)
	if len(users) == 0 {
		return failed, false
	}
	a.setAssignees(users)
	return "Changed assignees.", true
}

func (a *actions) doSubscribe(string) (string, bool) {
	a.effects = append(a.effects, func(time.Time) { a.issue.Subscribe(a.by, true) })
	a.changedStr("subscription_event", "subscribe")
	return "Subscribed to notifications.", true
}

func (a *actions) doUnsubscribe(string) (string, bool) {
	a.effects = append(a.effects, func(time.Time) { a.issue.Subscribe(a.by, false) })
	a.changedStr("subscription_event", "unsubscribe")
	return "Unsubscribed from notifications.", true
}

// doAward gives the emoji or takes it back. The message has the name as written, which may be an alias.
func (a *actions) doAward(arg string) (string, bool) {
	for _, m := range emojiPattern().FindAllStringSubmatch(arg, -1) {
		name, known := emoji.Name(m[1])
		if !known {
			continue
		}
		a.effects = append(a.effects, func(at time.Time) { edit.ToggleAward(a.s, a.issue, name, a.by, at) })
		a.changedStr("emoji_award", m[1])
		return "Toggled :" + m[1] + ": emoji reaction.", true
	}
	return "", false
}

// emojiPattern is the name of an emoji between colons.
var emojiPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`:([\w+-]+):`) })
