package graphql

import (
	"sort"
	"strconv"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// note is a note with the issue it is on.
type note struct {
	*store.Note
	issue *store.Issue
}

func (r *run) noteField(n note, name string) any {
	switch name {
	case "id":
		if n.Thread != 0 {
			return globalID("DiscussionNote", n.ID)
		}
		return globalID("Note", n.ID)
	case "body":
		return n.Body
	case "author":
		return orNull(n.Author)
	case "system":
		return n.System
	case "internal":
		return n.Internal
	case "createdAt":
		return n.CreatedAt
	case "updatedAt":
		return n.UpdatedAt
	case "lastEditedAt":
		if n.Edited == nil {
			return n.UpdatedAt
		}
		return n.Edited.At
	case "lastEditedBy":
		return editor(n.Edited)
	case "project":
		return n.issue.Project
	}
	return r.url(pathOf(n.issue) + "#note_" + itoa(n.ID))
}

// editor returns who changed a text last, null if nobody did.
func editor(e *store.Edit) any {
	if e == nil {
		return nil
	}
	return e.By
}

func (r *run) notesOf(i *store.Issue) any {
	all := []any{}
	for _, n := range i.Notes {
		if r.mayReadNote(i, n) {
			all = append(all, note{n, i})
		}
	}
	return all
}

// mayReadNote reports whether the caller may read a note of an issue that they may read.
func (r *run) mayReadNote(i *store.Issue, n *store.Note) bool {
	return access.MayReadNote(r.user(), i.Project, n)
}

// noteWithID finds a note by its id, null if the caller may not read it.
func (r *run) noteWithID(text string) any {
	id, err := strconv.Atoi(text)
	if err != nil {
		return nil
	}
	for _, p := range r.store().Projects {
		for _, i := range p.Issues {
			if n := noteIn(i, id); n != nil && r.readable(i) != nil && r.mayReadNote(i, n) {
				return note{n, i}
			}
		}
	}
	return nil
}

func noteIn(i *store.Issue, id int) *store.Note {
	last := len(i.Notes) - 1
	if last < 0 || i.Notes[last].ID < id || i.Notes[0].ID > id {
		return nil
	}
	at := sort.Search(last, func(n int) bool { return i.Notes[n].ID >= id })
	if i.Notes[at].ID != id {
		return nil
	}
	return i.Notes[at]
}
