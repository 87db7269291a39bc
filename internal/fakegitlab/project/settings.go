package project

import "strings"

// kind is how a setting is sent.
type kind int

const (
	flag   kind = iota // true or false
	level              // disabled, private or enabled
	choice             // one of the setting's choices
	number
	text
	texts   // a list
	old     // an old switch, true or false, for the feature that the setting names
	reverse // true or false, the opposite of the setting that it names
	renamed // the old name of the flag that the setting names
	unkept  // accepted and forgotten
)

// parameter is a parameter of a change of a project.
type parameter struct {
	name string
	kind kind
	of   string // choices, or the name of the setting
}

// parameters are what a change of a project may have, apart from its name and visibility, in the order of GitLab's check.
var parameters = [...]parameter{
	{"default_branch", text, ""},
	{"description", text, ""},
	{"build_git_strategy", choice, "fetch clone"},
	{"build_timeout", number, ""},
	{"auto_cancel_pending_pipelines", choice, "disabled enabled"},
	{"ci_config_path", text, ""},
	{"service_desk_enabled", flag, ""},
	{"issues_enabled", old, "issues_access_level"},
	{"merge_requests_enabled", old, "merge_requests_access_level"},
	{"wiki_enabled", old, "wiki_access_level"},
	{"jobs_enabled", old, "builds_access_level"},
	{"snippets_enabled", old, "snippets_access_level"},
	{"issues_access_level", level, ""},
	{"repository_access_level", level, ""},
	{"merge_requests_access_level", level, ""},
	{"forking_access_level", level, ""},
	{"wiki_access_level", level, ""},
	{"builds_access_level", level, ""},
	{"snippets_access_level", level, ""},
	{"package_registry_access_level", choice, "disabled private enabled public"},
	{"pages_access_level", choice, "disabled private enabled public"},
	{"analytics_access_level", level, ""},
	{"container_registry_access_level", level, ""},
	{"security_and_compliance_access_level", level, ""},
	{"releases_access_level", level, ""},
	{"environments_access_level", level, ""},
	{"feature_flags_access_level", level, ""},
	{"infrastructure_access_level", level, ""},
	{"monitor_access_level", level, ""},
	{"model_experiments_access_level", level, ""},
	{"model_registry_access_level", level, ""},
	{"emails_disabled", reverse, "emails_enabled"},
	{"emails_enabled", flag, ""},
	{"show_diff_preview_in_email", flag, ""},
	{"warn_about_potentially_unwanted_characters", flag, ""},
	{"enforce_auth_checks_on_uploads", flag, ""},
	{"shared_runners_enabled", flag, ""},
	{"group_runners_enabled", flag, ""},
	{"resource_group_default_process_mode", choice, "unordered oldest_first newest_first newest_ready_first"},
	{"resolve_outdated_diff_discussions", flag, ""},
	{"remove_source_branch_after_merge", flag, ""},
	{"packages_enabled", flag, ""},
	{"container_registry_enabled", old, "container_registry_access_level"},
	{"lfs_enabled", flag, ""},
	{"public_builds", renamed, "public_jobs"},
	{"public_jobs", flag, ""},
	{"request_access_enabled", flag, ""},
	{"only_allow_merge_if_pipeline_succeeds", flag, ""},
	{"allow_merge_on_skipped_pipeline", flag, ""},
	{"only_allow_merge_if_all_discussions_are_resolved", flag, ""},
	{"tag_list", texts, "topics"},
	{"topics", texts, "topics"},
	{"printing_merge_request_link_enabled", flag, ""},
	{"merge_method", choice, "ff rebase_merge merge"},
	{"suggestion_commit_message", text, ""},
	{"merge_commit_template", text, ""},
	{"squash_commit_template", text, ""},
	{"issue_branch_template", text, ""},
	{"auto_devops_enabled", flag, ""},
	{"auto_devops_deploy_strategy", choice, "continuous manual timed_incremental"},
	{"autoclose_referenced_issues", flag, ""},
	{"squash_option", choice, "never always default_on default_off"},
	{"merge_request_title_regex", text, ""},
	{"merge_request_title_regex_description", text, ""},
	{"ci_default_git_depth", number, ""},
	{"keep_latest_artifact", flag, ""},
	{"ci_forward_deployment_enabled", flag, ""},
	{"ci_forward_deployment_rollback_allowed", flag, ""},
	{"ci_allow_fork_pipelines_to_run_in_parent_project", flag, ""},
	{"ci_separated_caches", flag, ""},
	{"restrict_user_defined_variables", flag, ""},
	{"ci_pipeline_variables_minimum_override_role", choice, "no_one_allowed developer maintainer owner"},
	{"ci_push_repository_for_job_token_allowed", flag, ""},
	{"ci_id_token_sub_claim_components", texts, "ci_id_token_sub_claim_components"},
	{"ci_delete_pipelines_in_seconds", number, ""},
	{"max_artifacts_size", number, ""},
	{"mr_default_target_self", unkept, ""},
	{"repository_storage", unkept, ""},
	{"path", unkept, ""},
	{"avatar", unkept, ""},
	{"container_expiration_policy_attributes", unkept, ""},
	{"merge_pipelines_enabled", unkept, ""},
	{"merge_requests_template", unkept, ""},
	{"merge_trains_enabled", unkept, ""},
	{"requirements_access_level", level, ""},
}

// oldSwitch returns the feature of a field such as issues_enabled.
func oldSwitch(name string) (feature string, ok bool) {
	if !strings.HasSuffix(name, "_enabled") {
		return "", false
	}
	for _, s := range parameters {
		if s.kind == old && s.name == name {
			return s.of, true
		}
	}
	return "", false
}

// atLeastOne are the parameters of which a change must have one, in the order in which the refusal names them.
const atLeastOne = "allow_merge_on_skipped_pipeline analytics_access_level autoclose_referenced_issues auto_devops_enabled " +
	"auto_devops_deploy_strategy auto_cancel_pending_pipelines build_git_strategy build_timeout builds_access_level ci_config_path " +
	"ci_default_git_depth ci_allow_fork_pipelines_to_run_in_parent_project ci_id_token_sub_claim_components " +
	"ci_forward_deployment_enabled ci_forward_deployment_rollback_allowed ci_separated_caches container_registry_access_level " +
	"container_expiration_policy_attributes default_branch description emails_disabled emails_enabled forking_access_level " +
	"issues_access_level lfs_enabled merge_pipelines_enabled merge_requests_access_level merge_requests_template " +
	"merge_trains_enabled merge_method merge_request_title_regex merge_request_title_regex_description name " +
	"only_allow_merge_if_all_discussions_are_resolved only_allow_merge_if_pipeline_succeeds package_registry_access_level " +
	"pages_access_level path printing_merge_request_link_enabled public_builds public_jobs remove_source_branch_after_merge " +
	"repository_access_level request_access_enabled resolve_outdated_diff_discussions restrict_user_defined_variables " +
	"show_diff_preview_in_email security_and_compliance_access_level squash_option shared_runners_enabled group_runners_enabled " +
	"resource_group_default_process_mode snippets_access_level tag_list topics visibility wiki_access_level avatar " +
	"suggestion_commit_message merge_commit_template squash_commit_template issue_branch_template repository_storage " +
	"packages_enabled service_desk_enabled keep_latest_artifact mr_default_target_self enforce_auth_checks_on_uploads " +
	"releases_access_level environments_access_level feature_flags_access_level infrastructure_access_level monitor_access_level " +
	"model_experiments_access_level model_registry_access_level warn_about_potentially_unwanted_characters " +
	"ci_pipeline_variables_minimum_override_role ci_push_repository_for_job_token_allowed ci_delete_pipelines_in_seconds " +
	"max_artifacts_size issues_enabled jobs_enabled merge_requests_enabled wiki_enabled snippets_enabled container_registry_enabled"

// atLeastOneEnterprise are those that the Enterprise Edition adds.
const atLeastOneEnterprise = " auto_duo_code_review_enabled allow_pipeline_trigger_approve_deployment " +
	"only_allow_merge_if_all_status_checks_passed approvals_before_merge external_authorization_classification_label " +
	"fallback_approvals_required import_url issues_template mirror merge_requests_template merge_pipelines_enabled " +
	"merge_trains_enabled merge_trains_skip_train_allowed requirements_access_level prevent_merge_without_jira_issue " +
	"ci_restrict_pipeline_cancellation_role web_based_commit_signing_enabled spp_repository_pipeline_access"
