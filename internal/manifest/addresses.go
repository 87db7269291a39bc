package manifest

import (
	"fmt"
	"maps"
	"slices"

	"gitlab.com/prodctl/prodctl/pkg/host"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// deriveAddresses replaces the URLs of projects and groups by their full paths. A URL of another GitLab than the file's host is a fault, so
// a file that names no host has no URLs.
func (f *File) deriveAddresses(r *reader) {
	for n := range f.Trackers {
		t := &f.Trackers[n]
		f.replaceAddress(r, "trackers."+t.Name, target.Project, &t.Project.Path)
	}
	f.replaceAddress(r, "milestones.group", target.Group, &f.Milestones.Group)
	for n := range f.Approvals.Repositories {
		f.replaceAddress(r, fmt.Sprintf("approvals.repositories[%d].project", n), target.Project, &f.Approvals.Repositories[n].Project)
	}
	for n := range f.Incidents.Deployments {
		f.replaceAddress(r, fmt.Sprintf("incidents.deployments[%d].project", n), target.Project, &f.Incidents.Deployments[n].Project)
	}
	f.replaceGroups(r, "approvals.staff", f.Approvals.Staff.Groups)
	for _, t := range f.Approvals.Teams {
		f.replaceGroups(r, "approvals.teams."+t.Name, t.People.Groups)
	}
	for _, name := range slices.Sorted(maps.Keys(f.Changes.Approvers)) {
		f.replaceGroups(r, "changes.approvers."+name, f.Changes.Approvers[name].Groups)
	}
}

func (f *File) replaceGroups(r *reader, at string, groups []string) {
	for n := range groups {
		f.replaceAddress(r, fmt.Sprintf("%s.groups[%d]", at, n), target.Group, &groups[n])
	}
}

// replaceAddress replaces the URL at a key by the path of the project or group.
func (f *File) replaceAddress(r *reader, at string, kind target.Kind, path *string) {
	address := *path
	if !host.IsAddress(address) {
		return
	}
	page, ours := host.PagePath(address, slices.Concat([]string{f.Host}, f.WebHosts)...)
	of := host.ProjectOf
	if kind == target.Group {
		of = host.GroupOf
	}
	switch t, err := target.ParsePath(kind, of(page)); {
	case f.Host == "":
		r.faultAt(at, "%s is a URL, but the file has no host (set host, or use the full path)", at)
	case !ours:
		r.faultAt(at, "%s: %s is not a URL of %s", at, quote(address), f.Host)
	case err != nil:
		r.faultAt(at, "%s: %s is the URL of no %s", at, quote(address), kind)
	default:
		*path = t.Path
	}
}
