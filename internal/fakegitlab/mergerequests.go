package fakegitlab

import (
	"net/http"
	"slices"
	"strings"
)

// Merge requests, what they change, their approvals, and a project's approval
// settings and rules. They can only be read.

func mergeRequestRoutes() []route {
	const all, one = "/projects/:id/merge_requests", "/projects/:id/merge_requests/:merge_request_iid"
	return []route{
		get(all, listMergeRequests),
		get(one, getMergeRequest),
		get("/projects/:id/milestones/:milestone_id/merge_requests", milestoneMergeRequests),
		get("/groups/:id/milestones/:milestone_id/merge_requests", milestoneMergeRequests),
		get(one+"/diffs", listDiffs),
		get(one+"/changes", getChanges),
		get(one+"/approvals", enterpriseOnly(getApprovals)),
		get(one+"/approval_state", enterpriseOnly(getApprovalState)),
		get("/projects/:id/approvals", enterpriseOnly(projectApprovals)),
		get("/projects/:id/approval_rules", enterpriseOnly(listApprovalRules)),
		get("/projects/:id/approval_rules/:rule_id", enterpriseOnly(getApprovalRule)),
	}
}

// enterpriseOnly hides a route from the Community Edition.
func enterpriseOnly(h handler) handler {
	return func(c *call) (reply, error) {
		if !c.s.enterprise() {
			return reply{}, errUnknownRoute()
		}
		return h(c)
	}
}

func listMergeRequests(c *call) (reply, error) {
	pg := c.paging()
	state := c.p.enumOr("state", "all", "opened", "closed", "locked", "merged", "all")
	iids, labels := c.p.ints("iids"), c.p.list("labels")
	author := c.p.str("author_username")
	search := newMatcher(c.p.str("search").v)
	order := c.p.enumOr("order_by", "created_at", "created_at", "updated_at")
	sort := c.p.enumOr("sort", "desc", "asc", "desc")
	if err := c.p.err(); err != nil {
		return reply{}, err
	}
	p, err := c.project()
	if err != nil {
		return reply{}, err
	}
	var found []*mergeRequest
	for _, mr := range p.mergeRequests {
		switch {
		case state != "all" && mr.state != state,
			iids.ok() && !slices.Contains(iids.v, mr.iid),
			author.ok() && mr.author.username != author.v,
			!hasLabels(mr, labels.v),
			!search.matches(mr.title, mr.description):
		default:
			found = append(found, mr)
		}
	}
	slices.SortStableFunc(found, func(a, b *mergeRequest) int {
		if order == "updated_at" {
			return a.updatedAt.Compare(b.updatedAt)
		}
		return a.createdAt.Compare(b.createdAt)
	})
	if sort == "desc" {
		slices.Reverse(found)
	}
	return listReply(c, pg, found, func(e *enc, mr *mergeRequest) { writeMergeRequest(e, c, mr) })
}

func hasLabels(mr *mergeRequest, names []string) bool {
	for _, name := range names {
		if !slices.ContainsFunc(mr.labels, func(l *label) bool { return l.name == name }) {
			return false
		}
	}
	return true
}

func mergeRequestOfPath(c *call) (*mergeRequest, error) {
	iid := c.p.int("merge_request_iid")
	if err := c.p.err(); err != nil {
		return nil, err
	}
	p, err := c.project()
	if err != nil {
		return nil, err
	}
	for _, mr := range p.mergeRequests {
		if mr.iid == iid.v {
			return mr, nil
		}
	}
	return nil, errNoRecord()
}

func getMergeRequest(c *call) (reply, error) {
	mr, err := mergeRequestOfPath(c)
	if err != nil {
		return reply{}, err
	}
	return c.json(http.StatusOK, func(e *enc) { writeMergeRequest(e, c, mr) })
}

func writeMergeRequest(e *enc, c *call, mr *mergeRequest) {
	e.open('{')
	mergeRequestFields(e, c, mr)
	e.shut('}')
}

// mergeRequestFields writes a merge request without the brackets.
func mergeRequestFields(e *enc, c *call, mr *mergeRequest) {
	path := mr.project.fullPath()
	heading(mr, e)
	writeUserOrNull(e, c, "merged_by", mr.mergedBy)
	writeUserOrNull(e, c, "merge_user", mr.mergedBy)
	e.time("merged_at", mr.mergedAt)
	e.str("target_branch", mr.target)
	e.str("source_branch", mr.source)
	e.num("source_project_id", mr.project.id)
	e.num("target_project_id", mr.project.id)
	writeUserOrNull(e, c, "author", mr.author)
	writeUsers(e, c, "assignees", mr.assignees)
	writeUsers(e, c, "reviewers", mr.reviewers)
	e.key("labels")
	e.open('[')
	for _, l := range mr.labels {
		e.text(l.name)
	}
	e.shut(']')
	draft := strings.HasPrefix(strings.ToLower(mr.title), "draft:")
	e.bool("draft", draft)
	e.bool("work_in_progress", draft)
	writeMilestoneOrNull(e, c, "milestone", mr.milestone)
	e.str("merge_status", "can_be_merged")
	e.str("detailed_merge_status", mergeStatus(mr))
	e.num("user_notes_count", 0)
	e.key("references")
	e.open('{')
	short := "!" + itoa(mr.iid)
	e.str("short", short)
	e.str("relative", short)
	e.str("full", path+short)
	e.shut('}')
	e.str("web_url", c.base.url+"/"+path+"/-/merge_requests/"+itoa(mr.iid))
}

// heading writes what stands at the head of a merge request and of its approvals.
func heading(mr *mergeRequest, e *enc) {
	e.num("id", mr.id)
	e.num("iid", mr.iid)
	e.num("project_id", mr.project.id)
	e.str("title", mr.title)
	e.str("description", mr.description)
	e.str("state", mr.state)
	e.time("created_at", mr.createdAt)
	e.time("updated_at", mr.updatedAt)
}

func mergeStatus(mr *mergeRequest) string {
	switch {
	case mr.state != "opened":
		return "not_open"
	case approvalsLeft(mr) > 0:
		return "not_approved"
	}
	return "mergeable"
}

func approvalsLeft(mr *mergeRequest) int { return max(mr.approvalsRequired-len(mr.approvedBy), 0) }
