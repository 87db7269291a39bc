package incident

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/correlation"
	"gitlab.com/prodctl/prodctl/pkg/deployment"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// DefaultBefore is the time before an incident in which changes are of interest, unless another is given.
const DefaultBefore = 2 * time.Hour

// late is how long after the start of an incident its changes are looked for: a record may be written after the work, and a deployment
// ends after it began. It bounds what is read for an incident of last quarter.
const late = 24 * time.Hour

// ChangesReader reads the changes of a project, and its deployments.
type ChangesReader interface {
	workflow.IssueLister
	Deployments(ctx context.Context, project string, q deployment.Query) ([]deployment.Deployment, error)
}

// Changes finds what changed before an incident.
type Changes struct {
	Read      ChangesReader
	Project   string // with the changes
	Incidents incident.Labels
	Changes   change.Labels
	Sources   []deployment.Source
	Services  []string // all known ones
	Before    time.Duration
	Patience  time.Duration // what took longer is left out, with a note; 0: no limit but that of the command
}

// Changed is what changed before an incident, the most likely cause first.
type Changed struct {
	correlation.Period
	correlation.Result
	Source correlation.Source // of the time at which the incident began
	Unread []Unread
}

// Unread is a project that could not be read.
type Unread struct {
	Project string
	What    string // of it: [ofChanges] or [ofDeployments]
	Reason  string
	err     error
}

const (
	ofChanges     = "Changes"
	ofDeployments = "Deployments"
)

func (u Unread) sentence() string {
	return fmt.Sprintf("%s of %s not listed: %s", u.What, u.Project, u.Reason)
}

// Changed reads one incident, where it is now, and what changed before it. An error is one of the incident; what else could not be read is
// part of the result.
func (c Changes) Changed(ctx context.Context, read workflow.NotesReader, moves workflow.Moves, ref issue.Ref,
) (incident.Incident, Changed, error) {
	i, err := read.Issue(ctx, ref)
	if err != nil {
		return incident.Incident{}, Changed{}, err
	}
	f, err := moves.ForReaders().Follow(ctx, i)
	if err == nil {
		err = workflow.RequireIncident(f, c.Incidents)
	}
	if err != nil {
		return incident.Incident{}, Changed{}, err
	}
	inc := incident.Of(f.Issue, c.Incidents)
	out, err := c.Of(ctx, inc)
	return inc, out, err
}

// Of reads what changed before an incident that was read: two lists of changes, and one list of deployments for each project, at once. It
// fails only if the context ends.
func (c Changes) Of(ctx context.Context, inc incident.Incident) (Changed, error) {
	began, source := correlation.BeganAt(inc, c.Incidents)
	out := Changed{Period: correlation.Period{Began: began, Before: c.Before}, Source: source}
	var changes []correlation.Item
	var changesErr error
	deployed, errs := make([][]correlation.Item, len(c.Sources)), make([]error, len(c.Sources))
	whole := ctx
	if c.Patience > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.Patience)
		defer cancel()
	}
	g := errgroup.Group{}
	g.SetLimit(workflow.ParallelReads)
	g.Go(func() error { changes, changesErr = c.changes(ctx, inc, out.Period); return nil })
	for n, s := range c.Sources {
		g.Go(func() error { deployed[n], errs[n] = c.deployments(ctx, s, out.Period); return nil })
	}
	_ = g.Wait() // no error ends the others
	if err := whole.Err(); err != nil {
		return out, err
	}
	out.unread(c.Project, ofChanges, changesErr)
	for n, s := range c.Sources {
		out.unread(s.Project, ofDeployments, errs[n])
	}
	all := append(changes, slices.Concat(deployed...)...)
	out.Result = correlation.Rank(out.Period, inc.Services, correlation.Joined(all))
	return out, nil
}

// unread adds what could not be read, once.
func (c *Changed) unread(project, what string, err error) {
	if err == nil {
		return
	}
	if !slices.ContainsFunc(c.Unread, func(u Unread) bool { return u.Project == project && u.What == what }) {
		c.Unread = append(c.Unread, Unread{project, what, reasonOf(err), err})
	}
}

// failed returns the error of the changes themselves. Deployments that cannot be read are a gap; without the changes nothing is known.
func (c Changed) failed() error {
	for _, u := range c.Unread {
		if u.What == ofChanges {
			return u.err
		}
	}
	return nil
}

// Notes says how the start of the incident is known, what could not be read, and which changes have no times.
func (c Changed) Notes() (list []string) {
	switch c.Source {
	case correlation.FromDetected:
		list = append(list, "No start time recorded: counted back from the time of detection")
	case correlation.FromOpened:
		list = append(list, "No start time recorded: counted back from the time at which the issue was opened")
	}
	for _, u := range c.Unread {
		list = append(list, u.sentence())
	}
	if len(c.Result.Unknown) > 0 {
		var refs []string
		for _, i := range c.Result.Unknown {
			refs = append(refs, i.Ref())
		}
		if more := len(refs) - named; more > 0 {
			refs = append(refs[:named], fmt.Sprintf("and %d more", more))
		}
		list = append(list, "Not ranked, because the record has no times: "+strings.Join(refs, ", "))
	}
	return list
}

// named is how many changes a note names.
const named = 5

// reasonOf is the reason for a project that could not be read, with what helps.
func reasonOf(err error) string {
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return "GitLab did not answer in time"
	case errors.Is(err, fault.NotFound):
		return "not found, or not visible to the token"
	case fault.KindOf(err) == fault.Auth:
		return "the token needs the Reporter role there, and the permission read_deployment if it is fine-grained"
	}
	return err.Error()
}

// changes reads the changes that were updated since the period began, and those that are open, which may be in progress for longer.
func (c Changes) changes(ctx context.Context, inc incident.Incident, p correlation.Period) ([]correlation.Item, error) {
	queries := []issue.Query{
		{Labels: []string{c.Changes.Change}, UpdatedAfter: p.From(), CreatedBefore: p.Began.Add(late)},
		{Labels: []string{c.Changes.Change}, State: issue.Opened, CreatedBefore: p.Began.Add(late)},
	}
	found := make([][]issue.Issue, len(queries))
	g, ctx := errgroup.WithContext(ctx)
	for n, q := range queries {
		g.Go(func() error {
			for i, err := range c.Read.Issues(ctx, target.ProjectAt(c.Project), q) {
				if err != nil {
					return err
				}
				found[n] = append(found[n], i)
			}
			return nil
		})
	}
	err := g.Wait()
	var items []correlation.Item
	seen := map[int64]bool{inc.Issue.ID: true}
	for _, i := range slices.Concat(found...) {
		if seen[i.ID] || i.MovedToID != 0 {
			continue
		}
		seen[i.ID] = true
		if item, ok := correlation.OfChange(change.Of(i, c.Changes), p.Began); ok {
			items = append(items, item)
		}
	}
	return items, err
}

// deployments reads the deployments of a project whose status changed since the period began.
func (c Changes) deployments(ctx context.Context, s deployment.Source, p correlation.Period) ([]correlation.Item, error) {
	q := deployment.Query{UpdatedAfter: p.From(), UpdatedBefore: p.Began.Add(late), Environment: s.Environment}
	list, err := c.Read.Deployments(ctx, s.Project, q)
	var items []correlation.Item
	services := correlation.ServicesOf(s, c.Services)
	for _, d := range list {
		if item, ok := correlation.OfDeployment(d, services); ok {
			items = append(items, item)
		}
	}
	return items, err
}

// Top returns the first n of the ranked items.
func (c Changed) Top(n int) []correlation.Ranked { return c.Ranked[:min(n, len(c.Ranked))] }
