package issue

import (
	"net/http"
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/quickaction"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// The limits of notes: characters in one note, comments on one issue.
const (
	maxNote  = 1_000_000
	maxNotes = 5000
)

// createNote saves the note first and then runs its quick actions. The rate limit on notes is counted before the
// issue is looked up.
func createNote(c *rest.Call) (rest.Reply, error) {
	c.Params.Require("body")
	body, createdAt := c.Params.Str("body"), c.Params.Str("created_at")
	internal := c.Params.Bool("internal").Or(c.Params.Bool("confidential").Value)
	if err := c.Params.Err(); err != nil {
		return rest.Reply{}, err
	}
	if err := c.Spend(&c.Limits.Notes); err != nil {
		return rest.Reply{}, err
	}
	i, err := issueForNotes(c)
	if err != nil {
		return rest.Reply{}, err
	}
	if !access.MayComment(c.User, i) {
		return rest.Reply{}, failure.Forbidden()
	}
	if err := checkNote(i, body.Value); err != nil {
		return rest.Reply{}, err
	}
	n := &store.Note{Author: c.User, Internal: internal && access.MayReadInternal(c.User, i.Project)}
	if t, ok := param.ParseTime(createdAt.Value); ok && access.MayBackdate(c.User, i.Project) {
		if t.Before(time.Unix(0, 0)) {
			return rest.Reply{}, errNote("created_at", "The created date provided is too far in the past.")
		}
		n.CreatedAt = t
	}
	text, found := quickaction.Extract(body.Value)
	if text == "" {
		return commandsReply(c, quickaction.Run(c.Store, i, found, c.User, false), "Failed to apply commands.")
	}
	n.Body = text
	c.Store.AddNote(i, n)
	done := quickaction.Run(c.Store, i, found, c.User, false)
	return c.JSON(http.StatusCreated, func(e *jsonenc.Encoder) { writeNote(e, c, i, n, done) })
}

// checkNote validates the text of a note as sent.
func checkNote(i *store.Issue, body string) error {
	text, found := quickaction.Extract(body)
	switch {
	case text == "" && len(found) == 0:
		return errNote("note", "can't be blank")
	case param.TooLong(body, maxNote):
		return errNote("note", "is too long (maximum is 1000000 characters)")
	case comments(i) >= maxNotes:
		return errNote("base", "Maximum number of comments exceeded")
	}
	return nil
}

// errNote replaces the validation error of a note: a sentence with a printed hash.
func errNote(field, text string) *failure.Failure {
	return failure.Printed("400 Bad request - Note", failure.On(field, text))
}

func comments(i *store.Issue) int {
	n := 0
	for _, note := range i.Notes {
		if !note.System {
			n++
		}
	}
	return n
}

// commandsReply answers a text that holds only quick actions: 202 without a note, or 400 if none had an effect.
func commandsReply(c *rest.Call, done quickaction.Outcome, otherwise string) (rest.Reply, error) {
	if !done.Applied {
		return rest.Reply{}, failure.Text(http.StatusBadRequest, "400 Bad request - "+otherwise)
	}
	return c.JSON(http.StatusAccepted, func(e *jsonenc.Encoder) {
		e.Open('{')
		done.WriteChanges(e)
		e.Strs("summary", []string{done.Summary()})
		e.Shut('}')
	})
}

// updateNote runs quick actions too. If nothing else is left of the note, it is deleted.
func updateNote(c *rest.Call) (rest.Reply, error) {
	c.Params.NotBlank("body")
	body := c.Params.Str("body")
	i, n, err := noteOfPath(c)
	if err != nil {
		return rest.Reply{}, err
	}
	if !mayEditNote(c.User, i, n) {
		return rest.Reply{}, failure.Forbidden()
	}
	var done quickaction.Outcome
	if body.OK() {
		if param.TooLong(body.Value, maxNote) {
			return rest.Reply{}, errNote("note", "is too long (maximum is 1000000 characters)")
		}
		text, found := quickaction.Extract(body.Value)
		if text != "" && text != n.Body {
			n.Body, n.UpdatedAt = text, c.Store.Stamp()
			n.Edited = &store.Edit{By: c.User, At: n.UpdatedAt}
			c.Store.Touch(i, n.UpdatedAt)
		}
		done = quickaction.Run(c.Store, i, found, c.User, false)
		if text == "" {
			dropNote(i, n)
			return commandsReply(c, done, "Commands did not apply")
		}
	}
	return c.JSON(http.StatusOK, func(e *jsonenc.Encoder) { writeNote(e, c, i, n, done) })
}

// mayEditNote reports whether the user may change and delete a note: its author and maintainers may, but nobody may
// for system notes.
func mayEditNote(u *store.User, i *store.Issue, n *store.Note) bool {
	return !n.System && (n.Author == u && access.MayComment(u, i) || access.MayModerate(u, i.Project))
}

func deleteNote(c *rest.Call) (rest.Reply, error) {
	i, n, err := noteOfPath(c)
	if err != nil {
		return rest.Reply{}, err
	}
	if !mayEditNote(c.User, i, n) {
		return rest.Reply{}, failure.Forbidden()
	}
	if err := c.Unmodified(n.UpdatedAt); err != nil {
		return rest.Reply{}, err
	}
	dropNote(i, n)
	return rest.NoContent(), nil
}

func dropNote(i *store.Issue, n *store.Note) {
	i.Notes = slices.DeleteFunc(i.Notes, func(x *store.Note) bool { return x == n })
}
