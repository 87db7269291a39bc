package workflow

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

// Count returns a number with its noun, singular or plural.
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// RequireIncident refuses an issue that has neither the label nor GitLab's own type of incidents.
func RequireIncident(i Followed, labels incident.Labels) error {
	if labels.Is(i.Issue) || labels.Is(i.From) { // a move leaves out the labels that the other project lacks
		return nil
	}
	return fault.New(fault.Refused, "To see the incidents: prodctl incident list", "%s is not an incident: it has no label %q",
		i.Ref, labels.Incident)
}

// CreatedStep is the key of the step that creates the command's issue. All other steps come after it.
const CreatedStep = "open"

// CreatedIssue refers to the issue that the command creates.
func CreatedIssue(project string) plan.IssueRef {
	return plan.IssueRef{Ref: issue.Ref{Project: project}, Created: CreatedStep}
}

// LinkSteps returns the steps that link an issue to others, each once.
func LinkSteps(on plan.IssueRef, after []string, refs []string, reconciler eventlog.Reconciler) ([]plan.Step, error) {
	var steps []plan.Step
	for n, ref := range refs {
		if slices.Index(refs, ref) < n {
			continue
		}
		to, err := issue.ParseRef(ref, "", nil)
		if err != nil {
			return nil, fault.Wrap(fault.Usage, err, "Use the form --link group/project#12", "")
		}
		steps = append(steps, plan.CreateLink{Base: plan.Base{ID: "link " + ref, After: after}, From: on, To: to, Reconciler: reconciler})
	}
	return steps, nil
}

// NoRecord is the reconciler of issues outside the production tracker: their comments change nothing.
type NoRecord struct{}

// Reconcile changes nothing.
func (NoRecord) Reconcile(issue.Issue, []issue.Note) (issue.Change, error) {
	return issue.Change{}, nil
}

// Line returns text from GitLab as one line that is safe to insert into Markdown: it cannot hide what follows it.
func Line(s string) string { return safetext.Line(s) }

// Command returns the command line of a follow-up.
func Command(format string, args ...any) string { return fault.Command(format, args...) }

// NotBefore refuses the time of a flag that is before the start of what happened. Seconds do not count, because people type minutes. A
// time that is unknown is not refused.
func NotBefore(start time.Time, flag string, at time.Time, hint string) error {
	start, at = start.UTC().Truncate(time.Minute), at.UTC().Truncate(time.Minute)
	if start.IsZero() || at.IsZero() || !at.Before(start) {
		return nil
	}
	const form = "2006-01-02 15:04 UTC"
	return fault.New(fault.Usage, hint, "%s %s is before the start, %s", flag, at.Format(form), start.Format(form))
}

// ShownTitle returns the issue's title for a saved plan, without the title of a confidential issue (promise W7).
func ShownTitle(i issue.Issue) string {
	if i.Confidential {
		return "(confidential)"
	}
	return i.Title
}

// ErrBlank means that a person was asked for a text and wrote nothing.
var ErrBlank = errors.New("nothing was written")

// RequireText refuses an empty text. name is its flag or argument, and example a command with a text.
func RequireText(name, text, example string) error {
	if strings.TrimSpace(text) == "" {
		return fault.New(fault.Usage, "Example: "+example, "%s is required", name)
	}
	return nil
}
