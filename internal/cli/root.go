// Package cli is the command tree: one folder a noun, one file a verb, so that the code of `prodctl incident open` is
// incident/open.go. Start with [Main]; commands.go lists the commands, and those without a noun stand here.
//
// It owns cobra. Values that people type are internal/input, what every command is given is internal/app, carrying out a plan is
// internal/runner; rules, requests and the look of results are elsewhere.
package cli

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/render"
)

// Main runs one command line and returns the exit code of docs/exit-codes.md. args are without the program's name.
// Cancelling ctx is an interruption: what stands is said before it returns.
func Main(ctx context.Context, args []string, m app.Machine) int {
	a := &app.App{Machine: m, Args: args, Streams: m.Terminal(noColor(args))}
	root := newRoot(a, needed(args))
	root.SetArgs(args)
	root.SetIn(a.In)
	root.SetOut(a.Out)
	root.SetErr(a.Err)
	return exitCode(a, root.ExecuteContext(ctx))
}

// noColor looks for the flag before the flags are read, since their errors are printed too.
func noColor(args []string) bool {
	for _, arg := range args {
		switch arg {
		case "--no-color", "--no-color=true":
			return true
		case "--":
			return false
		}
	}
	return false
}

// NewRoot builds the command tree. It reads nothing and writes nothing.
func NewRoot(a *app.App) *cobra.Command {
	return newRoot(a, every)
}

// newRoot is the tree with the needed ones of the commands below the root.
func newRoot(a *app.App, needed func(name string) bool) *cobra.Command {
	root := &cobra.Command{
		Use:   "prodctl",
		Short: "Run a production team's workflow on GitLab",
		Long: `prodctl runs a production team's workflow on GitLab: two-week milestones, labels, the board; incidents, changes, and a gate for
pipelines; shifts, hand-offs and the weekly report. It keeps no state of its own: everything it knows it reads from GitLab, everything
it does it writes there.

  prodctl incident open "Registry returns 500s"   in an outage: this is enough, and safe to repeat
  prodctl handoff                                 at shift change: what burns, what may, what can wait

  prodctl demo      watch a timebox, an outage and a shift change, with no GitLab and no token
  prodctl init      write .prodctl.yaml for your own GitLab
  prodctl doctor    check host, token, rights, labels and milestones`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			a.Flags = cmd.Flags()
			if a.Watch != nil && !command.IsInstant(cmd) {
				cmd.SetContext(a.Watch(cmd.Context()))
			}
			if err := cmd.ValidateFlagGroups(); err != nil {
				return command.Usage(cmd, err)
			}
			return a.OpenView(command.FormatsOf(cmd), command.NeedsConfiguration(cmd))
		},
	}
	version := root.Flags().BoolP("version", "v", false, "say which build this is")
	root.RunE = func(cmd *cobra.Command, _ []string) error {
		if *version {
			return runVersion(cmd.Context(), a, struct{}{})
		}
		return cmd.Help()
	}
	addGlobalFlags(a, root.PersistentFlags())
	root.SetFlagErrorFunc(command.FlagError)
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) { help(a, cmd) })
	root.CompletionOptions.HiddenDefaultCmd = true
	root.CompletionOptions.DisableDefaultCmd = true
	root.AddGroup(
		&cobra.Group{ID: "work", Title: "Work:"},
		&cobra.Group{ID: "setup", Title: "Set up:"},
		&cobra.Group{ID: "try", Title: "Try out:"},
	)
	for _, c := range commands() {
		if needed(c.name) {
			cmd := c.build(a)
			cmd.GroupID = c.group
			root.AddCommand(cmd)
		}
	}
	root.AddCommand(helpTopics()...)
	completeFormats(a, root)
	root.SetHelpCommand(newHelpCmd(root))
	root.SetHelpCommandGroupID("setup")
	command.RequireSubcommand(root)
	command.Finish(a, root)
	return root
}

func addGlobalFlags(a *app.App, f *pflag.FlagSet) {
	g := &a.Global
	f.StringVar(&g.Config, "config", "", "configuration `file` instead of the one that is found")
	f.StringVar(&g.Host, "host", "", "GitLab's `address`, such as https://gitlab.example.com")
	f.StringVarP(&g.Output, "output", "o", "", "output `format`: "+strings.Join(render.Formats(), ", "))
	f.StringVar(&g.JQ, "jq", "", "filter the JSON output with a jq `expression`")
	f.BoolVar(&g.DryRun, "dry-run", false, "show the plan and write nothing")
	f.BoolVarP(&g.Yes, "yes", "y", false, "apply without asking")
	f.StringVar(&g.Plan, "plan-file", "", "save the plan to `file` for prodctl apply, and write nothing else")
	f.StringVar(&g.Now, "now", "", "take this `time` for now (RFC 3339, or a date)")
	f.DurationVar(&g.Timeout, "timeout", 0, "give up after this `duration` (default 10m, or what the configuration says)")
	f.BoolVar(&g.NoColor, "no-color", false, "no colours")
	f.BoolVarP(&g.Quiet, "quiet", "q", false, "only the result, no notes and no progress")
	f.BoolVar(&g.Debug, "debug", false, "trace every request on standard error, without tokens")
}

// exitCode prints the error, if any, and gives the exit code.
func exitCode(a *app.App, err error) int {
	if err == nil {
		return 0
	}
	kind := fault.KindOf(err)
	if errors.Is(err, context.Canceled) {
		kind = fault.Interrupted
	}
	if err == context.Canceled { // the bare one says nothing to a person
		err = fault.New(fault.Interrupted, "", "interrupted")
	}
	if kind == fault.Pending || err.Error() == "" {
		return int(kind) // the findings were the result; there is nothing to add
	}
	if errors.Is(err, context.DeadlineExceeded) && kind == fault.Failed {
		kind = fault.Unreachable
	}
	if d, ok := errors.AsType[interface {
		error
		Detail() string
	}](err); ok && a.Global.Debug {
		a.Notef("debug: %s", d.Detail())
	}
	format := render.Table
	if a.View != nil {
		format = a.View.Format()
	} else if a.Global.Output == string(render.JSON) || a.Global.JQ != "" {
		format = render.JSON
	}
	if werr := render.Error(a.Err, err, kind, format, a.ErrColor()); werr != nil {
		return 1
	}
	return int(kind)
}
