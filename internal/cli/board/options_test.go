package board

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
)

func TestOptions(t *testing.T) {
	t.Parallel()
	var got any
	env := &app.App{}
	show := newShowCmd(env, func(_ context.Context, _ *app.App, o showOptions) error { got = o; return nil })
	move := newMoveCmd(env, func(_ context.Context, _ *app.App, o moveOptions) error { got = o; return nil })
	tests := []struct {
		cmd  *cobra.Command
		line string
		want any // nil: refused
	}{
		{show, "", showOptions{Ages: "active"}},
		{show, "--milestone next --ages none", showOptions{Milestone: "next", Ages: "none"}},
		{move, "42 ready --force", moveOptions{Issue: "42", Column: "ready", Force: true}},
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
