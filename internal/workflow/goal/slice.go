package goal

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/goal"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// SliceInputs are the inputs of `goal slice`. A plan file keeps them.
type SliceInputs struct {
	Project string // of the issue
	IID     int64
	Pieces  []string // titles as entered, each once
}

// Check drops titles that are given twice, and rejects blank ones.
func (in *SliceInputs) Check() error {
	var kept []string
	for _, title := range in.Pieces {
		if err := workflow.RequireText("piece", title, `prodctl goal slice 27 "Back up the main database" "Test its restore"`); err != nil {
			return err
		}
		if !slices.ContainsFunc(kept, func(other string) bool { return issue.SameTitle(other, title) }) {
			kept = append(kept, title)
		}
	}
	in.Pieces = kept
	return nil
}

// SliceReader reads an issue and finds its pieces.
type SliceReader interface {
	PieceReader
	workflow.IssueReader
	workflow.IssueFinder
}

// Slice plans `goal slice`: a linked issue for each piece of a meta goal or a meta issue, once.
type Slice struct {
	workflow.Verified
	Read   SliceReader
	Moves  workflow.Moves
	Labels goal.Labels
	Column string // label of the first column of the board; empty: none
	Inputs SliceInputs
	plan.Origin
}

// Plan reads the issue and its pieces, and looks each one up by its key.
func (s *Slice) Plan(ctx context.Context) (plan.Plan, error) {
	in := s.Inputs
	f, err := s.Moves.ReadIssue(ctx, s.Read, issue.Ref{Project: in.Project, IID: in.IID})
	if err != nil {
		return plan.Plan{}, err
	}
	if err := s.admit(f.Issue); err != nil {
		return plan.Plan{}, err
	}
	linked, hasLinks, err := Pieces(ctx, s.Read, f.Issue, s.Labels)
	if err != nil {
		return plan.Plan{}, err
	}
	p := workflow.NewPlan(s.Origin, "goal slice", in, workflow.Settings{s.Labels, s.Column}, workflow.ObservedIssue(f.Issue))
	p.Routine, p.Notes = true, f.Notes()
	for n, title := range in.Pieces {
		found, isLinked, err := s.find(ctx, f, linked, title)
		if err != nil {
			return plan.Plan{}, err
		}
		if found.ID != 0 {
			p.Observed = workflow.SortObserved(append(p.Observed, workflow.ObservedIssue(found)))
		}
		if isLinked {
			p.Notes = append(p.Notes, fmt.Sprintf("%s is already a piece of %s", found.Ref, f.Ref))
		}
		if isLinked && hasLinks { // the comments that replace a link are found again, so that a late duplicate is retired
			continue
		}
		p.Steps = inOrder(p.Steps, s.steps(f, found, n+1, title))
	}
	return p, nil
}

// admit refuses what has no pieces.
func (s *Slice) admit(i issue.Issue) error {
	switch kind := s.Labels.Of(i); {
	case kind != goal.Quarter && kind != goal.Unsliced:
		return fault.New(fault.Refused, fmt.Sprintf("If it is larger than a timebox, add the label %q in GitLab: %s", s.Labels.Meta, i.WebURL),
			"%s has no pieces: it has no label %q", i.Ref, s.Labels.Meta)
	case !i.Open():
		return fault.New(fault.Refused, "Reopen it in GitLab: "+i.WebURL, "%s is closed", i.Ref)
	}
	return nil
}

// find finds a piece by its key, or by its title among those that people linked. The issue has no id if there is none.
func (s *Slice) find(ctx context.Context, f workflow.Followed, linked []issue.Issue, title string) (found issue.Issue, isLinked bool,
	err error) {
	found, exists, err := s.Read.FindIssue(ctx, f.Ref.Project, pieceKey(f.Original(), title))
	at := slices.IndexFunc(linked, func(p issue.Issue) bool {
		return exists && p.ID == found.ID || !exists && issue.SameTitle(p.Title, safetext.Title(title))
	})
	if at < 0 {
		return found, false, err
	}
	return linked[at], true, err
}

// steps returns the steps that create and link a piece, or that link one that an earlier run created.
func (s *Slice) steps(f workflow.Followed, found issue.Issue, n int, title string) []plan.Step {
	if found.ID != 0 {
		return []plan.Step{s.link(plan.IssueRef{Ref: found.Ref}, nil, f.Ref, n)}
	}
	key, id := pieceKey(f.Original(), title), fmt.Sprintf("piece %d", n)
	key.Searched = true
	create := plan.CreateIssue{Base: plan.Base{ID: id}, In: target.ProjectAt(f.Ref.Project), Draft: s.draft(f.Issue, title),
		IdempotencyKey: key}
	on := plan.IssueRef{Ref: issue.Ref{Project: f.Ref.Project}, Created: id}
	return []plan.Step{create, s.link(on, []string{id}, f.Ref, n)}
}

// inOrder adds the steps of the next piece: pieces are created one after the other, so that their numbers are in the order of the words.
func inOrder(all, next []plan.Step) []plan.Step {
	if len(next) == 0 {
		return all
	}
	if create, ok := next[0].(plan.CreateIssue); ok {
		for _, before := range all {
			if _, creates := before.(plan.CreateIssue); creates {
				create.After = []string{before.Key()}
			}
		}
		next[0] = create
	}
	return append(all, next...)
}

// pieceKey is the key of a piece: its issue and its title. It never changes, so a piece is created once, whenever the command is run.
func pieceKey(parent issue.Issue, title string) issue.IdempotencyKey {
	sum := sha256.Sum256([]byte(issue.NormalTitle(title)))
	return issue.IdempotencyKey{Kind: "piece", Name: fmt.Sprintf("%d-%s", parent.ID, hex.EncodeToString(sum[:6])), Derived: true,
		Content: issue.Titled(safetext.Title(title))}
}

func (s *Slice) link(piece plan.IssueRef, after []string, to issue.Ref, n int) plan.Step {
	return plan.CreateLink{Base: plan.Base{ID: fmt.Sprintf("link %d", n), After: after}, From: piece, To: to, Reconciler: workflow.NoRecord{}}
}

// draft is the issue of a piece. It is confidential if the whole is, since its title may reveal what that is about.
func (s *Slice) draft(of issue.Issue, title string) issue.Draft {
	d := issue.Draft{Title: safetext.Title(title), Confidential: of.Confidential, Description: issue.LeadPiece + of.Ref.String() + "."}
	if s.Column != "" {
		d.Labels = []string{s.Column}
	}
	return d.Fitted()
}
