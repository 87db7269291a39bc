package change

import (
	"context"
	"slices"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// course returns the course of a change by its comments. A start counts if its author has the Developer role or above in the production
// queue, and an override only in a comment that nobody edited. Roles are mostly known from reading the comments.
func (c Changes) course(ctx context.Context, s *Status) (change.Course, error) {
	events := eventlog.Events(s.Notes, change.Kind)
	var starters []int64
	moved := false
	for _, e := range events {
		switch change.Verb(e.Verb) {
		case change.Start:
			starters = append(starters, e.AuthorID)
			moved = true
		case change.Finish, change.Abort:
			moved = true
		}
	}
	if !moved {
		return change.Course{Over: change.UnknownState}, nil
	}
	var err error
	if len(s.Votes) == 0 {
		if s.reopenedAt, err = c.reopened(ctx, s.Issue.Ref); err != nil {
			return change.Course{}, err
		}
	}
	roles, err := c.Read.AccessOf(ctx, target.ProjectAt(c.Project), starters)
	if err != nil {
		return change.Course{}, err
	}
	course := change.CourseOf(events, s.reopenedAt, func(e eventlog.Event) bool { return roles[e.AuthorID] >= instance.Developer })
	return c.unedited(ctx, s, course)
}

// unedited takes the override out of a start whose comment was edited after it was written.
func (c Changes) unedited(ctx context.Context, s *Status, course change.Course) (change.Course, error) {
	id := course.Began.NoteID
	if course.Began.Override == "" || !touched(s.Notes, id) {
		return course, nil
	}
	editors, err := c.Read.NoteEditors(ctx, []int64{id})
	if err != nil {
		return course, err
	}
	if editor, known := editors[id]; !known {
		return course, doubt(s, "cannot tell if the comment of the start was edited after it was written")
	} else if editor != "" {
		course.Began.Override = ""
	}
	return course, nil
}

// doubtful is the cause of an error about something that is unknown although GitLab answered.
type doubtful string

// Error is what is unknown.
func (d doubtful) Error() string { return string(d) }

// doubt returns an error of kind Unreachable about the approval of a change, with the way out.
func doubt(s *Status, text string) error {
	return fault.Wrap(fault.Unreachable, doubtful(text), "To approve it again: "+workflow.Command("change approve %s", s.Issue.Ref), "%s",
		s.Issue.Ref)
}

// mayStart reports whether a change in progress can be started again: nobody with the Developer role has, or the plan was changed since.
func (c Changes) mayStart(ctx context.Context, s *Status) (bool, error) {
	if s.State != change.InProgress {
		return false, nil
	}
	course, err := c.course(ctx, s)
	return err == nil && course.Over == change.UnknownState && !course.Began.Covers(s.Change), err
}

// ownStart finds the start that this user has recorded with the same text. With --override only one of the current plan, with an override,
// is the same: then the gate accepts it.
func (e *Event) ownStart(s Status, user int64) (eventlog.Event, bool) {
	text := eventlog.Sanitize(e.Inputs.Text)
	for _, old := range slices.Backward(eventlog.Events(s.Notes, change.Kind)) {
		own := change.Verb(old.Verb) == change.Start && old.AuthorID == user && old.Text == text && old.Posted.After(s.reopenedAt)
		accepted := old.Fields[change.FieldOverride] != "" && old.Fields[change.FieldPlan] == s.Digest
		if own && (e.Inputs.Override == "" || accepted) {
			return old, true
		}
	}
	return eventlog.Event{}, false
}

// Unproven returns the error for something that a gate depends on and that is unknown although GitLab answered: --fail-open does not open
// it.
func Unproven(text, hint string) error {
	return fault.Wrap(fault.Unreachable, doubtful(text), hint, "%s", text)
}
