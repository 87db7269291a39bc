package issue

import (
	"cmp"
	"net/http"
	"slices"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/quickaction"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/user"
)

func noteRows() []rest.Route {
	const notes = "/projects/:id/issues/:issue_iid/notes"
	return []rest.Route{
		rest.Get(notes, listNotes),
		rest.Post(notes, createNote),
		rest.Get(notes+"/:note_id", getNote),
		rest.Put(notes+"/:note_id", updateNote),
		rest.Delete(notes+"/:note_id", deleteNote),
	}
}

// issueForNotes returns the issue of the path. For notes its 404 names the object.
func issueForNotes(c *rest.Call) (*store.Issue, error) {
	iid := c.Params.Int("issue_iid")
	if err := c.Params.Err(); err != nil {
		return nil, err
	}
	p, err := c.Project()
	if err != nil {
		return nil, err
	}
	i, err := c.Issue(p, iid.Value)
	if err != nil {
		return nil, failure.NotFound("Issue")
	}
	return i, nil
}

// noteOfPath returns the note of the path if the caller may see it.
func noteOfPath(c *rest.Call) (*store.Issue, *store.Note, error) {
	id := c.Params.Int("note_id")
	i, err := issueForNotes(c)
	if err != nil {
		return nil, nil, err
	}
	at, ok := slices.BinarySearchFunc(i.Notes, id.Value, func(n *store.Note, id int) int { return cmp.Compare(n.ID, id) })
	switch {
	case !ok:
		return nil, nil, failure.NoRecord()
	case !mayReadNote(c.User, i, i.Notes[at]):
		return nil, nil, failure.NotFound("Note")
	}
	return i, i.Notes[at], nil
}

func mayReadNote(u *store.User, i *store.Issue, n *store.Note) bool {
	return !n.Internal || access.MayReadInternal(u, i.Project)
}

// listNotes takes the page first and then drops the notes that the caller may not read, so a page can be short.
func listNotes(c *rest.Call) (rest.Reply, error) {
	pg := c.Paging()
	order := c.Params.EnumOr("order_by", "created_at", "created_at", "updated_at")
	sort := c.Params.EnumOr("sort", "desc", "asc", "desc")
	kind := c.Params.EnumOr("activity_filter", "all_notes", "all_notes", "only_comments", "only_activity")
	i, err := issueForNotes(c)
	if err != nil {
		return rest.Reply{}, err
	}
	notes := slices.Clone(i.Notes)
	if kind != "all_notes" {
		notes = slices.DeleteFunc(notes, func(n *store.Note) bool { return n.System == (kind == "only_comments") })
	}
	if order == "updated_at" {
		slices.SortStableFunc(notes, func(a, b *store.Note) int { return a.UpdatedAt.Compare(b.UpdatedAt) })
	}
	if sort == "desc" {
		slices.Reverse(notes)
	}
	from, to := pg.Bounds(len(notes))
	rows := slices.DeleteFunc(slices.Clone(notes[from:to]), func(n *store.Note) bool { return !mayReadNote(c.User, i, n) })
	return rest.Page(c, pg, rows, len(notes), func(e *jsonenc.Encoder, n *store.Note) { writeNote(e, c, i, n, quickaction.Outcome{}) })
}

func getNote(c *rest.Call) (rest.Reply, error) {
	i, n, err := noteOfPath(c)
	if err != nil {
		return rest.Reply{}, err
	}
	return c.JSON(http.StatusOK, func(e *jsonenc.Encoder) { writeNote(e, c, i, n, quickaction.Outcome{}) })
}

// writeNote writes a note, with the effect of the quick actions sent along with it.
func writeNote(e *jsonenc.Encoder, c *rest.Call, i *store.Issue, n *store.Note, done quickaction.Outcome) {
	e.Open('{')
	e.Num("id", n.ID)
	e.Null("type")
	e.Str("body", n.Body)
	user.WriteOrNull(e, c, "author", n.Author)
	e.Time("created_at", n.CreatedAt)
	e.Time("updated_at", n.UpdatedAt)
	e.Bool("system", n.System)
	e.Num("noteable_id", i.ID)
	e.Str("noteable_type", "Issue")
	e.Num("project_id", i.Project.ID)
	e.Bool("resolvable", false)
	e.Bool("confidential", n.Internal)
	e.Bool("internal", n.Internal)
	e.Bool("imported", false)
	e.Str("imported_from", "none")
	e.Num("noteable_iid", i.IID)
	done.WriteChanges(e)
	e.Shut('}')
}
