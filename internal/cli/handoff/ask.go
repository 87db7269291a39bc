package handoff

import (
	"context"

	"github.com/spf13/pflag"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/input"
)

// markDialog is what `handoff mark` asks without an issue.
func markDialog() command.Dialog {
	return command.Dialog{Unless: []string{"file"}, Questions: []command.Question{
		{Text: "Issue", Required: command.Always, Check: issueExists},
		{Flag: "left-off", Text: "Where it was left off", File: "left-off.md", Required: command.Always},
		{Flag: "next", Text: "Next steps", File: "next-steps.md", Required: command.Always},
		{Flag: "if", Text: "If it gets worse, what to do", File: "contingency.md"},
	}}
}

func issueExists(ctx context.Context, s *app.Session, v pflag.Value) error {
	if i, ok := v.(*input.Issue); ok {
		_, err := s.Client.Issue(ctx, i.Ref)
		return err
	}
	return nil
}
