package quickaction

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/edit"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// Outcome is what became of the quick actions in a text.
type Outcome struct {
	Applied bool                       // at least one had its effect
	summary []string                   // what GitLab says about each, those that failed included
	changes []func(e *jsonenc.Encoder) // the fields of commands_changes
	effects []func(at time.Time)       // what reaches beyond the issue's own fields
}

// actions gathers what the commands of one text want of an issue.
type actions struct {
	s     *store.Store
	issue *store.Issue
	by    *store.User
	fresh bool
	ch    edit.Change
	Outcome
}

// action is one quick action: whether it can be used at all, and what it
// does. do returns what is said about it; ok is false if it had no effect.
type action struct {
	usable func(a *actions) bool
	do     func(a *actions, arg string) (message string, ok bool)
}

// WriteChanges writes the object commands_changes.
func (o Outcome) WriteChanges(e *jsonenc.Encoder) {
	e.Key("commands_changes")
	e.Open('{')
	for _, write := range o.changes {
		write(e)
	}
	e.Shut('}')
}

// Said is all of the summary as one text, as GitLab has it.
func (o Outcome) Said() string { return strings.Join(o.summary, " ") }

// Run carries out quick actions on an issue with the rights of by.
// What cannot be carried out is passed over; nothing is an error. fresh says
// that the issue is being created by this very request: then a Guest may set
// labels and the like, and what needs an issue that is there already (close,
// reopen, title, unlabel ...) does not work.
func Run(s *store.Store, i *store.Issue, found []Command, by *store.User, fresh bool) Outcome {
	a := actions{s: s, issue: i, by: by, fresh: fresh}
	for _, c := range found {
		a.interpret(c)
	}
	if !a.Applied {
		return a.Outcome
	}
	if fresh {
		if ch := a.ch.ForEdition(s.Edition); len(edit.Validate(i, ch)) == 0 {
			edit.Save(s, i, ch, by, s.Stamp())
		}
	} else {
		_ = edit.Apply(s, i, a.ch, by) // an invalid title fails in silence
	}
	for _, effect := range a.effects {
		effect(s.Stamp())
	}
	return a.Outcome
}

// WithoutKnown is what a sent description asks for beyond what the stored one
// would: a command that stands in both is not carried out again.
func WithoutKnown(sent, stored []Command) []Command {
	known := map[Command]bool{}
	for _, c := range stored {
		known[c] = true
	}
	return slices.DeleteFunc(slices.Clone(sent), func(c Command) bool { return known[c] })
}

func (a *actions) interpret(c Command) {
	act, known := actionNamed(c.name)
	if !known || !act.usable(a) {
		a.say("Could not apply " + c.name + " command.")
		return
	}
	message, ok := act.do(a, c.arg)
	a.Applied = a.Applied || ok
	a.say(message)
}

func (a *actions) say(message string) {
	if message != "" && !slices.Contains(a.summary, message) {
		a.summary = append(a.summary, message)
	}
}

// changed notes a field of commands_changes.
func (a *actions) changed(write func(e *jsonenc.Encoder)) { a.changes = append(a.changes, write) }

func (a *actions) changedStr(name, v string) { a.changed(func(e *jsonenc.Encoder) { e.Str(name, v) }) }

func (a *actions) changedIDs(name string, ids []int) {
	a.changed(func(e *jsonenc.Encoder) {
		e.Key(name)
		e.Open('[')
		for _, id := range ids {
			e.Raw(strconv.Itoa(id))
		}
		e.Shut(']')
	})
}

// actionNamed is the action of a name if it does something here. Of the other names a
// line is taken out of the text and reported as not applied.
func actionNamed(name string) (act action, known bool) {
	switch name {
	case "close":
		return action{(*actions).mayClose, (*actions).doClose}, true
	case "reopen":
		return action{(*actions).mayOpen, (*actions).doReopen}, true
	case "title":
		return action{(*actions).mayEdit, (*actions).doTitle}, true
	case "label":
		return action{(*actions).mayPlan, (*actions).doLabel}, true
	case "unlabel":
		return action{(*actions).hasLabels, (*actions).doUnlabel}, true
	case "relabel":
		return action{(*actions).hasLabels, (*actions).doRelabel}, true
	case "milestone":
		return action{(*actions).mayPlan, (*actions).doMilestone}, true
	case "remove_milestone":
		return action{(*actions).hasMilestone, (*actions).doRemoveMilestone}, true
	case "assign":
		return action{(*actions).mayPlan, (*actions).doAssign}, true
	case "unassign":
		return action{(*actions).hasAssignees, (*actions).doUnassign}, true
	case "reassign":
		return action{(*actions).mayReassign, (*actions).doReassign}, true
	case "due":
		return action{(*actions).mayPlan, (*actions).doDue}, true
	case "remove_due_date":
		return action{(*actions).hasDueDate, (*actions).doRemoveDueDate}, true
	case "weight":
		return action{(*actions).mayWeigh, (*actions).doWeight}, true
	case "clear_weight":
		return action{(*actions).isWeighed, (*actions).doClearWeight}, true
	case "confidential":
		return action{(*actions).mayHide, (*actions).doConfidential}, true
	case "duplicate":
		return action{(*actions).mayReplan, (*actions).doDuplicate}, true
	case "relate":
		return action{(*actions).mayLink, (*actions).doRelate}, true
	case "blocks":
		return action{(*actions).mayBlock, (*actions).doBlocks}, true
	case "blocked_by":
		return action{(*actions).mayBlock, (*actions).doBlockedBy}, true
	case "unlink":
		return action{(*actions).mayLink, (*actions).doUnlink}, true
	case "copy_metadata":
		return action{(*actions).mayPlan, (*actions).doCopyMetadata}, true
	case "estimate":
		return action{(*actions).mayPlan, (*actions).doEstimate}, true
	case "remove_estimate":
		return action{(*actions).mayReplan, (*actions).doRemoveEstimate}, true
	case "spend":
		return action{(*actions).mayPlan, (*actions).doSpend}, true
	case "remove_time_spent":
		return action{(*actions).mayReplan, (*actions).doRemoveTimeSpent}, true
	case "lock":
		return action{(*actions).mayLock, (*actions).doLock}, true
	case "unlock":
		return action{(*actions).mayUnlock, (*actions).doUnlock}, true
	case "subscribe":
		return action{(*actions).isUnsubscribed, (*actions).doSubscribe}, true
	case "unsubscribe":
		return action{(*actions).isSubscribed, (*actions).doUnsubscribe}, true
	case "award":
		return action{(*actions).mayAward, (*actions).doAward}, true
	case "todo":
		return action{(*actions).exists, (*actions).doTodo}, true
	case "promote_to_incident":
		return action{(*actions).isNoIncident, (*actions).doPromote}, true
	}
	return action{}, false
}
