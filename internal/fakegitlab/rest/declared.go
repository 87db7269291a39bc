package rest

import (
	"strings"
	"sync"
)

// declared is a parameter that a route declares. The links between pages name the declared parameters that have a
// default, and show the others as the route understands them.
type declared struct {
	name, as   string // as is the name that links have for it, "" for the same
	kind       byte   // one of the kinds
	byDefault  string // "" if it has no default
	enterprise bool   // not in the Community Edition
}

// The kinds of declared parameters. Zero is text.
const (
	ofBool  = 'b'
	ofInt   = 'i'
	ofTime  = 't'
	ofNames = 'l' // a list of names, each split at its commas
	ofInts  = 'n'
)

// What several lists declare. Each entry is name:kind>as=default, all but the name optional, with a plus before the name
// if only the Enterprise Edition has it.
const (
	issueFilters = "state=all order_by=created_at sort=desc with_labels_details:b=false labels:l not[labels]:l iids:n not[iids]:n " +
		"assignee_username:l not[assignee_username]:l author_id:i not[author_id]:i closed_by_id:i confidential:b " +
		"created_after:t created_before:t updated_after:t updated_before:t "
	mergeRequestFilters = "state=all order_by=created_at sort=desc with_labels_details:b=false with_merge_status_recheck:b=false labels:l " +
		"not[labels]:l iids:n author_id:i not[author_id]:i created_after:t created_before:t updated_after:t updated_before:t " +
		"deployed_after:t deployed_before:t merged_after:t merged_before:t "
	milestoneFilters = "state=all iids:n include_ancestors:b=false include_parent_milestones:b>include_ancestors include_descendants:b " +
		"updated_after:t updated_before:t"
	groupFilters = "order_by=name sort=asc owned:b=false statistics:b=false with_custom_attributes:b=false all_available:b skip_groups:n"
	userFilters  = "order_by=id sort=desc active:b=false admins:b=false blocked:b=false exclude_active:b=false exclude_external:b=false " +
		"exclude_humans:b=false exclude_internal:b=false external:b=false humans:b=false with_custom_attributes:b=false " +
		"without_project_bots:b=false without_projects:b=false +auditors:b=false +skip_ldap:b=false created_after:t created_before:t"
	issueOfNote  = "issue_iid>noteable_id"
	issueOfEvent = "issue_iid>eventable_id"
)

// declarations are the parameters of the lists, by path.
var declarations = sync.OnceValue(func() map[string][]declared {
	const issue = "/projects/:id/issues/:issue_iid"
	return parseDeclarations(map[string]string{
		"/issues":                             issueFilters + "non_archived:b=true scope=created_by_me",
		"/groups/:id/issues":                  issueFilters + "non_archived:b=true",
		"/projects/:id/issues":                issueFilters,
		issue + "/notes":                      issueOfNote + " order_by=created_at sort=desc activity_filter=all_notes",
		issue + "/discussions":                issueOfNote,
		issue + "/discussions/:discussion_id": issueOfNote,
		issue + "/resource_label_events":      issueOfEvent,
		issue + "/resource_milestone_events":  issueOfEvent,
		issue + "/resource_state_events":      issueOfEvent,
		issue + "/resource_weight_events":     issueOfEvent,
		"/projects/:id/milestones":            milestoneFilters,
		"/groups/:id/milestones":              milestoneFilters,
		"/projects/:id/labels":                "include_ancestor_groups:b=true with_counts:b=false",
		"/groups/:id/labels": "include_ancestor_groups:b=true include_descendant_groups:b=false only_group_labels:b=true " +
			"with_counts:b=false",
		"/merge_requests":              mergeRequestFilters + "non_archived:b=true scope=created_by_me",
		"/groups/:id/merge_requests":   mergeRequestFilters + "non_archived:b=true",
		"/projects/:id/merge_requests": mergeRequestFilters,
		"/projects/:id/merge_requests/:merge_request_iid/notes": "merge_request_iid>noteable_id order_by=created_at sort=desc " +
			"activity_filter=all_notes",
		"/projects/:id/merge_requests/:merge_request_iid/discussions": "merge_request_iid>noteable_id",
		"/users":                        userFilters,
		"/projects/:id/members":         "user_ids:n skip_users:n",
		"/groups/:id/members":           "user_ids:n skip_users:n",
		"/projects/:id/members/all":     "user_ids:n skip_users:n",
		"/groups/:id/members/all":       "user_ids:n skip_users:n",
		"/projects/:id/users":           "skip_users:n",
		"/projects/:id/groups":          "shared_visible_only:b=false with_shared:b=false skip_groups:n",
		"/groups":                       groupFilters,
		"/groups/:id/subgroups":         groupFilters,
		"/groups/:id/descendant_groups": groupFilters,
		"/groups/:id/projects": "order_by=created_at sort=desc include_ancestor_groups:b=false include_subgroups:b=false owned:b=false " +
			"simple:b=false starred:b=false with_custom_attributes:b=false with_issues_enabled:b=false " +
			"with_merge_requests_enabled:b=false with_shared:b=true +with_security_reports:b=false archived:b",
		"/projects/:id/events":      "sort=desc",
		"/projects/:id/pipelines":   "order_by=id sort=desc yaml_errors:b updated_after:t updated_before:t",
		"/projects/:id/deployments": "order_by=id sort=asc updated_after:t updated_before:t finished_after:t finished_before:t",
	})
})

func parseDeclarations(table map[string]string) map[string][]declared {
	all := map[string][]declared{}
	for path, entries := range table {
		for entry := range strings.FieldsSeq(entries) {
			all[path] = append(all[path], parseDeclared(entry))
		}
	}
	return all
}

func parseDeclared(entry string) declared {
	var d declared
	entry, d.enterprise = strings.CutPrefix(entry, "+")
	entry, d.byDefault, _ = strings.Cut(entry, "=")
	entry, d.as, _ = strings.Cut(entry, ">")
	name, kind, _ := strings.Cut(entry, ":")
	if d.name = name; kind != "" {
		d.kind = kind[0]
	}
	return d
}
