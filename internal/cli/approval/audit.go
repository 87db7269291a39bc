package approval

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/fault"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/approval"
)

type auditOptions struct {
	ExitCode bool
}

func newAuditCmd(a *app.App, run command.Run[auditOptions]) *cobra.Command {
	var o auditOptions
	cmd := &cobra.Command{
		Use:   "audit",
		Short: "Audit whether repositories enforce approvals",
		Long: `Check whether the settings of each repository in approvals.repositories enforce the approval rule, and list each gap
with a fix. Reading the settings requires the Maintainer role.

GitLab's rules do not know teams: only prodctl approval check rejects a staff developer from the author's own team.

Exit code 8, only with --exit-code, means findings.`,
		Example: `  # All listed repositories
  prodctl approval audit

  # As Markdown
  prodctl approval audit -o md`,
	}
	cmd.Flags().BoolVar(&o.ExitCode, "exit-code", false, "exit with 8 if there are findings")
	return command.DefineOffline(a, cmd, &o, run)
}

func runAudit(ctx context.Context, s *app.Session, o auditOptions) error {
	audit := flow.Audit{Rule: s.Config.Approvals}
	if len(audit.Rule.Repositories) > 0 { // without repositories there is nothing to read
		if err := s.Connect(ctx); err != nil {
			return err
		}
		audit.Read = s.Client
	}
	progress := s.Progress("Reading repository settings")
	doc, err := audit.Document(ctx)
	progress.Stop()
	if err != nil {
		return err
	}
	if len(doc.Repositories) == 0 {
		doc.Notes = append(doc.Notes, rulePlace(s.Config))
	}
	if err := s.View.ApprovalAudit(doc); err != nil {
		return err
	}
	if o.ExitCode && !doc.OK {
		return fault.New(fault.Pending, "", "not all repositories enforce the approval rule")
	}
	return nil
}
