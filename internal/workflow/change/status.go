package change

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/lock"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// Reader reads changes, who has approved them, and what goes on in production.
type Reader interface {
	workflow.JournalReader
	workflow.IssueLister
	workflow.IssueFinder
	workflow.LinkReader
	PeopleReader
	StateEvents(context.Context, issue.Ref) ([]issue.Event, error)
}

// Changes are the team's rules of changes, and where its changes are.
type Changes struct {
	Read      Reader
	Project   string // the production queue
	Labels    change.Labels
	Incidents incident.Labels
	Rules     change.Rules
	Approvers map[string]change.Approvers
	Locks     []lock.Lock
}

// Standing is one change with what is known of its approvals.
type Status struct {
	change.Change
	Notes      []issue.Note
	Rule       change.Rule
	Votes      []change.Vote
	Verdict    change.Verdict
	Digest     string    // of the plan as it is now
	reopenedAt time.Time // when it was last reopened; zero: never
}

// Standing reads a change and judges its approvals. executors are people who carry it out besides those that it names.
func (c Changes) Status(ctx context.Context, ref issue.Ref, executors ...string) (Status, error) {
	i, notes, err := workflow.ReadJournal(ctx, c.Read, ref)
	if err != nil {
		return Status{}, err
	}
	if !i.Has(c.Labels.Change) {
		hint := fmt.Sprintf("a change carries the label %q; prodctl change list shows them", c.Labels.Change)
		return Status{}, fault.New(fault.Refused, hint, "%s is no change", i.Ref)
	}
	return c.judge(ctx, i, notes, executors...)
}

// judge finds out whose approvals count. Only where there are any is GitLab asked for people's roles and for when it was reopened.
func (c Changes) judge(ctx context.Context, i issue.Issue, notes []issue.Note, executors ...string) (Status, error) {
	s := Status{Change: change.Of(i, c.Labels), Notes: notes, Digest: change.PlanDigest(i.Title, i.Description)}
	s.Rule = c.Rules.Of(s.Criticality)
	people := map[int64]string{}
	entries := eventlog.Events(notes, change.Kind)
	for _, e := range entries {
		if change.Verb(e.Verb) == change.Approve {
			people[e.AuthorID] = e.Author
		}
	}
	if len(people) > 0 {
		var counts map[int64][]string
		g, gctx := errgroup.WithContext(ctx)
		g.Go(func() (err error) { counts, err = c.roster().roles(gctx, people); return err })
		g.Go(func() (err error) { s.reopenedAt, err = c.reopened(gctx, i.Ref); return err })
		if err := g.Wait(); err != nil {
			return s, err
		}
		byName := map[string][]string{}
		for id, name := range people {
			byName[name] = counts[id]
		}
		s.Votes = change.Votes(entries, func(author string) []string { return byName[author] })
	}
	s.Verdict = change.Judge(s.Rule, s.Votes, i.Author, append(s.Executors(entries), executors...), s.Digest, s.reopenedAt)
	return s, nil
}

func (c Changes) roster() roster { return roster{c.Read, c.Project, c.Approvers} }

// reopened is when an issue was last reopened; zero when it never was.
func (c Changes) reopened(ctx context.Context, ref issue.Ref) (time.Time, error) {
	events, err := c.Read.StateEvents(ctx, ref)
	var last time.Time
	for _, e := range events {
		if e.Action == "reopened" {
			last = e.At
		}
	}
	return last, err
}

// counts are the words that somebody counts as.
func (c Changes) rolesOf(ctx context.Context, u instance.User) ([]string, error) {
	roles, err := c.roster().roles(ctx, map[int64]string{u.ID: u.Username})
	return roles[u.ID], err
}

// Situation is what goes on in production now: active incidents and changes in progress; those approved too when their windows matter.
func (c Changes) Situation(ctx context.Context, now time.Time, approved bool) (change.Situation, error) {
	s := change.Situation{Now: now, Locks: c.Locks}
	states := []change.State{change.InProgress}
	if approved {
		states = append(states, change.Approved)
	}
	byState := make([][]change.Change, len(states))
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { s.Incidents, err = c.active(ctx); return err })
	for n, state := range states {
		g.Go(func() (err error) {
			byState[n], err = c.List(ctx, issue.Query{Labels: []string{c.Labels.Change, c.Labels.State(state)}})
			return err
		})
	}
	err := g.Wait()
	for _, list := range byState {
		s.Changes = append(s.Changes, list...)
	}
	return s, err
}

// active are the incidents that go on. One without a state counts when it is open and somebody has called it an S1 or S2.
func (c Changes) active(ctx context.Context) ([]change.Incident, error) {
	list, err := workflow.Incidents(ctx, c.Read, c.Project, c.Incidents, workflow.IncidentFilter{})
	if err != nil {
		return nil, err
	}
	var found []change.Incident
	for _, i := range list {
		unsaid := i.State == incident.UnknownState && i.Issue.Open() && i.Severity.Grave()
		if i.State == incident.Active || unsaid {
			found = append(found, change.Incident{Issue: i.Issue, Severity: string(i.Severity)})
		}
	}
	return found, nil
}

// List are the changes that a query selects, in the order in which they were opened.
func (c Changes) List(ctx context.Context, q issue.Query) ([]change.Change, error) {
	var list []change.Change
	for i, err := range c.Read.Issues(ctx, target.ProjectAt(c.Project), q) {
		if err != nil {
			return nil, err
		}
		list = append(list, change.Of(i, c.Labels))
	}
	return list, nil
}
