package cli_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli"
	"gitlab.com/prodctl/prodctl/internal/term"
)

// In a terminal of 40 columns only commands are wider than it, because they are never broken.
func TestHelpFitsANarrowTerminal(t *testing.T) {
	t.Parallel()
	walk(newTree(), func(cmd *cobra.Command) {
		var out, errors bytes.Buffer
		args := append([]string{"help"}, strings.Fields(cmd.CommandPath())[1:]...)
		code := cli.Main(context.Background(), args, app.Machine{
			Terminal: func(bool) *term.Streams {
				return term.New(strings.NewReader(""), &out, &errors, term.Modes{OutTTY: true, Width: 40})
			},
			Getenv: func(string) string { return "" }, Dir: t.TempDir(),
			Now: func() time.Time { return time.Unix(0, 0) },
		})
		if code != 0 {
			t.Errorf("%s: exit code %d: %s", cmd.CommandPath(), code, errors.String())
		}
		commands := "\n" + cmd.Example + "\n" + cmd.Long + "\n"
		for line := range strings.Lines(out.String()) {
			line = strings.TrimSuffix(line, "\n")
			if line != strings.TrimRight(line, " ") {
				t.Errorf("%s: blanks at the end of %q", cmd.CommandPath(), line)
			}
			command := strings.HasPrefix(line, "  prodctl ") || strings.Contains(commands, "\n"+line+"\n")
			if utf8.RuneCountInString(line) > 40 && !command {
				t.Errorf("%s: %q is wider than 40 columns", cmd.CommandPath(), line)
			}
		}
	})
}
