package runner

import (
	"errors"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// showApplied lists the steps with what became of each.
func showApplied(s *app.Session, p plan.Plan, rounds []workflow.Round, err error) error {
	return showAppliedOr(s, Retry(s), p, rounds, err)
}

// showAppliedOr is that with the command line that goes on where it stopped.
func showAppliedOr(s *app.Session, goOn string, p plan.Plan, rounds []workflow.Round, err error) error {
	if rounds == nil && err == nil {
		return s.View.Applied(appliedDocument(p.Command, nil, p.Notes))
	}
	doc := appliedDocument(p.Command, rounds, NotesOf(rounds))
	doc.Complete = err == nil
	if err != nil {
		doc.Retry, doc.Notes = goOn, nil // the plan's notes tell what would have come of all of it
	}
	if err != nil && NothingWritten(rounds) && s.Table() {
		return err // nothing stands, so there is nothing to show but why
	}
	if verr := s.View.Applied(doc); verr != nil {
		return errors.Join(err, verr)
	}
	if err != nil {
		return stopped(doc, err)
	}
	return nil
}

// Posted says what became of a plan, how to go on, and the address of the last issue that a step of the kind was about.
func Posted(s *app.Session, what, goOn string, p plan.Plan, rounds []workflow.Round, err error, in func(plan.Step) bool) error {
	if err := showAppliedOr(s, goOn, p, rounds, err); err != nil {
		return err
	}
	for _, round := range slices.Backward(rounds) {
		for _, r := range slices.Backward(round.Report.Results) {
			if in(r.Step) && r.Issue.WebURL != "" && !s.Global.Quiet {
				s.Notef("%s stands in %s", what, r.Issue.WebURL)
				return nil
			}
		}
	}
	return nil
}

// NotesOf are the notes of all rounds, each once.
func NotesOf(rounds []workflow.Round) []string {
	var all []string
	for _, r := range rounds {
		for _, note := range r.Plan.Notes {
			if !slices.Contains(all, note) {
				all = append(all, note)
			}
		}
	}
	return all
}

// NothingWritten reports whether nothing was written, and nothing may have been.
func NothingWritten(rounds []workflow.Round) bool {
	for _, r := range rounds {
		if r.Report.Count(plan.Done)+r.Report.Count(plan.OutcomeUnknown) > 0 {
			return false
		}
	}
	return true
}

// stopped says how far it came. What to do about the cause is said by the cause, unless that is to try again.
func stopped(doc jsonv1.Applied, err error) error {
	done := 0
	for _, s := range doc.Steps {
		if s.Outcome == jsonv1.OutcomeDone || s.Outcome == jsonv1.OutcomeUnchanged {
			done++
		}
	}
	hint := "to go on where it stopped: " + doc.Retry
	if cause := fault.HintOf(err); cause != "" && !strings.Contains(cause, "same command") {
		hint = cause + "\n" + hint
	}
	return fault.Wrap(fault.KindOf(err), err, hint, "%d of %d steps were done", done, len(doc.Steps))
}

// appliedDocument is the published form of what became of a plan.
func appliedDocument(command string, rounds []workflow.Round, notes []string) jsonv1.Applied {
	doc := jsonv1.NewApplied(command)
	doc.Complete, doc.Rounds, doc.Notes = true, len(rounds), notes
	for n, round := range rounds {
		for _, r := range round.Report.Results {
			if r.Outcome == plan.NotStarted && n < len(rounds)-1 {
				continue // it was planned again
			}
			step := jsonv1.AppliedStep{Step: plan.StepDocument(r.Step), Outcome: jsonv1.Outcome(r.Outcome)}
			if _, ok := r.Step.(plan.CreateIssue); ok {
				step.Object.IID = r.Issue.Ref.IID
			}
			if r.Err != nil {
				step.Reason = r.Err.Error()
			}
			doc.Steps = append(doc.Steps, step)
		}
	}
	return doc
}
