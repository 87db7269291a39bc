package command

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Annotations of commands, by which the flags of all commands are shown or not.
const (
	showsKey   = "prodctl.shows"   // flags that are shown besides those of its reach
	instantKey = "prodctl.instant" // only prints
	reachKey   = "prodctl.reach"   // how far a command reaches: one of the words below
)

// How far a command reaches.
const (
	reachGitLab = "gitlab" // sends requests
	reachConfig = "config" // goes by the configuration
	reachLocal  = "local"  // neither
)

// Writes marks a command that plans and applies writes: --dry-run, --yes and --plan-file are for such ones alone.
func Writes(cmd *cobra.Command) *cobra.Command { return Shows(cmd, "dry-run", "yes", "plan-file") }

// Shows marks flags of all commands that matter to this one, besides those that go with how far it reaches.
func Shows(cmd *cobra.Command, flags ...string) *cobra.Command {
	annotate(cmd, showsKey, strings.Join(flags, " "))
	return cmd
}

// Connects marks a command that was defined by [DefineLocal] and sends requests all the same.
func Connects(cmd *cobra.Command) *cobra.Command {
	annotate(cmd, reachKey, reachGitLab)
	return cmd
}

// Instant marks a command that only prints: an interrupt may end it at any moment, so nobody has to watch for one.
func Instant(cmd *cobra.Command) *cobra.Command {
	annotate(cmd, instantKey, "true")
	return cmd
}

// IsInstant reports whether a command only prints: it was marked as such, or shows help.
func IsInstant(cmd *cobra.Command) bool {
	return cmd.Annotations[instantKey] != "" || cmd.Annotations[reachKey] == "" && cmd.HasSubCommands()
}

// Configured marks a command that was defined by [DefineLocal] and reads the configuration itself, because it goes on where that
// has faults.
func Configured(cmd *cobra.Command) *cobra.Command {
	annotate(cmd, reachKey, reachConfig)
	return cmd
}

// NeedsConfiguration reports whether a command reads the configuration, be it only for the format of its output. Help does not.
func NeedsConfiguration(cmd *cobra.Command) bool {
	reach := cmd.Annotations[reachKey]
	return reach == reachGitLab || reach == reachConfig
}

// Applying are those of the flags that all commands have which matter to one: what writes, what sends requests, what has a result.
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
