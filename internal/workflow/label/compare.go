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

// Labels is the declared set and the places that it applies to.
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

// Compare reads every place and compares it with the set: one request per page of labels, and one more for the boards with prune.
// With counts, each label has the number of issues that carry it.
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
			opts.OnBoard = columnLabels(boards)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return label.Compare(l.Set, actual, opts), nil
}

// columnLabels returns the names of the labels that are a column of a board.
func columnLabels(boards []board.Board) map[string]bool {
	names := map[string]bool{}
	for _, b := range boards {
		for _, list := range b.Lists {
			names[list.Label] = true
		}
	}
	return names
}

// notes returns the notes about a place, without repetitions.
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
		out = append(out, p.In.Path+": group labels have no priorities, because GitLab keeps them in each project. "+
			"Set them there by hand, or keep the labels in the projects.")
	}
	return slices.Compact(out)
}

// Document returns the published form of a comparison. counts is true if the labels were read with their counts.
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
