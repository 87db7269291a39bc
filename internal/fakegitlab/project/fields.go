package project

// field is a field of a project, with the value that it has until it is changed. What is not fixed has none: see vary.
type field struct {
	name, value string // the value is JSON
	audience    audience
}

// audience says in which answers a field is.
type audience int

const (
	everybody       audience = iota
	planners                 // those who may edit the project's issues
	issueReaders             // those who may see the project's issues
	maintainers              // those who may change the project
	editors                  // the same, but not in lists
	administrators           // of the instance
	asked                    // in an answer about the caller's own rights
	statisticsAsked          // if statistics=true was sent, for those who may see them
	personal                 // of projects outside groups
	enterprise               // on the Enterprise Edition
	paid                     // on Premium and Ultimate
)

// fields are the fields of a project after those that it has inside other objects, in GitLab's order.
var fields = [...]field{
	{"repository_storage", `"default"`, administrators},
	{"_links", "", everybody},
	{"marked_for_deletion_at", `null`, everybody},
	{"marked_for_deletion_on", `null`, everybody},
	{"packages_enabled", `true`, everybody},
	{"empty_repo", "", everybody},
	{"archived", "", everybody},
	{"owner", "", personal},
	{"resolve_outdated_diff_discussions", `false`, everybody},
	{"container_expiration_policy", "", everybody},
	{"repository_object_format", `"sha1"`, everybody},
	{"issues_enabled", "", everybody},
	{"merge_requests_enabled", "", everybody},
	{"wiki_enabled", "", everybody},
	{"jobs_enabled", "", everybody},
	{"snippets_enabled", "", everybody},
	{"container_registry_enabled", "", everybody},
	{"service_desk_enabled", `false`, everybody},
	{"service_desk_address", `null`, planners},
	{"can_create_merge_request_in", "", everybody},
	{"issues_access_level", `"enabled"`, everybody},
	{"repository_access_level", `"enabled"`, everybody},
	{"merge_requests_access_level", `"enabled"`, everybody},
	{"forking_access_level", `"enabled"`, everybody},
	{"wiki_access_level", `"enabled"`, everybody},
	{"builds_access_level", `"enabled"`, everybody},
	{"snippets_access_level", `"enabled"`, everybody},
	{"pages_access_level", `"private"`, everybody},
	{"analytics_access_level", `"enabled"`, everybody},
	{"container_registry_access_level", `"enabled"`, everybody},
	{"security_and_compliance_access_level", `"private"`, everybody},
	{"releases_access_level", `"enabled"`, everybody},
	{"environments_access_level", `"enabled"`, everybody},
	{"feature_flags_access_level", `"enabled"`, everybody},
	{"infrastructure_access_level", `"enabled"`, everybody},
	{"monitor_access_level", `"enabled"`, everybody},
	{"model_experiments_access_level", `"enabled"`, everybody},
	{"model_registry_access_level", `"enabled"`, everybody},
	{"package_registry_access_level", `"enabled"`, everybody},
	{"emails_disabled", "", everybody},
	{"emails_enabled", `true`, everybody},
	{"show_diff_preview_in_email", `true`, everybody},
	{"shared_runners_enabled", `true`, everybody},
	{"lfs_enabled", `true`, everybody},
	{"creator_id", "", everybody},
	{"import_url", `null`, maintainers},
	{"import_type", `null`, maintainers},
	{"import_status", `"none"`, everybody},
	{"import_error", `null`, editors},
	{"open_issues_count", "", issueReaders},
	{"description_html", "", everybody},
	{"updated_at", "", everybody},
	{"ci_default_git_depth", `20`, maintainers},
	{"ci_delete_pipelines_in_seconds", `null`, maintainers},
	{"ci_forward_deployment_enabled", `true`, maintainers},
	{"ci_forward_deployment_rollback_allowed", `true`, maintainers},
	{"ci_job_token_scope_enabled", `false`, maintainers},
	{"ci_separated_caches", `true`, maintainers},
	{"ci_allow_fork_pipelines_to_run_in_parent_project", `true`, maintainers},
	{"ci_id_token_sub_claim_components", `["project_path","ref_type","ref"]`, maintainers},
	{"build_git_strategy", `"fetch"`, maintainers},
	{"keep_latest_artifact", `true`, maintainers},
	{"restrict_user_defined_variables", `false`, maintainers},
	{"ci_pipeline_variables_minimum_override_role", `"developer"`, maintainers},
	{"runner_token_expiration_interval", `null`, maintainers},
	{"group_runners_enabled", `true`, maintainers},
	{"resource_group_default_process_mode", `"unordered"`, maintainers},
	{"auto_cancel_pending_pipelines", `"enabled"`, maintainers},
	{"build_timeout", `3600`, maintainers},
	{"auto_devops_enabled", `true`, maintainers},
	{"auto_devops_deploy_strategy", `"continuous"`, maintainers},
	{"ci_push_repository_for_job_token_allowed", `false`, maintainers},
	{"runners_token", "", maintainers},
	{"ci_config_path", `null`, maintainers},
	{"public_jobs", `true`, everybody},
	{"shared_with_groups", "", everybody},
	{"only_allow_merge_if_pipeline_succeeds", `false`, everybody},
	{"allow_merge_on_skipped_pipeline", `null`, everybody},
	{"request_access_enabled", `true`, everybody},
	{"only_allow_merge_if_all_discussions_are_resolved", `false`, everybody},
	{"remove_source_branch_after_merge", `true`, everybody},
	{"printing_merge_request_link_enabled", `true`, everybody},
	{"merge_method", `"merge"`, everybody},
	{"merge_request_title_regex", `null`, everybody},
	{"merge_request_title_regex_description", `null`, everybody},
	{"squash_option", `"default_off"`, everybody},
	{"enforce_auth_checks_on_uploads", `true`, everybody},
	{"suggestion_commit_message", `null`, everybody},
	{"merge_commit_template", `null`, everybody},
	{"squash_commit_template", `null`, everybody},
	{"issue_branch_template", `null`, everybody},
	{"statistics", "", statisticsAsked},
	{"warn_about_potentially_unwanted_characters", `true`, everybody},
	{"autoclose_referenced_issues", `true`, everybody},
	{"max_artifacts_size", `null`, everybody},
	{"approvals_before_merge", "", paid},
	{"issues_template", "", paid},
	{"merge_requests_template", `null`, paid},
	{"requirements_enabled", `false`, enterprise},
	{"requirements_access_level", `"enabled"`, enterprise},
	{"security_and_compliance_enabled", `true`, enterprise},
	{"compliance_frameworks", `[]`, enterprise},
	{"permissions", "", asked},
}
