package document

import (
	"time"

	"gitlab.com/prodctl/prodctl/internal/config"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/status"
	"gitlab.com/prodctl/prodctl/pkg/budget"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/lock"
)

// How many incidents and changes a status shows.
const (
	statusIncidents = 5
	statusChanges   = 4
)

// Status converts the state of production and of the timebox.
func Status(s flow.Status, cfg config.Config, now time.Time) jsonv1.Status {
	doc := jsonv1.NewStatus(Instant(now))
	doc.Oncall = statusOncall(cfg, now)
	doc.Incidents = statusIncidentsOf(s.Incidents, cfg, now)
	doc.Changes = statusChangesOf(s.Changes)
	doc.Locks = statusLocks(cfg.Locks, now)
	doc.Gate = statusGate(s.Gate)
	doc.Handoffs = jsonv1.StatusHandoffs{StatusPart: statusPart(s.Handoffs.Part, "handoff list"), Waiting: len(s.Handoffs.List)}
	if len(s.Handoffs.List) > 0 {
		doc.Handoffs.Oldest = new(Related(s.Handoffs.List[0]))
	}
	doc.Timebox = statusTimebox(s.Timebox)
	doc.Budget = statusBudget(s.Budget, cfg.Timezone)
	doc.Notes = s.Incidents.Gaps
	return doc
}

// statusPart says how much of a part was read. command reads all of it.
func statusPart(p flow.Part, command string) jsonv1.StatusPart {
	doc := jsonv1.StatusPart{AtLeast: p.More, Command: "prodctl " + command}
	if p.Err != nil {
		doc.Unknown = p.Err.Error()
	}
	return doc
}

func statusOncall(cfg config.Config, now time.Time) jsonv1.StatusOncall {
	doc := jsonv1.StatusOncall{StatusPart: statusPart(flow.Part{}, "oncall now")}
	docs := duties(cfg.Oncall.Turns(now), cfg.Oncall)
	if len(docs) > 0 {
		doc.Now = &docs[0]
	}
	if len(docs) > 1 {
		doc.Next = &docs[1]
	}
	if doc.Now == nil || doc.Now.Person == nil {
		doc.Unknown = "no rotation is configured"
	}
	return doc
}

func statusIncidentsOf(s flow.Incidents, cfg config.Config, now time.Time) jsonv1.StatusIncidents {
	doc := jsonv1.StatusIncidents{StatusPart: statusPart(s.Part, "incident list")}
	for _, i := range s.List {
		switch i.State {
		case incident.Active:
			doc.Active++
		case incident.Mitigated:
			doc.Mitigated++
		default:
			doc.Unclear++
		}
		if len(doc.Worst) < statusIncidents {
			row := Incident(i, cfg.Incidents.ReviewAfter, now)
			if r, ok := s.Remarks[i.Issue.ID]; ok {
				row.LastComment = Remark(r)
			}
			doc.Worst = append(doc.Worst, row)
		}
	}
	return doc
}

func statusChangesOf(s flow.Changes) jsonv1.StatusChanges {
	doc := jsonv1.StatusChanges{StatusPart: statusPart(s.Part, "change list"), InProgress: len(s.InProgress), Planned: len(s.Planned)}
	for _, c := range append(s.InProgress[:len(s.InProgress):len(s.InProgress)], s.Planned...) {
		if len(doc.First) < statusChanges {
			doc.First = append(doc.First, Change(c))
		}
	}
	return doc
}

// statusLocks returns the active locks, and of the others the one that begins first.
func statusLocks(locks []lock.Lock, now time.Time) jsonv1.StatusLocks {
	doc := jsonv1.StatusLocks{StatusPart: statusPart(flow.Part{}, "lock list")}
	first := time.Time{}
	for _, l := range locks {
		periods := l.Next(now, 1)
		if len(periods) == 0 {
			continue
		}
		row := Lock(l, periods, now)
		if row.Active {
			doc.Active = append(doc.Active, row)
		} else if first.IsZero() || periods[0].From.Before(first) {
			first, doc.Next = periods[0].From, &row
		}
	}
	return doc
}

func statusGate(g flow.Gate) jsonv1.StatusGate {
	doc := jsonv1.StatusGate{StatusPart: statusPart(g.Part, "change gate --criticality C3"), State: "open"}
	for _, r := range g.Reasons {
		doc.Reasons = append(doc.Reasons, jsonv1.Reason{Kind: string(r.Kind), Ref: r.Ref(), Text: r.Text, Until: Instant(r.Until), Hard: r.Hard,
			Title: r.Issue.Title, Confidential: r.Issue.Confidential, WebURL: r.Issue.WebURL})
	}
	switch {
	case g.Closed():
		doc.State, doc.Unknown = "closed", ""
	case g.Err != nil || len(g.Reasons) > 0:
		doc.State = "unknown"
		if doc.Unknown == "" {
			doc.Unknown = g.Reasons[0].Text
		}
	}
	return doc
}

func statusTimebox(t flow.Timebox) jsonv1.StatusTimebox {
	doc := jsonv1.StatusTimebox{StatusPart: statusPart(t.Part, "milestone show"), Day: t.Day, Days: t.Days, Done: t.Done.Issues,
		Total: t.All.Issues, WebURL: t.Milestone.WebURL}
	m := t.Milestone
	if m.ID == 0 {
		return doc
	}
	doc.Title = m.Title
	if !m.Start.IsZero() {
		doc.Start = m.Start.String()
	}
	if !m.Due.IsZero() {
		doc.Due = m.Due.String()
	}
	if t.Day > 1 && !t.More && t.All.Issues > 0 {
		doc.AtPace = new(min(t.AtPace, t.All.Issues))
	}
	if doc.RollDue = t.Due(); doc.RollDue {
		doc.OverdueDays = new(t.Overdue)
	}
	return doc
}

func statusBudget(b flow.Budget, zone *time.Location) jsonv1.StatusBudget {
	doc := jsonv1.StatusBudget{StatusPart: statusPart(b.Part, "budget"), Missing: len(b.Overall.Unknown)}
	if b.Err != nil {
		return doc
	}
	doc.FirstDay = calendar.DateOf(b.Window.From.In(zone)).String()
	doc.LastDay = calendar.DateOf(b.Window.To.Add(-1).In(zone)).String()
	accounts := []budget.Account{b.Overall}
	if len(b.Services) > 0 && b.Services[0].Spent.Sign() > 0 {
		accounts = append(accounts, b.Services[0])
	}
	for _, a := range accounts {
		full := budgetAccount(jsonv1.BudgetOverall, a)
		doc.Accounts = append(doc.Accounts, jsonv1.StatusAccount{Name: full.Name, Allowed: full.Allowed, Spent: full.Spent,
			Remaining: full.Remaining, Percent: full.Percent, IsSpent: full.IsSpent})
	}
	return doc
}
