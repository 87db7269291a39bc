package change

import (
	"context"
	"slices"
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

// Reader reads changes, their approvals, and what is going on in production.
type Reader interface {
	workflow.NotesReader
	workflow.IssueLister
	workflow.IssueFinder
	workflow.LinkReader
	PeopleReader
	StateEvents(context.Context, issue.Ref) ([]issue.Event, error)
	// NoteEditors returns who edited comments after they were written; empty: nobody. What is not known is missing.
	NoteEditors(ctx context.Context, ids []int64) (map[int64]string, error)
	Project(ctx context.Context, path string) (instance.Project, error)
}

// Changes reads the changes of a team and applies its rules.
type Changes struct {
	Read      Reader
	Moves     workflow.Moves
	Project   string // the production queue
	Labels    change.Labels
	Incidents incident.Labels
	Rules     change.Rules
	Approvers map[string]change.Approvers
	Locks     []lock.Lock
}

// Status is a change with the verdict on its approvals.
type Status struct {
	change.Change
	Notes      []issue.Note
	Rule       change.Rule
	Votes      []change.Vote
	Verdict    change.Verdict
	Digest     string    // of the current version of the plan
	reopenedAt time.Time // when the change was last reopened; zero: never, or not read
	executors  []string
	followed   workflow.Followed
}

// proposal returns what an approval has to be for.
func (s Status) proposal() change.Proposal {
	return change.Proposal{Digest: s.Digest, Criticality: s.Criticality, Author: s.Issue.Author, Executors: s.executors,
		ReopenedAt: s.reopenedAt}
}

// Status reads a change and judges its approvals. executors are people who carry it out, in addition to those in the change.
func (c Changes) Status(ctx context.Context, ref issue.Ref, executors ...string) (Status, error) {
	i, notes, err := c.Moves.ReadNotes(ctx, c.Read, ref)
	if err != nil {
		return Status{}, err
	}
	if !i.Has(c.Labels.Change) {
		return Status{}, fault.New(fault.Refused, "To see the changes: prodctl change list",
			"%s is not a change: it has no label %q", i.Ref, c.Labels.Change)
	}
	s, err := c.judge(ctx, i.Issue, notes, executors...)
	s.followed = i
	return s, err
}

// judge finds out which approvals count. Only if there are approvals, it reads people's roles and when the change was reopened.
func (c Changes) judge(ctx context.Context, i issue.Issue, notes []issue.Note, executors ...string) (Status, error) {
	s := Status{Change: change.Of(i, c.Labels), Notes: notes}
	s.Digest = s.Change.Digest()
	people := map[int64]string{}
	events := eventlog.Events(notes, change.Kind)
	for _, e := range events {
		if change.Verb(e.Verb) == change.Approve {
			people[e.AuthorID] = e.Author
		}
	}
	if len(people) > 0 {
		var roles map[int64][]string
		g, gctx := errgroup.WithContext(ctx)
		g.Go(func() (err error) { roles, err = c.roster().roles(gctx, people); return err })
		g.Go(func() (err error) { s.reopenedAt, err = c.reopened(gctx, i.Ref); return err })
		if err := g.Wait(); err != nil {
			return s, err
		}
		byName := map[string][]string{}
		for id, name := range people {
			byName[name] = roles[id]
		}
		s.Votes = change.Votes(events, func(author string) []string { return byName[author] })
	}
	s.executors = append(s.Executors(events), executors...)
	s.Rule = c.Rules.For(s.Criticality, criticalities(events, s.Votes)...)
	if err := c.askForEditors(ctx, &s); err != nil {
		return s, err
	}
	s.Verdict = change.Judge(s.Rule, s.Votes, s.proposal())
	return s, nil
}

// criticalities returns the criticalities that the change had when approvers approved it, and when it was started.
func criticalities(events []eventlog.Event, votes []change.Vote) []change.Criticality {
	var list []change.Criticality
	for _, v := range votes {
		if len(v.Roles) > 0 {
			list = append(list, v.Criticality)
		}
	}
	for _, e := range events {
		if c, err := change.ParseCriticality(e.Fields[change.FieldCriticality]); err == nil && e.Trusted && change.Verb(e.Verb) == change.Start {
			list = append(list, c)
		}
	}
	return list
}

// askForEditors finds out who edited the comments of approvals, where the verdict depends on it. A comment whose times are equal was not
// edited; a later time of change may be an edit, or somebody's reaction.
func (c Changes) askForEditors(ctx context.Context, s *Status) error {
	for n := range s.Votes {
		s.Votes[n].Comment.Touched = touched(s.Notes, s.Votes[n].NoteID)
	}
	ids := change.Touched(s.Rule, s.Votes, s.proposal())
	if len(ids) == 0 {
		return nil
	}
	editors, err := c.Read.NoteEditors(ctx, ids)
	for n := range s.Votes {
		comment := &s.Votes[n].Comment
		comment.Editor, comment.Known = editors[s.Votes[n].NoteID]
	}
	return err
}

// touched reports whether GitLab's times of a comment differ.
func touched(notes []issue.Note, id int64) bool {
	return !slices.ContainsFunc(notes, func(n issue.Note) bool { return n.ID == id && n.UpdatedAt.Equal(n.CreatedAt) })
}

func (c Changes) roster() roster { return roster{c.Read, c.Project, c.Approvers} }

// reopened returns when an issue was last reopened; zero if it never was.
func (c Changes) reopened(ctx context.Context, ref issue.Ref) (time.Time, error) {
	changes, err := c.Read.StateEvents(ctx, ref)
	var last time.Time
	for _, e := range changes {
		if e.Action == "reopened" {
			last = e.At
		}
	}
	return last, err
}

// rolesOf returns the approver roles of a user.
func (c Changes) rolesOf(ctx context.Context, u instance.User) ([]string, error) {
	roles, err := c.roster().roles(ctx, map[int64]string{u.ID: u.Username})
	return roles[u.ID], err
}

// situation reads what is going on in production: active incidents and changes in progress, and on request approved changes. What could not
// be read is missing.
func (c Changes) situation(ctx context.Context, r *reads, now time.Time, approved bool) change.Situation {
	s := change.Situation{Now: now, Locks: c.Locks}
	states := []change.State{change.InProgress}
	if approved {
		states = append(states, change.Approved)
	}
	byState := make([][]change.Change, len(states))
	r.read(func() (err error) { s.Incidents, err = c.active(ctx); return err })
	for n, state := range states {
		r.read(func() (err error) {
			byState[n], err = c.List(ctx, issue.Query{Labels: []string{c.Labels.Change, c.Labels.State(state)}})
			return err
		})
	}
	r.wait()
	for _, list := range byState {
		s.Changes = append(s.Changes, list...)
	}
	return s
}

// active returns the active incidents. One without a state counts if it is open and an S1 or S2, or GitLab's own of unknown severity, such
// as one that an alert opened. One that was moved to another project counts as it is there, or, if that cannot be read, as it was here.
func (c Changes) active(ctx context.Context) ([]change.Incident, error) {
	list, err := workflow.Incidents(ctx, c.Read, c.Project, c.Incidents, workflow.IncidentFilter{Moved: true})
	if err != nil {
		return nil, err
	}
	var found []change.Incident
	for _, i := range list {
		switch f, err := c.Moves.ForReaders().Follow(ctx, i.Issue); {
		case err == nil:
			i = incident.Of(f.Issue, c.Incidents)
		case fault.KindOf(err) != fault.Auth:
			return nil, err
		}
		unlabeled := i.State == incident.UnknownState && i.Issue.Open() &&
			(i.Severity.Grave() || i.Issue.Incident && i.Severity == incident.UnknownSeverity)
		if i.State == incident.Active || unlabeled {
			found = append(found, change.Incident{Issue: i.Issue, Severity: string(i.Severity), Unadopted: i.Unadopted(c.Incidents)})
		}
	}
	return found, nil
}

// List returns the changes that a query selects, in the order in which they were opened.
func (c Changes) List(ctx context.Context, q issue.Query) ([]change.Change, error) {
	var list []change.Change
	for i, err := range c.Read.Issues(ctx, target.ProjectAt(c.Project), q) {
		if err != nil {
			return nil, err
		}
		if i.MovedToID == 0 {
			list = append(list, change.Of(i, c.Labels))
		}
	}
	return list, nil
}
