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
		Short: "Start or finish the review of an incident",
		Long: `Add the form of a blameless review as a comment, once for each resolved incident. A review is due if an S1 or S2 lasted longer
than 30 minutes (incidents.review_after), or if data may have been lost. Its generated part, between two hidden lines, has the facts: times with their evidence, timeline, what changed before it, minutes of the
error budget, corrective actions. Run it again to update them. Other text of the comment is never changed. A generated part that people
edited stays as their text, above the new facts. If you may not edit the comment, the facts go into another one that links to it.

Of internal comments the facts have the times only. With --include-confidential they have the words, and the form is itself an internal
comment. With --done it marks the incident as reviewed and closes its issue. It creates no actions: use prodctl incident action.`,
		Example: `  # Add the review form, or update its facts
  prodctl incident review 12

  # The review meeting was held
  prodctl incident review 12 --done -m "Held on Monday; two actions"`,
	}
	f := cmd.Flags()
	f.BoolVar(&o.Force, "force", false, "add the form even if no review is due")
	f.BoolVar(&o.Done, "done", false, "mark the incident as reviewed")
	f.StringVarP(&o.Text, "message", "m", "", "with --done: `text` of the comment")
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
		return fault.New(fault.Usage, "Add --done if the review was held", "--message requires --done")
	}
	planner, err := ReviewPlanner(s, flow.ReviewInputs{Project: o.Issue.Project, IID: o.Issue.IID, Force: o.Force, Reveal: s.Reveals(),
		Now: s.Time})
	if err != nil {
		return err
	}
	return runner.Run(ctx, s, planner)
}

// ReviewPlanner returns the planner for these inputs, which come from the command line or from a plan file.
func ReviewPlanner(s *app.Session, in flow.ReviewInputs) (flow.Review, error) {
	c := s.Config
	form, err := c.ReviewTemplate()
	if err != nil {
		return flow.Review{}, err
	}
	rules, err := c.BudgetRules()
	return flow.Review{Read: s.Client, Moves: runner.Moves(s), Labels: c.IncidentLabels(), Changes: changesOf(s, flow.DefaultBefore),
		Budgets: rules, Zone: c.Timezone, ReviewAfter: c.Incidents.ReviewAfter, Template: form, Inputs: in, Origin: s.Origin()}, err
}
