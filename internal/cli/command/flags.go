package command

import (
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/runner"
)

// AddKeyFlags are those of commands that make something.
func AddKeyFlags(cmd *cobra.Command, o *runner.KeyFlags) {
	cmd.Flags().StringVar(&o.Key, "key", "", "`name` by which a repeated run finds what it made")
	cmd.Flags().BoolVar(&o.New, "new", false, "make another one, even if the same words made one before")
	cmd.MarkFlagsMutuallyExclusive("key", "new")
}

// AddConfidentialFlag gives a command --include-confidential.
func AddConfidentialFlag(cmd *cobra.Command) {
	cmd.Flags().Bool(app.IncludeConfidential, false, "also outside a terminal, tell what confidential issues are about")
}
