package incident

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/runner"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/incident"
)

type changesOptions struct {
	Issue  input.Issue
	Before input.Minutes
}

func newChangesCmd(a *app.App, run command.Run[changesOptions]) *cobra.Command {
	o := changesOptions{Issue: input.Incident(), Before: input.Minutes{Duration: flow.DefaultBefore, Given: true}}
	cmd := &cobra.Command{
		Use:   "changes <incident>",
		Short: "List what changed before an incident",
		Long: `List what changed in production before an incident began: planned changes, records by automation (prodctl change record), and
deployments of the projects in incidents.deployments. The start comes from the record or the timeline. Without one, the time of
detection counts, else when the issue was opened.

Those that share a service with the incident come first, then those without a service. Among these, changes in progress come before
finished ones, and the closest first. Each has the reason for its rank. A rank says where to look first, not what the cause is.`,
		Example: `  # The two hours before incident 8
  prodctl incident changes 8

  # The whole day before it, as Markdown for a comment
  prodctl incident changes 8 --before 24h -o md`,
	}
	cmd.Flags().Var(&o.Before, "before", "how long before the start: a `duration` such as 30m or 24h")
	command.AddLimitFlag(cmd, "first `n` changes")
	command.AddConfidentialFlag(cmd)
	return command.Define(a, cmd, &o, run, command.Arg{Name: "incident", Value: &o.Issue})
}

func runChanges(ctx context.Context, s *app.Session, o changesOptions) error {
	if err := s.Config.RequireTrackers(manifest.Production); err != nil {
		return err
	}
	if o.Before.Duration < time.Minute {
		return fault.New(fault.Usage, "Use a duration such as 2h", "--before must be at least 1m")
	}
	progress := s.Progress("Reading what changed before %s", o.Issue.Ref)
	inc, changed, err := changesOf(s, o.Before.Duration).Changed(ctx, s.Client, runner.Moves(s), o.Issue.Ref)
	progress.Stop()
	if err != nil {
		return err
	}
	return s.View.IncidentChanges(document.IncidentChanges(inc, changed))
}

// changesOf returns what finds the changes before an incident, by the configuration.
func changesOf(s *app.Session, before time.Duration) flow.Changes {
	c := s.Config
	return flow.Changes{Read: s.Client, Project: c.Production().Path, Incidents: c.IncidentLabels(), Changes: c.ChangeLabels(),
		Sources: c.Incidents.Deployments, Services: c.Incidents.Services, Before: before}
}
