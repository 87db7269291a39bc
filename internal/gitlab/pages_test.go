package gitlab

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/gitlab/transport"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// paged serves n issues with ids from 1, with totals up to 10,000 rows only, as GitLab does.
type paged struct {
	n        int
	latency  time.Duration
	fail     map[int]int               // status instead of the page
	row      func(page, row int) int64 // the id; nil: consecutive
	requests atomic.Int64
	most     atomic.Int64 // pages in flight at once
	now      atomic.Int64
	highest  atomic.Int64 // highest page requested
}

func (s *paged) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.requests.Add(1)
	s.most.Store(max(s.most.Load(), s.now.Add(1)))
	defer s.now.Add(-1)
	page, _ := strconv.Atoi(r.URL.Query().Get("page"))
	size, _ := strconv.Atoi(r.URL.Query().Get("per_page"))
	s.highest.Store(max(s.highest.Load(), int64(page)))
	if s.latency > 0 {
		select {
		case <-time.After(s.latency): // of a bubble
		case <-r.Context().Done():
			return
		}
	}
	if status := s.fail[page]; status != 0 {
		w.WriteHeader(status)
		return
	}
	pages := max(1, (s.n+size-1)/size)
	next := ""
	if page < pages {
		next = strconv.Itoa(page + 1)
	}
	w.Header().Set("X-Next-Page", next)
	if s.n <= 10000 {
		w.Header().Set("X-Total-Pages", strconv.Itoa(pages))
	}
	var rows []string
	for i := (page - 1) * size; i < min(s.n, page*size); i++ {
		id := int64(i + 1)
		if s.row != nil {
			id = s.row(page, i)
		}
		rows = append(rows, fmt.Sprintf(`{"id":%d,"iid":%d,"title":"x","references":{"full":"acme/infra#%d"}}`, id, id, id))
	}
	fmt.Fprint(w, "["+strings.Join(rows, ",")+"]")
}

// inBubble is a client with the bubble's clock and a handler instead of a socket.
func inBubble(t *testing.T, h http.Handler, edit func(*Options)) *Client {
	o := options("https://gitlab.example.test", nil)
	o.Transport = overHandler(h)
	o.Now = time.Now
	o.Sleep = func(ctx context.Context, d time.Duration) error {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-timer.C:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if edit != nil {
		edit(&o)
	}
	return mustNew(t, o)
}

// ids reads the list to its end.
func ids(ctx context.Context, c *Client) (all []int64, err error) {
	for i, err := range c.Issues(ctx, target.GroupAt("acme"), issue.Query{}) {
		if err != nil {
			return all, err
		}
		all = append(all, i.ID)
	}
	return all, nil
}

func counting(n int) []int64 {
	var all []int64
	for i := range n {
		all = append(all, int64(i+1))
	}
	return all
}

func TestAllPagesInOrder(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ n, requests, beyond int }{
		{0, 1, 0}, {1, 1, 0}, {99, 1, 0}, {100, 1, 0}, {101, 2, 0}, {800, 8, 0}, {10000, 100, 0},
		{12345, 124, 11}, // without totals, pages after the end are requested: as many as are read ahead
	} {
		t.Run(strconv.Itoa(tt.n), func(t *testing.T) {
			t.Parallel()
			s := &paged{n: tt.n}
			o := options("https://gitlab.example.test", newClock())
			o.Transport = overHandler(s)
			got, err := ids(t.Context(), mustNew(t, o))
			if err != nil || !slices.Equal(got, counting(tt.n)) {
				t.Fatalf("%d ids, error %v; want %d in order", len(got), err, tt.n)
			}
			if r := int(s.requests.Load()); r < tt.requests || r > tt.requests+tt.beyond {
				t.Errorf("%d requests, want %d (and %d beyond the end)", r, tt.requests, tt.beyond)
			}
		})
	}
}

func TestPagesAreReadAhead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for n, want := range map[int]time.Duration{100: 1, 900: 2, 901: 3, 8000: 11} { // first alone, then 8 at once
			s := &paged{n: n, latency: time.Second}
			started := time.Now()
			if _, err := ids(t.Context(), inBubble(t, s, nil)); err != nil {
				t.Fatal(err)
			}
			// More pages are requested than can be in flight. The scheduler decides which go first, and the one that
			// the reader waits for may be one turn late.
			if got := time.Since(started); got < want*time.Second || got > (want+want/8)*time.Second {
				t.Errorf("%d rows took %v, want %v or one turn in eight more", n, got, want*time.Second)
			}
			if s.most.Load() > transport.DefaultParallel {
				t.Errorf("%d pages at once", s.most.Load())
			}
		}
	})
}

// A reader that is slow, or stops early, does not let pages pile up, and nothing keeps running after it.
func TestLeavingEarly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { // fails when a goroutine leaks
		for _, n := range []int{5000, 50000} {
			s := &paged{n: n, latency: time.Second}
			seen := 0
			var left time.Time
			for _, err := range inBubble(t, s, nil).Issues(t.Context(), target.GroupAt("acme"), issue.Query{}) {
				if err != nil {
					t.Fatal(err)
				}
				if seen++; seen == 250 {
					synctest.Wait() // everything that can run has run
					left = time.Now()
					break
				}
			}
			if waited := time.Since(left); waited != 0 {
				t.Errorf("leaving took %v: requests in flight were not cancelled", waited)
			}
			if most := int64(3 + transport.DefaultParallel*3/2); s.highest.Load() > most {
				t.Errorf("page %d was requested, want at most %d", s.highest.Load(), most)
			}
		}
	})
}

func TestErrorEndsTheList(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &paged{n: 2000, latency: time.Second, fail: map[int]int{5: 403}}
		got, err := ids(t.Context(), inBubble(t, s, nil))
		if e, ok := errors.AsType[*Error](err); !ok || e.Status != 403 || !slices.Equal(got, counting(400)) {
			t.Errorf("%d rows and %v, want 400 rows and the 403", len(got), err)
		}
	})
}

func TestFailedPageIsRetried(t *testing.T) {
	t.Parallel()
	var failed sync.Map
	s := &paged{n: 12345}
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, before := failed.LoadOrStore(r.URL.Query().Get("page"), true); !before {
			abort(w, r)
		}
		s.ServeHTTP(w, r)
	})
	c, _ := serve(t, h, nil)
	got, err := ids(t.Context(), c)
	if err != nil || !slices.Equal(got, counting(12345)) {
		t.Errorf("%d ids, error %v", len(got), err)
	}
}

func TestCancelledList(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(2500*time.Millisecond, cancel)
		c := inBubble(t, nil, func(o *Options) { o.Transport = cancelled(&paged{n: 20000, latency: time.Second}) })
		_, err := ids(ctx, c)
		if !errors.Is(err, context.Canceled) || fault.KindOf(err) != fault.Interrupted {
			t.Errorf("got %v", err)
		}
	})
}

// An issue inserted before the reader's position moves the rows after it by one, so that the last row of a page comes again
// as the first of the next.
func TestMovedRowsComeOnce(t *testing.T) {
	t.Parallel()
	s := &paged{n: 2000}
	s.row = func(page, i int) int64 {
		if page >= 4 {
			return int64(i) // moved by one since page 3 was read
		}
		return int64(i + 1)
	}
	o := options("https://gitlab.example.test", newClock())
	o.Transport = overHandler(s)
	got, err := ids(t.Context(), mustNew(t, o))
	if err != nil || !slices.Equal(got, counting(1999)) {
		t.Errorf("%d ids, error %v; want 1999, each once", len(got), err)
	}
}

// The memory for that does not grow with the list.
func TestRecentForgets(t *testing.T) {
	t.Parallel()
	r := recent{keep: 3}
	for page := range int64(100) {
		r.newPage()
		for i := range int64(pageSize) {
			if r.before(page*pageSize + i) {
				t.Fatal("seen before it came")
			}
		}
		if page > 0 && !r.before(page*pageSize-1) {
			t.Fatal("the page before is forgotten")
		}
		if len(r.pages) > 4 {
			t.Fatalf("%d pages remembered", len(r.pages))
		}
	}
}

// A short page is not the end, also when the server names the next page only in the Link header.
func TestEndOfList(t *testing.T) {
	t.Parallel()
	short := func(next func(w http.ResponseWriter, page int)) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			page, _ := strconv.Atoi(r.URL.Query().Get("page"))
			if page < 4 {
				next(w, page)
			}
			if page == 2 {
				fmt.Fprint(w, `[]`)
				return
			}
			fmt.Fprintf(w, `[{"id":%d,"iid":%[1]d,"title":"x"}]`, page)
		}
	}
	for name, h := range map[string]http.Handler{
		"X-Next-Page": short(func(w http.ResponseWriter, page int) { w.Header().Set("X-Next-Page", strconv.Itoa(page+1)) }),
		"Link": short(func(w http.ResponseWriter, page int) {
			w.Header().Set("Link", `<https://gitlab.example.test/api/v4/x?page=9>; rel="next", <https://x>; rel="first"`)
		}),
	} {
		c, _ := serve(t, h, nil)
		if got, err := ids(t.Context(), c); err != nil || !slices.Equal(got, []int64{1, 3, 4}) {
			t.Errorf("%s: got %v, %v", name, got, err)
		}
	}
}
