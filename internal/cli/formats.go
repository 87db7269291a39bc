package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/render"
)

// completeFormats completes -o with the formats of the command at hand.
func completeFormats(e *app.App, root *cobra.Command) {
	if len(e.Args) == 0 || !strings.HasPrefix(e.Args[0], cobra.ShellCompRequestCmd) {
		return // as in completeWith
	}
	complete := func(cmd *cobra.Command, _ []string, prefix string) ([]string, cobra.ShellCompDirective) {
		all := render.Formats()
		for _, f := range command.FormatsOf(cmd) {
			all = append(all, string(f))
		}
		all = slices.DeleteFunc(all, func(f string) bool { return !strings.HasPrefix(f, prefix) })
		return all, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
	}
	if err := root.RegisterFlagCompletionFunc("output", complete); err != nil {
		panic("cli: " + err.Error()) // the flag's name is misspelt in this package
	}
}
