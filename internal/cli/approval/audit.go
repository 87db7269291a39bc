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
		Short: "Look whether the repositories enforce the approval",
		Long: `Audit looks whether the settings of each repository in approvals.repositories enforce the rule for changes of
authentication, and tells each way around it with what to do about it. A repository whose settings the token may not
read, for which it needs the role Maintainer, is told of as well.

GitLab's rules know no teams, so that a staff developer of the author's own team is told apart by prodctl approval
check alone.

Exit codes: 0 done, also with findings, 1 failed, 4 no right, 6 wrong usage, 7 GitLab out of reach, 8 there are
findings (with --exit-code), 130 interrupted.`,
		Example: `  prodctl approval audit
  prodctl approval audit -o md`,
	}
	cmd.Flags().BoolVar(&o.ExitCode, "exit-code", false, "exit 8 when there are findings")
	return command.DefineOffline(a, cmd, &o, run)
}

func runAudit(ctx context.Context, s *app.Session, o auditOptions) error {
	audit := flow.Audit{Rule: s.Config.Approvals}
	if len(audit.Rule.Repositories) > 0 { // without any no GitLab is needed
		if err := s.Connect(ctx); err != nil {
			return err
		}
		audit.Read = s.Client
	}
	progress := s.Progress("looking at the repositories")
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
		return fault.New(fault.Pending, "", "there are findings")
	}
	return nil
}
