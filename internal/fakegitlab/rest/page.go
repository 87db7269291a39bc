package rest

import (
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
)

// MaxCounted is how many rows GitLab counts; above it the totals and the link to the last page are left out.
const MaxCounted = 10000

// Paging is the requested page.
type Paging struct {
	Page, Per int
}

// Paging reads page and per_page. A page size above 100 is silently 100, a negative one is the default, and 0 is refused.
func (c *Call) Paging() Paging {
	pg := Paging{Page: c.Params.Int("page").Or(1), Per: c.Params.Int("per_page").Or(20)}
	if pg.Per == 0 {
		c.Params.NoteLast("per_page", "has a value not allowed")
	}
	pg.Page = min(max(pg.Page, 1), 1<<40)
	if pg.Per < 1 {
		pg.Per = 20
	}
	pg.Per = min(pg.Per, 100)
	c.Params.Values["page"] = strconv.Itoa(pg.Page)
	c.Params.Values["per_page"] = strconv.Itoa(pg.Per)
	return pg
}

// Bounds returns the range of the page's rows in a list of n.
func (pg Paging) Bounds(n int) (from, to int) {
	from = min((pg.Page-1)*pg.Per, n)
	return from, min(from+pg.Per, n)
}

// List writes one page of items. The headers count all of them.
func List[T any](c *Call, pg Paging, items []T, write func(e *jsonenc.Encoder, item T)) (Reply, error) {
	from, to := pg.Bounds(len(items))
	return Page(c, pg, items[from:to], len(items), write)
}

// Page writes rows that are already one page, with headers for a list of total rows. A total above MaxCounted need
// not be exact.
func Page[T any](c *Call, pg Paging, rows []T, total int, write func(e *jsonenc.Encoder, item T)) (Reply, error) {
	rep := encoded(http.StatusOK, func(e *jsonenc.Encoder) {
		e.Open('[')
		for _, row := range rows {
			write(e, row)
		}
		e.Shut(']')
	})
	rep.Header = c.pageHeaders(pg, total)
	return rep, nil
}

func (c *Call) pageHeaders(pg Paging, total int) http.Header {
	h := http.Header{}
	last := max((total+pg.Per-1)/pg.Per, 1)
	next, prev := "", ""
	if pg.Page < last {
		next = strconv.Itoa(pg.Page + 1)
	}
	if pg.Page > 1 && pg.Page <= last {
		prev = strconv.Itoa(pg.Page - 1)
	}
	h.Set("X-Page", strconv.Itoa(pg.Page))
	h.Set("X-Per-Page", strconv.Itoa(pg.Per))
	h.Set("X-Next-Page", next)
	h.Set("X-Prev-Page", prev)
	if total <= MaxCounted {
		h.Set("X-Total", strconv.Itoa(total))
		h.Set("X-Total-Pages", strconv.Itoa(last))
	}
	h.Set("Link", c.pageLinks(prev, next, last, total <= MaxCounted))
	return h
}

// pageLinks has prev, next, first and last in this order, each with every parameter of the request.
func (c *Call) pageLinks(prev, next string, last int, counted bool) string {
	before, after := aroundPage(c.linkQuery(nil))
	before = c.address() + before
	var b strings.Builder
	add := func(rel, page string) {
		if page == "" {
			return
		}
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		for _, part := range []string{"<", before, page, after, `>; rel="`, rel, `"`} {
			b.WriteString(part)
		}
	}
	add("prev", prev)
	add("next", next)
	add("first", "1")
	if counted {
		add("last", strconv.Itoa(last))
	}
	return b.String()
}

// aroundPage splits a query at the page number, which Paging has added to the parameters.
func aroundPage(query string) (before, after string) {
	at := len("page=")
	if !strings.HasPrefix(query, "page=") {
		at = strings.Index(query, "&page=") + len("&page=")
	}
	end := strings.IndexByte(query[at:], '&')
	if end < 0 {
		return query[:at], ""
	}
	return query[:at], query[at+end:]
}

// address returns the request's URL without the query, at the external address.
func (c *Call) address() string {
	return c.Base.URL + strings.TrimPrefix(c.Path, c.Base.Root) + "?"
}

// Link returns one entry of a Link header: this request with some parameters changed, at the external address.
func (c *Call) Link(rel string, changes map[string]string) string {
	return "<" + c.address() + c.linkQuery(changes) + `>; rel="` + rel + `"`
}

// EncodeCursor returns an opaque position for keyset pagination; DecodeCursor reads it back.
func EncodeCursor(text string) string { return base64.URLEncoding.EncodeToString([]byte(text)) }

// DecodeCursor reads what EncodeCursor wrote.
func DecodeCursor(cursor string) (string, bool) {
	text, err := base64.URLEncoding.DecodeString(cursor)
	return string(text), err == nil
}
