// Package config is `prodctl config`: show, validate and locate the configuration, and print its schema.
//
// One file a verb: its flags, its help, and a run function that calls one workflow and one view.
package config

import (
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
)

// New is the command with all its verbs.
func New(a *app.App, page string) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config",
		Short: "The configuration: what it is and where it comes from",
		Long:  page,
		Example: `  prodctl config show
  prodctl config validate`,
	}
	cmd.AddCommand(
		newShowCmd(a, runShow),
		newValidateCmd(a, runValidate),
		newSchemaCmd(a, runSchema),
		newPathCmd(a, runPath),
	)
	return cmd
}
