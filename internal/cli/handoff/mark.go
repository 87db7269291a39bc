package handoff

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/runner"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/handoff"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
)

type markOptions struct {
	Issue   string
	LeftOff string
	Next    string
	File    string
	runner.KeyFlags
}

func newMarkCmd(env *app.App, run func(context.Context, *app.App, markOptions) error) *cobra.Command {
	var o markOptions
	cmd := &cobra.Command{
		Use:   "mark <issue>",
		Short: "Mark an issue as ready for the hand-off, with where it is left off",
		Long: `Mark writes a comment that says where the issue is left off and what comes next, and then sets the label Ready_to_Handoff: never the label
without the words. A bare number is an issue of the infrastructure tracker, or of the one tracker there is; production#12 is one of the
production queue. New words take the place of those that stand; the comment may be edited afterwards, and what it says then counts.

The words come from two flags, from a file with the two heads "Left off" and "Next steps" (-f FILE, - is standard input), or, on a
terminal, from an editor ($VISUAL, $EDITOR). Both are needed.

The same words within ten minutes are told once, and the label is mended if it is missing, unless somebody has taken the issue since.

Exit codes: 0 done, or told already with the same words, 1 failed, 3 told but the label is not set, 4 no right, 5 the issue is closed or
nothing was written in the editor, 6 wrong usage, 7 GitLab out of reach, 130 interrupted.`,
		Example: `  prodctl handoff mark 121 --left-off "Half of the uploads are restored" --next "Restore the rest from the backup of 04:00"
  prodctl handoff mark production#8 --left-off "Failed over" --next "Replace the disk; ask @kate"`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Issue = args[0]
			return run(cmd.Context(), env, o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.LeftOff, "left-off", "", "where it is left off, in a `sentence`")
	f.StringVar(&o.Next, "next", "", "what comes next, in a `sentence`")
	f.StringVarP(&o.File, "file", "f", "", "`file` with both; - is standard input")
	cmd.MarkFlagsMutuallyExclusive("file", "left-off")
	cmd.MarkFlagsMutuallyExclusive("file", "next")
	command.AddKeyFlags(cmd, &o.KeyFlags)
	command.AddConfidentialFlag(cmd)
	return cmd
}

func runMark(ctx context.Context, env *app.App, o markOptions) error {
	words, err := handoffWords(ctx, env, o)
	if err != nil {
		return err
	}
	return env.Bounded(ctx, func(ctx context.Context) error {
		in, err := markInputs(env, o, words)
		if err != nil {
			return err
		}
		planner, err := MarkPlanner(ctx, env, in)
		if err != nil {
			return err
		}
		h := &outcome{env: env, verb: handoff.VerbMark, issue: planner.Issue, again: markAgain(env, o, in), at: func() time.Time { return planner.Told().At }}
		h.mark = func() handoff.Mark { return handoff.MarkOf(planner.Told()) }
		end := runner.Hooks{Show: h.show, Unplanned: func(err error) error { return h.kept(err, o) }}
		return runner.RunWith(ctx, env, planner, end)
	})
}

// markInputs reads what was typed.
func markInputs(e *app.App, o markOptions, words [2]string) (flow.MarkInputs, error) {
	cfg, err := e.Config()
	if err != nil {
		return flow.MarkInputs{}, err
	}
	ref, err := input.HandoffRef(cfg, o.Issue, markExample("121"))
	if err != nil {
		return flow.MarkInputs{}, err
	}
	keys, err := runner.Keys(e, o.KeyFlags)
	if err != nil {
		return flow.MarkInputs{}, err
	}
	in := flow.MarkInputs{Project: ref.Project, IID: ref.IID, At: keys.Now.UTC().Truncate(time.Second), LeftOff: words[0], Next: words[1], Keyed: keys.Given != ""}
	in.Once, err = keys.Note("handoff-mark", "handoff mark", ref.String(), handoff.Safe(words[0]), handoff.Safe(words[1]))
	return in, err
}

// MarkPlanner is the command for these inputs, typed now or kept in a plan file.
func MarkPlanner(ctx context.Context, e *app.App, in flow.MarkInputs) (*flow.Mark, error) {
	cfg, err := e.Config()
	if err != nil {
		return nil, err
	}
	client, err := e.Client(ctx)
	if err != nil {
		return nil, err
	}
	today, err := e.Today()
	return &flow.Mark{Read: client, Label: cfg.HandoffLabel(), Inputs: in, Host: cfg.Host, Words: e.Args, Today: today}, err
}

// markExample is a whole command line.
func markExample(issue string) string {
	return `prodctl handoff mark ` + issue + ` --left-off "Half of the uploads are restored" --next "Restore the rest from the backup of 04:00"`
}

// markAgain is the command line that goes on with the same mark. Words that were written in an editor or came from a pipe are in it, so that they are not lost.
func markAgain(e *app.App, o markOptions, in flow.MarkInputs) func(key string) string {
	return func(key string) string {
		if o.File != "-" && (o.File != "" || o.LeftOff != "") {
			if key == "" {
				return runner.Retry(e)
			}
			return runner.RetryWithKey(e, key)
		}
		words := []string{"prodctl"}
		for n := 0; n < len(e.Args); n++ {
			switch e.Args[n] {
			case "-f", "--file":
				n++
			case "-f-", "--file=-":
			default:
				words = append(words, fault.Quote(e.Args[n]))
			}
		}
		if key != "" && !runner.Passed(e, "--key") {
			words = append(words, "--key", fault.Quote(key))
		}
		return strings.Join(append(words, "--left-off", fault.Quote(in.LeftOff), "--next", fault.Quote(in.Next)), " ")
	}
}

// KeptTokens is an error before anything was sent, with the words that would else be lost.
func (h *outcome) kept(err error, o markOptions) error {
	if o.LeftOff != "" || o.File != "" && o.File != "-" {
		return err
	}
	hint := fault.HintOf(err)
	if hint != "" {
		hint += "\n"
	}
	if line := runner.Shareable(h.env, h.again(""), "", h.issue().Confidential); line != "" {
		hint += "your words are not lost: " + line
	} else {
		hint += "once that is mended type the same command with the same words"
	}
	return fault.Wrap(fault.KindOf(err), err, hint, "nothing was written")
}
