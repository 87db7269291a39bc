package approval

import (
	"context"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/approval"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/mergerequest"
)

// judgeFresh judges the approvals that were given after the last push: an earlier one is for something else. If that is unknown of an
// approval on which the verdict depends, it fails, unless the project removes approvals when commits are added.
func (a Check) judgeFresh(ctx context.Context, mr *underReview) (approval.Verdict, error) {
	var fresh, unknown []instance.User
	if err := a.times(ctx, mr); err != nil {
		return approval.Verdict{}, err
	}
	for _, given := range mr.approvals {
		switch {
		case mr.lastPush.IsZero() || given.At.IsZero():
			unknown = append(unknown, given.By)
		case given.At.After(mr.lastPush):
			fresh = append(fresh, given.By)
		default:
			by := account.Name(given.By.Username)
			mr.notes = append(mr.notes, "The approval by "+by+" is from before the last push, so it does not count")
		}
	}
	mr.approvers = fresh
	v, err := a.judge(ctx, *mr)
	if err != nil || v.Pass || len(unknown) == 0 {
		return v, err
	}
	mr.approvers = slices.Concat(fresh, unknown)
	with, err := a.judge(ctx, *mr)
	if err != nil || !with.Pass {
		return with, err
	}
	return a.judgeUnknown(ctx, mr, with, unknown)
}

// times reads the times of approvals that GitLab did not report with them. Without the last push they do not matter.
func (a Check) times(ctx context.Context, mr *underReview) error {
	missing := slices.ContainsFunc(mr.approvals, func(given mergerequest.Approval) bool { return given.At.IsZero() })
	if !missing || mr.lastPush.IsZero() {
		return nil
	}
	noted, err := a.Read.ApprovalTimes(ctx, a.Project, a.IID)
	if fault.KindOf(err) == fault.Interrupted {
		return err
	}
	for n := range mr.approvals {
		if given := &mr.approvals[n]; given.At.IsZero() {
			given.At = noted[given.By.ID]
		}
	}
	return nil
}

// judgeUnknown returns the verdict that counts approvals whose time is unknown, if the project removes approvals on a push.
func (a Check) judgeUnknown(ctx context.Context, mr *underReview, v approval.Verdict, unknown []instance.User) (approval.Verdict, error) {
	settings, err := a.Read.ApprovalSettings(ctx, a.Project)
	if err == nil && settings.ResetOnPush {
		return v, nil
	}
	var names []string
	for _, u := range unknown {
		names = append(names, account.Name(u.Username))
	}
	if err = mr.pushErr; fault.KindOf(err) == fault.Interrupted {
		return approval.Verdict{}, err
	}
	const hint = "Approve it again, or let GitLab remove all approvals when commits are added to the source branch"
	return approval.Verdict{}, fault.Wrap(fault.Unreachable, err, hint,
		"cannot tell if the approval by %s was given after the last push to %s", strings.Join(names, " and "), mr.request)
}
