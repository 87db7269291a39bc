package issue

import (
	"net/http"
	"slices"
	"strconv"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/user"
)

// This file has the caller's to-do list. Only issues can be on it here.

func todoRows() []rest.Route {
	return []rest.Route{
		rest.Get("/todos", listTodos).NoPermission(),
		rest.Post("/todos/mark_as_done", finishAllTodos).NoPermission(),
		rest.Post("/todos/:todo_id/mark_as_done", finishTodo).NoPermission(),
		rest.Post("/projects/:id/issues/:issue_iid/todo", createTodo).NoPermission(),
	}
}

// The values of two filters.
var (
	todoActions = []string{
		"assigned", "mentioned", "build_failed", "marked", "approval_required", "unmergeable", "directly_addressed",
		"merge_train_removed", "member_access_requested",
	}
	todoTargets = []string{
		"Issue", "MergeRequest", "Commit", "Epic", "DesignManagement::Design", "AlertManagement::Alert", "Project", "Namespace",
	}
)

// todosOf lists the entries of the caller that the filters of the request leave, the latest first. Entries about issues
// that the caller may no longer read are left out.
func todosOf(c *rest.Call) ([]*store.Todo, error) {
	p := c.Params
	action, kind := p.Enum("action", todoActions...), p.Enum("type", todoTargets...)
	state := p.Enum("state", "pending", "done").Or("pending")
	author, project, group := p.Int("author_id"), p.Int("project_id"), p.Int("group_id")
	if err := p.Err(); err != nil {
		return nil, err
	}
	var found []*store.Todo
	for _, t := range slices.Backward(c.Store.Todos) {
		switch {
		case t.User != c.User || t.Done != (state == "done") || !access.MayReadIssue(c.User, t.Issue):
		case action.OK() && t.Action != action.Value, kind.OK() && kind.Value != "Issue":
		case author.OK() && t.Author.ID != author.Value, project.OK() && t.Issue.Project.ID != project.Value:
		case group.OK() && !t.Issue.Project.Group.Within(c.Store.FindGroup(strconv.Itoa(group.Value))):
		default:
			found = append(found, t)
		}
	}
	return found, nil
}

func listTodos(c *rest.Call) (rest.Reply, error) {
	pg := c.Paging()
	found, err := todosOf(c)
	if err != nil {
		return rest.Reply{}, err
	}
	return rest.List(c, pg, found, func(e *jsonenc.Encoder, t *store.Todo) { writeTodo(e, c, t) })
}

// createTodo answers 304 if there is something to do already.
func createTodo(c *rest.Call) (rest.Reply, error) {
	i, err := ofPath(c)
	if err != nil {
		return rest.Reply{}, err
	}
	t := c.Store.AddTodo(&store.Todo{Issue: i, User: c.User, Author: c.User, Action: "marked"})
	if t == nil {
		return rest.Reply{Status: http.StatusNotModified}, nil
	}
	return c.JSON(http.StatusCreated, func(e *jsonenc.Encoder) { writeTodo(e, c, t) })
}

func finishTodo(c *rest.Call) (rest.Reply, error) {
	id := c.Params.Int("todo_id")
	if err := c.Params.Err(); err != nil {
		return rest.Reply{}, err
	}
	at := slices.IndexFunc(c.Store.Todos, func(t *store.Todo) bool { return t.ID == id.Value && t.User == c.User })
	if at < 0 {
		return rest.Reply{}, failure.NoRecord()
	}
	finish(c.Store, c.Store.Todos[at])
	return c.JSON(http.StatusCreated, func(e *jsonenc.Encoder) { writeTodo(e, c, c.Store.Todos[at]) })
}

func finishAllTodos(c *rest.Call) (rest.Reply, error) {
	found, err := todosOf(c)
	if err != nil {
		return rest.Reply{}, err
	}
	for _, t := range found {
		finish(c.Store, t)
	}
	return rest.NoContent(), nil
}

func finish(s *store.Store, t *store.Todo) {
	if !t.Done {
		t.Done, t.UpdatedAt = true, s.Stamp()
	}
}

func writeTodo(e *jsonenc.Encoder, c *rest.Call, t *store.Todo) {
	p := t.Issue.Project
	e.Open('{')
	e.Num("id", t.ID)
	e.Key("project")
	writeProjectName(e, p)
	user.WriteOrNull(e, c, "author", t.Author)
	e.Str("action_name", t.Action)
	e.Str("target_type", "Issue")
	e.Key("target")
	c.View.Single = true
	write(e, c, t.Issue)
	address, body := c.Base.URL+"/"+p.FullPath()+"/-/issues/"+strconv.Itoa(t.Issue.IID), t.Issue.Title
	if t.Note != nil {
		address, body = address+"#note_"+strconv.Itoa(t.Note.ID), t.Note.Body
	}
	e.Str("target_url", address)
	e.Str("body", body)
	state := "pending"
	if t.Done {
		state = "done"
	}
	e.Str("state", state)
	e.Time("created_at", t.CreatedAt)
	e.Time("updated_at", t.UpdatedAt)
	e.Shut('}')
}

// writeProjectName writes the few fields of a project by which a to-do item names it.
func writeProjectName(e *jsonenc.Encoder, p *store.Project) {
	e.Open('{')
	e.Num("id", p.ID)
	e.StrOrNull("description", p.Description)
	e.Str("name", p.Name)
	space := p.Name
	if p.Group != nil {
		space = p.Group.FullName() + " / " + p.Name
	}
	e.Str("name_with_namespace", space)
	e.Str("path", p.Path)
	e.Str("path_with_namespace", p.FullPath())
	e.Time("created_at", p.CreatedAt)
	e.Shut('}')
}
