package gitlab

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	client "gitlab.com/gitlab-org/api/client-go/v2"

	"gitlab.com/prodctl/prodctl/internal/idempotency"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// UpdateIssue changes an issue in one request and compares the answer with what was asked: GitLab leaves out labels,
// milestone and state in silence where the token may not set them or a milestone is closed or unknown, and assignees who may not
// read the project; lines of a description that are quick actions it carries out and takes away.
// A scoped label that took the place of another is as asked, and so is one of several assignees.
func (c *Client) UpdateIssue(ctx context.Context, ref issue.Ref, ch issue.Change) (issue.Issue, error) {
	if err := noCommas(slices.Concat(ch.AddLabels, ch.RemoveLabels)); err != nil {
		return issue.Issue{}, err
	}
	if ch.Empty() {
		return c.Issue(ctx, ref)
	}
	drops := func(got issue.Issue) []string { return issueDrops(ch, got) }
	return send(ctx, c, http.MethodPut, issuePath(ref), changeOptions(ch), inProject(ref.Project), drops)
}

// changeOptions is the change in GitLab's words.
func changeOptions(ch issue.Change) *client.UpdateIssueOptions {
	opt := &client.UpdateIssueOptions{
		MilestoneID: ch.MilestoneID, AddLabels: labelNames(ch.AddLabels), RemoveLabels: labelNames(ch.RemoveLabels),
		Title: ch.Title, Description: ch.Description, DueDate: isoDate(ch.Due),
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
		parts = append(parts, "the milestone is "+milestoneName(got)+" and not "+id(*ch.MilestoneID))
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
	if ch.Title != nil && strings.TrimSpace(*ch.Title) != got.Title {
		parts = append(parts, fmt.Sprintf("the title is %q", got.Title))
	}
	if ch.Description != nil && !safetext.Same(*ch.Description, got.Description) {
		parts = append(parts, "the description was stored differently")
	}
	if !assignedToOneOf(ch.AssigneeIDs, got) {
		parts = append(parts, "it is not assigned as asked")
	}
	if ch.Due != nil && *ch.Due != got.Due {
		parts = append(parts, "the due date is "+cmp.Or(got.Due.String(), "none"))
	}
	return parts
}

// assignedToOneOf reports whether one of those that were asked for is assigned: Free takes one person and no more.
func assignedToOneOf(ids []int64, got issue.Issue) bool {
	return len(ids) == 0 || slices.ContainsFunc(got.AssigneeIDs, func(id int64) bool { return slices.Contains(ids, id) })
}

// missingLabels are the labels that were to be set and are not. Of several with one scope a paid edition keeps one.
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

// scope is what stands before the last "::" of a label's name; empty for plain labels.
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

// CreateIssue makes an issue, or finds the one that carries the key, through [idempotency.FindOrCreate]: there is one in the end. existed
// says that another run made it. An issue that was made with something left out is returned with an error that matches [fault.Dropped];
// what is known when a look failed, and how to go on, is in an [*idempotency.Error].
func (c *Client) CreateIssue(ctx context.Context, project string, d issue.Draft, o issue.IdempotencyKey) (made issue.Issue, existed bool,
	err error) {
	key, err := newKey(o, "make an issue once")
	if err != nil {
		return issue.Issue{}, false, err
	}
	made, outcome, err := findOrCreate(ctx, key, o, c.issueCreator(project, d, o))
	return made, outcome == idempotency.Existed && made.ID != 0, err
}

// FindIssue looks for the issue that carries the key. When there are several the one with the lowest number counts, and the others that the
// token's user has made are closed as duplicates of it.
func (c *Client) FindIssue(ctx context.Context, project string, o issue.IdempotencyKey) (issue.Issue, bool, error) {
	key, err := newKey(o, "look for an issue")
	if err != nil {
		return issue.Issue{}, false, err
	}
	return idempotency.Find(ctx, key, c.issueCreator(project, issue.Draft{Labels: []string{o.Label}}, o))
}

// postIssue sends one request and no second one. Its error matches [fault.Unknown] when the issue may have been made, and
// [fault.Dropped] when it was made with something left out; the issue is then returned too.
func (c *Client) postIssue(ctx context.Context, project string, d issue.Draft) (issue.Issue, error) {
	if err := noCommas(d.Labels); err != nil {
		return issue.Issue{}, err
	}
	opt := &client.CreateIssueOptions{
		Title: &d.Title, Labels: labelNames(d.Labels), Description: optional(d.Description), MilestoneID: optional(d.MilestoneID),
		Confidential: optional(d.Confidential), DueDate: isoDate(optional(d.Due)),
	}
	if len(d.AssigneeIDs) > 0 {
		opt.AssigneeIDs = &d.AssigneeIDs
	}
	drops := func(got issue.Issue) []string { return draftDrops(d, got) }
	made, err := send(ctx, c, http.MethodPost, apiPath(target.ProjectAt(project), "issues"), opt, inProject(project), drops)
	c.rememberSelf(made.AuthorID)
	return made, err
}

// draftDrops are the parts of a draft that the new issue does not show.
func draftDrops(d issue.Draft, got issue.Issue) []string {
	parts := missingLabels(d.Labels, got)
	if d.MilestoneID != 0 && got.MilestoneID != d.MilestoneID {
		parts = append(parts, "the milestone is "+milestoneName(got)+" and not "+id(d.MilestoneID))
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
	if d.Description != "" && !safetext.Same(d.Description, got.Description) {
		parts = append(parts, "the description was stored differently")
	}
	if strings.TrimSpace(d.Title) != got.Title {
		parts = append(parts, fmt.Sprintf("the title is %q", got.Title))
	}
	return parts
}
