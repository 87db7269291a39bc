package grant

import (
	"slices"
	"strings"
)

// group is what a person picks: a name, the boundaries at which it can be picked, and the permissions in it, which are
// those that a refusal names. Without any it has the one of its own name.
type group struct{ name, boundaries, permissions string }

// groups are the permissions of the served routes, as GitLab 18.10 groups them.
var groups = []group{
	{
		"read_work_item", "project group user instance",
		"read_issue read_issue_statistic read_issue_participant read_issue_merge_request read_issue_closing_merge_request " +
			"read_issue_time_statistic read_issue_link read_issue_note read_issue_discussion read_issue_discussion_note " +
			"read_issue_award_emoji read_issue_note_award_emoji read_issue_milestone_event read_issue_state_event " +
			"read_issue_weight_event read_issue_board read_issue_board_list read_milestone read_milestone_issue " +
			"read_milestone_merge_request read_milestone_burndown_event read_label read_iteration read_epic read_merge_request_note",
	},
	{
		"write_work_item", "project group",
		"create_issue update_issue move_issue clone_issue reorder_issue create_issue_time_estimate reset_issue_time_estimate " +
			"add_issue_spent_time reset_issue_spent_time create_issue_link create_issue_note update_issue_note " +
			"create_issue_discussion update_issue_discussion create_issue_discussion_note update_issue_discussion_note " +
			"create_issue_award_emoji create_issue_note_award_emoji create_issue_board update_issue_board " +
			"create_issue_board_list update_issue_board_list create_milestone update_milestone promote_milestone " +
			"create_label update_label",
	},
	{
		"delete_work_item", "project group",
		"delete_issue delete_issue_link delete_issue_note delete_issue_discussion_note delete_issue_award_emoji " +
			"delete_issue_note_award_emoji delete_issue_board delete_issue_board_list delete_milestone delete_label",
	},
	{name: "read_issue_label_event", boundaries: "project"},
	{name: "read_member", boundaries: "project group"},
	{name: "read_project", boundaries: "project group user"},
	{name: "create_project", boundaries: "user"},
	{name: "update_project", boundaries: "project"},
	{name: "archive_project", boundaries: "project", permissions: "archive_project unarchive_project"},
	{name: "read_group", boundaries: "group user"},
	{name: "read_namespace", boundaries: "user"},
	{name: "read_event", boundaries: "project"},
	{name: "read_freeze_period", boundaries: "project"},
	{name: "create_freeze_period", boundaries: "project"},
	{name: "update_freeze_period", boundaries: "project"},
	{name: "delete_freeze_period", boundaries: "project"},
	{name: "read_deployment", boundaries: "project"},
	{name: "create_deployment", boundaries: "project"},
	{name: "update_deployment", boundaries: "project"},
	{name: "delete_deployment", boundaries: "project"},
	{name: "read_environment", boundaries: "project"},
	{name: "create_environment", boundaries: "project"},
	{name: "update_environment", boundaries: "project"},
	{name: "stop_environment", boundaries: "project"},
	{name: "delete_environment", boundaries: "project"},
	{name: "read_pipeline", boundaries: "project"},
	{name: "read_protected_branch", boundaries: "project"},
	{name: "read_merge_request", boundaries: "project group user"},
	{name: "read_merge_request_approval_state", boundaries: "project"},
	{name: "read_approval_configuration", boundaries: "project"},
	{name: "read_approval_rule", boundaries: "project"},
	{name: "read_user", boundaries: "user"},
	{name: "read_avatar", boundaries: "user"},
	{name: "read_metadata", boundaries: "instance"},
}

func (g group) allowedAt(boundary string) bool {
	return slices.Contains(strings.Fields(g.boundaries), boundary)
}

func (g group) members() []string {
	if g.permissions == "" {
		return []string{g.name}
	}
	return strings.Fields(g.permissions)
}
