package gitlab

import (
	"context"
	"iter"
	"net/http"
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
// A short page is not the end; the end is where GitLab names no next page. Leaving the loop cancels the requests in flight, and
// nothing runs after the sequence has returned. An error ends it.
func pages[W any](ctx context.Context, c *Client, path string, params any) iter.Seq2[[]W, error] {
	return func(yield func([]W, error) bool) {
		fetch := func(ctx context.Context, n int) page { return c.fetch(ctx, path, params, n, new([]W)) }
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

// fetch reads one page into rows, a pointer to a slice. A failed page is the last one.
func (c *Client) fetch(ctx context.Context, path string, params any, n int, rows any) page {
	p := page{rows: rows}
	resp, err := c.call(ctx, http.MethodGet, path, params, n)
	if err == nil {
		err = c.decode(resp, rows)
	}
	if err != nil {
		p.err = err
		return p
	}
	transport.Recycle(transport.Body(resp))
	p.last, _ = strconv.Atoi(resp.Header.Get("X-Total-Pages"))
	p.more = resp.Header.Get("X-Next-Page") != "" || strings.Contains(resp.Header.Get("Link"), `rel="next"`)
	return p
}

// list reads a whole list and turns its rows into values.
func list[W, V any](ctx context.Context, c *Client, path string, params any, value func(W) V) ([]V, error) {
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
