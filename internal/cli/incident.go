package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

func newIncidentCmd(env *Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "incident",
		Aliases: []string{"incidents", "inc"},
		Short:   "Incidents: open, update, mitigate, resolve, review",
		Long: `An incident is an issue of the production queue. It is active until users are not affected any more (mitigated), then until its
cause is gone (resolved), and reviewed at the end. Where it stands is told by its label and its record, not by the issue being open.

What happens is told in comments, once each; the record and the timeline in the description are made from them, and what people write
there themselves stays.`,
		Example: `  prodctl incident open "Registry returns 500s" -s S2
  prodctl incident mitigate 8 -m "Failed over to the secondary"
  prodctl incident list`,
	}
	cmd.AddCommand(
		newIncidentOpenCmd(env, runIncidentOpen),
		newIncidentUpdateCmd(env, runIncidentEvent),
		newIncidentMitigateCmd(env, runIncidentEvent),
		newIncidentResolveCmd(env, runIncidentEvent),
		newIncidentReopenCmd(env, runIncidentEvent),
		newIncidentListCmd(env, runIncidentList),
		newIncidentShowCmd(env, runIncidentShow),
		newIncidentTimelineCmd(env, runIncidentTimeline),
		newIncidentReviewCmd(env, runIncidentReview),
		newIncidentActionCmd(env, runIncidentAction),
	)
	return cmd
}

// queueRef reads the words for an issue of the production queue; a bare number is one of its own.
func queueRef(cfg config.Config, typed, example string) (issue.Ref, error) {
	return cfg.IssueRef(manifest.Production, typed, example)
}

// knownServices refuses a service that the configuration does not name, where it names any.
func knownServices(cfg config.Config, typed []string) error {
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

// severity reads -s; empty is unknown.
func severity(typed string) (incident.Severity, error) {
	if typed == "" {
		return incident.UnknownSeverity, nil
	}
	s, err := incident.ParseSeverity(typed)
	if err != nil {
		return s, fault.Wrap(fault.Usage, err, "say -s S1, S2, S3 or S4; leave it out while it is not known", "")
	}
	return s, nil
}

// quiet refuses what would be nothing at all.
func needText(text, what string) error {
	if strings.TrimSpace(text) == "" {
		return fault.New(fault.Usage, fmt.Sprintf("say it in quotes: %s", what), "there is no text")
	}
	return nil
}
