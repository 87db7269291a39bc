package cli

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
)

func TestOptions(t *testing.T) {
	t.Parallel()
	var got any
	env := &Env{}
	show := newBoardShowCmd(env, func(_ context.Context, _ *Env, o boardShowOptions) error { got = o; return nil })
	move := newBoardMoveCmd(env, func(_ context.Context, _ *Env, o boardMoveOptions) error { got = o; return nil })
	tests := []struct {
		cmd  *cobra.Command
		line string
		want any // nil: refused
	}{
		{show, "", boardShowOptions{Ages: "active"}},
		{show, "--milestone next --ages none", boardShowOptions{Milestone: "next", Ages: "none"}},
		{move, "42 ready --force", boardMoveOptions{Issue: "42", Column: "ready", Force: true}},
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
