package cli

import "github.com/spf13/cobra"

// workCommands are the team's daily work.
func workCommands(env *Env) []*cobra.Command {
	return []*cobra.Command{
		newMilestoneCmd(env),
		newLabelCmd(env),
		newBoardCmd(env),
		newIncidentCmd(env),
		newChangeCmd(env),
		newHandoffCmd(env, runHandoff),
		newLockCmd(env),
		newOncallCmd(env),
		newApprovalCmd(env),
		newReportCmd(env),
		newApplyCmd(env, runApply),
	}
}

// setupCommands prepare and explain.
func setupCommands(env *Env) []*cobra.Command {
	return []*cobra.Command{
		newInitCmd(env, runInit),
		newConfigCmd(env),
		newAuthCmd(env),
		newDoctorCmd(env, runDoctor),
		newCompletionCmd(env),
		newVersionCmd(env),
	}
}

// tryCommands need no GitLab.
func tryCommands(env *Env) []*cobra.Command {
	return []*cobra.Command{
		newDemoCmd(env, runDemo),
		newSandboxCmd(env, runSandbox),
	}
}
