package cli

import (
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/approval"
	"gitlab.com/prodctl/prodctl/internal/cli/auth"
	"gitlab.com/prodctl/prodctl/internal/cli/board"
	"gitlab.com/prodctl/prodctl/internal/cli/budget"
	"gitlab.com/prodctl/prodctl/internal/cli/change"
	"gitlab.com/prodctl/prodctl/internal/cli/config"
	"gitlab.com/prodctl/prodctl/internal/cli/demo"
	"gitlab.com/prodctl/prodctl/internal/cli/goal"
	"gitlab.com/prodctl/prodctl/internal/cli/handoff"
	"gitlab.com/prodctl/prodctl/internal/cli/incident"
	"gitlab.com/prodctl/prodctl/internal/cli/issue"
	"gitlab.com/prodctl/prodctl/internal/cli/label"
	"gitlab.com/prodctl/prodctl/internal/cli/lock"
	"gitlab.com/prodctl/prodctl/internal/cli/milestone"
	"gitlab.com/prodctl/prodctl/internal/cli/oncall"
	"gitlab.com/prodctl/prodctl/internal/cli/queue"
	"gitlab.com/prodctl/prodctl/internal/cli/rad"
	"gitlab.com/prodctl/prodctl/internal/cli/report"
	"gitlab.com/prodctl/prodctl/internal/cli/sandbox"
	"gitlab.com/prodctl/prodctl/internal/cli/status"
)

// Groups of commands in `prodctl --help`, in the order in which a new user needs them.
const (
	groupTry      = "try"
	groupSetup    = "setup"
	groupOncall   = "oncall"
	groupChange   = "change"
	groupPlanning = "planning"
	groupOther    = "other"
)

// entry is a command below the root.
type entry struct {
	group string
	name  string
	build func(*app.App) *cobra.Command
}

// commands returns all commands below the root except help. Help sorts them by name within their group.
func commands() []entry {
	return []entry{
		{groupTry, "demo", func(a *app.App) *cobra.Command { return demo.New(a, Main) }},
		{groupTry, "sandbox", sandbox.New},

		{groupSetup, "auth", auth.New},
		{groupSetup, "init", func(a *app.App) *cobra.Command { return newInitCmd(a, runInit) }},
		{groupSetup, "doctor", func(a *app.App) *cobra.Command { return newDoctorCmd(a, runDoctor) }},
		{groupSetup, "config", func(a *app.App) *cobra.Command { return config.New(a, topicPage("config")) }},

		{groupOncall, "status", status.New},
		{groupOncall, "incident", incident.New},
		{groupOncall, "oncall", oncall.New},
		{groupOncall, "handoff", handoff.New},
		{groupOncall, "budget", budget.New},

		{groupChange, "change", change.New},
		{groupChange, "lock", lock.New},
		{groupChange, "approval", approval.New},

		{groupPlanning, "milestone", milestone.New},
		{groupPlanning, "issue", issue.New},
		{groupPlanning, "goal", goal.New},
		{groupPlanning, "board", board.New},
		{groupPlanning, "label", label.New},
		{groupPlanning, "queue", queue.New},
		{groupPlanning, "rad", rad.New},
		{groupPlanning, "report", report.New},
		{groupPlanning, "lint", func(a *app.App) *cobra.Command { return newLintCmd(a, runLint) }},

		{groupOther, "apply", func(a *app.App) *cobra.Command { return newApplyCmd(a, runApply) }},
		{groupOther, completionName, newCompletionCmd},
		{groupOther, "mcp", func(a *app.App) *cobra.Command { return newMCPCmd(a, runMCP) }},
		{groupOther, "version", newVersionCmd},
	}
}

// completionName is the one command whose output depends on all others.
const completionName = "completion"

// requested reports which commands to build for a command line: only the one it starts with, if it starts with a command.
// Building the hundreds of flags of all others would take most of the start-up time.
func requested(args []string) func(name string) bool {
	for _, known := range commands() {
		if len(args) > 0 && args[0] == known.name && args[0] != completionName {
			return func(name string) bool { return name == args[0] }
		}
	}
	return every
}

func every(string) bool { return true }
