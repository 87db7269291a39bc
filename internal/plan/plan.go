// Package plan is the engine of every command that writes: steps, their order, their published form, and applying them.
//
// A workflow observes GitLab and makes a [Plan]; a view shows it; [Apply] runs its steps and nothing else. Start with [Plan] and [Apply].
// Rules belong in pkg/, and requests in the [Store]. The package prints nothing, reads no clock and makes no requests of its own.
package plan

import (
	"encoding/json"
	"slices"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// Plan holds the changes of one run of a command.
//
// Step keys are unique, every key in a step's Needs belongs to an earlier step, and the order of Steps
// is the same for the same observed state. Two plans made from the same observed state are equal.
type Plan struct {
	Command string          // the subcommand: "milestone roll"
	Inputs  json.RawMessage // the command's options, from which a saved plan is made again to check whether it is stale
	Origin
	Observed []Fingerprint // the observed state that the plan was made from, sorted by Object
	Steps    []Step
	Notes    []string // sentences for the reader, such as overridden refusals, gaps and who is notified
	// Comments are issues that get a comment in a later round, after what the steps create exists. Like Routine they are not saved.
	Comments []issue.Ref
	// Destructive means that the plan deletes something. Such a plan is always confirmed.
	Destructive bool
	// Routine means that the plan changes nothing but what the command names, and needs no confirmation, however many requests it takes. It
	// is not part of a saved plan, because that is made again before it is applied.
	Routine bool
	// Discloses means that the steps have words that were read from a confidential issue or an internal comment. Such a plan is saved only
	// if the user includes them.
	Discloses bool
	// Satisfied names the objects that need no step because they are as a step would leave them; nil: unknown. A saved step that is gone was
	// applied if its object is among them. It is not saved.
	Satisfied []string
	// Serial means that the steps are applied one after the other, in the plan's order. It is not saved.
	Serial bool
	// Indivisible means that the steps make sense only together. It is not saved either.
	Indivisible bool
}

// Origin is where a plan comes from.
type Origin struct {
	Host  string        // the instance that it was made for
	Args  []string      // the arguments that make the same plan, for messages and hints
	Today calendar.Date // the team's civil date on which it was made
}

// InputsOf returns the options that a saved plan was made from. The error is of kind Usage if they are invalid.
func InputsOf[T any](p Plan) (T, error) {
	var in T
	if err := json.Unmarshal(p.Inputs, &in); err != nil {
		return in, fault.Wrap(fault.Usage, err, hintReplan, "invalid inputs")
	}
	return in, nil
}

// Fingerprint identifies the state of one object that a plan was made from.
type Fingerprint struct {
	Object string // "milestone 412", "issue acme/infrastructure#12", "label oncall"
	Digest string // of the fields the plan depends on
}

// Empty reports whether the plan has no steps.
func (p Plan) Empty() bool { return len(p.Steps) == 0 }

// Whole says why no step can be left out of the plan; empty: any can, unless another one needs it. A part of a plan that deletes or renames
// would leave things with names that nobody expects.
func (p Plan) Whole() string {
	switch {
	case p.Indivisible:
		return p.Command + " is applied as a whole"
	case p.Destructive || slices.ContainsFunc(p.Steps, deletes):
		return "it deletes something"
	case slices.ContainsFunc(p.Steps, renames):
		return "it renames or closes something"
	}
	return ""
}

func deletes(step Step) bool {
	switch step.(type) {
	case DeleteMilestone, DeleteLabel, DeleteBoard, DeleteFreeze:
		return true
	}
	return false
}

func renames(step Step) bool {
	switch s := step.(type) {
	case UpdateMilestone:
		return s.Change.Title != nil || s.Change.State != nil
	case UpdateLabel:
		return s.Change.Name != nil
	}
	return false
}

// Step is one write. Each kind is a type of its own in steps.go.
type Step interface {
	// Key is unique in the plan, and the same whenever the same step is planned again.
	Key() string
	// Needs returns the keys of the steps that must be done before this one.
	Needs() []string
	step()
}

// Base holds the fields of every step.
type Base struct {
	ID    string
	After []string
}

// Key returns the step's key.
func (b Base) Key() string { return b.ID }

// Needs returns the keys of the steps that must be done first.
func (b Base) Needs() []string { return b.After }

func (Base) step() {}

// Index returns the position of the step with the key, or -1.
func (p Plan) Index(key string) int {
	return slices.IndexFunc(p.Steps, func(s Step) bool { return s.Key() == key })
}
