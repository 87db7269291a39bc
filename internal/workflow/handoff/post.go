package handoff

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/idempotency"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// PostInputs are what `handoff --post` was asked; a plan file keeps them.
type PostInputs struct {
	At       time.Time // the moment that the report tells of, UTC
	Shift    string    // the id of the one that ends
	Reassign bool      // give the open on-call issues to whoever comes first
	Reveal   bool      // tell what confidential issues are about
}

// Check refuses a shift that has nothing to hand over yet: its comment could not be found again, as nothing is looked for that is older
// than what it is about. Issues are given to those who come now only.
func (in PostInputs) Check(s oncall.Schedule, shift oncall.Shift) error {
	switch next := s.Next(shift); {
	case shift.From.After(in.At):
		return fault.New(fault.Usage, "prodctl handoff --post, or --shift current", "--shift %s has not begun", shift.ID())
	case in.Reassign && !in.At.Before(next.To):
		return fault.New(fault.Usage, "leave --reassign out, or --shift",
			"those who came after %s are off duty: the open on-call issues are not theirs any more", shift.ID())
	}
	return nil
}

// PostReader is what `handoff --post` reads besides the report.
type PostReader interface {
	workflow.IssueReader
	workflow.IssueFinder
	// FindNote looks for a comment by its hidden key and changes nothing; twins tells that more than one is the token user's own.
	FindNote(ctx context.Context, on issue.Ref, o issue.IdempotencyKey) (found issue.Note, ok, twins bool, err error)
	UserByName(ctx context.Context, username string) (instance.User, error)
}

// Post is `handoff --post`: the report of a shift as the one comment of that shift on the on-call log, which is edited when it is posted
// again.
type Post struct {
	workflow.Verified
	Report       Report
	Read         PostReader
	Inputs       PostInputs
	Log          handoff.Log // zero: Issue is the log
	Issue        issue.Ref
	Project      string // where the log is
	Label        string // of the issues of the log
	Confidential bool   // those that are made are confidential
	Incoming     []string
	// Text is the comment for a report, without its key. reveal tells that what confidential issues are about may stand in it.
	Text func(r handoff.Report, reveal bool) (string, error)
	plan.Origin
}

// logStep and postStep are the keys of the steps that make the issue of the log and keep the comment.
const (
	logStep  = "log"
	postStep = "post"
)

// logged is the on-call log as it was found.
type logState struct {
	issue issue.Issue // without a number: it is to be made
	note  issue.Note  // of this shift; without a number: it is to be written
	duplicates bool
}

// Plan reads the report and looks for the log and the shift's comment.
func (h *Post) Plan(ctx context.Context) (plan.Plan, error) {
	if h.Inputs.Reassign && len(h.Incoming) == 0 {
		return plan.Plan{}, fault.New(fault.Refused,
			"say who is on call with a rotation of the region (oncall.regions in the configuration), or leave --reassign out and assign by hand",
			"it is not known who comes in %s, so nothing can be given to them", h.Report.Facts.Next.ID())
	}
	p := workflow.NewPlan(h.Origin, "handoff --post", h.Inputs, workflow.Settings{h.Report.Facts.Labels, h.Log, h.Issue.String(), h.Label,
		h.Confidential, h.Incoming})
	p.Routine = !h.Inputs.Reassign
	var report handoff.Report
	var log logState
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { report, _, err = h.Report.Build(gctx); return err })
	g.Go(func() (err error) { log, err = h.loadLog(gctx); return err })
	g.Go(func() error { return h.checkAssignee(gctx) })
	if err := g.Wait(); err != nil {
		return plan.Plan{}, err
	}
	var given []issue.Issue
	if h.Inputs.Reassign {
		given = h.reassign(&report)
	}
	text, err := h.Text(report, h.Inputs.Reveal || h.logIsConfidential(log))
	if err != nil {
		return plan.Plan{}, err
	}
	p.Steps, err = h.noteSteps(log, text)
	if err != nil {
		return plan.Plan{}, err
	}
	if log.issue.ID != 0 {
		p.Observed = append(p.Observed, workflow.ObservedIssue(log.issue))
		p.Notes = append(p.Notes, "the on-call log is "+log.issue.Ref.String()+": "+log.issue.WebURL)
	}
	after := []string(nil)
	if n := len(p.Steps); n > 0 {
		after = []string{postStep}
	}
	for _, i := range given {
		p.Observed = append(p.Observed, workflow.ObservedIssue(i))
		p.Steps = append(p.Steps, plan.AssignIssue{Base: plan.Base{ID: "give " + i.Ref.String(), After: after}, On: plan.IssueRef{Ref: i.Ref},
			Users: h.Incoming[:1]})
	}
	p.Observed = workflow.SortObserved(p.Observed)
	return p, nil
}

// look finds the issue of the log and the comment of the shift in it.
func (h *Post) loadLog(ctx context.Context) (logState, error) {
	log, err := h.findLog(ctx)
	if looked, ok := errors.AsType[*idempotency.Error](err); ok && !looked.Sent { // nothing is lost by it, and the keys are not the caller's
		return log, looked.Err
	}
	return log, err
}

func (h *Post) findLog(ctx context.Context) (log logState, err error) {
	if h.Log == (handoff.Log{}) {
		if log.issue, err = h.Read.Issue(ctx, h.Issue); errors.Is(err, fault.NotFound) {
			return log, fault.Wrap(fault.Usage, err, "name an issue that is there in handoff.issue, or say handoff.log: week", "the on-call log")
		}
	} else {
		log.issue, _, err = h.Read.FindIssue(ctx, h.Project, h.Log.IdempotencyKey(h.Label))
	}
	if err != nil || log.issue.ID == 0 {
		return log, err
	}
	var there bool
	if log.note, there, log.duplicates, err = h.Read.FindNote(ctx, log.issue.Ref, h.noteKey()); !there {
		log.note = issue.Note{}
	}
	return log, err
}

// known makes sure, before anything is written, that there is a user of the name that issues are given to.
func (h *Post) checkAssignee(ctx context.Context) error {
	if !h.Inputs.Reassign {
		return nil
	}
	_, err := h.Read.UserByName(ctx, h.Incoming[0])
	if errors.Is(err, fault.NotFound) {
		return fault.Wrap(fault.Refused, err, "mend the name in oncall.regions, or leave --reassign out", "give the open on-call issues to @%s",
			h.Incoming[0])
	}
	return err
}

// once is how the comment of the shift is found again. One in an issue that is the log for good is looked for among those of the shift's
// own days.
func (h *Post) noteKey() issue.IdempotencyKey {
	o := issue.IdempotencyKey{Kind: handoff.NoteKind, Name: h.Inputs.Shift}
	if h.Log == (handoff.Log{}) {
		o.Since = h.Report.Facts.Shift.From.Add(-workflow.Slack)
	}
	return o
}

// secret tells whether the log is confidential, so that confidential issues may be told in it.
func (h *Post) logIsConfidential(log logState) bool {
	if log.issue.ID != 0 {
		return log.issue.Confidential
	}
	return h.Confidential
}

// keep are the steps after which the comment says the text; none when it does.
func (h *Post) noteSteps(log logState, text string) ([]plan.Step, error) {
	o := h.noteKey()
	key, err := idempotency.NewKey(o.Kind, o.Name)
	if err != nil {
		return nil, err
	}
	note := plan.UpsertNote{Base: plan.Base{ID: postStep}, Note: issue.NoteDraft{Body: text}, IdempotencyKey: o}
	if log.issue.ID == 0 {
		draft := h.Log.Draft(h.Label, h.Confidential)
		found := h.Log.IdempotencyKey(h.Label)
		found.Searched = true
		note.After, note.Title, note.IdempotencyKey.Searched = []string{logStep}, workflow.ShownTitle(issue.Issue{Title: draft.Title,
			Confidential: draft.Confidential}), true
		note.On = plan.IssueRef{Ref: issue.Ref{Project: h.Project}, Created: logStep}
		return []plan.Step{plan.CreateIssue{Base: plan.Base{ID: logStep}, In: target.ProjectAt(h.Project), Draft: draft,
			IdempotencyKey: found}, note}, nil
	}
	note.Before = idempotency.Unstamped(log.note.Body)
	note.On, note.Title, note.IdempotencyKey.Searched = plan.IssueRef{Ref: log.issue.Ref}, workflow.ShownTitle(log.issue), log.note.ID == 0
	if log.note.ID != 0 && !log.duplicates && safetext.Same(idempotency.Stamp(text, key), log.note.Body) {
		return nil, nil
	}
	return []plan.Step{note}, nil
}

// give puts the open on-call issues of the report into the hands of whoever comes first, as they will be, and returns those that are not
// theirs yet as they are.
func (h *Post) reassign(r *handoff.Report) []issue.Issue {
	person, l := h.Incoming[0], h.Report.Facts.Labels
	var given []issue.Issue
	for n := range r.Sections {
		for k := range r.Sections[n].Entries {
			i := &r.Sections[n].Entries[k].Issue
			theirs := slices.ContainsFunc(i.Assignees, func(name string) bool { return oncall.Same(name, person) })
			if !i.Open() || !i.Has(l.Oncall) || theirs {
				continue
			}
			given = append(given, *i)
			i.Assignees = []string{person}
		}
	}
	slices.SortFunc(given, func(a, b issue.Issue) int { return strings.Compare(a.Ref.String(), b.Ref.String()) })
	return given
}
