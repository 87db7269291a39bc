package approval

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/approval"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

type checkOptions struct {
	MR      input.MergeRequest
	Project input.Project // for a bare number in MR, which has a pointer to it
}

func newCheckCmd(a *app.App, run command.Run[checkOptions]) *cobra.Command {
	var o checkOptions
	o.MR = input.MergeRequestIn(&o.Project)
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Check whether a merge request is approved",
		Long: `Check whether a merge request needs an approval under the authentication rule and has one. If it has none, list who can
approve it. In the pipeline of a merge request no flags are needed.

Only approvals after the last push count. If that is unknown, or the token cannot see the members of a team, the check
fails: it never guesses. In the pipeline of a merge request the rule comes from the protected default branch.

Exit code 5 means not approved.`,
		Example: `  # One merge request
  prodctl approval check --mr 'acme/oauth2-proxy-cookbook!1'

  # For a script
  prodctl approval check --mr 1 --project acme/oauth2-proxy-cookbook -o json`,
	}
	f := cmd.Flags()
	f.Var(&o.MR, "mr", "merge request: 12, group/project!12 or its URL (CI_MERGE_REQUEST_IID)")
	f.Var(&o.Project, "project", "full path or URL of the `project`, if --mr is a number (CI_MERGE_REQUEST_PROJECT_PATH, CI_PROJECT_PATH)")
	return command.Governed(a, command.Define(a, cmd, &o, run), nil)
}

func runCheck(ctx context.Context, s *app.Session, o checkOptions) error {
	check := flow.Check{Read: s.Client, Rule: s.Config.Approvals, Project: o.MR.Project, IID: o.MR.IID}
	if len(check.Rule.Repositories) == 0 {
		return fault.New(fault.Usage, rulePlace(s.Config), "no repositories listed in approvals.repositories")
	}
	progress := s.Progress("Reading the merge request")
	doc, err := check.Document(ctx)
	progress.Stop()
	if err != nil {
		return err
	}
	doc.Rules = jsonv1.Rules(s.Config.Provenance())
	if err := s.View.Approval(doc); err != nil {
		return err
	}
	if !doc.Pass {
		return &fault.Error{Kind: fault.Refused} // the result lists who can approve
	}
	return nil
}
