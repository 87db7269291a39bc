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

// writesKey is the annotation of a command that writes to GitLab.
const writesKey = "prodctl.writes"

// Writes marks a command that plans and applies writes: --dry-run, --yes and --plan-file are for such ones alone.
func Writes(cmd *cobra.Command) *cobra.Command {
	annotate(cmd, writesKey, "true")
	return cmd
}

func annotate(cmd *cobra.Command, key, value string) {
	if cmd.Annotations == nil {
		cmd.Annotations = map[string]string{}
	}
	cmd.Annotations[key] = value
}
