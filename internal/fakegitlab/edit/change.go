// Package edit changes issues the way GitLab does, for requests and quick actions alike: it drops what the caller
// has no right to, refuses what is invalid, and writes events and system notes. Start with Change and Apply. It
// knows nothing about requests.
package edit

import (
	"reflect"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// Change is the set of changes that a request, or the quick actions in a text, make to an issue. Labels, milestones
// and users are already looked up; those that were not found are left out.
type Change struct {
	Title       param.Opt[string]
	Description param.Opt[string]
	Kind        param.Opt[string]
	Promote     bool              // the kind changes by quick action, for which the right to update is enough
	Severity    param.Opt[string] // of incidents: unknown, low, medium, high, critical
	// Labels replaces the set; then AddLabels are added and RemoveLabels removed.
	Labels       param.Opt[[]*store.Label]
	AddLabels    []*store.Label
	RemoveLabels []*store.Label
	Milestone    param.Opt[*store.Milestone] // null clears
	Assignees    param.Opt[[]*store.User]
	DueDate      param.Opt[string] // null clears
	Weight       param.Opt[int]    // null clears
	Confidential param.Opt[bool]
	Locked       param.Opt[bool]
	State        string // close, reopen or ""
	DuplicateOf  *store.Issue
	TimeEstimate param.Opt[int] // seconds
	TimeSpent    param.Opt[int] // seconds, the new total
	CreatedAt    param.Opt[time.Time]
	UpdatedAt    param.Opt[time.Time]
}

// Base is what a request has read of an issue before it changes it. Other requests may change the issue in between.
type Base struct {
	labels    []*store.Label
	updatedBy *store.User
	version   int
}

// BaseOf returns the present state of an issue.
func BaseOf(i *store.Issue) Base { return Base{i.Labels, i.UpdatedBy, i.Version} }

// Apply is ApplyTo the present state of the issue.
func Apply(s *store.Store, i *store.Issue, ch Change, by *store.User) error {
	return ApplyTo(s, i, BaseOf(i), ch, by)
}

// ApplyTo makes the change to the issue in GitLab's order: it drops what by has no right to, saves closing or
// reopening, and only then validates and saves the rest together. So an error can leave the issue closed.
//
// Labels are saved before the validation and before the check that nobody else has changed the issue since it was read:
// after either error the issue has its new labels, without events.
func ApplyTo(s *store.Store, i *store.Issue, base Base, ch Change, by *store.User) error {
	at := s.Stamp()
	ch = permitted(s, i, ch, by)
	changed := i.Version != base.version
	if s.IssueByID[i.ID] == nil || changed && ch.State != "" && i.Closed != (ch.State == "close") {
		return locked()
	}
	changeState(s, i, ch, by, at)
	want := LabelsAfter(s, base.labels, ch)
	if errs := append(Validate(i, ch), kindFaults(i, ch, by)...); len(errs) > 0 {
		i.Relabel(base.labels, want)
		return failure.Model(errs...)
	}
	if changed && (base.updatedBy != by || !ch.onlyLabels()) {
		i.Relabel(base.labels, want)
		return locked()
	}
	save(s, i, base.labels, ch, by, at)
	return nil
}

// locked is the refusal of a change to an issue that somebody else has changed since it was read.
func locked() error { return failure.Conflict("Conflict: Resource lock") }

// onlyLabels reports whether the change is about nothing but labels.
func (ch Change) onlyLabels() bool {
	ch.Labels, ch.AddLabels, ch.RemoveLabels = param.Opt[[]*store.Label]{}, nil, nil
	return reflect.DeepEqual(ch, Change{})
}

// permitted silently drops what by may not set on an existing issue.
func permitted(s *store.Store, i *store.Issue, ch Change, by *store.User) Change {
	if !access.MayUpdateIssue(by, i) {
		return Change{}
	}
	if !access.MayPlan(by, i.Project) {
		ch = ch.WithoutMetadata()
		ch.Locked = param.Opt[bool]{}
		ch.Confidential = param.Opt[bool]{}
	}
	if !access.MayBackdate(by, i.Project) {
		ch.CreatedAt, ch.UpdatedAt = param.Opt[time.Time]{}, param.Opt[time.Time]{}
	}
	return ch.ForEdition(s.Edition)
}

// WithoutMetadata drops the fields that only planners may set: labels, milestone, assignees, due date, weight and
// times.
func (ch Change) WithoutMetadata() Change {
	ch.Labels, ch.AddLabels, ch.RemoveLabels = param.Opt[[]*store.Label]{}, nil, nil
	ch.Milestone = param.Opt[*store.Milestone]{}
	ch.Assignees = param.Opt[[]*store.User]{}
	ch.DueDate = param.Opt[string]{}
	ch.Weight = param.Opt[int]{}
	ch.TimeEstimate, ch.TimeSpent = param.Opt[int]{}, param.Opt[int]{}
	return ch
}

// ForEdition reduces the change to what the edition supports: on Free one assignee and no weight.
func (ch Change) ForEdition(e store.Edition) Change {
	if e.Paid() {
		return ch
	}
	ch.Weight = param.Opt[int]{}
	if len(ch.Assignees.Value) > 1 {
		ch.Assignees.Value = ch.Assignees.Value[:1]
	}
	return ch
}

func changeState(s *store.Store, i *store.Issue, ch Change, by *store.User, at time.Time) {
	switch ch.State {
	case "close":
		if setState(s, i, true, by, at) {
			s.FinishTodos(i, by, at)
		}
	case "reopen":
		if i.DiscussionLocked == nil || !*i.DiscussionLocked {
			setState(s, i, false, by, at)
		}
	}
	if ch.DuplicateOf != nil && ch.DuplicateOf != i {
		i.Duplicate = ch.DuplicateOf
		setState(s, i, true, by, at)
		s.SystemNote(i, by, "marked this issue as a duplicate of "+ch.DuplicateOf.Reference(i.Project))
		s.SystemNote(ch.DuplicateOf, by, "marked "+i.Reference(ch.DuplicateOf.Project)+" as a duplicate of this issue")
	}
}

// Validate checks the new values. The size of a description is checked only if it changes.
func Validate(i *store.Issue, ch Change) []failure.Field {
	var errs []failure.Field
	if ch.Title.Set {
		switch title := strings.TrimSpace(ch.Title.Value); {
		case title == "":
			errs = append(errs, failure.On("title", "can't be blank"))
		case param.TooLong(title, param.MaxTitle):
			errs = append(errs, failure.On("title", "is too long (maximum is 255 characters)"))
		}
	}
	if d := ch.Description.Value; d != i.Description && len(d) > param.MaxDescription {
		errs = append(errs, failure.On("description", "is too long ("+param.Mebibytes(len(d))+"). The maximum size is 1 MiB."))
	}
	if len(ch.DueDate.Value) > len(time.DateOnly) {
		errs = append(errs, failure.On("dates_source.due_date", "date must not be after 9999-12-31"))
	}
	if ch.Weight.OK() && ch.Weight.Value < 0 {
		errs = append(errs, failure.On("weight", "must be greater than or equal to 0"))
	}
	return errs
}
