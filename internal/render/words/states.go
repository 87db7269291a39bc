package words

import (
	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Criticality says that nobody has said it, which is a gap.
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

// ChangeState is where a change stands.
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

// Result is what became of a change.
func Result(outcome string) layout.Span {
	switch outcome {
	case "success":
		return layout.As(layout.Good, outcome)
	case "failure":
		return layout.As(layout.Bad, outcome)
	}
	return layout.T(outcome)
}

// Unknown stands for a state or a severity that nobody has told.
const Unknown = "unknown"

// Severity says that nobody has said it, which is a gap.
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

// IncidentState is where an incident stands.
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

// What incidents and changes have in common on a page and in a table.

// HiddenTitle stands for a title that is not told.
const HiddenTitle = "(confidential)"
