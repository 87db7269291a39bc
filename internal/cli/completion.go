package cli

import (
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/fault"
)

func newCompletionCmd(env *app.App) *cobra.Command {
	return &cobra.Command{
		Use:   "completion {bash | zsh | fish | powershell}",
		Short: "Print a shell completion script",
		Long: `Completion prints a script that teaches a shell to complete prodctl's commands and flags, and the names of milestones, labels
and projects as they are in GitLab at that moment (nothing is completed when GitLab does not answer within three seconds).

  bash        prodctl completion bash > /etc/bash_completion.d/prodctl   (needs the package bash-completion)
  zsh         prodctl completion zsh > "${fpath[1]}/_prodctl"
  fish        prodctl completion fish > ~/.config/fish/completions/prodctl.fish
  powershell  prodctl completion powershell | Out-String | Invoke-Expression

Exit codes: 0, 6 wrong usage.`,
		Example:   `  prodctl completion bash`,
		ValidArgs: []string{"bash", "zsh", "fish", "powershell"},
		Args:      cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(env.Out, true)
			case "zsh":
				return root.GenZshCompletion(env.Out)
			case "fish":
				return root.GenFishCompletion(env.Out, true)
			case "powershell":
				return root.GenPowerShellCompletionWithDesc(env.Out)
			}
			return fault.New(fault.Usage, "prodctl completion --help", "there is no completion for %q", args[0])
		},
	}
}
