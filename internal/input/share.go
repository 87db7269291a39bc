package input

import (
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/incident"
)

// Share reads a share from 0 to 1, or in percent, and writes it as an exact decimal.
func Share(typed string) (string, error) {
	if typed == "" {
		return "", nil
	}
	share, err := incident.ParseImpact(typed)
	if err != nil {
		return "", fault.Wrap(fault.Usage, err, "write the share of users as 0.25 or 25%", "--impact")
	}
	return share, nil
}
