package issue

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// listAfter returns a keyset page: no totals, and a link to the next page if there is one.
func listAfter(c *rest.Call, pg rest.Paging, q query, p *store.Project, cursor string) (rest.Reply, error) {
	projects := projectsListed(c, q, []*store.Project{p})
	hideConfidential(c, &q, projects)
	field := func(i *store.Issue) time.Time { return i.CreatedAt }
	if q.order == "updated_at" {
		field = func(i *store.Issue) time.Time { return i.UpdatedAt }
	}
	if cursor != "" {
		after, err := afterCursor(cursor, field, q.sort == "asc")
		if err != nil {
			return rest.Reply{}, failure.Param("cursor is invalid")
		}
		q.add(after, false)
	}
	rows, total := q.cut(c.Store, rest.Paging{Page: 1, Per: pg.Per}, projects)
	rep, err := listRows(c, pg, q, rows, total)
	rep.Header = http.Header{}
	if total > len(rows) {
		last := rows[len(rows)-1]
		mark := rest.EncodeCursor(fmt.Sprintf("%d:%d", field(last).UnixMilli(), last.ID))
		rep.Header.Set("Link", c.Link("next", map[string]string{"cursor": mark}))
	}
	return rep, err
}

// afterCursor matches issues that come after the cursor's.
func afterCursor(cursor string, field func(*store.Issue) time.Time, ascending bool) (predicate, error) {
	text, ok := rest.DecodeCursor(cursor)
	millis, id, found := strings.Cut(text, ":")
	at, err1 := strconv.ParseInt(millis, 10, 64)
	last, err2 := strconv.Atoi(id)
	if !ok || !found || err1 != nil || err2 != nil {
		return nil, failure.Malformed()
	}
	return func(i *store.Issue) bool {
		t := field(i).UnixMilli()
		if ascending {
			return t > at || t == at && i.ID > last
		}
		return t < at || t == at && i.ID < last
	}, nil
}
