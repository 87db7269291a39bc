package issue

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/testkit"
)

func TestOptions(t *testing.T) {
	t.Parallel()
	var got any
	a := testApp(t)
	ready := newReadyCmd(a, func(_ context.Context, _ *app.Session, o readyOptions) error {
		got = fmt.Sprint(input.Refs(o.Issues), " ", o.ExitCode)
		return nil
	})
	priority := newPriorityCmd(a, func(_ context.Context, _ *app.Session, o priorityOptions) error {
		got = fmt.Sprint(o.Issue.Ref, " ", o.Urgency.Value, o.Impact.Value, o.Explain)
		return nil
	})
	list := newListCmd(a, func(_ context.Context, _ *app.Session, o listOptions) error {
		got = fmt.Sprint(o.Column, input.Strings(o.Labels), o.Ready, o.Goal, o.Unweighted, o.Stale.String(), o.Carried.Value)
		return nil
	})
	request := newRequestCmd(a, func(_ context.Context, _ *app.Session, o requestOptions) error {
		got = fmt.Sprint(o.Title, "|", o.Due.Date, "|", o.Team, "|", o.Requester, o.Urgent, o.Access, o.Oncall, o.Key)
		return nil
	})
	tests := []struct {
		cmd  *cobra.Command
		line string
		want any // nil: refused
	}{
		{ready, "acme/infra#42 acme/infra#7,acme/x#1 acme/infra#42 --exit-code", "[acme/infra#42 acme/infra#7 acme/x#1] true"},
		{ready, "42", nil},
		{ready, "", nil},
		{priority, "acme/infra#42 --urgency u1 --impact 3", "acme/infra#42 U1I3false"},
		{priority, "--urgency U4", nil},
		{list, "--column ready --label toil,~AP1 --ready --goal --unweighted --stale 14d --carried 2", "ready[toil AP1] true true true14d2"},
		{list, "ready", nil},
		{request, "Read the logs --due 2018-09-01 --team search --requester @rita --urgent --access --oncall --key k", "Read the logs|2018-09-01|search|ritatrue true truek"},
		{request, "x --due tomorrowish", nil},
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
