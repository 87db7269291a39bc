// Package mergerequest serves merge requests, their changes and approvals, and a project's approval rules. All of it
// is read-only. Start with Routes.
package mergerequest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/milestone"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/user"
)

func listOfMilestone(c *rest.Call) (rest.Reply, error) {
	pg := c.Paging()
	_, m, err := milestone.OfPath(c, false)
	if err != nil {
		return rest.Reply{}, err
	}
	var found []*store.MergeRequest
	for _, p := range c.Store.ProjectsUsing(m) {
		if !access.MayReadProject(c.User, p) {
			continue
		}
		for _, mr := range p.MergeRequests {
			if mr.Milestone == m {
				found = append(found, mr)
			}
		}
	}
	return rest.List(c, pg, found, func(e *jsonenc.Encoder, mr *store.MergeRequest) { Write(e, c, mr) })
}

// Routes returns the routes for merge requests, their files and approvals, and a project's approval rules.
func Routes() []rest.Route {
	const all, one = "/projects/:id/merge_requests", "/projects/:id/merge_requests/:merge_request_iid"
	return []rest.Route{
		rest.Get(all, list),
		rest.Get(one, get),
		rest.Get("/projects/:id/milestones/:milestone_id/merge_requests", listOfMilestone),
		rest.Get("/groups/:id/milestones/:milestone_id/merge_requests", listOfMilestone),
		rest.Get(one+"/diffs", listDiffs),
		rest.Get(one+"/changes", getChanges),
		rest.Get(one+"/approvals", enterpriseOnly(getApprovals)),
		rest.Get(one+"/approval_state", enterpriseOnly(getApprovalState)),
		rest.Get("/projects/:id/approvals", enterpriseOnly(projectApprovals)),
		rest.Get("/projects/:id/approval_rules", enterpriseOnly(listApprovalRules)),
		rest.Get("/projects/:id/approval_rules/:rule_id", enterpriseOnly(getApprovalRule)),
	}
}

// enterpriseOnly hides a route from the Community Edition.
func enterpriseOnly(h rest.Handler) rest.Handler {
	return func(c *rest.Call) (rest.Reply, error) {
		if !c.Store.Edition.Enterprise() {
			return rest.Reply{}, failure.UnknownRoute()
		}
		return h(c)
	}
}

func list(c *rest.Call) (rest.Reply, error) {
	pg := c.Paging()
	state := c.Params.EnumOr("state", "all", "opened", "closed", "locked", "merged", "all")
	iids, labels := c.Params.Ints("iids"), c.Params.List("labels")
	author := c.Params.Str("author_username")
	search := param.NewMatcher(c.Params.Str("search").Value)
	order := c.Params.EnumOr("order_by", "created_at", "created_at", "updated_at")
	sort := c.Params.EnumOr("sort", "desc", "asc", "desc")
	if err := c.Params.Err(); err != nil {
		return rest.Reply{}, err
	}
	p, err := c.Project()
	if err != nil {
		return rest.Reply{}, err
	}
	var found []*store.MergeRequest
	for _, mr := range p.MergeRequests {
		switch {
		case state != "all" && mr.State != state,
			iids.OK() && !slices.Contains(iids.Value, mr.IID),
			author.OK() && mr.Author.Username != author.Value,
			!hasLabels(mr, labels.Value),
			!search.Matches(mr.Title, mr.Description):
		default:
			found = append(found, mr)
		}
	}
	slices.SortStableFunc(found, func(a, b *store.MergeRequest) int {
		if order == "updated_at" {
			return a.UpdatedAt.Compare(b.UpdatedAt)
		}
		return a.CreatedAt.Compare(b.CreatedAt)
	})
	if sort == "desc" {
		slices.Reverse(found)
	}
	return rest.List(c, pg, found, func(e *jsonenc.Encoder, mr *store.MergeRequest) { Write(e, c, mr) })
}

func hasLabels(mr *store.MergeRequest, names []string) bool {
	for _, name := range names {
		if !slices.ContainsFunc(mr.Labels, func(l *store.Label) bool { return l.Name == name }) {
			return false
		}
	}
	return true
}

func ofPath(c *rest.Call) (*store.MergeRequest, error) {
	iid := c.Params.Int("merge_request_iid")
	if err := c.Params.Err(); err != nil {
		return nil, err
	}
	p, err := c.Project()
	if err != nil {
		return nil, err
	}
	for _, mr := range p.MergeRequests {
		if mr.IID == iid.Value {
			return mr, nil
		}
	}
	return nil, failure.NoRecord()
}

func get(c *rest.Call) (rest.Reply, error) {
	mr, err := ofPath(c)
	if err != nil {
		return rest.Reply{}, err
	}
	return c.JSON(http.StatusOK, func(e *jsonenc.Encoder) { Write(e, c, mr) })
}

// Write writes a merge request as an object.
func Write(e *jsonenc.Encoder, c *rest.Call, mr *store.MergeRequest) {
	e.Open('{')
	fields(e, c, mr)
	e.Shut('}')
}

// fields writes a merge request without the braces.
func fields(e *jsonenc.Encoder, c *rest.Call, mr *store.MergeRequest) {
	path := mr.Project.FullPath()
	heading(mr, e)
	user.WriteOrNull(e, c, "merged_by", mr.MergedBy)
	user.WriteOrNull(e, c, "merge_user", mr.MergedBy)
	e.Time("merged_at", mr.MergedAt)
	e.Str("target_branch", mr.Target)
	e.Str("source_branch", mr.Source)
	e.Num("source_project_id", mr.Project.ID)
	e.Num("target_project_id", mr.Project.ID)
	user.WriteOrNull(e, c, "author", mr.Author)
	user.WriteAll(e, c, "assignees", mr.Assignees)
	user.WriteAll(e, c, "reviewers", mr.Reviewers)
	e.Key("labels")
	e.Open('[')
	for _, l := range mr.Labels {
		e.Text(l.Name)
	}
	e.Shut(']')
	draft := strings.HasPrefix(strings.ToLower(mr.Title), "draft:")
	e.Bool("draft", draft)
	e.Bool("work_in_progress", draft)
	milestone.WriteOrNull(e, c, "milestone", mr.Milestone)
	e.Str("merge_status", "can_be_merged")
	e.Str("detailed_merge_status", mergeStatus(mr))
	e.Num("user_notes_count", 0)
	e.Key("references")
	e.Open('{')
	short := "!" + strconv.Itoa(mr.IID)
	e.Str("short", short)
	e.Str("relative", short)
	e.Str("full", path+short)
	e.Shut('}')
	e.Str("web_url", c.Base.URL+"/"+path+"/-/merge_requests/"+strconv.Itoa(mr.IID))
}

// heading writes the first fields of a merge request, which its approvals have too.
func heading(mr *store.MergeRequest, e *jsonenc.Encoder) {
	e.Num("id", mr.ID)
	e.Num("iid", mr.IID)
	e.Num("project_id", mr.Project.ID)
	e.Str("title", mr.Title)
	e.Str("description", mr.Description)
	e.Str("state", mr.State)
	e.Time("created_at", mr.CreatedAt)
	e.Time("updated_at", mr.UpdatedAt)
}

func mergeStatus(mr *store.MergeRequest) string {
	switch {
	case mr.State != "opened":
		return "not_open"
	case approvalsLeft(mr) > 0:
		return "not_approved"
	}
	return "mergeable"
}

func approvalsLeft(mr *store.MergeRequest) int {
	return max(mr.ApprovalsRequired-len(mr.ApprovedBy), 0)
}
