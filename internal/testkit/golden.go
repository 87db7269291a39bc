// Package testkit is what tests of several packages share: a clock that stands still and golden files.
//
// It is imported by tests only, and it knows nothing of what is tested.
package testkit

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files under testdata")

// Update reports whether golden files are to be rewritten; tests with files of their own form obey it too.
func Update() bool { return *update }

// Golden compares got with the file testdata/NAME at the root of the repository, or rewrites that file
// when the test is run with -update.
func Golden(t testing.TB, name, got string) {
	t.Helper()
	path := filepath.Join(Root(t), "testdata", filepath.FromSlash(name))
	if Update() {
		write(t, path, got)
		return
	}
	want, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("there is no testdata/%s: run the test with -update and read what it writes", name)
	}
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("differs from testdata/%s (-want +got; -update rewrites it):\n%s", name, diff)
	}
}

// Root is the folder of go.mod, above the folder that the test runs in.
func Root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = parent
	}
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
