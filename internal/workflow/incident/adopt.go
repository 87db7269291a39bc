package incident

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/idempotency"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/history"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// maxPerDay is how many incidents the same title may open on one day.
const maxPerDay = 20

// find finds the incident of the key. If the key comes from the title alone, an incident that is over does not count: a problem that
// comes back in the afternoon is not the incident that was resolved in the morning. Then the key gets a number.
func (o *Open) find(ctx context.Context) (issue.IdempotencyKey, issue.Issue, error) {
	key := o.Inputs.IdempotencyKey
	o.related = issue.Issue{}
	if key.Unique {
		return key, issue.Issue{}, nil
	}
	key.Content = issue.Titled(o.Inputs.title())
	for n := 2; ; n++ {
		found, exists, others, err := o.look(ctx, key)
		if err != nil {
			return key, issue.Issue{}, err
		}
		if !exists {
			key.Searched = true
			adopted, err := o.adopt(ctx, others)
			return key, adopted, err
		}
		if !o.over(found) || !o.Inputs.Numbered || n > maxPerDay {
			return key, found, nil
		}
		o.related = found
		key.Name = fmt.Sprintf("%s-%d", o.Inputs.IdempotencyKey.Name, n)
	}
}

// look finds the issue with the key, and others with the same title. A search for a key does not list those, so a second request does, at
// the same time. If that fails, the incident is opened nevertheless.
func (o *Open) look(ctx context.Context, key issue.IdempotencyKey) (found issue.Issue, exists bool, others []issue.Issue, err error) {
	if !key.Since.IsZero() {
		return o.Read.FindIssueAmong(ctx, o.Inputs.Project, key)
	}
	looking, stop := context.WithCancel(ctx)
	defer stop()
	listed := make(chan []issue.Issue, 1)
	go func() {
		recent, _ := o.Read.OpenSince(looking, o.Inputs.Project, o.Inputs.Declared.Add(-byHandWindow), key.Content)
		listed <- recent
	}()
	found, exists, _, err = o.Read.FindIssueAmong(ctx, o.Inputs.Project, key)
	if exists || err != nil {
		stop()
	}
	return found, exists, <-listed, err
}

// over reports whether an incident is over, by its state or, if that is unknown, by its issue.
func (o *Open) over(i issue.Issue) bool {
	state := incident.Of(i, o.Labels).State
	return state.Over() || state == incident.UnknownState && !i.Open()
}

// adopt picks the incident among issues with the same title: one that is not over and whose author may edit it. Of the others, the last one
// is related: also one that has a key already, if the caller has another one.
func (o *Open) adopt(ctx context.Context, others []issue.Issue) (issue.Issue, error) {
	for _, i := range others {
		if !o.comparable(i) {
			continue
		}
		may := false
		if _, keyed := idempotency.Read(i.Description); !o.over(i) && (!keyed || o.Inputs.IdempotencyKey.Derived) {
			var err error
			if may = i.Incident; !may { // GitLab gives its own type only to those who may edit, and to its alerts
				may, err = o.Read.MayEdit(ctx, o.Inputs.Project, i.AuthorID)
			}
			if err != nil {
				return issue.Issue{}, err
			}
		}
		if may {
			o.related = issue.Issue{}
			return i, nil
		}
		o.related = i
	}
	return issue.Issue{}, nil
}

// byHandWindow is how old an issue that a person opened may be to count as the incident with its title.
const byHandWindow = 24 * time.Hour

// comparable reports whether an issue with the same title may be the same incident: one that prodctl opened for that title, or that a
// person opened by hand. An incident with a key of its own is another one.
func (o *Open) comparable(i issue.Issue) bool {
	key, keyed := idempotency.Read(i.Description)
	switch {
	case i.MovedToID != 0 || o.Exposed(i):
		return false
	case keyed:
		return key.Kind() == o.Inputs.IdempotencyKey.Kind && strings.HasPrefix(key.Name(), "auto-")
	}
	return !i.CreatedAt.Before(o.Inputs.Declared.Add(-byHandWindow))
}

// whyRelated is the note about the issue to which the new one is linked.
func (o *Open) whyRelated() string {
	reason := "is over"
	switch _, keyed := idempotency.Read(o.related.Description); {
	case o.over(o.related):
	case keyed:
		reason = "has another key"
	default:
		reason = "is by somebody without a role in the project"
	}
	return fmt.Sprintf("%s has the same title and %s: the new incident is linked to it", o.related.Ref, reason)
}

// fill returns the steps that give an existing issue what it lacks. An issue that a person opened gets labels and a record, if the user may
// set them. One that the caller's key found gets the words of this run, unless it has or once had this title.
func (o *Open) fill(ctx context.Context, key issue.IdempotencyKey) (steps []plan.Step, note string, err error) {
	i, in := o.found, o.Inputs
	_, keyed := idempotency.Read(i.Description)
	switch {
	case o.Exposed(i):
	case !keyed:
		steps = o.adoption(key)
		if len(steps) == 0 || !workflow.HasRole(ctx, o.Read, i.Ref.Project) {
			return nil, "", nil
		}
		o.worded, o.adopted = true, true
		note = fmt.Sprintf("%s was opened by %s with the same title: it becomes the incident", i.Ref, account.Name(i.Author))
	case !in.Numbered && !issue.SameTitle(i.Title, in.title()):
		steps, note, err = o.otherWords(ctx, key)
		if len(steps) > 0 && !workflow.HasRole(ctx, o.Read, i.Ref.Project) {
			steps = steps[:1] // the comment does not count as an event, but people can read it
		}
	}
	return steps, note, err
}

// adoption returns the steps that make an incident of an issue that a person opened; none if it is one already.
func (o *Open) adoption(key issue.IdempotencyKey) []plan.Step {
	i, in := o.found, o.Inputs
	var steps []plan.Step
	if add := o.Labels.Lacking(i, o.opening(i.Confidential)); len(add) > 0 {
		steps = append(steps, plan.UpdateIssue{Base: plan.Base{ID: "adopt"}, Ref: i.Ref, Title: workflow.ShownTitle(i),
			Change: issue.Change{AddLabels: add}})
	}
	if incident.Of(i, o.Labels).Record.Exists {
		return append(steps, o.keyStep(key, steps)...)
	}
	text := in.Text
	if strings.TrimSpace(text) == "" {
		text = "Incident declared"
	}
	recorded := o.record(incident.NewEvent(incident.Update, in.Declared, in.fields(), text), key.Name)
	comment := recorded[0].(plan.CreateNote)
	comment.IdempotencyKey.Searched = false // a run that was killed may have added it
	if len(steps) > 0 {
		comment.After = []string{"adopt"}
	}
	recorded[0] = comment
	steps = append(steps, recorded...)
	return append(steps, o.keyStep(key, steps)...)
}

// keyStep returns the step that writes a key of the caller into the found issue, by which the next run finds it whatever its title is then.
// A key that is made of the title needs none.
func (o *Open) keyStep(key issue.IdempotencyKey, before []plan.Step) []plan.Step {
	if key.Derived {
		return nil
	}
	step := plan.ReconcileIssue{Base: plan.Base{ID: "key"}, On: plan.IssueRef{Ref: o.found.Ref}, Title: workflow.ShownTitle(o.found),
		Kind: workflow.IDKind, Reconciler: workflow.KeyWriter{Kind: key.Kind, Name: key.Name}}
	if len(before) > 0 {
		step.After = []string{before[len(before)-1].Key()}
	}
	return []plan.Step{step}
}

// record returns the steps that add an event to the found issue, once.
func (o *Open) record(e eventlog.Event, name string) []plan.Step {
	return workflow.RecordSteps(e, incident.Heading(e, o.Today), issue.IdempotencyKey{Kind: "incident-update", Name: name},
		workflow.ReconcileStep(o.found, incident.Kind, incident.Reconciler{Labels: o.Labels}))
}

// otherWords returns the steps that add the title and the text of this run as an update: a key that others may use as well must not
// suppress them.
func (o *Open) otherWords(ctx context.Context, key issue.IdempotencyKey) ([]plan.Step, string, error) {
	in := o.Inputs
	notes, err := o.Read.TrustedNotes(ctx, o.found.Ref)
	if err != nil {
		return nil, "", err
	}
	former := history.FormerTitles(notes, o.found.Title)
	if slices.ContainsFunc(former, func(t string) bool { return issue.SameTitle(t, in.title()) }) {
		return nil, "", nil
	}
	o.worded = true
	e := incident.NewEvent(incident.Update, in.Declared, in.fields(), strings.TrimSpace(in.title()+"\n\n"+in.Text))
	for _, old := range eventlog.Events(notes, incident.Kind) {
		if old.Trusted && eventlog.SameContent(old, e) {
			return nil, fmt.Sprintf("The key was used before with another title: yours is in %s since %s", o.found.Ref,
				workflow.Clock(old.Posted)), nil
		}
	}
	return o.record(e, workflow.WordedKey(key, e.Text).Name),
		fmt.Sprintf("The key was used before with another title: yours is added to %s as an update", o.found.Ref), nil
}

// fields are the values for the record; nil for none.
func (in OpenInputs) fields() map[string]string {
	fields := map[string]string{incident.KeySeverity: string(in.Severity), incident.KeyImpact: in.Impact,
		incident.KeyServices: strings.Join(in.Services, ", ")}
	for key, at := range map[string]time.Time{incident.KeyStarted: in.Started, incident.KeyDetected: in.Detected} {
		if !at.IsZero() {
			fields[key] = at.UTC().Format(time.RFC3339)
		}
	}
	if in.DataLoss {
		fields[incident.KeyDataLoss] = "true"
	}
	maps.DeleteFunc(fields, func(_, value string) bool { return value == "" })
	if len(fields) == 0 {
		return nil
	}
	return fields
}
