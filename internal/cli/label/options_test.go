package label

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/testkit"
)

func TestLabelOptions(t *testing.T) {
	t.Parallel()
	var got any
	a := testApp(t)
	apply := newApplyCmd(a, func(_ context.Context, _ *app.Session, o applyOptions) error { got = o; return nil })
	plan := newPlanCmd(a, func(_ context.Context, _ *app.Session, o planOptions) error { got = o; return nil })
	list := newListCmd(a, func(_ context.Context, _ *app.Session, o listOptions) error { got = o; return nil })
	tests := []struct {
		cmd  *cobra.Command
		line string
		want any // nil: refused
	}{
		{apply, "", applyOptions{}},
		{apply, "--in infrastructure,production --prune --force", applyOptions{In: input.Places{"infrastructure", "production"}, Prune: true, Force: true}},
		{apply, "oncall", nil},
		{plan, "--exit-code --in all", planOptions{applyOptions: applyOptions{In: input.Places{"all"}}, ExitCode: true}},
		{list, "--counts", listOptions{Counts: true}},
	}
	for _, tt := range tests {
		got = nil
		tt.cmd.SilenceErrors, tt.cmd.SilenceUsage = true, true
		tt.cmd.SetArgs(strings.Fields(tt.line))
		err := tt.cmd.Execute()
		if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(planOptions{})); diff != "" || (err == nil) != (tt.want != nil) {
			t.Errorf("%s %s: %v %s", tt.cmd.Name(), tt.line, err, diff)
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
