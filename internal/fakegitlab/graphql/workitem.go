package graphql

import (
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// workItemField returns the fields in which a work item differs from an issue.
func workItemField(i *store.Issue, name string, a args) (any, bool) {
	switch name {
	case "id":
		return globalID("WorkItem", i.ID), true
	case "state":
		if i.Closed {
			return "CLOSED", true
		}
		return "OPEN", true
	case "archived":
		return i.Project.Archived, true
	case "project":
		return i.Project, true
	case "namespace":
		return namespaceOfProject(i.Project), true
	case "workItemType":
		return i, true
	case "widgets":
		return widgetsOf(i, a), true
	}
	return nil, false
}

// workItemTypeField returns a field of the type of a work item. The types' ids are the same on every server.
func workItemTypeField(i *store.Issue, name string) any {
	if name == "name" {
		return strings.ToUpper(i.Kind[:1]) + strings.ReplaceAll(i.Kind[1:], "_", " ")
	}
	for id, kind := range []string{"", "issue", "incident", "test_case", "requirement", "task", "objective", "key_result", "epic", "ticket"} {
		if kind == i.Kind {
			return globalID("WorkItems::Type", id)
		}
	}
	return nil
}

// widget is one part of a work item.
type widget struct {
	kind  string
	issue *store.Issue
}

// widgetTypeName returns WorkItemWidgetAwardEmoji for AWARD_EMOJI.
func widgetTypeName(kind string) string {
	name := "WorkItemWidget"
	for word := range strings.SplitSeq(kind, "_") {
		name += word[:1] + strings.ToLower(word[1:])
	}
	return name
}

func widgetsOf(i *store.Issue, a args) any {
	missing := strings.Fields(missingWidgets(i.Kind))
	only, except := a.words("onlyTypes"), a.words("exceptTypes")
	all := []any{}
	for kind := range strings.FieldsSeq(allWidgets) {
		if !contains(missing, kind) && !contains(except, kind) && (only == nil || contains(only, kind)) {
			all = append(all, widget{kind, i})
		}
	}
	return all
}

func (w widget) field(name string) any {
	switch name {
	case "type":
		return w.kind
	case "edited":
		return w.issue.Edited != nil
	case "lastEditedAt":
		if w.issue.Edited == nil {
			return nil
		}
		return w.issue.Edited.At
	case "lastEditedBy":
		return editor(w.issue.Edited)
	}
	v, _ := ownField(w.issue, name)
	return v
}
