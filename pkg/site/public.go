package site

import (
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Public makes documents that everybody may read. They are built from the fields that are known to be safe, so a new field is left out
// until it is added here. Confidential issues must have been withheld before.
type Public struct {
	Name func(user string) string // the display name of a user, or the user name
}

// incomplete replaces sentences about what could not be read, which have words from GitLab.
const incomplete = "Some data could not be read"

func sentencesAbout(lists ...[]string) []string {
	for _, list := range lists {
		if len(list) > 0 {
			return []string{incomplete}
		}
	}
	return nil
}

// each returns the public form of every element.
func each[T any](list []T, public func(T) T) []T {
	var out []T
	for _, t := range list {
		out = append(out, public(t))
	}
	return out
}

// Weekly returns the public form of a weekly report.
func (p Public) Weekly(doc jsonv1.Weekly) jsonv1.Weekly {
	out := jsonv1.NewWeekly(doc.From, doc.To, doc.Zone)
	out.Week, out.View = doc.Week, doc.View
	out.Incidents, out.Changes = each(doc.Incidents, incidentOf), each(doc.Changes, changeOf)
	out.Deltas, out.Oncall = each(doc.Deltas, issueOf), each(doc.Oncall, issueOf)
	out.Handoffs, out.Load = each(doc.Handoffs, p.handoff), each(doc.Load, p.load)
	out.Counts, out.Times, out.FollowUps = doc.Counts, doc.Times, doc.FollowUps
	if b := doc.Budget; b != nil {
		out.Budget = &jsonv1.BudgetLeft{SLO: b.SLO, From: b.From, To: b.To, Allowed: b.Allowed, Spent: b.Spent, Remaining: b.Remaining,
			Percent: b.Percent, Charged: b.Charged, Unknown: b.Unknown}
	}
	if l := doc.Log; l != nil {
		out.Log = &jsonv1.Related{Ref: l.Ref, Confidential: l.Confidential, Withheld: true, WebURL: l.WebURL}
	}
	out.Unknown = sentencesAbout(doc.Unknown)
	return out
}

func incidentOf(i jsonv1.WeeklyIncident) jsonv1.WeeklyIncident {
	return jsonv1.WeeklyIncident{
		Incident: jsonv1.Incident{Ref: i.Ref, State: i.State, Severity: i.Severity, StartedAt: i.StartedAt, DetectedAt: i.DetectedAt,
			MitigatedAt: i.MitigatedAt, ResolvedAt: i.ResolvedAt, Confidential: i.Confidential, Withheld: i.Withheld, Open: i.Open,
			AgeMinutes: i.AgeMinutes, ToDetect: i.ToDetect, ToMitigate: i.ToMitigate, ToResolve: i.ToResolve, WebURL: i.WebURL},
		OpenedAt: i.OpenedAt, StartedFrom: i.StartedFrom, DetectedFrom: i.DetectedFrom, MitigatedFrom: i.MitigatedFrom,
		ResolvedFrom: i.ResolvedFrom, Ongoing: i.Ongoing,
	}
}

func changeOf(c jsonv1.WeeklyChange) jsonv1.WeeklyChange {
	out := jsonv1.WeeklyChange{Day: c.Day, Change: jsonv1.Change{Ref: c.Ref, State: c.State, Criticality: c.Criticality, Start: c.Start,
		WindowEnd: c.WindowEnd, DurationMinutes: c.DurationMinutes, StartedAt: c.StartedAt, FinishedAt: c.FinishedAt, AbortedAt: c.AbortedAt,
		Outcome: c.Outcome, Confidential: c.Confidential, Withheld: c.Withheld, Open: c.Open, WebURL: c.WebURL}}
	if c.Automation != nil {
		out.Automation = &jsonv1.Automation{} // many of them are summed up
	}
	return out
}

func issueOf(i jsonv1.WeeklyIssue) jsonv1.WeeklyIssue {
	return jsonv1.WeeklyIssue{Ref: i.Ref, Open: i.Open, CreatedAt: i.CreatedAt, ClosedAt: i.ClosedAt, AgeMinutes: i.AgeMinutes,
		Confidential: i.Confidential, Withheld: i.Withheld, WebURL: i.WebURL}
}

func (p Public) handoff(h jsonv1.WeeklyHandoff) jsonv1.WeeklyHandoff {
	return jsonv1.WeeklyHandoff{Shift: jsonv1.Shift{ID: h.Shift.ID, Region: h.Shift.Region, From: h.Shift.From, To: h.Shift.To,
		People: each(h.Shift.People, p.person)}, Posted: h.Posted, By: p.user(h.By)}
}

func (p Public) load(l jsonv1.OncallLoad) jsonv1.OncallLoad {
	return jsonv1.OncallLoad{Person: p.user(l.Person), Region: l.Region, Current: l.Current, Mean: l.Mean, Before: l.Before}
}

func (p Public) person(who jsonv1.Person) jsonv1.Person {
	if who.Name != "" {
		return jsonv1.Person{User: Initials(who.Name)}
	}
	return jsonv1.Person{User: p.user(who.User)}
}

func (p Public) user(name string) string {
	if name == "" {
		return ""
	}
	return Initials(p.Name(name))
}

// IncidentStats returns the public form of incident statistics: without services, which are words of the records.
func (p Public) IncidentStats(doc jsonv1.IncidentStats) jsonv1.IncidentStats {
	out := jsonv1.NewIncidentStats(doc.From, doc.To, doc.Zone)
	out.Count, out.Severities, out.Times, out.Weeks, out.FollowUps = doc.Count, doc.Severities, doc.Times, doc.Weeks, doc.FollowUps
	out.Incidents = each(doc.Incidents, incidentOf)
	return out
}

// Flow returns the public form of the measures of flow.
func (p Public) Flow(doc jsonv1.Flow) jsonv1.Flow {
	out := jsonv1.NewFlow(doc.From, doc.To, doc.Zone)
	out.Start, out.InProgress, out.Mean, out.Finished, out.PerWeek = doc.Start, doc.InProgress, doc.Mean, doc.Finished, doc.PerWeek
	out.Older, out.Unknown, out.Cycle, out.Columns, out.Handoffs = doc.Older, doc.Unknown, doc.Cycle, doc.Columns, doc.Handoffs
	out.Waiting, out.Blocked, out.Days = doc.Waiting, doc.Blocked, doc.Days
	out.Items, out.Done = each(doc.Items, itemOf), each(doc.Done, itemOf)
	return out
}

func itemOf(i jsonv1.FlowItem) jsonv1.FlowItem {
	return jsonv1.FlowItem{Ref: i.Ref, Column: i.Column, StartedAt: i.StartedAt, FinishedAt: i.FinishedAt, Minutes: i.Minutes, Older: i.Older,
		Confidential: i.Confidential, Withheld: i.Withheld, WebURL: i.WebURL}
}

// Budget returns the public form of error budgets: that of production as a whole, and the downtime in it.
func (p Public) Budget(doc jsonv1.Budget) jsonv1.Budget {
	out := jsonv1.NewBudget(doc.Window)
	out.From, out.To, out.At, out.FirstDay, out.LastDay, out.Zone = doc.From, doc.To, doc.At, doc.FirstDay, doc.LastDay, doc.Zone
	in := map[string]bool{}
	for _, a := range doc.Of(jsonv1.BudgetOverall) {
		out.Accounts = append(out.Accounts, jsonv1.BudgetAccount{Scope: a.Scope, Name: a.Name, SLO: a.SLO, Allowed: a.Allowed, Spent: a.Spent,
			Remaining: a.Remaining, Percent: a.Percent, Weighted: a.Weighted, Excluded: a.Excluded, BurnRate: a.BurnRate, IsSpent: a.IsSpent,
			SpentAt: a.SpentAt, Projected: a.Projected, Charged: a.Charged, Large: a.Large, Unknown: a.Unknown, Steps: a.Steps, Hides: a.Hides})
		for _, list := range [][]string{a.Charged, a.Unknown} {
			for _, ref := range list {
				in[ref] = true
			}
		}
	}
	for _, o := range doc.Outages {
		if in[o.Ref] {
			out.Outages = append(out.Outages, jsonv1.BudgetOutage{Ref: o.Ref, State: o.State, Severity: o.Severity, From: o.From,
				FromEvidence: o.FromEvidence, To: o.To, ToEvidence: o.ToEvidence, Minutes: o.Minutes, Excluded: o.Excluded, Changes: o.Changes,
				Confidential: o.Confidential, Withheld: o.Withheld, WebURL: o.WebURL})
		}
	}
	for _, e := range doc.Excluded {
		out.Excluded = append(out.Excluded, jsonv1.BudgetExclusion{Ref: e.Ref, From: e.From, To: e.To, Confidential: e.Confidential,
			Withheld: e.Withheld})
	}
	out.Gaps = sentencesAbout(doc.Gaps)
	return out
}

// Schedule returns the public form of an on-call schedule.
func (p Public) Schedule(doc jsonv1.OncallSchedule) jsonv1.OncallSchedule {
	duties := each(doc.Duties, func(d jsonv1.Duty) jsonv1.Duty {
		out := jsonv1.Duty{Shift: d.Shift, Region: d.Region, From: d.From, To: d.To, Override: d.Override}
		if d.Person != nil {
			out.Person = new(p.person(*d.Person))
		}
		return out
	})
	return jsonv1.NewOncallSchedule(doc.From, doc.To, doc.Zone, duties)
}
