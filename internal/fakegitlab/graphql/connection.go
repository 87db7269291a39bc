package graphql

import (
	"encoding/base64"
	"strconv"
)

// maxPage is the largest page of a connection.
const maxPage = 100

// connection is one page of a list. Cursors are positions in the list.
type connection struct {
	nodes []any
	start int // position of the first node
	total int
}

// edge is a node with its position.
type edge struct {
	node any
	at   int
}

// newConnection takes the page that the arguments ask for.
func newConnection(all []any, a args) *connection {
	from, to := 0, len(all)
	if n, ok := position(a.text("after")); ok {
		from = min(n+1, to)
	}
	if n, ok := position(a.text("before")); ok {
		to = max(min(n, to), from)
	}
	size := maxPage
	if n, ok := a["first"].(int); ok {
		size = min(max(n, 0), maxPage)
	}
	if n, ok := a["last"].(int); ok {
		from = max(from, to-min(max(n, 0), maxPage))
	}
	to = min(to, from+size)
	return &connection{nodes: all[from:to], start: from, total: len(all)}
}

// field returns a field of a connection or of its page info.
func (c *connection) field(name string) any {
	switch name {
	case "nodes":
		return c.nodes
	case "edges":
		all := make([]any, len(c.nodes))
		for n, node := range c.nodes {
			all[n] = edge{node, c.start + n}
		}
		return all
	case "pageInfo":
		return c
	case "count":
		return c.total
	case "hasNextPage":
		return c.start+len(c.nodes) < c.total
	case "hasPreviousPage":
		return c.start > 0
	case "startCursor":
		return c.cursorAt(0)
	}
	return c.cursorAt(len(c.nodes) - 1)
}

func (e edge) field(name string) any {
	if name == "node" {
		return e.node
	}
	return cursor(e.at)
}

func (c *connection) cursorAt(n int) any {
	if n < 0 || n >= len(c.nodes) {
		return nil
	}
	return cursor(c.start + n)
}

// cursor writes a position as an opaque text; position reads it.
func cursor(n int) string { return base64.StdEncoding.EncodeToString([]byte(strconv.Itoa(n))) }

func position(text string) (int, bool) {
	digits, err := base64.StdEncoding.DecodeString(text)
	if err != nil || text == "" {
		return 0, false
	}
	n, err := strconv.Atoi(string(digits))
	return n, err == nil && n >= 0
}
