package budget_test

import (
	"context"
	"fmt"
	"iter"
	"math/big"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/budget"
	"gitlab.com/prodctl/prodctl/pkg/budget"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// queue is a production queue that counts what is asked of it.
type queue struct {
	issues []issue.Issue
	events map[int64][]issue.Event
	err    error

	mu    sync.Mutex
	asked []string
}

func (q *queue) ask(format string, args ...any) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.asked = append(q.asked, fmt.Sprintf(format, args...))
}

func (q *queue) Issues(_ context.Context, _ target.Target, by issue.Query) iter.Seq2[issue.Issue, error] {
	q.ask("list %s %s", by.State, strings.Join(by.Labels, "+"))
	return func(yield func(issue.Issue, error) bool) {
		for _, i := range q.issues {
			lacks := func(name string) bool { return !i.Has(name) }
			if (by.State == "" || by.State == i.State) && !slices.ContainsFunc(by.Labels, lacks) && !i.UpdatedAt.Before(by.UpdatedAfter) && !yield(i, nil) {
				return
			}
		}
	}
}

func (q *queue) LabelEvents(_ context.Context, ref issue.Ref) ([]issue.Event, error) {
	q.ask("events %d", ref.IID)
	return q.events[ref.IID], q.err
}

var now = time.Date(2018, 8, 24, 16, 0, 0, 0, time.UTC)

func budgets(q *queue) flow.Budgets {
	return flow.Budgets{Client: q, Project: "acme/production", Incidents: incident.LabelsOf(label.Spelling{}, "service:{service}"),
		Changes: change.LabelsOf(label.Spelling{}), Rules: budget.Rules{Period: "28d", SLO: big.NewRat(9995, 100)},
		Approved: func(_ context.Context, c change.Change) (budget.Exclusion, string, error) {
			slot := c.Window()
			q.ask("approvals %d", c.Issue.Ref.IID)
			return budget.Exclusion{Change: c.Issue.Ref.String(), Services: c.Record.Services, From: slot.From, To: slot.To}, "", nil
		}}
}

func made(iid int64, labels, record string) issue.Issue {
	return issue.Issue{ID: iid, Ref: issue.Ref{Project: "acme/production", IID: iid}, Labels: strings.Split(labels, ","), State: issue.Opened,
		Description: record, CreatedAt: now.AddDate(0, 0, -3), UpdatedAt: now.AddDate(0, 0, -2)}
}

func block(kind, lines string) string { return "```yaml prodctl/" + kind + "\n" + lines + "\n```\n" }

func TestReadAsksForAsLittleAsItCan(t *testing.T) {
	t.Parallel()
	lists := []string{"list closed incident", "list closed ", "list closed Incident::Active", "list opened incident", "list opened "}
	old := made(1, "incident,Incident::Resolved", "")
	old.State, old.UpdatedAt, old.ClosedAt = issue.Closed, now.AddDate(0, -3, 0), now.AddDate(0, -3, 0)
	noEnd := made(2, "incident,Incident::Resolved", block("incident", "started_at: 2018-08-22T10:00:00Z\nservices: [registry]"))
	known := made(3, "incident,Incident::Resolved", block("incident", "started_at: 2018-08-23T10:00:00Z\nmitigated_at: 2018-08-23T10:07:00Z\nservices: [registry]"))
	nowhere := made(4, "incident,Incident::Resolved", block("incident", "started_at: 2018-08-23T10:00:00Z\nmitigated_at: 2018-08-23T10:07:00Z"))
	planned := made(5, "change,C1,change::complete", block("change", "start: 2018-08-23T10:00:00Z\nduration: 2m\nservices: [registry]\ndowntime: approved\nstarted_at: 2018-08-23T10:00:00Z"))
	other := made(6, "change,C2,change::complete", block("change", "start: 2018-08-23T10:00:00Z\nduration: 30m\nservices: [registry]\ndowntime: 5m"))
	events := map[int64][]issue.Event{2: {{Action: "add", Name: "Incident::Resolved", At: time.Date(2018, 8, 22, 10, 20, 0, 0, time.UTC)}}}
	for name, c := range map[string]struct {
		issues          []issue.Issue
		asked           []string
		spent, excluded string
		unknown         int
	}{
		"an empty queue":       {nil, lists, "0", "0", 0},
		"an old incident":      {[]issue.Issue{old}, lists, "0", "0", 0},
		"without a service":    {[]issue.Issue{nowhere}, lists, "7", "0", 0},
		"a record":             {[]issue.Issue{known, other}, append(slices.Clone(lists), "list  change+C1", "list  change+C2"), "7", "0", 0},
		"a record without end": {[]issue.Issue{noEnd}, append(slices.Clone(lists), "events 2", "list  change+C1", "list  change+C2"), "20", "0", 0},
		"approved downtime":    {[]issue.Issue{known, planned, other}, append(slices.Clone(lists), "list  change+C1", "list  change+C2", "approvals 5"), "3", "4", 0},
	} {
		q := &queue{issues: c.issues, events: events}
		r, err := budgets(q).Read(t.Context(), now)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		slices.Sort(q.asked)
		slices.Sort(c.asked)
		if !slices.Equal(q.asked, c.asked) {
			t.Errorf("%s: asked %q, want %q", name, q.asked, c.asked)
		}
		a := r.Overall
		if budget.Decimal(a.Spent) != c.spent || budget.Decimal(a.Excluded) != c.excluded || len(a.Unknown) != c.unknown || budget.Decimal(a.Allowed) != "20.16" {
			t.Errorf("%s: spent %s, excluded %s, unknown %v", name, budget.Decimal(a.Spent), budget.Decimal(a.Excluded), a.Missing())
		}
	}
}

// Without permission to read approvals, downtime is spent.
func TestUnreadableApprovalsExcludeNothing(t *testing.T) {
	t.Parallel()
	q := &queue{issues: []issue.Issue{
		made(3, "incident,Incident::Resolved", block("incident", "started_at: 2018-08-23T10:00:00Z\nmitigated_at: 2018-08-23T10:07:00Z\nservices: [registry]")),
		made(5, "change,C1,change::complete", block("change", "start: 2018-08-23T10:00:00Z\nduration: 2m\nservices: [registry]\ndowntime: approved\nstarted_at: 2018-08-23T10:00:00Z"))}}
	b := budgets(q)
	b.Approved = func(_ context.Context, c change.Change) (budget.Exclusion, string, error) {
		return budget.Exclusion{Change: c.Issue.Ref.String()}, "", fault.New(fault.Auth, "", "403")
	}
	r, err := b.Read(t.Context(), now)
	if err != nil || budget.Decimal(r.Overall.Spent) != "7" || !slices.Equal(r.Refused, []string{"Downtime of acme/production#5 is not excluded: its approvals could not be read"}) {
		t.Errorf("%v, spent %s, refused %q", err, budget.Decimal(r.Overall.Spent), r.Refused)
	}
}

// What cannot be read is a gap, and the duration stays unknown.
func TestUnreadableEventsAreAGap(t *testing.T) {
	t.Parallel()
	q := &queue{issues: []issue.Issue{made(2, "incident,Incident::Resolved", block("incident", "started_at: 2018-08-22T10:00:00Z"))}, err: fault.NotFound}
	r, err := budgets(q).Read(t.Context(), now)
	if err != nil || !slices.Equal(r.Gaps, []string{"The label events of acme/production#2 could not be read"}) || !slices.Equal(r.Overall.Missing(), []string{"acme/production#2"}) {
		t.Errorf("%v, gaps %q, unknown %v", err, r.Gaps, r.Overall.Missing())
	}
}
