package cli

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

type changeShowOptions struct {
	Issue string
	Web   bool
}

func newChangeShowCmd(env *Env, run func(context.Context, *Env, changeShowOptions) error) *cobra.Command {
	var o changeShowOptions
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
	addConfidentialFlag(cmd)
	return cmd
}

func runChangeShow(ctx context.Context, env *Env, o changeShowOptions) error {
	return env.bounded(ctx, func(ctx context.Context) error {
		rules, cfg, client, err := env.changeRules(ctx)
		if err != nil {
			return err
		}
		ref, err := queueRef(cfg, o.Issue, "prodctl change show 7")
		if err != nil {
			return err
		}
		progress := env.Progress("reading %s", ref)
		found, err := rules.ShowChange(ctx, client, ref)
		progress.Stop()
		if err != nil {
			return err
		}
		if o.Web {
			return env.Browse(found.Issue.WebURL)
		}
		return env.view.Change(shownChange(found))
	})
}

func shownChange(f workflow.ShownChange) jsonv1.ChangeShow {
	doc := jsonv1.NewChange(changeDoc(f.Change))
	doc.Approvals = approvalsDoc(f.Verdict)
	doc.Overrides, doc.RetryOf, doc.Problems, doc.Notes = f.Record.Overrides, f.Record.RetryOf, problemDocs(f.Record.Problems), f.Gaps
	for _, c := range f.Clashes {
		doc.Clashes = append(doc.Clashes, c.Issue.Ref.String())
	}
	for _, h := range f.Held {
		doc.Locks = append(doc.Locks, h.Lock.Name)
	}
	for _, link := range f.Links {
		doc.Related = append(doc.Related, relatedDoc(link.Issue))
	}
	for _, ref := range f.Record.Related {
		if !slices.ContainsFunc(f.Links, func(l issue.Link) bool { return l.Issue.Ref.String() == ref }) {
			doc.Related = append(doc.Related, jsonv1.Related{Ref: ref})
		}
	}
	return doc
}

func approvalsDoc(v change.Verdict) jsonv1.Approvals {
	doc := jsonv1.Approvals{Enough: v.Enough, Missing: v.Missing}
	for _, c := range v.Counted {
		doc.Counted = append(doc.Counted, jsonv1.Approver{By: c.By, Roles: c.Roles, At: instant(c.At)})
	}
	for _, i := range v.Ignored {
		doc.Ignored = append(doc.Ignored, jsonv1.IgnoredApproval{By: i.By, Why: i.Why})
	}
	return doc
}
