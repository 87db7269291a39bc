package cli

import (
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/approval"
	"gitlab.com/prodctl/prodctl/internal/cli/auth"
	"gitlab.com/prodctl/prodctl/internal/cli/board"
	"gitlab.com/prodctl/prodctl/internal/cli/change"
	"gitlab.com/prodctl/prodctl/internal/cli/config"
	"gitlab.com/prodctl/prodctl/internal/cli/demo"
	"gitlab.com/prodctl/prodctl/internal/cli/handoff"
	"gitlab.com/prodctl/prodctl/internal/cli/incident"
	"gitlab.com/prodctl/prodctl/internal/cli/label"
	"gitlab.com/prodctl/prodctl/internal/cli/lock"
	"gitlab.com/prodctl/prodctl/internal/cli/milestone"
	"gitlab.com/prodctl/prodctl/internal/cli/oncall"
	"gitlab.com/prodctl/prodctl/internal/cli/report"
	"gitlab.com/prodctl/prodctl/internal/cli/sandbox"
)

// entry is a command below the root.
type entry struct {
	group string
	name  string
	build func(*app.App) *cobra.Command
}

// commands are all commands below the root but help, in the order in which it lists them.
func commands() []entry {
	return []entry{
		// the team's daily work
		{"work", "milestone", milestone.New},
		{"work", "label", label.New},
		{"work", "board", board.New},
		{"work", "incident", incident.New},
		{"work", "change", change.New},
		{"work", "oncall", oncall.New},
		{"work", "handoff", handoff.New},
		{"work", "report", report.New},
		{"work", "lock", lock.New},
		{"work", "approval", approval.New},
		{"work", "apply", func(a *app.App) *cobra.Command { return newApplyCmd(a, runApply) }},
		// what prepares and explains
		{"setup", "init", func(a *app.App) *cobra.Command { return newInitCmd(a, runInit) }},
		{"setup", "config", func(a *app.App) *cobra.Command { return config.New(a, topicPage("config")) }},
		{"setup", "auth", auth.New},
		{"setup", "doctor", func(a *app.App) *cobra.Command { return newDoctorCmd(a, runDoctor) }},
		{"setup", completionName, newCompletionCmd},
		{"setup", "version", newVersionCmd},
		// what needs no GitLab
		{"try", "demo", func(a *app.App) *cobra.Command { return demo.New(a, Main) }},
		{"try", "sandbox", sandbox.New},
	}
}

// completionName is the command that completes all others.
const completionName = "completion"

// needed tells which commands a command line is about: the one whose name it begins with, if it does. To make hundreds of flags
// that nobody asks for would be most of a start.
func needed(args []string) func(name string) bool {
	for _, known := range commands() {
		if len(args) > 0 && args[0] == known.name && args[0] != completionName {
			return func(name string) bool { return name == args[0] }
		}
	}
	return every
}

func every(string) bool { return true }
