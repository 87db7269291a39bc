package cli

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
)

type handoffMarkOptions struct {
	Issue   string
	LeftOff string
	Next    string
	File    string
	keyOptions
}

func newHandoffMarkCmd(env *Env, run func(context.Context, *Env, handoffMarkOptions) error) *cobra.Command {
	var o handoffMarkOptions
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
	addKeyFlags(cmd, &o.keyOptions)
	addConfidentialFlag(cmd)
	return cmd
}

func runHandoffMark(ctx context.Context, env *Env, o handoffMarkOptions) error {
	words, err := env.handoffWords(ctx, o)
	if err != nil {
		return err
	}
	return env.bounded(ctx, func(ctx context.Context) error {
		in, err := env.markInputs(o, words)
		if err != nil {
			return err
		}
		planner, err := handoffMark(ctx, env, in)
		if err != nil {
			return err
		}
		h := &handing{env: env, verb: handoff.VerbMark, issue: planner.Issue, again: env.markAgain(o, in), at: func() time.Time { return planner.Told().At }}
		h.mark = func() handoff.Mark { return handoff.MarkOf(planner.Told()) }
		end := ending{show: h.show, unmade: func(err error) error { return h.kept(err, o) }}
		return env.executeTo(ctx, planner, end)
	})
}

// markInputs reads what was typed.
func (e *Env) markInputs(o handoffMarkOptions, words [2]string) (workflow.MarkInputs, error) {
	cfg, err := e.Config()
	if err != nil {
		return workflow.MarkInputs{}, err
	}
	ref, err := handoffRef(cfg, o.Issue, markExample("121"))
	if err != nil {
		return workflow.MarkInputs{}, err
	}
	keys, err := e.keys(o.keyOptions)
	if err != nil {
		return workflow.MarkInputs{}, err
	}
	in := workflow.MarkInputs{Project: ref.Project, IID: ref.IID, At: keys.Now.UTC().Truncate(time.Second), LeftOff: words[0], Next: words[1], Keyed: keys.Given != ""}
	in.Once, err = keys.Note("handoff-mark", "handoff mark", ref.String(), handoff.Safe(words[0]), handoff.Safe(words[1]))
	return in, err
}

// handoffMark is the command for these inputs, typed now or kept in a plan file.
func handoffMark(ctx context.Context, e *Env, in workflow.MarkInputs) (*workflow.HandoffMark, error) {
	cfg, err := e.Config()
	if err != nil {
		return nil, err
	}
	client, err := e.Client(ctx)
	if err != nil {
		return nil, err
	}
	today, err := e.Today()
	return &workflow.HandoffMark{Read: client, Label: cfg.HandoffLabel(), Inputs: in, Host: cfg.Host, Words: e.args, Today: today}, err
}

// markExample is a whole command line.
func markExample(issue string) string {
	return `prodctl handoff mark ` + issue + ` --left-off "Half of the uploads are restored" --next "Restore the rest from the backup of 04:00"`
}

// markAgain is the command line that goes on with the same mark. Words that were written in an editor or came from a pipe are in it, so that they are not lost.
func (e *Env) markAgain(o handoffMarkOptions, in workflow.MarkInputs) func(key string) string {
	return func(key string) string {
		if o.File != "-" && (o.File != "" || o.LeftOff != "") {
			if key == "" {
				return e.again()
			}
			return e.againWith(key)
		}
		words := []string{"prodctl"}
		for n := 0; n < len(e.args); n++ {
			switch e.args[n] {
			case "-f", "--file":
				n++
			case "-f-", "--file=-":
			default:
				words = append(words, quote(e.args[n]))
			}
		}
		if key != "" && !e.said("--key") {
			words = append(words, "--key", quote(key))
		}
		return strings.Join(append(words, "--left-off", quote(in.LeftOff), "--next", quote(in.Next)), " ")
	}
}

// kept is an error before anything was sent, with the words that would else be lost.
func (h *handing) kept(err error, o handoffMarkOptions) error {
	if o.LeftOff != "" || o.File != "" && o.File != "-" {
		return err
	}
	hint := fault.HintOf(err)
	if hint != "" {
		hint += "\n"
	}
	if line := h.env.repeat(h.again(""), "", h.issue().Confidential); line != "" {
		hint += "your words are not lost: " + line
	} else {
		hint += "once that is mended type the same command with the same words"
	}
	return fault.Wrap(fault.KindOf(err), err, hint, "nothing was written")
}
