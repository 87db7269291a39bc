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

// AddLimitFlag adds --limit to a command that prints a list. which is what it leaves in the list: "first `n` incidents". The view cuts the
// list; a command that can save requests asks [app.App.Limit].
func AddLimitFlag(cmd *cobra.Command, which string) {
	n := input.Optional(1)
	cmd.Flags().VarP(&n, app.LimitFlag, "L", "show only the "+which)
}

// AddConfidentialFlag adds --include-confidential.
func AddConfidentialFlag(cmd *cobra.Command) {
	cmd.Flags().Bool(app.IncludeConfidential, false, "show confidential issues in full outside a terminal, and internal comments")
}
