package handoff

import (
	"errors"
	"time"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/runner"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// outcome shows what became of marking an issue, or of taking it.
type outcome struct {
	env   *app.App
	verb  string
	text  string
	at    func() time.Time
	issue func() issue.Issue      // as it was read first
	mark  func() handoff.Mark     // the words that it is handed on with
	again func(key string) string // the command line that goes on
}

func (h *outcome) show(p plan.Plan, rounds []workflow.Round, err error) error {
	settled, outcome, key, unclear := h.issue(), jsonv1.OutcomeUnchanged, "", false
	for _, round := range rounds {
		for _, r := range round.Report.Results {
			if tell, ok := r.Step.(plan.CreateNote); ok && h.verb == handoff.VerbMark {
				key, unclear = tell.Once.Name, r.Outcome == plan.Unclear
			}
			if r.Issue.Ref.IID != 0 {
				settled = r.Issue
			}
			if r.Outcome == plan.Done && r.Err == nil {
				outcome = jsonv1.OutcomeDone
			}
		}
	}
	if err != nil {
		return h.failed(settled, rounds, key, unclear, err)
	}
	doc := jsonv1.NewEvent("handoff", settled.Ref.String(), settled.Title, h.verb, outcome)
	doc.At, doc.Text, doc.Notes = document.Instant(h.at()), h.text, p.Notes
	if rounds != nil {
		doc.Notes = runner.NotesOf(rounds)
	}
	mark := h.mark()
	doc.LeftOff, doc.NextStep, doc.By = mark.LeftOff, mark.Next, mark.By
	doc.Confidential, doc.WebURL = settled.Confidential, settled.WebURL
	return h.env.View.Event(doc)
}

// failed says what stands.
func (h *outcome) failed(settled issue.Issue, rounds []workflow.Round, key string, unclear bool, err error) error {
	switch {
	case errors.Is(err, fault.Beaten):
		hint := fault.HintOf(err)
		if hint == "" {
			hint = "prodctl handoff list shows what is ready to be taken"
		}
		return fault.Wrap(fault.Refused, err, hint, "")
	case runner.NothingWritten(rounds):
		return err
	}
	what := "it is yours, but not all that follows from it is done"
	if h.verb == handoff.VerbMark {
		what = "the words are told, but the label is not set"
	}
	if unclear {
		what = "whether it is told is not known"
	}
	hint := "to go on where it stopped: " + runner.Shareable(h.env, h.again(key), runner.ShortWithKey(key), settled.Confidential)
	if errors.Is(err, fault.Dropped) {
		hint = "setting labels needs the role Planner, or Reporter and above; let somebody set it who has one\n" + hint
	}
	return fault.Wrap(fault.KindOf(err), err, hint, "%s: %s", settled.Ref, what)
}
