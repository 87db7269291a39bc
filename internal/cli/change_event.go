package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/gitlab"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

type changeEventOptions struct {
	Verb     change.Verb
	Issue    string
	Text     string
	At       string
	Outcome  string
	Override string
	keyOptions
}

const changeEventExits = `
Exit codes: 0 done, or done already, 1 failed, 3 told but something after it failed, 4 no right, 5 not possible where the change
stands, 6 wrong usage, 7 GitLab out of reach, 130 interrupted.`

func newChangeApproveCmd(env *Env, run func(context.Context, *Env, changeEventOptions) error) *cobra.Command {
	o := changeEventOptions{Verb: change.Approve}
	cmd := changeEventCmd(env, &o, run)
	cmd.Use, cmd.Short = "approve <change>", "Approve the plan of a change as it is now"
	cmd.Long = `Approve tells in a comment that you have read the plan and agree to it. The author of a change and whoever carries it out cannot approve
it; who counts as a manager, lead or peer is said by changes.approvers in the configuration. An approval holds for the text of the plan
as it is now: when the plan is edited, or the change reopened, it has to be given again. Once enough have approved, the change is
approved.
` + changeEventExits
	cmd.Example = `  prodctl change approve 7
  prodctl change approve 7 -m "Roll-back tried on staging"`
	return cmd
}

func newChangeStartCmd(env *Env, run func(context.Context, *Env, changeEventOptions) error) *cobra.Command {
	o := changeEventOptions{Verb: change.Start}
	cmd := changeEventCmd(env, &o, run)
	cmd.Use, cmd.Short = "start <change>", "Start a change, if nothing stands against it"
	cmd.Long = `Start checks the approvals, the window, locks, active S1 and S2 incidents (an unknown severity counts as S1) and other C1 and C2 changes,
and names everything that stands against it. With --override and a reason it starts all the same, and the change records that.
Whoever starts a change is its executor.
` + changeEventExits
	cmd.Example = `  prodctl change start 7
  prodctl change start 7 --override "the incident is what this change mends"`
	cmd.Flags().StringVar(&o.Override, "override", "", "`reason` to start although something stands against it")
	return cmd
}

func newChangeFinishCmd(env *Env, run func(context.Context, *Env, changeEventOptions) error) *cobra.Command {
	o := changeEventOptions{Verb: change.Finish}
	cmd := changeEventCmd(env, &o, run)
	cmd.Use, cmd.Short = "finish <change>", "A change was carried out and checked"
	cmd.Long = `Finish records when the change was over and whether it succeeded, and closes its issue.
` + changeEventExits
	cmd.Example = `  prodctl change finish 7
  prodctl change finish 7 --outcome failure -m "Worked, but slower than before"`
	cmd.Flags().StringVar(&o.Outcome, "outcome", "success", "`outcome`: success or failure")
	return cmd
}

func newChangeAbortCmd(env *Env, run func(context.Context, *Env, changeEventOptions) error) *cobra.Command {
	o := changeEventOptions{Verb: change.Abort}
	cmd := changeEventCmd(env, &o, run)
	cmd.Use, cmd.Short = "abort <change>", "A change was stopped or rolled back"
	cmd.Long = `Abort says why, records when, and closes the issue. Another try is a new change: prodctl change open --retry-of.
` + changeEventExits
	cmd.Example = `  prodctl change abort 7 -m "Replication lag rose over the limit; rolled back"`
	return cmd
}

func changeEventCmd(env *Env, o *changeEventOptions, run func(context.Context, *Env, changeEventOptions) error) *cobra.Command {
	cmd := &cobra.Command{
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Issue = args[0]
			return run(cmd.Context(), env, *o)
		},
	}
	f := cmd.Flags()
	f.StringVarP(&o.Text, "message", "m", "", "what there is to say, in a `sentence`")
	f.StringVar(&o.At, "at", "", "`when` it happened: 10m (ago), 10:02 (UTC) or RFC 3339")
	addKeyFlags(cmd, &o.keyOptions)
	addConfidentialFlag(cmd)
	return cmd
}

func runChangeApprove(ctx context.Context, env *Env, o changeEventOptions) error {
	if o.At != "" {
		return fault.New(fault.Usage, "prodctl change approve "+o.Issue, "an approval is given now: --at does not go with it")
	}
	return runChangeEvent(ctx, env, o)
}

func runChangeStart(ctx context.Context, env *Env, o changeEventOptions) error {
	return runChangeEvent(ctx, env, o)
}

// runChangeEnd is finish and abort.
func runChangeEnd(ctx context.Context, env *Env, o changeEventOptions) error {
	if o.Verb == change.Abort {
		if err := needText(o.Text, `prodctl change abort 7 -m "replication lag rose; rolled back"`); err != nil {
			return err
		}
	}
	return runChangeEvent(ctx, env, o)
}

func runChangeEvent(ctx context.Context, env *Env, o changeEventOptions) error {
	return env.bounded(ctx, func(ctx context.Context) error {
		in, err := env.changeEventInputs(o)
		if err != nil {
			return err
		}
		planner, err := changeEvent(ctx, env, in)
		if err != nil {
			return err
		}
		told := &telling{env: env, what: "change", text: in.Text, told: planner.Told, issue: planner.Issue, before: planner.Before,
			state: func(i issue.Issue) string { return string(change.Of(i, planner.Labels).State) },
			began: func(issue.Issue) time.Time { return time.Time{} }}
		return env.executeTo(ctx, planner, ending{show: told.show})
	})
}

// changeEventInputs reads what was typed.
func (e *Env) changeEventInputs(o changeEventOptions) (workflow.ChangeEventInputs, error) {
	cfg, err := e.Config()
	if err != nil {
		return workflow.ChangeEventInputs{}, err
	}
	if err := cfg.RequireTrackers(manifest.Production); err != nil {
		return workflow.ChangeEventInputs{}, err
	}
	ref, err := queueRef(cfg, o.Issue, "prodctl change "+string(o.Verb)+" 7")
	if err != nil {
		return workflow.ChangeEventInputs{}, err
	}
	now, err := e.Clock()
	if err != nil {
		return workflow.ChangeEventInputs{}, err
	}
	in := workflow.ChangeEventInputs{Project: ref.Project, IID: ref.IID, Verb: o.Verb, Said: o.At != "", Text: o.Text, Override: o.Override,
		Now: now.UTC().Truncate(time.Second)}
	in.At = in.Now
	if o.At != "" {
		if in.At, err = e.when("--at", o.At); err != nil {
			return in, err
		}
	}
	if o.Outcome != "" {
		if in.Outcome, err = change.ParseOutcome(o.Outcome); err != nil {
			return in, fault.Wrap(fault.Usage, err, "say --outcome success or --outcome failure", "")
		}
	}
	keys, err := e.keys(o.keyOptions)
	if err != nil {
		return in, err
	}
	words := []string{"change " + string(o.Verb), ref.String(), in.Text, string(in.Outcome)}
	if in.Said {
		words = append(words, in.At.Format(time.RFC3339))
	}
	in.Once, err = keys.Note("change-"+string(o.Verb), words...)
	return in, err
}

// changeEvent is the command for these inputs, typed now or kept in a plan file.
func changeEvent(ctx context.Context, e *Env, in workflow.ChangeEventInputs) (*workflow.ChangeEvent, error) {
	rules, cfg, _, err := e.changeRules(ctx)
	if err != nil {
		return nil, err
	}
	today, err := e.Today()
	return &workflow.ChangeEvent{Changes: rules, Inputs: in, Host: cfg.Host, Words: e.args, Today: today}, err
}

// changeRules are the team's rules of changes, with a client to read them by.
func (e *Env) changeRules(ctx context.Context) (workflow.Changes, config.Config, *gitlab.Client, error) {
	cfg, err := e.Config()
	if err != nil {
		return workflow.Changes{}, cfg, nil, err
	}
	if err := cfg.RequireTrackers(manifest.Production); err != nil {
		return workflow.Changes{}, cfg, nil, err
	}
	client, err := e.Client(ctx)
	if err != nil {
		return workflow.Changes{}, cfg, nil, err
	}
	return workflow.Changes{Read: client, Project: cfg.Production().Path, Labels: cfg.ChangeLabels(), Incidents: cfg.IncidentLabels(),
		Rules: cfg.Changes.Approvals, Approvers: cfg.Changes.Approvers, Locks: cfg.Locks}, cfg, client, nil
}
