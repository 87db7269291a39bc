// Package approval implements `prodctl approval`: whether a merge request that changes authentication is approved, and whether the
// repositories enforce that.
//
// There is one file per verb, with its flags, its help and a run function that calls one workflow and one view. Start with [New].
// The rule itself is not here but in pkg/approval; approvals of changes to production are in internal/cli/change.
package approval

import (
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/config"
)

// New returns the command with all its verbs.
func New(a *app.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "approval",
		Aliases: []string{"approvals"},
		Short:   "Check approvals of authentication changes",
		Long: `Changes to authentication need a second pair of eyes. In the repositories listed under approvals.repositories, a merge
request must be approved by a member of an approving team (production, security) or by a staff developer from another
team than the author's. The author's own approval never counts.

Check one merge request, for example in its pipeline, or audit whether the settings of the repositories enforce the rule.`,
		Example: `  # One merge request
  prodctl approval check --mr 'acme/oauth2-proxy-cookbook!1'

  # The settings of all listed repositories
  prodctl approval audit`,
	}
	cmd.AddCommand(newCheckCmd(a, runCheck), newAuditCmd(a, runAudit))
	return cmd
}

// rulePlace is a hint on where to define the rule.
func rulePlace(cfg config.Config) string {
	if cfg.File == "" {
		return `Define the rule under "approvals" in ` + config.FileName + " (to create it: prodctl init)"
	}
	return `Define the rule under "approvals" in ` + cfg.File
}
