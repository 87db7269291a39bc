package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/cli"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/term"
)

// A roll with 200 issues at 50 ms per request, eight in parallel, compared with the lower bound
// (ceil(200/8) + the sequential requests) × 50 ms. Metrics: ratio to the bound, and requests.
func BenchmarkRollCarrying200(b *testing.B) {
	const issues, parallel, latency = 200, 8, 50 * time.Millisecond
	dir := b.TempDir()
	config := fmt.Sprintf("version: 1\nparallel: %d\ntrackers: {infrastructure: acme/infrastructure}\n", parallel)
	if err := os.WriteFile(filepath.Join(dir, ".prodctl.yaml"), []byte(config), 0o600); err != nil {
		b.Fatal(err)
	}
	var bound time.Duration
	requests := 0
	for b.Loop() {
		b.StopTimer()
		server := fakegitlab.New(fakegitlab.Options{Latency: latency})
		if err := server.Apply(endedTimebox(issues, 0)); err != nil {
			b.Fatal(err)
		}
		listener := httptest.NewServer(server)
		m := machine()
		var errors bytes.Buffer
		env := map[string]string{"GITLAB_HOST": listener.URL, "GITLAB_TOKEN": "sandbox-mara", "HOME": dir, "PRODCTL_CONFIG": filepath.Join(dir, ".prodctl.yaml")}
		m.Terminal = func(bool) *term.Streams { return term.New(strings.NewReader(""), io.Discard, &errors, term.Modes{}) }
		m.Getenv, m.Dir, m.Keyring = func(name string) string { return env[name] }, dir, nil
		b.StartTimer()
		if code := cli.Main(context.Background(), []string{"milestone", "roll", "--yes", "--now", "2018-08-24"}, m); code != 0 {
			b.Fatalf("exit %d\n%s", code, &errors)
		}
		b.StopTimer()
		listener.Close()
		reads := 0
		for _, sent := range server.Requests() {
			if requests++; sent.Method == http.MethodGet {
				reads++
			}
		}
		const chain = 4 // writes one after the other: rename, close, promote, create
		bound += time.Duration((issues+parallel-1)/parallel+reads+chain) * latency
		b.StartTimer()
	}
	b.ReportMetric(b.Elapsed().Seconds()/bound.Seconds(), "ratio")
	b.ReportMetric(float64(requests)/float64(b.N), "requests")
}

// The start of prodctl, compared with an empty cobra program, and with one that links prodctl's five large libraries without using
// them. Metrics: the ratios of the medians, which depend least on the load of the machine, and the medians in milliseconds.
//
//	go test ./cmd/prodctl -run '^$' -bench VersionStart -benchtime 50x
func BenchmarkVersionStart(b *testing.B) {
	bare, five, prodctl := program{path: built(b, "./testdata/bare")}, program{path: built(b, "./testdata/five")}, program{path: built(b, ".")}
	for b.Loop() {
		bare.start(b)
		five.start(b)
		prodctl.start(b)
	}
	b.ReportMetric(prodctl.median()/bare.median(), "bare-ratio")
	b.ReportMetric(prodctl.median()/five.median(), "five-ratio")
	b.ReportMetric(bare.median(), "bare-ms")
	b.ReportMetric(five.median(), "five-ms")
	b.ReportMetric(prodctl.median(), "prodctl-ms")
}

// program is a binary with the durations of its starts.
type program struct {
	path string
	took []time.Duration
}

func (p *program) start(b *testing.B) {
	b.Helper()
	started := time.Now()
	if out, err := exec.Command(p.path, "version").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	p.took = append(p.took, time.Since(started))
}

// median returns the median of the starts, in milliseconds.
func (p *program) median() float64 {
	return slices.Sorted(slices.Values(p.took))[len(p.took)/2].Seconds() * 1000
}

// built builds a program of this module with the flags of a release, and returns its path.
func built(t testing.TB, pkg string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "program.exe") // only Windows needs the suffix
	cmd := exec.Command("go", "build", "-trimpath", "-gcflags=gitlab.com/prodctl/...=-l", "-ldflags=-s -w -funcalign=16", "-o", path, pkg)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build %s: %v\n%s", pkg, err, out)
	}
	return path
}
