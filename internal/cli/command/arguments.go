package command

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/suggest"
)

// Arg is an argument: its name in the usage line, and its value.
type Arg struct {
	Name     string
	Value    pflag.Value
	Optional bool
	Unless   string // the flag that takes its place
	Rest     bool   // takes all remaining words, joined by blanks, such as a title without quotes
	Many     bool   // takes all remaining words, each as one more value of a list

	dialog *Dialog
}

// setArgs parses the arguments, whose number was checked.
func setArgs(cmd *cobra.Command, args []Arg, given []string) error {
	for n, arg := range args {
		if n >= len(given) {
			return nil
		}
		word := given[n]
		if arg.Rest {
			word = strings.Join(given[n:], " ")
		}
		if arg.Many {
			return setEach(cmd, args, arg, given[n:])
		}
		if strings.TrimSpace(word) == "" && !arg.Rest && !arg.Optional { // an unset variable
			return fault.New(fault.Usage, helpHint(cmd), "<%s> is empty", arg.Name)
		}
		if err := arg.Value.Set(word); err != nil {
			return named(cmd, args, "<"+arg.Name+">", err)
		}
	}
	return nil
}

// setEach sets a list once for each word.
func setEach(cmd *cobra.Command, args []Arg, arg Arg, words []string) error {
	for _, word := range words {
		if strings.TrimSpace(word) == "" {
			return fault.New(fault.Usage, helpHint(cmd), "<%s> is empty", arg.Name)
		}
		if err := arg.Value.Set(word); err != nil {
			return named(cmd, args, "<"+arg.Name+">", err)
		}
	}
	return nil
}

// countArgs checks the number of arguments and names the one that is missing or unexpected.
func countArgs(cmd *cobra.Command, args []Arg, given []string) error {
	hint := helpHint(cmd)
	for n, arg := range args {
		if n >= len(given) && !arg.Optional && !(arg.Unless != "" && cmd.Flags().Changed(arg.Unless)) {
			return fault.New(fault.Usage, hint, "missing argument <%s>", arg.Name)
		}
	}
	if len(given) > len(args) && (len(args) == 0 || !args[len(args)-1].Rest && !args[len(args)-1].Many) {
		if cmd.HasSubCommands() && len(args) == 0 {
			return Usage(cmd, unknownCommand(cmd, given[0]))
		}
		return fault.New(fault.Usage, hint, "unexpected argument %q", given[len(args)])
	}
	return nil
}

// helpHint is the hint to the help of a command.
func helpHint(cmd *cobra.Command) string { return "For help, run: " + cmd.CommandPath() + " --help" }

// Usage is an error of the command line, with a hint to the command's help.
func Usage(cmd *cobra.Command, err error) error {
	return fault.Wrap(fault.Usage, err, helpHint(cmd), "")
}

// RequireSubcommand makes a noun without a verb show its help, and an unknown verb an error with a suggestion.
func RequireSubcommand(cmd *cobra.Command) {
	for _, sub := range cmd.Commands() {
		RequireSubcommand(sub)
	}
	if args := cmd.Args; args != nil {
		cmd.Args = func(cmd *cobra.Command, given []string) error {
			err := args(cmd, given)
			switch {
			case err == nil:
				return nil
			case cmd.HasSubCommands() && len(given) > 0:
				err = unknownCommand(cmd, given[0])
			case fault.HintOf(err) != "":
				return err
			}
			return Usage(cmd, err)
		}
	}
	if cmd.HasSubCommands() && cmd.RunE == nil && cmd.Run == nil {
		cmd.RunE = func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return Usage(cmd, unknownCommand(cmd, args[0]))
			}
			return cmd.Help()
		}
	}
}

// unknownCommand suggests the closest command.
func unknownCommand(cmd *cobra.Command, word string) error {
	message := fmt.Sprintf("unknown command %q for %q", word, cmd.CommandPath())
	if near := cmd.SuggestionsFor(word); len(near) > 0 {
		message += "; did you mean " + strings.Join(near, " or ") + "?"
	}
	return errors.New(message)
}

// unknownFlag suggests the closest flag.
func unknownFlag(cmd *cobra.Command, err *pflag.NotExistError) error {
	name := err.GetSpecifiedName()
	if err.GetSpecifiedShortnames() != "" {
		return fmt.Errorf("unknown flag -%s", name)
	}
	var known []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			known = append(known, f.Name)
		}
	})
	if near := suggest.Nearest(name, known); near != "" {
		return fmt.Errorf("unknown flag --%s; did you mean --%s?", name, near)
	}
	return fmt.Errorf("unknown flag --%s", name)
}
