package gitlab

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"gitlab.com/prodctl/prodctl/internal/gitlab/transport"
)

// page is one page of a list, decoded.
type page struct {
	rows any // a pointer to the slice
	last int // number of pages; 0 when GitLab does not send it, which is the case above 10,000 rows
	more bool
	err  error
}

// pages reads a list page by page, in order and to the end. It reads the first page alone, then a window of pages ahead of the
// reader. Only that many are in memory.
//
// A short page is not the end; the end is where GitLab names no next page. A full page without any header of pagination counts as lost.
// Leaving the loop cancels the requests in flight, and nothing runs after the sequence has returned. An error ends it.
func pages[W identified](ctx context.Context, c *Client, path string, params any) iter.Seq2[[]W, error] {
	return func(yield func([]W, error) bool) {
		fetch := func(ctx context.Context, n int) page { return fetch[W](ctx, c, path, params, span{pageSize, n}) }
		readAhead(ctx, c.window(), fetch, func(p page) bool { return yield(*p.rows.(*[]W), p.err) })
	}
}

// readAhead fetches pages for a reader, which returns false to stop. It knows no type of rows, so that the program has it only once.
func readAhead(ctx context.Context, window int, fetch func(context.Context, int) page, read func(page) bool) {
	first := fetch(ctx, 1)
	if !read(first) || !first.more {
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()

	var ahead []chan page
	next := 2
	start := func() {
		result, n := make(chan page, 1), next
		running.Go(func() { result <- fetch(ctx, n) })
		ahead = append(ahead, result)
		next++
	}
	for last := first.last; ; {
		for len(ahead) < window && (last == 0 || next <= last) || len(ahead) == 0 {
			start()
		}
		p := <-ahead[0]
		ahead = ahead[1:]
		if !read(p) || !p.more {
			return
		}
		if p.last > last && last > 0 {
			last = p.last
		}
	}
}

// window is how many pages are in flight or waiting for the reader: one and a half times the number of concurrent requests, so that
// decoding pages does not delay requests.
func (c *Client) window() int {
	n := c.wire.Options().Parallel
	return n + n/2
}

// span is what one request of a list asks for: the number-th page of pages with size rows.
type span struct{ size, number int }

// parts are the smaller pages that together have exactly the rows of a page; nil for a single row.
func (s span) parts() []span {
	const by = 5
	if s.size == 1 {
		return nil
	}
	size := max(1, s.size/by)
	n := s.size / size
	parts := make([]span, n)
	for i := range parts {
		parts[i] = span{size, (s.number-1)*n + i + 1}
	}
	return parts
}

// fetch reads one page of rows. If the answer is too large, the same rows are read in smaller pages, down to a single row.
func fetch[W identified](ctx context.Context, c *Client, path string, params any, at span) page {
	rows := new([]W)
	p := c.fetch(ctx, path, params, at, rowsInto(rows, askedFor(path)))
	parts := at.parts()
	if !errors.Is(p.err, transport.TooLarge) || len(parts) == 0 {
		if p.err != nil {
			*rows = nil
		}
		p.rows = rows
		return p
	}
	c.wire.Smaller(http.MethodGet, path)
	*rows = nil
	for _, part := range parts {
		p = fetch[W](ctx, c, path, params, part)
		*rows = append(*rows, *p.rows.(*[]W)...)
		if !p.more {
			break
		}
	}
	if p.err != nil {
		*rows = nil
	}
	p.rows, p.last = rows, (p.last+len(parts)-1)/len(parts)
	return p
}

// rowsInto returns a function that decodes the body of a page, checks its rows and returns how many there are.
func rowsInto[W identified](rows *[]W, asked identity) func(body []byte) (int, error) {
	return func(body []byte) (int, error) {
		*rows = nil // an attempt before may have left some
		if err := unmarshal(body, rows); err != nil {
			return 0, err
		}
		for i := range *rows {
			if err := asked.check((*rows)[i].identity()); err != nil {
				return 0, err
			}
		}
		return len(*rows), nil
	}
}

// fetch reads one page. decode reads its body and returns the number of rows. A failed page is the last one.
func (c *Client) fetch(ctx context.Context, path string, params any, at span, decode func(body []byte) (int, error)) page {
	var p page
	var whole []byte
	err := c.call(ctx, http.MethodGet, path, params, at, func(h http.Header, body []byte) error {
		whole = body
		count, err := decode(body)
		if err == nil {
			p, err = pageOf(h, at, count)
		}
		return err
	})
	if err != nil {
		return page{err: err}
	}
	transport.Recycle(whole)
	return p
}

// pageOf reads the headers of a page. A full page without the headers of pagination may not be the last one.
func pageOf(h http.Header, at span, count int) (p page, err error) {
	if got := h.Get("X-Page"); got != "" && got != strconv.Itoa(at.number) {
		return p, fmt.Errorf("it is page %s, not page %d", got, at.number)
	}
	p.last, _ = strconv.Atoi(h.Get("X-Total-Pages"))
	p.more = h.Get("X-Next-Page") != "" || strings.Contains(h.Get("Link"), `rel="next"`)
	if count == at.size && !p.more && !paginated(h) {
		return p, errors.New("it has no pagination headers, so there may be more")
	}
	return p, nil
}

// paginated reports whether the answer has any header of pagination. On the last page some of them are empty.
func paginated(h http.Header) bool {
	return slices.ContainsFunc([]string{"X-Page", "X-Next-Page", "X-Per-Page", "X-Total", "X-Total-Pages", "Link"}, func(name string) bool {
		return len(h.Values(name)) > 0
	})
}

// list reads a whole list and turns its rows into values.
func list[W identified, V any](ctx context.Context, c *Client, path string, params any, value func(W) V) ([]V, error) {
	var all []V
	for rows, err := range pages[W](ctx, c, path, params) {
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			all = append(all, value(row))
		}
	}
	return all, nil
}
