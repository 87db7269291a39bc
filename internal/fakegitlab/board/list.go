package board

import (
	"net/http"
	"slices"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/label"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/milestone"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
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

// listKind returns what a new list holds: issues with a label or, on paid plans, with an assignee or a milestone.
func listKind(c *rest.Call) (label, assignee, milestone param.Opt[int]) {
	label = c.Params.Int("label_id")
	if !c.Store.Edition.Paid() {
		c.Params.Require("label_id")
		return label, assignee, milestone
	}
	assignee, milestone = c.Params.Int("assignee_id"), c.Params.Int("milestone_id")
	kinds := []string{"label_id", "milestone_id", "assignee_id"}
	if !slices.ContainsFunc(kinds, c.Params.Has) {
		*c.Params.Errs = append(*c.Params.Errs, "label_id, milestone_id, assignee_id are missing, exactly one parameter must be provided")
	}
	c.Params.Exclusive(kinds...)
	return label, assignee, milestone
}

// createList looks up the label before it checks the right. The new list goes to the end.
func createList(c *rest.Call) (rest.Reply, error) {
	labelID, assigneeID, milestoneID := listKind(c)
	if err := c.Params.Err(); err != nil {
		return rest.Reply{}, err
	}
	o, err := c.Parent()
	if err != nil {
		return rest.Reply{}, err
	}
	list := &store.BoardList{Assignee: c.Store.UserByID[assigneeID.Value]}
	for _, l := range label.Of(o, label.Ancestors) {
		if l.ID == labelID.Value {
			list.Label = l
		}
	}
	for _, m := range milestone.Of(c.Store, c.User, o, true) {
		if m.ID == milestoneID.Value {
			list.Milestone = m
		}
	}
	switch {
	case labelID.Set && list.Label == nil:
		return rest.Reply{}, failure.Object(http.StatusBadRequest, "Label not found!")
	case assigneeID.Set && list.Assignee == nil:
		return rest.Reply{}, failure.Object(http.StatusBadRequest, "User not found!")
	case milestoneID.Set && list.Milestone == nil:
		return rest.Reply{}, failure.Object(http.StatusBadRequest, "Milestone not found!")
	}
	b, err := ofPath(c, true)
	if err != nil {
		return rest.Reply{}, err
	}
	if field := duplicateField(list, b); field != "" {
		return rest.Reply{}, failure.OnField(field, "has already been taken")
	}
	list.ID, list.UpdatedAt = store.Next(&c.Store.Last.List), c.Store.Stamp()
	b.Lists = append(b.Lists, list)
	return listAnswer(c, http.StatusCreated, b, len(b.Lists)-1)
}

// duplicateField returns the field in which the board already has such a list, "" if there is none.
func duplicateField(l *store.BoardList, b *store.Board) string {
	for _, x := range b.Lists {
		switch {
		case l.Label != nil && x.Label == l.Label:
			return "label_id"
		case l.Assignee != nil && x.Assignee == l.Assignee:
			return "user_id"
		case l.Milestone != nil && x.Milestone == l.Milestone:
			return "milestone_id"
		}
	}
	return ""
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
	e.Num("max_issue_count", 0)
	e.Num("max_issue_weight", 0)
	e.Null("limit_metric")
	switch {
	case l.Assignee != nil:
		user.WriteOrNull(e, c, "assignee", l.Assignee)
	case l.Milestone != nil:
		milestone.WriteOrNull(e, c, "milestone", l.Milestone)
	}
	e.Shut('}')
}
