package gitlab

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/gitlab/transport"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// The server for measurements runs in a process of its own, so that its memory and work are not counted:
// the test binary, started with these variables in its environment.
const (
	loadEnv    = "GITLAB_SPEED_ISSUES"
	latencyEnv = "GITLAB_SPEED_LATENCY"
)

func TestMain(m *testing.M) {
	if n, err := strconv.Atoi(os.Getenv(loadEnv)); err == nil {
		serveLoad(n)
		return
	}
	os.Exit(m.Run())
}

// serveLoad serves n issues until standard input ends. With a latency every page is built once, so that only the client's
// time is measured.
func serveLoad(n int) {
	latency, err := time.ParseDuration(os.Getenv(latencyEnv))
	if err != nil {
		panic(err)
	}
	fake := fakegitlab.New(fakegitlab.Options{NoRequestLog: true})
	fake.Load(n)
	var h http.Handler = fake
	if latency > 0 {
		h = caching(fake, latency)
	}
	fmt.Println(httptest.NewServer(h).URL)
	io.Copy(io.Discard, os.Stdin)
}

// caching answers repeated requests from a cache, each after the latency.
func caching(h http.Handler, latency time.Duration) http.HandlerFunc {
	var pages sync.Map
	return func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(latency)
		cached, ok := pages.Load(r.URL.String())
		if !ok {
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, r)
			cached, _ = pages.LoadOrStore(r.URL.String(), rec)
		}
		rec := cached.(*httptest.ResponseRecorder)
		maps.Copy(w.Header(), rec.Header())
		w.WriteHeader(rec.Code)
		w.Write(rec.Body.Bytes())
	}
}

// startLoad starts the server and returns its address.
func startLoad(t testing.TB, n int, latency time.Duration) string {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), loadEnv+"="+strconv.Itoa(n), latencyEnv+"="+latency.String())
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close(); cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line)
}

var loaded = target.ProjectAt("acme/infrastructure")

func loadClient(t testing.TB, host string) *Client {
	o := options(host, newClock())
	o.Token = func(context.Context) (string, error) { return "sandbox-root", nil }
	return mustNew(t, o)
}

// bare fetches the same pages with net/http alone, as many at once, and knows their number; use gets each body.
func bare(t testing.TB, client *http.Client, host string, pages int, use func([]byte) error) {
	var g errgroup.Group
	g.SetLimit(transport.DefaultParallel)
	for page := range pages {
		g.Go(func() error {
			u := host + "/api/v4/projects/acme%2Finfrastructure/issues?order_by=created_at&page=" + strconv.Itoa(page+1) + "&per_page=100&sort=asc"
			req, err := http.NewRequest(http.MethodGet, u, nil)
			if err != nil {
				return err
			}
			req.Header.Set("Private-Token", "sandbox-root")
			resp, err := client.Do(req)
			if err != nil {
				return err
			}
			defer resp.Body.Close()
			body, err := io.ReadAll(resp.Body)
			if err != nil || resp.StatusCode != http.StatusOK {
				return fmt.Errorf("page %d: %d, %v", page, resp.StatusCode, err)
			}
			return use(body)
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
}

// BenchmarkListIssues lists 50,000 issues at 5 ms latency: with the client, and with net/http alone, which fetches the same
// pages, as many at once, and discards or decodes them. The ratios are what matters.
func BenchmarkListIssues(b *testing.B) {
	const n = 50_000
	host := startLoad(b, n, 5*time.Millisecond)
	c := loadClient(b, host)
	own, err := transport.Bare("", nil, transport.DefaultParallel)
	if err != nil {
		b.Fatal(err)
	}
	peer := &http.Client{Transport: own}
	ours := func(b *testing.B) {
		count := 0
		for _, err := range c.Issues(b.Context(), loaded, issue.Query{}) {
			if err != nil {
				b.Fatal(err)
			}
			count++
		}
		if count != n {
			b.Fatalf("%d issues", count)
		}
	}
	fetch := func(b *testing.B) { bare(b, peer, host, n/pageSize, func([]byte) error { return nil }) }
	decode := func(b *testing.B) {
		bare(b, peer, host, n/pageSize, func(body []byte) error { return json.Unmarshal(body, new([]wireIssue)) })
	}
	ways := []struct {
		name  string
		run   func(*testing.B)
		times []time.Duration
	}{{"prodctl", ours, nil}, {"fetch", fetch, nil}, {"fetch+decode", decode, nil}}
	for _, w := range ways { // warm up: the server caches every page, and all connections are open
		w.run(b)
	}
	for b.Loop() { // in turns, so that other load on the machine affects all of them
		for i := range ways {
			started := time.Now()
			ways[i].run(b)
			ways[i].times = append(ways[i].times, time.Since(started))
		}
	}
	median := func(times []time.Duration) float64 {
		slices.Sort(times)
		return times[len(times)/2].Seconds()
	}
	for _, w := range ways {
		b.ReportMetric(1000*median(w.times), "ms/"+w.name)
	}
	b.ReportMetric(median(ways[0].times)/median(ways[1].times), "×fetch")
	b.ReportMetric(median(ways[0].times)/median(ways[2].times), "×fetch+decode")
}

// peakHeap is the largest live heap after any garbage collection during run, minus the heap before.
func peakHeap(run func(sample func())) uint64 {
	var stats runtime.MemStats
	live := func() uint64 {
		runtime.GC()
		runtime.ReadMemStats(&stats)
		return stats.HeapAlloc
	}
	before := live()
	most := before
	run(func() { most = max(most, live()) })
	return most - before
}

// Filtering a list ten times as long needs no more memory.
func TestMemoryDoesNotGrowWithTheList(t *testing.T) {
	if testing.Short() || raceDetector {
		t.Skip("loads 100,000 issues and measures memory")
	}
	peaks := map[int]uint64{}
	for _, n := range []int{10_000, 100_000} {
		c := loadClient(t, startLoad(t, n, 0))
		seen, found := 0, 0
		peaks[n] = peakHeap(func(sample func()) {
			for i, err := range c.Issues(t.Context(), loaded, issue.Query{}) {
				if err != nil {
					t.Fatal(err)
				}
				if seen++; i.Has("toil") {
					found++
				}
				if seen%(n/20) == 0 {
					sample()
				}
			}
		})
		if seen != n || found == 0 {
			t.Fatalf("%d issues, %d found", seen, found)
		}
	}
	t.Logf("peak of live memory: %d kB over 10,000 issues, %d kB over 100,000", peaks[10_000]>>10, peaks[100_000]>>10)
	if peaks[100_000] > peaks[10_000]+(4<<20) {
		t.Errorf("peak of live memory: %d over 10,000 issues, %d over 100,000", peaks[10_000], peaks[100_000])
	}
}
