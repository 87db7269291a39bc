// Package demo is `prodctl demo`: a story that runs real commands against an embedded GitLab. Start with [New]; script.go has the
// scenes, stage.go the GitLab.
//
// It must not reach the network, nor read the user's configuration or tokens.
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

// New builds the command. main runs the command lines of the story.
func New(a *app.App, main mainFunc) *cobra.Command {
	return newCmd(a, func(ctx context.Context, a *app.App, o options) error { return run(ctx, a, o, main) })
}

func newCmd(a *app.App, run command.LocalRun[options]) *cobra.Command {
	var o options
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Watch a demo, without GitLab and without a token",
		Long: `Play a story of a production team in four chapters: a planning session, the end of a two-week milestone, an outage in the
evening, and the shift change after it. On a terminal the demo waits for the Enter key between chapters.

All commands are real. They run against a GitLab that is simulated in memory. Nothing leaves this machine, and nothing is
left on it.`,
		Example: `  # Play it, with a pause after each chapter
  prodctl demo

  # Play it without pauses
  prodctl demo --no-pause`,
	}
	cmd.Flags().BoolVar(&o.NoPause, "no-pause", false, "do not wait between chapters")
	return command.DefineLocal(a, cmd, &o, run)
}

// pace is the pause on a terminal before the next command, for the reader.
const pace = 400 * time.Millisecond

func run(ctx context.Context, a *app.App, o options, main mainFunc) error {
	if a.View.Format() != render.Table && (a.Global.Output != "" || a.Global.JQ != "") {
		return fault.New(fault.Usage, "Run it without -o and --jq: prodctl demo", "demo does not support output formats")
	}
	on, err := newStage(a, main)
	if err != nil {
		return err
	}
	defer on.close()
	narrate(a, "%s", opening)
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
	narrate(a, "%s", closing)
	return nil
}

// playChapter plays the scenes of a chapter. On a terminal it pauses between them, so that the output can be read.
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
		return fault.New(fault.Interrupted, "", "interrupted")
	}
	return err
}

// play narrates a scene, runs its command and checks its exit code.
func (on *stage) play(ctx context.Context, s scene) error {
	narrate(on.env, "%s", s.before)
	on.now = on.now.Add(s.later)
	if s.fault != "" {
		if err := on.addFault(s.fault, s.down); err != nil {
			return err
		}
	}
	prompt(on.env, s.command)
	code := on.main(ctx, splitArgs(s.command)[1:], on.machine(s.user, s.job))
	on.server.ClearFaults()
	if err := interrupted(ctx, nil); err != nil {
		return err
	}
	if code != s.code {
		return fault.New(fault.Failed, "Please report this as a bug in prodctl", "%s: exit code %d, expected %d", s.command, code, s.code)
	}
	if s.after != "" {
		narrate(on.env, s.after, code)
	}
	return nil
}

// splitArgs splits a command line at spaces outside double quotes.
func splitArgs(command string) []string {
	var args []string
	for n, part := range strings.Split(command, `"`) {
		if n%2 == 1 {
			args = append(args, part)
		} else {
			args = append(args, strings.Fields(part)...)
		}
	}
	return args
}

// narrate writes a comment, as in a shell session.
func narrate(e *app.App, format string, args ...any) {
	fmt.Fprintln(e.Out)
	for line := range strings.Lines(fmt.Sprintf(format, args...)) {
		for _, part := range term.Wrap(strings.TrimSuffix(line, "\n"), storyModes(e).Width-len("# ")) {
			fmt.Fprintf(e.Out, "# %s\n", part)
		}
	}
}

// prompt writes a command after a shell prompt.
func prompt(e *app.App, command string) {
	line := "$ " + command
	if e.OutColor() {
		line = "\x1b[1m" + line + "\x1b[m"
	}
	fmt.Fprintf(e.Out, "\n%s\n", line)
}
