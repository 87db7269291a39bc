package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

type changeListOptions struct {
	All           bool
	States        []string
	Criticalities []string
	Services      []string
	Since         string
}

func newChangeListCmd(env *Env, run func(context.Context, *Env, changeListOptions) error) *cobra.Command {
	var o changeListOptions
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
	addConfidentialFlag(cmd)
	return cmd
}

func runChangeList(ctx context.Context, env *Env, o changeListOptions) error {
	return env.bounded(ctx, func(ctx context.Context) error {
		filter, words, err := env.changeFilter(o)
		if err != nil {
			return err
		}
		rules, _, _, err := env.changeRules(ctx)
		if err != nil {
			return err
		}
		progress := env.Progress("reading changes")
		list, err := rules.ListChanges(ctx, filter)
		progress.Stop()
		if err != nil {
			return err
		}
		var rows []jsonv1.Change
		for _, c := range list {
			rows = append(rows, changeDoc(c))
		}
		return env.view.Changes(jsonv1.NewChanges(words, rows))
	})
}

// changeFilter reads what was typed, and says it in words.
func (e *Env) changeFilter(o changeListOptions) (f workflow.ChangeFilter, words []string, err error) {
	f.All, f.Services = o.All, o.Services
	for _, s := range o.States {
		state, err := change.ParseState(s)
		if err != nil {
			return f, nil, fault.Wrap(fault.Usage, err, "say --state scheduled, approved, in-progress, complete, aborted or unknown", "")
		}
		f.States, words = append(f.States, state), append(words, string(state))
	}
	for _, s := range o.Criticalities {
		c, err := criticality(s)
		if err != nil {
			return f, nil, err
		}
		f.Criticalities, words = append(f.Criticalities, c), append(words, "criticality "+string(c))
	}
	for _, s := range o.Services {
		words = append(words, "service "+s)
	}
	if f.Since, err = e.since(o.Since); err != nil {
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

// changeDoc is the published form of a change.
func changeDoc(c change.Change) jsonv1.Change {
	r := c.Record
	w := c.Window()
	doc := jsonv1.Change{
		Ref: c.Issue.Ref.String(), Title: c.Issue.Title, State: jsonv1.ChangeState(c.State), Criticality: string(c.Criticality), Start: instant(r.Start), WindowEnd: instant(w.To),
		Services: r.Services, Environment: r.Environment, Executor: r.Executor, StartedAt: instant(r.StartedAt), FinishedAt: instant(r.FinishedAt),
		AbortedAt: instant(r.AbortedAt), Outcome: string(r.Outcome), Confidential: c.Issue.Confidential, Open: c.Issue.Open(), Gaps: c.Gaps, WebURL: c.Issue.WebURL,
	}
	if r.Duration > 0 {
		doc.DurationMinutes = new(int(r.Duration / time.Minute))
	}
	if r.Type != "" {
		doc.Automation = &jsonv1.Automation{Type: r.Type, Stage: r.Stage, User: r.User, Source: r.Source, Commit: r.Commit, Diff: r.Diff, Job: r.Job, Message: r.Message}
		if r.Attempts > 0 {
			doc.Automation.Attempts = new(r.Attempts)
		}
	}
	return doc
}
