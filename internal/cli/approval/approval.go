// Package approval is `prodctl approval`: may a merge request that changes authentication be merged, and do the repositories enforce it.
//
// One file a verb: its flags, its help, and a run function that calls one workflow and one view.
package approval

import (
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/config"
)

// New is the command with all its verbs.
func New(a *app.App) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "approval",
		Aliases: []string{"approvals"},
		Short:   "Approval of changes of authentication",
		Long: `Who may sign in, and how, is changed with four eyes of the right people: in the repositories that
approvals.repositories of the configuration lists, a merge request is approved by a member of an approving team
(production, security), or by a staff developer of another team than its author's. The author's own approval never
counts.

Check looks at one merge request, and fits a pipeline; audit looks whether the repositories' settings enforce the
rule.`,
		Example: `  prodctl approval check --mr 'acme/oauth2-proxy-cookbook!1'
  prodctl approval audit`,
	}
	cmd.AddCommand(newCheckCmd(a, runCheck), newAuditCmd(a, runAudit))
	return cmd
}

// rulePlace is where the rule is written.
func rulePlace(cfg config.Config) string {
	if cfg.File == "" {
		return "prodctl init writes a " + config.FileName + "; the rule stands below approvals"
	}
	return "write the repositories and teams below approvals in " + cfg.File
}
