package workflow

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// MoveReader finds issues that were moved to another project.
type MoveReader interface {
	// MovedTo returns the issue that a moved one is now. If that cannot be read, the error is of kind Auth.
	MovedTo(context.Context, issue.Issue) (issue.Issue, error)
	Project(ctx context.Context, path string) (instance.Project, error)
}

// Moves follows issues that were moved to another project, for commands that act on one issue.
type Moves struct {
	Read     MoveReader // nil: no issue is followed
	Trackers []target.Target
	Anywhere bool // also to where more people can read it
	Replaced bool // also if it was closed as a duplicate or promoted to an epic
}

// ForReaders returns the same for a command that writes nothing, which may follow an issue anywhere.
func (m Moves) ForReaders() Moves {
	m.Anywhere, m.Replaced = true, true
	return m
}

// Followed is an issue where it is now.
type Followed struct {
	issue.Issue
	From issue.Issue // as it is where the command looked for it; zero if it was not moved
}

// Notes says that the issue was moved; none if it was not.
func (f Followed) Notes() []string {
	if f.From.ID == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%s was moved to %s", f.From.Ref, f.Ref)}
}

// RefOf returns the reference of an issue that was read, or else the one by which it is read.
func RefOf(i issue.Issue, ref issue.Ref) issue.Ref {
	if i.ID == 0 {
		return ref
	}
	return i.Ref
}

// Original is the issue where the command looked for it: its number is in keys.
func (f Followed) Original() issue.Issue {
	if f.From.ID != 0 {
		return f.From
	}
	return f.Issue
}

// Has reports whether the issue has a label, or had it before it was moved: a move leaves out the labels that the other project lacks.
func (f Followed) Has(label string) bool { return f.Issue.Has(label) || f.From.Has(label) }

// Relabel adds a last step that sets a label again that was left out by a move. The label says what kind of thing the issue is.
func (f Followed) Relabel(steps []plan.Step, label string) []plan.Step {
	if !f.Has(label) || f.Issue.Has(label) {
		return steps
	}
	step := plan.UpdateIssue{Base: plan.Base{ID: "label"}, Ref: f.Ref, Title: ShownTitle(f.Issue),
		Change: issue.Change{AddLabels: []string{label}}}
	if n := len(steps); n > 0 {
		step.After = []string{steps[n-1].Key()}
	}
	return append(steps, step)
}

// Follow returns the issue where it is now. It refuses a place where more people can read the issue, or that is none of the trackers.
func (m Moves) Follow(ctx context.Context, i issue.Issue) (Followed, error) {
	if i.MovedToID == 0 || m.Read == nil {
		return Followed{Issue: i}, nil
	}
	to, err := m.Read.MovedTo(ctx, i)
	if err != nil {
		return Followed{}, err
	}
	return Followed{Issue: to, From: i}, m.admit(ctx, i, to)
}

// ReadIssue reads an issue where it is now. It reads the comments only of a closed one.
func (m Moves) ReadIssue(ctx context.Context, read NotesReader, ref issue.Ref) (Followed, error) {
	i, err := read.Issue(ctx, ref)
	if err != nil {
		return Followed{}, err
	}
	f, err := m.Follow(ctx, i)
	if err != nil || f.Open() || m.Replaced || m.Read == nil {
		return f, err
	}
	notes, err := read.TrustedNotes(ctx, f.Ref)
	if err == nil {
		err = m.RequireOwn(f.Issue, notes)
	}
	return f, err
}

// ReadNotes reads an issue where it is now, and its comments.
func (m Moves) ReadNotes(ctx context.Context, read NotesReader, ref issue.Ref) (Followed, []issue.Note, error) {
	i, notes, err := ReadNotes(ctx, read, ref)
	if err != nil {
		return Followed{}, nil, err
	}
	f, err := m.Follow(ctx, i)
	if err == nil && f.From.ID != 0 {
		notes, err = read.TrustedNotes(ctx, f.Ref)
	}
	if err == nil {
		err = m.RequireOwn(f.Issue, notes)
	}
	return f, notes, err
}

// RequireOwn refuses an issue that another issue or an epic replaced.
func (m Moves) RequireOwn(i issue.Issue, notes []issue.Note) error {
	by, replaced := i.Replaced(notes)
	switch {
	case !replaced || m.Replaced || m.Read == nil:
		return nil
	case by.Duplicate.IID != 0:
		hint := fmt.Sprintf("Run the same command with %s instead, or reopen the issue: %s", by.Duplicate, fault.Quote(i.WebURL))
		return fault.New(fault.Refused, hint, "%s was closed as a duplicate of %s", i.Ref, by.Duplicate)
	}
	return fault.New(fault.Refused, "Go on in the epic, or reopen the issue: "+fault.Quote(i.WebURL),
		"%s was promoted to epic %s", i.Ref, by.Epic)
}

// Admit refuses an issue that was found by its key, because it was moved out of the project in which it was created to where the words of
// the command would have more readers than expected. confidential is what it was created as.
func (m Moves) Admit(ctx context.Context, found issue.Issue, project string, confidential bool) error {
	if found.ID == 0 || m.Read == nil || strings.EqualFold(found.Ref.Project, project) {
		return nil
	}
	return m.admit(ctx, issue.Issue{Ref: issue.Ref{Project: project}, Title: found.Title, Confidential: confidential}, found)
}

// admit refuses to follow an issue to where the words of the command would have more readers than expected.
func (m Moves) admit(ctx context.Context, from, to issue.Issue) error {
	if m.Anywhere {
		return nil
	}
	refuse := func(why string) error {
		return fault.New(fault.Refused, fmt.Sprintf("Run the same command with %s, or add --include-confidential", to.Ref),
			"%s was moved to %s, %s", from.Ref, to.Ref, why)
	}
	if !slices.ContainsFunc(m.Trackers, func(t target.Target) bool { return strings.EqualFold(t.Path, to.Ref.Project) }) {
		return refuse("which is not in a tracker of the configuration")
	}
	wider, err := m.wider(ctx, from, to)
	if err == nil && wider {
		err = refuse("where more people can read it")
	}
	return err
}

// wider reports whether more people can read an issue after a move. A confidential one is for the team only.
func (m Moves) wider(ctx context.Context, from, to issue.Issue) (bool, error) {
	if to.Confidential || from.Confidential {
		return !to.Confidential, nil
	}
	var old, now instance.Project
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { old, err = m.Read.Project(ctx, from.Ref.Project); return err })
	g.Go(func() (err error) { now, err = m.Read.Project(ctx, to.Ref.Project); return err })
	err := g.Wait()
	return now.Readers.Wider(old.Readers), err
}
