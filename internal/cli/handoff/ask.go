package handoff

import "gitlab.com/prodctl/prodctl/internal/cli/command"

// markDialog is what `handoff mark` asks without an issue.
func markDialog() command.Dialog {
	return command.Dialog{Unless: []string{"file"}, Questions: []command.Question{
		{Text: "Issue", Required: command.Always},
		{Flag: "left-off", Text: "Where it was left off", File: "left-off.md", Required: command.Always},
		{Flag: "next", Text: "Next steps", File: "next-steps.md", Required: command.Always},
		{Flag: "if", Text: "If it gets worse, what to do", File: "contingency.md"},
	}}
}
