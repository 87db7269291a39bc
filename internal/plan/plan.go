// Package plan is the engine under every command that writes: a list of typed steps,
// their order, their published form, and Apply.
//
// A workflow observes GitLab and makes a [Plan]; a view shows it; [Apply] carries out its steps and nothing else.
// What should be done is decided by the rules in pkg/, how a request is made belongs to the [Store].
// The package prints nothing, reads no clock and makes no request of its own.
package plan

import (
	"encoding/json"
	"slices"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
)

// Plan is what one run of a command will do.
//
// Step keys are unique, every key in a step's Needs belongs to an earlier step, and the order of Steps
// is the same for the same observation. Two plans made from the same observation are equal.
type Plan struct {
	Command string          // as a user types it, without prodctl: "milestone roll"
	Inputs  json.RawMessage // the command's options, from which a saved plan is made again to see whether it is stale
	Origin
	Observed []Fingerprint // what the plan was made from, sorted by Object
	Steps    []Step
	Notes    []string // what a reader should know: refusals that were not needed, gaps, who is told of what
	// Destructive says that words or objects are lost for good (deleting); such a plan is always confirmed.
	Destructive bool
	// Routine says that the steps do what the command's words say to what they name, and nothing to anything else: nobody is asked
	// first, however many requests that takes. It is not part of a saved plan, which is made again before it is carried out.
	Routine bool
}

// Origin is where a plan comes from.
type Origin struct {
	Host  string        // the instance it was made for
	Args  []string      // the arguments that make this plan again: for messages and hints
	Today calendar.Date // the team's civil date it was made on
}

// InputsOf are the options that a saved plan was made from. Ones that cannot be read are an error of kind Usage.
func InputsOf[T any](p Plan) (T, error) {
	var in T
	if err := json.Unmarshal(p.Inputs, &in); err != nil {
		return in, fault.Wrap(fault.Usage, err, "make the plan again", "the plan's inputs")
	}
	return in, nil
}

// Seen is the fingerprint of one object that a plan was made from.
type Fingerprint struct {
	Object string // "milestone 412", "issue acme/infrastructure#12", "label oncall"
	Digest string // of the fields the plan depends on
}

// Empty reports whether there is nothing to do.
func (p Plan) Empty() bool { return len(p.Steps) == 0 }

// Step is one write. Each kind is its own type in steps.go.
type Step interface {
	// Key is unique in the plan and the same whenever the same step is planned again.
	Key() string
	// Needs are the keys of the steps that must be done before this one.
	Needs() []string
	step()
}

// Base carries what all steps have.
type Base struct {
	ID    string
	After []string
}

// Key is the step's name within its plan.
func (b Base) Key() string { return b.ID }

// Needs are the keys of the steps before it.
func (b Base) Needs() []string { return b.After }

func (Base) step() {}

// Index returns the position of the step with the key, or -1.
func (p Plan) Index(key string) int {
	return slices.IndexFunc(p.Steps, func(s Step) bool { return s.Key() == key })
}
