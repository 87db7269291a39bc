package approval

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/fault"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/approval"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

type checkOptions struct {
	MR      string
	Project string
}

func newCheckCmd(env *app.App, run func(context.Context, *app.App, checkOptions) error) *cobra.Command {
	var o checkOptions
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Tell whether a merge request has the approval it needs",
		Long: `Check tells whether a merge request needs an approval by the rule for changes of authentication, and whether it has one: whose it is, or
who could give it. None is needed in repositories that the rule does not list, and where no file is changed that it is about.

In a GitLab CI job for a merge request it is about that one. What cannot be found out is never taken for an approval: a team whose members the token
may not see is an error, unless another approval is enough. Let the configuration be one that the author of the merge request cannot
change, since it is what says who approves.

Exit codes: 0 approved or not needed, 1 failed, or this GitLab has no approvals, 4 no right, 5 not approved, with who could, 6 wrong usage or
no rule, 7 GitLab out of reach, 130 interrupted.`,
		Example: `  prodctl approval check --mr 'acme/oauth2-proxy-cookbook!1'
  prodctl approval check --mr 1 --project acme/oauth2-proxy-cookbook -o json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), env, o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.MR, "mr", "", "the `merge request`: 12, group/project!12 or its address (CI_MERGE_REQUEST_IID)")
	f.StringVar(&o.Project, "project", "", "`project` of a bare number, by its full path (CI_MERGE_REQUEST_PROJECT_PATH, CI_PROJECT_PATH)")
	return cmd
}

func runCheck(ctx context.Context, env *app.App, o checkOptions) error {
	return env.Bounded(ctx, func(ctx context.Context) error {
		cfg, err := env.Config()
		if err != nil {
			return err
		}
		if len(cfg.Approvals.Repositories) == 0 {
			return fault.New(fault.Usage, rulePlace(cfg), "approvals.repositories lists no project, so that there is no rule to go by")
		}
		check := flow.Check{Rule: cfg.Approvals}
		if check.Project, check.IID, err = mergeRequest(env, cfg, o); err != nil {
			return err
		}
		client, err := env.Client(ctx)
		if err != nil {
			return err
		}
		check.Read = client
		progress := env.Progress("looking at the merge request")
		doc, err := check.Document(ctx)
		progress.Stop()
		if err != nil {
			return err
		}
		if err := env.View.Approval(doc); err != nil {
			return err
		}
		if !doc.Pass {
			return &fault.Error{Kind: fault.Refused} // who could approve is in the result; there is nothing to add
		}
		return nil
	})
}

// rulePlace is where the rule is written.
func rulePlace(cfg config.Config) string {
	if cfg.File == "" {
		return "prodctl init writes a " + config.FileName + "; the rule stands below approvals"
	}
	return "write the repositories and teams below approvals in " + cfg.File
}

const mergeRequestForms = "write --mr 12 --project group/project, --mr group/project!12 or the merge request's address"

var (
	mergeRequestRef  = regexp.MustCompile(`^(?:([^!\s]*)!)?(\d+)$`)
	mergeRequestPath = regexp.MustCompile(`^/(.+?)(?:/-)?/merge_requests/(\d+)(?:[/?#].*)?$`)
)

// mergeRequest reads which one is meant. In a pipeline of a fork it is in the project that it is to be merged into.
func mergeRequest(e *app.App, cfg config.Config, o checkOptions) (project string, iid int64, err error) {
	typed := strings.TrimSpace(cmp.Or(o.MR, e.Getenv("CI_MERGE_REQUEST_IID")))
	if typed == "" {
		return "", 0, fault.New(fault.Usage, mergeRequestForms, "which merge request? none is named, and this is no job of one's pipeline")
	}
	project, number, err := mergeRequestWords(cfg, typed)
	if err != nil {
		return "", 0, err
	}
	switch {
	case project == "":
		project = cmp.Or(o.Project, e.Getenv("CI_MERGE_REQUEST_PROJECT_PATH"), e.Getenv("CI_PROJECT_PATH"))
	case o.Project != "" && !strings.EqualFold(strings.Trim(o.Project, "/ "), project):
		return "", 0, fault.New(fault.Usage, "leave out --project", "--mr is of %s and --project says %s", project, o.Project)
	}
	if project == "" {
		return "", 0, fault.New(fault.Usage, mergeRequestForms, "of which project is !%s?", number)
	}
	in, err := target.ParsePath(target.Project, project)
	if err != nil {
		return "", 0, fault.Wrap(fault.Usage, err, mergeRequestForms, "")
	}
	iid, err = strconv.ParseInt(number, 10, 64)
	if err != nil || iid == 0 {
		return "", 0, fault.New(fault.Usage, mergeRequestForms, "%s is no number that GitLab gives out", number)
	}
	return in.Path, iid, nil
}

// mergeRequestWords are the project, empty for a bare number, and the number.
func mergeRequestWords(cfg config.Config, typed string) (project, number string, err error) {
	if scheme, _, is := strings.Cut(typed, "://"); is && (scheme == "https" || scheme == "http") {
		if err := cfg.RequireHost(); err != nil {
			return "", "", err
		}
		host := cfg.Host
		if len(typed) < len(host) || !strings.EqualFold(typed[:len(host)], host) {
			return "", "", fault.New(fault.Usage, "name the GitLab with --host", "%q is no address at %s", typed, host)
		}
		if m := mergeRequestPath.FindStringSubmatch(typed[len(host):]); m != nil {
			return m[1], m[2], nil
		}
	} else if m := mergeRequestRef.FindStringSubmatch(typed); m != nil {
		return m[1], m[2], nil
	}
	return "", "", fault.Wrap(fault.Usage, fmt.Errorf("%q names no merge request", typed), mergeRequestForms, "")
}
