package fakegitlab

import (
	"net/http"
	"slices"
)

// The lists of a board. Open and Closed are not among them: the API does not
// show these.

func listLists(c *call) (reply, error) {
	pg := c.paging()
	b, err := boardOfPath(c, false)
	if err != nil {
		return reply{}, err
	}
	return listReply(c, pg, b.lists, func(e *enc, l *boardList) { writeList(e, c, l, slices.Index(b.lists, l)) })
}

func getList(c *call) (reply, error) {
	b, n, err := listOfPath(c, false)
	if err != nil {
		return reply{}, err
	}
	return boardListReply(c, http.StatusOK, b, n)
}

func boardListReply(c *call, status int, b *board, n int) (reply, error) {
	return c.json(status, func(e *enc) { writeList(e, c, b.lists[n], n) })
}

// listOfPath is the board and the position of the list in it.
func listOfPath(c *call, change bool) (*board, int, error) {
	id := c.p.int("list_id")
	b, err := boardOfPath(c, change)
	if err != nil {
		return nil, 0, err
	}
	n := slices.IndexFunc(b.lists, func(l *boardList) bool { return l.id == id.v })
	if n < 0 {
		return nil, 0, errNoRecord()
	}
	return b, n, nil
}

// listKind is what a new list is to hold: issues with a label or, on paid
// plans, with an assignee or a milestone.
func listKind(c *call) (label, assignee, milestone opt[int]) {
	label = c.p.int("label_id")
	if !c.s.edition.paid() {
		c.p.require("label_id")
		return label, assignee, milestone
	}
	assignee, milestone = c.p.int("assignee_id"), c.p.int("milestone_id")
	kinds := []string{"label_id", "milestone_id", "assignee_id"}
	if !slices.ContainsFunc(kinds, c.p.has) {
		*c.p.errs = append(*c.p.errs, "label_id, milestone_id, assignee_id are missing, exactly one parameter must be provided")
	}
	c.p.exclusive(kinds...)
	return label, assignee, milestone
}

// createList looks up the label before it asks for the right, and appends.
func createList(c *call) (reply, error) {
	labelID, assigneeID, milestoneID := listKind(c)
	if err := c.p.err(); err != nil {
		return reply{}, err
	}
	o, err := c.parent()
	if err != nil {
		return reply{}, err
	}
	list := &boardList{assignee: c.s.userByID[assigneeID.v]}
	for _, l := range labelsOf(o, ancestors) {
		if l.id == labelID.v {
			list.label = l
		}
	}
	for _, m := range milestonesOf(c.s, c.user, o, true) {
		if m.id == milestoneID.v {
			list.milestone = m
		}
	}
	switch {
	case labelID.set && list.label == nil:
		return reply{}, errObject(http.StatusBadRequest, "Label not found!")
	case assigneeID.set && list.assignee == nil:
		return reply{}, errObject(http.StatusBadRequest, "User not found!")
	case milestoneID.set && list.milestone == nil:
		return reply{}, errObject(http.StatusBadRequest, "Milestone not found!")
	}
	b, err := boardOfPath(c, true)
	if err != nil {
		return reply{}, err
	}
	if field := twinField(list, b); field != "" {
		return reply{}, errField(field, "has already been taken")
	}
	list.id, list.updatedAt = next(&c.s.last.list), c.s.stamp()
	b.lists = append(b.lists, list)
	return boardListReply(c, http.StatusCreated, b, len(b.lists)-1)
}

// twinField names the field by which a board has a list already, "" for none.
func twinField(l *boardList, b *board) string {
	for _, x := range b.lists {
		switch {
		case l.label != nil && x.label == l.label:
			return "label_id"
		case l.assignee != nil && x.assignee == l.assignee:
			return "user_id"
		case l.milestone != nil && x.milestone == l.milestone:
			return "milestone_id"
		}
	}
	return ""
}

// moveList refuses the place where the list is already: a move that is
// repeated fails.
func moveList(c *call) (reply, error) {
	c.p.require("position")
	position := c.p.int("position")
	b, n, err := listOfPath(c, true)
	if err != nil {
		return reply{}, err
	}
	to := position.v
	if position.null || to == n || to < 0 || to >= len(b.lists) {
		return reply{}, errObject(http.StatusBadRequest, "List could not be moved!")
	}
	list := b.lists[n]
	b.lists = slices.Insert(slices.Delete(b.lists, n, n+1), to, list)
	list.updatedAt = c.s.stamp()
	return boardListReply(c, http.StatusOK, b, to)
}

// deleteList leaves issues and labels as they are.
func deleteList(c *call) (reply, error) {
	b, n, err := listOfPath(c, true)
	if err != nil {
		return reply{}, err
	}
	if err := c.unmodified(b.lists[n].updatedAt); err != nil {
		return reply{}, err
	}
	b.lists = slices.Delete(b.lists, n, n+1)
	return noContent(), nil
}

func writeList(e *enc, c *call, l *boardList, position int) {
	e.open('{')
	e.num("id", l.id)
	if l.label != nil {
		e.key("label")
		writeLabelDetails(e, l.label)
	} else {
		e.null("label")
	}
	e.num("position", position)
	e.num("max_issue_count", 0)
	e.num("max_issue_weight", 0)
	e.null("limit_metric")
	switch {
	case l.assignee != nil:
		writeUserOrNull(e, c, "assignee", l.assignee)
	case l.milestone != nil:
		writeMilestoneOrNull(e, c, "milestone", l.milestone)
	}
	e.shut('}')
}
