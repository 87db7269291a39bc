// Package input is the values that people type: times, severities, services, issues, shares of users.
// Each parses itself and says what is wrong with it in the words of its flag.
//
// It asks GitLab nothing, and knows no command.
package input

import (
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/change"
)

// Criticality reads a criticality; empty is unknown.
func Criticality(typed string) (change.Criticality, error) {
	if typed == "" {
		return change.UnknownCriticality, nil
	}
	c, err := change.ParseCriticality(typed)
	if err != nil {
		return c, fault.Wrap(fault.Usage, err, "say --criticality C1, C2, C3 or C4; in doubt the lower number", "")
	}
	return c, nil
}
