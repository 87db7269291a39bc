package incident

import (
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/manifest"
)

// openDialog is what `incident open` asks without a title.
func openDialog() command.Dialog {
	return command.Dialog{Unless: []string{"from"}, Trackers: []string{manifest.Production}, Questions: []command.Question{
		{Text: "Title", Required: command.Always},
		{Flag: "severity", Text: "Severity", Empty: "unknown"},
		{Flag: "service", Text: "Services, separated by commas"},
		{Flag: "started", Text: "Started, such as 10m (ago), 10:02 or yesterday 23:50", Empty: "now"},
		{Flag: "message", Text: "Summary", File: "summary.md"},
	}}
}
