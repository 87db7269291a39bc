package edit

import (
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// SaveNew makes a change to an issue that the same request creates, which does not count as an update of it.
func SaveNew(s *store.Store, i *store.Issue, ch Change, by *store.User, at time.Time) {
	updated, updatedBy, version := i.UpdatedAt, i.UpdatedBy, i.Version
	save(s, i, i.Labels, ch, by, at)
	i.UpdatedAt, i.UpdatedBy, i.Version = updated, updatedBy, version
}

// save sets all fields of an issue that had some labels when it was read, and records what GitLab records: events for
// labels and milestone, system notes for the rest.
//
// Who updated an issue last is a field of it too. So the first update by somebody else moves updated_at, even if it
// changes nothing, while one of labels and assignees by the same user only touches the issue.
func save(s *store.Store, i *store.Issue, had []*store.Label, ch Change, by *store.User, at time.Time) {
	title, description, assignees := i.Title, i.Description, i.Assignees
	edited := saveText(s, i, ch, by)
	if edited {
		i.Edited = &store.Edit{By: by, At: at}
	}
	attached := saveAssignees(s, i, ch, by)
	edited = saveFields(s, i, ch, by, at) || edited
	if ch.Milestone.Set {
		edited = s.SetMilestone(i, ch.Milestone.Value, by, at) || edited
	}
	added, removed := i.Relabel(had, LabelsAfter(s, had, ch))
	s.RecordLabels(i, added, removed, by, at)
	attached = attached || len(added)+len(removed) > 0
	switch {
	case edited || i.UpdatedBy != by:
		i.UpdatedAt = store.Later(i.UpdatedAt, at)
		i.UpdatedBy, i.Version = by, i.Version+1
	case attached:
		s.Touch(i, at)
	}
	if edited || attached {
		s.FinishTodos(i, by, at)
	}
	notifyAssigned(s, i, assignees, by)
	notify(s, &store.Todo{Issue: i, Author: by}, i.Title, title)
	notify(s, &store.Todo{Issue: i, Author: by}, i.Description, description)
	refer(s, i, by, i.Title, title)
	refer(s, i, by, i.Description, description)
	if ch.CreatedAt.OK() {
		i.Project.UnfileIssue(i)
		i.CreatedAt = ch.CreatedAt.Value
		i.Project.FileIssue(i)
	}
	if ch.UpdatedAt.OK() {
		i.UpdatedAt = ch.UpdatedAt.Value
	}
}

func saveText(s *store.Store, i *store.Issue, ch Change, by *store.User) bool {
	edited := false
	if title := strings.TrimSpace(ch.Title.Value); ch.Title.Set && title != i.Title {
		s.SystemNote(i, by, titleText(i.Title, title))
		i.Title, edited = title, true
	}
	if ch.Description.Set && ch.Description.Value != i.Description {
		for _, text := range descriptionNotes(i.Description, ch.Description.Value) {
			s.SystemNote(i, by, text)
		}
		i.Description, edited = ch.Description.Value, true
	}
	if ch.Description.Set {
		i.Described = ch.Description.OK()
	}
	return edited
}

func saveAssignees(s *store.Store, i *store.Issue, ch Change, by *store.User) bool {
	if !ch.Assignees.Set || slices.Equal(ch.Assignees.Value, i.Assignees) {
		return false
	}
	if text := assigneesNote(i.Assignees, ch.Assignees.Value); text != "" {
		s.SystemNote(i, by, text)
	}
	i.Assignees = ch.Assignees.Value
	return true
}

func saveFields(s *store.Store, i *store.Issue, ch Change, by *store.User, at time.Time) bool {
	edited := false
	if ch.DueDate.Set && ch.DueDate.Value != i.DueDate {
		s.SystemNote(i, by, DueDateNote(i.DueDate, ch.DueDate.Value))
		i.DueDate, edited = ch.DueDate.Value, true
	}
	if ch.Confidential.OK() && ch.Confidential.Value != i.Confidential {
		s.SystemNote(i, by, confidentialNote(ch.Confidential.Value))
		i.Confidential, edited = ch.Confidential.Value, true
	}
	if ch.Locked.Set && !param.SameOptional(ch.Locked, i.DiscussionLocked) {
		if was := i.DiscussionLocked != nil && *i.DiscussionLocked; was != ch.Locked.Value {
			s.SystemNote(i, by, lockNote(ch.Locked.Value))
		}
		i.DiscussionLocked, edited = ch.Locked.Pointer(), true
	}
	if ch.Weight.Set && !param.SameOptional(ch.Weight, i.Weight) {
		s.SetWeight(i, ch.Weight.Pointer(), by, at)
		edited = true
	}
	edited = saveIncident(s, i, ch, by) || edited
	edited = param.Assign(&i.TimeEstimate, ch.TimeEstimate) || edited
	return param.Assign(&i.TimeSpent, ch.TimeSpent) || edited
}
