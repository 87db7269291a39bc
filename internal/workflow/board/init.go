// Package board holds the workflows of `prodctl board`. Start with [Show], [Init] and [Move].
//
// A workflow reads through small interfaces, applies the rules of pkg/board, and returns a plan or a value. Flags, output and rules
// do not belong here.
package board

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// Init is `board init`: it creates the labels of the columns, the board and its lists, in this order.
// It creates the missing ones and moves lists that are out of order. It creates and renames the columns' labels, but leaves their
// colors and descriptions to `label apply`.
type Init struct {
	Read   workflow.LabelReader
	In     target.Target
	Layout board.Layout
	Set    label.Set
	plan.Origin
}

// Plan takes two requests, for the labels and for the boards with their lists, and more only if there are several pages of them.
func (b Init) Plan(ctx context.Context) (plan.Plan, error) {
	var labels []label.Label
	var boards []board.Board
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		labels, err = b.Read.Labels(ctx, b.In, false)
		return err
	})
	group.Go(func() (err error) {
		boards, err = b.Read.Boards(ctx, b.In)
		return err
	})
	if err := group.Wait(); err != nil {
		return plan.Plan{}, err
	}
	d := initDraft{Init: b, columns: map[string]columnLabel{}}
	d.plan = workflow.NewPlan(b.Origin, "board init", struct{}{}, workflow.Settings{b.In, b.Layout, b.columnLabels()})
	d.labels(labels)
	d.lists(d.board(boards))
	d.plan.Observed = workflow.SortObserved(d.plan.Observed)
	return d.plan, nil
}

// Verify asks for another plan after a board was created or lists were moved, because two runs at the same time may have created
// duplicates or moved lists past each other. The other steps are checked by their answers.
func (Init) Verify(_ context.Context, p plan.Plan) (bool, error) {
	for _, step := range p.Steps {
		switch step.(type) {
		case plan.CreateBoard, plan.MoveBoardList:
			return true, nil
		}
	}
	return false, nil
}

// columnLabel is the label of a column: its id, or the step that creates it; needs is a step that must come first.
type columnLabel struct {
	id             int64
	created, needs string
}

// initDraft is a plan under construction.
type initDraft struct {
	Init
	plan    plan.Plan
	columns map[string]columnLabel // by label
}

// columnLabels returns the declared labels of the columns, in the order of the columns.
func (b Init) columnLabels() label.Set {
	var wanted label.Set
	all := b.Layout.Labels(b.Set)
	for _, c := range b.Layout.Columns {
		declared, _ := all.Find(c.Label)
		declared.Scope = label.Anywhere // a column needs its label in the board's project, whatever its scope
		wanted = append(wanted, declared)
	}
	return wanted
}

// labels plans the labels that the columns need, and records the label of each column.
func (d *initDraft) labels(actual []label.Label) {
	wanted := d.columnLabels()
	differences := label.Compare(wanted, actual, label.Options{Group: d.In.Kind == target.Group})
	for _, diff := range differences[:len(wanted)] {
		column := columnLabel{id: diff.Actual.ID}
		if diff.State == label.Missing || diff.State == label.Renamed {
			step := workflow.LabelStep(d.In, diff)
			d.plan.Steps, column.needs = append(d.plan.Steps, step), step.Key()
			d.plan.Notes = append(d.plan.Notes, diff.Notes...)
			d.plan.Observed = append(d.plan.Observed, workflow.ObservedDifference(d.In, diff))
			if diff.State == label.Missing {
				column.created = step.Key()
			}
		}
		d.columns[diff.Declared.Name] = column
	}
}

// board finds the team's board, or plans its creation.
func (d *initDraft) board(boards []board.Board) (plan.BoardRef, board.Board) {
	b, duplicates, ok := d.Layout.Pick(boards)
	if !ok {
		step := plan.CreateBoard{Base: plan.Base{ID: fmt.Sprintf("create board %q of %s", d.Layout.Name, d.In)}, In: d.In, Name: d.Layout.Name}
		d.plan.Steps = append(d.plan.Steps, step)
		return plan.BoardRef{Created: step.ID}, board.Board{}
	}
	d.duplicates(b, duplicates)
	d.plan.Observed = append(d.plan.Observed, workflow.ObservedBoard(b))
	return plan.BoardRef{ID: b.ID}, d.renamed(b)
}

// duplicates plans the deletion of other boards of the same name that have no columns: two runs at the same time leave one behind if
// one of them is killed right after creating it. A board with columns may be in use, so there is only a note about it.
func (d *initDraft) duplicates(used board.Board, others []board.Board) {
	kept := 0
	for _, b := range others {
		d.plan.Observed = append(d.plan.Observed, workflow.ObservedBoard(b))
		if len(b.Lists) > 0 {
			kept++
			continue
		}
		d.plan.Steps = append(d.plan.Steps, plan.DeleteBoard{
			Base: plan.Base{ID: fmt.Sprintf("delete duplicate board %d of %s", b.ID, d.In)}, In: d.In, BoardID: b.ID, Name: b.Name})
		d.plan.Destructive = true
	}
	if kept > 0 {
		d.plan.Notes = append(d.plan.Notes, fmt.Sprintf(
			"%d boards of %s are named %q; prodctl uses the oldest (id %d). Delete the others in GitLab.",
			kept+1, d.In, d.Layout.Name, used.ID))
	}
}

// renamed returns the board with its lists under the names that their labels have after the plan.
func (d *initDraft) renamed(b board.Board) board.Board {
	lists := make([]board.List, len(b.Lists))
	for n, list := range b.Lists {
		for name, column := range d.columns {
			if column.id != 0 && column.id == list.LabelID {
				list.Label = name
			}
		}
		lists[n] = list
	}
	b.Lists = lists
	return b
}

// lists plans the columns one after the other, because each is placed right after the previous one.
func (d *initDraft) lists(ref plan.BoardRef, b board.Board) {
	add, moves := d.Layout.Arrange(b)
	ids, created := map[string]int64{}, map[string]string{}
	for _, list := range b.Lists {
		ids[list.Label] = list.ID
	}
	last := ref.Created
	for _, name := range add {
		column := d.columns[name]
		step := plan.CreateBoardList{
			Base: plan.Base{ID: fmt.Sprintf("add column %q to board %q of %s", name, d.Layout.Name, d.In), After: keys(ref.Created,
				column.needs, last)},
			In: d.In, Board: ref, Label: name, LabelID: column.id, LabelCreated: column.created,
		}
		d.plan.Steps, created[name], last = append(d.plan.Steps, step), step.ID, step.ID
	}
	for _, move := range moves {
		step := plan.MoveBoardList{
			Base: plan.Base{ID: fmt.Sprintf("move column %q of board %q of %s", move.Label, d.Layout.Name, d.In),
				After: keys(ref.Created, created[move.Label], last)},
			In: d.In, Board: ref, Label: move.Label, ListID: ids[move.Label], ListCreated: created[move.Label], Position: move.Position,
		}
		d.plan.Steps, last = append(d.plan.Steps, step), step.ID
	}
}

// keys returns the names without empty ones and duplicates.
func keys(names ...string) []string {
	var out []string
	seen := map[string]bool{"": true}
	for _, name := range names {
		if !seen[name] {
			out, seen[name] = append(out, name), true
		}
	}
	return out
}
