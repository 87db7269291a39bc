package words

import (
	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Criticality styles the criticality of a change. A missing one is a gap to fix, so it is a warning.
func Criticality(s string) layout.Span {
	switch s {
	case "":
		return layout.As(layout.Warn, Unknown)
	case "C1":
		return layout.As(layout.Bad, s)
	case "C2":
		return layout.As(layout.Warn, s)
	}
	return layout.T(s)
}

// ChangeState styles the state of a change.
func ChangeState(s jsonv1.ChangeState) layout.Span {
	switch s {
	case jsonv1.ChangeInProgress:
		return layout.As(layout.Strong, string(s))
	case jsonv1.ChangeApproved:
		return layout.As(layout.Good, string(s))
	case jsonv1.ChangeAborted, jsonv1.ChangeUnknown:
		return layout.As(layout.Warn, string(s))
	case jsonv1.ChangeComplete:
		return layout.As(layout.Faint, string(s))
	}
	return layout.T(string(s))
}

// Result styles the outcome of a change.
func Result(outcome string) layout.Span {
	switch outcome {
	case "success":
		return layout.As(layout.Good, outcome)
	case "failure":
		return layout.As(layout.Bad, outcome)
	}
	return layout.T(outcome)
}

// Unknown is shown for a state, severity or time that is not recorded.
const Unknown = "unknown"

// Severity styles the severity of an incident. A missing one is a gap to fix, so it is a warning.
func Severity(s string) layout.Span {
	switch s {
	case "":
		return layout.As(layout.Warn, Unknown)
	case "S1", "S2":
		return layout.As(layout.Bad, s)
	case "S3":
		return layout.As(layout.Warn, s)
	}
	return layout.T(s)
}

// IncidentState styles the state of an incident.
func IncidentState(s jsonv1.IncidentState) layout.Span {
	switch s {
	case jsonv1.IncidentActive:
		return layout.As(layout.Bad, string(s))
	case jsonv1.IncidentMitigated, jsonv1.IncidentUnknown:
		return layout.As(layout.Warn, string(s))
	case jsonv1.IncidentResolved:
		return layout.As(layout.Good, string(s))
	}
	return layout.As(layout.Faint, string(s))
}

// HiddenTitle is shown in place of a title that is withheld.
const HiddenTitle = "(confidential)"
