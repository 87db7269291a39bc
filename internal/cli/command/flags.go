package command

import (
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/runner"
)

// AddKeyFlags adds the flags of a command that creates something.
func AddKeyFlags(cmd *cobra.Command, o *runner.KeyFlags) {
	cmd.Flags().StringVar(&o.Key, "key", "", "idempotency key: a `name` by which a retry finds what was created")
	cmd.Flags().Var((*input.DayOf)(&o.Since), "key-since", "`date` from which the key exists, for a retry without GitLab's search")
	cmd.Flags().BoolVar(&o.New, "new", false, "create another one, even if the same arguments created one before")
	cmd.MarkFlagsMutuallyExclusive("key", "new")
}

// AddConfidentialFlag adds --include-confidential.
func AddConfidentialFlag(cmd *cobra.Command) {
	cmd.Flags().Bool(app.IncludeConfidential, false, "show confidential issues in full outside a terminal, and internal comments")
}
