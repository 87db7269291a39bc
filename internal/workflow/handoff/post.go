package handoff

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/idempotency"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
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
}

// Post writes the report of a shift into the on-call log, as one comment per shift. Posting again edits that comment.
type Post struct {
	workflow.Verified
	Report   Report
	Read     PostReader
	Moves    workflow.Moves
	Inputs   PostInputs
	Log      OncallLog
	Incoming []string
	// Text renders the comment for a report, without its key. reveal includes details of confidential issues.
	Text func(r handoff.Report, reveal bool) (string, error)
	plan.Origin
}

// The keys of the steps that create the log issue and write the comment.
const (
	logStep  = "log"
	postStep = "post"
)

// logState is the on-call log as it was read.
type logState struct {
	issue      issue.Issue // ID 0: to be created
	note       issue.Note  // of this shift; ID 0: to be created
	duplicates bool
	key        issue.IdempotencyKey // of the note
	edited     issue.Note           // the last one that a person has changed, and that stays; ID 0: none
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
	text, err := h.Text(report, h.Inputs.Reveal || h.logIsConfidential(log))
	if err != nil {
		return plan.Plan{}, err
	}
	p.Discloses = h.Inputs.Reveal || h.logIsConfidential(log)
	p.Steps, err = h.noteSteps(log, text)
	if err != nil {
		return plan.Plan{}, err
	}
	if log.issue.ID != 0 {
		p.Observed = append(p.Observed, workflow.ObservedIssue(log.issue))
		p.Notes = append(p.Notes, logNote(log.issue, len(p.Steps)+len(reassigned) == 0))
		if log.edited.ID != 0 && len(p.Steps) > 0 {
			p.Notes = append(p.Notes, fmt.Sprintf("The comment by %s was edited since: it stays, and the report is in another comment",
				account.Name(log.edited.Author)))
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
		log, err = h.findNote(ctx, log)
	}
	if search, ok := errors.AsType[*idempotency.Error](err); ok && !search.Sent { // nothing is lost, and the caller did not choose the keys
		return log, search.Err
	}
	return log, err
}

// maxComments bounds how many comments of one shift are passed over.
const maxComments = 20

// findNote finds the comment of the shift. One whose text a person has changed is theirs: it stays, and the next name is tried.
func (h *Post) findNote(ctx context.Context, log logState) (logState, error) {
	for n := 1; ; n++ {
		log.key = h.noteKey(n)
		note, found, duplicates, err := h.Read.FindNote(ctx, log.issue.Ref, log.key)
		if err != nil || !found {
			return log, err
		}
		log.note, log.duplicates = note, duplicates
		if h.sealed(note).Intact() || n == maxComments {
			return log, nil
		}
		log.edited, log.note = note, issue.Note{}
	}
}

// sealed is the text of a comment as prodctl wrote it, without the lines of its key.
func (h *Post) sealed(n issue.Note) safetext.Seal {
	return safetext.ReadSeal(idempotency.Unstamped(n.Body))
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

// noteKey returns the idempotency key of the shift's nth comment. In a log that is one permanent issue, only comments since the
// start of the shift are searched.
func (h *Post) noteKey(n int) issue.IdempotencyKey {
	o := issue.IdempotencyKey{Kind: handoff.NoteKind, Name: handoff.NameOfComment(h.Inputs.Shift, n)}
	if h.Log.Log == (handoff.Log{}) {
		o.Since = h.Report.Facts.Shift.From.Add(-workflow.Slack)
	}
	return o
}

// logIsConfidential reports whether the log may hold details of confidential issues.
func (h *Post) logIsConfidential(log logState) bool {
	if log.issue.ID != 0 {
		return log.issue.Confidential
	}
	return h.Log.Confidential
}

// noteSteps returns the steps that create or update the comment; none if it is up to date.
func (h *Post) noteSteps(log logState, text string) ([]plan.Step, error) {
	if log.key.Name == "" {
		log.key = h.noteKey(1)
	}
	o := log.key
	key, err := idempotency.NewKey(o.Kind, o.Name)
	if err != nil {
		return nil, err
	}
	if log.edited.ID != 0 && log.note.ID == 0 && h.sealed(log.edited).Says(text) {
		return nil, nil
	}
	text = safetext.Sealed(text)
	note := plan.UpsertNote{Base: plan.Base{ID: postStep}, Note: issue.NoteDraft{Body: text}, IdempotencyKey: o}
	if log.issue.ID == 0 {
		draft := h.Log.Log.Draft(h.Log.Label, h.Log.Confidential)
		found := h.Log.Log.IdempotencyKey(h.Log.Label)
		found.Searched = true
		note.After, note.Title, note.IdempotencyKey.Searched = []string{logStep}, workflow.ShownTitle(issue.Issue{Title: draft.Title,
			Confidential: draft.Confidential}), true
		note.On = plan.IssueRef{Ref: issue.Ref{Project: h.Log.Project}, Created: logStep}
		return []plan.Step{plan.CreateIssue{Base: plan.Base{ID: logStep}, In: target.ProjectAt(h.Log.Project), Draft: draft,
			IdempotencyKey: found}, note}, nil
	}
	note.Before = idempotency.Unstamped(log.note.Body)
	note.On, note.Title, note.IdempotencyKey.Searched = plan.IssueRef{Ref: log.issue.Ref}, workflow.ShownTitle(log.issue), log.note.ID == 0
	if log.note.ID != 0 && !log.duplicates && safetext.Same(idempotency.Stamp(text, key), log.note.Body) {
		return nil, nil
	}
	return []plan.Step{note}, nil
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
