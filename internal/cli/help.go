package cli

import (
	"cmp"
	"embed"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/term"
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
			if err != nil || cmd == nil || len(rest) > 0 {
				return command.Usage(root, fmt.Errorf("there is no help on %q", strings.Join(args, " ")))
			}
			return cmd.Help()
		},
	}
}

// Widths of help: what a reader's eye follows at most, and what is taken where there is no terminal.
const (
	widestHelp = 100
	usualHelp  = 80
)

// help explains a command, wrapped to the terminal. Of the flags that every command has it shows those that matter to this one.
func help(a *app.App, cmd *cobra.Command) {
	width := usualHelp
	if a.OutTTY && a.Width > 0 {
		width = min(a.Width, widestHelp)
	}
	fmt.Fprintf(a.Out, "%s\n", term.Reflow(cmp.Or(cmd.Long, cmd.Short), width))
	section := func(title, body string) {
		if body = strings.TrimRight(body, "\n"); body != "" {
			fmt.Fprintf(a.Out, "\n%s:\n%s\n", title, body)
		}
	}
	if !cmd.IsAdditionalHelpTopicCommand() {
		section("Usage", usageLines(cmd))
	}
	if len(cmd.Aliases) > 0 {
		section("Aliases", "  "+cmd.NameAndAliases())
	}
	section("Examples", cmd.Example)
	for _, group := range cmd.Groups() {
		section(strings.TrimSuffix(group.Title, ":"), commandList(cmd, width,
			func(sub *cobra.Command) bool { return sub.GroupID == group.ID && sub.IsAvailableCommand() }))
	}
	section("Commands", commandList(cmd, width, func(sub *cobra.Command) bool { return sub.GroupID == "" && sub.IsAvailableCommand() }))
	section("Topics", commandList(cmd, width, (*cobra.Command).IsAdditionalHelpTopicCommand))
	section("Flags", cmd.LocalNonPersistentFlags().FlagUsagesWrapped(width))
	if !cmd.IsAdditionalHelpTopicCommand() {
		section("Global flags", command.Applying(cmd).FlagUsagesWrapped(width))
	}
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(a.Out, "\nprodctl help <command> explains a command.\n")
	}
}

func usageLines(cmd *cobra.Command) string {
	var lines []string
	if cmd.Runnable() {
		lines = append(lines, "  "+cmd.UseLine())
	}
	if cmd.HasAvailableSubCommands() {
		lines = append(lines, "  "+cmd.CommandPath()+" <command>")
	}
	return strings.Join(lines, "\n")
}

// commandList is the commands below one, each with what it does.
func commandList(cmd *cobra.Command, width int, wanted func(*cobra.Command) bool) string {
	var b strings.Builder
	for _, sub := range cmd.Commands() {
		if wanted(sub) {
			row := fmt.Sprintf("  %-*s  %s", sub.NamePadding(), sub.Name(), sub.Short)
			b.WriteString(strings.Join(term.Wrap(row, width), "\n") + "\n")
		}
	}
	return b.String()
}
