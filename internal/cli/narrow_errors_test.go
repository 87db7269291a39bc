package cli_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli"
	"gitlab.com/prodctl/prodctl/internal/term"
)

// On a terminal, lines of errors and hints are not wider than it, unless they are one command or one word. In a pipe nothing is broken.
func TestErrorsFitTheTerminal(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{carried: 1})
	run := func(width int, args ...string) string {
		var out, errors bytes.Buffer
		cli.Main(context.Background(), args, app.Machine{
			Terminal: func(bool) *term.Streams {
				return term.New(strings.NewReader(""), &out, &errors, term.Modes{ErrTTY: width > 0, ErrWidth: width})
			},
			Getenv: func(name string) string {
				return map[string]string{"PRODCTL_HOST": "https://gitlab.example.test", "GITLAB_TOKEN": "sandbox-mara", "HOME": l.dir}[name]
			},
			Dir: l.dir, Now: l.machineTime, Sleep: l.sleep, Jitter: func() float64 { return 0 }, Transport: l.wire, ReadFile: readShared,
		})
		return errors.String()
	}
	for _, line := range []string{"change show infrastructure#1", "board move 1 nowhere", "incident open", "incident mitigate 1 --at 25:00", "board move 1 ready", "milestone roll --from x"} {
		piped := run(0, strings.Fields(line)...)
		for _, width := range []int{40, 120} {
			shown := run(width, strings.Fields(line)...)
			if strings.Join(strings.Fields(shown), " ") != strings.Join(strings.Fields(piped), " ") || piped == "" {
				t.Errorf("%s, %d columns:\n%s\npiped:\n%s", line, width, shown, piped)
			}
			for text := range strings.Lines(shown) {
				if text = strings.TrimRight(text, "\n"); len([]rune(text)) > width && len(strings.Fields(text)) > 1 && !strings.Contains(text, "prodctl ") {
					t.Errorf("%s: wider than %d columns: %s", line, width, text)
				}
			}
			for _, command := range strings.Split(piped, ": prodctl ")[1:] {
				command, _, _ = strings.Cut(command, "\n")
				if !strings.Contains(shown, "prodctl "+command) {
					t.Errorf("%s, %d columns: the command %q is broken:\n%s", line, width, command, shown)
				}
			}
		}
		if strings.Contains(piped, "\n    prodctl ") {
			t.Errorf("%s: broken in a pipe:\n%s", line, piped)
		}
	}
}
