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
	"gitlab.com/prodctl/prodctl/pkg/stable"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// PostInputs are the inputs of `handoff --post`, as stored in a plan file.
type PostInputs struct {
	At       time.Time // point in time of the report, UTC
	Shift    string    // id of the shift that ends
	Reassign bool      // assign the open on-call issues to the first incoming person
	Reveal   bool      // include details of confidential issues
}

// Check rejects a shift that has not started: its comment could not be found later, because the search ignores comments that are older than
// the shift. It also rejects a reassignment to people who are off duty by now.
func (in PostInputs) Check(s oncall.Schedule, shift oncall.Shift) error {
	switch next := s.Next(shift); {
	case shift.From.After(in.At):
		return fault.New(fault.Usage, "Leave out --shift, or use --shift current", "--shift %s has not started yet", shift.ID())
	case in.Reassign && !in.At.Before(next.To):
		return fault.New(fault.Usage, "Leave out --reassign or --shift",
			"--reassign is not possible for %s: the people who came on call after it are off duty", shift.ID())
	}
	return nil
}

// PostReader reads what `handoff --post` needs besides the report.
type PostReader interface {
	workflow.IssueReader
	workflow.IssueFinder
	// FindNote searches for a comment by its hidden key and changes nothing. duplicates means that the token's user has more than one.
	FindNote(ctx context.Context, on issue.Ref, o issue.IdempotencyKey) (found issue.Note, ok, duplicates bool, err error)
	UserByName(ctx context.Context, in target.Target, username string) (instance.User, error)
	CurrentUser(context.Context) (instance.User, error)
	workflow.RoleReader
}

// Post writes the report of a shift into the on-call log, as one comment per shift. Posting again edits that comment. One that a person has
// changed, or that this token may not edit, stays: the report is posted beside it, and the newest comment counts.
type Post struct {
	workflow.Verified
	workflow.Afters
	Report   Report
	Read     PostReader
	Moves    workflow.Moves
	Inputs   PostInputs
	Log      OncallLog
	Incoming []string
	// Text renders the comment for a report, without its key. replaces is the sentence about the comment that this one replaces; empty: none.
	// reveal includes details of confidential issues.
	Text func(r handoff.Report, replaces string, reveal bool) (string, error)
	plan.Origin

	log issue.Issue // the on-call log as it was read; ID 0: created by this run
}

// Posted reports whether this run added a comment of the shift, which is more than an edit, and returns the on-call log.
func (h *Post) Posted(rounds []workflow.Round) (log issue.Issue, ours bool) {
	_, ours = workflow.DoneBy(rounds, func(step plan.Step) bool {
		s, ok := step.(plan.UpsertNote)
		return ok && s.Before == ""
	})
	log = h.log
	if r, ok := workflow.DoneBy(rounds, func(step plan.Step) bool { return step.Key() == logStep }); ok {
		log = r.Issue
	}
	return log, ours
}

// The keys of the steps that create the log issue and write the comment.
const (
	logStep  = "log"
	postStep = "post"
)

// logState is the on-call log as it was read.
type logState struct {
	issue      issue.Issue  // ID 0: to be created
	notes      []issue.Note // of this shift, the newest last; the others are replaced
	duplicates bool         // of the newest one
}

// Plan reads the report, and searches for the log and the comment of the shift.
func (h *Post) Plan(ctx context.Context) (plan.Plan, error) {
	if next := h.Report.Facts.Next; h.Inputs.Reassign && len(h.Incoming) == 0 {
		return plan.Plan{}, fault.New(fault.Refused,
			"Add a rotation to oncall.regions in the configuration, or leave out --reassign",
			"issues cannot be reassigned: nobody is on call for the %s shift from %s", next.Region,
			next.From.UTC().Format("2006-01-02 15:04 UTC"))
	}
	p := workflow.NewPlan(h.Origin, "handoff --post", h.Inputs, workflow.Settings{h.Report.Facts.Labels, h.Log.Log, h.Log.Issue.String(),
		h.Log.Label, h.Log.Confidential, h.Incoming})
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
	var reassigned []issue.Issue
	if h.Inputs.Reassign {
		reassigned = h.reassign(&report)
	}
	reveal := h.Inputs.Reveal || h.logIsConfidential(log)
	p.Discloses = reveal
	steps, why, err := h.noteSteps(ctx, log, func(replaces string) (string, error) { return h.Text(report, replaces, reveal) })
	if err != nil {
		return plan.Plan{}, err
	}
	p.Steps = steps
	if h.log = log.issue; log.issue.ID != 0 {
		p.Observed = append(p.Observed, workflow.ObservedIssue(log.issue))
		p.Notes = append(p.Notes, logNote(log.issue, len(p.Steps)+len(reassigned) == 0))
		if why != "" && len(p.Steps) > 0 {
			p.Notes = append(p.Notes, why)
		}
	}
	after := []string(nil)
	if n := len(p.Steps); n > 0 {
		after = []string{postStep}
	}
	for _, i := range reassigned {
		p.Observed = append(p.Observed, workflow.ObservedIssue(i))
		p.Steps = append(p.Steps, plan.AssignIssue{Base: plan.Base{ID: "assign " + i.Ref.String(), After: after}, On: plan.IssueRef{Ref: i.Ref},
			Users: h.Incoming[:1]})
	}
	p.Observed = workflow.SortObserved(p.Observed)
	return p, nil
}

// logNote names the log issue, and says if nothing has to be done.
func logNote(log issue.Issue, unchanged bool) string {
	if unchanged {
		return "No change: the hand-off is already in " + log.Ref.String() + ": " + log.WebURL
	}
	return "On-call log: " + log.Ref.String() + " " + log.WebURL
}

// loadLog finds the log issue and the comment of the shift in it.
func (h *Post) loadLog(ctx context.Context) (log logState, err error) {
	if log.issue, err = h.Log.find(ctx, h.Read, h.Moves); err == nil && log.issue.ID != 0 {
		log, err = h.findNotes(ctx, log)
	}
	if search, ok := errors.AsType[*idempotency.Error](err); ok && !search.Sent { // nothing is lost, and the caller did not choose the keys
		return log, search.Err
	}
	return log, err
}

// checkAssignee makes sure, before anything is written, that the user who gets the issues exists.
func (h *Post) checkAssignee(ctx context.Context) error {
	if !h.Inputs.Reassign {
		return nil
	}
	_, err := h.Read.UserByName(ctx, target.ProjectAt(h.Log.Project), h.Incoming[0])
	if errors.Is(err, fault.NotFound) {
		return fault.Wrap(fault.Refused, err, "Fix the name in oncall.regions, or leave out --reassign", "reassign the open on-call issues")
	}
	return err
}

// logIsConfidential reports whether the log may hold details of confidential issues.
func (h *Post) logIsConfidential(log logState) bool {
	if log.issue.ID != 0 {
		return log.issue.Confidential
	}
	return h.Log.Confidential
}

// reassign assigns the open on-call issues in the report to the first incoming person, as they will be after the run. It returns the issues
// that have to change, as they are now.
func (h *Post) reassign(r *handoff.Report) []issue.Issue {
	person, l := h.Incoming[0], h.Report.Facts.Labels
	var reassigned []issue.Issue
	for n := range r.Sections {
		for k := range r.Sections[n].Entries {
			i := &r.Sections[n].Entries[k].Issue
			already := slices.ContainsFunc(i.Assignees, func(name string) bool { return oncall.Same(name, person) })
			if !i.Open() || !i.Has(l.Oncall) || already {
				continue
			}
			reassigned = append(reassigned, *i)
			i.Assignees = []string{person}
		}
	}
	stable.Sort(reassigned, func(a, b issue.Issue) int { return strings.Compare(a.Ref.String(), b.Ref.String()) })
	return reassigned
}
