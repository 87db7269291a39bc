// Package board serves the boards of projects and groups, and their lists. Start with Routes. The state of
// boards is in package store, not here.
package board

import (
	"net/http"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/label"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/milestone"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/project"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/user"
)

// Routes returns the routes for the boards of projects and groups, and for their lists.
func Routes() []rest.Route {
	var rows []rest.Route
	for _, base := range []string{"/projects/:id/boards", "/groups/:id/boards"} {
		one, lists := base+"/:board_id", base+"/:board_id/lists"
		rows = append(rows,
			rest.Get(base, list).Needs("read_issue_board"),
			rest.Post(base, create).Needs("create_issue_board"),
			rest.Get(one, get).Needs("read_issue_board"),
			rest.Put(one, update).Needs("update_issue_board"),
			rest.Delete(one, remove).Needs("delete_issue_board"),
			rest.Get(lists, listLists).Needs("read_issue_board_list"),
			rest.Post(lists, createList).Needs("create_issue_board_list"),
			rest.Get(lists+"/:list_id", getList).Needs("read_issue_board_list"),
			rest.Put(lists+"/:list_id", moveList).Needs("update_issue_board_list"),
			rest.Delete(lists+"/:list_id", deleteList).Needs("delete_issue_board_list"),
		)
	}
	return rows
}

// list is empty for a project whose boards nobody has opened yet.
func list(c *rest.Call) (rest.Reply, error) {
	pg := c.Paging()
	if err := c.Params.Err(); err != nil {
		return rest.Reply{}, err
	}
	o, err := c.Parent()
	if err != nil {
		return rest.Reply{}, err
	}
	if !access.MayReadBoards(c.User, o) {
		return rest.Reply{}, failure.Forbidden()
	}
	return rest.List(c, pg, *o.BoardsField(), func(e *jsonenc.Encoder, b *store.Board) { write(e, c, b) })
}

// ofPath checks the parameters, then looks up the parent and the board. For a change it checks the right between the
// two.
func ofPath(c *rest.Call, change bool) (*store.Board, error) {
	id := c.Params.Int("board_id")
	if err := c.Params.Err(); err != nil {
		return nil, err
	}
	o, err := c.Parent()
	if err != nil {
		return nil, err
	}
	if !access.MayReadBoards(c.User, o) || change && !access.MayEditBoards(c.User, o) {
		return nil, failure.Forbidden()
	}
	for _, b := range *o.BoardsField() {
		if b.ID == id.Value {
			return b, nil
		}
	}
	return nil, failure.NoRecord()
}

func get(c *rest.Call) (rest.Reply, error) {
	b, err := ofPath(c, false)
	if err != nil {
		return rest.Reply{}, err
	}
	return answer(c, http.StatusOK, b)
}

func answer(c *rest.Call, status int, b *store.Board) (rest.Reply, error) {
	return c.JSON(status, func(e *jsonenc.Encoder) { write(e, c, b) })
}

// create allows one board per group on Free, and any number per project. Names need not be unique, and are stored as
// they are.
func create(c *rest.Call) (rest.Reply, error) {
	c.Params.Require("name")
	name := c.Params.Str("name")
	if err := c.Params.Err(); err != nil {
		return rest.Reply{}, err
	}
	o, err := c.Parent()
	if err != nil {
		return rest.Reply{}, err
	}
	if !access.MayEditBoards(c.User, o) {
		return rest.Reply{}, failure.Forbidden()
	}
	if o.Group != nil && len(o.Group.Boards) > 0 && !c.Store.Edition.Paid() {
		return rest.Reply{}, failure.Object(http.StatusBadRequest, "You don't have the permission to create a board for this resource.")
	}
	b := &store.Board{Parent: o, Name: name.Value}
	if check(b) == nil {
		b.ID = store.Next(&c.Store.Last.Board)
		*o.BoardsField() = append(*o.BoardsField(), b)
	}
	return answer(c, http.StatusCreated, b)
}

// check refuses a blank or overlong name. A create that fails so is answered like one that succeeds, with an object
// without an id.
func check(b *store.Board) error {
	switch {
	case strings.TrimSpace(b.Name) == "":
		return unsaved(failure.On("name", "can't be blank"))
	case param.TooLong(b.Name, param.MaxTitle):
		return unsaved(failure.On("name", "is too long (maximum is 255 characters)"))
	}
	return nil
}

func unsaved(field failure.Field) error {
	return failure.Printed("400 Bad request - Failed to save board", field)
}

// update changes the scope of a board on paid plans only.
func update(c *rest.Call) (rest.Reply, error) {
	name, hideBacklog, hideClosed := c.Params.Str("name"), c.Params.Bool("hide_backlog_list"), c.Params.Bool("hide_closed_list")
	fields := []string{"name", "hide_backlog_list", "hide_closed_list"}
	var scope boardScope
	if c.Store.Edition.Paid() {
		scope = boardScopeOf(c)
		fields = append(fields, "milestone_id", "assignee_id", "labels", "weight")
	}
	c.Params.AtLeastOne(fields...)
	b, err := ofPath(c, true)
	if err != nil {
		return rest.Reply{}, err
	}
	changed := *b
	if name.Set {
		changed.Name = name.Value
	}
	if err := check(&changed); err != nil {
		return rest.Reply{}, err
	}
	param.Assign(&changed.HideBacklog, hideBacklog)
	param.Assign(&changed.HideClosed, hideClosed)
	applyScope(c.Store, &changed, scope)
	*b = changed
	return answer(c, http.StatusOK, b)
}

// boardScope limits a board to some issues.
type boardScope struct {
	milestone, assignee, weight param.Opt[int]
	labels                      param.Opt[[]string]
}

func boardScopeOf(c *rest.Call) boardScope {
	return boardScope{
		milestone: c.Params.Int("milestone_id"), assignee: c.Params.Int("assignee_id"), weight: c.Params.Int("weight"),
		labels: c.Params.List("labels"),
	}
}

// applyScope sets the given fields; unknown ids and names clear the field.
func applyScope(s *store.Store, b *store.Board, to boardScope) {
	if to.milestone.Set {
		b.Milestone = nil
		for _, m := range milestone.Of(s, nil, b.Parent, false) {
			if m.ID == to.milestone.Value {
				b.Milestone = m
			}
		}
	}
	if to.assignee.Set {
		b.Assignee = s.UserByID[to.assignee.Value]
	}
	if to.weight.Set {
		b.Weight = to.weight.Pointer()
	}
	if to.labels.Set {
		unnamed := func(l *store.Label) bool { return !slices.Contains(to.labels.Value, l.Name) }
		b.Labels = slices.DeleteFunc(label.Of(b.Parent, label.Ancestors), unnamed)
	}
}

func remove(c *rest.Call) (rest.Reply, error) {
	b, err := ofPath(c, true)
	if err != nil {
		return rest.Reply{}, err
	}
	all := b.Parent.BoardsField()
	*all = slices.DeleteFunc(*all, func(x *store.Board) bool { return x == b })
	return rest.NoContent(), nil
}

// write writes a board. Its scope, and the group of one, are fields of the Enterprise Edition and its paid plans.
func write(e *jsonenc.Encoder, c *rest.Call, b *store.Board) {
	e.Open('{')
	if b.ID != 0 {
		e.Num("id", b.ID)
	} else {
		e.Null("id")
	}
	e.Str("name", b.Name)
	e.Bool("hide_backlog_list", b.HideBacklog)
	e.Bool("hide_closed_list", b.HideClosed)
	if p := b.Parent.Project; p != nil {
		e.Key("project")
		project.Write(e, c, p, project.Brief)
	} else {
		e.Null("project")
	}
	e.Key("lists")
	e.Open('[')
	for n, l := range b.Lists {
		writeList(e, c, l, n)
	}
	e.Shut(']')
	if c.Store.Edition.Enterprise() {
		writeGroup(e, c, b.Parent.Group)
	}
	if c.Store.Edition.Paid() {
		writeScope(e, c, b)
	}
	e.Shut('}')
}

func writeGroup(e *jsonenc.Encoder, c *rest.Call, g *store.Group) {
	if g == nil {
		e.Null("group")
		return
	}
	e.Key("group")
	e.Open('{')
	e.Num("id", g.ID)
	e.Str("web_url", c.Base.URL+"/groups/"+g.FullPath())
	e.Str("name", g.Name)
	e.Shut('}')
}

func writeScope(e *jsonenc.Encoder, c *rest.Call, b *store.Board) {
	milestone.WriteOrNull(e, c, "milestone", b.Milestone)
	user.WriteOrNull(e, c, "assignee", b.Assignee)
	e.Key("labels")
	e.Open('[')
	for _, l := range b.Labels {
		label.Write(e, l)
	}
	e.Shut(']')
	e.NumOrNull("weight", b.Weight)
}
