package rad

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/drill"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
	"gitlab.com/prodctl/prodctl/pkg/target"
	"gitlab.com/prodctl/prodctl/pkg/template"
)

// OpenInputs are the inputs of `rad open`, as saved in a plan file.
type OpenInputs struct {
	Project    string
	Occurrence string // id; empty: the one that is due
	Early      bool   // open it before its day
}

// The limits of days, around that of an occurrence, on which its issue is opened: from early before it, if --early is passed, to late after
// it, unless it is named.
const (
	early = 7
	late  = 7
)

// history is how many days ago a drill may be: older ones are not read any more.
const history = int(workflow.DrillHistory / (24 * time.Hour))

// Check refuses an occurrence that the rule does not have.
func (in OpenInputs) Check(days drill.Days) error {
	if in.Occurrence == "" {
		return nil
	}
	if _, err := days.Find(in.Occurrence); err != nil {
		return fault.Wrap(fault.Usage, err, "To see the days: prodctl rad status", "--occurrence")
	}
	return nil
}

// OpenReader reads what `rad open` needs before it writes.
type OpenReader interface {
	// FindIssueAmong finds the issue with the key, and others with its title in the same list.
	FindIssueAmong(ctx context.Context, project string, o issue.IdempotencyKey) (found issue.Issue, exists bool, others []issue.Issue,
		err error)
	UserByName(ctx context.Context, in target.Target, username string) (instance.User, error)
}

// Open plans `rad open`: one issue for an occurrence, made once, assigned to the two people in turn. Before the day it plans nothing.
type Open struct {
	workflow.Verified
	Read     OpenReader
	Moves    workflow.Moves
	Schedule Schedule
	Template template.Template
	Inputs   OpenInputs
	plan.Origin

	found    issue.Issue
	assigned []string // who the issue is to be assigned to
}

// Found returns the issue that existed before this run, if any.
func (o *Open) Found() (issue.Issue, bool) { return o.found, o.found.ID != 0 }

// Due returns the occurrence whose issue is to be opened, or a sentence that says why there is none today.
func (o *Open) Due() (drill.Occurrence, string, error) {
	in := o.Inputs
	last, next := o.Schedule.Days.Around(o.Today)
	due := last
	if in.Early && next.Day.DaysSince(o.Today) <= early {
		due = next
	}
	if in.Occurrence != "" {
		var err error
		if due, err = o.Schedule.Days.Find(in.Occurrence); err != nil {
			return due, "", fault.Wrap(fault.Refused, err, "", "")
		}
	}
	ahead := due.Day.DaysSince(o.Today)
	switch {
	case -ahead > history:
		return due, "", fault.New(fault.Refused, "To see the days: prodctl rad status", "restore drill %s was on %s: it is more than %d days ago",
			due.ID, due.Day, history)
	case ahead > 0 && !in.Early:
		return due, o.upcoming(due), nil
	case ahead > early:
		from := due.Day.AddDays(-early)
		return due, "", fault.New(fault.Refused, "", "restore drill %s is on %s: it can be opened from %s on", due.ID, due.Day, from)
	case ahead < -late && in.Occurrence == "":
		return due, o.upcoming(next), nil
	}
	return due, "", nil
}

// upcoming is a note about when an occurrence is, and for whom.
func (o *Open) upcoming(due drill.Occurrence) string {
	days := due.Day.DaysSince(o.Today)
	in := fmt.Sprintf("in %d days", days)
	if days == 1 {
		in = "tomorrow"
	}
	text := fmt.Sprintf("Nothing to open: restore drill %s is on %s %s, %s", due.ID, due.Day.Weekday(), due.Day, in)
	if due.Moved() {
		text += fmt.Sprintf(" (moved from %s %s)", due.Rule.Weekday(), due.Rule)
	}
	if people := o.Schedule.Rota.InTurn(due); len(people) > 0 {
		text += ", for @" + strings.Join(people, " and @")
	}
	return text
}

// Key returns the idempotency key of an occurrence's issue, to which the client adds the project's id. Its look-up is an exact list from
// the earliest possible day on. The rule and the holidays may have been others when the issue was opened, so an occurrence with the name of
// a month is looked for in the whole month.
func Key(o drill.Occurrence, label string) issue.IdempotencyKey {
	return issue.IdempotencyKey{Kind: drill.Kind, Name: o.ID, Derived: true, Label: label, Content: drill.Opened{Occurrence: o},
		Since: o.Earliest().AddDays(-early - late).Midnight(time.UTC).Add(-workflow.Slack)}
}

// Plan looks for the issue first.
func (o *Open) Plan(ctx context.Context) (plan.Plan, error) {
	p := workflow.NewPlan(o.Origin, "rad open", o.Inputs, workflow.Settings{o.Schedule, o.Template})
	p.Routine = true
	due, note, err := o.Due()
	if err != nil {
		return plan.Plan{}, err
	}
	if note != "" {
		p.Notes = append(p.Notes, note)
		return p, nil
	}
	key := Key(due, o.Schedule.Label)
	found, exists, others, err := o.Read.FindIssueAmong(ctx, o.Inputs.Project, key)
	if !exists && err == nil {
		found, exists = o.byHand(due, others)
	}
	if err == nil {
		err = o.Moves.Admit(ctx, found, o.Inputs.Project, false)
	}
	if err != nil {
		return plan.Plan{}, err
	}
	if o.found = found; exists {
		p.Observed = workflow.SortObserved(append(p.Observed, workflow.ObservedIssue(found)))
		if _, next := o.Schedule.Days.Around(o.Today); next.Number == due.Number+1 {
			p.Notes = append(p.Notes, fmt.Sprintf("The next one is on %s %s", next.Day.Weekday(), next.Day))
		}
		return p, nil
	}
	if len(o.Schedule.Targets) == 0 {
		return plan.Plan{}, fault.New(fault.Refused, "Add rad.targets to the configuration, see docs/rad.md",
			"no target to restore is configured")
	}
	key.Searched = true
	return p, o.create(ctx, &p, due, key)
}

// byHand returns the issue that people opened for the occurrence themselves: it has the label and the title. Without the label, which
// needs a role, anybody could keep a drill from being opened.
func (o *Open) byHand(due drill.Occurrence, others []issue.Issue) (issue.Issue, bool) {
	for _, i := range others {
		if d := drill.Read(i); i.Has(o.Schedule.Label) && i.MovedToID == 0 && d.Of(due) {
			return i, true
		}
	}
	return issue.Issue{}, false
}

// create adds the step that creates the issue.
func (o *Open) create(ctx context.Context, p *plan.Plan, due drill.Occurrence, key issue.IdempotencyKey) error {
	people, notes, err := o.people(ctx, due)
	if err != nil {
		return err
	}
	o.assigned = nil
	var names, unknown []string
	draft := issue.Draft{Title: safetext.Title(drill.Title(due)), Labels: []string{o.Schedule.Label}, Due: due.Day}
	for _, u := range people {
		names = append(names, u.Username)
		if u.ID == 0 {
			unknown = append(unknown, "@"+u.Username)
			continue
		}
		o.assigned, draft.AssigneeIDs = append(o.assigned, u.Username), append(draft.AssigneeIDs, u.ID)
	}
	if len(unknown) > 0 {
		notes = append(notes, "Mentioned and not assigned, because the token may not read members: "+strings.Join(unknown, ", "))
	}
	draft.Description = o.Template.Fill(map[string]string{"day": due.Day.Weekday().String() + " " + due.Day.String(), "occurrence": due.ID,
		"people": drill.Mentioned(names), "targets": drill.Checklist(o.Schedule.Targets), "record": drill.Record(due, names)})
	draft.Actions = o.Template.ActionsIn(draft.Description)
	p.Notes = append(p.Notes, notes...)
	p.Steps = append(p.Steps, plan.CreateIssue{Base: plan.Base{ID: workflow.CreatedStep}, In: target.ProjectAt(o.Inputs.Project),
		Draft: draft.Fitted(), IdempotencyKey: key, Assignees: o.assigned})
	return nil
}

// people are the two people in turn. One who has no account is skipped, and the next one asked. If GitLab does not say, those in turn are
// mentioned.
func (o *Open) people(ctx context.Context, due drill.Occurrence) (people []instance.User, notes []string, err error) {
	present, _ := o.Schedule.Rota.Order(due)
	for _, name := range o.Schedule.Rota.Skipped(due) {
		notes = append(notes, fmt.Sprintf("@%s is absent on %s: skipped", name, due.Day))
	}
	for _, name := range present {
		if len(people) == drill.Pair {
			break
		}
		u, err := o.Read.UserByName(ctx, target.ProjectAt(o.Inputs.Project), name)
		switch {
		case err == nil:
			people = append(people, u)
		case fault.KindOf(err) == fault.Auth:
			people = append(people, instance.User{Username: name})
		case errors.Is(err, fault.NotFound):
			notes = append(notes, fmt.Sprintf("@%s not found: skipped", name))
		default:
			return nil, nil, err
		}
	}
	if len(people) < drill.Pair {
		notes = append(notes, fmt.Sprintf("%s of two. To name more people, set rad.people in the configuration",
			workflow.Count(len(people), "person", "people")))
	}
	return people, notes, nil
}

// Unassigned returns who was to be assigned to the issue and is not.
func (o *Open) Unassigned(i issue.Issue) (names []string) {
	for _, name := range o.assigned {
		if !slices.ContainsFunc(i.Assignees, func(assigned string) bool { return oncall.Same(assigned, name) }) {
			names = append(names, name)
		}
	}
	return names
}
