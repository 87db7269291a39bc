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
	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Creation shows an issue as soon as it is created, so that its address is known whatever happens later in the run.
type Creation struct {
	Session  *app.Session
	What     string // incident, change, action
	Key      string
	Step     string // the step that creates the issue
	Web      bool
	Existing func() (issue.Issue, bool) // an issue that existed before, where the plan searches for it; may be nil

	About       func(issue.Issue) string // a note about the issue, empty for none; may be nil
	Unmentioned func(issue.Issue) error  // reports inputs that an existing issue does not contain; may be nil

	NoDraft bool // keep no draft of the issue: a pipeline creates it again
	Keyless bool // the command finds its issue without a key

	mu      sync.Mutex
	created issue.Issue
	existed bool        // created before this run
	rival   issue.Issue // what a simultaneous run created, until the next plan decides whether this run needs another one
	shown   error
}

// Started does nothing: a creation is shown when it is done.
func (o *Creation) Started(plan.Step) {}

// Finished shows the issue when its step is done.
func (o *Creation) Finished(r plan.Result) {
	if r.Step.Key() != o.Step || r.Issue.Ref.IID == 0 {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if step, ok := r.Step.(plan.CreateIssue); ok {
		if !o.Keyless {
			o.Key = step.IdempotencyKey.Name
		}
		if r.Outcome == plan.Unchanged && step.IdempotencyKey.Searched && o.Existing != nil {
			o.rival = r.Issue
			return
		}
	}
	outcome := jsonv1.FoundCreated
	if r.Outcome == plan.Unchanged {
		outcome = jsonv1.FoundExisting
	}
	o.show(r.Issue, outcome)
}

// show shows the issue, the first time it is called.
func (o *Creation) show(i issue.Issue, outcome jsonv1.Found) {
	if o.created.Ref.IID == 0 {
		o.created, o.existed = i, outcome == jsonv1.FoundExisting
		doc := openedDoc(o.What, i, o.Key, outcome)
		if outcome == jsonv1.FoundCreated && issue.TitleWasCut(i) {
			doc.Notes = append(doc.Notes, fmt.Sprintf("The title is longer than %d characters, so it was cut; the description begins with all of it",
				issue.MaxTitle))
		}
		if o.About != nil {
			if note := o.About(i); note != "" {
				doc.Notes = append(doc.Notes, note)
			}
		}
		o.shown = o.Session.View.Opened(doc)
	}
}

// openedDoc is the published form of an issue that was created or found.
func openedDoc(what string, i issue.Issue, key string, outcome jsonv1.Found) jsonv1.Opened {
	doc := jsonv1.NewOpened(what, i.Ref.String(), i.Title, outcome)
	doc.Key, doc.Confidential, doc.WebURL = key, i.Confidential, i.WebURL
	return doc
}

// Planned shows an existing issue before anything else is done to it.
func (o *Creation) Planned() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.showExisting()
}

func (o *Creation) showExisting() {
	if o.Existing == nil {
		return
	}
	if i, ok := o.Existing(); ok {
		o.show(i, jsonv1.FoundExisting)
	}
}

// ExistingState is a note about the state of an existing issue, empty when it is in its first state. reopen is the command that reopens
// it.
func ExistingState(i issue.Issue, state, reopen string) string {
	switch state {
	case "active", "scheduled", "unknown":
		return ""
	case "resolved", "reviewed":
		return fmt.Sprintf("%s is %s. If it is back, run: %s %d", i.Ref, state, reopen, i.Ref.IID)
	}
	return fmt.Sprintf("%s is %s", i.Ref, state)
}

// Show reports what failed after the issue was created. When it was not created, its text is saved to a file.
func (o *Creation) Show(p plan.Plan, rounds []workflow.Round, err error) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.showExisting()
	if o.rival.Ref.IID != 0 {
		o.show(o.rival, jsonv1.FoundExisting)
	}
	if o.created.Ref.IID == 0 {
		if err == nil || o.NoDraft {
			return err
		}
		return saveDraft(o.Session, p, o.What, err)
	}
	o.Session.CopyAddress(o.created.WebURL)
	if o.Web {
		if werr := o.Session.OpenPage(o.created.WebURL); werr != nil {
			o.Session.Notef("The browser was not opened: %v", werr)
		}
	}
	o.noteAssignees(rounds)
	if err != nil {
		err = o.incomplete(err)
	} else if !o.Session.Global.Quiet {
		notes := p.Notes // of a plan without steps, which was not applied
		if rounds != nil {
			notes = NotesOf(rounds)
		}
		for _, n := range notes {
			o.Session.Notef("%s", n)
		}
	}
	if o.existed && o.Unmentioned != nil {
		err = cmp.Or(err, o.Unmentioned(o.created))
	}
	return errors.Join(err, o.shown)
}

// incomplete is the error of a step after the creation.
func (o *Creation) incomplete(err error) error {
	retry := Shareable(o.Session, o.retry(err), ShortWithKey(o.Key), o.created.Confidential)
	what := map[string]string{"record": "is recorded, but not all steps succeeded", "action": "is open, but the incident was not updated"}
	return fault.Wrap(fault.KindOf(err), err, RetryHint(fault.HintOf(err), retry), "%s %s", o.created.Ref,
		cmp.Or(what[o.What], "is open, but a later step failed"))
}

// retry is the command line to run again.
func (o *Creation) retry(err error) string {
	if o.Keyless {
		return Retry(o.Session)
	}
	return RetryWithKey(o.Session, o.Key, fault.UnknownUsers(err)...)
}

// noteAssignees reports users that were to be assigned and are not.
func (o *Creation) noteAssignees(rounds []workflow.Round) {
	for _, who := range unknownOnCall(rounds) {
		o.Session.Notef("%s is not assigned: %s is on call, but has no account with access to the project", o.created.Ref, account.Name(who))
	}
	for _, who := range unassigned(rounds) {
		o.Session.Notef("%s is not assigned to %s: this GitLab edition allows one assignee", o.created.Ref, account.Name(who))
	}
}

// unassigned are the users that GitLab dropped, without an error, from the assignees of an issue.
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

// unknownOnCall are users on call to whom GitLab cannot assign the issue.
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
