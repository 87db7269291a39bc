package handoff

import (
	"errors"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// details are the words that an issue is handed on with.
func details(mark func() handoff.Mark) func(*jsonv1.Event) {
	return func(doc *jsonv1.Event) {
		m := mark()
		doc.LeftOff, doc.NextStep, doc.By = m.LeftOff, m.Next, m.By
	}
}

// hint is what to do besides trying again.
func hint(err error) string {
	switch {
	case errors.Is(err, fault.Conflict):
		return "prodctl handoff list shows what is ready to be taken"
	case errors.Is(err, fault.Dropped):
		return "setting labels needs the role Planner, or Reporter and above; let somebody set it who has one"
	}
	return ""
}
