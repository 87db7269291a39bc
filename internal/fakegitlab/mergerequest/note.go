package mergerequest

import (
	"crypto/sha1"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/comment"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

func comments(mr *store.MergeRequest) int {
	n := 0
	for _, note := range mr.Notes {
		if !note.System {
			n++
		}
	}
	return n
}

// mayReadNote reports whether the user may read the note.
func mayReadNote(u *store.User, mr *store.MergeRequest, n *store.Note) bool {
	return access.MayReadNote(u, mr.Project, n)
}

// listNotes takes the page first and then drops the notes that the caller may not read, so a page can be short.
func listNotes(c *rest.Call) (rest.Reply, error) {
	pg := c.Paging()
	kind := c.Params.EnumOr("activity_filter", "all_notes", "all_notes", "only_comments", "only_activity")
	order := c.Params.EnumOr("order_by", "created_at", "created_at", "updated_at")
	sort := c.Params.EnumOr("sort", "desc", "asc", "desc")
	mr, err := ofPath(c)
	if err != nil {
		return rest.Reply{}, err
	}
	notes := slices.DeleteFunc(slices.Clone(mr.Notes), func(n *store.Note) bool {
		return kind != "all_notes" && n.System == (kind == "only_comments")
	})
	if order == "updated_at" {
		slices.SortStableFunc(notes, func(a, b *store.Note) int { return a.UpdatedAt.Compare(b.UpdatedAt) })
	}
	if sort == "desc" {
		slices.Reverse(notes)
	}
	from, to := pg.Bounds(len(notes))
	rows := slices.DeleteFunc(notes[from:to], func(n *store.Note) bool { return !mayReadNote(c.User, mr, n) })
	return rest.Page(c, pg, rows, len(notes), func(e *jsonenc.Encoder, n *store.Note) { writeNote(e, c, mr, n) })
}

func getNote(c *rest.Call) (rest.Reply, error) {
	id := c.Params.Int("note_id")
	mr, err := ofPath(c)
	if err != nil {
		return rest.Reply{}, err
	}
	at := slices.IndexFunc(mr.Notes, func(n *store.Note) bool { return n.ID == id.Value })
	if at < 0 || !mayReadNote(c.User, mr, mr.Notes[at]) {
		return rest.Reply{}, failure.NoRecord()
	}
	return c.JSON(http.StatusOK, func(e *jsonenc.Encoder) { writeNote(e, c, mr, mr.Notes[at]) })
}

// listDiscussions lists the notes as discussions. Each has one note only, because nobody replies.
func listDiscussions(c *rest.Call) (rest.Reply, error) {
	pg := c.Paging()
	mr, err := ofPath(c)
	if err != nil {
		return rest.Reply{}, err
	}
	rows := slices.DeleteFunc(slices.Clone(mr.Notes), func(n *store.Note) bool { return !mayReadNote(c.User, mr, n) })
	return rest.List(c, pg, rows, func(e *jsonenc.Encoder, n *store.Note) { writeDiscussion(e, c, mr, n) })
}

func getDiscussion(c *rest.Call) (rest.Reply, error) {
	id := c.Params.Str("discussion_id").Value
	mr, err := ofPath(c)
	if err != nil {
		return rest.Reply{}, err
	}
	at := slices.IndexFunc(mr.Notes, func(n *store.Note) bool { return discussionID(n) == id && mayReadNote(c.User, mr, n) })
	if at < 0 {
		return rest.Reply{}, failure.NotFound("Discussion")
	}
	return c.JSON(http.StatusOK, func(e *jsonenc.Encoder) { writeDiscussion(e, c, mr, mr.Notes[at]) })
}

// discussionID is the hash that names the discussion of a note.
func discussionID(n *store.Note) string {
	sum := sha1.Sum([]byte("discussion " + strconv.Itoa(n.ID)))
	return hex.EncodeToString(sum[:])
}

func writeDiscussion(e *jsonenc.Encoder, c *rest.Call, mr *store.MergeRequest, n *store.Note) {
	e.Open('{')
	e.Str("id", discussionID(n))
	e.Bool("individual_note", true)
	e.Key("notes")
	e.Open('[')
	writeNote(e, c, mr, n)
	e.Shut(']')
	e.Shut('}')
}

func writeNote(e *jsonenc.Encoder, c *rest.Call, mr *store.MergeRequest, n *store.Note) {
	comment.Write(e, c, n, comment.On{Project: mr.Project, Kind: "MergeRequest", ID: mr.ID, IID: mr.IID})
}
