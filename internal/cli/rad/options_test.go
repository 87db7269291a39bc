package rad

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
	open := newOpenCmd(a, func(_ context.Context, _ *app.Session, o openOptions) error {
		got = fmt.Sprint(o.Occurrence, " ", o.Early)
		return nil
	})
	status := newStatusCmd(a, func(_ context.Context, _ *app.Session, o statusOptions) error { got = o.ExitCode; return nil })
	record := newRecordCmd(a, func(_ context.Context, _ *app.Session, o recordOptions) error {
		got = fmt.Sprint(o.Issue.Ref, " ", o.Target, " ", o.End.IsZero(), " ", o.Size.String(), " ", o.Verified, " ", o.Failed)
		return nil
	})
	for _, tt := range []struct {
		cmd  *cobra.Command
		args []string
		want any // nil: refused
	}{
		{status, []string{"--exit-code"}, true},
		{status, []string{"12"}, nil},
		{open, []string{"--occurrence", "2018-09", "--early"}, "2018-09 true"},
		{open, []string{"2018-09"}, nil},
		{record, []string{"acme/infra#2", "--target", "db", "--size", "412GiB", "--verified"}, "acme/infra#2 db true 412 GiB true false"},
		{record, []string{"--target", "my db"}, nil},
		{record, []string{"--size", "big"}, nil},
		{record, []string{"--verified", "--failed"}, nil},
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
