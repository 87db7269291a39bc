package fakegitlab

import (
	"cmp"
	"net/http"
	"slices"
	"time"
)

// The limits of notes: characters in one, comments on one issue.
const (
	maxNote  = 1_000_000
	maxNotes = 5000
)

func noteRows() []route {
	const notes = "/projects/:id/issues/:issue_iid/notes"
	return []route{
		get(notes, listNotes),
		post(notes, createNote),
		get(notes+"/:note_id", getNote),
		put(notes+"/:note_id", updateNote),
		del(notes+"/:note_id", deleteNote),
	}
}

// notedIssue is the issue of the path. For notes its 404 has a noun.
func notedIssue(c *call) (*issue, error) {
	iid := c.p.int("issue_iid")
	if err := c.p.err(); err != nil {
		return nil, err
	}
	p, err := c.project()
	if err != nil {
		return nil, err
	}
	i, err := c.issue(p, iid.v)
	if err != nil {
		return nil, errNotFound("Issue")
	}
	return i, nil
}

// noteOfPath is the note of the path if the caller may see it.
func noteOfPath(c *call) (*issue, *note, error) {
	id := c.p.int("note_id")
	i, err := notedIssue(c)
	if err != nil {
		return nil, nil, err
	}
	at, ok := slices.BinarySearchFunc(i.notes, id.v, func(n *note, id int) int { return cmp.Compare(n.id, id) })
	switch {
	case !ok:
		return nil, nil, errNoRecord()
	case !mayReadNote(c.user, i, i.notes[at]):
		return nil, nil, errNotFound("Note")
	}
	return i, i.notes[at], nil
}

func mayReadNote(u *user, i *issue, n *note) bool {
	return !n.internal || mayReadInternal(u, i.project)
}

// listNotes cuts the page first and drops what the caller may not read after
// that, so a page can be short.
func listNotes(c *call) (reply, error) {
	pg := c.paging()
	order := c.p.enumOr("order_by", "created_at", "created_at", "updated_at")
	sort := c.p.enumOr("sort", "desc", "asc", "desc")
	kind := c.p.enumOr("activity_filter", "all_notes", "all_notes", "only_comments", "only_activity")
	i, err := notedIssue(c)
	if err != nil {
		return reply{}, err
	}
	notes := slices.Clone(i.notes)
	if kind != "all_notes" {
		notes = slices.DeleteFunc(notes, func(n *note) bool { return n.system == (kind == "only_comments") })
	}
	if order == "updated_at" {
		slices.SortStableFunc(notes, func(a, b *note) int { return a.updatedAt.Compare(b.updatedAt) })
	}
	if sort == "desc" {
		slices.Reverse(notes)
	}
	from, to := pg.bounds(len(notes))
	rows := slices.DeleteFunc(slices.Clone(notes[from:to]), func(n *note) bool { return !mayReadNote(c.user, i, n) })
	return pageReply(c, pg, rows, len(notes), func(e *enc, n *note) { writeNote(e, c, i, n, outcome{}) })
}

func getNote(c *call) (reply, error) {
	i, n, err := noteOfPath(c)
	if err != nil {
		return reply{}, err
	}
	return c.json(http.StatusOK, func(e *enc) { writeNote(e, c, i, n, outcome{}) })
}

// createNote saves the note first and carries out the quick actions in it
// after that. The limit on notes is counted before the issue is looked up.
func createNote(c *call) (reply, error) {
	c.p.require("body")
	body, createdAt := c.p.str("body"), c.p.str("created_at")
	internal := c.p.bool("internal").or(c.p.bool("confidential").v)
	if err := c.p.err(); err != nil {
		return reply{}, err
	}
	if err := c.spend(&c.limits.notes); err != nil {
		return reply{}, err
	}
	i, err := notedIssue(c)
	if err != nil {
		return reply{}, err
	}
	if !mayComment(c.user, i) {
		return reply{}, errForbidden()
	}
	if err := checkNote(i, body.v); err != nil {
		return reply{}, err
	}
	n := &note{author: c.user, internal: internal && mayReadInternal(c.user, i.project)}
	if t, ok := parseTime(createdAt.v); ok && mayBackdate(c.user, i.project) {
		if t.Before(time.Unix(0, 0)) {
			return reply{}, errNote("created_at", "The created date provided is too far in the past.")
		}
		n.createdAt = t
	}
	text, found := extractCommands(body.v)
	if text == "" {
		return commandsReply(c, runCommands(c.s, i, found, c.user, false), "Failed to apply commands.")
	}
	n.body = text
	c.s.addNote(i, n)
	done := runCommands(c.s, i, found, c.user, false)
	return c.json(http.StatusCreated, func(e *enc) { writeNote(e, c, i, n, done) })
}

// checkNote validates the text of a note as it was sent.
func checkNote(i *issue, body string) error {
	text, found := extractCommands(body)
	switch {
	case text == "" && len(found) == 0:
		return errNote("note", "can't be blank")
	case tooLong(body, maxNote):
		return errNote("note", "is too long (maximum is 1000000 characters)")
	case comments(i) >= maxNotes:
		return errNote("base", "Maximum number of comments exceeded")
	}
	return nil
}

// errNote is what stands in for a validation error of a note: a sentence with
// a printed hash.
func errNote(field, text string) *failure {
	return errPrinted("400 Bad request - Note", onField(field, text))
}

func comments(i *issue) int {
	n := 0
	for _, note := range i.notes {
		if !note.system {
			n++
		}
	}
	return n
}

// commandsReply is the answer to a text that was nothing but quick actions:
// 202 without a note, or 400 when not one had an effect.
func commandsReply(c *call, done outcome, otherwise string) (reply, error) {
	if !done.applied {
		return reply{}, errText(http.StatusBadRequest, "400 Bad request - "+otherwise)
	}
	return c.json(http.StatusAccepted, func(e *enc) {
		e.open('{')
		done.writeChanges(e)
		e.strs("summary", []string{done.said()})
		e.shut('}')
	})
}

// updateNote runs quick actions too, and a note that is left with nothing but
// those is deleted.
func updateNote(c *call) (reply, error) {
	c.p.notBlank("body")
	body := c.p.str("body")
	i, n, err := noteOfPath(c)
	if err != nil {
		return reply{}, err
	}
	if !mayEditNote(c.user, i, n) {
		return reply{}, errForbidden()
	}
	var done outcome
	if body.ok() {
		if tooLong(body.v, maxNote) {
			return reply{}, errNote("note", "is too long (maximum is 1000000 characters)")
		}
		text, found := extractCommands(body.v)
		if text != "" && text != n.body {
			n.body, n.updatedAt = text, c.s.stamp()
			c.s.touch(i, n.updatedAt)
		}
		done = runCommands(c.s, i, found, c.user, false)
		if text == "" {
			dropNote(i, n)
			return commandsReply(c, done, "Commands did not apply")
		}
	}
	return c.json(http.StatusOK, func(e *enc) { writeNote(e, c, i, n, done) })
}

// mayEditNote is the right to change and to delete a note: its author and
// maintainers, but nobody for system notes.
func mayEditNote(u *user, i *issue, n *note) bool {
	return !n.system && (n.author == u && mayComment(u, i) || mayModerate(u, i.project))
}

func deleteNote(c *call) (reply, error) {
	i, n, err := noteOfPath(c)
	if err != nil {
		return reply{}, err
	}
	if !mayEditNote(c.user, i, n) {
		return reply{}, errForbidden()
	}
	if err := c.unmodified(n.updatedAt); err != nil {
		return reply{}, err
	}
	dropNote(i, n)
	return noContent(), nil
}

func dropNote(i *issue, n *note) {
	i.notes = slices.DeleteFunc(i.notes, func(x *note) bool { return x == n })
}

// writeNote writes a note, with what the quick actions sent along with it did.
func writeNote(e *enc, c *call, i *issue, n *note, done outcome) {
	e.open('{')
	e.num("id", n.id)
	e.null("type")
	e.str("body", n.body)
	writeUserOrNull(e, c, "author", n.author)
	e.time("created_at", n.createdAt)
	e.time("updated_at", n.updatedAt)
	e.bool("system", n.system)
	e.num("noteable_id", i.id)
	e.str("noteable_type", "Issue")
	e.num("project_id", i.project.id)
	e.bool("resolvable", false)
	e.bool("confidential", n.internal)
	e.bool("internal", n.internal)
	e.bool("imported", false)
	e.str("imported_from", "none")
	e.num("noteable_iid", i.iid)
	done.writeChanges(e)
	e.shut('}')
}
