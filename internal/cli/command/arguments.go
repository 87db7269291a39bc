// Package command is what the commands of all nouns share as cobra commands: flags, output formats, argument counts and completion.
//
// It knows no noun and runs nothing.
package command

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// Usage marks an error of the command line and points at the command's help.
func Usage(cmd *cobra.Command, err error) error {
	return fault.Wrap(fault.Usage, err, cmd.CommandPath()+" --help", "")
}

// RequireSubcommand makes nouns without a verb show their help, and a wrong verb an error with a suggestion.
func RequireSubcommand(cmd *cobra.Command) {
	for _, sub := range cmd.Commands() {
		RequireSubcommand(sub)
	}
	if args := cmd.Args; args != nil {
		cmd.Args = func(cmd *cobra.Command, given []string) error {
			if err := args(cmd, given); err != nil {
				return Usage(cmd, unknown(cmd, given, err))
			}
			return nil
		}
	}
	if cmd.HasSubCommands() && cmd.RunE == nil && cmd.Run == nil {
		cmd.RunE = func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return Usage(cmd, unknown(cmd, args, fmt.Errorf("unknown command %q", args[0])))
			}
			return cmd.Help()
		}
	}
}

// unknown adds what may have been meant to an unknown command.
func unknown(cmd *cobra.Command, args []string, err error) error {
	if !cmd.HasSubCommands() || len(args) == 0 {
		return err
	}
	message := fmt.Sprintf("unknown command %q for %q", args[0], cmd.CommandPath())
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		message += "; did you mean " + strings.Join(near, " or ") + "?"
	}
	return errors.New(message)
}
