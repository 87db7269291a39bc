package command

import (
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
)

// Governed makes the rules of a command that holds back a pipeline come from a place that the pipeline cannot have changed, see
// [app.App.Govern]. failed handles the error if they are unknown; it may be nil.
func Governed(a *app.App, cmd *cobra.Command, failed func(error) error) *cobra.Command {
	run := cmd.RunE
	cmd.RunE = func(cmd *cobra.Command, given []string) error {
		switch err := a.Govern(cmd.Context()); {
		case err != nil && failed != nil:
			return failed(err)
		case err != nil:
			return err
		}
		return run(cmd, given)
	}
	return cmd
}
