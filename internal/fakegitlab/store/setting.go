package store

import "strings"

// The features of a project that can be switched, by the names of their fields.
const (
	IssuesFeature        = "issues_access_level"
	MergeRequestsFeature = "merge_requests_access_level"
	RepositoryFeature    = "repository_access_level"
	BuildsFeature        = "builds_access_level"
	EnvironmentsFeature  = "environments_access_level"
)

// Who may use a feature of a project: everybody who sees the project, its members, or nobody.
const (
	Enabled     = "enabled"
	MembersOnly = "private"
	Disabled    = "disabled"
)

// FeatureLevel says who may use a feature of the project.
func (p *Project) FeatureLevel(feature string) string {
	if level, ok := p.Settings[feature]; ok {
		return strings.Trim(level, `"`)
	}
	return Enabled
}

// Set changes a setting; the value is JSON.
func (p *Project) Set(name, value string) {
	if p.Settings == nil {
		p.Settings = map[string]string{}
	}
	p.Settings[name] = value
}
