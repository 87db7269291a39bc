package issue

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// listAfter returns a keyset page: no totals, and a link to the next page if there is one.
func listAfter(c *rest.Call, pg rest.Paging, q query, p *store.Project, cursor string) (rest.Reply, error) {
	if q.failure != nil {
		return rest.Reply{}, q.failure
	}
	projects := projectsListed(c, q, []*store.Project{p})
	hideConfidential(c, &q, projects)
	field := func(i *store.Issue) time.Time { return i.CreatedAt }
	if q.order == "updated_at" {
		field = func(i *store.Issue) time.Time { return i.UpdatedAt }
	}
	if cursor != "" {
		after, err := afterCursor(cursor, q, field)
		if err != nil {
			return rest.Reply{}, failure.Param("cursor is invalid")
		}
		q.add(after, false)
	}
	rows, total := q.cut(rest.Paging{Page: 1, Per: pg.Per}, projects)
	rep, err := listRows(c, pg, q, rows, total)
	rep.Header = http.Header{}
	if total > len(rows) {
		last := rows[len(rows)-1]
		mark := rest.EncodeCursor(fmt.Sprintf(`{%q:%q,"id":"%d","_kd":"n"}`, q.order, field(last).Format(cursorTime), last.ID))
		rep.Header.Set("Link", c.Link("next", map[string]string{"cursor": mark}))
	}
	return rep, err
}

// cursorTime is how a cursor has a time.
const cursorTime = "2006-01-02 15:04:05.000000000 -0700"

// afterCursor matches issues that come after the cursor's.
func afterCursor(cursor string, q query, field func(*store.Issue) time.Time) (predicate, error) {
	var position map[string]string
	text, ok := rest.DecodeCursor(cursor)
	if !ok || json.Unmarshal([]byte(text), &position) != nil {
		return nil, failure.Malformed()
	}
	at, err1 := time.Parse(cursorTime, position[q.order])
	last, err2 := strconv.Atoi(position["id"])
	if err1 != nil || err2 != nil {
		return nil, failure.Malformed()
	}
	return func(i *store.Issue) bool {
		if t := field(i); !t.Equal(at) {
			return t.After(at) == (q.sort == "asc")
		}
		return i.ID < last
	}, nil
}
