package cli

import (
	"cmp"
	"embed"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/term"
)

//go:embed help/*.md
var helpPages embed.FS

// topics are the pages of `prodctl help` that belong to no command, each with its one-line description.
// The page on config is the help of the command of that name: of two commands with one name, one would hide the other.
var topics = [][2]string{
	{"environment", "Environment variables"},
	{"exit-codes", "Exit codes"},
	{"formatting", "Output formats, JSON and --jq"},
}

// helpTopics returns the topics as commands that cannot be run, so that help lists and completes them.
func helpTopics() []*cobra.Command {
	var out []*cobra.Command
	for _, t := range topics {
		page := topicPage(t[0])
		out = append(out, &cobra.Command{Use: t[0], Short: t[1], Long: page})
	}
	return out
}

// topicPage returns the text of a page. It panics if the page is missing from this build.
func topicPage(name string) string {
	data, err := helpPages.ReadFile("help/" + name + ".md")
	if err != nil {
		panic("cli: " + err.Error())
	}
	return strings.TrimSpace(string(data))
}

// newHelpCmd builds `help`, which unlike cobra's own is an error for an unknown command or topic.
func newHelpCmd(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "help [command | topic]",
		Short: "Show help for a command or a topic",
		Long:  `Show help for a command, or for one of the topics config, environment, exit-codes and formatting.`,
		Example: `  # What does a command do?
  prodctl help milestone roll

  # What does an exit code mean?
  prodctl help exit-codes`,
		ValidArgsFunction: func(_ *cobra.Command, args []string, prefix string) ([]string, cobra.ShellCompDirective) {
			at, _, err := root.Find(args)
			if err != nil {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			var out []string
			for _, sub := range at.Commands() {
				if (sub.IsAvailableCommand() || sub.IsAdditionalHelpTopicCommand()) && strings.HasPrefix(sub.Name(), prefix) {
					out = append(out, sub.Name()+"\t"+sub.Short)
				}
			}
			return out, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			cmd, rest, err := root.Find(args)
			if err != nil || cmd == nil || len(rest) > 0 {
				return command.Usage(root, fmt.Errorf("no help for %q", strings.Join(args, " ")))
			}
			return cmd.Help()
		},
	}
}

// Widths of help in columns: the most that reads well, the default without a terminal, and the least in which flags have two columns.
const (
	maxHelpWidth     = 100
	defaultHelpWidth = 80
	twoColumnWidth   = 72
)

// showHelp shows the help of a command, on a terminal in the pager if it is longer than the screen.
func showHelp(a *app.App, cmd *cobra.Command) {
	if !pages(a) {
		help(a, cmd)
		return
	}
	held := a.Hold()
	if help(a, cmd); !held.Long() || !a.Page(held.Colored()) {
		_ = held.Release() // as without a pager
	}
}

// help prints the help of a command, wrapped to the terminal. Of the global flags it shows those that apply to the command.
func help(a *app.App, cmd *cobra.Command) {
	width := defaultHelpWidth
	if a.OutTTY && a.Width > 0 {
		width = min(a.Width, maxHelpWidth)
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
	section("Examples", examples(cmd.Example, width))
	for _, group := range cmd.Groups() {
		section(strings.TrimSuffix(group.Title, ":"), commandList(cmd, width,
			func(sub *cobra.Command) bool { return sub.GroupID == group.ID && sub.IsAvailableCommand() }))
	}
	section("Commands", commandList(cmd, width, func(sub *cobra.Command) bool { return sub.GroupID == "" && sub.IsAvailableCommand() }))
	section("Topics", commandList(cmd, width, (*cobra.Command).IsAdditionalHelpTopicCommand))
	if !cmd.IsAdditionalHelpTopicCommand() {
		section("Flags", flagList(cmd.LocalNonPersistentFlags(), width))
		section("Global flags", flagList(globalFlags(cmd), width))
	}
	if cmd.HasAvailableSubCommands() {
		run, purpose := fmt.Sprintf("Run \"%s <command> --help\"", cmd.CommandPath()), "for help on a command."
		separator := " "
		if len(run+separator+purpose) > width {
			separator = "\n"
		}
		fmt.Fprint(a.Out, "\n", run, separator, purpose, "\n")
	}
}

// examples wraps the comments of examples. Commands are never broken.
func examples(text string, width int) string {
	const comment = "  # "
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		if words, ok := strings.CutPrefix(line, comment); ok {
			for _, part := range term.Wrap(words, width-len(comment)) {
				lines = append(lines, comment+part)
			}
		} else {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// flagList lists flags in two columns, or in a narrow terminal each description below its flag.
func flagList(flags *pflag.FlagSet, width int) string {
	if width >= twoColumnWidth {
		return flags.FlagUsagesWrapped(width)
	}
	var b strings.Builder
	flags.VisitAll(func(f *pflag.Flag) {
		one := pflag.NewFlagSet("", pflag.ContinueOnError)
		one.AddFlag(f)
		line := strings.TrimRight(one.FlagUsages(), "\n")
		text := strings.TrimLeft(line, " ")
		name, usage, _ := strings.Cut(text, "   ")
		if name == "" {
			return
		}
		b.WriteString(line[:len(line)-len(text)] + name + "\n")
		const indent = "        "
		for _, part := range term.Wrap(usage, width-len(indent)) {
			b.WriteString(indent + part + "\n")
		}
	})
	return b.String()
}

// globalFlags returns the global flags that apply to a command. The usage of --output lists the formats that only this command has too.
func globalFlags(cmd *cobra.Command) *pflag.FlagSet {
	formats := command.FormatsOf(cmd)
	if len(formats) == 0 {
		return command.Applying(cmd)
	}
	out := pflag.NewFlagSet("", pflag.ContinueOnError)
	command.Applying(cmd).VisitAll(func(f *pflag.Flag) {
		own := *f
		if f.Name == "output" {
			for _, format := range formats {
				own.Usage += ", " + string(format)
			}
		}
		out.AddFlag(&own)
	})
	return out
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

// commandList lists the commands below cmd that are wanted, each with its short description.
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
