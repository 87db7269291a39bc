package board

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
	show := newShowCmd(a, func(_ context.Context, _ *app.Session, o showOptions) error {
		got = strings.TrimSpace(string(o.Milestone) + " " + o.Ages.Value)
		return nil
	})
	move := newMoveCmd(a, func(_ context.Context, _ *app.Session, o moveOptions) error {
		got = fmt.Sprint(o.Issue.Ref, " ", o.Column, " ", o.Force)
		return nil
	})
	tests := []struct {
		cmd  *cobra.Command
		line string
		want any // nil: refused
	}{
		{show, "", "active"},
		{show, "--milestone next --ages none", "next none"},
		{show, "--ages some", nil},
		{move, "acme/infra#42 ready --force", "acme/infra#42 ready true"},
		{move, "42", nil},
	}
	for _, tt := range tests {
		got = nil
		tt.cmd.SilenceErrors, tt.cmd.SilenceUsage = true, true
		tt.cmd.SetArgs(strings.Fields(tt.line))
		err := tt.cmd.Execute()
		if diff := cmp.Diff(tt.want, got); diff != "" || (err == nil) != (tt.want != nil) {
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
