package handoff

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/handoff"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
)

type checkOptions struct {
	Shift    string
	ExitCode bool
}

func newCheckCmd(env *app.App, run func(context.Context, *app.App, checkOptions) error) *cobra.Command {
	var o checkOptions
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Tell which issues lack a note of this shift",
		Long: `Check looks at what has to be handed on at shift change: active incidents, ongoing outages, (perceived) data loss, and what is marked as
ready for a hand-off. It tells which of them nobody has said anything about since the shift began, and which are labelled without a note of
where they were left off, each with what to type. GitLab's own remarks do not count, and neither does a take without words.

The shift is the one that goes on now; --shift says another one: current, last, an id such as 2018-08-24T04:00Z/EMEA, or EMEA@2018-08-24.

Outside a terminal, confidential issues are listed by their reference only, unless --include-confidential is said.

Exit codes: 0 done, 1 failed, 4 no right, 6 wrong usage, 7 GitLab out of reach, 8 a note is lacking and --exit-code was said,
130 interrupted.`,
		Example: `  prodctl handoff check
  prodctl handoff check --exit-code --shift last`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), env, o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.Shift, "shift", oncall.Current, "`shift` to look at: current, last, its id, or EMEA@2018-08-24")
	f.BoolVar(&o.ExitCode, "exit-code", false, "end with 8 when a note is lacking")
	command.AddConfidentialFlag(cmd)
	return cmd
}

func runCheck(ctx context.Context, env *app.App, o checkOptions) error {
	return env.Bounded(ctx, func(ctx context.Context) error {
		h, cfg, err := dueHandoffs(ctx, env)
		if err != nil {
			return err
		}
		now, err := env.Clock()
		if err != nil {
			return err
		}
		shift, err := cfg.Oncall.ParseShift(o.Shift, now)
		switch {
		case err != nil:
			return fault.Wrap(fault.Usage, err, "say --shift current or --shift last", "--shift")
		case shift.From.After(now):
			return fault.New(fault.Usage, "say --shift current or --shift last", "--shift %s has not begun", shift.ID())
		}
		progress := env.Progress("reading what has to be handed on")
		list, err := h.Due(ctx, shift.From)
		progress.Stop()
		if err != nil {
			return err
		}
		doc := handoffCheckDoc(cfg, shift, now, list)
		if err := env.View.HandoffCheck(doc); err != nil {
			return err
		}
		if o.ExitCode && !doc.Complete {
			return &fault.Error{Kind: fault.Pending} // what is lacking is the result; there is nothing to add
		}
		return nil
	})
}

// handoffCheckDoc parts the issues into those that lack a note of the shift and those that have one.
func handoffCheckDoc(cfg config.Config, shift oncall.Shift, now time.Time, list []flow.Marked) jsonv1.HandoffCheck {
	var lacking, noted []jsonv1.HandoffEntry
	for _, d := range list {
		doc := handedOnDoc(d, shift.From, shift.To)
		if d.Why == "incident" {
			doc = ofIncident(doc, incident.Of(d.Issue, cfg.IncidentLabels()))
		}
		if doc.LastUpdate == nil {
			doc.Missing = append(doc.Missing, fmt.Sprintf("nobody has said anything in this shift, since %s UTC", shift.From.UTC().Format("2006-01-02 15:04")))
		}
		if d.Marked && d.Mark.NoteID == 0 {
			doc.Missing = append(doc.Missing, noWords)
		}
		if len(doc.Missing) == 0 {
			noted = append(noted, doc)
			continue
		}
		doc.Mend = mendMark(cfg, d.Issue.Ref)
		lacking = append(lacking, doc)
	}
	return jsonv1.NewHandoffCheck(document.Instant(now), document.Shift(shift, cfg.Oncall), lacking, noted)
}
