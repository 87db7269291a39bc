package milestone

import "gitlab.com/prodctl/prodctl/pkg/issue"

// Action is one thing to do. The order of actions is the order in which they are done;
// carrying issues over is the one kind whose actions do not depend on each other.
type Action interface{ action() }

// Create makes a milestone. ID is a negative stand-in by which later actions name it.
type Create struct {
	ID    int64
	Box   Timebox // of the roll it belongs to
	Draft Draft
}

// Update changes a milestone: What is "rename", "close", "promote" or "repair". Was is the milestone before.
type Update struct {
	Kind   string
	Box    Timebox
	Before Milestone
	Change Change
}

// Delete removes a twin that nothing hangs on any more.
type Delete struct {
	Milestone Milestone
}

// Move takes an issue from one milestone to another: What is "carry" or "duplicate".
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

// Turn is the outcome for one timebox that was finished, for the summary of a roll.
type Turn struct {
	Box      Timebox
	Title    string // the finished milestone's new title
	Measured Measured
	CarryTo  string // dated name of the timebox that gets the open issues; empty: they stay
}

// Roll is what is to be done.
type Roll struct {
	Actions []Action
	Turns   []Turn
	Current Milestone // as it will be; its Due is the day from which the next roll is due
	Wants   []Want    // not empty: what is missing to decide; everything else is then void
	Notes   []string
}
