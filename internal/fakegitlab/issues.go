package fakegitlab

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// issueRoutes are the rows for issues and all that hangs on them.
func issueRoutes(s *store) []route {
	return slices.Concat(singleRows(), trackingRows(), noteRows(), awardRows(), linkRows(s), trailRows())
}

func singleRows() []route {
	const all, one = "/projects/:id/issues", "/projects/:id/issues/:issue_iid"
	return []route{
		get("/issues", listAllIssues).anonymous(),
		get("/issues/:issue_id", getIssueByID),
		get("/groups/:id/issues", listGroupIssues).anonymous(),
		get(all, listProjectIssues).anonymous().jobToken(),
		post(all, createIssue),
		get(one, getIssue).anonymous().jobToken(),
		put(one, updateIssue),
		del(one, removeIssue),
		put(one+"/reorder", reorderIssue),
		post(one+"/move", moveIssue),
		post(one+"/clone", cloneIssue),
		get(one+"/participants", listParticipants),
		get("/issues_statistics", allStatistics),
		get("/groups/:id/issues_statistics", groupStatistics),
		get("/projects/:id/issues_statistics", projectStatistics),
		get("/projects/:id/milestones/:milestone_id/issues", milestoneIssues),
		get("/groups/:id/milestones/:milestone_id/issues", milestoneIssues),
	}
}

// issueOfPath checks the parameters, then looks up the project and an issue in it that the caller may read.
func issueOfPath(c *call) (*issue, error) {
	iid := c.p.int("issue_iid")
	if err := c.p.err(); err != nil {
		return nil, err
	}
	p, err := c.project()
	if err != nil {
		return nil, err
	}
	return c.issue(p, iid.v)
}

func getIssue(c *call) (reply, error) {
	i, err := issueOfPath(c)
	if err != nil {
		return reply{}, err
	}
	return issueReply(c, http.StatusOK, i)
}

// getIssueByID takes the instance-wide id and is for administrators alone.
func getIssueByID(c *call) (reply, error) {
	id := c.p.int("issue_id")
	if err := c.p.err(); err != nil {
		return reply{}, err
	}
	if !c.user.admin {
		return reply{}, errForbidden()
	}
	i := c.s.issueByID[id.v]
	if i == nil {
		return reply{}, errNoRecord()
	}
	return issueReply(c, http.StatusOK, i)
}

// issueReply is the full object of a single issue.
func issueReply(c *call, status int, i *issue) (reply, error) {
	c.view.single = true
	return c.json(status, func(e *enc) { writeIssue(e, c, i) })
}

func listParticipants(c *call) (reply, error) {
	pg := c.paging()
	i, err := issueOfPath(c)
	if err != nil {
		return reply{}, err
	}
	var all []*user
	add := func(users ...*user) {
		for _, u := range users {
			if u != nil && !slices.Contains(all, u) {
				all = append(all, u)
			}
		}
	}
	add(i.author)
	add(i.assignees...)
	for _, n := range i.notes {
		if !n.system {
			add(n.author)
		}
	}
	return listReply(c, pg, all, func(e *enc, u *user) { writeUser(e, c, u) })
}

// issueView is how the issues in an answer are shown.
type issueView struct {
	single       bool   // with subscribed, which rows of lists lack
	labelDetails bool   // labels as objects
	within       *group // references are relative to this group
	everywhere   bool   // references are relative to nothing
}

// writeIssue writes one issue as an object of its own.
func writeIssue(e *enc, c *call, i *issue) {
	e.open('{')
	issueFields(e, c, i)
	e.shut('}')
}

// issueFields writes the fields without the brackets, for rows that have more than an issue has.
func issueFields(e *enc, c *call, i *issue) {
	e.num("id", i.id)
	e.num("iid", i.iid)
	e.num("project_id", i.project.id)
	e.str("title", i.title)
	e.strOrNull("description", i.description)
	e.str("state", i.state())
	e.time("created_at", i.createdAt)
	e.time("updated_at", i.updatedAt)
	e.time("closed_at", i.closedAt)
	writeUserOrNull(e, c, "closed_by", i.closedBy)
	writeIssueLabels(e, i, c.view.labelDetails)
	writeMilestoneOrNull(e, c, "milestone", i.milestone)
	writeUsers(e, c, "assignees", i.assignees)
	writeUserOrNull(e, c, "author", i.author)
	e.str("type", strings.ToUpper(i.kind))
	if len(i.assignees) > 0 {
		writeUserOrNull(e, c, "assignee", i.assignees[0])
	} else {
		e.null("assignee")
	}
	issueCounts(e, i)
	e.strOrNull("due_date", i.dueDate)
	e.bool("confidential", i.confidential)
	e.boolOrNull("discussion_locked", i.discussionLocked)
	e.str("issue_type", i.kind)
	path := i.project.fullPath()
	e.str("web_url", c.base.url+"/"+path+"/-/issues/"+itoa(i.iid))
	writeTimeStats(e, i)
	writeTasks(e, i.description)
	if c.s.edition.paid() {
		e.numOrNull("weight", i.weight)
		e.null("epic_iid")
		e.null("epic")
		e.null("iteration")
	}
	if c.s.edition == Ultimate {
		e.null("health_status")
	}
	e.num("blocking_issues_count", blocking(i))
	writeIssueLinks(e, c, i)
	writeReferences(e, c, i, path)
	e.str("severity", "UNKNOWN")
	if c.view.single {
		e.bool("subscribed", i.subscribed(c.user))
	}
	if i.movedTo != nil {
		e.num("moved_to_id", i.movedTo.id)
	} else {
		e.null("moved_to_id")
	}
	e.bool("imported", false)
	e.str("imported_from", "none")
	e.null("service_desk_reply_to")
}

func (i *issue) state() string {
	if i.closed {
		return "closed"
	}
	return "opened"
}

// writeIssueLabels sorts by name at the last moment, since a rename changes the order.
func writeIssueLabels(e *enc, i *issue, details bool) {
	labels := i.labels
	byName := func(a, b *label) int { return strings.Compare(a.name, b.name) }
	if !slices.IsSortedFunc(labels, byName) {
		labels = slices.SortedFunc(slices.Values(labels), byName)
	}
	e.key("labels")
	e.open('[')
	for _, l := range labels {
		if details {
			writeLabelDetails(e, l)
		} else {
			e.text(l.name)
		}
	}
	e.shut(']')
}

func issueCounts(e *enc, i *issue) {
	notes := 0
	for _, n := range i.notes {
		if !n.system {
			notes++
		}
	}
	e.num("user_notes_count", notes)
	e.num("merge_requests_count", 0)
	e.num("upvotes", countAwards(i.awards, "thumbsup"))
	e.num("downvotes", countAwards(i.awards, "thumbsdown"))
}

func countAwards(awards []*award, name string) int {
	n := 0
	for _, a := range awards {
		if a.name == name {
			n++
		}
	}
	return n
}

func writeTimeStats(e *enc, i *issue) {
	e.key("time_stats")
	e.open('{')
	timeFields(e, i)
	e.shut('}')
}

func timeFields(e *enc, i *issue) {
	e.num("time_estimate", i.timeEstimate)
	e.num("total_time_spent", i.timeSpent)
	e.strOrNull("human_time_estimate", humanTime(i.timeEstimate))
	e.strOrNull("human_total_time_spent", humanTime(i.timeSpent))
}

// humanTime writes seconds as GitLab does, in weeks of five days of eight hours: 1w 2d 3h 30m. Nothing is "".
func humanTime(seconds int) string {
	var parts []string
	for _, unit := range []struct {
		name    string
		seconds int
	}{{"w", 5 * 8 * 3600}, {"d", 8 * 3600}, {"h", 3600}, {"m", 60}, {"s", 1}} {
		if n := seconds / unit.seconds; n > 0 {
			parts = append(parts, itoa(n)+unit.name)
			seconds %= unit.seconds
		}
	}
	return strings.Join(parts, " ")
}

var taskItem = regexp.MustCompile(`(?m)^[\t >]*(?:[-*+]|\d+[.)])[ \t]+\[([ xX])\](?:[ \t]|$)`)

// taskCount counts the check boxes of a description, and those that are ticked.
func taskCount(description string) (count, done int) {
	if !strings.Contains(description, "[") {
		return 0, 0
	}
	for _, m := range taskItem.FindAllStringSubmatch(description, -1) {
		count++
		if m[1] != " " {
			done++
		}
	}
	return count, done
}

// writeTasks counts the check boxes of the description.
func writeTasks(e *enc, description string) {
	count, done := taskCount(description)
	e.key("task_completion_status")
	e.open('{')
	e.num("count", count)
	e.num("completed_count", done)
	e.shut('}')
	e.bool("has_tasks", count > 0)
	if count > 0 {
		item := "items"
		if count == 1 {
			item = "item"
		}
		e.str("task_status", itoa(done)+" of "+itoa(count)+" checklist "+item+" completed")
	} else {
		e.str("task_status", "")
	}
}

// blocking counts the open issues that wait for this one.
func blocking(i *issue) int {
	n := 0
	for _, l := range i.links {
		if l.kind == blocks && l.source == i && !l.target.closed {
			n++
		}
	}
	return n
}

func writeIssueLinks(e *enc, c *call, i *issue) {
	project := c.base.url + "/api/v4/projects/" + itoa(i.project.id)
	self := project + "/issues/" + itoa(i.iid)
	e.key("_links")
	e.open('{')
	e.str("self", self)
	e.str("notes", self+"/notes")
	e.str("award_emoji", self+"/award_emoji")
	e.str("project", project)
	if d := i.duplicate; d != nil && mayReadIssue(c.user, d) {
		e.str("closed_as_duplicate_of", c.base.url+"/api/v4/projects/"+itoa(d.project.id)+"/issues/"+itoa(d.iid))
	} else {
		e.null("closed_as_duplicate_of")
	}
	e.shut('}')
}

// writeReferences has the relative one as seen from where the list was asked for.
func writeReferences(e *enc, c *call, i *issue, path string) {
	short := "#" + itoa(i.iid)
	relative := short
	switch {
	case c.view.within != nil && i.project.group == c.view.within:
		relative = i.project.path + short
	case c.view.within != nil:
		relative = strings.TrimPrefix(path, c.view.within.fullPath()+"/") + short
	case c.view.everywhere:
		relative = path + short
	}
	e.key("references")
	e.open('{')
	e.str("short", short)
	e.str("relative", relative)
	e.str("full", path+short)
	e.shut('}')
}

// subscribed tells whether the user hears of changes: as author, assignee or commenter unless they said otherwise.
func (i *issue) subscribed(u *user) bool {
	if said, ok := i.subscriptions[u]; ok {
		return said
	}
	if u == nil {
		return false
	}
	wrote := func(n *note) bool { return n.author == u && !n.system }
	return i.author == u || slices.Contains(i.assignees, u) || slices.ContainsFunc(i.notes, wrote)
}
