// Package cli is the command tree. It has one folder per noun and one file per verb: the code of `prodctl incident open` is in
// incident/open.go. Start with [Main]; commands.go lists the commands, and those without a noun are in this folder.
//
// The package owns cobra. It does not parse values (internal/input), set up what every command needs (internal/app) or carry out
// plans (internal/runner), and it has no rules, no requests and no output formats.
package cli

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/render"
	"gitlab.com/prodctl/prodctl/internal/term"
)

// Main runs one command line and returns its exit code (docs/exit-codes.md). args do not include the program's name.
// Cancelling ctx interrupts the command, which reports what is done before it returns.
func Main(ctx context.Context, args []string, m app.Machine) int {
	a := &app.App{Machine: m, Args: args, Streams: m.Terminal(noColor(args))}
	root := newRoot(a, requested(args))
	root.SetArgs(append([]string{}, args...)) // for nil, cobra takes the arguments of the process
	root.SetIn(a.In)
	root.SetOut(a.Out)
	root.SetErr(a.Err)
	err := root.ExecuteContext(ctx)
	return exitCode(a, deliver(a, err))
}

// noColor looks for --no-color before the flags are parsed, because errors in flags are printed too.
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

// wantsJSON reports whether an error of the flags is a JSON document. It also looks at the words, because parsing stops at the first error.
func wantsJSON(a *app.App) bool {
	if a.Global.Output == string(render.JSON) || a.Global.JQ != "" {
		return true
	}
	format := a.Getenv("PRODCTL_OUTPUT")
	for n, arg := range a.Args {
		name, value, joined := strings.Cut(arg, "=")
		if !joined && n+1 < len(a.Args) {
			value = a.Args[n+1]
		}
		switch {
		case arg == "--":
			return format == string(render.JSON)
		case name == "--jq":
			return true
		case name == "-o", name == "--output":
			format = value
		case strings.HasPrefix(arg, "-o"):
			format = arg[len("-o"):]
		}
	}
	return format == string(render.JSON)
}

// NewRoot builds the whole command tree. It reads nothing and writes nothing.
func NewRoot(a *app.App) *cobra.Command {
	return newRoot(a, every)
}

// newRoot builds the root and those commands below it for which include is true.
func newRoot(a *app.App, include func(name string) bool) *cobra.Command {
	root := &cobra.Command{
		Use:   "prodctl",
		Short: "Run a production team's workflow on GitLab",
		Long: `prodctl runs a production team's workflow on GitLab: incidents, changes, on-call hand-offs, two-week milestones and the
weekly report.

It has no database. Everything it knows it reads from GitLab, and everything it does it writes there, as issues, comments,
labels and milestones.`,
		Example: `  # Watch it work: an outage and a shift change, without GitLab and without a token
  prodctl demo

  # Set it up for your own GitLab
  prodctl init
  prodctl doctor

  # In an outage: a title is enough, and running it twice opens one incident
  prodctl incident open "Registry returns 500s"

  # At shift change: what is burning, what is at risk, what can wait
  prodctl handoff`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			a.Flags = cmd.Flags()
			if a.Watch != nil && !command.IsInstant(cmd) {
				cmd.SetContext(a.Watch(cmd.Context()))
			}
			a.Context = cmd.Context()
			if err := cmd.ValidateFlagGroups(); err != nil {
				return command.FlagGroupError(cmd, err)
			}
			if err := redirect(a, cmd); err != nil {
				return err
			}
			return a.OpenView(command.FormatsOf(cmd), command.NeedsConfiguration(cmd))
		},
	}
	version := root.Flags().BoolP("version", "v", false, "print the version")
	root.RunE = func(cmd *cobra.Command, _ []string) error {
		if *version {
			return runVersion(cmd.Context(), a, struct{}{})
		}
		if showsStatus(a) {
			sub, _, err := cmd.Find([]string{"status"})
			if err != nil {
				return err
			}
			return runBare(cmd.Context(), a, sub)
		}
		return cmd.Help()
	}
	addGlobalFlags(a, root.PersistentFlags())
	root.SetFlagErrorFunc(command.FlagError)
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) { showHelp(a, cmd) })
	root.CompletionOptions.HiddenDefaultCmd = true
	root.CompletionOptions.DisableDefaultCmd = true
	root.AddGroup(
		&cobra.Group{ID: groupTry, Title: "Try it out:"},
		&cobra.Group{ID: groupSetup, Title: "Set up:"},
		&cobra.Group{ID: groupOncall, Title: "Incidents and on-call:"},
		&cobra.Group{ID: groupChange, Title: "Changes:"},
		&cobra.Group{ID: groupPlanning, Title: "Planning and reports:"},
		&cobra.Group{ID: groupOther, Title: "Other:"},
	)
	for _, c := range commands() {
		if include(c.name) {
			cmd := c.build(a)
			cmd.GroupID = c.group
			root.AddCommand(cmd)
		}
	}
	root.AddCommand(helpTopics()...)
	completeFormats(a, root)
	root.SetHelpCommand(newHelpCmd(root))
	root.SetHelpCommandGroupID(groupOther)
	command.RequireSubcommand(root)
	command.Finish(a, root)
	return root
}

func addGlobalFlags(a *app.App, f *pflag.FlagSet) {
	g := &a.Global
	f.StringVar(&g.Config, "config", "", "configuration `file` (default: the nearest .prodctl.yaml)")
	f.StringVar(&g.Host, "host", "", "`url` of GitLab, such as https://gitlab.example.com")
	f.StringVarP(&g.Output, "output", "o", "", "output `format`: "+strings.Join(render.Formats(), ", "))
	f.StringVar(&g.JQ, "jq", "", "filter the JSON output with a jq `expression`")
	f.BoolVar(&g.DryRun, "dry-run", false, "show the plan and change nothing")
	f.BoolVarP(&g.Yes, "yes", "y", false, "do not ask for confirmation")
	f.StringVar(&g.Plan, "plan-file", "", "save the plan to `file` for prodctl apply, and change nothing")
	f.StringVar(&g.Now, "now", "", "use this `time` instead of the current one (RFC 3339, or a date)")
	f.DurationVar(&g.Timeout, "timeout", 0, "give up after this `duration` (default 10m, or the configured timeout)")
	f.StringVar(&g.File, "output-file", "", "write the result to `file`, as for a pipe")
	f.BoolVar(&g.Open, "open", false, "open the HTML page of the result in the browser")
	f.BoolVar(&g.Copy, "copy", false, "copy the address of the issue to the clipboard of the terminal")
	f.BoolVar(&g.NoPager, "no-pager", false, "do not show long results in a pager")
	f.BoolVar(&g.NoColor, "no-color", false, "disable colors")
	f.BoolVarP(&g.Quiet, "quiet", "q", false, "print the result only: no notes, no progress")
	f.BoolVar(&g.Debug, "debug", false, "trace every request on standard error, without tokens")
}

// exitCode prints the error, if any, and returns the exit code.
func exitCode(a *app.App, err error) int {
	if err == nil {
		return 0
	}
	kind := fault.AfterWrites(err, a.Written())
	if err.Error() == context.Canceled.Error() { // which tells a user nothing
		err = fault.New(fault.Interrupted, "", "interrupted")
	}
	if kind == fault.Pending || err.Error() == "" {
		return int(kind) // the findings were the result, nothing to add
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
	} else if wantsJSON(a) {
		format = render.JSON
	}
	var text strings.Builder
	width := a.ErrWidth
	if format == render.JSON {
		width = 0
	}
	werr := render.Error(&text, err, kind, format, a.ErrColor())
	if _, ioerr := io.WriteString(a.Err, term.Message(text.String(), width)); werr != nil || ioerr != nil {
		return 1
	}
	return int(kind)
}
