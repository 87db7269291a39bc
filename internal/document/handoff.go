package document

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/pkg/budget"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/lock"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
)

// Handoff returns the published form of a hand-off report.
func Handoff(r handoff.Report, cfg config.Config) jsonv1.Handoff {
	var sections []jsonv1.HandoffSection
	for _, s := range r.Sections {
		doc := jsonv1.HandoffSection{ID: s.ID, Title: s.Title, Urgency: s.Urgency}
		for _, e := range s.Entries {
			doc.Entries = append(doc.Entries, handoffEntry(e, r.At))
		}
		sections = append(sections, doc)
	}
	doc := jsonv1.NewHandoff(Instant(r.At), Shift(r.Shift, cfg.Oncall), Shift(r.Next, cfg.Oncall), sections)
	doc.Historical = r.Historical
	doc.First = firstDoc(r.First(cfg.Timezone))
	for _, h := range r.Locks {
		doc.Locks = append(doc.Locks, Lock(h.Lock, []lock.Period{h.Period}, r.At))
	}
	if r.Budget != nil {
		doc.Budget = budgetDoc(*r.Budget)
	}
	if r.At.Before(r.Shift.From) || !r.At.Before(r.Next.To) { // the time of the report is in a different shift
		doc.Notes = append(doc.Notes, fmt.Sprintf("This is the state at %s. For the state at the end of the shift, use --as-of %s",
			r.At.Format("2006-01-02 15:04 UTC"), Instant(r.Shift.To)))
	}
	return doc
}

// Shift returns the published form of a shift, with the people on call in it.
func Shift(sh oncall.Shift, schedule oncall.Schedule) jsonv1.Shift {
	doc := jsonv1.Shift{ID: sh.ID(), Region: sh.Region, From: Instant(sh.From), To: Instant(sh.To)}
	for _, user := range schedule.People(sh) {
		doc.People = append(doc.People, *Person(schedule, user))
	}
	return doc
}

func handoffEntry(e handoff.Entry, at time.Time) jsonv1.HandoffEntry {
	i := e.Issue
	doc := jsonv1.HandoffEntry{
		Ref: i.Ref.String(), Title: i.Title, Kind: e.Kind, Priority: e.Priority, State: e.State, Services: e.Services,
		Assignees: slices.Sorted(slices.Values(i.Assignees)),
		Since:     Instant(e.Since), Start: Instant(e.Window.From), End: Instant(e.Window.To), ResolvedAt: Instant(e.ResolvedAt),
		DataLoss: e.DataLoss, Missing: slices.Clone(e.Missing), Confidential: i.Confidential, WebURL: i.WebURL,
	}
	if e.Severity != incident.UnknownSeverity {
		doc.Severity = string(e.Severity)
	}
	if e.Criticality != change.UnknownCriticality {
		doc.Criticality = string(e.Criticality)
	}
	if !e.Since.After(at) {
		doc.AgeMinutes = new(int(at.Sub(e.Since) / time.Minute))
	}
	if e.Last != nil {
		doc.LastUpdate = &jsonv1.Update{At: Instant(e.Last.At), By: e.Last.By, Text: e.Last.Text, Internal: e.Last.Internal}
	}
	if m := e.Mark; m != nil {
		texts := m.Shown()
		doc.LeftOff, doc.NextStep, doc.MarkedBy, doc.MarkedAt, doc.TakenBy = texts.LeftOff, texts.Next, m.By, Instant(m.At), m.TakenBy
		doc.Contingency, doc.MarkInternal = texts.If, m.Internal != nil
	}
	addAhead(&doc, e.Ahead)
	return doc
}

// addAhead adds next steps and contingency. If one of them is from an internal comment, all of them are withheld like one.
func addAhead(doc *jsonv1.HandoffEntry, a incident.Ahead) {
	for text, s := range map[*string]incident.Step{&doc.NextStep: a.Next, &doc.Contingency: a.If} {
		if shown, internal := s.Shown(); shown != "" {
			*text = shown
			doc.MarkInternal = doc.MarkInternal || internal
		}
	}
}

// firstDoc returns the one thing to look at.
func firstDoc(f handoff.First) jsonv1.HandoffFirst {
	doc := jsonv1.HandoffFirst{Rule: f.Rule}
	if f.Entry != nil {
		doc.Ref = f.Entry.Issue.Ref.String()
	}
	if f.Late > 0 {
		doc.LateMinutes = new(int(f.Late / time.Minute))
	}
	return doc
}

func budgetDoc(a budget.Account) *jsonv1.BudgetLeft {
	doc := jsonv1.BudgetLeft{
		SLO: budget.Decimal(a.SLO), From: Instant(a.Window.From), To: Instant(a.Window.Now), Allowed: budget.Decimal(a.Allowed),
		Spent: budget.Decimal(a.Spent), Remaining: budget.Decimal(a.Left()),
		Charged: a.Charged(), Unknown: a.Missing(),
	}
	if share, known := a.Percent(); known {
		doc.Percent = strings.TrimSuffix(share.FloatString(1), ".0")
	}
	return &doc
}
