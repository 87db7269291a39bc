package command

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
)

// completionPatience is how long a shell's user waits for live values after pressing Tab.
const completionPatience = 3 * time.Second

// Candidates lists what can stand for a word that begins with typed; after a tab may follow what it means.
type Candidates func(ctx context.Context, typed string) ([]string, error)

// Fixed are candidates that are always the same.
func Fixed(words ...string) Candidates {
	return func(context.Context, string) ([]string, error) { return words, nil }
}

// CompleteArgument offers values that begin with what was typed; when they cannot be had it offers nothing, in silence.
func CompleteArgument(e *app.App, list Candidates) func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return func(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		e.Completing = true
		e.Flags = cmd.Flags() // completing runs no command, so nothing else has looked at them
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

// Complete completes a flag's value. Only a run that a shell asks for completions has them: cobra keeps them, with the command tree and all that
// hangs on it, for as long as the process lives.
func Complete(e *app.App, cmd *cobra.Command, flag string, list Candidates) {
	if cmd.Flags().Lookup(flag) == nil {
		panic("cli: there is no flag --" + flag) // its name is misspelt in this package
	}
	if len(e.Args) == 0 || !strings.HasPrefix(e.Args[0], cobra.ShellCompRequestCmd) {
		return
	}
	if err := cmd.RegisterFlagCompletionFunc(flag, CompleteArgument(e, list)); err != nil {
		panic("cli: " + err.Error()) // the flag's name is misspelt in this package
	}
}
