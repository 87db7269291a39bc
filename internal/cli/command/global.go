package command

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"gitlab.com/prodctl/prodctl/internal/render"
)

// Annotations of commands, which decide which global flags their help shows.
const (
	showsKey   = "prodctl.shows"   // additional flags to show
	instantKey = "prodctl.instant" // only prints
	reachKey   = "prodctl.reach"   // one of the words below
)

// The reach of a command.
const (
	reachGitLab = "gitlab" // sends requests
	reachConfig = "config" // reads the configuration
	reachLocal  = "local"  // neither
)

// Writes marks a command that plans and applies writes. Only such commands have --dry-run, --yes and --plan-file.
func Writes(cmd *cobra.Command) *cobra.Command { return Shows(cmd, "dry-run", "yes", "plan-file") }

// Shows marks additional global flags that apply to a command.
func Shows(cmd *cobra.Command, flags ...string) *cobra.Command {
	annotate(cmd, showsKey, strings.Join(flags, " "))
	return cmd
}

// Connects marks a command that was defined by [DefineLocal] and sends requests anyway.
func Connects(cmd *cobra.Command) *cobra.Command {
	annotate(cmd, reachKey, reachGitLab)
	return cmd
}

// Instant marks a command that only prints. An interrupt may end it at any moment, so it installs no signal handler.
func Instant(cmd *cobra.Command) *cobra.Command {
	annotate(cmd, instantKey, "true")
	return cmd
}

// IsInstant reports whether a command only prints: it is marked by [Instant], or it shows help.
func IsInstant(cmd *cobra.Command) bool {
	return cmd.Annotations[instantKey] != "" || cmd.Annotations[reachKey] == "" && cmd.HasSubCommands()
}

// Configured marks a command that was defined by [DefineLocal] and reads the configuration itself, because it works even with a
// configuration that has errors.
func Configured(cmd *cobra.Command) *cobra.Command {
	annotate(cmd, reachKey, reachConfig)
	return cmd
}

// NeedsConfiguration reports whether a command reads the configuration, if only for its output format. Help does not.
func NeedsConfiguration(cmd *cobra.Command) bool {
	reach := cmd.Annotations[reachKey]
	return reach == reachGitLab || reach == reachConfig
}

// Applying are the global flags that apply to a command.
func Applying(cmd *cobra.Command) *pflag.FlagSet {
	if !cmd.HasParent() {
		return cmd.PersistentFlags()
	}
	out := pflag.NewFlagSet("", pflag.ContinueOnError)
	cmd.InheritedFlags().VisitAll(func(f *pflag.Flag) {
		if applies(cmd, f.Name) {
			out.AddFlag(f)
		}
	})
	return out
}

// Pages reports whether a long result of a command is shown in a pager: it reads, and asks nothing.
func Pages(cmd *cobra.Command) bool {
	return cmd.Annotations[reachKey] == reachGitLab && !slices.Contains(strings.Fields(cmd.Annotations[showsKey]), "yes")
}

func applies(cmd *cobra.Command, flag string) bool {
	reach := cmd.Annotations[reachKey]
	if slices.Contains(strings.Fields(cmd.Annotations[showsKey]), flag) {
		return true
	}
	switch flag {
	case "dry-run", "yes", "plan-file":
		return false
	case "host", "timeout", "debug":
		return reach == reachGitLab
	case "config":
		return NeedsConfiguration(cmd)
	case "now":
		return NeedsConfiguration(cmd)
	case "no-pager":
		return Pages(cmd)
	case "open":
		return slices.Contains(FormatsOf(cmd), render.HTML)
	case "copy":
		return cmd.Flags().Lookup("web") != nil || cmd.Flags().Lookup("at") != nil && reach == reachGitLab
	case "output-file":
		return reach == reachGitLab || reach == reachConfig
	case "output", "jq", "quiet":
		return reach != ""
	}
	return true
}

func annotate(cmd *cobra.Command, key, value string) {
	if cmd.Annotations == nil {
		cmd.Annotations = map[string]string{}
	}
	cmd.Annotations[key] = value
}
