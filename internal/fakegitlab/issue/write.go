package issue

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/edit"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/quickaction"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

func create(c *rest.Call) (rest.Reply, error) {
	c.Params.Require("title")
	in := inputOf(c)
	iid := c.Params.Int("iid")
	if err := c.Params.Err(); err != nil {
		return rest.Reply{}, err
	}
	p, err := c.Project()
	if err != nil {
		return rest.Reply{}, err
	}
	if !access.MayCreateIssue(c.User, p) {
		return rest.Reply{}, failure.Forbidden()
	}
	if !c.Limits.Issues.Take(c.User.Username+" "+p.FullPath(), c.Store.Now()).OK {
		return rest.Reply{}, failure.TooMany()
	}
	if !access.MayBackdate(c.User, p) {
		iid, in.change.CreatedAt = param.Opt[int]{}, param.Opt[time.Time]{}
	}
	i, err := newIssue(c, p, in, iid.Value)
	if errors.Is(err, edit.ErrLabelTaken) {
		err = duplicated() // GitLab takes every conflict of a create for one of iids
	}
	if err != nil {
		return rest.Reply{}, err
	}
	return answer(c, http.StatusCreated, i)
}

func duplicated() error { return failure.Conflict("Duplicated issue") }

// newIssue validates and stores an issue, and then sets its labels and the like, which have events.
func newIssue(c *rest.Call, p *store.Project, in input, iid int) (*store.Issue, error) {
	s, by := c.Store, c.User
	described := in.change.Description.OK()
	if in.change.Description.Value == "" {
		in.change.Description = param.Some(p.IssueTemplate)
	}
	rest, commands := quickaction.Extract(in.change.Description.Value, s.Edition)
	if err := quickaction.Refuse(s, c.Token, commands); err != nil {
		return nil, err
	}
	in.change.Description = param.Some(rest)
	if !access.MaySetMetadata(by, p) {
		in = in.withoutMetadata()
	}
	ch, err := resolve(c, in, p)
	if err != nil {
		return nil, err
	}
	ch = ch.ForEdition(s.Edition)
	ch.Title = param.Some(ch.Title.Value)
	if ch.Kind.Value == "incident" && !access.MayPlan(by, p) {
		ch.Kind = param.Opt[string]{} // a Guest gets an ordinary issue
	}
	if errs := edit.Validate(&store.Issue{}, ch); len(errs) > 0 {
		return nil, failure.Model(errs...)
	}
	if kind := cmp.Or(ch.Kind.Value, "issue"); slices.Contains(p.DisabledTypes, kind) {
		return nil, disabledType(kind)
	}
	if p.IssueByIID[iid] != nil {
		return nil, duplicated()
	}
	at := s.Stamp()
	updated := at // an old created_at does not change it
	if ch.CreatedAt.OK() {
		at = ch.CreatedAt.Value
	}
	i := s.AddIssue(&store.Issue{
		Project: p, IID: iid, Author: by, CreatedAt: at, UpdatedAt: updated,
		Title: strings.TrimSpace(ch.Title.Value), Description: rest, Described: described,
		Kind: ch.Kind.Value, Confidential: ch.Confidential.Value, DueDate: ch.DueDate.Value, Assignees: ch.Assignees.Value,
		DiscussionLocked: initialLock(ch, p, by),
	})
	if ch.Weight.OK() {
		s.SetWeight(i, ch.Weight.Pointer(), by, at)
	}
	s.SetLabels(i, edit.LabelsAfter(s, nil, ch), by, at)
	s.SetMilestone(i, ch.Milestone.Value, by, at)
	if i.DueDate != "" {
		// A due date is the only thing about a new issue that gets a system note.
		s.AddNote(i, &store.Note{Body: edit.DueDateNote("", i.DueDate), Author: by, System: true, CreatedAt: at})
	}
	edit.OpenIncident(s, i, by)
	quickaction.Run(s, i, commands, by, true)
	edit.NotifyNew(s, i)
	return i, nil
}

// disabledType is the refusal of a type that the project or a group above it has switched off or archived.
func disabledType(kind string) error {
	name := strings.ToUpper(kind[:1]) + strings.ReplaceAll(kind[1:], "_", " ")
	return failure.OnField("work_item_type", name+" is disabled or archived for this project or group.")
}

// initialLock drops discussion_locked if the user may not plan.
func initialLock(ch edit.Change, p *store.Project, by *store.User) *bool {
	if !access.MayPlan(by, p) {
		return nil
	}
	return ch.Locked.Pointer()
}

// update loads the issue without checking whether the caller may see it, as GitLab does: an outsider learns from the
// 403 that a confidential issue exists.
func update(c *rest.Call) (rest.Reply, error) {
	iid := c.Params.Int("issue_iid")
	in := inputOf(c)
	in.change.State = c.Params.Enum("state_event", "close", "reopen").Value
	in.change.UpdatedAt = c.Params.Time("updated_at")
	fields := updateFields
	if c.Store.Edition.Enterprise() {
		fields = append(slices.Clone(fields), "weight", "epic_id", "epic_iid")
	}
	c.Params.AtLeastOne(fields...)
	if err := c.Params.Err(); err != nil {
		return rest.Reply{}, err
	}
	p, err := c.Project()
	if err != nil {
		return rest.Reply{}, err
	}
	i := p.IssueByIID[iid.Value]
	if i == nil {
		return rest.Reply{}, failure.NoRecord()
	}
	if !access.MayUpdateIssue(c.User, i) {
		return rest.Reply{}, failure.Forbidden()
	}
	if err := editIssue(c, i, in); err != nil {
		return rest.Reply{}, err
	}
	return answer(c, http.StatusOK, i)
}

// editIssue carries out an update. Quick actions are removed from the description, even if no description was sent.
// Those that a sent description adds to the stored one run afterwards.
func editIssue(c *rest.Call, i *store.Issue, in input) error {
	base := edit.BaseOf(i)
	stored, known := quickaction.Extract(i.Description, c.Store.Edition)
	var commands []quickaction.Command
	if d := in.change.Description; d.OK() {
		rest, sent := quickaction.Extract(d.Value, c.Store.Edition)
		in.change.Description = param.Some(rest)
		commands = quickaction.WithoutKnown(sent, known)
		if err := quickaction.Refuse(c.Store, c.Token, commands); err != nil {
			return err
		}
	} else if !d.Set && len(known) > 0 {
		in.change.Description = param.Some(stored)
	}
	if !access.MayPlan(c.User, i.Project) {
		in = in.withoutMetadata()
	}
	ch, err := resolve(c, in, i.Project)
	if err != nil {
		return err
	}
	c.Interrupt()
	if err := edit.ApplyTo(c.Store, i, base, ch, c.User); err != nil {
		return err
	}
	quickaction.Run(c.Store, i, commands, c.User, false)
	return nil
}

// remove has its own 404, and honours If-Unmodified-Since.
func remove(c *rest.Call) (rest.Reply, error) {
	iid := c.Params.Int("issue_iid")
	if err := c.Params.Err(); err != nil {
		return rest.Reply{}, err
	}
	p, err := c.Project()
	if err != nil {
		return rest.Reply{}, err
	}
	i := p.IssueByIID[iid.Value]
	if i == nil {
		return rest.Reply{}, failure.NotFound("Issue")
	}
	if !access.MayDeleteIssue(c.User, i) {
		return rest.Reply{}, failure.Forbidden()
	}
	if err := c.Unmodified(i.UpdatedAt); err != nil {
		return rest.Reply{}, err
	}
	c.Store.DeleteIssue(i)
	return rest.NoContent(), nil
}
