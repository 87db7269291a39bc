package rad

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/runner"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/rad"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

type openOptions struct {
	Occurrence string
	Early      bool
	Web        bool
}

func newOpenCmd(a *app.App, run command.Run[openOptions]) *cobra.Command {
	var o openOptions
	cmd := &cobra.Command{
		Use:   "open",
		Short: "Open the issue of a restore drill",
		Long: `Open the issue of the restore drill that is due, assigned to the two people in turn, with the targets as a checklist and the
day as its due date. Before the day there is nothing to open and the exit code is 0, so a daily pipeline can run it. A drill that
was not opened on its day is opened up to 7 days later; after that, name it with --occurrence.

There is one issue for each occurrence, whoever runs the command and however often. Who is absent (planning.absences) or has no
account is skipped.`,
		Example: `  # Every day in a pipeline
  prodctl rad open

  # One that was missed
  prodctl rad open --occurrence 2018-08`,
	}
	f := cmd.Flags()
	f.StringVar(&o.Occurrence, "occurrence", "", "`month` or day of the drill, such as 2018-09 (default: the one that is due)")
	f.BoolVar(&o.Early, "early", false, "open it up to 7 days before its day")
	f.BoolVar(&o.Web, "web", false, "open the issue in the browser")
	return command.Writes(command.Define(a, cmd, &o, run))
}

func runOpen(ctx context.Context, s *app.Session, o openOptions) error {
	in := flow.OpenInputs{Project: s.Config.Infrastructure().Path, Occurrence: strings.TrimSpace(o.Occurrence), Early: o.Early}
	if err := errors.Join(s.Config.RequireTrackers(manifest.Infrastructure), in.Check(s.Config.DrillDays())); err != nil {
		return err
	}
	planner, err := OpenPlanner(s, in)
	if err != nil {
		return err
	}
	due, note, err := planner.Due()
	switch {
	case err != nil:
		return err
	case note != "":
		return runner.Run(ctx, s, planner)
	}
	planner.Inputs.Occurrence = due.ID // a saved plan is about this one, whenever it is applied
	c := &runner.Creation{Session: s, What: "drill", Step: "open", Existing: planner.Found, Web: o.Web, NoDraft: true,
		About: func(i issue.Issue) string { return unassigned(planner, i) }}
	return runner.RunWith(ctx, s, planner, runner.Hooks{Observer: c, Planned: c.Planned, Show: c.Show})
}

// unassigned says who the issue is for although it is not assigned to them.
func unassigned(planner *flow.Open, i issue.Issue) string {
	names := planner.Unassigned(i)
	if _, existed := planner.Found(); existed || len(names) == 0 {
		return ""
	}
	return fmt.Sprintf("%s is not assigned to @%s: this GitLab edition allows one assignee. The description mentions both", i.Ref,
		strings.Join(names, " and @"))
}

// OpenPlanner returns the planner for these inputs, which come from the command line or from a plan file.
func OpenPlanner(s *app.Session, in flow.OpenInputs) (*flow.Open, error) {
	text, err := s.Config.DrillTemplate()
	return &flow.Open{Read: s.Client, Moves: runner.Moves(s), Schedule: schedule(s.Config), Template: text, Inputs: in,
		Origin: s.Origin()}, err
}
