package config

import (
	"maps"
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
)

func (c Config) oncallSettings(add func(string, any), said func(name, value string)) {
	o := c.Oncall
	add("oncall.regions", regions(o.Regions))
	if len(o.Names) > 0 {
		var out []any
		for _, user := range slices.Sorted(maps.Keys(o.Names)) {
			out = append(out, map[string]any{"user": user, "name": o.Names[user]})
		}
		add("oncall.people", out)
	}
	if len(o.Overrides) > 0 {
		add("oncall.overrides", overrides(o.Overrides))
	}
	if len(o.Swaps) > 0 {
		add("oncall.swaps", swaps(o.Swaps))
	}
	add("handoff.log", c.Handoff.Log)
	said("handoff.issue", c.Handoff.Issue)
	add("handoff.project", c.Handoff.Project)
	add("handoff.confidential", c.Handoff.Confidential)
	add("budget.slo", c.Budget.SLO)
	add("budget.window", manifest.FormatDays(int(c.Budget.Window/(24*time.Hour))))
}

func regions(all []oncall.Region) []any {
	var out []any
	for _, r := range all {
		item := map[string]any{"name": r.Name, "from": oncall.Clock(r.From), "to": oncall.Clock(r.To), "zone": time.UTC.String()}
		if r.Zone != nil {
			item["zone"] = r.Zone.String()
		}
		if rot := r.Rotation; rot != nil {
			item["rotation"] = map[string]any{"members": anything(rot.Members), "period": rot.Period.String(),
				"start": rot.Start.String(), "handover": oncall.Clock(rot.Handover)}
		}
		out = append(out, item)
	}
	return out
}

// overrides and swaps are written with their instants in UTC, whatever the file says their days by.
func overrides(all []oncall.Override) []any {
	var out []any
	for _, o := range all {
		item := during(o.From, o.To, o.Reason)
		item["region"], item["person"] = o.Region, o.Person
		if o.InsteadOf != "" {
			item["instead_of"] = o.InsteadOf
		}
		out = append(out, item)
	}
	return out
}

func swaps(all []oncall.Swap) []any {
	var out []any
	for _, w := range all {
		item := during(w.From, w.To, w.Reason)
		item["people"] = anything(w.People[:])
		out = append(out, item)
	}
	return out
}

func during(from, to time.Time, reason string) map[string]any {
	item := map[string]any{"from": from.Format(time.RFC3339Nano), "to": to.Format(time.RFC3339Nano)}
	if reason != "" {
		item["reason"] = reason
	}
	return item
}
