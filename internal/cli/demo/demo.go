// Package demo is `prodctl demo`: a story that is played with real commands on an embedded GitLab. Start with [New]; story.go is
// the script.
//
// One file a verb: its flags, its help, and a run function that calls one workflow and one view.
package demo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/render"
	"gitlab.com/prodctl/prodctl/internal/term"
)

type options struct {
	NoPause bool
}

// mainFunc runs one command line on a machine and returns its exit code.
type mainFunc func(ctx context.Context, args []string, m app.Machine) int

// New is the command with all its verbs.
// New is the demo of the program that main runs.
func New(a *app.App, main mainFunc) *cobra.Command {
	return newCmd(a, func(ctx context.Context, a *app.App, o options) error { return run(ctx, a, o, main) })
}

func newCmd(a *app.App, run command.LocalRun[options]) *cobra.Command {
	var o options
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Watch a timebox being rolled, an outage and a shift change, with no GitLab and no token",
		Long: `Demo plays the last day of a team's two-week timebox: labels brought to the declared set, the board, the milestones rolled with
GitLab going away in the middle, and what the team finished. Then comes an outage: an incident is opened while GitLab answers 502, a
pipeline waits at the gate, and what it deploys in the end is recorded. At the end of the night one shift hands over to the next. It takes
a few seconds. On a terminal it waits for the Enter key between chapters; without one it never waits.

All that is shown is real: the commands run in this process against a GitLab in memory, on the day of the handbook's own
example, 2018-08-24. Nothing leaves this machine, and nothing is left on it.

Exit codes: 0, 1 a command did not do what the story says, 6 wrong usage, 130 interrupted.`,
		Example: `  prodctl demo
  prodctl demo --no-pause`,
	}
	cmd.Flags().BoolVar(&o.NoPause, "no-pause", false, "do not wait for the Enter key between chapters")
	return command.DefineLocal(a, cmd, &o, run)
}

// pace is how long a terminal's reader is given before the next command appears.
const pace = 400 * time.Millisecond

func run(ctx context.Context, a *app.App, o options, main mainFunc) error {
	if a.View.Format() != render.Table && (a.Global.Output != "" || a.Global.JQ != "") {
		return fault.New(fault.Usage, "prodctl demo", "the demo is for people: it has no other form than its own")
	}
	on, err := newStage(a, main)
	if err != nil {
		return err
	}
	defer on.strike()
	tell(a, "%s", opening)
	for n, chapter := range story() {
		if n > 0 && !o.NoPause && a.Interactive() && a.OutTTY {
			if err := interrupted(ctx, a.WaitKey(ctx, "[Enter] ")); err != nil {
				return err
			}
		}
		if err := on.playChapter(ctx, chapter); err != nil {
			return err
		}
	}
	tell(a, "%s", closing)
	return nil
}

// playChapter plays its scenes. On a terminal there is a moment between them to read what the last command said.
func (on *stage) playChapter(ctx context.Context, scenes []scene) error {
	for n, s := range scenes {
		if n > 0 && on.env.OutTTY {
			if err := interrupted(ctx, on.env.Sleep(ctx, pace)); err != nil {
				return err
			}
		}
		if err := on.play(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

func interrupted(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return fault.New(fault.Interrupted, "", "interrupted; nothing is left behind")
	}
	return err
}

// play tells a scene, runs its command and holds its end against the story.
func (on *stage) play(ctx context.Context, s scene) error {
	tell(on.env, "%s", s.before)
	on.now = on.now.Add(s.later)
	if s.trouble != "" {
		if err := on.trouble(s.trouble, s.gone); err != nil {
			return err
		}
	}
	typed(on.env, s.command)
	code := on.main(ctx, spoken(s.command)[1:], on.machine(s.user, s.job))
	on.server.ClearFaults()
	if err := interrupted(ctx, nil); err != nil {
		return err
	}
	if code != s.code {
		return fault.New(fault.Failed, "please report it", "the story does not hold: %s ended with exit code %d, not %d", s.command, code, s.code)
	}
	if s.after != "" {
		tell(on.env, s.after, code)
	}
	return nil
}

// spoken are the words of a command; those between quotes are one.
func spoken(command string) []string {
	var words []string
	for n, part := range strings.Split(command, `"`) {
		if n%2 == 1 {
			words = append(words, part)
		} else {
			words = append(words, strings.Fields(part)...)
		}
	}
	return words
}

// show writes a comment, as it would stand in a shell session.
func tell(e *app.App, format string, args ...any) {
	fmt.Fprintln(e.Out)
	for line := range strings.Lines(fmt.Sprintf(format, args...)) {
		for _, part := range term.Wrap(strings.TrimSuffix(line, "\n"), storyModes(e).Width-len("# ")) {
			fmt.Fprintf(e.Out, "# %s\n", part)
		}
	}
}

// typed writes a command as its user would have typed it.
func typed(e *app.App, command string) {
	prompt := "$ " + command
	if e.OutColor() {
		prompt = "\x1b[1m" + prompt + "\x1b[m"
	}
	fmt.Fprintf(e.Out, "\n%s\n", prompt)
}
