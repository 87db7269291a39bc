package milestone

import (
	"context"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/runner"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/milestone"
	"gitlab.com/prodctl/prodctl/pkg/label"
)

func runFill(ctx context.Context, s *app.Session, o planOptions) error {
	planner, err := FillPlanner(s, o.inputs(s))
	if err != nil {
		return err
	}
	return runner.Run(ctx, s, planner)
}

// FillPlanner returns the planner for inputs from the command line or from a plan file.
func FillPlanner(s *app.Session, in flow.FillInputs) (flow.Fill, error) {
	session, err := planningSession(s, in)
	fill := flow.Fill{Session: session, Inputs: in, Origin: s.Origin(), Order: s.Config.Priorities(), Now: s.Time,
		Grace: s.Config.Planning.Grace}
	if layout := s.Config.BoardLayout(); layout.Ready != "" {
		fill.Ready, _ = layout.Find(layout.Ready)
	}
	return fill, err
}

// check refuses flags that make no sense without --fill, and a theme that cannot be a label.
func (o planOptions) check(s *app.Session) error {
	if problem := label.CheckName(o.Theme); problem != "" && o.Theme != "" {
		return fault.New(fault.Usage, "To see the labels: prodctl label list", "--theme: %q %s", o.Theme, problem)
	}
	if !o.Fill && (s.Global.DryRun || s.Global.Plan != "" || s.Global.Yes) {
		return fault.New(fault.Usage, "Add --fill: prodctl milestone plan --fill --dry-run",
			"--dry-run, --plan-file and --yes require --fill: without it nothing is changed")
	}
	return nil
}
