package input

import (
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
)

// Criticality is how risky a change is: C1 to C4. The zero value means unknown, which counts as C1.
type Criticality = Enum[change.Criticality, criticalityKind]

// Criticalities are criticalities to filter by.
type Criticalities = List[Criticality, *Criticality]

type criticalityKind struct{}

func (criticalityKind) name() string { return "criticality" }

func (criticalityKind) parse(raw string) (change.Criticality, error) {
	return change.ParseCriticality(raw)
}

func (criticalityKind) words() []Candidate {
	return []Candidate{{"C1", "downtime or high risk"}, {"C2", "risk without downtime"}, {"C3", "very low risk, some manual work"},
		{"C4", "routine or automated"}}
}

// ChangeStates are states of changes to filter by.
type ChangeStates = List[ChangeState, *ChangeState]

// ChangeState is the state of a change.
type ChangeState = Enum[change.State, changeStateKind]

type changeStateKind struct{}

func (changeStateKind) name() string { return "state" }

func (changeStateKind) parse(raw string) (change.State, error) { return change.ParseState(raw) }

func (changeStateKind) words() []Candidate {
	return fixed([]string{"scheduled", "approved", "in-progress", "complete", "aborted", "unknown"})
}

// ImpactType is whom a change affects.
type ImpactType = Enum[change.ImpactType, impactKind]

type impactKind struct{}

func (impactKind) name() string { return "impact" }

func (impactKind) parse(raw string) (change.ImpactType, error) { return change.ParseImpact(raw) }

func (impactKind) words() []Candidate { return fixed([]string{"client-facing", "internal", "none"}) }

// Outcome is how a change ended.
type Outcome = Enum[change.Outcome, outcomeKind]

type outcomeKind struct{}

func (outcomeKind) name() string { return "outcome" }

func (outcomeKind) parse(raw string) (change.Outcome, error) { return change.ParseOutcome(raw) }

func (outcomeKind) words() []Candidate { return fixed([]string{"success", "failure"}) }

// CarryOver is what to do with issues that are open when a timebox ends. The zero value means no input.
type CarryOver = Enum[milestone.CarryOver, carryOverKind]

type carryOverKind struct{}

func (carryOverKind) name() string { return "carry-over" }

func (carryOverKind) parse(raw string) (milestone.CarryOver, error) {
	return milestone.ParseCarryOver(strings.ToLower(raw))
}

func (carryOverKind) words() []Candidate {
	return []Candidate{{"current", "move them to the timebox that starts"}, {"next", "move them to the one after it"}, {"keep",
		"leave them where they are"}, {"block", "refuse and list them"}}
}
