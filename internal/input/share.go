package input

import (
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/incident"
)

// Share is a share of users, from 0 to 1 or in percent, as an exact decimal.
type Share string

// Set parses the share.
func (s *Share) Set(raw string) error {
	if *s = ""; strings.TrimSpace(raw) == "" {
		return nil
	}
	share, err := incident.ParseImpact(raw)
	*s = Share(share)
	return invalid(err, "0.25", "25%")
}

// String is the decimal.
func (s *Share) String() string { return string(*s) }

// Type is share.
func (s *Share) Type() string { return "share" }
