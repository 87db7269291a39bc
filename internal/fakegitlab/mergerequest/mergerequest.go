// Package mergerequest serves merge requests, their changes, comments and approvals, and a project's approval rules. All of
// it is read-only. Start with Routes; filter.go, order.go and list.go are the lists, view.go the object.
package mergerequest

import (
	"net/http"
	"slices"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/user"
)

// Routes returns the routes for merge requests, everything below them, and a project's approval rules.
func Routes() []rest.Route {
	const all, one = "/projects/:id/merge_requests", "/projects/:id/merge_requests/:merge_request_iid"
	return []rest.Route{
		rest.Get("/merge_requests", listAll).Anonymous().Needs("read_merge_request"),
		rest.Get("/groups/:id/merge_requests", listOfGroup).Anonymous().Needs("read_merge_request"),
		rest.Get(all, listOfProject).Anonymous().Needs("read_merge_request"),
		rest.Get(one, get).Anonymous().Needs("read_merge_request"),
		rest.Get("/projects/:id/milestones/:milestone_id/merge_requests", listOfMilestone).Needs("read_milestone_merge_request"),
		rest.Get("/groups/:id/milestones/:milestone_id/merge_requests", listOfMilestone).Needs("read_milestone_merge_request"),
		rest.Get(one+"/diffs", listDiffs).Needs("read_merge_request"),
		rest.Get(one+"/changes", getChanges).Needs("read_merge_request"),
		rest.Get(one+"/versions", listVersions).Needs("read_merge_request"),
		rest.Get(one+"/participants", listParticipants).Needs("read_merge_request"),
		rest.Get(one+"/reviewers", listReviewers).Needs("read_merge_request"),
		rest.Get(one+"/notes", listNotes).Needs("read_merge_request_note"),
		rest.Get(one+"/notes/:note_id", getNote).Needs("read_merge_request_note"),
		rest.Get(one+"/discussions", listDiscussions).Needs("read_merge_request"),
		rest.Get(one+"/discussions/:discussion_id", getDiscussion).Needs("read_merge_request"),
		rest.Get(one+"/approvals", getApprovals).Needs("read_merge_request_approval_state"),
		rest.Get(one+"/approval_state", rest.Enterprise(getApprovalState)).Needs("read_merge_request_approval_state"),
		rest.Get("/projects/:id/approvals", rest.Enterprise(projectApprovals)).Needs("read_approval_configuration"),
		rest.Get("/projects/:id/approval_rules", rest.Enterprise(listApprovalRules)).Needs("read_approval_rule"),
		rest.Get("/projects/:id/approval_rules/:rule_id", rest.Enterprise(getApprovalRule)).Needs("read_approval_rule"),
	}
}

// ofPath checks the parameters and finds the merge request of the path. Who sees the project but not its merge requests
// learns which of them exist.
func ofPath(c *rest.Call) (*store.MergeRequest, error) {
	iid := c.Params.Int("merge_request_iid")
	if err := c.Params.Err(); err != nil {
		return nil, err
	}
	p, err := c.Project()
	if err != nil {
		return nil, err
	}
	n := slices.IndexFunc(p.MergeRequests, func(mr *store.MergeRequest) bool { return mr.IID == iid.Value })
	if n < 0 {
		return nil, failure.NoRecord()
	}
	if !access.MayReadMergeRequests(c.User, p) {
		return nil, failure.Forbidden()
	}
	return p.MergeRequests[n], nil
}

func get(c *rest.Call) (rest.Reply, error) {
	for _, name := range []string{"render_html", "include_diverged_commits_count", "include_rebase_in_progress"} {
		c.Params.Bool(name)
	}
	mr, err := ofPath(c)
	if err != nil {
		return rest.Reply{}, err
	}
	return c.JSON(http.StatusOK, func(e *jsonenc.Encoder) {
		e.Open('{')
		fields(e, c, mr)
		singleFields(e, c, mr)
		e.Shut('}')
	})
}

// listParticipants lists the users who have to do with the merge request.
func listParticipants(c *rest.Call) (rest.Reply, error) {
	pg := c.Paging()
	mr, err := ofPath(c)
	if err != nil {
		return rest.Reply{}, err
	}
	all := slices.Concat([]*store.User{mr.Author}, mr.Assignees, mr.Reviewers)
	for _, n := range mr.Notes {
		if !n.System {
			all = append(all, n.Author)
		}
	}
	var once []*store.User
	for _, u := range all {
		if !slices.Contains(once, u) {
			once = append(once, u)
		}
	}
	return rest.List(c, pg, once, func(e *jsonenc.Encoder, u *store.User) { user.Write(e, c, u) })
}

// listReviewers lists who was asked for a review, and whether they approved.
func listReviewers(c *rest.Call) (rest.Reply, error) {
	mr, err := ofPath(c)
	if err != nil {
		return rest.Reply{}, err
	}
	return c.JSON(http.StatusOK, func(e *jsonenc.Encoder) {
		e.Open('[')
		for _, u := range mr.Reviewers {
			state := "unreviewed"
			if slices.Contains(mr.ApprovedBy, u) {
				state = "approved"
			}
			e.Open('{')
			user.WriteOrNull(e, c, "user", u)
			e.Str("state", state)
			e.Time("created_at", mr.CreatedAt)
			e.Shut('}')
		}
		e.Shut(']')
	})
}
