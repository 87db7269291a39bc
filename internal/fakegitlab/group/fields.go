package group

import (
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/project"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/user"
)

// field is a field of a group, with the value that it has in every group, as JSON. What is not fixed has none: see vary.
type field struct {
	name, value string
	enterprise  bool // only on the Enterprise Edition
}

// fields are the fields of a group in lists, in GitLab's order.
var fields = [...]field{
	{"id", "", false},
	{"web_url", "", false},
	{"name", "", false},
	{"path", "", false},
	{"description", "", false},
	{"visibility", "", false},
	{"share_with_group_lock", "false", false},
	{"require_two_factor_authentication", "false", false},
	{"two_factor_grace_period", "48", false},
	{"project_creation_level", `"developer"`, false},
	{"auto_devops_enabled", "null", false},
	{"subgroup_creation_level", `"maintainer"`, false},
	{"emails_disabled", "false", false},
	{"emails_enabled", "true", false},
	{"show_diff_preview_in_email", "true", false},
	{"mentions_disabled", "null", false},
	{"lfs_enabled", "true", false},
	{"archived", "false", false},
	{"math_rendering_limits_enabled", "true", false},
	{"lock_math_rendering_limits_enabled", "false", false},
	{"default_branch", "null", false},
	{"default_branch_protection", "0", false},
	{"default_branch_protection_defaults", `{"allowed_to_push":[{"access_level":30}],"allow_force_push":true,` +
		`"allowed_to_merge":[{"access_level":30}],"developer_can_initial_push":false,"code_owner_approval_required":false}`, false},
	{"avatar_url", "null", false},
	{"request_access_enabled", "true", false},
	{"full_name", "", false},
	{"full_path", "", false},
	{"created_at", "", false},
	{"parent_id", "", false},
	{"organization_id", "1", false},
	{"shared_runners_setting", `"enabled"`, false},
	{"max_artifacts_size", "null", false},
	{"marked_for_deletion_on", "null", false},
	{"ldap_cn", "null", true},
	{"ldap_access", "null", true},
	{"wiki_access_level", `"enabled"`, true},
}

// enterpriseDetails are the last fields of a single group on the Enterprise Edition.
var enterpriseDetails = [...]field{
	{"shared_runners_minutes_limit", "null", true},
	{"extra_shared_runners_minutes_limit", "null", true},
	{"prevent_forking_outside_group", "null", true},
	{"membership_lock", "false", true},
}

func writeFields(e *jsonenc.Encoder, c *rest.Call, g *store.Group, fields []field) {
	for _, f := range fields {
		switch {
		case f.enterprise && !c.Store.Edition.Enterprise():
		case f.value == "":
			vary(e, c, g, f.name)
		default:
			e.Key(f.name)
			e.Raw(f.value)
		}
	}
}

// vary writes a field that differs from group to group.
func vary(e *jsonenc.Encoder, c *rest.Call, g *store.Group, name string) {
	switch name {
	case "id":
		e.Num(name, g.ID)
	case "web_url":
		e.Str(name, c.Base.URL+"/groups/"+g.FullPath())
	case "name":
		e.Str(name, g.Name)
	case "path":
		e.Str(name, g.Path)
	case "description":
		e.StrOrNull(name, g.Description)
	case "visibility":
		e.Str(name, g.Visibility)
	case "full_name":
		e.Str(name, g.FullName())
	case "full_path":
		e.Str(name, g.FullPath())
	case "created_at":
		e.Time(name, g.CreatedAt)
	case "parent_id":
		if g.Parent == nil {
			e.Null(name)
		} else {
			e.Num(name, g.Parent.ID)
		}
	}
}

// details are what a single group has, of which some is for its owners and some for groups without a parent.
func details(e *jsonenc.Encoder, c *rest.Call, g *store.Group) {
	user.WriteInvited(e, store.Parent{Group: g})
	if access.MayOwnGroup(c.User, g) {
		e.Null("runners_token")
		e.Str("enabled_git_access_protocol", "all")
	}
	if g.Parent == nil {
		e.Bool("prevent_sharing_groups_outside_hierarchy", false)
	}
}

func writeProjects(e *jsonenc.Encoder, c *rest.Call, g *store.Group) {
	e.Key("projects")
	e.Open('[')
	for _, p := range directProjects(c.Store, c.User, g) {
		project.Write(e, c, p, project.Listed)
	}
	e.Shut(']')
	e.Strs("shared_projects", nil)
}
