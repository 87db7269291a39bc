package workflow

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

// Count is a number with its noun, singular or plural.
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// RequireIncident refuses issues of another kind.
func RequireIncident(i issue.Issue, labels incident.Labels) error {
	if i.Has(labels.Incident) {
		return nil
	}
	return fault.New(fault.Refused, fmt.Sprintf("an incident carries the label %q; prodctl incident list shows them",
		labels.Incident), "%s is no incident", i.Ref)
}

// CreatedStep is the key of the step that makes the issue which the command is about; all else comes after it.
const CreatedStep = "open"

// CreatedIssue is the issue that the command makes.
func CreatedIssue(project string) plan.IssueRef {
	return plan.IssueRef{Ref: issue.Ref{Project: project}, Created: CreatedStep}
}

// LinkSteps relate an issue with others, each once.
func LinkSteps(on plan.IssueRef, after []string, refs []string, reconciler eventlog.Reconciler) ([]plan.Step, error) {
	var steps []plan.Step
	for n, ref := range refs {
		if slices.Index(refs, ref) < n {
			continue
		}
		to, err := issue.ParseRef(ref, "", nil)
		if err != nil {
			return nil, fault.Wrap(fault.Usage, err, "write --link group/project#12", "")
		}
		steps = append(steps, plan.CreateLink{Base: plan.Base{ID: "link " + ref, After: after}, From: on, To: to, Reconciler: reconciler})
	}
	return steps, nil
}

// Line is somebody's words as one line of a text: they hide nothing of what follows.
func Line(s string) string { return safetext.Passage(safetext.Title(s)) }

// Command is how a follow-up is typed for an issue of the queue.
func Command(format string, args ...any) string { return fmt.Sprintf("prodctl "+format, args...) }

// ShownTitle is the issue's title as it may stand in a saved plan: that of a confidential issue may not (SPEC W7).
func ShownTitle(i issue.Issue) string {
	if i.Confidential {
		return "(confidential)"
	}
	return i.Title
}

// ErrBlank is the error of a text that says nothing at all, where a person was asked to write one.
var ErrBlank = errors.New("nothing was written")

// RequireText refuses what would be nothing at all; example is a command with words in it.
func RequireText(text, example string) error {
	if strings.TrimSpace(text) == "" {
		return fault.New(fault.Usage, "say it in quotes: "+example, "there is no text")
	}
	return nil
}
