package quickaction

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/edit"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// Outcome is the result of the quick actions in a text.
type Outcome struct {
	Applied bool                       // at least one had an effect
	Invalid []string                   // why the issue could not be saved with the changes
	summary []string                   // GitLab's message about each, including the ones that failed
	changes []func(e *jsonenc.Encoder) // the fields of commands_changes
	effects []func(at time.Time)       // effects beyond the issue's own fields
}

// actions collects the changes that the commands of one text make to an issue.
type actions struct {
	s     *store.Store
	issue *store.Issue
	by    *store.User
	fresh bool
	ch    edit.Change
	Outcome
}

// action is one quick action: when it can be used, and what it does. do returns GitLab's message; ok is false if it
// had no effect.
type action struct {
	name   string
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

// Summary returns all messages as one text, as GitLab does.
func (o Outcome) Summary() string { return strings.Join(o.summary, " ") }

// Run carries out quick actions on an issue with the rights of by. Actions that cannot run are skipped; nothing is
// an error. fresh means that this request creates the issue: then a Guest may set labels and the like, and actions
// that need an existing issue (reopen, title, unlabel ...) do not work. The issue can be closed at once.
func Run(s *store.Store, i *store.Issue, found []Command, by *store.User, fresh bool) Outcome {
	a := actions{s: s, issue: i, by: by, fresh: fresh}
	for _, c := range found {
		a.interpret(c)
	}
	if !a.Applied {
		return a.Outcome
	}
	a.save()
	for _, effect := range a.effects {
		effect(s.Stamp())
	}
	return a.Outcome
}

// save makes the changes to the issue's own fields. Those of a new issue are not limited to what may be changed later.
func (a *actions) save() {
	if !a.fresh {
		if err := edit.Apply(a.s, a.issue, a.ch, a.by); err != nil {
			a.Invalid = sentences(edit.Validate(a.issue, a.ch))
		}
		return
	}
	ch := a.ch.ForEdition(a.s.Edition)
	if len(edit.Validate(a.issue, ch)) == 0 {
		edit.SaveNew(a.s, a.issue, ch, a.by, a.s.Stamp())
	}
	if ch.State == "close" {
		a.s.SetState(a.issue, true, a.by, a.s.Stamp())
	}
}

// sentences joins the names of fields and what is wrong with them: Title can't be blank.
func sentences(faults []failure.Field) []string {
	var all []string
	for _, f := range faults {
		for _, text := range f.Texts {
			all = append(all, strings.ToUpper(f.Name[:1])+f.Name[1:]+" "+text)
		}
	}
	return all
}

// WithoutKnown returns the commands in a sent description that the stored one does not have: a command in both does
// not run a second time.
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
		a.addMessage("Could not apply " + c.name + " command.")
		return
	}
	message, ok := act.do(a, c.arg)
	a.Applied = a.Applied || ok
	a.addMessage(message)
}

func (a *actions) addMessage(message string) {
	if message != "" && !slices.Contains(a.summary, message) {
		a.summary = append(a.summary, message)
	}
}

// changed records a field of commands_changes.
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

// actionTable has the actions that are implemented here. The other known names are removed from the text and
// reported as not applied.
var actionTable = []action{
	{"close", (*actions).mayClose, (*actions).doClose},
	{"reopen", (*actions).mayOpen, (*actions).doReopen},
	{"title", (*actions).mayEdit, (*actions).doTitle},
	{"label", (*actions).mayPlan, (*actions).doLabel},
	{"unlabel", (*actions).hasLabels, (*actions).doUnlabel},
	{"relabel", (*actions).hasLabels, (*actions).doRelabel},
	{"milestone", (*actions).mayPlan, (*actions).doMilestone},
	{"remove_milestone", (*actions).hasMilestone, (*actions).doRemoveMilestone},
	{"assign", (*actions).mayPlan, (*actions).doAssign},
	{"unassign", (*actions).hasAssignees, (*actions).doUnassign},
	{"reassign", (*actions).mayReassign, (*actions).doReassign},
	{"due", (*actions).mayPlan, (*actions).doDue},
	{"remove_due_date", (*actions).hasDueDate, (*actions).doRemoveDueDate},
	{"weight", (*actions).mayWeigh, (*actions).doWeight},
	{"clear_weight", (*actions).isWeighed, (*actions).doClearWeight},
	{"confidential", (*actions).mayHide, (*actions).doConfidential},
	{"duplicate", (*actions).mayReplan, (*actions).doDuplicate},
	{"relate", (*actions).mayLink, (*actions).doRelate},
	{"blocks", (*actions).mayBlock, (*actions).doBlocks},
	{"blocked_by", (*actions).mayBlock, (*actions).doBlockedBy},
	{"unlink", (*actions).mayLink, (*actions).doUnlink},
	{"move", (*actions).mayReplan, (*actions).doMove},
	{"clone", (*actions).mayReplan, (*actions).doClone},
	{"copy_metadata", (*actions).mayPlan, (*actions).doCopyMetadata},
	{"estimate", (*actions).mayPlan, (*actions).doEstimate},
	{"remove_estimate", (*actions).mayReplan, (*actions).doRemoveEstimate},
	{"spend", (*actions).mayPlan, (*actions).doSpend},
	{"remove_time_spent", (*actions).mayReplan, (*actions).doRemoveTimeSpent},
	{"lock", (*actions).mayLock, (*actions).doLock},
	{"unlock", (*actions).mayUnlock, (*actions).doUnlock},
	{"subscribe", (*actions).isUnsubscribed, (*actions).doSubscribe},
	{"unsubscribe", (*actions).isSubscribed, (*actions).doUnsubscribe},
	{"award", (*actions).mayAward, (*actions).doAward},
	{"todo", (*actions).hasNothingToDo, (*actions).doTodo},
	{"done", (*actions).hasTodo, (*actions).doDone},
	{"severity", (*actions).hasSeverity, (*actions).doSeverity},
	{"timeline", (*actions).hasTimeline, (*actions).doTimeline},
	{"promote_to_incident", (*actions).isNotIncident, (*actions).doPromote},
}

func actionNamed(name string) (act action, known bool) {
	at := slices.IndexFunc(actionTable, func(a action) bool { return a.name == name })
	if at < 0 {
		return action{}, false
	}
	return actionTable[at], true
}
