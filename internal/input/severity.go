package input

import (
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/incident"
)

// Severity reads -s; empty is unknown.
func Severity(typed string) (incident.Severity, error) {
	if typed == "" {
		return incident.UnknownSeverity, nil
	}
	s, err := incident.ParseSeverity(typed)
	if err != nil {
		return s, fault.Wrap(fault.Usage, err, "say -s S1, S2, S3 or S4; leave it out while it is not known", "")
	}
	return s, nil
}
