package change

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/gitlab"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/runner"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/change"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

type eventOptions struct {
	Verb     change.Verb
	Issue    string
	Text     string
	At       string
	Outcome  string
	Override string
	runner.KeyFlags
}

const changeEventExits = `
Exit codes: 0 done, or done already, 1 failed, 3 told but something after it failed, 4 no right, 5 not possible where the change
stands, 6 wrong usage, 7 GitLab out of reach, 130 interrupted.`

func newApproveCmd(env *app.App, run func(context.Context, *app.App, eventOptions) error) *cobra.Command {
	o := eventOptions{Verb: change.Approve}
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

func newStartCmd(env *app.App, run func(context.Context, *app.App, eventOptions) error) *cobra.Command {
	o := eventOptions{Verb: change.Start}
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

func newFinishCmd(env *app.App, run func(context.Context, *app.App, eventOptions) error) *cobra.Command {
	o := eventOptions{Verb: change.Finish}
	cmd := changeEventCmd(env, &o, run)
	cmd.Use, cmd.Short = "finish <change>", "A change was carried out and checked"
	cmd.Long = `Finish records when the change was over and whether it succeeded, and closes its issue.
` + changeEventExits
	cmd.Example = `  prodctl change finish 7
  prodctl change finish 7 --outcome failure -m "Worked, but slower than before"`
	cmd.Flags().StringVar(&o.Outcome, "outcome", "success", "`outcome`: success or failure")
	return cmd
}

func newAbortCmd(env *app.App, run func(context.Context, *app.App, eventOptions) error) *cobra.Command {
	o := eventOptions{Verb: change.Abort}
	cmd := changeEventCmd(env, &o, run)
	cmd.Use, cmd.Short = "abort <change>", "A change was stopped or rolled back"
	cmd.Long = `Abort says why, records when, and closes the issue. Another try is a new change: prodctl change open --retry-of.
` + changeEventExits
	cmd.Example = `  prodctl change abort 7 -m "Replication lag rose over the limit; rolled back"`
	return cmd
}

func changeEventCmd(env *app.App, o *eventOptions, run func(context.Context, *app.App, eventOptions) error) *cobra.Command {
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
	command.AddKeyFlags(cmd, &o.KeyFlags)
	command.AddConfidentialFlag(cmd)
	return cmd
}

func runApprove(ctx context.Context, env *app.App, o eventOptions) error {
	if o.At != "" {
		return fault.New(fault.Usage, "prodctl change approve "+o.Issue, "an approval is given now: --at does not go with it")
	}
	return runEvent(ctx, env, o)
}

func runStart(ctx context.Context, env *app.App, o eventOptions) error {
	return runEvent(ctx, env, o)
}

// runEnd is finish and abort.
func runEnd(ctx context.Context, env *app.App, o eventOptions) error {
	if o.Verb == change.Abort {
		if err := input.RequireText(o.Text, `prodctl change abort 7 -m "replication lag rose; rolled back"`); err != nil {
			return err
		}
	}
	return runEvent(ctx, env, o)
}

func runEvent(ctx context.Context, env *app.App, o eventOptions) error {
	return env.Bounded(ctx, func(ctx context.Context) error {
		in, err := changeEventInputs(env, o)
		if err != nil {
			return err
		}
		planner, err := EventPlanner(ctx, env, in)
		if err != nil {
			return err
		}
		told := &runner.Event{App: env, What: "change", Text: in.Text, Recorded: planner.Told, Issue: planner.Issue, Before: planner.Before,
			State: func(i issue.Issue) string { return string(change.Of(i, planner.Labels).State) },
			Began: func(issue.Issue) time.Time { return time.Time{} }}
		return runner.RunWith(ctx, env, planner, runner.Hooks{Show: told.Show})
	})
}

// changeEventInputs reads what was typed.
func changeEventInputs(e *app.App, o eventOptions) (flow.EventInputs, error) {
	cfg, err := e.Config()
	if err != nil {
		return flow.EventInputs{}, err
	}
	if err := cfg.RequireTrackers(manifest.Production); err != nil {
		return flow.EventInputs{}, err
	}
	ref, err := input.QueueRef(cfg, o.Issue, "prodctl change "+string(o.Verb)+" 7")
	if err != nil {
		return flow.EventInputs{}, err
	}
	now, err := e.Clock()
	if err != nil {
		return flow.EventInputs{}, err
	}
	in := flow.EventInputs{Project: ref.Project, IID: ref.IID, Verb: o.Verb, Said: o.At != "", Text: o.Text, Override: o.Override,
		Now: now.UTC().Truncate(time.Second)}
	in.At = in.Now
	if o.At != "" {
		if in.At, err = input.Time(e, "--at", o.At); err != nil {
			return in, err
		}
	}
	if o.Outcome != "" {
		if in.Outcome, err = change.ParseOutcome(o.Outcome); err != nil {
			return in, fault.Wrap(fault.Usage, err, "say --outcome success or --outcome failure", "")
		}
	}
	keys, err := runner.Keys(e, o.KeyFlags)
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

// EventPlanner is the command for these inputs, typed now or kept in a plan file.
func EventPlanner(ctx context.Context, e *app.App, in flow.EventInputs) (*flow.Event, error) {
	rules, cfg, _, err := changeRules(ctx, e)
	if err != nil {
		return nil, err
	}
	today, err := e.Today()
	return &flow.Event{Changes: rules, Inputs: in, Host: cfg.Host, Words: e.Args, Today: today}, err
}

// changeRules are the team's rules of changes, with a client to read them by.
func changeRules(ctx context.Context, e *app.App) (flow.Changes, config.Config, *gitlab.Client, error) {
	cfg, err := e.Config()
	if err != nil {
		return flow.Changes{}, cfg, nil, err
	}
	if err := cfg.RequireTrackers(manifest.Production); err != nil {
		return flow.Changes{}, cfg, nil, err
	}
	client, err := e.Client(ctx)
	if err != nil {
		return flow.Changes{}, cfg, nil, err
	}
	return flow.Changes{Read: client, Project: cfg.Production().Path, Labels: cfg.ChangeLabels(), Incidents: cfg.IncidentLabels(),
		Rules: cfg.Changes.Approvals, Approvers: cfg.Changes.Approvers, Locks: cfg.Locks}, cfg, client, nil
}
