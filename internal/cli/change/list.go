package change

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

type listOptions struct {
	All           bool
	States        []string
	Criticalities []string
	Services      []string
	Since         string
}

func newListCmd(env *app.App, run func(context.Context, *app.App, listOptions) error) *cobra.Command {
	var o listOptions
	cmd := &cobra.Command{
		Use:   "list",
		Short: "Show the changes that are planned or in progress",
		Long: `List shows the changes that are not over, by the start of their windows. Where one stands is told by its label and its record, not by the
issue being open.

Exit codes: 0 also when there are none, 1 failed, 4 no right, 6 wrong usage, 7 GitLab out of reach, 130 interrupted.`,
		Example: `  prodctl change list
  prodctl change list --state in-progress
  prodctl change list --all --since 7d -o csv`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), env, o) },
	}
	f := cmd.Flags()
	f.BoolVar(&o.All, "all", false, "also those that are over, and the records of automation")
	f.StringSliceVar(&o.States, "state", nil, "only those in these `states`: scheduled, approved, in-progress, complete, aborted, unknown")
	f.StringSliceVar(&o.Criticalities, "criticality", nil, "only those of these `criticalities`: C1 to C4")
	f.StringSliceVar(&o.Services, "service", nil, "only those of these `services`")
	f.StringVar(&o.Since, "since", "", "only those opened since then: a `date`, or 30d ago")
	command.AddConfidentialFlag(cmd)
	return cmd
}

func runList(ctx context.Context, env *app.App, o listOptions) error {
	return env.Bounded(ctx, func(ctx context.Context) error {
		filter, words, err := changeFilter(env, o)
		if err != nil {
			return err
		}
		rules, _, _, err := changeRules(ctx, env)
		if err != nil {
			return err
		}
		progress := env.Progress("reading changes")
		list, err := rules.ListFiltered(ctx, filter)
		progress.Stop()
		if err != nil {
			return err
		}
		var rows []jsonv1.Change
		for _, c := range list {
			rows = append(rows, document.Change(c))
		}
		return env.View.Changes(jsonv1.NewChanges(words, rows))
	})
}

// changeFilter reads what was typed, and says it in words.
func changeFilter(e *app.App, o listOptions) (f workflow.ChangeFilter, words []string, err error) {
	f.All, f.Services = o.All, o.Services
	for _, s := range o.States {
		state, err := change.ParseState(s)
		if err != nil {
			return f, nil, fault.Wrap(fault.Usage, err, "say --state scheduled, approved, in-progress, complete, aborted or unknown", "")
		}
		f.States, words = append(f.States, state), append(words, string(state))
	}
	for _, s := range o.Criticalities {
		c, err := input.Criticality(s)
		if err != nil {
			return f, nil, err
		}
		f.Criticalities, words = append(f.Criticalities, c), append(words, "criticality "+string(c))
	}
	for _, s := range o.Services {
		words = append(words, "service "+s)
	}
	if f.Since, err = input.Since(e, o.Since); err != nil {
		return f, nil, err
	}
	if !f.Since.IsZero() {
		words = append(words, "since "+f.Since.Format(time.RFC3339))
	}
	if len(f.States) == 0 && !o.All {
		words = append([]string{"not over"}, words...)
	}
	return f, words, nil
}
