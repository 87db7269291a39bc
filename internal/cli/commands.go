package cli

import "github.com/spf13/cobra"

// entry is a command below the root.
type entry struct {
	group string
	name  string
	build func(*Env) *cobra.Command
}

// commands are all commands below the root but help, in the order in which it lists them.
func commands() []entry {
	return []entry{
		// the team's daily work
		{"work", "milestone", newMilestoneCmd},
		{"work", "label", newLabelCmd},
		{"work", "board", newBoardCmd},
		{"work", "incident", newIncidentCmd},
		{"work", "change", newChangeCmd},
		{"work", "oncall", newOncallCmd},
		{"work", "handoff", newHandoffCmd},
		{"work", "report", newReportCmd},
		{"work", "lock", newLockCmd},
		{"work", "approval", newApprovalCmd},
		{"work", "apply", func(env *Env) *cobra.Command { return newApplyCmd(env, runApply) }},
		// what prepares and explains
		{"setup", "init", func(env *Env) *cobra.Command { return newInitCmd(env, runInit) }},
		{"setup", "config", func(env *Env) *cobra.Command { return newConfigCmd(env, topicPage("config")) }},
		{"setup", "auth", newAuthCmd},
		{"setup", "doctor", func(env *Env) *cobra.Command { return newDoctorCmd(env, runDoctor) }},
		{"setup", completionName, newCompletionCmd},
		{"setup", "version", newVersionCmd},
		// what needs no GitLab
		{"try", "demo", func(env *Env) *cobra.Command { return demoCmd(env, Main) }},
		{"try", "sandbox", sandboxCmd},
	}
}

// completionName is the one command that tells of all others.
const completionName = "completion"

// needed tells which commands a command line is about: the one whose name it begins with, if it does. To make hundreds of flags that nobody asks for would
// be most of a start.
func needed(args []string) func(name string) bool {
	for _, known := range commands() {
		if len(args) > 0 && args[0] == known.name && args[0] != completionName {
			return func(name string) bool { return name == args[0] }
		}
	}
	return every
}

func every(string) bool { return true }
