package handoff

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/handoff"
)

type checkOptions struct {
	Shift    input.Shift
	ExitCode bool
}

func newCheckCmd(a *app.App, run command.Run[checkOptions]) *cobra.Command {
	o := checkOptions{Shift: input.CurrentShift()}
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Tell which issues lack a note of this shift",
		Long: `Check looks at what has to be handed on at shift change: active incidents, ongoing outages, (perceived) data loss, and
what is marked as ready for a hand-off. It tells which of them nobody has said anything about since the shift began,
and which are labelled without a note of where they were left off, each with what to type. GitLab's own remarks do not
count, and neither does a take without words.

The shift is the one that goes on now; --shift says another one: current, last, an id such as 2018-08-24T04:00Z/EMEA,
or EMEA@2018-08-24.

Outside a terminal, confidential issues are listed by their reference only, unless --include-confidential is said.

Exit codes: 0 done, 1 failed, 4 no right, 6 wrong usage, 7 GitLab out of reach, 8 a note is lacking and --exit-code
was said, 130 interrupted.`,
		Example: `  prodctl handoff check
  prodctl handoff check --exit-code --shift last`,
	}
	f := cmd.Flags()
	f.Var(&o.Shift, "shift", "`shift` to look at: current, last, its id, or EMEA@2018-08-24")
	f.BoolVar(&o.ExitCode, "exit-code", false, "end with 8 when a note is lacking")
	command.AddConfidentialFlag(cmd)
	return command.Define(a, cmd, &o, run)
}

func runCheck(ctx context.Context, s *app.Session, o checkOptions) error {
	if err := flow.CheckStarted(o.Shift.Shift, s.Time); err != nil {
		return err
	}
	look, err := newMarks(s)
	if err != nil {
		return err
	}
	progress := s.Progress("reading what has to be handed on")
	list, err := look.Due(ctx, o.Shift.From)
	progress.Stop()
	if err != nil {
		return err
	}
	doc := document.HandoffCheck(list, o.Shift.Shift, s.Config, s.Time)
	if err := s.View.HandoffCheck(doc); err != nil {
		return err
	}
	if o.ExitCode && !doc.Complete {
		return &fault.Error{Kind: fault.Pending} // what is lacking is the result; there is nothing to add
	}
	return nil
}
