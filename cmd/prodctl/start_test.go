package main

import (
	"bytes"
	"net"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// atStart lists the libraries that run code before main on Linux. A trace of the system calls shows that they open no files and no
// sockets. Check a new one in the same way before adding it.
var atStart = []string{
	"charm.land/lipgloss/v2", "github.com/charmbracelet", "github.com/fatih/color", "github.com/fsnotify/fsnotify", "github.com/go-json-experiment/json",
	"github.com/godbus/dbus/v5", "github.com/google/go-querystring", "github.com/hashicorp/go-retryablehttp", "github.com/itchyny/gojq", "github.com/mattn/go-runewidth",
	"github.com/muesli/cancelreader", "github.com/olekukonko", "github.com/pelletier/go-toml/v2", "github.com/spf13", "github.com/subosito/gotenv",
	"github.com/xo/terminfo", "github.com/zalando/go-keyring", "gitlab.com/gitlab-org/api/client-go/v2", "gitlab.com/prodctl/prodctl", "go.yaml.in/yaml/v3", "golang.org/x",
}

// Limits of the allocations before main, of all packages together and of each one: about 1.5 times what they were at the time of
// writing (2.6 MB in 16,400 pieces, 660 kB of it in one library). Unlike times, these numbers do not depend on the load of the machine.
const (
	mostBytes, mostPieces     = 4 << 20, 25_000
	mostBytesOf, mostPiecesOf = 1 << 20, 5_000
)

// The start allocates little, runs no unknown code and opens no connection.
func TestStartIsLight(t *testing.T) {
	t.Parallel()
	packages := inits(t, built(t, "."))
	var all cost
	for name, c := range packages {
		all.bytes += c.bytes
		all.pieces += c.pieces
		if c.bytes > mostBytesOf || c.pieces > mostPiecesOf {
			t.Errorf("%s allocates %d bytes in %d pieces before main", name, c.bytes, c.pieces)
		}
		library := runtime.GOOS == "linux" && strings.Contains(strings.Split(name, "/")[0], ".")
		if library && !slices.ContainsFunc(atStart, func(known string) bool { return name == known || strings.HasPrefix(name, known+"/") }) {
			t.Errorf("%s runs code before main and is not in atStart", name)
		}
	}
	t.Logf("%d packages allocate %d bytes in %d pieces before main", len(packages), all.bytes, all.pieces)
	if len(packages) < 20 || all.bytes == 0 || all.bytes > mostBytes || all.pieces > mostPieces {
		t.Errorf("%d packages allocate %d bytes in %d pieces", len(packages), all.bytes, all.pieces)
	}
}

// cost is the allocations of the initialization of a package.
type cost struct{ bytes, pieces int }

var initLine = regexp.MustCompile(`(?m)^init (\S+) @.*, (\d+) bytes, (\d+) allocs$`)

// inits starts the program and returns the cost of the initialization of each package.
func inits(t *testing.T, program string) map[string]cost {
	t.Helper()
	proxy, contacts := listening(t)
	cmd := exec.Command(program, "version")
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1", "HOME="+cmd.Dir, "GITLAB_TOKEN=x", "GITLAB_HOST=http://"+proxy,
		"HTTP_PROXY=http://"+proxy, "HTTPS_PROXY=http://"+proxy, "ALL_PROXY=http://"+proxy)
	var trace bytes.Buffer
	cmd.Stderr = &trace
	if out, err := cmd.Output(); err != nil || !strings.Contains(string(out), "go1.") {
		t.Fatalf("%v\n%s%s", err, out, &trace)
	}
	if n := contacts(); n > 0 {
		t.Errorf("the start made %d connections", n)
	}
	found := map[string]cost{}
	for _, m := range initLine.FindAllStringSubmatch(trace.String(), -1) {
		bytes, err := strconv.Atoi(m[2])
		if err != nil {
			t.Fatal(err)
		}
		pieces, err := strconv.Atoi(m[3])
		if err != nil {
			t.Fatal(err)
		}
		found[m[1]] = cost{bytes, pieces}
	}
	return found
}

// listening returns an address where connections are counted until contacts is called.
func listening(t *testing.T) (address string, contacts func() int) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	n, done := 0, make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			n++
			_ = c.Close() // counted, without an answer
		}
	}()
	return l.Addr().String(), func() int {
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		<-done
		return n
	}
}
