package graphql

import (
	"sort"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// issueField returns a field of an issue, also as a work item or as its own type.
func (r *run) issueField(t *typeDef, i *store.Issue, name string, a args) any {
	switch t.name {
	case "WorkItem":
		if v, ok := workItemField(i, name, a); ok {
			return v
		}
	case "WorkItemType":
		return workItemTypeField(i, name)
	}
	if v, ok := ownField(i, name); ok {
		return v
	}
	return r.seenField(i, name, a)
}

// ownField returns a field that is the same for everybody.
func ownField(i *store.Issue, name string) (any, bool) {
	switch name {
	case "id":
		return globalID("Issue", i.ID), true
	case "iid":
		return itoa(i.IID), true
	case "projectId":
		return i.Project.ID, true
	case "title":
		return i.Title, true
	case "description":
		return textOrNull(i.Description), true
	case "state":
		return i.State(), true
	case "type":
		return strings.ToUpper(i.Kind), true
	case "severity":
		return i.Severity(), true
	case "escalationStatus":
		return escalation(i), true
	case "confidential":
		return i.Confidential, true
	case "discussionLocked":
		return i.DiscussionLocked != nil && *i.DiscussionLocked, true
	case "author":
		return orNull(i.Author), true
	case "createdAt":
		return i.CreatedAt, true
	case "updatedAt":
		return i.UpdatedAt, true
	case "closedAt":
		return instant(i.ClosedAt), true
	case "dueDate":
		return textOrNull(i.DueDate), true
	case "timeEstimate":
		return i.TimeEstimate, true
	case "totalTimeSpent":
		return i.TimeSpent, true
	case "labels":
		return labelsByName(i), true
	case "assignees":
		return list(i.Assignees), true
	case "milestone":
		return orNull(i.Milestone), true
	case "moved":
		return i.MovedTo != nil, true
	case "weight":
		return weight(i), true
	}
	return nil, false
}

// seenField returns a field that depends on the caller or on arguments.
func (r *run) seenField(i *store.Issue, name string, a args) any {
	switch name {
	case "reference":
		if full, _ := a["full"].(bool); full {
			return i.Reference(nil)
		}
		return i.Reference(i.Project)
	case "webUrl":
		return r.url(pathOf(i))
	case "webPath":
		return r.call.Base.Root + "/" + pathOf(i)
	case "notes":
		return r.notesOf(i)
	case "subscribed":
		return i.Subscribed(r.user())
	case "movedTo":
		return orNull(r.readable(i.MovedTo))
	}
	return orNull(r.readable(i.Duplicate))
}

func weight(i *store.Issue) any {
	if i.Weight == nil {
		return nil
	}
	return *i.Weight
}

// pathOf is the path of an issue's page. Tasks have one of their own.
func pathOf(i *store.Issue) string {
	page := "issues"
	if i.Kind == "task" {
		page = "work_items"
	}
	return i.Project.FullPath() + "/-/" + page + "/" + itoa(i.IID)
}

func escalation(i *store.Issue) any {
	switch {
	case !i.IsIncident():
		return nil
	case i.Incident != nil && i.Incident.Resolved:
		return "RESOLVED"
	}
	return "TRIGGERED"
}

func labelsByName(i *store.Issue) []any {
	all := list(i.Labels)
	sort.Slice(all, func(a, b int) bool { return all[a].(*store.Label).Name < all[b].(*store.Label).Name })
	return all
}

// list returns a list as the executor takes it.
func list[T any](all []T) []any {
	out := make([]any, len(all))
	for n, item := range all {
		out[n] = item
	}
	return out
}

func labelField(l *store.Label, name string) any {
	switch name {
	case "id":
		if l.Parent.Project == nil {
			return globalID("GroupLabel", l.ID)
		}
		return globalID("ProjectLabel", l.ID)
	case "title":
		return l.Name
	case "color":
		return l.Color
	case "description":
		return textOrNull(l.Description)
	case "createdAt":
		return l.CreatedAt
	}
	return l.UpdatedAt
}

func milestoneField(m *store.Milestone, name string) any {
	switch name {
	case "id":
		return globalID("Milestone", m.ID)
	case "iid":
		return itoa(m.IID)
	case "title":
		return m.Title
	case "description":
		return textOrNull(m.Description)
	case "state":
		return m.State()
	case "startDate":
		return textOrNull(m.StartDate)
	case "dueDate":
		return textOrNull(m.DueDate)
	case "createdAt":
		return m.CreatedAt
	}
	return m.UpdatedAt
}
