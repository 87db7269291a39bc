package graphql

import (
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/edit"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

func (r *run) projectField(p *store.Project, name string, a args) (any, error) {
	switch name {
	case "id":
		return globalID("Project", p.ID), nil
	case "archived":
		return p.Archived, nil
	case "issuesEnabled":
		return access.MayReadIssues(r.user(), p), nil
	case "openIssuesCount":
		if !access.MayReadIssues(r.user(), p) {
			return nil, nil
		}
		return p.OpenIssues, nil
	case "createdAt":
		return p.CreatedAt, nil
	case "webUrl":
		return r.url(p.FullPath()), nil
	case "group":
		return orNull(r.parentGroup(p.Group)), nil
	case "namespace":
		return namespaceOfGroup(r.parentGroup(p.Group)), nil
	case "issue":
		return orNull(r.issueIn(p, a)), nil
	case "incidentManagementTimelineEvents":
		return r.timelineOf(p, a), nil
	case "incidentManagementTimelineEventTags":
		return list(edit.TimelineTags), nil
	case "incidentManagementOncallSchedules":
		return []any{}, nil
	case "iterations":
		return r.paid()
	}
	return namespaceOfProject(p).field(name), nil
}

// paid is an empty list on the paid plans; on Free it may not be read.
func (r *run) paid() (any, error) {
	if !r.store().Edition.Paid() {
		return nil, errUnavailable
	}
	return []any{}, nil
}

// parentGroup returns the group if the caller may read it.
func (r *run) parentGroup(g *store.Group) *store.Group {
	if g == nil {
		return nil
	}
	return r.groupAt(g.FullPath())
}

// issueIn finds the issue with the iid, or the newest of several.
func (r *run) issueIn(p *store.Project, a args) *store.Issue {
	if iid := a.text("iid"); iid != "" {
		return r.issueAt(p, iid)
	}
	several, _ := a["iids"].([]any)
	var newest *store.Issue
	for _, iid := range several {
		text, _ := iid.(string)
		if i := r.issueAt(p, text); i != nil && (newest == nil || i.ID > newest.ID) {
			newest = i
		}
	}
	return newest
}

func (r *run) groupField(g *store.Group, name string) (any, error) {
	switch name {
	case "createdAt":
		return g.CreatedAt, nil
	case "webUrl":
		return r.url("groups/" + g.FullPath()), nil
	case "parent":
		return orNull(r.parentGroup(g.Parent)), nil
	case "iterations":
		return r.paid()
	}
	return namespaceOfGroup(g).(namespace).field(name), nil
}

// namespace is a group, or a project seen as a namespace of work items.
type namespace struct {
	id, name, fullName, path, fullPath, description, visibility string
	project                                                     *store.Project // nil for a group
}

// namespaceAt finds a group or project by its path, null if the caller may not read it.
func (r *run) namespaceAt(path string) any {
	if p := r.projectAt(path); p != nil {
		return namespaceOfProject(p)
	}
	return namespaceOfGroup(r.groupAt(path))
}

func namespaceOfProject(p *store.Project) namespace {
	full := p.Name
	if p.Group != nil {
		full = p.Group.FullName() + " / " + p.Name
	}
	return namespace{globalID("Namespaces::ProjectNamespace", p.ID), p.Name, full, p.Path, p.FullPath(), p.Description, p.Visibility, p}
}

// namespaceOfGroup is null for nil.
func namespaceOfGroup(g *store.Group) any {
	if g == nil {
		return nil
	}
	return namespace{globalID("Group", g.ID), g.Name, g.FullName(), g.Path, g.FullPath(), g.Description, g.Visibility, nil}
}

func (r *run) namespaceField(n namespace, name string, a args) any {
	if name == "workItem" {
		return orNull(r.issueAt(n.project, a.text("iid")))
	}
	return n.field(name)
}

// field returns the fields that groups and projects share.
func (n namespace) field(name string) any {
	switch name {
	case "id":
		return n.id
	case "name":
		return n.name
	case "fullName":
		return n.fullName
	case "path":
		return n.path
	case "fullPath":
		return n.fullPath
	case "description":
		return textOrNull(n.description)
	}
	return n.visibility
}
