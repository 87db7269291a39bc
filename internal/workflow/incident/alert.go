package incident

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/idempotency"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/alert"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/evidence"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/stable"
	"gitlab.com/prodctl/prodctl/pkg/target"
	"gitlab.com/prodctl/prodctl/pkg/template"
)

// AlertInputs are the inputs of `incident open --from`. A plan file keeps them.
type AlertInputs struct {
	Open            OpenInputs // what the mappings make of the alerts; without a key
	Group           alert.Group
	Notes           []string // about values without a mapping
	CloseOnResolved bool
}

// AlertCommand is the name of `incident open --from` in a plan file.
const AlertCommand = "incident open --from"

// alertKind is the kind of the keys of incidents that were opened from alerts, and of the comments about alerts.
const alertKind = "alert"

// AlertReader reads what `incident open --from` needs before it writes.
type AlertReader interface {
	workflow.HistoryReader
	workflow.IssueLister
	workflow.IssueFinder
	// MayEdit reports whether a user may edit the issues of a project.
	MayEdit(ctx context.Context, project string, userID int64) (bool, error)
}

// Alert plans `incident open --from`: it opens an incident for a group of alerts, or adds the alerts to the one that the group has.
type Alert struct {
	workflow.Verified
	workflow.Afters
	Read        AlertReader
	Moves       workflow.Moves
	Self        func(context.Context) (username string, err error) // the token's user
	Labels      incident.Labels
	ReviewAfter time.Duration
	Template    template.Template
	OnCall      func() string // sets who is on call, see [Open]; nil: it is set
	Native      bool          // GitLab's own type of incidents
	Inputs      AlertInputs
	plan.Origin

	found     issue.Issue          // the group's incident; zero: none that counts
	events    []eventlog.Event     // of that incident
	added     eventlog.Event       // with the alerts that this run adds; zero: none
	resolving issue.IdempotencyKey // of the comment that resolves it; zero: the last one that was planned does not
}

// Found returns the incident that gets the alerts, if there is one.
func (a *Alert) Found() (issue.Issue, bool) { return a.found, a.found.ID != 0 }

// Plan finds the newest incident of the group. One that is not over gets the alerts that it does not have. Otherwise alerts that started
// after its resolution open another one.
func (a *Alert) Plan(ctx context.Context) (plan.Plan, error) {
	latest, err := a.latest(ctx)
	if err != nil {
		return plan.Plan{}, err
	}
	if a.OnCall != nil {
		a.Inputs.Open.Duty = a.OnCall()
	}
	in := a.Inputs
	p := workflow.NewPlan(a.Origin, AlertCommand, in, workflow.Settings{a.Labels, a.ReviewAfter, string(a.Template), a.Native})
	p.Routine, a.found = true, issue.Issue{}
	if latest.ID == 0 {
		err = a.open(&p, in.Group.Firing(time.Time{}), latest)
		return p, err
	}
	f, notes, err := a.subject(ctx, latest)
	if err != nil {
		return p, err
	}
	if err := workflow.RequireIncident(f, a.Labels); err != nil {
		return p, err
	}
	p.Notes = append(p.Notes, f.Notes()...)
	a.events = eventlog.Events(notes, incident.Kind)
	p.Observed = workflow.SortObserved(append(p.Observed, workflow.ObservedNotes(f.Issue, notes)))
	inc := incident.Of(f.Issue, a.Labels)
	if !inc.State.Over() {
		a.found, p.Comments = f.Issue, []issue.Ref{f.Ref}
		if err := a.add(ctx, &p, f, notes); err != nil {
			return p, err
		}
		follow, err := a.unfinished(f.Issue, notes)
		p.Steps = append(p.Steps, follow...)
		return p, err
	}
	resolved, err := a.resolvedAt(ctx, inc)
	if err != nil {
		return p, err
	}
	fresh := in.Group.Since(resolved, in.Open.Declared, eventlog.Events(notes, incident.Kind))
	if len(fresh) == 0 {
		a.found, p.Steps = f.Issue, a.remaining(f.Issue, notes)
		p.Notes = append(p.Notes, fmt.Sprintf("No alert started after %s was resolved (%s)", f.Ref,
			resolved.UTC().Format("2006-01-02 15:04 UTC")))
		return p, nil
	}
	p.Notes = append(p.Notes, fmt.Sprintf("%s had the same alerts and is %s: the new incident is linked to it", f.Ref, inc.State))
	err = a.open(&p, fresh, latest)
	return p, err
}

// Verify asks for another round after the incident was opened, to record the alerts in it.
func (a *Alert) Verify(_ context.Context, p plan.Plan) (bool, error) {
	return p.Index(workflow.CreatedStep) >= 0, nil
}

// latest returns the newest issue that was opened for the group; none has ID 0. The usual place is the list of open incidents. Only if no
// incident there is going on, one search finds those that are over.
func (a *Alert) latest(ctx context.Context) (issue.Issue, error) {
	in := a.Inputs
	for _, q := range []issue.Query{
		{State: issue.Opened, Labels: []string{a.Labels.Incident}},
		{Word: in.Group.Word()},
	} {
		var own []issue.Issue
		for i, err := range a.Read.Issues(ctx, target.ProjectAt(in.Open.Project), q) {
			if err != nil {
				return issue.Issue{}, err
			}
			if a.belongs(i) {
				own = append(own, i)
			}
		}
		newest, err := a.newest(ctx, own)
		if err != nil || newest.ID != 0 && (q.Word != "" || !incident.Of(newest, a.Labels).State.Over()) {
			return newest, err
		}
	}
	return issue.Issue{}, nil
}

// belongs reports whether an issue looks like an incident of the group: by its key, the group's word and its label. A copy of the hidden
// lines in another issue does not count.
func (a *Alert) belongs(i issue.Issue) bool {
	_, own := a.openedAs(i)
	return own && a.content().Matches(i, nil)
}

// openedAs returns the name of the key with which an issue was opened for the group; ok is false if it was not.
func (a *Alert) openedAs(i issue.Issue) (name string, ok bool) {
	key, keyed := idempotency.Read(i.Description)
	name, _, _ = strings.Cut(key.Name(), ".") // before the id of the project
	own := a.Inputs.Group.Name()
	return name, keyed && key.Kind() == alertKind && (name == own || strings.HasPrefix(name, own+"-"))
}

// newest returns the issue that was opened last. Of those with the same key the first one counts, as everywhere, and only those whose
// authors may edit issues. If there are several, the look-up of the key retires the duplicates.
func (a *Alert) newest(ctx context.Context, own []issue.Issue) (newest issue.Issue, err error) {
	stable.Sort(own, func(x, y issue.Issue) int { return cmp.Compare(x.ID, y.ID) })
	used, twice := map[idempotency.Key]bool{}, false
	for _, i := range own {
		may, err := a.Read.MayEdit(ctx, a.Inputs.Open.Project, i.AuthorID)
		if err != nil {
			return issue.Issue{}, err
		}
		switch key, _ := idempotency.Read(i.Description); {
		case may && !used[key]:
			used[key], newest = true, i
		case may:
			twice = true
		}
	}
	if twice {
		key, _ := idempotency.Read(newest.Description)
		name, _, _ := strings.Cut(key.Name(), ".")
		if found, ok, err := a.Read.FindIssue(ctx, a.Inputs.Open.Project, a.key(name)); ok || err != nil {
			return found, err
		}
	}
	return newest, nil
}

// key is the key of an incident of the group.
func (a *Alert) key(name string) issue.IdempotencyKey {
	return issue.IdempotencyKey{Kind: alertKind, Name: name, Derived: true, Label: a.Labels.Incident, Content: a.content()}
}

// maxReplaced bounds how many times an incident may have been closed as a duplicate of another one.
const maxReplaced = 5

// subject returns the issue that the group's incident is now, and its comments: where it was moved, or of which it was closed as a
// duplicate.
func (a *Alert) subject(ctx context.Context, i issue.Issue) (f workflow.Followed, notes []issue.Note, err error) {
	for range maxReplaced {
		if f, err = a.Moves.Follow(ctx, i); err != nil {
			return f, nil, err
		}
		if notes, err = a.Read.TrustedNotes(ctx, f.Ref); err != nil {
			return f, nil, err
		}
		by, replaced := f.Replaced(notes)
		if !replaced || by.Duplicate.IID == 0 {
			return f, notes, a.Moves.RequireOwn(f.Issue, notes)
		}
		if i, err = a.Read.Issue(ctx, by.Duplicate); err != nil {
			return f, nil, err
		}
		if err := a.Moves.Admit(ctx, i, f.Ref.Project, f.Confidential); err != nil {
			return f, nil, err
		}
		if f.Confidential && !i.Confidential {
			return f, nil, fault.New(fault.Refused, "Reopen the confidential one, or resolve it",
				"%s was closed as a duplicate of %s, which is not confidential", f.Ref, i.Ref)
		}
	}
	return f, nil, fault.New(fault.Refused, "Reopen one of them", "%s was closed as a duplicate of a duplicate", i.Ref)
}

// resolvedAt is when an incident was resolved: by its record, its timeline or its labels, else when it was closed or opened.
func (a *Alert) resolvedAt(ctx context.Context, inc incident.Incident) (time.Time, error) {
	resolved := evidence.Of(inc, a.Labels, nil).Resolved
	if !resolved.Known() {
		events, err := a.Read.LabelEvents(ctx, inc.Issue.Ref)
		if err != nil && !workflow.Unreadable(err) {
			return time.Time{}, err
		}
		resolved = evidence.Of(inc, a.Labels, events).Resolved
	}
	switch {
	case resolved.Known():
		return resolved.At, nil
	case !inc.Issue.ClosedAt.IsZero():
		return inc.Issue.ClosedAt, nil
	}
	return inc.Issue.CreatedAt, nil
}

// content recognizes an incident of the group.
func (a *Alert) content() issue.Content {
	return groupIncident{a.Inputs.Group.Word(), a.Labels.Incident}
}

// groupIncident recognizes an incident by the word of its group and by its label. Its title does not count: it may have a value that
// changes with every notification.
type groupIncident struct{ word, label string }

// Matches reports whether the issue is such an incident.
func (g groupIncident) Matches(i issue.Issue, _ []string) bool {
	return i.Has(g.label) && idempotency.HasWord(i.Description, g.word)
}

// add plans an event with the alerts that the incident does not have, if there are any.
func (a *Alert) add(ctx context.Context, p *plan.Plan, f workflow.Followed, notes []issue.Note) error {
	in, i := a.Inputs, f.Issue
	fresh := in.Group.New(eventlog.Events(notes, incident.Kind))
	verb, note := incident.Alert, ""
	if len(fresh) > 0 {
		var err error
		if verb, note, notes, err = a.verb(ctx, i, notes); err != nil {
			return err
		}
		fresh = in.Group.New(eventlog.Events(notes, incident.Kind))
	}
	if len(fresh) == 0 {
		p.Steps = f.Relabel(a.remaining(i, notes), a.Labels.Incident)
		p.Notes = append(p.Notes, fmt.Sprintf("No change: %s has all alerts", i.Ref))
		return nil
	}
	at := alert.Changed(fresh, in.Open.Declared)
	fields := map[string]string{eventlog.AlertsField: alert.IDs(fresh)}
	if note != "" {
		p.Notes = append(p.Notes, note)
	}
	if verb == incident.Resolve {
		inc := incident.Of(i, a.Labels)
		inc.State, inc.Record.ResolvedAt = incident.Resolved, at
		due := inc.ReviewDue(at, a.ReviewAfter)
		if incident.CloseOnResolve(i.Incident, due) {
			fields[incident.KeyClose] = "true"
		}
		if i.Incident && due.Answer != incident.No {
			fields[incident.KeyReview] = incident.ReviewDue
			p.Notes = append(p.Notes, closedForReview(i, due, a.Labels))
		}
	}
	a.added = incident.NewEvent(verb, at, fields, eventlog.Sanitize(in.Group.Text(fresh)))
	key := issue.IdempotencyKey{Kind: alertKind, Name: alert.KeyName(fresh)}
	if a.resolving = (issue.IdempotencyKey{}); verb == incident.Resolve {
		a.resolving = key
	}
	p.Steps = f.Relabel(workflow.RecordSteps(a.added, incident.Heading(a.added, a.Today), key, a.reconcile(i)), a.Labels.Incident)
	p.Notes = append(p.Notes, fmt.Sprintf("%s added to %s", workflow.Count(len(fresh), "alert", "alerts"), i.Ref))
	return nil
}

// reconcile is the step that brings the incident in line with its comments.
func (a *Alert) reconcile(i issue.Issue) plan.ReconcileIssue {
	return workflow.ReconcileStep(i, incident.Kind, incident.Reconciler{Labels: a.Labels})
}

// remaining plans what a run that was killed left: a duplicate of a comment about alerts, and an issue that differs from its comments.
func (a *Alert) remaining(i issue.Issue, notes []issue.Note) []plan.Step {
	var event eventlog.Event
	for _, e := range eventlog.Events(notes, incident.Kind) {
		if e.Trusted && e.Opened().Fields[eventlog.AlertsField] != "" {
			event = e
			if slices.ContainsFunc(eventlog.Duplicates(notes, incident.Kind), func(d eventlog.Event) bool { return d.Key == e.Key }) {
				break
			}
		}
	}
	return workflow.Reconcile(i, notes, event, a.reconcile(i))
}
