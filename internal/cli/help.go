package cli

import (
	"embed"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/cli/command"
)

//go:embed help/*.md
var helpPages embed.FS

// topics are the pages of `prodctl help` that belong to no command, with their one-line descriptions.
// The page on config is that of the command of this name: two commands of one name would hide each other.
var topics = [][2]string{
	{"environment", "Environment variables"},
	{"exit-codes", "Exit codes and what they mean"},
	{"formatting", "Output formats, JSON documents and --jq"},
}

// helpTopics are commands without a run of their own, so that help lists and completes them.
func helpTopics() []*cobra.Command {
	var out []*cobra.Command
	for _, t := range topics {
		page := topicPage(t[0])
		out = append(out, &cobra.Command{Use: t[0], Short: t[1], Long: page})
	}
	return out
}

// topicPage is the page as text; a page that is missing is a mistake of this build.
func topicPage(name string) string {
	data, err := helpPages.ReadFile("help/" + name + ".md")
	if err != nil {
		panic("cli: " + err.Error())
	}
	return strings.TrimSpace(string(data))
}

// newHelpCmd is help with an error for what it has no page on.
func newHelpCmd(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "help [command | topic]",
		Short: "Explain a command or a topic",
		Long: `Help explains a command, or one of the topics config, environment, exit-codes and formatting.

Exit codes: 0, 6 there is no such command or topic.`,
		Example: `  prodctl help milestone roll
  prodctl help exit-codes`,
		ValidArgsFunction: func(_ *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
			at, _, err := root.Find(args)
			if err != nil {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			var out []string
			for _, sub := range at.Commands() {
				if (sub.IsAvailableCommand() || sub.IsAdditionalHelpTopicCommand()) && strings.HasPrefix(sub.Name(), typed) {
					out = append(out, sub.Name()+"\t"+sub.Short)
				}
			}
			return out, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			cmd, rest, err := root.Find(args)
			if err != nil || cmd == nil || len(rest) > 0 && len(args) > 0 && cmd == root {
				return command.Usage(root, fmt.Errorf("there is no help on %q", strings.Join(args, " ")))
			}
			return cmd.Help()
		},
	}
}
