// Package config is `prodctl config`: show, change, validate, locate and trust the configuration, and print its schema. Start with [New].
//
// It has one file per verb, with its flags, its help and a run function. Loading and checking the configuration is not here but in
// internal/config.
package config

import (
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
)

// New builds the command with all its verbs; page is its help, which is also the help topic "config".
func New(a *app.App, page string) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Show, change, check and trust the configuration",
		Long:  page,
		Example: `  # Every setting, and where it comes from
  prodctl config show

  # Check the file
  prodctl config validate

  # Change one key, and keep comments and order
  prodctl config set incidents.services web,api

  # Trust the file of a repository that was just cloned
  prodctl config trust`,
	}
	cmd.AddCommand(
		newShowCmd(a, runShow),
		newValidateCmd(a, runValidate),
		newSchemaCmd(a, runSchema),
		newPathCmd(a, runPath),
		newTrustCmd(a, runTrust),
		newGetCmd(a, runGet),
		newSetCmd(a, runSet),
		newEditCmd(a, runEdit),
		newMigrateCmd(a, runMigrate),
	)
	return cmd
}
