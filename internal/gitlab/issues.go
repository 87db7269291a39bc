package gitlab

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strings"
	"time"

	client "gitlab.com/gitlab-org/api/client-go/v2"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// wireIssue is an issue as GitLab sends it, reduced to the fields we need.
type wireIssue struct {
	ID           int64        `json:"id"`
	IID          int64        `json:"iid"`
	ProjectID    int64        `json:"project_id"`
	Title        string       `json:"title"`
	Description  string       `json:"description"`
	State        issue.State  `json:"state"`
	Labels       []string     `json:"labels"`
	Milestone    *wireTitled  `json:"milestone"`
	Assignees    []wireAuthor `json:"assignees"`
	Author       wireAuthor   `json:"author"`
	Weight       *int         `json:"weight"`
	Confidential bool         `json:"confidential"`
	Notes        int          `json:"user_notes_count"`
	CreatedAt    time.Time    `json:"created_at"`
	UpdatedAt    time.Time    `json:"updated_at"`
	ClosedAt     time.Time    `json:"closed_at"`
	DueDate      wireDate     `json:"due_date"`
	MovedToID    int64        `json:"moved_to_id"`
	Type         string       `json:"issue_type"`
	Severity     string       `json:"severity"`
	WebURL       string       `json:"web_url"`
	References   struct {
		Full string `json:"full"`
	} `json:"references"`
}

// incidentType is GitLab's type of incidents.
const incidentType = "incident"

type wireTitled struct {
	ID    int64  `json:"id"`
	Title string `json:"title"`
}

type wireNamed struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

type wireAuthor struct {
	ID       int64  `json:"id"`
	Username string `json:"username"`
}

func (w wireIssue) identity() identity {
	if w.IID == 0 || w.Title == "" {
		return identity{}
	}
	return identity{id: w.ID, iid: w.IID, owner: projectOwner(w.ProjectID, w.References.Full, w.WebURL)}
}

// value is the issue; project is the requested one, for when GitLab does not send it.
func (w *wireIssue) value(project string) issue.Issue {
	if full, _, ok := strings.Cut(w.References.Full, "#"); ok && full != "" {
		project = full
	}
	i := issue.Issue{
		Ref: issue.Ref{Project: project, IID: w.IID}, ID: w.ID, Title: w.Title, Description: w.Description, State: w.State,
		Author: w.Author.Username, AuthorID: w.Author.ID, Weight: w.Weight, Confidential: w.Confidential, Notes: w.Notes,
		CreatedAt: w.CreatedAt.UTC(), UpdatedAt: w.UpdatedAt.UTC(), ClosedAt: w.ClosedAt.UTC(),
		Due: w.DueDate.Date, MovedToID: w.MovedToID, Task: w.Type == "task", Incident: w.Type == incidentType, WebURL: w.WebURL,
	}
	if i.Incident {
		i.Severity = issue.ParseSeverity(w.Severity)
	}
	i.Labels, i.Doubled = eachOnce(w.Labels)
	if w.Milestone != nil {
		i.MilestoneID, i.Milestone = w.Milestone.ID, w.Milestone.Title
	}
	for _, a := range w.Assignees {
		i.Assignees, i.AssigneeIDs = append(i.Assignees, a.Username), append(i.AssigneeIDs, a.ID)
	}
	return i
}

// inProject is value for an issue requested from the project.
func inProject(project string) func(wireIssue) issue.Issue {
	return func(w wireIssue) issue.Issue { return w.value(project) }
}

// Issue is one issue. Missing and not visible to the token look the same: an error that matches [fault.NotFound].
func (c *Client) Issue(ctx context.Context, ref issue.Ref) (issue.Issue, error) {
	return read(ctx, c, issuePath(ref), nil, func(w wireIssue) issue.Issue {
		i := w.value(ref.Project)
		c.places.Store(place{"project", w.ProjectID}, i.Ref.Project)
		return i
	})
}

// Issues streams the issues that the query selects, oldest first. Rows that move to a later page while the list is read
// come once. Memory does not grow with the list. After an error the sequence ends.
func (c *Client) Issues(ctx context.Context, in target.Target, q issue.Query) iter.Seq2[issue.Issue, error] {
	return func(yield func(issue.Issue, error) bool) {
		last := int64(0)
		for w, err := range c.issueRows(ctx, in, q) {
			if err != nil {
				yield(issue.Issue{}, err)
				return
			}
			i := w.value(in.Path)
			if w.ProjectID != last {
				last = w.ProjectID
				c.places.Store(place{"project", last}, i.Ref.Project)
			}
			if !yield(i, nil) {
				return
			}
		}
	}
}

// issueRows streams the same issues as GitLab sent them. A row is valid until the next one.
func (c *Client) issueRows(ctx context.Context, in target.Target, q issue.Query) iter.Seq2[*wireIssue, error] {
	return func(yield func(*wireIssue, error) bool) {
		opt, err := issueOptions(q)
		if err != nil {
			yield(nil, err)
			return
		}
		seen := recent{keep: c.window() + 1}
		for rows, err := range pages[wireIssue](ctx, c, apiPath(in, "issues"), opt) {
			if err != nil {
				yield(nil, err)
				return
			}
			seen.newPage()
			for i := range rows {
				if q.Incidents && rows[i].Type == "" { // the server does not know types, and lists all issues
					return
				}
				if !seen.before(rows[i].ID) && rows[i].fits(q) && !yield(&rows[i], nil) {
					return
				}
			}
		}
	}
}

// fits checks type and labels again: a server may ignore the type, GitLab does not document whether not[labels] leaves out issues with any
// or with all of them, and it cannot filter by labels that are named like its reserved words.
func (w *wireIssue) fits(q issue.Query) bool {
	if q.Incidents && w.Type != incidentType {
		return false
	}
	carries := func(l string) bool { return slices.Contains(w.Labels, l) }
	for _, l := range q.Labels {
		if reserved(l) && !carries(l) {
			return false
		}
	}
	return !slices.ContainsFunc(q.NotLabels, carries)
}

// reserved reports whether the name in a filter means "no label at all" or "any label" to GitLab.
func reserved(name string) bool {
	return strings.EqualFold(name, "None") || strings.EqualFold(name, "Any")
}

// issueOptions is the query as GitLab's parameters.
func issueOptions(q issue.Query) (*client.ListProjectIssuesOptions, error) {
	if err := noCommas(slices.Concat(q.Labels, q.NotLabels)); err != nil {
		return nil, err
	}
	if q.Word != "" && strings.Trim(q.Word, `\ `) == "" {
		return nil, fault.New(fault.Usage, "Search for a word", "invalid search %q: GitLab fails on it", q.Word)
	}
	opt := &client.ListProjectIssuesOptions{
		OrderBy: new("created_at"), Sort: new("asc"),
		State: optional(string(q.State)), Milestone: optional(q.Milestone), Search: optional(q.Word),
		CreatedAfter: optional(q.CreatedAfter.UTC()), CreatedBefore: optional(q.CreatedBefore.UTC()),
		UpdatedAfter: optional(q.UpdatedAfter.UTC()),
		Labels:       filterLabels(q.Labels), NotLabels: filterLabels(q.NotLabels),
	}
	if q.Word != "" {
		opt.In = new("description")
	}
	if len(q.IIDs) > 0 {
		opt.IIDs = &q.IIDs
	}
	if q.Confidential {
		opt.Confidential = new(true)
	}
	if q.AnyMilestone {
		opt.Milestone = new("Any")
	}
	if q.Incidents {
		opt.IssueType = new(incidentType)
	}
	if q.CreatedByMe {
		opt.Scope = new("created_by_me")
	}
	return opt, nil
}

// labelNames is nil for none, so that an empty list never reaches GitLab, where it means "no labels at all".
func labelNames(names []string) *client.LabelOptions {
	var distinct []string
	for _, name := range names {
		if name = strings.TrimSpace(name); !slices.Contains(distinct, name) { // GitLab fails if a new label is named twice
			distinct = append(distinct, name)
		}
	}
	if len(distinct) == 0 {
		return nil
	}
	return new(client.LabelOptions(distinct))
}

// filterLabels are the names that GitLab can filter by.
func filterLabels(names []string) *client.LabelOptions {
	return labelNames(slices.DeleteFunc(slices.Clone(names), reserved))
}

// noCommas refuses label names that GitLab would split at commas.
func noCommas(names []string) error {
	for _, name := range names {
		if strings.Contains(name, ",") {
			return fault.New(fault.Usage, "Choose a label name without a comma",
				"invalid label name %q: GitLab does not allow commas in label names", name)
		}
		if strings.TrimSpace(name) == "" {
			return fault.New(fault.Usage, "Choose a label name", "empty label name")
		}
	}
	return nil
}

// usableNames refuses names of labels to set that GitLab would fail on, with 500 Internal Server Error, or change.
func usableNames(names []string) error {
	for _, name := range names {
		if problem := label.CheckName(strings.TrimSpace(name)); problem != "" {
			return fault.New(fault.Usage, "Choose another name for the label", "invalid label: %.40q %s", name, problem)
		}
	}
	return nil
}

// recent remembers the ids of the last few pages. A row can appear twice only within as many pages as are read ahead.
type recent struct {
	keep  int
	pages []map[int64]bool
}

// newPage begins a new page.
func (r *recent) newPage() {
	if len(r.pages) > r.keep {
		r.pages = r.pages[1:]
	}
	r.pages = append(r.pages, make(map[int64]bool, pageSize))
}

// before reports whether the id came before, and remembers it.
func (r *recent) before(id int64) bool {
	for _, p := range r.pages {
		if p[id] {
			return true
		}
	}
	r.pages[len(r.pages)-1][id] = true
	return false
}

type wireEvent struct {
	ID         int64       `json:"id"`
	CreatedAt  time.Time   `json:"created_at"`
	ResourceID int64       `json:"resource_id"`
	User       *wireAuthor `json:"user"`
	Action     string      `json:"action"`
	State      string      `json:"state"`
	Label      *wireNamed  `json:"label"`
	Milestone  *wireTitled `json:"milestone"`
}

func (w wireEvent) identity() identity { return identity{id: w.ID} }

// value is the event. GitLab sends either a milestone, or a label, or neither, depending on its kind.
func (w wireEvent) value() issue.Event {
	e := issue.Event{At: w.CreatedAt.UTC(), Action: cmp.Or(w.Action, w.State), Issue: w.ResourceID}
	if w.User != nil {
		e.User = w.User.Username
	}
	switch {
	case w.Milestone != nil:
		e.Name, e.ID = w.Milestone.Title, w.Milestone.ID
	case w.Label != nil:
		e.Name = w.Label.Name
	}
	return e
}

// MilestoneEvents are the issue's moves into ("add") and out of ("remove") milestones, in the order in which they happened.
func (c *Client) MilestoneEvents(ctx context.Context, ref issue.Ref) ([]issue.Event, error) {
	return list(ctx, c, issuePath(ref, "resource_milestone_events"), nil, wireEvent.value)
}

// LabelEvents are the labels set ("add") and removed ("remove"), in the order in which it happened.
func (c *Client) LabelEvents(ctx context.Context, ref issue.Ref) ([]issue.Event, error) {
	return list(ctx, c, issuePath(ref, "resource_label_events"), nil, wireEvent.value)
}

// StateEvents are the times when the issue was closed ("closed") and reopened ("reopened"), in the order in which they happened.
func (c *Client) StateEvents(ctx context.Context, ref issue.Ref) ([]issue.Event, error) {
	return list(ctx, c, issuePath(ref, "resource_state_events"), nil, wireEvent.value)
}
