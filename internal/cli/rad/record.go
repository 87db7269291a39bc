package rad

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/runner"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/rad"
	"gitlab.com/prodctl/prodctl/pkg/drill"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

type recordOptions struct {
	Issue    input.Issue
	Target   input.DrillTarget
	Start    input.Time
	End      input.Time
	Size     input.Bytes
	Verified bool
	Failed   bool
	Text     string
}

func newRecordCmd(a *app.App, run command.Run[recordOptions]) *cobra.Command {
	o := recordOptions{Issue: input.Drill()}
	cmd := &cobra.Command{
		Use:   "record [<drill>]",
		Short: "Record a restore",
		Long: `Record one restore in the issue of its drill, by default the newest open one: when it started and ended, how large it was, and
whether the data was verified. A verified target is ticked in the checklist.

The same restore is recorded once, so it is safe to run the command again. With other values it is another attempt.`,
		Example: `  # Restored and verified
  prodctl rad record --target main-db --start 09:10 --end 10:42 --size 412GiB --verified -m "All rows are there"

  # It failed just now
  prodctl rad record --target registry --start 11:00 --failed -m "The key of the backup is not in the vault"`,
	}
	f := cmd.Flags()
	f.Var(&o.Target, "target", "`target` that was restored, from rad.targets")
	f.Var(&o.Start, "start", "`time` at which the restore started: 09:10, yesterday 23:50 or RFC 3339"+input.Zone)
	f.Var(&o.End, "end", "`time` at which the data was verified or the restore failed (default: now)")
	f.Var(&o.Size, "size", "restored `size`, such as 412GiB")
	f.BoolVar(&o.Verified, "verified", false, "the data was verified")
	f.BoolVar(&o.Failed, "failed", false, "the restore or the check of the data failed")
	f.StringVarP(&o.Text, "message", "m", "", "`text` of the comment: what was checked, or what failed")
	cmd.MarkFlagsMutuallyExclusive("verified", "failed")
	command.AddConfidentialFlag(cmd)
	return command.Writes(command.Define(a, cmd, &o, run, command.Arg{Name: "drill", Value: &o.Issue, Optional: true}))
}

func runRecord(ctx context.Context, s *app.Session, o recordOptions) error {
	if err := s.Config.RequireTrackers(manifest.Infrastructure); err != nil {
		return err
	}
	if o.Verified == o.Failed {
		return fault.New(fault.Usage, "Pass --verified if the data was checked, else --failed", "--verified or --failed is required")
	}
	in := flow.RecordInputs{Project: o.Issue.Project, IID: o.Issue.IID, Target: string(o.Target), Start: o.Start.Time, End: s.Time,
		Size: drill.Size(o.Size), Verified: o.Verified, Text: o.Text}
	if !o.End.IsZero() {
		in.End, in.EndGiven = o.End.Time, true
	}
	if err := in.Check(); err != nil { // before the first request
		return err
	}
	if in.IID == 0 {
		progress := s.Progress("Looking for the open drill")
		ref, err := flow.Current(ctx, s.Client, s.Config.Infrastructure(), s.Config.Rad.Label, s.Time)
		progress.Stop()
		if err != nil {
			return err
		}
		in.Project, in.IID = ref.Project, ref.IID
	}
	planner, err := RecordPlanner(s, in)
	if err != nil {
		return err
	}
	e := &runner.Event{Session: s, What: "drill", Text: in.Text, Recorded: planner.Recorded, Issue: planner.Issue, Before: planner.Before,
		State: planner.State, Began: planner.Began, LeftOut: planner.LeftOut, Keyless: true,
		Details: func(doc *jsonv1.Event) { doc.Target = in.Target }}
	return runner.RunWith(ctx, s, planner, runner.Hooks{Show: e.Show})
}

// RecordPlanner returns the planner for these inputs, which come from the command line or from a plan file.
func RecordPlanner(s *app.Session, in flow.RecordInputs) (*flow.Record, error) {
	return &flow.Record{Read: s.Client, Moves: runner.Moves(s), Label: s.Config.Rad.Label, Targets: s.Config.Rad.Targets, Inputs: in,
		Origin: s.Origin()}, in.Check()
}
