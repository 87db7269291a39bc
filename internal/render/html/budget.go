package html

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Budget returns error budgets as a page. The document is shown as it is, so withhold confidential issues before.
func Budget(doc jsonv1.Budget, in *time.Location) string { return budgetPage(doc, in).html() }

func budgetPage(doc jsonv1.Budget, in *time.Location) page {
	w := when{in}
	p := page{Kicker: "Error budget", Period: dates(doc.FirstDay, doc.LastDay), Verdict: budgetVerdict(doc, w),
		Lead: [][]bit{bits(plain("Days in " + doc.Zone + " · times in " + w.zone())), append(bits(plain("As of")), w.moment(doc.At))}}
	if only := cmp.Or(doc.Service, doc.Team); only != "" {
		p.Lead = append(p.Lead, bits(plain("Only:"), quote(only)))
	}
	p.Parts = []part{burndownPart(doc, w), accountsPart(doc, w), outagesPart(doc, w), secondOpinionPart(doc.SecondOpinion, w),
		unknownPart(doc), excludedPart(doc.Excluded, w)}
	p.Parts = slices.DeleteFunc(p.Parts, func(p part) bool { return p.ID == "" })
	return p.with(append(slices.Clone(doc.Gaps), doc.Notes...))
}

// budgetVerdict answers how much is left of the first budget.
func budgetVerdict(doc jsonv1.Budget, w when) verdict {
	a := doc.Accounts[0]
	v := verdict{Level: levelGood, Text: fmt.Sprintf("%s of %s minutes are left.", a.Remaining, a.Allowed)}
	over, overspent := strings.CutPrefix(a.Remaining, "-")
	switch {
	case overspent:
		v.Level, v.Text = levelBad, fmt.Sprintf("The budget of %s minutes is overspent by %s.", a.Allowed, over)
	case a.IsSpent:
		v.Level, v.Text = levelBad, fmt.Sprintf("Nothing is left of %s minutes.", a.Allowed)
	case a.Projected:
		v.Level = levelWarn
		v.More = "At this rate they will be spent by " + w.moment(a.SpentAt).Text + "."
	}
	unknown, budgets := len(a.Unknown), 0
	for _, other := range doc.Accounts[1:] {
		if other.IsSpent {
			budgets++
		}
	}
	v.Counts = []tally{{Level: levelPlain, Number: len(a.Charged), What: words.Noun(len(a.Charged), "incident") + " counted",
		Part: "outages"}}
	if unknown > 0 {
		v.Counts = append(v.Counts, tally{Level: levelWarn, Number: unknown, What: "of unknown duration", Part: "unknown"})
	}
	if budgets > 0 {
		v.Counts = append(v.Counts, tally{Level: levelBad, Number: budgets, What: "more " + words.Noun(budgets, "budget") + " spent",
			Part: "accounts"})
	}
	return v
}

// burndownPart draws the minutes that remained over the window, and the projection.
func burndownPart(doc jsonv1.Budget, w when) part {
	a := doc.Accounts[0]
	p := part{ID: "burn-down", Title: "Burn-down of " + layout.OneLine(a.Name), Lines: [][]bit{
		bits(stress(a.Spent+" min"), plain("spent of "+a.Allowed), soft("(objective "+a.SLO+" %)"))}}
	if a.Weighted != a.Spent {
		p.Lines = append(p.Lines, bits(stress(a.Weighted+" min"), plain("by impact")))
	}
	if a.Excluded != "0" {
		p.Lines = append(p.Lines, bits(stress(a.Excluded+" min"), plain("of approved downtime, not counted")))
	}
	if a.BurnRate != "" {
		p.Lines = append(p.Lines, bits(stress(a.BurnRate), plain("burn rate"), soft("(1 spends the budget exactly)")))
	}
	c, ok := newBurndown(doc, a)
	if !ok {
		return p
	}
	legend := "Each step is an incident. Dashed: the projection at the burn rate so far, and the end of the budget."
	if a.Hides {
		legend += " The minutes of confidential incidents are at the end."
	}
	desc := fmt.Sprintf("From %s minutes to %s.", a.Allowed, a.Remaining)
	p.Charts = []chart{responsiveChart("Minutes left", legend, func(id string, units int) chart {
		return chart{Chart: c.draw("burn-down-"+id, desc, units, doc.FirstDay, lastDay(c.end, doc.Zone))}
	})}
	return p
}

func accountsPart(doc jsonv1.Budget, w when) part {
	t := table{Columns: []column{{"Budget", false}, {"Objective", true}, {"Allowed", true}, {"Spent", true}, {"Left", true},
		{"By impact", true}, {"Burn rate", true}, {"Spent by", false}}, Caption: "Minutes"}
	p := part{ID: "accounts", Title: "Budgets", Table: &t}
	if len(doc.Accounts) == 1 {
		return part{}
	}
	for _, a := range doc.Accounts {
		name := bits(quote(a.Name))
		if a.Scope == jsonv1.BudgetTeam {
			name = append(name, soft("team"))
		} else if a.Team != "" {
			name = append(name, soft("of"), quote(a.Team))
		}
		if len(a.Unknown) > 0 {
			name = append(name, badge(levelWarn, fmt.Sprintf("%d unknown", len(a.Unknown))))
		}
		spent, left := bits(plain(a.Spent)), bits(plain(a.Remaining))
		if a.Percent != "" {
			spent = append(spent, soft("("+words.Percent(a.Percent)+")"))
		}
		if a.IsSpent {
			left = bits(badge(levelBad, a.Remaining))
		}
		by := bits(soft("-"))
		if a.SpentAt != "" {
			by = bits(w.moment(a.SpentAt))
			if a.Projected {
				by = append(by, soft("(projected)"))
			}
		}
		t.row(name, bits(plain(a.SLO+" %")), bits(plain(a.Allowed)), spent, left, bits(plain(a.Weighted)), optionalBits(a.BurnRate), by)
	}
	return p
}

func outagesPart(doc jsonv1.Budget, w when) part {
	t := table{Columns: []column{{"Incident", false}, {"Minutes", true}, {"From", false}, {"To", false}, {"Impact", true},
		{"Services", false}}}
	p := part{ID: "outages", Title: "Incidents, with the evidence of their times", Table: &t}
	for _, o := range doc.Outages {
		if isUnknown(doc, o) {
			continue
		}
		name := append(issueBits(o.Ref, o.WebURL, o.Title, o.Confidential, o.Withheld), severityBadge(o.Severity))
		if slices.ContainsFunc(doc.Accounts, func(a jsonv1.BudgetAccount) bool { return slices.Contains(a.Large, o.Ref) }) {
			name = append(name, badge(levelBad, "above 20 %"))
		}
		if o.Note != "" {
			name = append(name, soft(o.Note))
		}
		minutes := optionalBits(o.Minutes)
		if o.Excluded != "" {
			minutes = append(minutes, soft("("+o.Excluded+" not counted)"))
		}
		t.row(name, minutes, endBits(o.From, o.FromEvidence, w), endBits(o.To, o.ToEvidence, w), optionalBits(o.Impact),
			joinedBits(o.Services))
	}
	return p
}

// isUnknown reports whether the duration of an outage is unknown, also if the reason is withheld.
func isUnknown(doc jsonv1.Budget, o jsonv1.BudgetOutage) bool {
	return slices.ContainsFunc(doc.Accounts, func(a jsonv1.BudgetAccount) bool { return slices.Contains(a.Unknown, o.Ref) })
}

// endBits is an end of an outage with its evidence.
func endBits(at, evidence string, w when) []bit {
	if at == "" {
		return bits(soft("-"))
	}
	return bits(w.moment(at), soft("("+evidence+")"))
}

// secondOpinionPart is the queue beside a metric.
func secondOpinionPart(s *jsonv1.SecondOpinion, w when) part {
	if s == nil {
		return part{}
	}
	t := table{Columns: []column{{"Time", false}, {"Minutes", true}, {"Found", false}, {"Incidents", false}, {"Reason", false}}}
	for _, i := range s.Intervals[:min(len(s.Intervals), maxIntervals)] {
		level := levelPlain
		switch {
		case i.Edge || i.Kind == "both":
		case i.Kind == "queue_only" || i.Kind == "metric_only":
			level = levelBad
		default:
			level = levelWarn
		}
		t.row(w.period(i.From, i.To), bits(plain(i.Minutes)), bits(badge(level, words.Compared(i))), joinedBits(i.Refs), optionalBits(i.Reason))
	}
	p := part{ID: "second-opinion", Title: "Second opinion", Table: &t, Lines: sentences(words.SecondOpinion(*s))}
	if more := len(s.Intervals) - maxIntervals; more > 0 {
		p.Lines = append(p.Lines, bits(plain(words.Count(more, "interval")+" not shown")))
	}
	return p
}

// maxIntervals is how many intervals of a second opinion a page shows.
const maxIntervals = 100

func unknownPart(doc jsonv1.Budget) part {
	t := table{Columns: []column{{"Incident", false}, {"State", false}, {"Why", false}}}
	p := part{ID: "unknown", Title: "Unknown duration, not counted", Table: &t}
	for _, o := range doc.Outages {
		if isUnknown(doc, o) {
			t.row(append(issueBits(o.Ref, o.WebURL, o.Title, o.Confidential, o.Withheld), severityBadge(o.Severity)),
				bits(badge(stateLevel(string(o.State)), string(o.State))), optionalBits(o.Unknown))
		}
	}
	return p
}

func excludedPart(list []jsonv1.BudgetExclusion, w when) part {
	t := table{Columns: []column{{"Change", false}, {"Window", false}, {"Services", false}, {"Approved by", false}}}
	for _, e := range list {
		window := bits(soft("-"))
		if e.From != "" {
			window = w.period(e.From, e.To)
		}
		t.row(bits(quote(e.Ref)), window, joinedBits(e.Services), mentionBits(e.ApprovedBy))
	}
	return part{ID: "excluded", Title: "Approved downtime", Table: &t}
}

// lastDay is the date before an instant in the zone of a document's days, at the end of a chart.
func lastDay(at, zone string) string {
	t, err := time.Parse(time.RFC3339, at)
	in, zoneErr := time.LoadLocation(zone)
	if err != nil || zoneErr != nil {
		return at
	}
	return t.Add(-time.Second).In(in).Format(time.DateOnly)
}
