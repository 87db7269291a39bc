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
	flow "gitlab.com/prodctl/prodctl/internal/workflow/milestone"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
)

type rollOptions struct {
	CarryOver input.CarryOver // empty: as configured
	Early     bool
	CatchUp   bool
	Realign   bool
	From, To  input.Milestone
}

func newRollCmd(a *app.App, run command.Run[rollOptions]) *cobra.Command {
	var o rollOptions
	cmd := &cobra.Command{
		Use:   "roll",
		Short: "Finish the timebox that has ended and begin the next",
		Long: `When the Current Milestone's last day has come, roll renames it (2018-08-24 Milestone) and closes it, makes the Next
Milestone the Current one, creates a new Next Milestone, and carries the issues that are still open over.
The finished milestone's description gets a table of what was done.

Before that day roll says so and exits 0, so that a daily schedule is the normal way to run it. It can be run again at any
moment: it looks for what is left of a roll that was interrupted, and two runs at once end in the same state as one.

Exit codes: 0 done or not due, 3 stopped midway, 4 no right, 5 refused with the reason, 6 wrong usage, 7 GitLab out of reach,
130 interrupted.`,
		Example: `  # what would be done?
  prodctl milestone roll --dry-run

  # from a daily schedule
  prodctl milestone roll --yes

  # three timeboxes were missed
  prodctl milestone roll --catch-up --yes --now 2018-10-06`,
	}
	f := cmd.Flags()
	f.Var(&o.CarryOver, "carry-over",
		"what becomes of open issues: {current | next | keep | block}; block refuses and lists them (default current, or as configured)")
	f.BoolVar(&o.Early, "early", false, "roll before the last day")
	f.BoolVar(&o.CatchUp, "catch-up", false, "roll every timebox that has ended, one by one")
	f.BoolVar(&o.Realign, "realign", false, "go on with the cadence's dates where the milestones' do not fit it")
	f.Var(&o.From, "from", "the `milestone` to finish, by title or id, instead of the one called Current Milestone")
	f.Var(&o.To, "to", "the `milestone` that follows, instead of the one called Next Milestone")
	return command.Writes(command.Define(a, cmd, &o, run))
}

func runRoll(ctx context.Context, s *app.Session, o rollOptions) error {
	boxes, err := timeboxes(s)
	if err != nil {
		return err
	}
	if o.From != "" && o.From == o.To {
		return fault.New(fault.Usage, "prodctl milestone list shows both", "--from and --to are the same milestone")
	}
	return runner.Run(ctx, s, flow.Roll{Timeboxes: boxes, Origin: s.Origin(), Options: milestone.RollOptions{
		Early: o.Early, CatchUp: o.CatchUp, Realign: o.Realign, Carry: cmp.Or(o.CarryOver.Value, s.Config.Milestones.CarryOver),
		From: string(o.From), To: string(o.To),
	}})
}
