package cli

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/input"
)

type completionOptions struct{ Shell input.Word }

func newCompletionCmd(a *app.App) *cobra.Command {
	o := completionOptions{Shell: input.OneOf("bash", "zsh", "fish", "powershell")}
	cmd := &cobra.Command{
		Use:   "completion {bash | zsh | fish | powershell}",
		Short: "Print a shell completion script",
		Long: `Print a script that lets a shell complete prodctl's commands and flags. Issues, milestones, services and people are completed
with live data from GitLab; if GitLab does not answer within a second, nothing is completed.

  bash (package bash-completion):
    prodctl completion bash > /etc/bash_completion.d/prodctl
  zsh:
    prodctl completion zsh > "${fpath[1]}/_prodctl"
  fish:
    prodctl completion fish > ~/.config/fish/completions/prodctl.fish
  powershell:
    prodctl completion powershell | Out-String | Invoke-Expression`,
		Example: `  # Print the script for bash
  prodctl completion bash`,
	}
	run := func(_ context.Context, a *app.App, o completionOptions) error {
		return printCompletion(cmd.Root(), a.Out, o.Shell.Value)
	}
	return command.Instant(command.DefineLocal(a, cmd, &o, run, command.Arg{Name: "shell", Value: &o.Shell}))
}

func printCompletion(root *cobra.Command, w io.Writer, shell string) error {
	switch shell {
	case "bash":
		return root.GenBashCompletionV2(w, true)
	case "zsh":
		return root.GenZshCompletion(w)
	case "fish":
		return root.GenFishCompletion(w, true)
	}
	return root.GenPowerShellCompletionWithDesc(w)
}
