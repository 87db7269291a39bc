package approval

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/approval"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/mergerequest"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// Reader reads a merge request, its approvals and the members of groups.
type Reader interface {
	GroupReader
	MergeRequest(ctx context.Context, project string, iid int64) (mergerequest.MergeRequest, error)
	ChangedPaths(ctx context.Context, project string, iid int64) ([]string, error)
	Approvals(ctx context.Context, project string, iid int64) ([]mergerequest.Approval, error)
	// LastPush returns when the merge request was last pushed to.
	LastPush(ctx context.Context, project string, iid int64) (time.Time, error)
	// ApprovalTimes returns when people approved, by their ids.
	ApprovalTimes(ctx context.Context, project string, iid int64) (map[int64]time.Time, error)
	ApprovalSettings(ctx context.Context, project string) (mergerequest.Settings, error)
}

// Check implements `approval check`: whether a merge request has the approval that the rule requires.
// It fails rather than take unknown data for an approval.
type Check struct {
	Read    Reader
	Rule    approval.Rule
	Project string // full path
	IID     int64
}

// Document reads and judges the merge request. For a project that the rule does not list only the merge request is read, so a check of one
// that does not exist, or whose project was renamed, does not pass.
func (a Check) Document(ctx context.Context) (jsonv1.Approval, error) {
	mr, err := a.read(ctx)
	if err != nil {
		return jsonv1.Approval{}, err
	}
	v, err := a.judgeFresh(ctx, &mr)
	if err != nil {
		return jsonv1.Approval{}, err
	}
	doc := jsonv1.NewApproval(mr.request.String(), v.Needed, v.Pass, v.Reason)
	doc.Author, doc.By, doc.WebURL, doc.Eligible, doc.Notes = mr.request.Author, v.By, mr.request.WebURL, v.Eligible, mr.notes
	for _, approval := range mr.approvals {
		doc.ApprovedBy = append(doc.ApprovedBy, approval.By.Username)
	}
	stable.Sort(doc.ApprovedBy, func(x, y string) int { return strings.Compare(strings.ToLower(x), strings.ToLower(y)) })
	return doc, nil
}

// underReview is a merge request with its files and approvals.
type underReview struct {
	request   mergerequest.MergeRequest
	paths     []string // none: unknown, or not needed
	approvals []mergerequest.Approval
	lastPush  time.Time // zero: unknown
	pushErr   error     // why it is unknown
	approvers []instance.User
	notes     []string
}

// read reads the merge request and, concurrently for a listed project, its approvals and its files if they matter. Of several errors it
// returns that of the merge request, since the others follow from it.
func (a Check) read(ctx context.Context) (underReview, error) {
	var mr underReview
	var requestErr, approvalsErr, pathsErr error
	var g errgroup.Group
	g.Go(func() error { mr.request, requestErr = a.Read.MergeRequest(ctx, a.Project, a.IID); return nil })
	n := slices.IndexFunc(a.Rule.Repositories, func(r approval.Repository) bool { return strings.EqualFold(r.Project, a.Project) })
	if n >= 0 {
		g.Go(func() error { mr.approvals, approvalsErr = a.Read.Approvals(ctx, a.Project, a.IID); return nil })
		g.Go(func() error { mr.lastPush, mr.pushErr = a.Read.LastPush(ctx, a.Project, a.IID); return nil })
	}
	if n >= 0 && someFiles(a.Rule.Repositories[n]) {
		g.Go(func() error { mr.paths, pathsErr = a.Read.ChangedPaths(ctx, a.Project, a.IID); return nil })
	}
	if err := g.Wait(); err != nil {
		return mr, err
	}
	if pathsErr != nil && fault.KindOf(pathsErr) == fault.Failed {
		mr.notes = append(mr.notes, fmt.Sprintf("Changed files unknown, treated as all files: %v", pathsErr))
		mr.paths, pathsErr = nil, nil
	}
	if errors.Is(approvalsErr, fault.NotOffered) {
		approvalsErr = fault.Wrap(fault.Failed, approvalsErr,
			"Update GitLab, or review each merge request by hand",
			"this GitLab has no merge request approvals")
	}
	if s := mr.request.State; s != "" && s != "opened" {
		mr.notes = append(mr.notes, "The merge request is already "+s)
	}
	return mr, cmp.Or(requestErr, approvalsErr, pathsErr)
}

// someFiles reports whether the rule covers only some files of a repository.
func someFiles(r approval.Repository) bool {
	return len(r.Paths) > 0 && !slices.Contains(r.Paths, "**")
}

// judge reads only the group memberships that the verdict needs: none if the names are enough, then those of the approving teams, and those
// of staff and the other teams only if that is not enough.
func (a Check) judge(ctx context.Context, mr underReview) (approval.Verdict, error) {
	author := instance.User{ID: mr.request.AuthorID, Username: mr.request.Author}
	others := slices.DeleteFunc(slices.Clone(mr.approvers), func(u instance.User) bool {
		return strings.EqualFold(u.Username, author.Username)
	})
	members := memberships{read: a.Read}
	judge := func(r approval.Rule) approval.Verdict {
		c := approval.Change{Project: a.Project, Author: members.person(author), Paths: mr.paths}
		return approval.Judge(r, c, members.people(mr.approvers))
	}
	teams := a.Rule
	teams.Staff = approval.People{} // staff can be judged only once everybody's teams are known
	approving, other := teamGroups(a.Rule)
	switch v := judge(teams); {
	case v.Pass:
		return v, nil
	case len(others) == 0:
		return judge(a.Rule), nil
	}
	if err := members.load(ctx, everyOf(others, approving)); err != nil {
		return approval.Verdict{}, err
	}
	if v := judge(teams); v.Pass || len(a.Rule.Staff.Users)+len(a.Rule.Staff.Groups) == 0 {
		return v, members.checkHidden(v.Pass, nil)
	}
	rest := everyOf(others, slices.Concat(other, a.Rule.Staff.Groups))
	if err := members.load(ctx, append(rest, everyOf([]instance.User{author}, slices.Concat(approving, other))...)); err != nil {
		return approval.Verdict{}, err
	}
	v := judge(a.Rule)
	// A hidden group of an approving team does no harm here: somebody who shares that team with the author is a member of it, and that is
	// enough.
	return v, members.checkHidden(v.Pass, other)
}
