package fakegitlab

import (
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
)

// maxCounted is how many rows GitLab counts; beyond it the totals and the link to the last page are left out.
const maxCounted = 10000

// paging is the page that was asked for.
type paging struct {
	page, per int
}

// paging reads page and per_page. Above 100 is silently 100; below 1 is the default.
func (c *call) paging() paging {
	pg := paging{page: c.p.int("page").or(1), per: c.p.int("per_page").or(20)}
	pg.page = min(max(pg.page, 1), 1<<40)
	if pg.per < 1 {
		pg.per = 20
	}
	pg.per = min(pg.per, 100)
	c.p.values["page"] = strconv.Itoa(pg.page)
	c.p.values["per_page"] = strconv.Itoa(pg.per)
	return pg
}

// bounds gives the rows of the page in a list of n.
func (pg paging) bounds(n int) (from, to int) {
	from = min((pg.page-1)*pg.per, n)
	return from, min(from+pg.per, n)
}

// listReply writes one page of items. The headers count all of them.
func listReply[T any](c *call, pg paging, items []T, write func(e *enc, item T)) (reply, error) {
	from, to := pg.bounds(len(items))
	return pageReply(c, pg, items[from:to], len(items), write)
}

// pageReply writes rows that were cut to the page already, with headers for a list of total rows.
// A total above maxCounted need not be exact.
func pageReply[T any](c *call, pg paging, rows []T, total int, write func(e *enc, item T)) (reply, error) {
	e := &enc{b: make([]byte, 0, 256+1700*len(rows))}
	e.open('[')
	for _, row := range rows {
		write(e, row)
	}
	e.shut(']')
	return reply{status: http.StatusOK, body: e.b, header: c.pageHeaders(pg, total)}, nil
}

func (c *call) pageHeaders(pg paging, total int) http.Header {
	h := http.Header{}
	last := max((total+pg.per-1)/pg.per, 1)
	next, prev := "", ""
	if pg.page < last {
		next = strconv.Itoa(pg.page + 1)
	}
	if pg.page > 1 {
		prev = strconv.Itoa(pg.page - 1)
	}
	h.Set("X-Page", strconv.Itoa(pg.page))
	h.Set("X-Per-Page", strconv.Itoa(pg.per))
	h.Set("X-Next-Page", next)
	h.Set("X-Prev-Page", prev)
	if total <= maxCounted {
		h.Set("X-Total", strconv.Itoa(total))
		h.Set("X-Total-Pages", strconv.Itoa(last))
	}
	h.Set("Link", c.pageLinks(prev, next, last, total <= maxCounted))
	return h
}

// pageLinks has prev, next, first and last in this order, each with every parameter of the request.
func (c *call) pageLinks(prev, next string, last int, counted bool) string {
	var links []string
	add := func(rel, page string) {
		if page != "" {
			links = append(links, c.link(rel, map[string]string{"page": page}))
		}
	}
	add("prev", prev)
	add("next", next)
	add("first", "1")
	if counted {
		add("last", strconv.Itoa(last))
	}
	return strings.Join(links, ", ")
}

// link is one entry of a Link header: this request with some parameters changed, at the configured address.
func (c *call) link(rel string, changes map[string]string) string {
	q := &params{values: map[string]any{}}
	mergeInto(q.values, c.p.values)
	for k, v := range changes {
		q.values[k] = v
	}
	path := strings.TrimPrefix(c.r.URL.EscapedPath(), c.base.root)
	return "<" + c.base.url + path + "?" + q.encode() + `>; rel="` + rel + `"`
}

// cursor is an opaque position for keyset pagination; decodeCursor reads it back.
func encodeCursor(text string) string { return base64.URLEncoding.EncodeToString([]byte(text)) }

func decodeCursor(cursor string) (string, bool) {
	text, err := base64.URLEncoding.DecodeString(cursor)
	return string(text), err == nil
}
