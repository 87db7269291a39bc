package idempotency

import (
	"cmp"
	"context"
	"slices"

	"gitlab.com/prodctl/prodctl/pkg/stable"
)

type candidate[T any] struct {
	Object
	value T
	own   bool
}

// candidates are the objects that are the one to create, sorted by ID.
func (r *run[T]) candidates(ctx context.Context) ([]candidate[T], error) {
	objects, err := r.creator.Find(ctx, r.key, r.sent, !r.unique)
	if err != nil {
		return nil, err
	}
	var all []candidate[T]
	for _, o := range objects {
		about := r.creator.About(o)
		if !r.hasKey(about) {
			continue
		}
		own, counts, err := r.counts(ctx, about.AuthorID)
		if err == nil && counts && about.ID != r.createdID {
			counts, err = r.creator.Same(ctx, o)
		}
		if err != nil {
			return nil, err
		}
		if counts {
			all = append(all, candidate[T]{about, o, own})
		}
	}
	stable.Sort(all, func(a, b candidate[T]) int { return cmp.Compare(a.ID, b.ID) })
	all = slices.CompactFunc(all, func(a, b candidate[T]) bool { return a.ID == b.ID })
	return r.withoutLateComers(ctx, all)
}

// withoutLateComers leaves out older objects that did not have the content when they were created: somebody wrote key and content into them
// later, so that they would be the first one.
func (r *run[T]) withoutLateComers(ctx context.Context, all []candidate[T]) ([]candidate[T], error) {
	for n := len(all) - 2; n >= 0; n-- {
		if all[n].ID == r.createdID {
			continue
		}
		original, err := r.creator.Original(ctx, all[n].value)
		if err != nil {
			return nil, err
		}
		if !original {
			all = slices.Delete(all, n, n+1)
		}
	}
	return all, nil
}

// hasKey reports whether the object has the key, or that of the day before or after and is not closed: an evening does not end at midnight,
// and the clocks of two machines may be on different days.
func (r *run[T]) hasKey(o Object) bool {
	k, ok := Read(o.Text)
	return ok && (k == r.key || !o.Closed && k.Near(r.key))
}

// counts reports whether the object's author is the token's user, and whether its marker counts. A marker of somebody who may not edit
// issues does not: else anybody could paste one and keep an incident from being opened.
func (r *run[T]) counts(ctx context.Context, authorID int64) (own, counts bool, err error) {
	if own, err = r.creator.Own(ctx, authorID); own || err != nil {
		return own, own, err
	}
	counts, err = r.creator.Trusted(ctx, authorID)
	return false, counts, err
}
