// Package demo is `prodctl demo`: a story that is played with real commands on an embedded GitLab. Start with [New]; story.go is the script.
//
// One file a verb: its flags, its help, and a run function that calls one workflow and one view.
package demo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/clipperhouse/displaywidth"
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/render"
)

type options struct {
	Pause bool
}

// mainFunc runs one command line on a machine and returns its exit code.
type mainFunc func(ctx context.Context, args []string, m app.Machine) int

// New is the command with all its verbs.
func New(env *app.App, main mainFunc) *cobra.Command {
	return newCmd(env, func(ctx context.Context, env *app.App, o options) error { return run(ctx, env, o, main) })
}

func newCmd(env *app.App, run func(context.Context, *app.App, options) error) *cobra.Command {
	var o options
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Watch a timebox being rolled, an outage and a shift change, with no GitLab and no token",
		Long: `Demo plays the last day of a team's two-week timebox: labels brought to the declared set, the board, the milestones rolled with
GitLab going away in the middle, and what the team finished. Then comes an outage: an incident is opened while GitLab answers 502, a
pipeline waits at the gate, and what it deploys in the end is recorded. At the end of the night one shift hands over to the next. It takes
a few seconds and asks nothing.

All that is shown is real: the commands run in this process against a GitLab in memory, on the day of the handbook's own
example, 2018-08-24. Nothing leaves this machine, and nothing is left on it.

Exit codes: 0, 1 a command did not do what the story says, 5 --pause without a terminal, 6 wrong usage, 130 interrupted.`,
		Example: `  prodctl demo
  prodctl demo --pause`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), env, o) },
	}
	cmd.Flags().BoolVar(&o.Pause, "pause", false, "wait for the Enter key before each command")
	return cmd
}

// pace is how long a terminal's reader is given before the next command appears.
const pace = 400 * time.Millisecond

func run(ctx context.Context, env *app.App, o options, main mainFunc) error {
	switch {
	case env.View.Format() != render.Table && (env.Global.Output != "" || env.Global.JQ != ""):
		return fault.New(fault.Usage, "prodctl demo", "the demo is for people: it has no other form than its own")
	case o.Pause && !env.Interactive():
		return fault.New(fault.Refused, "prodctl demo", "--pause waits for a key, and there is no terminal")
	}
	on, err := newStage(env, main)
	if err != nil {
		return err
	}
	defer on.strike()
	tell(env, "%s", opening)
	for n, s := range story() {
		if err := breathe(ctx, env, o, n); err != nil {
			return err
		}
		if err := on.play(ctx, s); err != nil {
			return err
		}
	}
	tell(env, "%s", closing)
	return nil
}

// breathe leaves time to read what the last command said: until a key is pressed, or a moment on a terminal.
func breathe(ctx context.Context, e *app.App, o options, scene int) error {
	var err error
	switch {
	case o.Pause:
		err = e.WaitKey(ctx, "[Enter] ")
	case scene > 0 && e.OutTTY:
		err = e.Sleep(ctx, pace)
	}
	return interrupted(ctx, err)
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
		for _, part := range broken(strings.TrimSuffix(line, "\n"), storyModes(e).Width-len("# ")) {
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

// broken breaks a line at blanks when it is too long; what follows is indented as the line was, and by two more when it was.
func broken(line string, width int) []string {
	if displaywidth.String(line) <= width {
		return []string{line}
	}
	words := strings.Fields(line)
	indent := strings.Repeat(" ", len(line)-len(strings.TrimLeft(line, " ")))
	lines := []string{indent + words[0]}
	if indent != "" {
		indent += "  "
	}
	for _, word := range words[1:] {
		last := &lines[len(lines)-1]
		if displaywidth.String(*last+" "+word) <= width {
			*last += " " + word
		} else {
			lines = append(lines, indent+word)
		}
	}
	return lines
}
