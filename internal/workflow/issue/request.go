package issue

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
	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/request"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// RequestInputs are the inputs of `issue request`. A plan file keeps them.
type RequestInputs struct {
	In             string // project of the request
	Title          string // as entered
	Why            string // as entered
	Due            calendar.Date
	Team           string // the team that waits for it; empty: our own
	Requester      string // user name without @; empty: the token's user
	Urgent         bool
	Access         bool
	Oncall         bool
	Duty           string // who is on call, with Oncall; empty: unknown
	Confidential   bool
	At             time.Time // when the command was run, UTC
	IdempotencyKey issue.IdempotencyKey
}

// Check sets the idempotency key. It rejects a request without a title, by several people, or due in the past. The same title of the same
// team on one day is the same request; who asks is added to the key when it is known.
func (in *RequestInputs) Check(keys workflow.Keys, today calendar.Date) (err error) {
	if err := workflow.RequireText("title", in.Title, `prodctl issue request "Read access to the search logs" --team search`); err != nil {
		return err
	}
	switch {
	case strings.ContainsAny(in.Requester, ", /"):
		return fault.New(fault.Usage, "Name one user", "invalid user %q in --requester", in.Requester)
	case !in.Due.IsZero() && in.Due.Before(today):
		return fault.New(fault.Usage, "Use today or a later date", "--due %s is in the past", in.Due)
	}
	in.IdempotencyKey, err = keys.Key("request", "", "issue request", issue.NormalTitle(in.Title), issue.NormalTitle(in.Team))
	return err
}

// RequestReader reads what `issue request` needs before it writes.
type RequestReader interface {
	workflow.NotesReader
	workflow.IssueFinder
	CurrentUser(context.Context) (instance.User, error)
	UserByName(ctx context.Context, in target.Target, username string) (instance.User, error)
	Milestones(context.Context, target.Target, milestone.Query) ([]milestone.Milestone, error)
}

// RequestLabels are the labels of requests, under the team's names.
type RequestLabels struct {
	Column         string // of the first column of the board; empty: none
	UnblocksOthers string
	Access         string
	Unscheduled    string
	Oncall         string
}

// Request plans `issue request`: an issue in the infrastructure tracker that says who asks for what by when, and mentions a manager.
type Request struct {
	workflow.Verified
	Read       RequestReader
	Moves      workflow.Moves
	Labels     RequestLabels
	Managers   []string
	Milestones target.Target // where the timeboxes are
	Current    string        // title of the Current Milestone
	Inputs     RequestInputs
	plan.Origin

	found issue.Issue
}

// Found returns the request that existed before this run, if any.
func (r *Request) Found() (issue.Issue, bool) { return r.found, r.found.ID != 0 }

// Exposed reports whether an existing request should have been confidential and is not.
func (r *Request) Exposed(i issue.Issue) bool { return r.Inputs.Confidential && !i.Confidential }

// Plan looks for the request first.
func (r *Request) Plan(ctx context.Context) (plan.Plan, error) {
	in := r.Inputs
	requester, err := r.requester(ctx)
	if err != nil {
		return plan.Plan{}, err
	}
	key := in.IdempotencyKey
	if requester.ID != 0 {
		key = workflow.KeyFor(requester.ID, key)
	}
	key.Content = issue.Titled(safetext.Title(in.Title))
	found, exists, err := r.Read.FindIssue(ctx, in.In, key)
	if err == nil {
		err = r.Moves.Admit(ctx, found, in.In, in.Confidential)
	}
	if err != nil {
		return plan.Plan{}, err
	}
	r.found = found
	p := workflow.NewPlan(r.Origin, "issue request", in, workflow.Settings{r.Labels, r.Managers, r.Milestones, r.Current})
	p.Routine = true
	if exists {
		p.Observed = workflow.SortObserved(append(p.Observed, workflow.ObservedIssue(found)))
		return p, r.remaining(ctx, &p)
	}
	key.Searched = true
	return p, r.create(ctx, &p, key, requester)
}

// requester is who asks: a named user who must exist, because the name mentions them, or the token's user. A token that may not read its
// user has no requester: that is the author of the issue then.
func (r *Request) requester(ctx context.Context) (instance.User, error) {
	if r.Inputs.Requester != "" {
		return r.Read.UserByName(ctx, target.ProjectAt(r.Inputs.In), r.Inputs.Requester)
	}
	self, err := r.Read.CurrentUser(ctx)
	if fault.KindOf(err) == fault.Auth {
		return instance.User{}, nil
	}
	return self, err
}

// create adds the steps that create the request.
func (r *Request) create(ctx context.Context, p *plan.Plan, key issue.IdempotencyKey, requester instance.User) error {
	in := r.Inputs
	manager, notes, err := r.manager(ctx)
	if err != nil {
		return err
	}
	draft := issue.Draft{Title: safetext.Title(in.Title), Labels: r.labels(), Confidential: in.Confidential, Due: in.Due}
	draft.Description = request.Request{Requester: requester.Username, Team: in.Team, Due: in.Due, Urgent: in.Urgent, Manager: manager,
		At: in.At}.Description(in.Why)
	into := ""
	if in.Urgent {
		if draft.MilestoneID, err = r.current(ctx); err != nil {
			return err
		}
		into = r.Current
		notes = append(notes, fmt.Sprintf("It is urgent: it goes into %q", r.Current))
	}
	p.Notes = append(p.Notes, notes...)
	p.Steps = append(p.Steps, plan.CreateIssue{Base: plan.Base{ID: workflow.CreatedStep}, In: target.ProjectAt(in.In), Draft: draft.Fitted(),
		IdempotencyKey: key, Milestone: into})
	p.Steps = append(p.Steps, r.assign(workflow.CreatedIssue(in.In), []string{workflow.CreatedStep})...)
	return nil
}

// labels are those of the issue: each says something that is counted later.
func (r *Request) labels() (names []string) {
	in := r.Inputs
	add := func(set bool, name string) {
		if set && name != "" {
			names = append(names, name)
		}
	}
	add(true, r.Labels.Column)
	add(in.Team != "", r.Labels.UnblocksOthers)
	add(in.Access, r.Labels.Access)
	add(in.Urgent, r.Labels.Unscheduled)
	add(in.Oncall, r.Labels.Oncall)
	return names
}

// assign returns the step that assigns the person on call.
func (r *Request) assign(on plan.IssueRef, after []string) []plan.Step {
	if !r.Inputs.Oncall || r.Inputs.Duty == "" {
		return nil
	}
	return []plan.Step{plan.AssignIssue{Base: plan.Base{ID: "assign", After: after}, On: on, Users: []string{r.Inputs.Duty}, Duty: true}}
}

// manager is the manager whose turn it is. One who has no account is skipped. If GitLab does not say, the one in turn is mentioned.
func (r *Request) manager(ctx context.Context) (name string, notes []string, err error) {
	for _, name := range request.InTurn(slices.DeleteFunc(slices.Clone(r.Managers), isToken), r.Today) {
		u, err := r.Read.UserByName(ctx, target.ProjectAt(r.Inputs.In), name)
		switch {
		case err == nil:
			return u.Username, notes, nil
		case fault.KindOf(err) == fault.Auth:
			return name, notes, nil
		case !errors.Is(err, fault.NotFound):
			return "", nil, err
		}
		notes = append(notes, fmt.Sprintf("Manager %s not found: skipped", account.Name(name)))
	}
	return "", append(notes, "No manager is mentioned. To name one, set requests.managers in the configuration"), nil
}

// isToken reports whether a name is that of a token's account, which nobody reads.
func isToken(name string) bool { return !account.IsPerson(name) }

// current is the id of the Current Milestone.
func (r *Request) current(ctx context.Context) (int64, error) {
	found, err := r.Read.Milestones(ctx, r.Milestones, milestone.Query{Title: r.Current, State: milestone.Active})
	if err != nil {
		return 0, err
	}
	for _, m := range found {
		if m.Title == r.Current && m.Open() {
			return m.ID, nil
		}
	}
	return 0, fault.New(fault.Refused, "Create it: prodctl milestone ensure", "no open milestone %q in %s for an urgent request", r.Current,
		r.Milestones)
}

// remaining adds what an earlier run may not have reached, and the title of a request that the caller's key found under another one.
// Labels, milestone and dates are not set again: people may have changed them.
func (r *Request) remaining(ctx context.Context, p *plan.Plan) error {
	if r.Exposed(r.found) {
		return nil
	}
	if key := r.Inputs.IdempotencyKey; !key.Derived && !key.Unique {
		steps, note, err := workflow.OtherWords(ctx, r.Read, r.found, key, r.Inputs.Title)
		if err != nil {
			return err
		}
		p.Steps = steps
		if note != "" {
			p.Notes = append(p.Notes, note)
		}
	}
	if len(r.found.Assignees) == 0 && r.found.Has(r.Labels.Oncall) && r.found.Open() {
		p.Steps = append(p.Steps, r.assign(plan.IssueRef{Ref: r.found.Ref}, nil)...)
	}
	return nil
}

// Ignored returns the flags whose values an existing request does not have.
func (r *Request) Ignored(i issue.Issue) (flags []string) {
	in := r.Inputs
	recorded, _ := request.Read(i.Description)
	add := func(missing bool, flag string) {
		if missing {
			flags = append(flags, flag)
		}
	}
	add(!in.Due.IsZero() && in.Due != recorded.Due && in.Due != i.Due, "--due")
	add(in.Team != "" && !issue.SameTitle(in.Team, recorded.Team), "--team")
	why := strings.TrimSpace(safetext.Passage(in.Why))
	add(why != "" && !strings.Contains(strings.ReplaceAll(i.Description, "\r", ""), why), "--why")
	add(in.Urgent && !recorded.Urgent && !i.Has(r.Labels.Unscheduled), "--urgent")
	add(in.Access && !i.Has(r.Labels.Access), "--access")
	add(in.Oncall && !i.Has(r.Labels.Oncall), "--oncall")
	return flags
}
