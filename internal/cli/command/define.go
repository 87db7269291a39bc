// Package command builds the cobra commands of all nouns: it parses arguments, resolves inputs, completes them in a shell, and has the
// flags that several commands share. Start with [Define].
//
// No noun is known here, and no plan is applied here.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
)

// Run is the function of a command, which gets the parsed options.
type Run[O any] func(ctx context.Context, s *app.Session, o O) error

// Define finishes a command that sends requests to GitLab. It checks and parses the arguments, resolves all flags and arguments of types of
// internal/input against the configuration and the clock, reports all their errors together, and completes them in a shell. Then it
// calls run with the options, within --timeout.
func Define[O any](a *app.App, cmd *cobra.Command, o *O, run Run[O], args ...Arg) *cobra.Command {
	return define(a, cmd, reachGitLab, args, func(ctx context.Context, s *app.Session) error {
		if err := s.Connect(ctx); err != nil {
			return err
		}
		return run(ctx, s, *o)
	})
}

// DefineOffline is [Define] for a command that needs only the configuration: the session has no client.
func DefineOffline[O any](a *app.App, cmd *cobra.Command, o *O, run Run[O], args ...Arg) *cobra.Command {
	return define(a, cmd, reachConfig, args, func(ctx context.Context, s *app.Session) error { return run(ctx, s, *o) })
}

// LocalRun is the function of a command that is defined by [DefineLocal].
type LocalRun[O any] func(ctx context.Context, a *app.App, o O) error

// DefineLocal is [Define] for a command that runs without the configuration, and whose inputs do not depend on it.
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
		if reach == reachGitLab {
			if err := a.Authorize(cmd.Context()); err != nil {
				return err
			}
		}
		s, err := a.Session()
		if err != nil {
			return err
		}
		if d := asks(a, cmd, args, given); d != nil {
			if err = ask(cmd.Context(), s, cmd, args, d); err != nil {
				return err
			}
		}
		return s.Bounded(cmd.Context(), func(ctx context.Context) error {
			c := input.Context{Now: s.Time, Config: s.Config, Getenv: s.Getenv}
			c.Open = func(name string) ([]byte, error) { return open(ctx, a, name) }
			if err := resolve(&c, cmd, args); err != nil {
				return err
			}
			if !s.Asked { // the dialog did it
				echoTimes(s, cmd)
			}
			return run(ctx, s)
		})
	}
	return accept(a, cmd, reach, args)
}

// Finish prepares the flags of all commands below cmd: their errors are kept until all flags are parsed, and they complete in a shell. It
// is called once, when every command has its flags.
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

// accept checks the number of arguments, adds the usual alias of a verb, and registers completion.
func accept(a *app.App, cmd *cobra.Command, reach string, args []Arg) *cobra.Command {
	annotate(cmd, reachKey, reach)
	cmd.Args = func(cmd *cobra.Command, given []string) error {
		if asks(a, cmd, args, given) != nil {
			return nil
		}
		return countArgs(cmd, args, given)
	}
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

// deferred keeps the error of a flag until all flags are parsed, so that all errors are reported together.
type deferred struct {
	pflag.Value
	err error
}

// Input is the value that the flag sets.
func (d *deferred) Input() pflag.Value { return d.Value }

// Set parses the value and keeps an error for later.
func (d *deferred) Set(raw string) error {
	d.err = d.Value.Set(raw)
	if _, ours := errors.AsType[*input.Invalid](d.err); ours {
		return nil
	}
	return d.err
}

// deferFaults makes every flag of a type of internal/input keep its error for later.
func deferFaults(cmd *cobra.Command) {
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if strings.HasPrefix(fmt.Sprintf("%T", f.Value), "*input.") {
			f.Value = &deferred{Value: f.Value}
		}
	})
}

// own is the input that a flag sets.
func own(f *pflag.Flag) pflag.Value {
	if d, ok := f.Value.(*deferred); ok {
		return d.Value
	}
	return f.Value
}

// resolve resolves every input of the command and reports all errors together: flags by name, then arguments in their order. Without a
// context it reports only errors of parsing.
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
		if len(errs) == 0 { // do not read standard input only to report another flag
			check("--"+f.Name, own(f), nil)
		}
	}
	return joined(cmd, errs)
}

// joined is one error as it is, or several with one hint: the one that all have, else the help of the command.
func joined(cmd *cobra.Command, errs []error) error {
	if len(errs) < 2 {
		return errors.Join(errs...)
	}
	hint := fault.HintOf(errs[0])
	if hint == "" || slices.ContainsFunc(errs, func(err error) bool { return fault.HintOf(err) != hint }) {
		hint = helpHint(cmd)
	}
	for n, err := range errs {
		plain := &fault.Error{Kind: fault.KindOf(err), Err: errors.New(err.Error())}
		if n == len(errs)-1 {
			plain.Hint = hint
		}
		errs[n] = plain
	}
	return errors.Join(errs...)
}

// maxFile is how many bytes a file on the command line may have: more than any plan or text.
const maxFile = 64 << 20

// open reads a file, relative to the working directory, or standard input. Both may be pipes, so it gives up with the context: nobody may
// ever write to one.
func open(ctx context.Context, a *app.App, name string) ([]byte, error) {
	type content struct {
		data []byte
		err  error
	}
	read := make(chan content, 1)
	go func() {
		data, err := readFile(a, name)
		read <- content{data, err}
	}()
	select {
	case c := <-read:
		return c.data, c.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func readFile(a *app.App, name string) ([]byte, error) {
	in := a.In
	if name != "-" {
		f, err := os.Open(a.Path(name))
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, maxFile+1))
	if err == nil && len(data) > maxFile {
		err = fmt.Errorf("it has more than %d MiB", maxFile>>20)
	}
	return data, err
}

// named adds the name of the flag or argument to an error, and a hint with its valid forms.
func named(cmd *cobra.Command, args []Arg, name string, err error) error {
	hint := fault.HintOf(err)
	if wrong, ok := errors.AsType[*input.Invalid](err); ok && hint == "" {
		hint = forms(cmd, args, name, wrong)
	}
	return fault.Wrap(fault.KindOf(err), err, hint, "%s", name)
}

// forms is a hint with the valid forms of an input, unless the error lists them: flags, or a whole command for an argument.
func forms(cmd *cobra.Command, args []Arg, name string, wrong *input.Invalid) string {
	listed := strings.Contains(wrong.Error(), "(use ") && !strings.Contains(wrong.Error(), " form ")
	if len(wrong.Forms) == 0 || listed {
		return helpHint(cmd)
	}
	if !strings.HasPrefix(name, "-") {
		words := []string{cmd.CommandPath()}
		for _, arg := range args {
			switch raw := arg.Value.String(); {
			case "<"+arg.Name+">" == name:
				words = append(words, wrong.Forms[0])
			case arg.Value.Type() == "text": // which may be confidential
				words = append(words, `"..."`)
			case raw != "":
				words = append(words, fault.Quote(raw))
			}
		}
		return "Example: " + strings.Join(words, " ")
	}
	var ways []string
	for _, form := range wrong.Forms {
		ways = append(ways, name+" "+form)
	}
	hint := "Use " + ways[0]
	if last := len(ways) - 1; last > 0 {
		hint = "Use " + strings.Join(ways[:last], ", ") + " or " + ways[last]
	}
	if wrong.Note != "" {
		hint += " (" + wrong.Note + ")"
	}
	return hint
}

// FlagError is an error of flag parsing with our message and hint.
func FlagError(cmd *cobra.Command, err error) error {
	var (
		unknown  *pflag.NotExistError
		missing  *pflag.ValueRequiredError
		invalid  *pflag.InvalidValueError
		spelling *pflag.InvalidSyntaxError
	)
	if cmd.HasSubCommands() && cmd.Flags().NArg() > 0 { // the flag of a misspelt command
		return Usage(cmd, unknownCommand(cmd, cmd.Flags().Arg(0)))
	}
	switch {
	case errors.As(err, &unknown):
		return Usage(cmd, unknownFlag(cmd, unknown))
	case errors.As(err, &missing):
		return fault.New(fault.Usage, helpHint(cmd), "--%s needs a value", missing.GetFlag().Name)
	case errors.As(err, &invalid):
		return invalidValue(cmd, invalid)
	case errors.As(err, &spelling):
		return Usage(cmd, spelling)
	}
	return Usage(cmd, err)
}

// FlagGroupError is cobra's error for flags that exclude each other, with our message and hint.
func FlagGroupError(cmd *cobra.Command, err error) error {
	text := strings.TrimSuffix(err.Error(), "] were all set")
	if _, set, found := strings.Cut(text, "; ["); found && text != err.Error() {
		names := strings.Fields(set)
		for i, name := range names {
			names[i] = "--" + name
		}
		last := len(names) - 1
		err = fmt.Errorf("%s and %s cannot be combined", strings.Join(names[:last], ", "), names[last])
	}
	return Usage(cmd, err)
}

func invalidValue(cmd *cobra.Command, err *pflag.InvalidValueError) error {
	name := "--" + err.GetFlag().Name
	if wrong, ok := errors.AsType[*input.Invalid](err); ok {
		return named(cmd, nil, name, wrong)
	}
	return fault.New(fault.Usage, helpHint(cmd), "%s: invalid %s %q", name, err.GetFlag().Value.Type(), err.GetValue())
}
