package note

import (
	"net/http"
	"slices"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/edit"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/emoji"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/user"
)

func awardRows() []rest.Route {
	const issues = "/projects/:id/issues/:issue_iid"
	var rows []rest.Route
	for _, on := range []struct{ path, permission string }{
		{issues + "/award_emoji", "issue_award_emoji"}, {issues + "/notes/:note_id/award_emoji", "issue_note_award_emoji"},
	} {
		one := on.path + "/:award_id"
		rows = append(rows,
			rest.Get(on.path, listAwards).Needs("read_"+on.permission), rest.Post(on.path, createAward).Needs("create_"+on.permission),
			rest.Get(one, getAward).Needs("read_"+on.permission), rest.Delete(one, deleteAward).Needs("delete_"+on.permission),
		)
	}
	return rows
}

// awardedOfPath returns the issue or note of the path, which has to be readable.
func awardedOfPath(c *rest.Call) (store.Awardable, error) {
	if !c.Params.Has("note_id") {
		i, err := issueOfPath(c, "issue_iid")
		return store.Awardable{Issue: i}, err
	}
	i, n, err := noteOfPath(c, "issue_iid")
	if err == nil && !mayRead(c.User, i, n) {
		err = failure.NotFound("Award Emoji")
	}
	return store.Awardable{Issue: i, Note: n}, err
}

func listAwards(c *rest.Call) (rest.Reply, error) {
	pg := c.Paging()
	on, err := awardedOfPath(c)
	if err != nil {
		return rest.Reply{}, err
	}
	return rest.List(c, pg, *on.List(), func(e *jsonenc.Encoder, a *store.Award) { writeAward(e, c, on, a) })
}

func getAward(c *rest.Call) (rest.Reply, error) {
	on, a, err := awardOfPath(c)
	if err != nil {
		return rest.Reply{}, err
	}
	return c.JSON(http.StatusOK, func(e *jsonenc.Encoder) { writeAward(e, c, on, a) })
}

func awardOfPath(c *rest.Call) (store.Awardable, *store.Award, error) {
	id := c.Params.Int("award_id")
	on, err := awardedOfPath(c)
	if err != nil {
		return on, nil, err
	}
	for _, a := range *on.List() {
		if a.ID == id.Value {
			return on, a, nil
		}
	}
	return on, nil, failure.NoRecord()
}

// createAward answers 404 to everything it refuses: no right, an unknown name, an emoji already given. The answer
// has the name of the emoji, also if an alias was sent.
func createAward(c *rest.Call) (rest.Reply, error) {
	c.Params.Require("name")
	on, err := awardedOfPath(c)
	if err != nil {
		return rest.Reply{}, err
	}
	if !access.MayComment(c.User, on.Issue) {
		return rest.Reply{}, failure.NotFound("Award Emoji")
	}
	sent := c.Params.Str("name").Value
	name, known := emoji.Name(sent)
	switch {
	case sent == "":
		return rest.Reply{}, errAward("can't be blank and Name is not a valid emoji name")
	case !known:
		return rest.Reply{}, errAward("is not a valid emoji name")
	case slices.ContainsFunc(*on.List(), func(a *store.Award) bool { return a.User == c.User && a.Name == name }):
		return rest.Reply{}, errAward("has already been taken")
	}
	a := edit.Award(c.Store, on, name, c.User, c.Store.Stamp())
	return c.JSON(http.StatusCreated, func(e *jsonenc.Encoder) { writeAward(e, c, on, a) })
}

func errAward(text string) *failure.Failure { return failure.NotFound("Award Emoji Name " + text) }

func deleteAward(c *rest.Call) (rest.Reply, error) {
	on, a, err := awardOfPath(c)
	if err != nil {
		return rest.Reply{}, err
	}
	if a.User != c.User && !c.User.IsAdmin() {
		return rest.Reply{}, failure.Unauthorized()
	}
	if err := c.Unmodified(a.CreatedAt); err != nil {
		return rest.Reply{}, err
	}
	c.Store.RemoveAward(on, a, c.Store.Stamp())
	return rest.NoContent(), nil
}

func writeAward(e *jsonenc.Encoder, c *rest.Call, on store.Awardable, a *store.Award) {
	kind, id := "Issue", on.Issue.ID
	if on.Note != nil {
		kind, id = "Note", on.Note.ID
	}
	e.Open('{')
	e.Num("id", a.ID)
	e.Str("name", a.Name)
	e.Key("user")
	user.Write(e, c, a.User)
	e.Time("created_at", a.CreatedAt)
	e.Time("updated_at", a.CreatedAt)
	e.Num("awardable_id", id)
	e.Str("awardable_type", kind)
	e.Null("url")
	e.Shut('}')
}
