package approval

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/approval"
)

type checkOptions struct {
	MR      input.MergeRequest
	Project input.Project // of a bare number; MR knows of it
}

func newCheckCmd(a *app.App, run command.Run[checkOptions]) *cobra.Command {
	var o checkOptions
	o.MR = input.MergeRequestIn(&o.Project)
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Tell whether a merge request has the approval it needs",
		Long: `Check tells whether a merge request needs an approval by the rule for changes of authentication, and whether it has
one: whose it is, or who could give it. None is needed in repositories that the rule does not list, and where no file
is changed that it is about.

In a GitLab CI job for a merge request it is about that one. What cannot be found out is never taken for an approval:
a team whose members the token may not see is an error, unless another approval is enough. Let the configuration be
one that the author of the merge request cannot change, since it is what says who approves.

Exit codes: 0 approved or not needed, 1 failed, or this GitLab has no approvals, 4 no right, 5 not approved, with who
could, 6 wrong usage or no rule, 7 GitLab out of reach, 130 interrupted.`,
		Example: `  prodctl approval check --mr 'acme/oauth2-proxy-cookbook!1'
  prodctl approval check --mr 1 --project acme/oauth2-proxy-cookbook -o json`,
	}
	f := cmd.Flags()
	f.Var(&o.MR, "mr", "the `merge request`: 12, group/project!12 or its address (CI_MERGE_REQUEST_IID)")
	f.Var(&o.Project, "project", "`project` of a bare number, by its full path (CI_MERGE_REQUEST_PROJECT_PATH, CI_PROJECT_PATH)")
	return command.Define(a, cmd, &o, run)
}

func runCheck(ctx context.Context, s *app.Session, o checkOptions) error {
	check := flow.Check{Read: s.Client, Rule: s.Config.Approvals, Project: o.MR.Project, IID: o.MR.IID}
	if len(check.Rule.Repositories) == 0 {
		return fault.New(fault.Usage, rulePlace(s.Config), "approvals.repositories lists no project, so that there is no rule to go by")
	}
	progress := s.Progress("looking at the merge request")
	doc, err := check.Document(ctx)
	progress.Stop()
	if err != nil {
		return err
	}
	if err := s.View.Approval(doc); err != nil {
		return err
	}
	if !doc.Pass {
		return &fault.Error{Kind: fault.Refused} // who could approve is in the result; there is nothing to add
	}
	return nil
}
