package note

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/quickaction"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// This file has the discussions of an issue. Every note is in one: a note without replies is a discussion of its own.

func discussionRows() []rest.Route {
	const all = "/projects/:id/issues/:noteable_id/discussions"
	const one = all + "/:discussion_id"
	return []rest.Route{
		rest.Get(all, listDiscussions).Needs("read_issue_discussion"),
		rest.Post(all, startDiscussion).Needs("create_issue_discussion"),
		rest.Get(one, getDiscussion).Needs("read_issue_discussion"),
		rest.Put(one, resolveDiscussion).Needs("update_issue_discussion"),
		rest.Get(one+"/notes", listReplies).Needs("read_issue_discussion_note"),
		rest.Post(one+"/notes", reply).Needs("create_issue_discussion_note"),
		rest.Get(one+"/notes/:note_id", get).Needs("read_issue_discussion_note"),
		rest.Put(one+"/notes/:note_id", updateReply).Needs("update_issue_discussion_note"),
		rest.Delete(one+"/notes/:note_id", remove).Needs("delete_issue_discussion_note"),
	}
}

// discussionsOf groups the notes of an issue, with the discussion that began first in front.
func discussionsOf(i *store.Issue) [][]*store.Note {
	at := map[int]int{}
	var all [][]*store.Note
	for _, n := range i.Notes {
		root := n.Root()
		k, known := at[root]
		if !known {
			k = len(all)
			at[root], all = k, append(all, nil)
		}
		all[k] = append(all[k], n)
	}
	slices.SortStableFunc(all, func(a, b []*store.Note) int { return begin(a).Compare(begin(b)) })
	return all
}

// begin is when the earliest note of a discussion was created.
func begin(notes []*store.Note) time.Time {
	first := func(a, b *store.Note) int { return a.CreatedAt.Compare(b.CreatedAt) }
	return slices.MinFunc(notes, first).CreatedAt
}

// listDiscussions takes the page first and then drops what the caller may not read.
func listDiscussions(c *rest.Call) (rest.Reply, error) {
	pg := c.Paging()
	i, err := issueOfPath(c, "noteable_id")
	if err != nil {
		return rest.Reply{}, err
	}
	all := discussionsOf(i)
	from, to := pg.Bounds(len(all))
	var rows [][]*store.Note
	for _, notes := range all[from:to] {
		if notes = readable(c.User, i, notes); len(notes) > 0 {
			rows = append(rows, notes)
		}
	}
	return rest.Page(c, pg, rows, len(all), func(e *jsonenc.Encoder, notes []*store.Note) { writeDiscussion(e, c, i, notes) })
}

// notesOfPath returns the notes of the discussion of the path that the caller may read, in the order of their
// creation. An unknown discussion has none.
func notesOfPath(c *rest.Call) (*store.Issue, []*store.Note, error) {
	i, err := issueOfPath(c, "noteable_id")
	if err != nil {
		return nil, nil, err
	}
	id := c.Params.Str("discussion_id").Value
	of := func(n *store.Note) bool { return n.DiscussionID() != id }
	notes := readable(c.User, i, slices.DeleteFunc(slices.Clone(i.Notes), of))
	slices.SortStableFunc(notes, func(a, b *store.Note) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	return i, notes, nil
}

func getDiscussion(c *rest.Call) (rest.Reply, error) {
	i, notes, err := notesOfPath(c)
	if err != nil {
		return rest.Reply{}, err
	}
	return discussionReply(c, http.StatusOK, i, notes)
}

func discussionReply(c *rest.Call, status int, i *store.Issue, notes []*store.Note) (rest.Reply, error) {
	if len(notes) == 0 {
		return rest.Reply{}, failure.NotFound("Discussion")
	}
	return c.JSON(status, func(e *jsonenc.Encoder) { writeDiscussion(e, c, i, notes) })
}

func writeDiscussion(e *jsonenc.Encoder, c *rest.Call, i *store.Issue, notes []*store.Note) {
	e.Open('{')
	e.Str("id", notes[0].DiscussionID())
	e.Bool("individual_note", !notes[0].Threaded())
	e.Key("notes")
	e.Open('[')
	for _, n := range notes {
		write(e, c, i, n, quickaction.Outcome{})
	}
	e.Shut(']')
	e.Shut('}')
}

// startDiscussion has no parameter for internal notes.
func startDiscussion(c *rest.Call) (rest.Reply, error) {
	d, err := draftOf(c)
	if err != nil {
		return rest.Reply{}, err
	}
	i, err := issueOfPath(c, "noteable_id")
	if err != nil {
		return rest.Reply{}, err
	}
	d.threaded = true
	n, done, err := add(c, i, d)
	if n == nil {
		return commandsReply(c, done, err, "Failed to apply commands.")
	}
	return discussionReply(c, http.StatusCreated, i, []*store.Note{n})
}

func listReplies(c *rest.Call) (rest.Reply, error) {
	i, notes, err := notesOfPath(c)
	if err != nil {
		return rest.Reply{}, err
	}
	if len(notes) == 0 {
		return rest.Reply{}, failure.NotFound("Notes")
	}
	return c.JSON(http.StatusOK, func(e *jsonenc.Encoder) {
		e.Open('[')
		for _, n := range notes {
			write(e, c, i, n, quickaction.Outcome{})
		}
		e.Shut(']')
	})
}

// reply adds a note to a discussion. It makes a discussion of a plain note, and is internal if that one is.
func reply(c *rest.Call) (rest.Reply, error) {
	d, err := draftOf(c)
	if err != nil {
		return rest.Reply{}, err
	}
	i, notes, err := notesOfPath(c)
	switch {
	case err != nil:
		return rest.Reply{}, err
	case len(notes) == 0:
		return rest.Reply{}, failure.NotFound("Discussion")
	case notes[0].System:
		return rest.Reply{}, failure.Text(http.StatusBadRequest, "400 Bad request - Discussion can not be replied to.")
	}
	d.thread, d.internal = notes[0], notes[0].Internal
	n, done, err := add(c, i, d)
	if n == nil {
		return commandsReply(c, done, err, "Failed to apply commands.")
	}
	return answer(c, http.StatusCreated, i, n, done)
}

// updateReply changes the text of a note in a discussion, or resolves it.
func updateReply(c *rest.Call) (rest.Reply, error) {
	c.Params.ExactlyOne("body", "resolved")
	resolved := c.Params.Bool("resolved")
	i, n, err := noteOfPath(c, "noteable_id")
	if err != nil {
		return rest.Reply{}, err
	}
	if !resolved.OK() {
		return change(c, i, n)
	}
	if !access.MayResolve(c.User, i) {
		return rest.Reply{}, failure.Forbidden()
	}
	if !n.Threaded() {
		return rest.Reply{}, failure.Text(http.StatusBadRequest, "400 Bad request - Note is not resolvable")
	}
	c.Store.Resolve(n, resolved.Value, c.User)
	return answer(c, http.StatusOK, i, n, quickaction.Outcome{})
}

func resolveDiscussion(c *rest.Call) (rest.Reply, error) {
	c.Params.Require("resolved")
	resolved := c.Params.Bool("resolved")
	i, notes, err := notesOfPath(c)
	if err != nil {
		return rest.Reply{}, err
	}
	if len(notes) > 0 && (!notes[0].Threaded() || !access.MayResolve(c.User, i)) {
		return rest.Reply{}, failure.Forbidden()
	}
	for _, n := range notes {
		c.Store.Resolve(n, resolved.Value, c.User)
	}
	return discussionReply(c, http.StatusOK, i, notes)
}
