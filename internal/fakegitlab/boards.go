package fakegitlab

import (
	"net/http"
	"slices"
	"strings"
)

func boardRoutes() []route {
	var rows []route
	for _, base := range []string{"/projects/:id/boards", "/groups/:id/boards"} {
		one, lists := base+"/:board_id", base+"/:board_id/lists"
		rows = append(rows,
			get(base, listBoards), post(base, createBoard),
			get(one, getBoard), put(one, updateBoard), del(one, deleteBoard),
			get(lists, listLists), post(lists, createList),
			get(lists+"/:list_id", getList), put(lists+"/:list_id", moveList), del(lists+"/:list_id", deleteList),
		)
	}
	return rows
}

// boardsKept is where the parent keeps its boards.
func (o parent) boardsKept() *[]*board {
	if o.project != nil {
		return &o.project.boards
	}
	return &o.group.boards
}

// listBoards is empty for a project whose boards nobody has opened yet.
func listBoards(c *call) (reply, error) {
	pg := c.paging()
	if err := c.p.err(); err != nil {
		return reply{}, err
	}
	o, err := c.parent()
	if err != nil {
		return reply{}, err
	}
	return listReply(c, pg, *o.boardsKept(), func(e *enc, b *board) { writeBoard(e, c, b) })
}

// boardOfPath checks the parameters, then looks up the parent and the board; a
// change needs the right between the two.
func boardOfPath(c *call, change bool) (*board, error) {
	id := c.p.int("board_id")
	if err := c.p.err(); err != nil {
		return nil, err
	}
	o, err := c.parent()
	if err != nil {
		return nil, err
	}
	if change && !mayPlanIn(c.user, o) {
		return nil, errForbidden()
	}
	for _, b := range *o.boardsKept() {
		if b.id == id.v {
			return b, nil
		}
	}
	return nil, errNoRecord()
}

func getBoard(c *call) (reply, error) {
	b, err := boardOfPath(c, false)
	if err != nil {
		return reply{}, err
	}
	return boardReply(c, http.StatusOK, b)
}

func boardReply(c *call, status int, b *board) (reply, error) {
	return c.json(status, func(e *enc) { writeBoard(e, c, b) })
}

// createBoard allows one board per group on Free, and any number per project;
// names need not differ.
func createBoard(c *call) (reply, error) {
	c.p.require("name")
	name := c.p.str("name")
	if err := c.p.err(); err != nil {
		return reply{}, err
	}
	o, err := c.parent()
	if err != nil {
		return reply{}, err
	}
	if !mayPlanIn(c.user, o) {
		return reply{}, errForbidden()
	}
	if o.group != nil && len(o.group.boards) > 0 && !c.s.edition.paid() {
		return reply{}, errObject(http.StatusBadRequest, "You don't have the permission to create a board for this resource.")
	}
	b := &board{parent: o, name: strings.TrimSpace(name.v)}
	if err := checkBoard(b); err != nil {
		return reply{}, err
	}
	b.id = next(&c.s.last.board)
	*o.boardsKept() = append(*o.boardsKept(), b)
	return boardReply(c, http.StatusCreated, b)
}

func checkBoard(b *board) error {
	switch {
	case b.name == "":
		return errField("name", "can't be blank")
	case tooLong(b.name, maxTitle):
		return errField("name", "is too long (maximum is 255 characters)")
	}
	return nil
}

// updateBoard changes the scope of a board on paid plans only.
func updateBoard(c *call) (reply, error) {
	name, hideBacklog, hideClosed := c.p.str("name"), c.p.bool("hide_backlog_list"), c.p.bool("hide_closed_list")
	fields := []string{"name", "hide_backlog_list", "hide_closed_list"}
	var scope boardScope
	if c.s.edition.paid() {
		scope = boardScopeOf(c)
		fields = append(fields, "milestone_id", "assignee_id", "labels", "weight")
	}
	c.p.atLeastOne(fields...)
	b, err := boardOfPath(c, true)
	if err != nil {
		return reply{}, err
	}
	changed := *b
	if name.set {
		changed.name = strings.TrimSpace(name.v)
	}
	if err := checkBoard(&changed); err != nil {
		return reply{}, err
	}
	assign(&changed.hideBacklog, hideBacklog)
	assign(&changed.hideClosed, hideClosed)
	applyScope(c.s, &changed, scope)
	*b = changed
	return boardReply(c, http.StatusOK, b)
}

// boardScope narrows a board to some issues.
type boardScope struct {
	milestone, assignee, weight opt[int]
	labels                      opt[[]string]
}

func boardScopeOf(c *call) boardScope {
	return boardScope{
		milestone: c.p.int("milestone_id"), assignee: c.p.int("assignee_id"), weight: c.p.int("weight"),
		labels: c.p.list("labels"),
	}
}

// applyScope sets what was given; ids and names that are not there clear.
func applyScope(s *store, b *board, to boardScope) {
	if to.milestone.set {
		b.milestone = nil
		for _, m := range milestonesOf(s, nil, b.parent, false) {
			if m.id == to.milestone.v {
				b.milestone = m
			}
		}
	}
	if to.assignee.set {
		b.assignee = s.userByID[to.assignee.v]
	}
	if to.weight.set {
		b.weight = to.weight.pointer()
	}
	if to.labels.set {
		b.labels = slices.DeleteFunc(labelsOf(b.parent, ancestors), func(l *label) bool { return !slices.Contains(to.labels.v, l.name) })
	}
}

func deleteBoard(c *call) (reply, error) {
	b, err := boardOfPath(c, true)
	if err != nil {
		return reply{}, err
	}
	all := b.parent.boardsKept()
	*all = slices.DeleteFunc(*all, func(x *board) bool { return x == b })
	return noContent(), nil
}

func writeBoard(e *enc, c *call, b *board) {
	e.open('{')
	e.num("id", b.id)
	e.str("name", b.name)
	e.bool("hide_backlog_list", b.hideBacklog)
	e.bool("hide_closed_list", b.hideClosed)
	if p := b.parent.project; p != nil {
		e.key("project")
		writeProject(e, c, p, true)
		e.null("group")
	} else {
		e.null("project")
		e.key("group")
		e.open('{')
		e.num("id", b.parent.group.id)
		e.str("web_url", c.base.url+"/groups/"+b.parent.group.fullPath())
		e.str("name", b.parent.group.name)
		e.shut('}')
	}
	writeMilestoneOrNull(e, c, "milestone", b.milestone)
	writeUserOrNull(e, c, "assignee", b.assignee)
	e.key("labels")
	e.open('[')
	for _, l := range b.labels {
		writeLabelDetails(e, l)
	}
	e.shut(']')
	e.numOrNull("weight", b.weight)
	e.key("lists")
	e.open('[')
	for n, l := range b.lists {
		writeList(e, c, l, n)
	}
	e.shut(']')
	e.shut('}')
}
