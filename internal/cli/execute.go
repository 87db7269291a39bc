package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/term"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// grace is how long a request in flight may take after ^C.
const grace = 5 * time.Second

// execute runs a writing command: plan, show, ask, apply, say what stands (SPEC W1, W8).
func (e *Env) execute(ctx context.Context, planner workflow.Planner) error {
	return e.executeTo(ctx, planner, ending{})
}

// told says whom GitLab will tell of what a plan does (SPEC W1): none of it can be kept from them.
func told(p plan.Plan) []string {
	var list []string
	for _, s := range p.Steps {
		switch s := s.(type) {
		case plan.CreateNote:
			list = append(list, "GitLab tells everybody who follows "+place(s.On)+" of the comment")
		case plan.KeepNote:
			list = append(list, toldOf(s))
		case plan.CreateIssue:
			list = append(list, "GitLab tells everybody who follows "+s.In.Path+" of the new issue")
		case plan.AssignIssue:
			list = append(list, "GitLab tells @"+strings.Join(s.Users, ", @")+" that "+place(s.On)+" is theirs")
		}
	}
	return list
}

// toldOf says whom a comment that is kept tells; an edited one tells again nobody whom it named before.
func toldOf(s plan.KeepNote) string {
	if !s.Once.Looked {
		return "GitLab tells of an edited comment only those whom it did not name before"
	}
	text := "GitLab tells everybody who follows " + place(s.On) + " of the comment"
	if names := pinged(s.Note.Body); len(names) > 0 {
		text += ", and " + strings.Join(names, ", ") + ", whom it names"
	}
	return text
}

var pingPattern = regexp.MustCompile(`(?:^|[^A-Za-z0-9])(@[A-Za-z0-9_][A-Za-z0-9_.-]*)`)

// pinged are the mentions in a text that GitLab acts on.
func pinged(text string) []string {
	var names []string
	for _, m := range pingPattern.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(names, m[1]) {
			names = append(names, m[1])
		}
	}
	return names
}

func place(on plan.IssueRef) string {
	if on.Created != "" {
		return "the new issue"
	}
	return on.Ref.String()
}

// ending is what a command does with what became of its plan.
type ending struct {
	observer plan.Observer                                               // told of each step as it is carried out; may be nil
	planned  func()                                                      // what is said before the first step is carried out; may be nil
	unmade   func(error) error                                           // what an error becomes where there is no plan; may be nil
	show     func(p plan.Plan, rounds []workflow.Round, err error) error // nil: the steps with what became of each
}

// result shows what became of the plan.
func (e *Env) result(end ending, p plan.Plan, rounds []workflow.Round, err error) error {
	if end.show == nil {
		return e.showApplied(p, rounds, err)
	}
	return end.show(p, rounds, err)
}

// executeTo is execute with an ending of the command's own.
func (e *Env) executeTo(ctx context.Context, planner workflow.Planner, end ending) error {
	progress := e.Progress("looking at GitLab")
	p, err := planner.Plan(ctx)
	progress.Stop()
	if err != nil && end.unmade != nil {
		err = end.unmade(err)
	}
	if err != nil {
		return err
	}
	switch {
	case e.global.Plan != "":
		return e.savePlan(p)
	case e.global.DryRun:
		p.Notes = append(p.Notes, told(p)...)
		return e.view.Plan(p.Document())
	case p.Empty():
		return e.result(end, p, nil, nil)
	}
	if end.planned != nil {
		end.planned()
	}
	return e.agreed(ctx, planner, p, func(ctx context.Context, p plan.Plan) error {
		return e.apply(ctx, planner, p, end, func(next plan.Plan) error {
			if !next.Destructive || p.Destructive {
				return nil
			}
			_, err := e.confirm(next)
			return err
		})
	})
}

// agreed goes on when a person or --yes agrees to the plan. Where a person was asked it looks again, since somebody may have
// written while the question stood, and --timeout begins anew.
func (e *Env) agreed(ctx context.Context, planner workflow.Planner, p plan.Plan, then func(context.Context, plan.Plan) error) error {
	asked, err := e.confirm(p)
	if err != nil {
		return err
	}
	if !asked {
		return then(ctx, p)
	}
	ctx, cancel := e.anew()
	defer cancel()
	now, err := planner.Plan(ctx)
	if err != nil {
		return err
	}
	if err := workflow.Stale(p, now); err != nil {
		return err
	}
	return then(ctx, now)
}

// apply carries a plan out and shows what became of it, also when it went wrong.
func (e *Env) apply(ctx context.Context, planner workflow.Planner, p plan.Plan, end ending, allowed func(plan.Plan) error) error {
	client, err := e.Client(ctx)
	if err != nil {
		return err
	}
	progress := e.Progress("applying %s", p.Command)
	rounds, err := workflow.Run(ctx, planner, p, client, plan.Settings{
		Parallel: e.parallel(), Grace: grace, Observer: &counter{progress: progress, all: len(p.Steps), next: end.observer},
	}, allowed)
	progress.Stop()
	return e.result(end, p, rounds, err)
}

// showApplied lists the steps with what became of each.
func (e *Env) showApplied(p plan.Plan, rounds []workflow.Round, err error) error {
	return e.showAppliedOr(e.again(), p, rounds, err)
}

// showAppliedOr is that with the command line that goes on where it stopped.
func (e *Env) showAppliedOr(goOn string, p plan.Plan, rounds []workflow.Round, err error) error {
	if rounds == nil && err == nil {
		return e.view.Applied(applied(p.Command, nil, p.Notes))
	}
	doc := applied(p.Command, rounds, noted(rounds))
	doc.Complete = err == nil
	if err != nil {
		doc.GoOn, doc.Notes = goOn, nil // the plan's notes tell what would have come of all of it
	}
	if err != nil && untouched(rounds) && e.Table() {
		return err // nothing stands, so there is nothing to show but why
	}
	if verr := e.view.Applied(doc); verr != nil {
		return errors.Join(err, verr)
	}
	if err != nil {
		return stopped(doc, err)
	}
	return nil
}

// posted says what became of a plan, how to go on, and the address of the last issue that a step of the kind was about.
func (e *Env) posted(what, goOn string, p plan.Plan, rounds []workflow.Round, err error, in func(plan.Step) bool) error {
	if err := e.showAppliedOr(goOn, p, rounds, err); err != nil {
		return err
	}
	for _, round := range slices.Backward(rounds) {
		for _, r := range slices.Backward(round.Report.Results) {
			if in(r.Step) && r.Issue.WebURL != "" && !e.global.Quiet {
				e.Notef("%s stands in %s", what, r.Issue.WebURL)
				return nil
			}
		}
	}
	return nil
}

// noted are the notes of all rounds, each once.
func noted(rounds []workflow.Round) []string {
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

// untouched reports whether nothing was written, and nothing may have been.
func untouched(rounds []workflow.Round) bool {
	for _, r := range rounds {
		if r.Report.Count(plan.Done)+r.Report.Count(plan.Unclear) > 0 {
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
	hint := "to go on where it stopped: " + doc.GoOn
	if cause := fault.HintOf(err); cause != "" && !strings.Contains(cause, "same command") {
		hint = cause + "\n" + hint
	}
	return fault.Wrap(fault.KindOf(err), err, hint, "%d of %d steps were done", done, len(doc.Steps))
}

// applied is the published form of what became of a plan.
func applied(command string, rounds []workflow.Round, notes []string) jsonv1.Applied {
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

// confirm asks before a plan that makes more than one write, or deletes. Without a terminal it wants --yes.
func (e *Env) confirm(p plan.Plan) (asked bool, err error) {
	if e.global.Yes || (p.Routine || len(p.Steps) == 1) && !p.Destructive {
		return false, nil
	}
	if e.Interactive() {
		if err := e.view.To(e.Err, e.ErrTTY, e.ErrColor()).Plan(p.Document()); err != nil {
			return false, err
		}
	}
	ok, err := e.Confirm(e.run, "Apply this plan?")
	if err == nil && !ok {
		err = fault.New(fault.Refused, "", "nothing was changed")
	}
	return true, err
}

func (e *Env) savePlan(p plan.Plan) error {
	data, err := jsonv1.Marshal(p.Document())
	if err != nil {
		return err
	}
	if err := writePrivate(e.path(e.global.Plan), data); err != nil {
		return fault.Wrap(fault.Failed, plain(err), "", "save the plan")
	}
	if err := e.view.Plan(p.Document()); err != nil {
		return err
	}
	if !e.global.Quiet {
		e.Notef("the plan is saved; prodctl apply %s carries it out", quote(e.global.Plan))
	}
	return nil
}

// writePrivate writes a file that only its owner can read, also where one that others could read was there before.
func writePrivate(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	if info, serr := f.Stat(); serr == nil && info.Mode().IsRegular() {
		err = f.Chmod(0o600)
	}
	if err == nil {
		_, err = f.Write(data)
	}
	return errors.Join(err, f.Close())
}

// plain drops the system call's name from a file error.
func plain(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return fmt.Errorf("%s: %w", pe.Path, pe.Err)
	}
	return err
}

// again is the command line that goes on, as it was typed.
func (e *Env) again() string {
	words := []string{"prodctl"}
	for _, arg := range e.args {
		words = append(words, quote(arg))
	}
	return strings.Join(words, " ")
}

// quote makes a word safe to paste into a shell.
func quote(s string) string {
	safe := s != "" && !strings.HasPrefix(s, "~")
	for _, r := range s {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		safe = safe && (letter || strings.ContainsRune("-_./:=@,+%~", r))
	}
	if safe {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// counter shows how many steps are done.
type counter struct {
	progress *term.Progress
	next     plan.Observer // may be nil
	mu       sync.Mutex
	all      int
	done     int
}

func (c *counter) Started(s plan.Step) {
	if c.next != nil {
		c.next.Started(s)
	}
}

func (c *counter) Finished(r plan.Result) {
	if c.next != nil {
		c.progress.Stop() // it may have something to show
		c.next.Finished(r)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done++
	c.progress.Set("%d of %d steps done", min(c.done, c.all), c.all)
}
