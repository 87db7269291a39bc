package input

import "gitlab.com/prodctl/prodctl/pkg/incident"

// Severity is the severity of an incident: S1 to S4. The zero value means unknown.
type Severity = Enum[incident.Severity, severityKind]

type severityKind struct{}

func (severityKind) name() string { return "severity" }

func (severityKind) parse(raw string) (incident.Severity, error) {
	return incident.ParseSeverity(raw)
}

func (severityKind) words() []Candidate {
	return []Candidate{
		{"S1", "outage or data loss, no workaround, most users"},
		{"S2", "many users or several paying customers"},
		{"S3", "some users, an acceptable workaround"},
		{"S4", "cosmetic"},
	}
}

// Severities are severities to filter by; "unknown" matches incidents without one.
type Severities = List[SelectedSeverity, *SelectedSeverity]

// SelectedSeverity is one severity to filter by.
type SelectedSeverity = Enum[incident.Severity, selectedSeverityKind]

type selectedSeverityKind struct{ severityKind }

func (selectedSeverityKind) parse(raw string) (incident.Severity, error) {
	if raw == incident.UnknownSeverity.String() {
		return incident.UnknownSeverity, nil
	}
	return incident.ParseSeverity(raw)
}

func (k selectedSeverityKind) words() []Candidate {
	return append(k.severityKind.words(), Candidate{incident.UnknownSeverity.String(), "no severity is recorded"})
}

// IncidentStates are states of incidents to filter by.
type IncidentStates = List[IncidentState, *IncidentState]

// IncidentState is the state of an incident.
type IncidentState = Enum[incident.State, incidentStateKind]

type incidentStateKind struct{}

func (incidentStateKind) name() string { return "state" }

func (incidentStateKind) parse(raw string) (incident.State, error) {
	return incident.ParseState(raw)
}

func (incidentStateKind) words() []Candidate {
	return fixed([]string{"active", "mitigated", "resolved", "reviewed", "unknown"})
}
