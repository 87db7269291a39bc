package milestone

import "gitlab.com/prodctl/prodctl/pkg/issue"

// Action is one change to make. Actions are applied in their order, but carrying over issues is the one kind whose actions do not
// depend on each other.
type Action interface{ action() }

// Create creates a milestone. ID is a negative placeholder by which later actions refer to it.
type Create struct {
	ID    int64
	Box   Timebox // the timebox of the roll
	Draft Draft
}

// Update changes a milestone. Kind is "rename", "close", "promote" or "repair". Text is what is written into its description.
type Update struct {
	Kind   string
	Box    Timebox
	Before Milestone
	Change Change
	Text   Text
}

// Delete deletes a duplicate milestone without issues.
type Delete struct {
	Milestone Milestone
}

// The kinds of moves: out of a finished milestone, and out of a duplicate that is deleted.
const (
	Carry       = "carry"
	OfDuplicate = "duplicate"
)

// Move moves an issue to another milestone. Kind is [Carry] or [OfDuplicate].
type Move struct {
	Kind  string
	Box   Timebox
	Issue issue.Issue
	From  string // title
	To    Milestone
	Label string // to add; may be empty
}

func (Create) action() {}
func (Update) action() {}
func (Delete) action() {}
func (Move) action()   {}

// Turn is the result for one finished timebox, for the summary of a roll.
type Turn struct {
	Box      Timebox
	Title    string // the finished milestone's new title
	Measured Measured
	CarryTo  string // dated name of the timebox that gets the open issues; empty: they stay
}

// Roll is the decision of [PlanRoll] or [PlanEnsure].
type Roll struct {
	Actions []Action
	Turns   []Turn
	Current Milestone // after the actions; the next roll is due on its Due
	Wants   []Want    // issues that must be read before a decision is possible; if not empty, the other fields are invalid
	Notes   []string
}
