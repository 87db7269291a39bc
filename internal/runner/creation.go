package runner

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Creation shows an issue as soon as it is made, so that its address is known whatever comes after.
type Creation struct {
	Session  *app.Session
	What     string // incident, change, action
	Key      string
	Step     string // the step that makes the issue
	Web      bool
	Existing func() (issue.Issue, bool) // what was there before, where the plan looks for it; may be nil

	About       func(issue.Issue) string // what there is to say of the issue; may be nil
	Unmentioned func(issue.Issue) error  // tells what was typed and one that was there already does not say; may be nil

	NoDraft bool // what was to be made is not kept in a file: a pipeline makes it again

	mu      sync.Mutex
	created issue.Issue
	adopted bool // it was there already
	shown   error
}

// Started is told of steps that begin.
func (o *Creation) Started(plan.Step) {}

// Finished shows the issue.
func (o *Creation) Finished(r plan.Result) {
	if r.Step.Key() != o.Step || r.Issue.Ref.IID == 0 {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if step, ok := r.Step.(plan.CreateIssue); ok {
		o.Key = step.IdempotencyKey.Name
	}
	outcome := jsonv1.FoundCreated
	if r.Outcome == plan.Unchanged {
		outcome = jsonv1.FoundExisting
	}
	o.show(r.Issue, outcome)
}

// show shows the issue, once.
func (o *Creation) show(i issue.Issue, outcome jsonv1.Found) {
	if o.created.Ref.IID == 0 {
		o.created, o.adopted = i, outcome == jsonv1.FoundExisting
		doc := openedDoc(o.What, i, o.Key, outcome)
		if o.About != nil {
			if said := o.About(i); said != "" {
				doc.Notes = append(doc.Notes, said)
			}
		}
		o.shown = o.Session.View.Opened(doc)
	}
}

// openedDoc is the published form of an issue that was opened.
func openedDoc(what string, i issue.Issue, key string, outcome jsonv1.Found) jsonv1.Opened {
	doc := jsonv1.NewOpened(what, i.Ref.String(), i.Title, outcome)
	doc.Key, doc.Confidential, doc.WebURL = key, i.Confidential, i.WebURL
	return doc
}

// Planned shows an issue that was there already before anything else is done to it.
func (o *Creation) Planned() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.Existing == nil {
		return
	}
	if i, there := o.Existing(); there {
		o.show(i, jsonv1.FoundExisting)
	}
}

// ExistingState says where something stands that was there already, unless it has just begun.
func ExistingState(i issue.Issue, state, again string) string {
	switch state {
	case "active", "scheduled", "unknown":
		return ""
	case "resolved", "reviewed":
		return fmt.Sprintf("%s is %s: if it is back, %s %d", i.Ref, state, again, i.Ref.IID)
	}
	return fmt.Sprintf("%s is %s", i.Ref, state)
}

// Show says what failed after the issue was made; where it was not made, what was typed is kept in a file.
func (o *Creation) Show(p plan.Plan, rounds []workflow.Round, err error) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.Existing != nil && o.created.Ref.IID == 0 {
		if i, there := o.Existing(); there {
			o.show(i, jsonv1.FoundExisting)
		}
	}
	if o.created.Ref.IID == 0 {
		if err == nil {
			return nil
		}
		if o.NoDraft {
			return err
		}
		return keepDraft(o.Session, p, o.What, err)
	}
	if o.Web {
		if werr := o.Session.Browse(o.created.WebURL); werr != nil {
			o.Session.Notef("the browser could not be opened: %v", werr)
		}
	}
	for _, who := range unknownOnCall(rounds) {
		o.Session.Notef("%s is given to nobody: @%s is on call, but GitLab knows no such user or does not let them see the project",
			o.created.Ref, who)
	}
	for _, who := range unassigned(rounds) {
		o.Session.Notef("%s is not given to @%s: GitLab kept fewer people than were named, as editions do that allow one", o.created.Ref, who)
	}
	if err != nil {
		err = fault.Wrap(fault.KindOf(err), err, "to do what is left: "+Shareable(o.Session, RetryWithKey(o.Session, o.Key),
			ShortWithKey(o.Key), o.created.Confidential), "%s is there, but not all that was to follow", o.created.Ref)
	} else if notes := NotesOf(rounds); len(notes) > 0 && !o.Session.Global.Quiet {
		for _, n := range notes {
			o.Session.Notef("%s", n)
		}
	}
	if o.adopted && o.Unmentioned != nil {
		err = cmp.Or(err, o.Unmentioned(o.created))
	}
	return errors.Join(err, o.shown)
}

// unassigned are those whom GitLab has left out, without a word, of the people that an issue was given to.
func unassigned(rounds []workflow.Round) (names []string) {
	for _, round := range rounds {
		for _, r := range round.Report.Results {
			step, ok := r.Step.(plan.AssignIssue)
			if !ok || r.Err != nil || r.Issue.ID == 0 {
				continue
			}
			for _, name := range step.Users {
				if !slices.ContainsFunc(r.Issue.Assignees, func(kept string) bool { return strings.EqualFold(kept, name) }) {
					names = append(names, name)
				}
			}
		}
	}
	return names
}

// unknownOnCall are people who are on call and to whom GitLab does not give the issue.
func unknownOnCall(rounds []workflow.Round) (names []string) {
	for _, round := range rounds {
		for _, r := range round.Report.Results {
			if step, ok := r.Step.(plan.AssignIssue); ok && step.Duty && r.Err == nil && r.Issue.ID == 0 && r.Outcome == plan.Unchanged {
				names = append(names, step.Users...)
			}
		}
	}
	return names
}
