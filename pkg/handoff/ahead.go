package handoff

import (
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// AheadOf returns what is planned for an issue by its comments: next steps and contingency, each from the hand-off note or from an update
// of the incident, whichever is newer. A note replaces the one before it, and one that somebody has taken does not count.
func AheadOf(notes []issue.Note) incident.Ahead {
	a := incident.AheadOf(eventlog.Events(notes, incident.Kind))
	mark, ok := CurrentMark(notes)
	if !ok {
		return a
	}
	shown := mark.Shown()
	step := func(text, words string) incident.Step {
		s := incident.Step{Text: text, By: mark.By, At: mark.At}
		if mark.Internal != nil && text != "" {
			s.Words = words
		}
		return s
	}
	if a.Next.IsZero() || mark.At.After(a.Next.At) {
		a.Next = step(mark.Next, shown.Next)
	}
	if mark.If != "" && (a.If.IsZero() || mark.At.After(a.If.At)) {
		a.If = step(mark.If, shown.If)
	}
	return a
}
