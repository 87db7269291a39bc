package runner

import (
	"errors"
	"slices"
	"strconv"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// ShowNothing shows a plan without steps.
func ShowNothing(s *app.Session, p plan.Plan) error {
	return s.View.Applied(appliedDocument(p.Command, nil, p.Notes, true))
}

// showApplied lists the steps with their outcomes.
func showApplied(s *app.Session, p plan.Plan, rounds []workflow.Round, err error) error {
	return showAppliedOr(s, Retry(s), p, rounds, err)
}

// showAppliedOr is [showApplied] with another command line to retry.
func showAppliedOr(s *app.Session, retry string, p plan.Plan, rounds []workflow.Round, err error) error {
	if rounds == nil && err == nil {
		return s.View.Applied(appliedDocument(p.Command, nil, p.Notes, true))
	}
	doc := appliedDocument(p.Command, rounds, NotesOf(rounds), err == nil)
	if err != nil {
		doc.Retry, doc.Notes = retry, nil // the plan's notes describe the result of all steps
	}
	if err != nil && !workflow.Written(rounds) && s.Table() {
		return err // no step to list
	}
	if verr := s.View.Applied(doc); verr != nil {
		return errors.Join(err, verr)
	}
	if err != nil {
		return stopped(doc, err)
	}
	return nil
}

// Posted shows the outcome of a plan and the address of the last issue that a step selected by in is about. what is the name of the text
// that was posted, such as "Report".
func Posted(s *app.Session, what, retry string, p plan.Plan, rounds []workflow.Round, err error, in func(plan.Step) bool) error {
	if err := showAppliedOr(s, retry, p, rounds, err); err != nil {
		return err
	}
	for _, round := range slices.Backward(rounds) {
		for _, r := range slices.Backward(round.Report.Results) {
			if in(r.Step) && r.Issue.WebURL != "" && !s.Global.Quiet {
				s.Notef("%s posted to %s", what, r.Issue.WebURL)
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

// stopped reports how many steps were done.
func stopped(doc jsonv1.Applied, err error) error {
	done := 0
	for _, s := range doc.Steps {
		switch s.Outcome {
		case jsonv1.OutcomeDone, jsonv1.OutcomeUnchanged, jsonv1.OutcomeByOther:
			done++
		}
	}
	return fault.Wrap(fault.KindOf(err), err, RetryHint(fault.HintOf(err), doc.Retry), "%d of %s done", done, steps(len(doc.Steps)))
}

// planned reports whether a round planned a step, again.
func planned(rounds []workflow.Round, step plan.Step) bool {
	return slices.ContainsFunc(rounds, func(r workflow.Round) bool {
		return slices.ContainsFunc(r.Plan.Steps, func(s plan.Step) bool { return s.Key() == step.Key() })
	})
}

// appliedDocument is the published form of the outcome of a plan. complete means that nothing is left to do.
func appliedDocument(command string, rounds []workflow.Round, notes []string, complete bool) jsonv1.Applied {
	doc := jsonv1.NewApplied(command)
	doc.Complete, doc.Rounds, doc.Notes = complete, len(rounds), notes
	for n, round := range rounds {
		for _, r := range round.Report.Results {
			outcome := jsonv1.Outcome(r.Outcome)
			switch {
			case r.Outcome != plan.NotStarted:
			case planned(rounds[n+1:], r.Step):
				continue
			case n < len(rounds)-1 || complete: // nothing was left of it when the run looked again
				outcome = jsonv1.OutcomeByOther
			}
			step := jsonv1.AppliedStep{Step: plan.StepDocument(r.Step), Outcome: outcome}
			if _, ok := r.Step.(plan.CreateIssue); ok {
				step.Object.IID = r.Issue.Ref.IID
			}
			if step.Reason = r.Reason; r.Err != nil {
				step.Reason = r.Err.Error()
			}
			doc.Steps = append(doc.Steps, step)
		}
	}
	return doc
}

// steps is "1 step", "2 steps".
func steps(n int) string {
	if n == 1 {
		return "1 step"
	}
	return strconv.Itoa(n) + " steps"
}
