package milestone

import (
	"cmp"
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/runner"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/milestone"
	"gitlab.com/prodctl/prodctl/pkg/hook"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
)

type rollOptions struct {
	CarryOver input.CarryOver // empty: use the configured policy
	Early     bool
	CatchUp   bool
	Realign   bool
	From, To  input.Milestone
}

func newRollCmd(a *app.App, run command.Run[rollOptions]) *cobra.Command {
	var o rollOptions
	cmd := &cobra.Command{
		Use:   "roll",
		Short: "Finish the Current Milestone and start the next one",
		Long: `On the last day of the Current Milestone, or later, rename it ("2018-08-24 Milestone"), add a summary and close it, turn the
Next Milestone into the Current one, create a new Next Milestone, and carry over the open issues.

Before that day roll changes nothing and exits 0, so you can run it daily from a schedule. It is safe to run again: it finishes
an interrupted roll, and two runs at the same time have the same result as one.`,
		Example: `  # Show what would change
  prodctl milestone roll --dry-run

  # From a daily schedule
  prodctl milestone roll --yes

  # After three missed timeboxes
  prodctl milestone roll --catch-up --yes --now 2018-10-06`,
	}
	f := cmd.Flags()
	f.Var(&o.CarryOver, "carry-over",
		"`policy` for open issues: current, next, keep or block; block refuses to roll and lists them (default: as configured, or current)")
	f.BoolVar(&o.Early, "early", false, "roll before the last day")
	f.BoolVar(&o.CatchUp, "catch-up", false, "roll every ended timebox, one by one")
	f.BoolVar(&o.Realign, "realign", false, "replace dates that do not fit the cadence")
	f.Var(&o.From, "from", "`milestone` to finish, by title, id or URL, instead of Current Milestone")
	f.Var(&o.To, "to", "`milestone` that follows, by title, id or URL, instead of Next Milestone")
	return command.Writes(command.Define(a, cmd, &o, run))
}

func runRoll(ctx context.Context, s *app.Session, o rollOptions) error {
	boxes, err := timeboxes(s)
	if err != nil {
		return err
	}
	if o.From != "" && o.From == o.To {
		return fault.New(fault.Usage, "To see the milestones: prodctl milestone list", "--from and --to are the same milestone")
	}
	return runner.Run(ctx, s, withHooks(s, flow.Roll{Timeboxes: boxes, Origin: s.Origin(), Options: milestone.RollOptions{
		Early: o.Early, CatchUp: o.CatchUp, Realign: o.Realign, Carry: cmp.Or(o.CarryOver.Value, s.Config.Milestones.CarryOver),
		From: string(o.From), To: string(o.To),
	}}))
}

// withHooks adds the hooks of a roll.
func withHooks(s *app.Session, r flow.Roll) flow.Roll {
	runner.AddHooks(s, &r.Afters, hook.Rolled, func(rounds []workflow.Round, doc *jsonv1.Hook) (ours bool) {
		doc.Finished, ours = r.Rolled(rounds)
		return ours
	})
	return r
}
