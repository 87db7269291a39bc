package gitlab

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	client "gitlab.com/gitlab-org/api/client-go/v2"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/mergerequest"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// MergeRequest is one merge request of a project.
func (c *Client) MergeRequest(ctx context.Context, project string, iid int64) (mergerequest.MergeRequest, error) {
	return read(ctx, c, mergeRequestPath(project, iid), nil, func(w wireMergeRequest) mergerequest.MergeRequest { return w.in(project) })
}

// NewestMergeRequests are up to a page of the open merge requests of a project, the newest first.
func (c *Client) NewestMergeRequests(ctx context.Context, project string) ([]mergerequest.MergeRequest, error) {
	opt := &client.ListProjectMergeRequestsOptions{State: new("opened"), OrderBy: new("created_at"), Sort: new("desc")}
	for rows, err := range pages[wireMergeRequest](ctx, c, apiPath(target.ProjectAt(project), "merge_requests"), opt) {
		var list []mergerequest.MergeRequest
		for _, w := range rows {
			list = append(list, w.in(project))
		}
		return list, err
	}
	return nil, nil
}

type wireMergeRequest struct {
	ID         int64      `json:"id"`
	IID        int64      `json:"iid"`
	ProjectID  int64      `json:"project_id"`
	Title      string     `json:"title"`
	State      string     `json:"state"`
	Draft      bool       `json:"draft"`
	WIP        bool       `json:"work_in_progress"` // before GitLab 13.2
	Author     wireAuthor `json:"author"`
	WebURL     string     `json:"web_url"`
	MergedAt   time.Time  `json:"merged_at"`
	References struct {
		Full string `json:"full"`
	} `json:"references"`
}

func (w wireMergeRequest) in(project string) mergerequest.MergeRequest {
	return mergerequest.MergeRequest{
		Project: project, IID: w.IID, Title: w.Title, Author: w.Author.Username, AuthorID: w.Author.ID, State: w.State,
		Draft: w.Draft || w.WIP, WebURL: w.WebURL, MergedAt: w.MergedAt,
	}
}

func (w wireMergeRequest) identity() identity {
	if w.IID == 0 || w.Author.ID == 0 {
		return identity{}
	}
	return identity{id: w.ID, iid: w.IID, owner: projectOwner(w.ProjectID, w.References.Full, w.WebURL)}
}

// maxFiles is the number of changed files from which GitLab may silently leave some out of the list.
const maxFiles = 1000

type wireDiff struct {
	OldPath string `json:"old_path"`
	NewPath string `json:"new_path"`
}

func (w wireDiff) identity() identity { return identity{matches: w.NewPath != ""} }

// wireChanges is a merge request with its diffs, as servers before GitLab 15.7 send them.
type wireChanges struct {
	wireMergeRequest
	Changes  []wireDiff `json:"changes"`
	Overflow bool       `json:"overflow"`
}

func (w wireChanges) identity() identity {
	i := w.wireMergeRequest.identity()
	if w.Changes == nil {
		return identity{}
	}
	return identity{id: i.id, parent: i.iid, owner: i.owner}
}

// ChangedPaths are the files that a merge request changes, sorted; for a renamed file both names. More files than GitLab
// lists are an error, because a missing one could be the one that matters.
func (c *Client) ChangedPaths(ctx context.Context, project string, iid int64) ([]string, error) {
	all, err := list(ctx, c, mergeRequestPath(project, iid, "diffs"), nil, func(w wireDiff) wireDiff { return w })
	if e, ok := errors.AsType[*Error](err); ok && e.NoRoute() { // before GitLab 15.7
		var w wireChanges
		w, err = read(ctx, c, mergeRequestPath(project, iid, "changes"), nil, func(w wireChanges) wireChanges { return w })
		if all = w.Changes; w.Overflow {
			return nil, tooManyFiles(project, iid)
		}
	}
	switch {
	case err != nil:
		return nil, err
	case len(all) >= maxFiles:
		return nil, tooManyFiles(project, iid)
	}
	var paths []string
	for _, w := range all {
		paths = append(paths, w.OldPath, w.NewPath)
	}
	slices.Sort(paths)
	return slices.Compact(paths), nil
}

func tooManyFiles(project string, iid int64) error {
	return fault.New(fault.Failed, "Review its changes in GitLab",
		"merge request %s!%d changes more files than GitLab lists", project, iid)
}

// Approvals are the approvals that a merge request has at this moment. Their time is zero if GitLab does not report it. A GitLab without
// approvals, such as the Community Edition of 2019, is an error that matches [fault.NotOffered].
func (c *Client) Approvals(ctx context.Context, project string, iid int64) ([]mergerequest.Approval, error) {
	list, err := read(ctx, c, mergeRequestPath(project, iid, "approvals"), nil, func(w wireApprovals) (list []mergerequest.Approval) {
		for _, a := range w.ApprovedBy {
			list = append(list, mergerequest.Approval{By: a.User.value(), At: a.At.UTC()})
		}
		return list
	})
	return list, notOffered(err)
}

// LastPush is when the newest version of a merge request was pushed.
func (c *Client) LastPush(ctx context.Context, project string, iid int64) (time.Time, error) {
	pushes, err := list(ctx, c, mergeRequestPath(project, iid, "versions"), nil, func(w wirePush) time.Time { return w.CreatedAt.UTC() })
	if err == nil && len(pushes) == 0 {
		err = fault.New(fault.Failed, "", "merge request %s!%d has no versions", project, iid)
	}
	if err != nil {
		return time.Time{}, err
	}
	return slices.MaxFunc(pushes, time.Time.Compare), nil
}

type wirePush struct {
	ID        int64     `json:"id"`
	CreatedAt time.Time `json:"created_at"`
}

func (w wirePush) identity() identity {
	if w.CreatedAt.IsZero() {
		return identity{}
	}
	return identity{id: w.ID}
}

// ApprovalTimes are the times of approvals as GitLab noted them in the merge request, by the users' ids. An approval that was withdrawn is
// missing.
func (c *Client) ApprovalTimes(ctx context.Context, project string, iid int64) (map[int64]time.Time, error) {
	opt := &client.ListMergeRequestNotesOptions{OrderBy: new("created_at"), Sort: new("asc")}
	notes, err := list(ctx, c, mergeRequestPath(project, iid, "notes"), opt, wireNote.value)
	times := map[int64]time.Time{}
	for _, n := range notes {
		switch {
		case !n.System:
		case n.Body == "approved this merge request":
			times[n.AuthorID] = n.CreatedAt
		case n.Body == "unapproved this merge request":
			delete(times, n.AuthorID)
		}
	}
	return times, err
}

// wireApprovals are a merge request's approvals. Only the Enterprise Edition sends its number with them.
type wireApprovals struct {
	IID        int64 `json:"iid"`
	ApprovedBy []struct {
		User wireUser  `json:"user"`
		At   time.Time `json:"approved_at"` // not in older versions
	} `json:"approved_by"`
}

func (w wireApprovals) identity() identity {
	if w.ApprovedBy == nil {
		return identity{}
	}
	return identity{name: "approvals", parent: w.IID}
}

// ApprovalSettings are a project's settings for approvals. The Community Edition has none: the error matches [fault.NotOffered].
func (c *Client) ApprovalSettings(ctx context.Context, project string) (mergerequest.Settings, error) {
	settings, err := read(ctx, c, apiPath(target.ProjectAt(project), "approvals"), nil, func(w wireSettings) mergerequest.Settings {
		return mergerequest.Settings{
			AuthorMayApprove: w.AuthorMay, CommittersMayApprove: !w.CommittersNot,
			ResetOnPush: *w.ResetOnPush, RulesMayBeChanged: !w.NoOverriding,
		}
	})
	return settings, notOffered(err)
}

type wireSettings struct {
	AuthorMay     bool  `json:"merge_requests_author_approval"`
	CommittersNot bool  `json:"merge_requests_disable_committers_approval"`
	ResetOnPush   *bool `json:"reset_approvals_on_push"`
	NoOverriding  bool  `json:"disable_overriding_approvers_per_merge_request"`
}

func (w wireSettings) identity() identity { return identity{matches: w.ResetOnPush != nil} }

// ApprovalRules are a project's approval rules. Only paid plans have any: without a license GitLab refuses them to everybody, which is an
// error that matches [fault.NotOffered], as for the Community Edition.
func (c *Client) ApprovalRules(ctx context.Context, project string) ([]mergerequest.Rule, error) {
	rules, err := list(ctx, c, apiPath(target.ProjectAt(project), "approval_rules"), nil, wireRule.value)
	if e, ok := errors.AsType[*Error](err); ok && e.Status == http.StatusForbidden {
		if p, readErr := c.Project(ctx, project); readErr == nil && !p.Paid {
			e.Class = fault.NotOffered
		}
	}
	return rules, notOffered(err)
}

type wireRule struct {
	ID       int64        `json:"id"`
	Name     string       `json:"name"`
	Type     string       `json:"rule_type"`
	Required int          `json:"approvals_required"`
	Users    []wireAuthor `json:"users"`
	Groups   []struct {
		FullPath string `json:"full_path"`
	} `json:"groups"`
	Branches []struct {
		Name string `json:"name"`
	} `json:"protected_branches"`
}

func (w wireRule) identity() identity { return identity{id: w.ID} }

func (w wireRule) value() mergerequest.Rule {
	r := mergerequest.Rule{ID: w.ID, Name: w.Name, Type: w.Type, Required: w.Required}
	for _, u := range w.Users {
		r.Users, r.UserIDs = append(r.Users, u.Username), append(r.UserIDs, u.ID)
	}
	for _, g := range w.Groups {
		r.Groups = append(r.Groups, g.FullPath)
	}
	for _, b := range w.Branches {
		r.Branches = append(r.Branches, b.Name)
	}
	return r
}

// mergeRequestPath is the API path of a merge request or of something in it.
func mergeRequestPath(project string, iid int64, parts ...string) string {
	return apiPath(target.ProjectAt(project), append([]string{"merge_requests", id(iid)}, parts...)...)
}
