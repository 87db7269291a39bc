// Package command is what the commands of all nouns share as cobra commands: parsing and counting arguments, resolving inputs, completion,
// the flags that several of them have. Start with [Define].
//
// It knows no noun, and carries out no plan.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
)

// Run is what a command does with its parsed options.
type Run[O any] func(ctx context.Context, s *app.Session, o O) error

// Define completes a command that works with GitLab. Its arguments are counted and parsed; flags and arguments of types of
// internal/input are resolved against the configuration and the clock, with all faults reported together, and complete
// themselves in a shell. Then run is called with the options, bounded by --timeout.
func Define[O any](a *app.App, cmd *cobra.Command, o *O, run Run[O], args ...Arg) *cobra.Command {
	return define(a, cmd, reachGitLab, args, func(ctx context.Context, s *app.Session) error {
		if err := s.Connect(ctx); err != nil {
			return err
		}
		return run(ctx, s, *o)
	})
}

// DefineOffline is [Define] for a command that goes by the configuration alone: the session has no client.
func DefineOffline[O any](a *app.App, cmd *cobra.Command, o *O, run Run[O], args ...Arg) *cobra.Command {
	return define(a, cmd, reachConfig, args, func(ctx context.Context, s *app.Session) error { return run(ctx, s, *o) })
}

// LocalRun is what a command does that reads no configuration before it runs.
type LocalRun[O any] func(ctx context.Context, a *app.App, o O) error

// DefineLocal completes a command that reads no configuration before it runs, and whose inputs need none.
func DefineLocal[O any](a *app.App, cmd *cobra.Command, o *O, run LocalRun[O], args ...Arg) *cobra.Command {
	cmd.RunE = func(cmd *cobra.Command, given []string) error {
		if err := errors.Join(setArgs(cmd, args, given), resolve(nil, cmd, nil)); err != nil {
			return err
		}
		return run(cmd.Context(), a, *o)
	}
	return accept(a, cmd, reachLocal, args)
}

func define(a *app.App, cmd *cobra.Command, reach string, args []Arg, run func(context.Context, *app.Session) error) *cobra.Command {
	cmd.RunE = func(cmd *cobra.Command, given []string) error {
		if err := setArgs(cmd, args, given); err != nil {
			return err
		}
		s, err := a.Session()
		if err != nil {
			return err
		}
		c := input.Context{Now: s.Time, Config: s.Config, Getenv: s.Getenv, Open: func(name string) ([]byte, error) { return open(a, name) }}
		if err := resolve(&c, cmd, args); err != nil {
			return err
		}
		return s.Bounded(cmd.Context(), func(ctx context.Context) error { return run(ctx, s) })
	}
	return accept(a, cmd, reach, args)
}

// Finish lets the flags of all commands below one keep their faults until they are all parsed, and complete themselves when a
// shell asks. It is called once, when every command has its flags.
func Finish(a *app.App, cmd *cobra.Command) {
	cmd.SuggestionsMinimumDistance = 2
	for _, sub := range cmd.Commands() {
		Finish(a, sub)
	}
	if cmd.Annotations[reachKey] == "" {
		return
	}
	deferFaults(cmd)
	if completing(a) {
		completeFlags(a, cmd)
	}
}

// accept counts the arguments, gives a verb its usual alias and completes whatever can complete itself.
func accept(a *app.App, cmd *cobra.Command, reach string, args []Arg) *cobra.Command {
	annotate(cmd, reachKey, reach)
	cmd.Args = func(cmd *cobra.Command, given []string) error { return countArgs(cmd, args, given) }
	switch cmd.Name() {
	case "list":
		cmd.Aliases = []string{"ls"}
	case "show":
		cmd.Aliases = []string{"view"}
	}
	if completing(a) {
		completeArgs(a, cmd, args)
	}
	return cmd
}

// deferred keeps the fault of a flag's value until all flags are parsed, so that all faults are reported together.
type deferred struct {
	pflag.Value
	err error
}

// Set parses the value, or remembers why that is not possible.
func (d *deferred) Set(raw string) error {
	d.err = d.Value.Set(raw)
	if _, ours := errors.AsType[*input.Invalid](d.err); ours {
		return nil
	}
	return d.err
}

// deferFaults lets every flag of a type of internal/input keep its fault for later.
func deferFaults(cmd *cobra.Command) {
	cmd.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
		if strings.HasPrefix(fmt.Sprintf("%T", f.Value), "*input.") {
			f.Value = &deferred{Value: f.Value}
		}
	})
}

// own is the input behind a flag.
func own(f *pflag.Flag) pflag.Value {
	if d, ok := f.Value.(*deferred); ok {
		return d.Value
	}
	return f.Value
}

// resolve resolves every input of the command. What is wrong is reported together, flags by name, then arguments in their order.
// Without a context only what could not be parsed is reported.
func resolve(c *input.Context, cmd *cobra.Command, args []Arg) error {
	var errs []error
	check := func(name string, v pflag.Value, err error) {
		if r, ok := v.(input.Resolver); ok && err == nil && c != nil {
			err = r.Resolve(*c)
		}
		if err != nil {
			errs = append(errs, named(cmd, args, name, err))
		}
	}
	var files []*pflag.Flag
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		var err error
		if d, ok := f.Value.(*deferred); ok {
			err = d.err
		}
		if _, file := own(f).(*input.File); file {
			files = append(files, f)
			return
		}
		check("--"+f.Name, own(f), err)
	})
	for _, arg := range args {
		check("<"+arg.Name+">", arg.Value, nil)
	}
	for _, f := range files {
		if len(errs) == 0 { // nobody types a file into standard input only to hear of a wrong flag
			check("--"+f.Name, own(f), nil)
		}
	}
	return joined(cmd, errs)
}

// joined is one error as it is. Several have one hint: where to read what each flag takes.
func joined(cmd *cobra.Command, errs []error) error {
	if len(errs) < 2 {
		return errors.Join(errs...)
	}
	for n, err := range errs {
		plain := &fault.Error{Kind: fault.KindOf(err), Err: errors.New(err.Error())}
		if n == len(errs)-1 {
			plain.Hint = cmd.CommandPath() + " --help"
		}
		errs[n] = plain
	}
	return errors.Join(errs...)
}

// open reads a file seen from the working directory, or standard input, up to 64 MiB, which no plan or text has.
func open(a *app.App, name string) ([]byte, error) {
	const most = 64 << 20
	if name == "-" {
		return io.ReadAll(io.LimitReader(a.In, most))
	}
	f, err := os.Open(a.Path(name))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, most))
}

// named says which flag or argument an error is about, and how to write it.
func named(cmd *cobra.Command, args []Arg, name string, err error) error {
	hint := fault.HintOf(err)
	if wrong, ok := errors.AsType[*input.Invalid](err); ok && hint == "" {
		hint = forms(cmd, args, name, wrong)
	}
	return fault.Wrap(fault.KindOf(err), err, hint, "%s", name)
}

// forms is a hint with the ways to write an input: each with its flag, or a whole command for an argument.
func forms(cmd *cobra.Command, args []Arg, name string, wrong *input.Invalid) string {
	if len(wrong.Forms) == 0 {
		return cmd.CommandPath() + " --help"
	}
	if !strings.HasPrefix(name, "-") {
		words := []string{cmd.CommandPath()}
		for _, arg := range args {
			switch raw := arg.Value.String(); {
			case "<"+arg.Name+">" == name:
				words = append(words, wrong.Forms[0])
			case arg.Value.Type() == "text": // it may be confidential
				words = append(words, `"..."`)
			case raw != "":
				words = append(words, fault.Quote(raw))
			}
		}
		return strings.Join(words, " ")
	}
	var ways []string
	for _, form := range wrong.Forms {
		ways = append(ways, name+" "+form)
	}
	hint := "write " + ways[0]
	if last := len(ways) - 1; last > 0 {
		hint = "write " + strings.Join(ways[:last], ", ") + " or " + ways[last]
	}
	if wrong.Note != "" {
		hint += "; " + wrong.Note
	}
	return hint
}

// FlagError is an error of flag parsing in our own words.
func FlagError(cmd *cobra.Command, err error) error {
	var (
		unknown  *pflag.NotExistError
		missing  *pflag.ValueRequiredError
		invalid  *pflag.InvalidValueError
		spelling *pflag.InvalidSyntaxError
	)
	if cmd.HasSubCommands() && cmd.Flags().NArg() > 0 { // the flag belongs to a command whose name is misspelt
		return Usage(cmd, unknownCommand(cmd, cmd.Flags().Arg(0)))
	}
	switch {
	case errors.As(err, &unknown):
		return Usage(cmd, unknownFlag(cmd, unknown))
	case errors.As(err, &missing):
		return fault.New(fault.Usage, cmd.CommandPath()+" --help", "--%s needs a value", missing.GetFlag().Name)
	case errors.As(err, &invalid):
		return invalidValue(cmd, invalid)
	case errors.As(err, &spelling):
		return Usage(cmd, spelling)
	}
	return Usage(cmd, err)
}

func invalidValue(cmd *cobra.Command, err *pflag.InvalidValueError) error {
	name := "--" + err.GetFlag().Name
	if wrong, ok := errors.AsType[*input.Invalid](err); ok {
		return named(cmd, nil, name, wrong)
	}
	return fault.New(fault.Usage, cmd.CommandPath()+" --help", "%s: invalid %s %q", name, err.GetFlag().Value.Type(), err.GetValue())
}
