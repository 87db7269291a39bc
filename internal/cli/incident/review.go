package incident

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/runner"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/incident"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/template"
)

type reviewOptions struct {
	Issue input.Issue
	Force bool
	Done  bool
	Text  string
	runner.KeyFlags
}

func newReviewCmd(a *app.App, run command.Run[reviewOptions]) *cobra.Command {
	o := reviewOptions{Issue: input.Incident()}
	cmd := &cobra.Command{
		Use:   "review <incident>",
		Short: "Begin the review of an incident, or say that it was held",
		Long: `Review writes the form of a blameless review as a comment, filled with the times, the severity and the timeline that
are recorded. It is due when an S1 or S2 lasted longer than incidents.review_after (30 minutes), or when data may have
been lost; otherwise it is refused unless --force is said. It is written once for each incident.

With --done the review was held: the incident is reviewed and its issue closed. Actions that follow from it are made
with prodctl incident action.

Exit codes: 0 done or there already, 1 failed, 3 told but something after it failed, 4 no right, 5 none is due, or the
incident is not resolved yet, 6 wrong usage, 7 GitLab out of reach, 130 interrupted.`,
		Example: `  prodctl incident review 8
  prodctl incident review 8 --done -m "Held on Monday; two actions"`,
	}
	f := cmd.Flags()
	f.BoolVar(&o.Force, "force", false, "write the form though no review is due")
	f.BoolVar(&o.Done, "done", false, "the review was held")
	f.StringVarP(&o.Text, "message", "m", "", "with --done, what came of it, in a `sentence`")
	command.AddKeyFlags(cmd, &o.KeyFlags)
	command.AddConfidentialFlag(cmd)
	return command.Writes(command.Define(a, cmd, &o, run, command.Arg{Name: "incident", Value: &o.Issue}))
}

func runReview(ctx context.Context, s *app.Session, o reviewOptions) error {
	if o.Done {
		held := command.EventOptions{Issue: o.Issue, Text: o.Text, KeyFlags: o.KeyFlags}
		return runEvent(ctx, s, eventOptions{EventOptions: held, Verb: incident.Review, Close: true})
	}
	if o.Text != "" {
		return fault.New(fault.Usage, "say it with --done, when the review was held", "--message goes with --done")
	}
	planner, err := ReviewPlanner(s, flow.ReviewInputs{Project: o.Issue.Project, IID: o.Issue.IID, Force: o.Force, Now: s.Time})
	if err != nil {
		return err
	}
	return runner.Run(ctx, s, planner)
}

// ReviewPlanner is the command for these inputs, typed now or kept in a plan file.
func ReviewPlanner(s *app.Session, in flow.ReviewInputs) (flow.Review, error) {
	form, err := s.Config.Template(s.Config.Incidents.ReviewTemplate, template.Review(), template.ReviewVariables())
	return flow.Review{Read: s.Client, Labels: s.Config.IncidentLabels(), ReviewAfter: s.Config.Incidents.ReviewAfter,
		Template: form, Inputs: in,
		Origin: s.Origin()}, err
}
