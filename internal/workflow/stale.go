package workflow

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
)

// Stale compares a saved plan with one made now from the same inputs. It returns nil if applying the new plan is what the reader of the
// saved plan agreed to: nothing has changed since, or only a part of the plan was applied.
// The new plan is always the one that is applied, so an edited file cannot add anything. At worst it looks like a partly applied plan.
func Stale(saved, now plan.Plan) error {
	c := comparison{saved: saved, now: now, before: digests(saved), after: digests(now)}
	if err := OtherHost(saved, now.Host); err != nil {
		return err
	}
	for _, object := range []string{observedInputs, observedConfiguration} {
		if c.before[object] != c.after[object] {
			return c.stale("%s", changed(object))
		}
	}
	if !c.partlyApplied() || maps.Equal(c.before, c.after) {
		return c.checkUnapplied()
	}
	if err := c.checkApplied(); err != nil || now.Empty() {
		return err
	}
	return c.checkRemaining()
}

// OtherHost refuses a plan that was made for another GitLab instance.
func OtherHost(saved plan.Plan, host string) error {
	if saved.Host == host {
		return nil
	}
	return fault.New(fault.Refused, "Add --host "+fault.Quote(saved.Host), "the plan was made for %s, not for %s", saved.Host, host)
}

// comparison is a saved plan, a plan made now, and the objects that each was made from.
type comparison struct {
	saved, now    plan.Plan
	before, after map[string]string // digests by object, of saved and of now
}

func digests(p plan.Plan) map[string]string {
	out := map[string]string{}
	for _, s := range p.Observed {
		out[s.Object] = s.Digest
	}
	return out
}

// changed, added and removed are the causes that make a plan stale.
func changed(object string) string {
	if object == observedInputs {
		return object + " have changed"
	}
	return object + " has changed"
}

func added(object string) string { return object + " was added" }

func removed(object string) string { return object + " no longer exists" }

func (c comparison) stale(format string, args ...any) error {
	return staleError{fault.New(fault.Refused, planAgain(c.saved), "the plan is stale: "+format, args...)}
}

// staleError is the error of a plan that may be stale only because another run is applying it: it read one object before and the other
// one after a step of that run.
type staleError struct{ err error }

// Error is the message.
func (e staleError) Error() string { return e.err.Error() }

// Unwrap is the error with its kind and its hint.
func (e staleError) Unwrap() error { return e.err }

// IsStale reports whether a plan was refused because it differs from what would be planned now.
func IsStale(err error) bool {
	_, ok := errors.AsType[staleError](err)
	return ok
}

// withoutText are the commands that take no free text, so their arguments may be printed in a log (promise W7).
var withoutText = []string{"board init", "board move", "handoff --post", "incident actions --remind", "label apply", "lint --fix",
	"lock sync", "milestone ensure", "milestone plan --fill", "milestone roll", "milestone sweep", "queue merge", "report weekly"}

// planAgain says how to make a new plan.
func planAgain(saved plan.Plan) string {
	toFile := slices.ContainsFunc(saved.Args, func(arg string) bool { return arg == planFile || strings.HasPrefix(arg, planFile+"=") })
	line := "prodctl"
	for _, arg := range saved.Args {
		line += " " + fault.Quote(arg)
	}
	switch {
	case !slices.Contains(withoutText, saved.Command), len(saved.Args) == 0:
		return "Run the same command again with --plan-file FILE, to save a new plan"
	case toFile:
		return "Save a new plan: " + line
	}
	return "Run it again: " + line
}

const planFile = "--plan-file"

// partlyApplied reports whether a step is no longer needed.
func (c comparison) partlyApplied() bool {
	for _, step := range c.saved.Steps {
		if c.now.Index(step.Key()) < 0 {
			return true
		}
	}
	return false
}

// checkApplied requires that the milestones whose steps are no longer needed look as those steps leave them. Otherwise the steps may be
// unnecessary only because somebody changed a date. If the planner knows which objects are as it wants them, the others have not had their
// step.
func (c comparison) checkApplied() error {
	after := map[int64]milestone.Milestone{}
	for _, step := range c.saved.Steps {
		if object := objectOf(step); c.now.Satisfied != nil && c.now.Index(step.Key()) < 0 && !slices.Contains(c.now.Satisfied, object) {
			return c.stale("%s", changed(object))
		}
		s, ok := step.(plan.UpdateMilestone)
		if !ok || s.Ref.Created != "" || c.now.Index(s.Key()) >= 0 {
			continue
		}
		m, known := after[s.Ref.ID]
		if !known {
			m = s.Before
		}
		after[s.Ref.ID] = s.Change.Of(m)
	}
	for _, m := range after {
		if want := ObservedMilestone(m); c.after[want.Object] != want.Digest {
			return c.stale("%s differs from what the plan changes it to", want.Object)
		}
	}
	return nil
}

// checkUnapplied requires that a plan without applied steps is exactly what would be planned now.
func (c comparison) checkUnapplied() error {
	for _, s := range c.now.Observed {
		switch digest, known := c.before[s.Object]; {
		case !known:
			return c.stale("%s", added(s.Object))
		case digest != s.Digest:
			return c.stale("%s", changed(s.Object))
		}
	}
	for _, s := range c.saved.Observed {
		if _, exists := c.after[s.Object]; !exists {
			return c.stale("%s", removed(s.Object))
		}
	}
	for n, step := range c.saved.Steps {
		if n >= len(c.now.Steps) || document(step, false) != document(c.now.Steps[n], false) {
			return c.edited(step)
		}
	}
	if more := len(c.saved.Steps); more < len(c.now.Steps) {
		return c.edited(c.now.Steps[more])
	}
	return nil
}

// edited is the error for plans that differ although they were made from the same objects.
func (c comparison) edited(step plan.Step) error {
	return c.stale("step %q differs although nothing has changed in GitLab. Was the file edited?", step.Key())
}

// checkRemaining requires that the remaining steps of a partly applied plan are in it, and that nothing else has changed. Comments that
// follow what the plan created are not in it: they name it.
func (c comparison) checkRemaining() error {
	touched, follows := map[string]bool{}, map[string]bool{}
	for _, ref := range c.now.Comments {
		touched[IssueName(ref)], follows[IssueName(ref)] = true, true
	}
	for _, step := range c.saved.Steps {
		if c.now.Index(step.Key()) < 0 {
			touched[objectOf(step)] = true
		}
	}
	for _, s := range c.now.Observed {
		if digest, known := c.before[s.Object]; known && digest != s.Digest && !touched[s.Object] {
			return c.stale("%s", changed(s.Object))
		}
	}
	for _, step := range c.now.Steps {
		at := c.saved.Index(step.Key())
		switch {
		case at < 0 && follows[objectOf(step)]:
		case at < 0:
			return c.stale("step %q is needed now but not in the plan%s", step.Key(), c.because())
		case document(c.saved.Steps[at], true) != document(step, true):
			return c.stale("step %q would now do something else%s", step.Key(), c.because())
		}
	}
	return nil
}

// because names an object that has changed, because a step that is gone may have been done by somebody else.
func (c comparison) because() string {
	for _, s := range c.now.Observed {
		if digest, known := c.before[s.Object]; known && digest != s.Digest {
			return "; " + changed(s.Object)
		}
	}
	for _, s := range c.now.Observed {
		if _, known := c.before[s.Object]; !known {
			return "; " + added(s.Object)
		}
	}
	for _, s := range c.saved.Observed {
		if _, exists := c.after[s.Object]; !exists {
			return "; " + removed(s.Object)
		}
	}
	return ""
}

// document returns a step in a form that can be compared. In a partly applied plan the ids of the objects that the plan created, the
// values before and the order differ. The title of an issue is only for the reader, and people change it.
func document(step plan.Step, partlyApplied bool) string {
	doc := plan.StepDocument(step)
	if partlyApplied {
		doc.Needs, doc.Before, doc.Label, doc.Board = nil, nil, nil, nil
		if doc.Action != jsonv1.IssueUpdate && doc.Action != jsonv1.IssueMove {
			doc.Object = jsonv1.Object{Title: doc.Object.Title}
		}
		if doc.Action == jsonv1.IssueUpsert { // it may exist now
			doc.IdempotencyKey.Searched = false
		}
		if doc.After != nil && doc.After.Milestone != nil {
			doc.After.Milestone = &jsonv1.Object{Title: doc.After.Milestone.Title}
		}
	}
	if doc.Action == jsonv1.IssueUpdate || doc.Action == jsonv1.IssueMove {
		doc.Object.Title = ""
	}
	data, err := json.Marshal(doc)
	if err != nil {
		panic("workflow: a step without a JSON form: " + err.Error())
	}
	return string(data)
}
