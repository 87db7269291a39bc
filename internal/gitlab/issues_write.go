package gitlab

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	client "gitlab.com/gitlab-org/api/client-go/v2"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/idempotency"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// UpdateIssue changes an issue in one request and compares the answer with the request. GitLab silently drops labels, milestone
// and state that the token may not set, a closed or unknown milestone, and assignees who may not read the project; it runs lines of a
// description that are quick actions, and removes them.
// A scoped label that replaced another one counts as set, and so does one of several assignees. A label that the answer shows twice is
// repaired. After a 409, which may have done its work, it looks, and sends what is missing. When the issue was moved to another project in
// the meantime, the error matches [fault.Moved]: nobody looks at the closed one that stays.
func (c *Client) UpdateIssue(ctx context.Context, ref issue.Ref, ch issue.Change) (issue.Issue, error) {
	updated, err := c.putUntilDone(ctx, ref, ch)
	if errors.Is(err, fault.Dropped) && len(ch.AddLabels) > 0 { // somebody else may have removed the label at the same time
		updated, err = c.putUntilDone(ctx, ref, ch)
	}
	if err != nil || len(updated.Doubled) == 0 {
		return updated, err
	}
	return c.repairLabels(ctx, updated)
}

// putIssue is UpdateIssue in one request.
func (c *Client) putIssue(ctx context.Context, ref issue.Ref, ch issue.Change) (issue.Issue, error) {
	if err := errors.Join(noCommas(slices.Concat(ch.RemoveLabels, ch.NotLabels)), usableNames(ch.AddLabels)); err != nil {
		return issue.Issue{}, err
	}
	if ch.Empty() {
		return c.Issue(ctx, ref)
	}
	drops := func(got issue.Issue) []string { return issueDrops(ch, got) }
	got, err := update(ctx, c, issuePath(ref), changeOptions(ch), inProject(ref.Project), drops)
	if got.MovedToID != 0 && (err == nil || errors.Is(err, fault.Dropped)) {
		err = movedError(got)
	}
	return got, err
}

// changeOptions is the change as GitLab's parameters.
func changeOptions(ch issue.Change) *client.UpdateIssueOptions {
	opt := &client.UpdateIssueOptions{
		MilestoneID: ch.MilestoneID, AddLabels: labelNames(ch.AddLabels), RemoveLabels: labelNames(distinctNames(ch.RemoveLabels, ch.NotLabels)),
		Description: ch.Description, DueDate: isoDate(ch.Due),
	}
	if ch.State != nil {
		opt.StateEvent = new("reopen")
		if *ch.State == issue.Closed {
			opt.StateEvent = new("close")
		}
	}
	if len(ch.AssigneeIDs) > 0 {
		opt.AssigneeIDs = &ch.AssigneeIDs
	}
	return opt
}

// issueDrops are the parts of a change that GitLab's answer does not show.
func issueDrops(ch issue.Change, got issue.Issue) []string {
	var parts []string
	if ch.MilestoneID != nil && *ch.MilestoneID != got.MilestoneID {
		parts = append(parts, "the milestone is "+milestoneName(got)+", not "+id(*ch.MilestoneID))
	}
	parts = append(parts, missingLabels(ch.AddLabels, got)...)
	for _, l := range ch.RemoveLabels {
		if got.Has(strings.TrimSpace(l)) && !slices.Contains(ch.AddLabels, l) {
			parts = append(parts, fmt.Sprintf("the label %q is still set", l))
		}
	}
	if ch.State != nil && *ch.State != got.State {
		parts = append(parts, "the issue is still "+string(got.State))
	}
	if ch.Description != nil && !safetext.Same(*ch.Description, got.Description) {
		parts = append(parts, "the description differs")
	}
	if !assignedToOneOf(ch.AssigneeIDs, got) {
		parts = append(parts, "the assignee is not set")
	}
	if ch.Due != nil && *ch.Due != got.Due {
		parts = append(parts, "the due date is "+cmp.Or(got.Due.String(), "none"))
	}
	return parts
}

// assignedToOneOf reports whether one of the requested users is assigned: the Free edition allows one assignee.
func assignedToOneOf(ids []int64, got issue.Issue) bool {
	return len(ids) == 0 || slices.ContainsFunc(got.AssigneeIDs, func(id int64) bool { return slices.Contains(ids, id) })
}

// missingLabels are the requested labels that are not set. Of several with one scope a paid edition keeps one.
func missingLabels(add []string, got issue.Issue) []string {
	var parts []string
	for _, l := range add {
		rival := func(other string) bool { return scope(l) != "" && scope(l) == scope(other) && got.Has(other) }
		if !got.Has(strings.TrimSpace(l)) && !slices.ContainsFunc(add, rival) {
			parts = append(parts, fmt.Sprintf("the label %q is not set", l))
		}
	}
	return parts
}

// scope is the part of a label's name before the last "::"; empty for plain labels.
func scope(name string) string {
	if i := strings.LastIndex(name, "::"); i > 0 {
		return name[:i]
	}
	return ""
}

func milestoneName(i issue.Issue) string {
	if i.MilestoneID == 0 {
		return "none"
	}
	return id(i.MilestoneID)
}

// CreateIssue creates an issue, or finds the one that carries the key, through [idempotency.FindOrCreate]: in the end there is exactly one.
// existed reports whether another run created it. An issue that was created with a part missing is returned with an error that matches
// [fault.Dropped]. When a lookup failed the error is an [*idempotency.Error], whose hint says how to retry.
func (c *Client) CreateIssue(ctx context.Context, project string, d issue.Draft, o issue.IdempotencyKey) (created issue.Issue, existed bool,
	err error) {
	key, o, err := c.issueKey(ctx, project, o, "create issue")
	if err != nil {
		return issue.Issue{}, false, err
	}
	created, outcome, err := findOrCreate(ctx, key, o, c.issueCreator(project, d, o))
	return created, outcome == idempotency.Existed && created.ID != 0, err
}

// FindIssue finds the issue that carries the key. Of several the one with the lowest number counts; unless o.LookOnly is set, the token
// user's others are closed as duplicates of it.
func (c *Client) FindIssue(ctx context.Context, project string, o issue.IdempotencyKey) (issue.Issue, bool, error) {
	key, o, err := c.issueKey(ctx, project, o, "find issue")
	if err != nil {
		return issue.Issue{}, false, err
	}
	creator := c.issueCreator(project, issue.Draft{Labels: []string{o.Label}}, o)
	if o.LookOnly {
		found, ok, _, err := idempotency.Peek(ctx, key, creator)
		return found, ok, err
	}
	return idempotency.Find(ctx, key, creator)
}

// FindIssueAmong is [Client.FindIssue]. From the same list it also returns the issues that have another key or none, and the content of the
// key, oldest first. There are none if the key is looked up by a search: see [Client.OpenSince].
func (c *Client) FindIssueAmong(ctx context.Context, project string, o issue.IdempotencyKey) (found issue.Issue, exists bool,
	others []issue.Issue, err error) {
	key, o, err := c.issueKey(ctx, project, o, "find issue")
	if err != nil {
		return issue.Issue{}, false, nil, err
	}
	creator := c.issueCreator(project, issue.Draft{Labels: []string{o.Label}}, o)
	found, exists, err = idempotency.Find(ctx, key, creator)
	return found, exists, creator.others, err
}

// OpenSince lists the open issues with this content that were created since a time, oldest first.
func (c *Client) OpenSince(ctx context.Context, project string, since time.Time, content issue.Content) ([]issue.Issue, error) {
	var found []issue.Issue
	q := issue.Query{State: issue.Opened, CreatedAfter: since}
	for i, err := range c.Issues(ctx, target.ProjectAt(project), q) {
		if err != nil {
			return nil, err
		}
		if content.Matches(i, nil) {
			found = append(found, i)
		}
	}
	return found, nil
}

// postIssue sends one request, never two. Its error matches [fault.Unknown] when the issue may have been created, and
// [fault.Dropped] when it was created with a part missing; then the issue is returned too.
func (c *Client) postIssue(ctx context.Context, project string, d issue.Draft) (issue.Issue, error) {
	if err := usableNames(d.Labels); err != nil {
		return issue.Issue{}, err
	}
	opt := &client.CreateIssueOptions{
		Title: &d.Title, Labels: labelNames(d.Labels), Description: optional(d.Description), MilestoneID: optional(d.MilestoneID),
		Confidential: optional(d.Confidential), DueDate: isoDate(optional(d.Due)),
	}
	if len(d.AssigneeIDs) > 0 {
		opt.AssigneeIDs = &d.AssigneeIDs
	}
	if d.Incident {
		opt.IssueType = new(incidentType)
	}
	drops := func(got issue.Issue) []string { return draftDrops(d, got) }
	send := func() (issue.Issue, error) {
		return create(ctx, c, apiPath(target.ProjectAt(project), "issues"), opt, inProject(project), isDraft(d), drops)
	}
	created, err := send()
	if d.Incident && refusedType(err) {
		opt.IssueType = nil
		created, err = send()
	}
	c.rememberSelf(created.AuthorID)
	return created, err
}

// refusedType reports whether GitLab created nothing because of the type of the issue: a type never keeps an incident from being opened.
func refusedType(err error) bool {
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Status != http.StatusBadRequest {
		return false
	}
	message := strings.ReplaceAll(strings.ToLower(e.Message), "_", " ") // the name of a field is "work_item_type" or "work item type"
	return strings.Contains(message, "issue type") || strings.Contains(message, "work item type")
}

// isDraft recognizes the issue that was created from the draft: by the key in its text or, if it was sent without one, by its title.
func isDraft(d issue.Draft) func(issue.Issue) bool {
	return func(got issue.Issue) bool {
		if _, keyed := idempotency.Read(d.Description); keyed {
			return carriesKey(d.Description, got.Description)
		}
		return sameName(d.Title, got.Title)
	}
}

// draftDrops are the parts of a draft that the new issue does not show.
func draftDrops(d issue.Draft, got issue.Issue) []string {
	parts := missingLabels(d.Labels, got)
	if d.MilestoneID != 0 && got.MilestoneID != d.MilestoneID {
		parts = append(parts, "the milestone is "+milestoneName(got)+", not "+id(d.MilestoneID))
	}
	if !assignedToOneOf(d.AssigneeIDs, got) {
		parts = append(parts, "nobody is assigned")
	}
	if d.Confidential && !got.Confidential {
		parts = append(parts, "it is not confidential")
	}
	if !d.Due.IsZero() && got.Due != d.Due {
		parts = append(parts, "it has no due date")
	}
	if d.Description != "" && !safetext.SameButActions(d.Description, got.Description, d.Actions) {
		parts = append(parts, "the description differs")
	}
	if strings.TrimSpace(d.Title) != got.Title {
		parts = append(parts, fmt.Sprintf("the title is %q", got.Title))
	}
	return parts
}
