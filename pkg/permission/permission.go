// Package permission knows which permissions a fine-grained token needs: [Of] for one request, [Needs] for each command.
//
// Refusals name the permission of the request. What a person picks for a token in GitLab are groups of these, see [Pick]. Tokens and
// requests themselves do not belong here.
package permission

import (
	"net/http"
	"slices"
	"strings"
)

// Boundary is where a permission is given.
type Boundary string

// The boundaries. A permission for a group also holds in its subgroups and projects.
const (
	Project  Boundary = "project" // or a group with the project in it
	Group    Boundary = "group"
	User     Boundary = "user"
	Instance Boundary = "instance"
)

// Permission is what a person picks for a token: a name such as read_work_item, at a boundary.
type Permission struct {
	Name     string
	Boundary Boundary
}

// Of returns the permission that a request needs; ok is false if GitLab offers none, so that it refuses every fine-grained token. The path
// is escaped and below /api/v4.
func Of(method, path string) (p Permission, ok bool) {
	words, single := resources(path)
	if len(words) == 0 {
		return Permission{}, false
	}
	boundary := map[string]Boundary{"projects": Project, "groups": Group, "user": User}[words[0]]
	object := words[len(words)-1]
	switch {
	case object == "labels" && boundary == Project, slices.Contains(words, "repository"):
		return Permission{}, false
	case object == "approvals" && len(words) == 2:
		return Permission{"read_approval_configuration", boundary}, true
	case object == "metadata", object == "version":
		return Permission{"read_metadata", Instance}, true
	case object == "projects" && !single:
		return Permission{"read_project", User}, true
	case object == "freeze_periods":
		return Permission{strings.Replace(verb(method), "write", "create", 1) + "freeze_period", boundary}, true
	case slices.Contains(words, "merge_requests") && object == "notes":
		return Permission{"read_work_item", Project}, true
	}
	name := objects()[object]
	if name == "work_item" {
		name = verb(method) + name
	}
	return Permission{name, boundary}, name != ""
}

// resources are the words of a path without ids, paths of projects and names; single means that the last one is about a single object.
func resources(path string) (words []string, single bool) {
	named := []string{"projects", "groups", "labels", "branches", "files"}
	for word := range strings.SplitSeq(strings.Trim(path, "/"), "/") {
		last := ""
		if len(words) > 0 {
			last = words[len(words)-1]
		}
		if single = strings.Trim(word, "0123456789") == "" || slices.Contains(named, last) && !single; !single {
			words = append(words, word)
		}
	}
	return words, single
}

// objects are the permissions for resources, by the last word of their routes. Reading, writing and deleting work items are three.
func objects() map[string]string {
	return map[string]string{
		"issues": "work_item", "notes": "work_item", "links": "work_item", "milestones": "work_item", "boards": "work_item", "lists": "work_item",
		"labels": "work_item", "resource_milestone_events": "work_item", "resource_state_events": "work_item",
		"resource_label_events": "read_issue_label_event", "all": "read_member", "members": "read_member",
		"projects": "read_project", "groups": "read_group", "user": "read_user",
		"merge_requests": "read_merge_request", "diffs": "read_merge_request", "versions": "read_merge_request",
		"approval_rules": "read_approval_rule", "approvals": "read_merge_request_approval_state", "deployments": "read_deployment",
	}
}

func verb(method string) string {
	switch method {
	case http.MethodGet:
		return "read_"
	case http.MethodDelete:
		return "delete_"
	}
	return "write_"
}

// Pick is what a person picks for the permission that a refusal names. Issues, comments, milestones, boards and labels of groups are work
// items. Since GitLab 19 refusals name what to pick.
func Pick(name string) string {
	verb, object, raw := strings.Cut(name, "_")
	if !raw || strings.Contains(name, " ") {
		return name
	}
	switch object {
	case "issue", "issue_note", "issue_link", "issue_board", "issue_board_list", "milestone", "label", "award_emoji", "issue_award_emoji",
		"discussion", "issue_discussion", "work_item", "milestone_event", "issue_milestone_event", "issue_state_event", "board", "note",
		"merge_request_note":
		switch verb {
		case "read":
			return "read_work_item"
		case "create", "update", "move", "reorder", "promote", "admin":
			return "write_work_item"
		case "delete":
			return "delete_work_item"
		}
	}
	return name
}
