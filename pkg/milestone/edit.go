package milestone

import (
	"fmt"
	"strings"
)

// Text is what prodctl writes into the description of a milestone. Everything else in it is people's.
type Text struct {
	Names   Names
	Cadence Cadence
	Box     Timebox
	Dated   bool    // the dated name
	Record  Record  // of a roll; zero: none
	Summary string  // below the record
	Planned []int64 // ids of issues that are planned late
}

// Of returns a description with the text in it.
func (t Text) Of(description string) string {
	if t.Dated {
		description = t.Names.Describe(description, t.Box, t.Cadence)
	}
	if t.Record != (Record{}) {
		description = WriteRecord(description, t.Record, t.Summary)
	}
	return WritePlanned(description, t.Planned)
}

// Edit is a change of title, dates and description that was decided for a milestone as it was before.
type Edit struct {
	Before Milestone
	Change Change
	Text   Text // replaces the description of the change
}

// On returns the change for the milestone as it is now: what others wrote into its description in between stays, and what it has already
// is left out. It is an error if somebody else gave it another title or other dates, because then the edit has to be decided again.
func (e Edit) On(now Milestone) (Change, error) {
	change := e.Change
	if title := change.Title; title != nil && strings.TrimSpace(*title) == now.Title {
		change.Title = nil
	} else if title != nil && now.Title != e.Before.Title {
		return Change{}, fmt.Errorf("milestone %q was renamed to %q in the meantime", e.Before.Title, now.Title)
	}
	if change.Start != nil && change.Due != nil && now.Start == *change.Start && now.Due == *change.Due {
		change.Start, change.Due = nil, nil
	} else if (change.Start != nil || change.Due != nil) && now.Box() != e.Before.Box() {
		return Change{}, fmt.Errorf("the dates of milestone %q were changed to %s in the meantime", now.Title, now.Box())
	}
	if change.Description != nil {
		text := e.Text.Of(now.Description)
		if change.Description = &text; text == now.Description {
			change.Description = nil
		}
	}
	return change, nil
}
