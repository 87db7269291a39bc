package handoff

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/runner"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/handoff"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
)

type checkOptions struct {
	Shift    input.Shift
	ExitCode bool
	All      bool
}

func newCheckCmd(a *app.App, run command.Run[checkOptions]) *cobra.Command {
	o := checkOptions{Shift: input.CurrentShift()}
	cmd := &cobra.Command{
		Use:   "check",
		Short: "List issues that are not ready for the hand-off",
		Long: `Check burning incidents, ongoing outages, (perceived) data loss and issues marked as ready to hand off. List those without
an update since the shift started, and those with the label but no hand-off note, each with the command that fixes it. What
is burning needs five elements: a severity, a summary (an update in this shift), next steps, a contingency (--if), and the
receipt of the last hand-off (handoff accept) if it was burning then.

GitLab's own notes and a take without a message do not count as updates. Outside a terminal, confidential issues appear by
reference only. With --exit-code, exit code 8 means that something is missing.`,
		Example: `  # The current shift
  prodctl handoff check

  # In a pipeline, for the shift that has just ended
  prodctl handoff check --exit-code --shift last`,
	}
	f := cmd.Flags()
	f.Var(&o.Shift, "shift", "`shift` to check: current, last, EMEA@2018-08-24 or an id")
	f.BoolVar(&o.ExitCode, "exit-code", false, "exit with 8 if an issue is not ready")
	f.BoolVar(&o.All, "all", false, "show every issue on a terminal and in Markdown")
	command.AddConfidentialFlag(cmd)
	return command.Define(a, cmd, &o, run)
}

func runCheck(ctx context.Context, s *app.Session, o checkOptions) error {
	if err := flow.CheckStarted(o.Shift.Shift, s.Time); err != nil {
		return err
	}
	marks, err := newMarks(s)
	if err != nil {
		return err
	}
	ended := handoff.HandedOver(o.Shift.Shift, s.Config.Oncall.Previous(o.Shift.Shift), s.Time)
	log, err := oncallLog(s, ended)
	if err != nil {
		return err
	}
	progress := s.Progress("Reading GitLab")
	defer progress.Stop()
	list, err := marks.Due(ctx)
	if err != nil {
		return err
	}
	receipt, err := flow.ReadReceipt(ctx, s.Client, runner.Moves(s), log, ended, list)
	if err != nil {
		return err
	}
	progress.Stop()
	doc := document.HandoffCheck(list, o.Shift.Shift, receipt, s.Config, s.Time)
	if err := s.View.HandoffCheck(doc, o.All); err != nil {
		return err
	}
	if o.ExitCode && !doc.Complete {
		return &fault.Error{Kind: fault.Pending} // the list is the result; there is nothing to add
	}
	return nil
}
