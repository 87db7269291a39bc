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
type page[W any] struct {
	rows []W
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
		first := fetch[W](ctx, c, path, params, 1)
		if !yield(first.rows, first.err) || !first.more {
			return
		}
		ctx, cancel := context.WithCancel(ctx)
		var running sync.WaitGroup
		defer running.Wait()
		defer cancel()

		var ahead []chan page[W]
		next := 2
		start := func() {
			result, n := make(chan page[W], 1), next
			running.Go(func() { result <- fetch[W](ctx, c, path, params, n) })
			ahead = append(ahead, result)
			next++
		}
		window := c.window()
		for last := first.last; ; {
			for len(ahead) < window && (last == 0 || next <= last) || len(ahead) == 0 {
				start()
			}
			p := <-ahead[0]
			ahead = ahead[1:]
			if !yield(p.rows, p.err) || !p.more {
				return
			}
			if p.last > last && last > 0 {
				last = p.last
			}
		}
	}
}

// window is how many pages are in flight or waiting for the reader: one and a half times the number of concurrent requests, so that
// decoding pages does not delay requests.
func (c *Client) window() int {
	n := c.wire.Options().Parallel
	return n + n/2
}

// fetch reads one page. A failed page is the last one.
func fetch[W identified](ctx context.Context, c *Client, path string, params any, n int) page[W] {
	var p page[W]
	var whole []byte
	asked := askedFor(path)
	err := c.call(ctx, http.MethodGet, path, params, n, func(h http.Header, body []byte) (err error) {
		whole = body
		if p, err = decodePage[W](h, body, n); err != nil {
			return err
		}
		for i := range p.rows {
			if err := asked.check(p.rows[i].identity()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return page[W]{err: err}
	}
	transport.Recycle(whole)
	return p
}

// decodePage decodes the nth page. A full page without the headers of pagination may not be the last one.
func decodePage[W any](h http.Header, body []byte, n int) (p page[W], err error) {
	if err := unmarshal(body, &p.rows); err != nil {
		return p, err
	}
	if got := h.Get("X-Page"); got != "" && got != strconv.Itoa(n) {
		return p, fmt.Errorf("it is page %s, not page %d", got, n)
	}
	p.last, _ = strconv.Atoi(h.Get("X-Total-Pages"))
	p.more = h.Get("X-Next-Page") != "" || strings.Contains(h.Get("Link"), `rel="next"`)
	if len(p.rows) == pageSize && !p.more && !paginated(h) {
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
