package board

import (
	"net/http"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/label"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/milestone"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/user"
)

// This file has the lists of a board. Open and Closed are not among them: the API does not show these.

func listLists(c *rest.Call) (rest.Reply, error) {
	pg := c.Paging()
	b, err := ofPath(c, false)
	if err != nil {
		return rest.Reply{}, err
	}
	return rest.List(c, pg, b.Lists, func(e *jsonenc.Encoder, l *store.BoardList) { writeList(e, c, l, slices.Index(b.Lists, l)) })
}

func getList(c *rest.Call) (rest.Reply, error) {
	b, n, err := listOfPath(c, false)
	if err != nil {
		return rest.Reply{}, err
	}
	return listAnswer(c, http.StatusOK, b, n)
}

func listAnswer(c *rest.Call, status int, b *store.Board, n int) (rest.Reply, error) {
	return c.JSON(status, func(e *jsonenc.Encoder) { writeList(e, c, b.Lists[n], n) })
}

// listOfPath returns the board and the position of the list in it.
func listOfPath(c *rest.Call, change bool) (*store.Board, int, error) {
	id := c.Params.Int("list_id")
	b, err := ofPath(c, change)
	if err != nil {
		return nil, 0, err
	}
	n := slices.IndexFunc(b.Lists, func(l *store.BoardList) bool { return l.ID == id.Value })
	if n < 0 {
		return nil, 0, failure.NoRecord()
	}
	return b, n, nil
}

// target is what a new list holds: issues with a label or, on paid plans, with a milestone or an assignee.
type target struct {
	kind string // Label, Milestone, Iteration or Assignee
	id   int
}

// targetOf reads the target of a new list. The Enterprise Edition has all kinds on every plan, and refuses those
// without a licence later.
func targetOf(c *rest.Call) target {
	if !c.Store.Edition.Enterprise() {
		c.Params.Require("label_id")
		return target{"Label", c.Params.Int("label_id").Value}
	}
	var of target
	for _, kind := range []string{"Label", "Milestone", "Iteration", "Assignee"} {
		if id := c.Params.Int(strings.ToLower(kind) + "_id"); id.Set {
			of = target{kind, id.Value}
		}
	}
	names := []string{"label_id", "milestone_id", "iteration_id", "assignee_id"}
	if !slices.ContainsFunc(names, c.Params.Has) {
		*c.Params.Errs = append(*c.Params.Errs, strings.Join(names, ", ")+" are missing, exactly one parameter must be provided")
	}
	c.Params.Exclusive(names...)
	return of
}

// createList appends a list to the board.
func createList(c *rest.Call) (rest.Reply, error) {
	of := targetOf(c)
	b, err := ofPath(c, true)
	if err != nil {
		return rest.Reply{}, err
	}
	if of.kind != "Label" && !c.Store.Edition.Paid() {
		return rest.Reply{}, failure.Object(http.StatusBadRequest, of.kind+" lists not available with your current license")
	}
	list := listOf(c, b, of)
	switch {
	case list == nil:
		return rest.Reply{}, failure.Object(http.StatusBadRequest, of.kind+" not found")
	case slices.ContainsFunc(b.Lists, func(x *store.BoardList) bool { return sameTarget(x, list) }):
		return rest.Reply{}, failure.Object(http.StatusBadRequest, of.kind+" has already been taken")
	}
	list.ID, list.UpdatedAt = store.Next(&c.Store.Last.List), c.Store.Stamp()
	b.Lists = append(b.Lists, list)
	return listAnswer(c, http.StatusCreated, b, len(b.Lists)-1)
}

// listOf returns a new list for the target, nil if that is not found.
func listOf(c *rest.Call, b *store.Board, of target) *store.BoardList {
	switch of.kind {
	case "Label":
		for _, l := range label.Of(b.Parent, label.Ancestors) {
			if l.ID == of.id {
				return &store.BoardList{Label: l}
			}
		}
	case "Milestone":
		for _, m := range milestone.Of(c.Store, c.User, b.Parent, true) {
			if m.ID == of.id {
				return &store.BoardList{Milestone: m}
			}
		}
	case "Assignee":
		if u := c.Store.UserByID[of.id]; u != nil {
			return &store.BoardList{Assignee: u}
		}
	}
	return nil
}

func sameTarget(a, b *store.BoardList) bool {
	return a.Label == b.Label && a.Assignee == b.Assignee && a.Milestone == b.Milestone
}

// moveList refuses the position the list already has, so a repeated move fails.
func moveList(c *rest.Call) (rest.Reply, error) {
	c.Params.Require("position")
	position := c.Params.Int("position")
	b, n, err := listOfPath(c, true)
	if err != nil {
		return rest.Reply{}, err
	}
	to := position.Value
	if position.Null || to == n || to < 0 || to >= len(b.Lists) {
		return rest.Reply{}, failure.Object(http.StatusBadRequest, "List could not be moved!")
	}
	list := b.Lists[n]
	b.Lists = slices.Insert(slices.Delete(b.Lists, n, n+1), to, list)
	list.UpdatedAt = c.Store.Stamp()
	return listAnswer(c, http.StatusOK, b, to)
}

// deleteList leaves issues and labels unchanged.
func deleteList(c *rest.Call) (rest.Reply, error) {
	b, n, err := listOfPath(c, true)
	if err != nil {
		return rest.Reply{}, err
	}
	if err := c.Unmodified(b.Lists[n].UpdatedAt); err != nil {
		return rest.Reply{}, err
	}
	b.Lists = slices.Delete(b.Lists, n, n+1)
	return rest.NoContent(), nil
}

func writeList(e *jsonenc.Encoder, c *rest.Call, l *store.BoardList, position int) {
	e.Open('{')
	e.Num("id", l.ID)
	if l.Label != nil {
		e.Key("label")
		label.Write(e, l.Label)
	} else {
		e.Null("label")
	}
	e.Num("position", position)
	if c.Store.Edition.Paid() {
		e.Num("max_issue_count", 0)
		e.Num("max_issue_weight", 0)
		e.Null("limit_metric")
	}
	switch {
	case l.Assignee != nil:
		user.WriteOrNull(e, c, "assignee", l.Assignee)
	case l.Milestone != nil:
		milestone.WriteOrNull(e, c, "milestone", l.Milestone)
	}
	e.Shut('}')
}
