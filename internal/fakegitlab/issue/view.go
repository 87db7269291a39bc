package issue

import (
	"slices"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/label"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/markdown"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/milestone"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/user"
)

// write writes one issue as an object.
func write(e *jsonenc.Encoder, c *rest.Call, i *store.Issue) {
	e.Open('{')
	fields(e, c, i)
	e.Shut('}')
}

// writeBasic writes the shorter object that links and milestones show.
func writeBasic(e *jsonenc.Encoder, c *rest.Call, i *store.Issue) {
	e.Open('{')
	basicFields(e, c, i)
	e.Shut('}')
}

// basicFields writes the fields that every issue object has, without the braces.
func basicFields(e *jsonenc.Encoder, c *rest.Call, i *store.Issue) {
	e.Num("id", i.ID)
	e.Num("iid", i.IID)
	e.Num("project_id", i.Project.ID)
	e.Str("title", i.Title)
	e.StrOrEmpty("description", i.Description, i.Described)
	e.Str("state", i.State())
	e.Time("created_at", i.CreatedAt)
	e.Time("updated_at", i.UpdatedAt)
	e.Time("closed_at", i.ClosedAt)
	user.WriteOrNull(e, c, "closed_by", i.ClosedBy)
	writeLabels(e, i, c.View.LabelDetails)
	milestone.WriteOrNull(e, c, "milestone", i.Milestone)
	user.WriteAll(e, c, "assignees", i.Assignees)
	user.WriteOrNull(e, c, "author", i.Author)
	e.Str("type", strings.ToUpper(i.Kind))
	if len(i.Assignees) > 0 {
		user.WriteOrNull(e, c, "assignee", i.Assignees[0])
	} else {
		e.Null("assignee")
	}
	writeCounts(e, i)
	e.Null("start_date")
	e.StrOrNull("due_date", i.DueDate)
	e.Bool("confidential", i.Confidential)
	e.BoolOrNull("discussion_locked", i.DiscussionLocked)
	e.Str("issue_type", i.Kind)
	e.Str("web_url", webURL(c, i))
	writeTimeStats(e, i)
	count, done := markdown.TaskCount(i.Description)
	e.Key("task_completion_status")
	e.Open('{')
	e.Num("count", count)
	e.Num("completed_count", done)
	e.Shut('}')
	if c.Store.Edition.Paid() {
		e.NumOrNull("weight", i.Weight)
		e.Null("epic_iid")
		e.Null("epic")
		e.Null("iteration")
	}
	if c.Store.Edition == store.Ultimate {
		e.Null("health_status")
	}
	switch {
	case !c.Store.Edition.Enterprise():
	case c.View.WorkItem:
		e.Null("blocking_issues_count")
	default:
		e.Num("blocking_issues_count", blocking(i))
	}
}

// fields writes all fields without the braces, for rows with more fields than an issue has.
func fields(e *jsonenc.Encoder, c *rest.Call, i *store.Issue) {
	basicFields(e, c, i)
	writeTaskStatus(e, i.Description)
	writeLinks(e, c, i)
	writeReferences(e, c, i, i.Project.FullPath())
	e.Str("severity", i.Severity())
	if c.View.Single {
		e.Bool("subscribed", i.Subscribed(c.User))
	}
	if i.MovedTo != nil {
		e.Num("moved_to_id", i.MovedTo.ID)
	} else {
		e.Null("moved_to_id")
	}
	e.Bool("imported", false)
	e.Str("imported_from", "none")
	e.Null("service_desk_reply_to")
}

// writeLabels sorts by name only when writing, because a rename changes the order.
func writeLabels(e *jsonenc.Encoder, i *store.Issue, details bool) {
	labels := i.Labels
	byName := func(a, b *store.Label) int { return strings.Compare(a.Name, b.Name) }
	if !slices.IsSortedFunc(labels, byName) {
		labels = slices.SortedFunc(slices.Values(labels), byName)
	}
	e.Key("labels")
	e.Open('[')
	for _, l := range labels {
		if details {
			label.Write(e, l)
		} else {
			e.Text(l.Name)
		}
	}
	e.Shut(']')
}

func writeCounts(e *jsonenc.Encoder, i *store.Issue) {
	notes := 0
	for _, n := range i.Notes {
		if !n.System {
			notes++
		}
	}
	e.Num("user_notes_count", notes)
	e.Num("merge_requests_count", 0)
	e.Num("upvotes", countAwards(i.Awards, "thumbsup"))
	e.Num("downvotes", countAwards(i.Awards, "thumbsdown"))
}

func countAwards(awards []*store.Award, name string) int {
	n := 0
	for _, a := range awards {
		if a.Name == name {
			n++
		}
	}
	return n
}

// writeTaskStatus says that there are tasks if there are none, and the other way round, as GitLab does.
func writeTaskStatus(e *jsonenc.Encoder, description string) {
	count, _ := markdown.TaskCount(description)
	e.Bool("has_tasks", count == 0)
	switch {
	case count > 0:
	case strings.TrimSpace(description) == "":
		e.Str("task_status", "")
	default:
		e.Str("task_status", "0 of 0 checklist items completed")
	}
}

// webURL is the page of an issue. Tasks have another path than issues and incidents.
func webURL(c *rest.Call, i *store.Issue) string {
	pages := "/-/issues/"
	if i.Kind == "task" {
		pages = "/-/work_items/"
	}
	return c.Base.URL + "/" + i.Project.FullPath() + pages + strconv.Itoa(i.IID)
}

// blocking counts the open issues that this one blocks.
func blocking(i *store.Issue) int {
	n := 0
	for _, l := range i.Links {
		if l.Kind == store.Blocks && l.Source == i && !l.Target.Closed {
			n++
		}
	}
	return n
}

func writeLinks(e *jsonenc.Encoder, c *rest.Call, i *store.Issue) {
	project := c.Base.URL + "/api/v4/projects/" + strconv.Itoa(i.Project.ID)
	self := project + "/issues/" + strconv.Itoa(i.IID)
	e.Key("_links")
	e.Open('{')
	e.Str("self", self)
	e.Str("notes", self+"/notes")
	e.Str("award_emoji", self+"/award_emoji")
	e.Str("project", project)
	if d := i.Duplicate; d != nil && access.MayReadIssue(c.User, d) {
		e.Str("closed_as_duplicate_of", c.Base.URL+"/api/v4/projects/"+strconv.Itoa(d.Project.ID)+"/issues/"+strconv.Itoa(d.IID))
	} else {
		e.Null("closed_as_duplicate_of")
	}
	e.Shut('}')
}

// writeReferences writes the relative reference as seen from the list that was requested.
func writeReferences(e *jsonenc.Encoder, c *rest.Call, i *store.Issue, path string) {
	short := "#" + strconv.Itoa(i.IID)
	relative := short
	switch {
	case c.View.From != nil:
		relative = i.Reference(c.View.From)
	case c.View.Within != nil && i.Project.Group == c.View.Within:
		relative = i.Project.Path + short
	case c.View.Within != nil:
		relative = strings.TrimPrefix(path, c.View.Within.FullPath()+"/") + short
	case c.View.Everywhere:
		relative = path + short
	}
	e.Key("references")
	e.Open('{')
	e.Str("short", short)
	e.Str("relative", relative)
	e.Str("full", path+short)
	e.Shut('}')
}
