// Package lock holds the workflow of `prodctl lock sync`. Start with [Sync].
//
// It reads freeze periods through a small interface, applies the rules of pkg/lock, and returns a plan. Flags, output and rules do not
// belong here, nor do locks that GitLab does not know.
package lock

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/lock"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// Reader reads freeze periods, and who may change them.
type Reader interface {
	// Freezes lists the freeze periods of a project, oldest first.
	Freezes(ctx context.Context, project string) ([]lock.Freeze, error)
	MayMaintain(ctx context.Context, project string) (bool, error)
	// KeepDuplicate reports periods that exist twice after the run.
	KeepDuplicate(error)
}

// Inputs holds the options of `lock sync`, as saved in a plan file.
type Inputs struct {
	Projects []string // full paths; empty: those of the configuration
	Remove   []int64  // ids of freeze periods
}

// Sync is `lock sync`: every project gets the freeze periods of the weekly hard locks that it lacks. It deletes those that Remove names
// and no others.
type Sync struct {
	Read     Reader
	Projects []string // full paths, each once
	Locks    []lock.Lock
	Inputs   Inputs
	Notes    []string // for the plan
	plan.Origin
}

// Plan takes one request for each project, and one more for the role in each one that changes.
func (s Sync) Plan(ctx context.Context) (plan.Plan, error) {
	need, unsynced := s.freezes()
	found, err := s.each(ctx, s.Projects, func(ctx context.Context, project string) ([]lock.Freeze, error) {
		return s.read(ctx, project, need)
	})
	if err != nil {
		return plan.Plan{}, err
	}
	p := workflow.NewPlan(s.Origin, "lock sync", s.Inputs, workflow.Settings{s.Projects, need})
	for n, project := range s.Projects {
		if err := s.add(&p, project, need, found[n]); err != nil {
			return plan.Plan{}, err
		}
	}
	p.Notes = append(p.Notes, s.unknown(found)...)
	p.Notes = slices.Concat(p.Notes, unsynced, s.Notes)
	p.Observed = workflow.SortObserved(p.Observed)
	return p, nil
}

// read reads the periods of a project, and whether the user may change them if that is needed: in several projects, GitLab could refuse a
// request after others were carried out.
func (s Sync) read(ctx context.Context, project string, need []named) ([]lock.Freeze, error) {
	found, err := s.Read.Freezes(ctx, project)
	if err != nil {
		return nil, err
	}
	missing, _ := lock.Missing(freezesOf(need), found)
	if len(missing) == 0 && !slices.ContainsFunc(found, s.removed) {
		return found, nil
	}
	if may, err := s.Read.MayMaintain(ctx, project); err == nil && !may { // if it cannot be read, GitLab decides
		return nil, fault.New(fault.Auth, "Ask a project owner for the role", "lock sync: you need the Maintainer role in %s", project)
	}
	return found, nil
}

func (s Sync) removed(f lock.Freeze) bool { return slices.Contains(s.Inputs.Remove, f.ID) }

// add plans the changes of one project.
func (s Sync) add(p *plan.Plan, project string, need []named, found []lock.Freeze) error {
	in := target.ProjectAt(project)
	kept := slices.DeleteFunc(slices.Clone(found), s.removed)
	for _, n := range need {
		same := slices.DeleteFunc(slices.Clone(found), func(f lock.Freeze) bool { return !f.Same(n.Freeze) })
		p.Observed = append(p.Observed, workflow.Fingerprint(workflow.FreezeName(in, n.Freeze), len(same) > 0))
		switch stays := slices.ContainsFunc(kept, n.Same); {
		case len(same) > 0 && !stays:
			return fault.New(fault.Refused, "Take the lock out of the configuration first",
				"freeze period %d of %s belongs to lock %q", same[0].ID, project, n.Lock)
		case !stays:
			p.Steps = append(p.Steps, plan.CreateFreeze{Base: plan.Base{ID: fmt.Sprintf("create freeze %s of %s", n.Freeze, project)},
				In: in, Lock: n.Lock, Freeze: n.Freeze})
		}
	}
	for _, f := range found {
		if s.removed(f) {
			p.Steps = append(p.Steps, plan.DeleteFreeze{Base: plan.Base{ID: fmt.Sprintf("delete freeze %d of %s", f.ID, project)},
				In: in, Before: f})
			p.Observed = append(p.Observed, workflow.Fingerprint(workflow.FreezeName(in, f), f.String()))
			p.Destructive = true
		}
	}
	p.Notes = append(p.Notes, left(project, need, kept)...)
	return nil
}

// left returns notes about the periods of a project that no lock needs.
func left(project string, need []named, kept []lock.Freeze) (notes []string) {
	_, doubled := lock.Missing(nil, kept)
	for _, f := range kept {
		command := remove([]string{project}, []int64{f.ID})
		switch {
		case slices.Contains(doubled, f):
			notes = append(notes, fmt.Sprintf("%s: freeze period %d exists twice: %s. To remove it: %s", project, f.ID, f, command))
		case !slices.ContainsFunc(need, func(n named) bool { return n.Same(f) }):
			notes = append(notes, fmt.Sprintf("%s: freeze period %d belongs to no lock, and stays: %s. To remove it: %s",
				project, f.ID, f, command))
		}
	}
	return notes
}

// remove is the command that removes freeze periods.
func remove(projects []string, ids []int64) string {
	line := "prodctl lock sync"
	for _, project := range projects {
		line += " --project " + fault.Quote(project)
	}
	for _, id := range ids {
		line += fmt.Sprintf(" --remove %d", id)
	}
	return line
}

// unknown returns a note about the ids of Remove that no project has, as after a run that was repeated.
func (s Sync) unknown(found [][]lock.Freeze) []string {
	var notes []string
	for _, id := range s.Inputs.Remove {
		if !slices.ContainsFunc(slices.Concat(found...), func(f lock.Freeze) bool { return f.ID == id }) {
			notes = append(notes, fmt.Sprintf("Freeze period %d does not exist in %s", id, strings.Join(s.Projects, ", ")))
		}
	}
	return notes
}

// named is a freeze period with the name of the lock that it belongs to.
type named struct {
	Lock string
	lock.Freeze
}

// freezes returns the freeze periods of the locks, each once, and notes about the locks that have none.
func (s Sync) freezes() (need []named, notes []string) {
	for _, l := range s.Locks {
		f, why := l.Freeze()
		switch {
		case why != "":
			notes = append(notes, fmt.Sprintf("Lock %q is not synced: it %s", l.Name, why))
		case !slices.ContainsFunc(need, func(n named) bool { return n.Same(f) }):
			need = append(need, named{l.Name, f})
		}
	}
	return need, notes
}

func freezesOf(need []named) (all []lock.Freeze) {
	for _, n := range need {
		all = append(all, n.Freeze)
	}
	return all
}

// Verify reads the projects again that got a period: GitLab accepts the same one from two runs at the same time. Nothing is deleted that
// nobody named, so both stay, and the run ends with exit code 3. A list of periods does not say whose it is: if this one differs from the
// one that was planned with, it is planned again.
func (s Sync) Verify(ctx context.Context, p plan.Plan) (replan bool, err error) {
	created := map[string][]lock.Freeze{}
	var projects []string
	for _, step := range p.Steps {
		if c, ok := step.(plan.CreateFreeze); ok {
			if created[c.In.Path] == nil {
				projects = append(projects, c.In.Path)
			}
			created[c.In.Path] = append(created[c.In.Path], c.Freeze)
		}
	}
	found, err := s.each(ctx, projects, s.Read.Freezes)
	var places, twice []string
	var ids []int64
	need, _ := s.freezes()
	for n, all := range found {
		missing, doubled := lock.Missing(freezesOf(need), all)
		replan = replan || err == nil && (len(missing) > 0 || slices.ContainsFunc(all, s.removed))
		for _, f := range doubled {
			if !slices.ContainsFunc(created[projects[n]], f.Same) {
				continue
			}
			twice, ids = append(twice, fmt.Sprintf("%d of %s", f.ID, projects[n])), append(ids, f.ID)
			if !slices.Contains(places, projects[n]) {
				places = append(places, projects[n])
			}
		}
	}
	if len(twice) > 0 {
		s.Read.KeepDuplicate(fault.NewDuplicate("To remove the newer ones: "+remove(places, ids),
			"freeze periods exist twice, perhaps from a simultaneous run: %s", strings.Join(twice, ", ")))
	}
	return replan, err
}

// each reads projects in parallel.
func (s Sync) each(ctx context.Context, projects []string,
	read func(context.Context, string) ([]lock.Freeze, error)) ([][]lock.Freeze, error) {
	found := make([][]lock.Freeze, len(projects))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(workflow.ParallelReads)
	for n, project := range projects {
		group.Go(func() (err error) {
			found[n], err = read(ctx, project)
			return err
		})
	}
	return found, group.Wait()
}
