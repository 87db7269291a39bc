package note

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/edit"
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

// draft is a note as sent.
type draft struct {
	body      string
	createdAt string
	internal  bool
	thread    *store.Note // the first note of the discussion that it replies to
	threaded  bool        // it begins a discussion
}

// draftOf reads a draft. The rate limit on notes is counted before the issue is looked up.
func draftOf(c *rest.Call) (draft, error) {
	c.Params.Require("body")
	d := draft{body: c.Params.Str("body").Value, createdAt: c.Params.Str("created_at").Value}
	if err := c.Params.Err(); err != nil {
		return d, err
	}
	if c.Spend(&c.Limits.Notes) != nil {
		return d, failure.TooManyNotes()
	}
	return d, nil
}

func create(c *rest.Call) (rest.Reply, error) {
	internal := c.Params.Bool("internal").Or(c.Params.Bool("confidential").Value)
	d, err := draftOf(c)
	if err != nil {
		return rest.Reply{}, err
	}
	d.internal = internal
	i, err := issueOfPath(c, "noteable_id")
	if err != nil {
		return rest.Reply{}, err
	}
	n, done, err := add(c, i, d)
	if n == nil {
		return commandsReply(c, done, err, "Failed to apply commands.")
	}
	return answer(c, http.StatusCreated, i, n, done)
}

// add saves a note and then runs its quick actions. It returns no note if the text holds only quick actions, or if they
// make the issue invalid; a text beside them is saved all the same.
func add(c *rest.Call, i *store.Issue, d draft) (*store.Note, quickaction.Outcome, error) {
	if !access.MayComment(c.User, i) {
		return nil, quickaction.Outcome{}, failure.Forbidden()
	}
	text, found := quickaction.Extract(d.body, c.Store.Edition)
	if err := quickaction.Refuse(c.Store, c.Token, found); err != nil {
		return nil, quickaction.Outcome{}, err
	}
	if err := check(i, d.body, text == "" && len(found) == 0); err != nil {
		return nil, quickaction.Outcome{}, err
	}
	at, err := createdAt(c, i, d.createdAt)
	if err != nil {
		return nil, quickaction.Outcome{}, err
	}
	var n *store.Note
	if text != "" {
		n = &store.Note{Body: text, Author: c.User, CreatedAt: at, Internal: d.internal && access.MayReadInternal(c.User, i.Project)}
		file(c.Store, i, n, d)
	}
	done := quickaction.Run(c.Store, i, found, c.User, false)
	if len(done.Invalid) > 0 {
		return nil, done, errNote("validation", strings.Join(done.Invalid, ", "))
	}
	return n, done, nil
}

// file stores a note, in the discussion that its draft names.
func file(s *store.Store, i *store.Issue, n *store.Note, d draft) {
	s.AddNote(i, n)
	switch {
	case d.thread != nil:
		s.Reply(d.thread, n)
	case d.threaded:
		n.Thread = n.ID
	}
	edit.NotifyNote(s, i, n, "")
}

// createdAt returns the chosen time of a note, the zero time if the caller may not choose one.
func createdAt(c *rest.Call, i *store.Issue, text string) (time.Time, error) {
	t, ok := param.ParseTime(text)
	if !ok || !access.MayBackdate(c.User, i.Project) {
		return time.Time{}, nil
	}
	if t.Before(time.Unix(0, 0)) {
		return time.Time{}, errNote("created_at", "The created date provided is too far in the past.")
	}
	return t, nil
}

// check validates the text of a new note as sent.
func check(i *store.Issue, body string, blank bool) error {
	switch {
	case blank:
		return errNote("note", "can't be blank")
	case param.TooLong(body, maxNote):
		return errNote("note", "is too long (maximum is 1000000 characters)")
	case comments(i) >= maxNotes:
		return errNote("base", "Maximum number of comments exceeded")
	}
	return nil
}

// errNote is the validation error of a note: a sentence with a printed hash.
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

// commandsReply answers a text that holds only quick actions: 202 without a note, even if none of them could be
// applied. It is 400 if there is nothing to say about them.
func commandsReply(c *rest.Call, done quickaction.Outcome, err error, otherwise string) (rest.Reply, error) {
	if err != nil {
		return rest.Reply{}, err
	}
	summary := done.Summary()
	if summary == "" {
		return rest.Reply{}, failure.Text(http.StatusBadRequest, "400 Bad request - "+otherwise)
	}
	return c.JSON(http.StatusAccepted, func(e *jsonenc.Encoder) {
		e.Open('{')
		done.WriteChanges(e)
		e.Strs("summary", []string{summary})
		e.Shut('}')
	})
}

func update(c *rest.Call) (rest.Reply, error) {
	c.Params.NotBlank("body")
	i, n, err := noteOfPath(c, "noteable_id")
	if err != nil {
		return rest.Reply{}, err
	}
	return change(c, i, n)
}

// change runs quick actions too. If nothing else is left of the note, it is deleted.
func change(c *rest.Call, i *store.Issue, n *store.Note) (rest.Reply, error) {
	body := c.Params.Str("body")
	if !mayEdit(c.User, i, n) {
		return rest.Reply{}, failure.Forbidden()
	}
	if !body.OK() {
		return answer(c, http.StatusOK, i, n, quickaction.Outcome{})
	}
	if param.TooLong(body.Value, maxNote) {
		return rest.Reply{}, errNote("note", "is too long (maximum is 1000000 characters)")
	}
	text, found := quickaction.Extract(body.Value, c.Store.Edition)
	if err := quickaction.Refuse(c.Store, c.Token, found); err != nil {
		return rest.Reply{}, err
	}
	if text != "" {
		rewrite(c, i, n, text)
	}
	done := quickaction.Run(c.Store, i, found, c.User, false)
	if text == "" {
		drop(i, n)
		return commandsReply(c, done, nil, "Commands did not apply")
	}
	return answer(c, http.StatusOK, i, n, done)
}

// rewrite changes the text of a note. Saving the same text changes nothing.
func rewrite(c *rest.Call, i *store.Issue, n *store.Note, text string) {
	if text == n.Body {
		return
	}
	before := n.Body
	n.Body, n.UpdatedAt = text, c.Store.Stamp()
	n.Edited = &store.Edit{By: c.User, At: n.UpdatedAt}
	c.Store.Touch(i, n.UpdatedAt)
	edit.NotifyNote(c.Store, i, n, before)
}

// mayEdit reports whether the user may change and delete a note: its author and maintainers may, but nobody may for
// system notes.
func mayEdit(u *store.User, i *store.Issue, n *store.Note) bool {
	if n.System || !mayRead(u, i, n) {
		return false
	}
	return n.Author == u && access.MayComment(u, i) || access.MayModerate(u, i.Project)
}

func remove(c *rest.Call) (rest.Reply, error) {
	i, n, err := noteOfPath(c, "noteable_id")
	if err != nil {
		return rest.Reply{}, err
	}
	if !mayEdit(c.User, i, n) {
		return rest.Reply{}, failure.Forbidden()
	}
	if err := c.Unmodified(n.UpdatedAt); err != nil {
		return rest.Reply{}, err
	}
	drop(i, n)
	return rest.NoContent(), nil
}

func drop(i *store.Issue, n *store.Note) {
	i.Notes = slices.DeleteFunc(i.Notes, func(x *store.Note) bool { return x == n })
}
