package goal

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/testkit"
)

func TestOptions(t *testing.T) {
	t.Parallel()
	var got any
	a := testApp(t)
	check := newCheckCmd(a, func(_ context.Context, _ *app.Session, o checkOptions) error { got = o.ExitCode; return nil })
	slice := newSliceCmd(a, func(_ context.Context, _ *app.Session, o sliceOptions) error {
		got = fmt.Sprintf("%s %q", o.Issue.Ref, o.Pieces)
		return nil
	})
	for _, tt := range []struct {
		cmd  *cobra.Command
		args []string
		want any // nil: refused
	}{
		{check, []string{"--exit-code"}, true},
		{check, []string{"27"}, nil},
		{slice, []string{"acme/infra#27", "a, b", "c"}, `acme/infra#27 ["a, b" "c"]`},
		{slice, []string{"acme/infra#27"}, nil},
	} {
		got = nil
		tt.cmd.SilenceErrors, tt.cmd.SilenceUsage = true, true
		tt.cmd.SetArgs(tt.args)
		err := tt.cmd.Execute()
		if diff := cmp.Diff(tt.want, got); diff != "" || (err == nil) != (tt.want != nil) {
			t.Errorf("%s %s: %v %s", tt.cmd.Name(), strings.Join(tt.args, " "), err, diff)
		}
	}
}

// testApp is an app whose machine has nothing but a host.
func testApp(t *testing.T) *app.App {
	t.Helper()
	clock := testkit.At("2018-08-24T16:00:00Z")
	vars := map[string]string{"PRODCTL_HOST": "https://gitlab.example.test", "HOME": t.TempDir()}
	return &app.App{Machine: app.Machine{Getenv: func(name string) string { return vars[name] }, Dir: t.TempDir(), Now: clock.Now, Sleep: clock.Sleep,
		Jitter: func() float64 { return 0 }}}
}
