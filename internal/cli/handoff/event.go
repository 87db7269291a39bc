package handoff

import (
	"errors"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// details adds the hand-off note to an event document.
func details(mark func() handoff.Mark) func(*jsonv1.Event) {
	return func(doc *jsonv1.Event) {
		m := mark()
		texts := m.Shown()
		doc.LeftOff, doc.NextStep, doc.Contingency = texts.LeftOff, texts.Next, texts.If
		doc.By, doc.MarkInternal = m.By, m.Internal != nil
	}
}

// hint returns what to do about an error besides a retry.
func hint(err error) string {
	switch {
	case errors.Is(err, fault.Conflict):
		return "To see what is ready: prodctl handoff list"
	case errors.Is(err, fault.Dropped):
		return "Ask somebody with the Planner or Reporter role to set the label"
	}
	return ""
}
