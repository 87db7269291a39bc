package approval

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/approval"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/mergerequest"
)

// Reader reads a merge request, who approves of it, and who belongs to which group.
type Reader interface {
	GroupReader
	MergeRequest(ctx context.Context, project string, iid int64) (mergerequest.MergeRequest, error)
	ChangedPaths(ctx context.Context, project string, iid int64) ([]string, error)
	Approvals(ctx context.Context, project string, iid int64) ([]instance.User, error)
}

// Check is `approval check`: whether a merge request has the approval that the rule for changes of authentication wants (SPEC 8).
// What cannot be found out is never taken for an approval.
type Check struct {
	Read    Reader
	Rule    approval.Rule
	Project string // full path
	IID     int64
}

// Document looks and judges. Of a project that the rule does not list the merge request alone is read, so that one that is not there, or
// is in a project under its former path, does not pass.
func (a Check) Document(ctx context.Context) (jsonv1.Approval, error) {
	seen, err := a.read(ctx)
	if err != nil {
		return jsonv1.Approval{}, err
	}
	v, err := a.judge(ctx, seen)
	if err != nil {
		return jsonv1.Approval{}, err
	}
	doc := jsonv1.NewApproval(seen.request.String(), v.Needed, v.Pass, v.Reason)
	doc.Author, doc.By, doc.WebURL, doc.Eligible, doc.Notes = seen.request.Author, v.By, seen.request.WebURL, v.Eligible, seen.notes
	for _, u := range seen.approvers {
		doc.ApprovedBy = append(doc.ApprovedBy, u.Username)
	}
	slices.SortFunc(doc.ApprovedBy, func(x, y string) int { return strings.Compare(strings.ToLower(x), strings.ToLower(y)) })
	return doc, nil
}

// underReview is what was read of a merge request.
type underReview struct {
	request   mergerequest.MergeRequest
	paths     []string // none: not known, or not asked for
	approvers []instance.User
	notes     []string
}

// look reads the merge request, and of a listed project at the same time who approves of it, and its files where they matter. Of several
// errors that of the merge request is told, since the others follow from it.
func (a Check) read(ctx context.Context) (underReview, error) {
	var seen underReview
	var requestErr, approvalsErr, pathsErr error
	var g errgroup.Group
	g.Go(func() error { seen.request, requestErr = a.Read.MergeRequest(ctx, a.Project, a.IID); return nil })
	n := slices.IndexFunc(a.Rule.Repositories, func(r approval.Repository) bool { return strings.EqualFold(r.Project, a.Project) })
	if n >= 0 {
		g.Go(func() error { seen.approvers, approvalsErr = a.Read.Approvals(ctx, a.Project, a.IID); return nil })
	}
	if n >= 0 && someFiles(a.Rule.Repositories[n]) {
		g.Go(func() error { seen.paths, pathsErr = a.Read.ChangedPaths(ctx, a.Project, a.IID); return nil })
	}
	if err := g.Wait(); err != nil {
		return seen, err
	}
	if pathsErr != nil && fault.KindOf(pathsErr) == fault.Failed {
		seen.notes = append(seen.notes, fmt.Sprintf("taken as changing every file, since which ones is not known: %v", pathsErr))
		seen.paths, pathsErr = nil, nil
	}
	if errors.Is(approvalsErr, fault.NotOffered) {
		approvalsErr = fault.Wrap(fault.Failed, approvalsErr,
			"GitLab's Enterprise Edition has them, also without a licence; here somebody has to look at each merge request",
			"this GitLab has no approvals of merge requests")
	}
	if s := seen.request.State; s != "" && s != "opened" {
		seen.notes = append(seen.notes, "it is "+s+" already")
	}
	return seen, cmp.Or(requestErr, approvalsErr, pathsErr)
}

// someFiles reports whether the rule is about some of a repository's files only.
func someFiles(r approval.Repository) bool {
	return len(r.Paths) > 0 && !slices.Contains(r.Paths, "**")
}

// judge asks for as many people's groups as the verdict needs: for none where the names alone are enough, then for whether an approver is
// of an approving team, and for what staff is judged by only where that is not enough.
func (a Check) judge(ctx context.Context, seen underReview) (approval.Verdict, error) {
	author := instance.User{ID: seen.request.AuthorID, Username: seen.request.Author}
	others := slices.DeleteFunc(slices.Clone(seen.approvers), func(u instance.User) bool {
		return strings.EqualFold(u.Username, author.Username)
	})
	members := memberships{read: a.Read}
	judge := func(r approval.Rule) approval.Verdict {
		c := approval.Change{Project: a.Project, Author: members.person(author), Paths: seen.paths}
		return approval.Judge(r, c, members.people(seen.approvers))
	}
	teams := a.Rule
	teams.Staff = approval.People{} // nobody's teams are known yet, by which staff is judged
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
	// A group of an approving team that cannot be read does no harm here: who shares that team with the author is a member of it, which is
	// enough.
	return v, members.checkHidden(v.Pass, other)
}
