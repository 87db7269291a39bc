package incident

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/followup"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// RecentlyDone is how long ago an action was closed at most to be listed without --all.
const RecentlyDone = 90 * 24 * time.Hour

// ActionsInputs are the inputs of `incident actions`. A plan file of reminders keeps them.
type ActionsInputs struct {
	Project string // of the incident
	IID     int64  // 0: of all incidents
	Overdue bool
	All     bool // include those that were done long ago
	Team    string
	Owner   string // user name without @
}

// Words describes the inputs as filters, for readers of the list.
func (in ActionsInputs) Words() (words []string) {
	add := func(set bool, format string, args ...any) {
		if set {
			words = append(words, fmt.Sprintf(format, args...))
		}
	}
	add(in.IID != 0, "%s", in.ref())
	add(in.Overdue, "overdue")
	add(in.Team != "", "team %s", in.Team)
	add(in.Owner != "", "owner @%s", in.Owner)
	return words
}

func (in ActionsInputs) ref() issue.Ref { return issue.Ref{Project: in.Project, IID: in.IID} }

func (in ActionsInputs) filter() followup.Filter {
	return followup.Filter{Overdue: in.Overdue, Team: in.Team, Owner: in.Owner}
}

// ActionsReader lists corrective actions, and the incidents that they name.
type ActionsReader interface {
	workflow.IssueLister
	workflow.IssueReader
}

// Actions is `incident actions`: the corrective actions in the infrastructure tracker, with their incidents.
type Actions struct {
	Read     ActionsReader
	Moves    workflow.Moves
	In       string   // project of the actions
	Trackers []string // projects in which an issue counts as an incident
	Labels   incident.Labels
	Teams    followup.Teams
	Calendar followup.Calendar
	Now      time.Time
	Inputs   ActionsInputs
}

// List returns the actions that the inputs select, the most urgent first, and notes for the reader.
//
// It takes a request per 100 open actions, one per 100 that were done lately, and one per 100 incidents that they name. Of one incident it
// takes a request for the incident, and one per 100 actions that were created since.
func (a Actions) List(ctx context.Context) (list []followup.Action, notes []string, err error) {
	queries, known, err := a.queries(ctx)
	if err != nil {
		return nil, nil, err
	}
	found := make([][]issue.Issue, len(queries))
	g, gctx := errgroup.WithContext(ctx)
	for n, q := range queries {
		g.Go(func() (err error) { found[n], err = a.read(gctx, a.In, q); return err })
	}
	if err := g.Wait(); err != nil {
		return nil, nil, err
	}
	issues := slices.Concat(found...)
	sources := sourcesOf(issues)
	if known == nil {
		if known, err = a.incidents(ctx, sources); err != nil {
			return nil, nil, err
		}
	}
	var moved []string
	for n, i := range issues {
		from := known[sources[n]]
		switch {
		case a.Inputs.IID != 0 && from == nil:
			continue
		case i.MovedToID != 0:
			moved = append(moved, i.Ref.String())
			continue
		}
		i.Description = ""
		action := followup.Of(i, from, a.Labels, a.Calendar)
		if action.Teams = a.Teams.Of(action); a.Inputs.filter().Selects(action) {
			list = append(list, action)
		}
	}
	followup.Sort(list)
	if len(moved) > 0 {
		notes = append(notes, "Moved to another project, and not listed here: "+strings.Join(moved, ", "))
	}
	return list, notes, nil
}

// queries returns the lists that contain the actions. Of one incident it also returns that incident, by each of its references.
func (a Actions) queries(ctx context.Context) ([]issue.Query, map[issue.Ref]*incident.Incident, error) {
	q := issue.Query{Labels: []string{a.Labels.Action}}
	open, closed := q, q
	open.State, closed.State = issue.Opened, issue.Closed
	if !a.Inputs.All {
		closed.UpdatedAfter = a.Now.Add(-RecentlyDone - issue.UpdateSlack).Truncate(time.Second)
	}
	if a.Inputs.IID == 0 {
		if a.Inputs.Overdue {
			return []issue.Query{open}, nil, nil
		}
		return []issue.Query{open, closed}, nil, nil
	}
	i, err := a.Read.Issue(ctx, a.Inputs.ref())
	if err != nil {
		return nil, nil, err
	}
	f, err := a.Moves.ForReaders().Follow(ctx, i)
	if err == nil {
		err = workflow.RequireIncident(f, a.Labels)
	}
	inc := incident.Of(f.Issue, a.Labels)
	q.CreatedAfter = i.CreatedAt
	if a.Inputs.Overdue {
		q.State = issue.Opened
	}
	return []issue.Query{q}, map[issue.Ref]*incident.Incident{keyOf(i.Ref): &inc, keyOf(f.Ref): &inc}, err
}

func (a Actions) read(ctx context.Context, project string, q issue.Query) (list []issue.Issue, err error) {
	for i, err := range a.Read.Issues(ctx, target.ProjectAt(project), q) {
		if err != nil {
			return nil, err
		}
		if longDone := !i.ClosedAt.IsZero() && i.ClosedAt.Before(q.UpdatedAfter); !longDone { // updated since
			list = append(list, i)
		}
	}
	return list, nil
}

// keyOf is a reference for comparison: GitLab's paths have no letter case.
func keyOf(r issue.Ref) issue.Ref { return issue.Ref{Project: strings.ToLower(r.Project), IID: r.IID} }

// sourcesOf returns what the descriptions of issues name as their incidents; zero for none.
func sourcesOf(issues []issue.Issue) []issue.Ref {
	refs := make([]issue.Ref, len(issues))
	for n, i := range issues {
		if ref, ok := followup.Source(i); ok {
			refs[n] = keyOf(ref)
		}
	}
	return refs
}

// incidents reads what the actions name. Only an issue of one of the trackers with the label of incidents is one: anybody can write a
// reference into a description.
func (a Actions) incidents(ctx context.Context, refs []issue.Ref) (map[issue.Ref]*incident.Incident, error) {
	known := map[issue.Ref]*incident.Incident{}
	for _, project := range a.Trackers {
		var iids []int64
		for _, ref := range refs {
			if strings.EqualFold(ref.Project, project) && !slices.Contains(iids, ref.IID) {
				iids = append(iids, ref.IID)
			}
		}
		slices.Sort(iids)
		for some := range slices.Chunk(iids, 100) {
			found, err := a.read(ctx, project, issue.Query{IIDs: some})
			if err != nil {
				return nil, err
			}
			for _, i := range found {
				if a.Labels.Is(i) {
					inc := incident.Of(i, a.Labels)
					known[keyOf(i.Ref)] = &inc
				}
			}
		}
	}
	return known, nil
}
