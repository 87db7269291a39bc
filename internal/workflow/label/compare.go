package label

import (
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// Labels is the declared set and the places that it is for.
type Labels struct {
	Read workflow.LabelReader
	In   []target.Target
	Set  label.Set
}

// Place is the comparison of the set with one project or group.
type Place struct {
	In          target.Target
	Differences []label.Difference
}

// Compare reads every place and holds the set against it: one request a page of labels, and one more for the
// boards where pruning was asked for. With counts, labels tell how many issues carry them.
func (l Labels) Compare(ctx context.Context, counts, prune, force bool) ([]Place, error) {
	places := make([]Place, len(l.In))
	group, ctx := errgroup.WithContext(ctx)
	for n, in := range l.In {
		group.Go(func() (err error) {
			opts := label.Options{Group: in.Kind == target.Group, Prune: prune, Force: force}
			places[n] = Place{In: in}
			places[n].Differences, err = l.compareOne(ctx, in, counts, opts)
			return err
		})
	}
	return places, group.Wait()
}

func (l Labels) compareOne(ctx context.Context, in target.Target, counts bool, opts label.Options) ([]label.Difference, error) {
	var actual []label.Label
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		actual, err = l.Read.Labels(ctx, in, counts || opts.Prune)
		return err
	})
	if opts.Prune {
		group.Go(func() error {
			boards, err := l.Read.Boards(ctx, in)
			opts.OnBoard = listed(boards)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return label.Compare(l.Set, actual, opts), nil
}

// listed are the names of the labels that a board has as a column.
func listed(boards []board.Board) map[string]bool {
	names := map[string]bool{}
	for _, b := range boards {
		for _, list := range b.Lists {
			names[list.Label] = true
		}
	}
	return names
}

// notes are what a person should know of a place, each named once.
func (p Place) notes() []string {
	var out []string
	ranked := false
	for _, d := range p.Differences {
		for _, note := range d.Notes {
			out = append(out, p.In.Path+": "+note)
		}
		ranked = ranked || d.Declared.Priority != nil
	}
	if ranked && p.In.Kind == target.Group {
		out = append(out, p.In.Path+": a group's labels have no priorities; GitLab keeps those in each project, "+
			"so order them there by hand or keep the labels in the projects")
	}
	return slices.Compact(out)
}

// Document is the published form of a comparison; counts tells that the labels were read with theirs.
func Document(places []Place, counts bool) jsonv1.Labels {
	doc := jsonv1.NewLabels(nil)
	for _, p := range places {
		for _, d := range p.Differences {
			doc.Labels = append(doc.Labels, jsonv1.LabelOf(p.In, d, counts))
		}
		doc.Notes = append(doc.Notes, p.notes()...)
	}
	return doc
}
