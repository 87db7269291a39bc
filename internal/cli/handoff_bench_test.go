package cli_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// queueEnv turns the test binary into a GitLab with a busy team and a queue of that many more issues. It serves until its standard input ends.
const queueEnv = "PRODCTL_TEST_QUEUE"

// serveQueue runs that server.
func serveQueue(n string) {
	count, err := strconv.Atoi(n)
	if err != nil {
		panic(err)
	}
	now := time.Date(2018, 8, 24, 16, 0, 0, 0, time.UTC)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	address := "http://" + listener.Addr().String()
	server := fakegitlab.New(fakegitlab.Options{Now: func() time.Time { return now }, URL: address, NoRequestLog: true})
	if err := server.Apply(labSeed(setup{seed: crowded})); err != nil {
		panic(err)
	}
	server.LoadQueue(count)
	go func() { _ = http.Serve(listener, server) }()
	fmt.Println(address)
	_, _ = io.Copy(io.Discard, os.Stdin)
}

// crowded seeds a busy team with 40 issues in its report.
func crowded(s *fakegitlab.Seed) {
	busy(s)
	at := time.Date(2018, 8, 20, 9, 0, 0, 0, time.UTC)
	for n := range 29 {
		s.Projects[1].Issues = append(s.Projects[1].Issues, fakegitlab.SeedIssue{Title: fmt.Sprintf("Watch node %d", n), Author: "dev", Labels: []string{"oncall"},
			CreatedAt: at.Add(time.Duration(n) * time.Hour), Notes: []fakegitlab.SeedNote{{Body: "Load is falling", CreatedAt: at.Add(72 * time.Hour)}}})
	}
}

// startQueue starts such a GitLab and returns its address.
func startQueue(t testing.TB, n int) string {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), queueEnv+"="+strconv.Itoa(n))
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
	t.Cleanup(func() { in.Close(); _ = cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line)
}

// onward redirects requests for the lab's host to another host, and records them.
type onward struct {
	to    *url.URL
	inner http.RoundTripper
	seen  chan string
}

func (o onward) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host, r.Host = o.to.Scheme, o.to.Host, ""
	o.seen <- r.URL.String()
	return o.inner.RoundTrip(r)
}

// queueLab returns a lab whose GitLab is at another address. fetched returns the requests since its last call.
func queueLab(t testing.TB, host string) (l *lab, fetched func() []string) {
	t.Helper()
	to, err := url.Parse(host)
	if err != nil {
		t.Fatal(err)
	}
	seen := make(chan string, 10_000)
	transport := &http.Transport{MaxIdleConnsPerHost: 16}
	t.Cleanup(transport.CloseIdleConnections)
	l = newLab(t, busyTeam(""))
	l.wire = onward{to, transport, seen}
	return l, func() (list []string) {
		for len(seen) > 0 {
			list = append(list, <-seen)
		}
		return list
	}
}

// curl fetches the same addresses in one process, with the same parallelism as prodctl.
func curl(t testing.TB, addresses []string) {
	var config strings.Builder
	config.WriteString("parallel\nparallel-max = 8\nsilent\nfail\nheader = \"Private-Token: sandbox-mara\"\n")
	for _, a := range addresses {
		fmt.Fprintf(&config, "url = %q\noutput = \"/dev/null\"\n", a)
	}
	file := filepath.Join(t.TempDir(), "curl.conf")
	if err := os.WriteFile(file, []byte(config.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("curl", "--config", file, "--globoff").CombinedOutput(); err != nil {
		t.Fatalf("curl: %v\n%s", err, out)
	}
}

// BenchmarkHandoff compares a report of 40 issues, with 0, 5,000 and 50,000 more issues in the queue, with curl fetching the same lists and
// comments from the same server on loopback. Several rounds run in one process, so that its start does not count. What matters is the ratio, and
// that requests and memory do not grow.
func BenchmarkHandoff(b *testing.B) {
	const rounds = 20
	if _, err := exec.LookPath("curl"); err != nil {
		b.Skip("curl not found")
	}
	for _, n := range []int{0, 5_000, 50_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			l, fetched := queueLab(b, startQueue(b, n))
			l.must(b, "handoff", "-q")
			addresses := fetched()
			var ours, peer []time.Duration
			var before, after runtime.MemStats
			var bytes uint64
			for b.Loop() { // alternate, so that other load affects both alike
				runtime.ReadMemStats(&before)
				start := time.Now()
				for range rounds {
					l.must(b, "handoff", "-q")
					fetched()
				}
				ours = append(ours, time.Since(start)/rounds)
				runtime.ReadMemStats(&after)
				bytes += (after.TotalAlloc - before.TotalAlloc) / rounds
				start = time.Now()
				curl(b, slices.Repeat(addresses, rounds))
				peer = append(peer, time.Since(start)/rounds)
			}
			mine, theirs := slices.Min(ours), slices.Min(peer) // the best of each, to exclude other load
			b.ReportMetric(float64(len(addresses)), "requests")
			b.ReportMetric(1000*mine.Seconds(), "ms/prodctl")
			b.ReportMetric(1000*theirs.Seconds(), "ms/curl")
			b.ReportMetric(mine.Seconds()/theirs.Seconds(), "×curl")
			b.ReportMetric(float64(bytes/uint64(len(ours)))/1024, "kB-allocated/prodctl")
		})
	}
}
