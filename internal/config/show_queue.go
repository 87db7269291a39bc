package config

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/lock"
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
	for _, class := range change.Criticalities() {
		rule := c.Changes.Approvals[class]
		item := map[string]any{"count": rule.Count}
		if len(rule.Of) > 0 {
			item["of"] = anything(rule.Of)
		}
		if len(rule.Include) > 0 {
			item["include"] = anything(rule.Include)
		}
		add("changes.approvals."+string(class), item)
	}
	add("changes.long_lock_days", c.Changes.LongLock)
	if len(c.Locks) > 0 {
		add("locks", locks(c.Locks))
	}
}

// locks are written with their instants in UTC: a zone is of importance to weekly ones only.
func locks(all []lock.Lock) []any {
	var out []any
	for _, l := range all {
		item := map[string]any{"name": l.Name, "kind": string(l.Kind)}
		if l.Weekly != nil {
			item["weekly"] = map[string]any{"from": l.Weekly.From.String(), "to": l.Weekly.To.String()}
		} else {
			item["from"], item["to"] = l.From.Format(time.RFC3339Nano), l.To.Format(time.RFC3339Nano)
		}
		if l.Zone != nil {
			item["zone"] = l.Zone.String()
		}
		if l.Reason != "" {
			item["reason"] = l.Reason
		}
		if l.Long {
			item["long"] = true
		}
		if len(l.Exempt) > 0 {
			item["exempt"] = anything(l.Exempt)
		}
		out = append(out, item)
	}
	return out
}

func (c Config) approvalSettings(add func(string, any)) {
	a := c.Approvals
	if len(a.Repositories) > 0 {
		var out []any
		for _, repo := range a.Repositories {
			out = append(out, map[string]any{"project": repo.Project, "paths": anything(repo.Paths)})
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
