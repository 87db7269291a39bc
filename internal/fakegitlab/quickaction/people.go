package quickaction

import (
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/edit"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// usersNamed finds the users in an argument, with or without @, or "me". Users who may not read the issue are left
// out.
func (a *actions) usersNamed(arg string) []*store.User {
	var found []*store.User
	for _, name := range strings.FieldsFunc(arg, func(r rune) bool { return r == ' ' || r == ',' || r == '\t' }) {
		u := a.s.UserNamed(strings.TrimPrefix(name, "@"))
		if name == "me" {
			u = a.by
		}
		if u != nil && !slices.Contains(found, u) && access.MayReadProject(u, a.issue.Project) {
			found = append(found, u)
		}
	}
	return found
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

func (a *actions) setAssignees(users []*store.User) {
	a.ch.Assignees = param.Some(users)
	a.changedIDs("assignee_ids", userIDs(users))
}

func (a *actions) doAssign(arg string) (string, bool) {
	users := a.usersNamed(arg)
	if len(users) == 0 {
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
	if users := a.usersNamed(arg); len(users) > 0 && a.s.Edition.Paid() {
		gone = users
	}
	a.setAssignees(slices.DeleteFunc(a.assignees(), func(u *store.User) bool { return slices.Contains(gone, u) }))
	if len(gone) == 1 {
		return "Removed assignee " + edit.Mentions(gone, nil) + ".", true
	}
	return "Removed assignees " + edit.Mentions(gone, nil) + ".", true
}

func (a *actions) doReassign(arg string) (string, bool) {
	users := a.usersNamed(arg)
	if len(users) == 0 {
		return "", false
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

// doAward gives the emoji or takes it back.
func (a *actions) doAward(arg string) (string, bool) {
	name := strings.Trim(arg, ":")
	if !edit.KnownEmoji(name) || !strings.HasPrefix(arg, ":") {
		return "", false
	}
	a.effects = append(a.effects, func(at time.Time) { edit.ToggleAward(a.s, a.issue, name, a.by, at) })
	a.changedStr("emoji_award", name)
	return "Toggled :" + name + ": emoji reaction.", true
}
