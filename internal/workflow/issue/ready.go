// Package issue holds the workflows of `prodctl issue`, one file for each verb. Start with [Ready] and [List].
//
// A workflow reads through the small interfaces it declares, applies the rules of pkg/board, pkg/issue and pkg/goal, and returns a plan or
// a value. It prints nothing and has no flags.
package issue

import (
	"context"
	"slices"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// Ready is `issue ready`: what issues lack before somebody can pull them.
type Ready struct {
	Read  workflow.IssueLister
	Moves workflow.Moves
	Meta  string // the label of issues that are larger than a timebox
}

// Checked is an issue with what it lacks.
type Checked struct {
	workflow.Followed
	Missing []board.Reason // none: it is ready
}

// Check reads the issues, with one request for up to 100 of a project, and returns them in the given order, each once.
func (r Ready) Check(ctx context.Context, refs []issue.Ref) ([]Checked, error) {
	found, err := r.find(ctx, refs)
	if err != nil {
		return nil, err
	}
	var list []Checked
	for _, ref := range refs {
		i, ok := found[ref]
		if !ok {
			return nil, fault.New(fault.Failed, "To see the issues: prodctl board show", "%s not found", ref)
		}
		f, err := r.Moves.Follow(ctx, i)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(list, func(c Checked) bool { return c.Ref == f.Ref }) {
			list = append(list, Checked{f, board.Unready(f.Issue, r.Meta)})
		}
	}
	return list, nil
}

// find reads the issues of each project.
func (r Ready) find(ctx context.Context, refs []issue.Ref) (map[issue.Ref]issue.Issue, error) {
	const most = 100 // in one request
	var projects []string
	iids := map[string][]int64{}
	for _, ref := range refs {
		if !slices.Contains(projects, ref.Project) {
			projects = append(projects, ref.Project)
		}
		iids[ref.Project] = append(iids[ref.Project], ref.IID)
	}
	found := map[issue.Ref]issue.Issue{}
	for _, p := range projects {
		for some := range slices.Chunk(iids[p], most) {
			for i, err := range r.Read.Issues(ctx, target.ProjectAt(p), issue.Query{IIDs: some}) {
				if err != nil {
					return nil, err
				}
				found[issue.Ref{Project: p, IID: i.Ref.IID}] = i
			}
		}
	}
	return found, nil
}
