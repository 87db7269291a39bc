package fakegitlab

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// outcome is what became of the quick actions in a text.
type outcome struct {
	applied bool                 // at least one had its effect
	summary []string             // what GitLab says about each, those that failed included
	changes []func(e *enc)       // the fields of commands_changes
	effects []func(at time.Time) // what reaches beyond the issue's own fields
}

// writeChanges writes the object commands_changes.
func (o outcome) writeChanges(e *enc) {
	e.key("commands_changes")
	e.open('{')
	for _, write := range o.changes {
		write(e)
	}
	e.shut('}')
}

// said is all of the summary as one text, as GitLab has it.
func (o outcome) said() string { return strings.Join(o.summary, " ") }

// runCommands carries out quick actions on an issue with the rights of by.
// What cannot be carried out is passed over; nothing is an error. fresh says
// that the issue is being created by this very request: then a Guest may set
// labels and the like, and what needs an issue that is there already (close,
// reopen, title, unlabel ...) does not work.
func runCommands(s *store, i *issue, found []command, by *user, fresh bool) outcome {
	a := actions{s: s, issue: i, by: by, fresh: fresh}
	for _, c := range found {
		a.interpret(c)
	}
	if !a.applied {
		return a.outcome
	}
	if fresh {
		if ch := a.ch.forEdition(s.edition); len(validateIssue(i, ch)) == 0 {
			save(s, i, ch, by, s.stamp())
		}
	} else {
		_ = change(s, i, a.ch, by) // an invalid title fails in silence
	}
	for _, effect := range a.effects {
		effect(s.stamp())
	}
	return a.outcome
}

// withoutKnown is what a sent description asks for beyond what the stored one
// would: a command that stands in both is not carried out again.
func withoutKnown(sent, stored []command) []command {
	known := map[command]bool{}
	for _, c := range stored {
		known[c] = true
	}
	return slices.DeleteFunc(slices.Clone(sent), func(c command) bool { return known[c] })
}

// actions gathers what the commands of one text want of an issue.
type actions struct {
	s     *store
	issue *issue
	by    *user
	fresh bool
	ch    issueChange
	outcome
}

// action is one quick action: whether it can be used at all, and what it
// does. do returns what is said about it; ok is false if it had no effect.
type action struct {
	usable func(a *actions) bool
	do     func(a *actions, arg string) (message string, ok bool)
}

func (a *actions) interpret(c command) {
	act, known := actionTable[c.name]
	if !known || !act.usable(a) {
		a.say("Could not apply " + c.name + " command.")
		return
	}
	message, ok := act.do(a, c.arg)
	a.applied = a.applied || ok
	a.say(message)
}

func (a *actions) say(message string) {
	if message != "" && !slices.Contains(a.summary, message) {
		a.summary = append(a.summary, message)
	}
}

// changed notes a field of commands_changes.
func (a *actions) changed(write func(e *enc)) { a.changes = append(a.changes, write) }

func (a *actions) changedStr(name, v string) { a.changed(func(e *enc) { e.str(name, v) }) }

func (a *actions) changedIDs(name string, ids []int) {
	a.changed(func(e *enc) {
		e.key(name)
		e.open('[')
		for _, id := range ids {
			e.raw(itoa(id))
		}
		e.shut(']')
	})
}

// The conditions under which actions can be used.

func (a *actions) mayEdit() bool { return !a.fresh && mayUpdateIssue(a.by, a.issue) }

func (a *actions) mayOpen() bool { return a.mayEdit() && a.issue.closed }

func (a *actions) mayClose() bool { return a.mayEdit() && !a.issue.closed }

func (a *actions) mayPlan() bool {
	return mayPlan(a.by, a.issue.project) || a.fresh && maySetMetadata(a.by, a.issue.project)
}

func (a *actions) mayReplan() bool { return !a.fresh && a.mayPlan() }

func (a *actions) hasLabels() bool { return a.mayReplan() && len(a.issue.labels) > 0 }

func (a *actions) hasAssignees() bool { return a.mayReplan() && len(a.issue.assignees) > 0 }

func (a *actions) hasMilestone() bool { return a.mayReplan() && a.issue.milestone != nil }

func (a *actions) hasDueDate() bool { return a.mayReplan() && a.issue.dueDate != "" }

func (a *actions) mayWeigh() bool { return a.s.edition.paid() && a.mayPlan() }

func (a *actions) isWeighed() bool { return a.mayWeigh() && !a.fresh && a.issue.weight != nil }

func (a *actions) mayReassign() bool { return a.s.edition.paid() && a.mayReplan() }

func (a *actions) mayHide() bool {
	return !a.issue.confidential && (mayPlan(a.by, a.issue.project) || a.fresh)
}

func (a *actions) isLocked() bool {
	return a.issue.discussionLocked != nil && *a.issue.discussionLocked
}

func (a *actions) mayLock() bool { return a.mayReplan() && !a.isLocked() }

func (a *actions) mayUnlock() bool { return a.mayReplan() && a.isLocked() }

func (a *actions) mayAward() bool { return !a.fresh && mayComment(a.by, a.issue) }

func (a *actions) mayLink() bool { return mayLink(a.by, a.issue.project) }

func (a *actions) mayBlock() bool { return a.s.edition.paid() && a.mayLink() }

func (a *actions) isSubscribed() bool { return !a.fresh && a.issue.subscribed(a.by) }

func (a *actions) isUnsubscribed() bool { return !a.fresh && !a.issue.subscribed(a.by) }

func (a *actions) isNoIncident() bool { return a.mayPlan() && a.issue.kind != "incident" }

func (a *actions) exists() bool { return !a.fresh }

// actionTable has the actions that do something here. Of the other names a
// line is taken out of the text and reported as not applied.
var actionTable = map[string]action{
	"close":               {(*actions).mayClose, (*actions).doClose},
	"reopen":              {(*actions).mayOpen, (*actions).doReopen},
	"title":               {(*actions).mayEdit, (*actions).doTitle},
	"label":               {(*actions).mayPlan, (*actions).doLabel},
	"unlabel":             {(*actions).hasLabels, (*actions).doUnlabel},
	"relabel":             {(*actions).hasLabels, (*actions).doRelabel},
	"milestone":           {(*actions).mayPlan, (*actions).doMilestone},
	"remove_milestone":    {(*actions).hasMilestone, (*actions).doRemoveMilestone},
	"assign":              {(*actions).mayPlan, (*actions).doAssign},
	"unassign":            {(*actions).hasAssignees, (*actions).doUnassign},
	"reassign":            {(*actions).mayReassign, (*actions).doReassign},
	"due":                 {(*actions).mayPlan, (*actions).doDue},
	"remove_due_date":     {(*actions).hasDueDate, (*actions).doRemoveDueDate},
	"weight":              {(*actions).mayWeigh, (*actions).doWeight},
	"clear_weight":        {(*actions).isWeighed, (*actions).doClearWeight},
	"confidential":        {(*actions).mayHide, (*actions).doConfidential},
	"duplicate":           {(*actions).mayReplan, (*actions).doDuplicate},
	"relate":              {(*actions).mayLink, (*actions).doRelate},
	"blocks":              {(*actions).mayBlock, (*actions).doBlocks},
	"blocked_by":          {(*actions).mayBlock, (*actions).doBlockedBy},
	"unlink":              {(*actions).mayLink, (*actions).doUnlink},
	"copy_metadata":       {(*actions).mayPlan, (*actions).doCopyMetadata},
	"estimate":            {(*actions).mayPlan, (*actions).doEstimate},
	"remove_estimate":     {(*actions).mayReplan, (*actions).doRemoveEstimate},
	"spend":               {(*actions).mayPlan, (*actions).doSpend},
	"remove_time_spent":   {(*actions).mayReplan, (*actions).doRemoveTimeSpent},
	"lock":                {(*actions).mayLock, (*actions).doLock},
	"unlock":              {(*actions).mayUnlock, (*actions).doUnlock},
	"subscribe":           {(*actions).isUnsubscribed, (*actions).doSubscribe},
	"unsubscribe":         {(*actions).isSubscribed, (*actions).doUnsubscribe},
	"award":               {(*actions).mayAward, (*actions).doAward},
	"todo":                {(*actions).exists, (*actions).doTodo},
	"promote_to_incident": {(*actions).isNoIncident, (*actions).doPromote},
}

func (a *actions) doClose(string) (string, bool) {
	a.ch.state = "close"
	a.changedStr("state_event", "close")
	return "Closed this issue.", true
}

func (a *actions) doReopen(string) (string, bool) {
	a.ch.state = "reopen"
	a.changedStr("state_event", "reopen")
	return "Reopened this issue.", true
}

func (a *actions) doTitle(arg string) (string, bool) {
	if arg == "" {
		return "", false
	}
	a.ch.title = some(arg)
	a.changedStr("title", arg)
	return fmt.Sprintf("Changed the title to %q.", arg), true
}

func (a *actions) doConfidential(string) (string, bool) {
	a.ch.confidential = some(true)
	a.changed(func(e *enc) { e.bool("confidential", true) })
	return "Made this issue confidential.", true
}

func (a *actions) doDue(arg string) (string, bool) {
	day, ok := parseDay(arg, a.s.now())
	if !ok {
		return "Failed to set due date because the date format is invalid.", false
	}
	a.ch.dueDate = some(day.Format(time.DateOnly))
	a.changedStr("due_date", day.Format(time.DateOnly))
	return "Set the due date to " + day.Format("Jan 2, 2006") + ".", true
}

func (a *actions) doRemoveDueDate(string) (string, bool) {
	a.ch.dueDate = none[string]()
	a.changed(func(e *enc) { e.null("due_date") })
	return "Removed the due date.", true
}

func (a *actions) doWeight(arg string) (string, bool) {
	n, _, ok := asInt(arg)
	if !ok || arg == "" || n < 0 {
		return "", false
	}
	a.ch.weight = some(n)
	a.changed(func(e *enc) { e.num("weight", n) })
	return fmt.Sprintf("Set weight to %d.", n), true
}

func (a *actions) doClearWeight(string) (string, bool) {
	a.ch.weight = none[int]()
	a.changed(func(e *enc) { e.null("weight") })
	return "Cleared weight.", true
}

func (a *actions) doLock(string) (string, bool) {
	a.ch.locked = some(true)
	a.changed(func(e *enc) { e.bool("discussion_locked", true) })
	return "Locked the discussion.", true
}

func (a *actions) doUnlock(string) (string, bool) {
	a.ch.locked = some(false)
	a.changed(func(e *enc) { e.bool("discussion_locked", false) })
	return "Unlocked the discussion.", true
}

func (a *actions) doPromote(string) (string, bool) {
	a.ch.kind = some("incident")
	return "Issue has been promoted to incident", true
}

func (a *actions) doTodo(string) (string, bool) {
	a.changedStr("todo_event", "add")
	return "Added a to-do item.", true
}

func (a *actions) doEstimate(arg string) (string, bool) {
	seconds, ok := parseDuration(arg)
	if !ok || seconds < 0 {
		return "", false
	}
	a.ch.timeEstimate = some(seconds)
	a.changed(func(e *enc) { e.num("time_estimate", seconds) })
	return "Set time estimate to " + humanTime(seconds) + ".", true
}

func (a *actions) doRemoveEstimate(string) (string, bool) {
	a.ch.timeEstimate = some(0)
	a.changed(func(e *enc) { e.num("time_estimate", 0) })
	return "Removed time estimate.", true
}

func (a *actions) doSpend(arg string) (string, bool) {
	words := strings.Fields(arg)
	if n := len(words); n > 1 && castDate(words[n-1]) != "" {
		arg = strings.Join(words[:n-1], " ") // the day it was spent on
	}
	seconds, ok := parseDuration(arg)
	total := a.issue.timeSpent
	if a.ch.timeSpent.set {
		total = a.ch.timeSpent.v
	}
	if !ok || seconds == 0 || total+seconds < 0 {
		return "", false
	}
	a.ch.timeSpent = some(total + seconds)
	a.changed(func(e *enc) {
		e.key("spend_time")
		e.open('{')
		e.num("duration", seconds)
		e.num("user_id", a.by.id)
		e.shut('}')
	})
	if seconds < 0 {
		return "Subtracted " + humanTime(-seconds) + " spent time.", true
	}
	return "Added " + humanTime(seconds) + " spent time.", true
}

func (a *actions) doRemoveTimeSpent(string) (string, bool) {
	a.ch.timeSpent = some(0)
	return "Removed spent time.", true
}

// some is a value that was given.
func some[T any](v T) opt[T] { return opt[T]{v: v, set: true} }

// none is a value that was given as null.
func none[T any]() opt[T] { return opt[T]{set: true, null: true} }
