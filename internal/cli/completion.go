package cli

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// completionPatience is how long a shell's user waits for live values after pressing Tab.
const completionPatience = 3 * time.Second

func newCompletionCmd(env *Env) *cobra.Command {
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

// values lists what can stand for a word that begins with typed; after a tab may follow what it means.
type values func(ctx context.Context, typed string) ([]string, error)

func fixed(words ...string) values {
	return func(context.Context, string) ([]string, error) { return words, nil }
}

// completion offers values that begin with what was typed; when they cannot be had it offers nothing, in silence.
func (e *Env) completion(list values) func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return func(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		e.completing = true
		e.flags = cmd.Flags() // completing runs no command, so nothing else has looked at them
		ctx, cancel := context.WithTimeout(cmd.Context(), completionPatience)
		defer cancel()
		all, err := list(ctx, typed)
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		var out []string
		for _, v := range all {
			if strings.HasPrefix(strings.ToLower(v), strings.ToLower(typed)) {
				out = append(out, v)
			}
		}
		return out, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
	}
}

// completeWith completes a flag's value. Only a run that a shell asks for completions has them: cobra keeps them, with the command tree and all that
// hangs on it, for as long as the process lives.
func (e *Env) completeWith(cmd *cobra.Command, flag string, list values) {
	if cmd.Flags().Lookup(flag) == nil {
		panic("cli: there is no flag --" + flag) // its name is misspelt in this package
	}
	if len(e.args) == 0 || !strings.HasPrefix(e.args[0], cobra.ShellCompRequestCmd) {
		return
	}
	if err := cmd.RegisterFlagCompletionFunc(flag, e.completion(list)); err != nil {
		panic("cli: " + err.Error()) // the flag's name is misspelt in this package
	}
}
