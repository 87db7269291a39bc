package fakegitlab

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// TestLateDelivery checks that a postponed request is carried out when the clock reaches its time, whoever looks, and in
// the order of the times.
func TestLateDelivery(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		fault  string
		titles []string // in the order of their creation
		at     []int    // seconds after the request
	}{
		{"late=33s", []string{"third", "first"}, []int{0, 33}},
		{"again=5s", []string{"first", "third", "first"}, []int{0, 0, 5}},
		{"late=1s", []string{"third", "first"}, []int{0, 1}},
	} {
		now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
		s := New(Options{Now: func() time.Time { return now }})
		if err := s.Apply(Seed{Users: []SeedUser{{Username: "ada"}},
			Groups:   []SeedGroup{{Path: "a", Members: []SeedMember{{User: "ada", Role: "developer"}}}},
			Projects: []SeedProject{{Path: "a/b"}}}); err != nil {
			t.Fatal(err)
		}
		f, err := ParseFault("POST /projects/*/issues nth=1 " + tt.fault)
		if err != nil {
			t.Fatal(err)
		}
		s.AddFault(f)
		for _, title := range []string{"first", "third"} {
			r, _ := http.NewRequest("POST", "http://gitlab.example.test/api/v4/projects/a%2Fb/issues", strings.NewReader("title="+title))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("PRIVATE-TOKEN", "sandbox-ada")
			if _, err := Transport(s).RoundTrip(r); (err != nil) != (title == "first" && strings.HasPrefix(tt.fault, "late")) {
				t.Fatalf("%s: %s: %v", tt.fault, title, err)
			}
		}
		start := now
		for second := range 40 {
			now = start.Add(time.Duration(second) * time.Second)
			var got, want []string
			var rows []struct {
				Title     string
				CreatedAt time.Time `json:"created_at"`
			}
			if err := json.Unmarshal([]byte(s.MustDo("ada", "GET", "/projects/a%2Fb/issues?sort=asc", "")), &rows); err != nil {
				t.Fatal(err)
			}
			for _, i := range rows {
				got = append(got, fmt.Sprintf("%s@%d", i.Title, int(i.CreatedAt.Sub(start).Seconds())))
			}
			for n, title := range tt.titles {
				if tt.at[n] <= second {
					want = append(want, fmt.Sprintf("%s@%d", title, tt.at[n]))
				}
			}
			if strings.Join(got, " ") != strings.Join(want, " ") {
				t.Fatalf("%s after %d seconds: %v, want %v", tt.fault, second, got, want)
			}
		}
	}
}

// TestLateDeliveryIsSeenByAll checks that who looks while a postponed request is being carried out waits for it, and sees what it did.
func TestLateDeliveryIsSeenByAll(t *testing.T) {
	t.Parallel()
	var passed atomic.Bool
	w := newWorld(t, Options{Now: func() time.Time {
		if passed.Load() {
			return at.Add(2 * time.Second)
		}
		return at
	}})
	f, err := ParseFault("POST /projects/*/issues late=1s")
	if err != nil {
		t.Fatal(err)
	}
	w.s.AddFault(f)
	late := request("owner", "POST", w.path(w.infra, "/issues"), "title=late")
	late.URL.Scheme, late.URL.Host = "http", "gitlab.example.test"
	if _, err := Transport(w.s).RoundTrip(late); err == nil {
		t.Fatal("the late request was answered")
	}
	passed.Store(true)

	w.s.late.turn.Lock() // somebody looked a moment earlier
	d, ok := w.s.late.next(w.s.opts.Now)
	if !ok {
		t.Fatal("nothing is due")
	}
	seen := make(chan int, 1)
	go func() { seen <- len(w.list("owner", w.path(w.infra, "/issues"))) }()
	for n := 0; n < 10_000 && len(seen) == 0; n++ {
		runtime.Gosched()
	}
	w.s.carryOut(httptest.NewRecorder(), d.exchange)
	w.s.late.turn.Unlock()
	if got := <-seen; got != 1 {
		t.Errorf("who looked meanwhile saw %d issues, want 1", got)
	}
}
