package config

import (
	"fmt"
	"maps"
	"slices"

	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/pkg/instance"
)

func (c Config) incidentSettings(add func(string, any), said func(name, value string)) {
	i := c.Incidents
	add("incidents.service_label", i.ServiceLabel)
	if len(i.Services) > 0 {
		add("incidents.services", anything(i.Services))
	}
	add("incidents.same_title", i.SameTitle)
	add("incidents.review_after", manifest.FormatDuration(i.ReviewAfter))
	for n, days := range []int{i.ActionDue.S1, i.ActionDue.S2, i.ActionDue.S3, i.ActionDue.S4} {
		add(fmt.Sprintf("incidents.action_due.S%d", n+1), manifest.FormatDays(days))
	}
	said("incidents.template", i.Template)
	said("incidents.review_template", i.ReviewTemplate)
}

func (c Config) changeSettings(add func(string, any), said func(name, value string)) {
	said("changes.template", c.Changes.Template)
	for _, word := range slices.Sorted(maps.Keys(c.Changes.Approvers)) {
		a := c.Changes.Approvers[word]
		item := people(a.Users, a.Groups)
		if a.Access != instance.NoAccess {
			item["access"] = manifest.AccessWord(a.Access)
		}
		add("changes.approvers."+word, item)
	}
	for _, class := range slices.Sorted(maps.Keys(c.Changes.Approvals)) {
		rule := c.Changes.Approvals[class]
		item := map[string]any{"count": rule.Count}
		if len(rule.Of) > 0 {
			item["of"] = anything(rule.Of)
		}
		if len(rule.Include) > 0 {
			item["include"] = anything(rule.Include)
		}
		add("changes.approvals."+class, item)
	}
	add("changes.long_lock_days", c.Changes.LongLock)
}

func (c Config) approvalSettings(add func(string, any)) {
	a := c.Approvals
	if len(a.Repositories) > 0 {
		var out []any
		for _, repo := range a.Repositories {
			out = append(out, map[string]any{"project": repo.Project.Path, "paths": anything(repo.Paths)})
		}
		add("approvals.repositories", out)
	}
	for _, team := range a.Teams {
		add("approvals.teams."+team.Name, people(team.Users, team.Groups))
	}
	add("approvals.approving", anything(a.Approving))
	staff := people(a.Staff.Users, a.Staff.Groups)
	for _, key := range slices.Sorted(maps.Keys(staff)) {
		add("approvals.staff."+key, staff[key])
	}
}

func people(users, groups []string) map[string]any {
	item := map[string]any{}
	if len(users) > 0 {
		item["users"] = anything(users)
	}
	if len(groups) > 0 {
		item["groups"] = anything(groups)
	}
	return item
}
