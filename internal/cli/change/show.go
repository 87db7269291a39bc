package change

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/input"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/change"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

type showOptions struct {
	Issue string
	Web   bool
}

func newShowCmd(env *app.App, run func(context.Context, *app.App, showOptions) error) *cobra.Command {
	var o showOptions
	cmd := &cobra.Command{
		Use:   "show <change>",
		Short: "Show one change: state, window, approvals, what it clashes with",
		Long: `Show reads the change, its comments and what is linked to it: who has approved it, whose approval does not count and why, what is still
missing, the locks and the other changes that its window falls into.

Exit codes: 0 done, 1 no such issue, 4 no right, 5 the issue is no change, 6 wrong usage, 7 GitLab out of reach, 130 interrupted.`,
		Example: `  prodctl change show 7
  prodctl change show 7 -o json`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Issue = args[0]
			return run(cmd.Context(), env, o)
		},
	}
	cmd.Flags().BoolVar(&o.Web, "web", false, "open it in the browser instead")
	command.AddConfidentialFlag(cmd)
	return cmd
}

func runShow(ctx context.Context, env *app.App, o showOptions) error {
	return env.Bounded(ctx, func(ctx context.Context) error {
		rules, cfg, client, err := changeRules(ctx, env)
		if err != nil {
			return err
		}
		ref, err := input.QueueRef(cfg, o.Issue, "prodctl change show 7")
		if err != nil {
			return err
		}
		progress := env.Progress("reading %s", ref)
		found, err := rules.Show(ctx, client, ref)
		progress.Stop()
		if err != nil {
			return err
		}
		if o.Web {
			return env.Browse(found.Issue.WebURL)
		}
		return env.View.Change(shownChange(found))
	})
}

func shownChange(f flow.Shown) jsonv1.ChangeShow {
	doc := jsonv1.NewChange(document.Change(f.Change))
	doc.Approvals = document.Approvals(f.Verdict)
	doc.Overrides, doc.RetryOf, doc.Problems, doc.Notes = f.Record.Overrides, f.Record.RetryOf, document.Problems(f.Record.Problems), f.Gaps
	for _, c := range f.Clashes {
		doc.Clashes = append(doc.Clashes, c.Issue.Ref.String())
	}
	for _, h := range f.Held {
		doc.Locks = append(doc.Locks, h.Lock.Name)
	}
	for _, link := range f.Links {
		doc.Related = append(doc.Related, document.Related(link.Issue))
	}
	for _, ref := range f.Record.Related {
		if !slices.ContainsFunc(f.Links, func(l issue.Link) bool { return l.Issue.Ref.String() == ref }) {
			doc.Related = append(doc.Related, jsonv1.Related{Ref: ref})
		}
	}
	return doc
}
