package input

import (
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/fault"
)

// KnownServices refuses a service that the configuration does not name, where it names any.
func KnownServices(cfg config.Config, typed []string) error {
	known := cfg.Incidents.Services
	if len(known) == 0 {
		return nil
	}
	for _, s := range typed {
		if !slices.Contains(known, s) {
			return fault.New(fault.Usage, "say one of "+strings.Join(known, ", ")+", or add it to incidents.services in "+cfg.File, "there is no service %q", s)
		}
	}
	return nil
}
