package fakegitlab

import (
	"slices"
	"strings"
	"time"
)

// issueChange is what a request, or the quick actions in a text, want of an issue. Labels, milestones and users have
// been looked up already; what could not be found is not in it.
type issueChange struct {
	title       opt[string]
	description opt[string]
	kind        opt[string]
	// labels replaces the set, then addLabels come, then removeLabels go.
	labels       opt[[]*label]
	addLabels    []*label
	removeLabels []*label
	milestone    opt[*milestone] // null clears
	assignees    opt[[]*user]
	dueDate      opt[string] // null clears
	weight       opt[int]    // null clears
	confidential opt[bool]
	locked       opt[bool]
	state        string // close, reopen or nothing
	duplicateOf  *issue
	timeEstimate opt[int] // seconds
	timeSpent    opt[int] // seconds, the new total
	createdAt    opt[time.Time]
	updatedAt    opt[time.Time]
}

// change carries out c on the issue in GitLab's order: what by has no right to is dropped, closing and reopening is
// saved, and only then the rest is validated and saved together. So an error may leave the issue closed.
func change(s *store, i *issue, ch issueChange, by *user) error {
	at := s.stamp()
	ch = permitted(s, i, ch, by)
	changeState(s, i, ch, by, at)
	if errs := validateIssue(i, ch); len(errs) > 0 {
		return errModel(errs...)
	}
	save(s, i, ch, by, at)
	return nil
}

// permitted drops in silence what by may not set on an existing issue.
func permitted(s *store, i *issue, ch issueChange, by *user) issueChange {
	if !mayUpdateIssue(by, i) {
		return issueChange{}
	}
	if !mayPlan(by, i.project) {
		ch = ch.withoutMetadata()
		ch.locked = opt[bool]{}
		ch.confidential = opt[bool]{}
	}
	if !mayBackdate(by, i.project) {
		ch.createdAt, ch.updatedAt = opt[time.Time]{}, opt[time.Time]{}
	}
	return ch.forEdition(s.edition)
}

func (ch issueChange) withoutMetadata() issueChange {
	ch.labels, ch.addLabels, ch.removeLabels = opt[[]*label]{}, nil, nil
	ch.milestone = opt[*milestone]{}
	ch.assignees = opt[[]*user]{}
	ch.dueDate = opt[string]{}
	ch.weight = opt[int]{}
	ch.timeEstimate, ch.timeSpent = opt[int]{}, opt[int]{}
	return ch
}

// forEdition keeps the first assignee and no weight on Free.
func (ch issueChange) forEdition(e Edition) issueChange {
	if e.paid() {
		return ch
	}
	ch.weight = opt[int]{}
	if len(ch.assignees.v) > 1 {
		ch.assignees.v = ch.assignees.v[:1]
	}
	return ch
}

func changeState(s *store, i *issue, ch issueChange, by *user, at time.Time) {
	switch ch.state {
	case "close":
		s.setState(i, true, by, at)
	case "reopen":
		if i.discussionLocked == nil || !*i.discussionLocked {
			s.setState(i, false, by, at)
		}
	}
	if ch.duplicateOf != nil && ch.duplicateOf != i {
		i.duplicate = ch.duplicateOf
		s.setState(i, true, by, at)
		s.systemNote(i, by, "marked this issue as a duplicate of "+ch.duplicateOf.reference(i.project))
		s.systemNote(ch.duplicateOf, by, "marked "+i.reference(ch.duplicateOf.project)+" as a duplicate of this issue")
	}
}

// maxTitle and maxDescription are in characters.
const (
	maxTitle       = 255
	maxDescription = 1 << 20
)

// validateIssue checks what is about to be set. A description that does not change is not held against its length.
func validateIssue(i *issue, ch issueChange) []fieldError {
	var errs []fieldError
	if ch.title.set {
		switch title := strings.TrimSpace(ch.title.v); {
		case title == "":
			errs = append(errs, onField("title", "can't be blank"))
		case tooLong(title, maxTitle):
			errs = append(errs, onField("title", "is too long (maximum is 255 characters)"))
		}
	}
	if d := ch.description.v; d != i.description && tooLong(d, maxDescription) {
		errs = append(errs, onField("description", "is too long (maximum is 1048576 characters)"))
	}
	if ch.weight.ok() && ch.weight.v < 0 {
		errs = append(errs, onField("weight", "must be greater than or equal to 0"))
	}
	return errs
}

// save sets all fields and records what GitLab records: events for labels and milestone, system notes for the rest.
func save(s *store, i *issue, ch issueChange, by *user, at time.Time) {
	edited := saveText(s, i, ch, by)
	edited = saveFields(s, i, ch, by) || edited
	if ch.milestone.set {
		edited = s.setMilestone(i, ch.milestone.v, by, at) || edited
	}
	relabelled := s.setLabels(i, labelsAfter(s, i, ch), by, at)
	switch {
	case edited:
		i.updatedAt = later(i.updatedAt, at)
	case relabelled:
		s.touch(i, at)
	}
	if ch.createdAt.ok() {
		i.project.unfileIssue(i)
		i.createdAt = ch.createdAt.v
		i.project.fileIssue(i)
	}
	if ch.updatedAt.ok() {
		i.updatedAt = ch.updatedAt.v
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func saveText(s *store, i *issue, ch issueChange, by *user) bool {
	edited := false
	if title := strings.TrimSpace(ch.title.v); ch.title.set && title != i.title {
		s.systemNote(i, by, titleNote(i.title, title))
		i.title, edited = title, true
	}
	if ch.description.set && ch.description.v != i.description {
		for _, text := range descriptionNotes(i.description, ch.description.v) {
			s.systemNote(i, by, text)
		}
		i.description, edited = ch.description.v, true
	}
	return edited
}

func saveFields(s *store, i *issue, ch issueChange, by *user) bool {
	edited := false
	if ch.assignees.set && !slices.Equal(ch.assignees.v, i.assignees) {
		if text := assigneesNote(i.assignees, ch.assignees.v); text != "" {
			s.systemNote(i, by, text)
		}
		i.assignees, edited = ch.assignees.v, true
	}
	if ch.dueDate.set && ch.dueDate.v != i.dueDate {
		s.systemNote(i, by, dueDateNote(ch.dueDate.v))
		i.dueDate, edited = ch.dueDate.v, true
	}
	if ch.confidential.ok() && ch.confidential.v != i.confidential {
		s.systemNote(i, by, confidentialNote(ch.confidential.v))
		i.confidential, edited = ch.confidential.v, true
	}
	if ch.locked.set && !sameOptional(ch.locked, i.discussionLocked) {
		if was := i.discussionLocked != nil && *i.discussionLocked; was != ch.locked.v {
			s.systemNote(i, by, lockNote(ch.locked.v))
		}
		i.discussionLocked, edited = ch.locked.pointer(), true
	}
	if ch.weight.set && !sameOptional(ch.weight, i.weight) {
		i.weight, edited = ch.weight.pointer(), true
	}
	if ch.kind.ok() && ch.kind.v != i.kind {
		i.kind, edited = ch.kind.v, true
	}
	edited = assign(&i.timeEstimate, ch.timeEstimate) || edited
	return assign(&i.timeSpent, ch.timeSpent) || edited
}

// assign sets a field that has no null and reports whether it changed.
func assign[T comparable](field *T, o opt[T]) bool {
	if !o.set || *field == o.v {
		return false
	}
	*field = o.v
	return true
}

// pointer is nil for null and for what was not sent.
func (o opt[T]) pointer() *T {
	if !o.ok() {
		return nil
	}
	return &o.v
}

func sameOptional[T comparable](o opt[T], p *T) bool {
	if o.null || p == nil {
		return o.null && p == nil
	}
	return o.v == *p
}
