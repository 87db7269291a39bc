// Package note serves what people write and award on an issue: comments, discussions and award emoji. Start with
// Routes. The quick actions in a text are not here but in package quickaction.
package note

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

// Routes returns the routes for the notes, discussions and awards of issues.
func Routes() []rest.Route {
	return slices.Concat(noteRows(), discussionRows(), awardRows())
}

func noteRows() []rest.Route {
	const notes = "/projects/:id/issues/:noteable_id/notes"
	return []rest.Route{
		rest.Get(notes, list).Needs("read_issue_note"),
		rest.Post(notes, create).Needs("create_issue_note"),
		rest.Get(notes+"/:note_id", get).Needs("read_issue_note"),
		rest.Put(notes+"/:note_id", update).Needs("update_issue_note"),
		rest.Delete(notes+"/:note_id", remove).Needs("delete_issue_note"),
	}
}

// issueOfPath returns the issue whose number is in the named part of the path.
func issueOfPath(c *rest.Call, name string) (*store.Issue, error) {
	iid := c.Params.Int(name)
	if err := c.Params.Err(); err != nil {
		return nil, err
	}
	p, err := c.Project()
	if err != nil {
		return nil, err
	}
	return c.Issue(p, iid.Value)
}

// noteOfPath returns the note of the path, which the caller may not be allowed to see.
func noteOfPath(c *rest.Call, issueParam string) (*store.Issue, *store.Note, error) {
	id := c.Params.Int("note_id")
	i, err := issueOfPath(c, issueParam)
	if err != nil {
		return nil, nil, err
	}
	at, ok := slices.BinarySearchFunc(i.Notes, id.Value, func(n *store.Note, id int) int { return cmp.Compare(n.ID, id) })
	if !ok {
		return nil, nil, failure.NoRecord()
	}
	return i, i.Notes[at], nil
}

func mayRead(u *store.User, i *store.Issue, n *store.Note) bool {
	return access.MayReadNote(u, i.Project, n)
}

// readable leaves out the notes that the user may not read.
func readable(u *store.User, i *store.Issue, notes []*store.Note) []*store.Note {
	return slices.DeleteFunc(slices.Clone(notes), func(n *store.Note) bool { return !mayRead(u, i, n) })
}

// list takes the page first and then drops the notes that the caller may not read, so a page can be short. The order
// of creation is that of the ids, also for notes with a chosen created_at.
func list(c *rest.Call) (rest.Reply, error) {
	pg := c.Paging()
	order := c.Params.EnumOr("order_by", "created_at", "created_at", "updated_at")
	sort := c.Params.EnumOr("sort", "desc", "asc", "desc")
	kind := c.Params.EnumOr("activity_filter", "all_notes", "all_notes", "only_comments", "only_activity")
	i, err := issueOfPath(c, "noteable_id")
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
	rows := readable(c.User, i, notes[from:to])
	return rest.Page(c, pg, rows, len(notes), func(e *jsonenc.Encoder, n *store.Note) { write(e, c, i, n, quickaction.Outcome{}) })
}

func get(c *rest.Call) (rest.Reply, error) {
	i, n, err := noteOfPath(c, "noteable_id")
	if err != nil {
		return rest.Reply{}, err
	}
	if !mayRead(c.User, i, n) {
		return rest.Reply{}, failure.NotFound("Note")
	}
	return answer(c, http.StatusOK, i, n, quickaction.Outcome{})
}

func answer(c *rest.Call, status int, i *store.Issue, n *store.Note, done quickaction.Outcome) (rest.Reply, error) {
	return c.JSON(status, func(e *jsonenc.Encoder) { write(e, c, i, n, done) })
}

// write writes a note, with the effect of the quick actions sent along with it.
func write(e *jsonenc.Encoder, c *rest.Call, i *store.Issue, n *store.Note, done quickaction.Outcome) {
	e.Open('{')
	e.Num("id", n.ID)
	if n.Threaded() {
		e.Str("type", "DiscussionNote")
	} else {
		e.Null("type")
	}
	e.Str("body", n.Body)
	user.WriteOrNull(e, c, "author", n.Author)
	e.Time("created_at", n.CreatedAt)
	e.Time("updated_at", n.UpdatedAt)
	e.Bool("system", n.System)
	e.Num("noteable_id", i.ID)
	e.Str("noteable_type", "Issue")
	e.Num("project_id", i.Project.ID)
	writeResolution(e, c, n)
	e.Bool("confidential", n.Internal)
	e.Bool("internal", n.Internal)
	e.Bool("imported", false)
	e.Str("imported_from", "none")
	e.Num("noteable_iid", i.IID)
	done.WriteChanges(e)
	e.Shut('}')
}

// writeResolution says whether a thread is resolved. Notes outside threads cannot be.
func writeResolution(e *jsonenc.Encoder, c *rest.Call, n *store.Note) {
	e.Bool("resolvable", n.Threaded())
	if !n.Threaded() {
		return
	}
	e.Bool("resolved", n.ResolvedBy != nil)
	user.WriteOrNull(e, c, "resolved_by", n.ResolvedBy)
	e.Time("resolved_at", n.ResolvedAt)
}
