package config_test

import (
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/fault"
)

func TestCreate(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "new", "folder", ".prodctl.yaml")
	holds := func(want string) {
		t.Helper()
		if data, err := os.ReadFile(path); err != nil || string(data) != want {
			t.Errorf("holds %q, %v; want %q", data, err, want)
		}
		if all, _ := os.ReadDir(filepath.Dir(path)); len(all) != 1 {
			t.Errorf("left behind: %v", all)
		}
	}
	if err := config.Create(path, []byte("one"), false); err != nil {
		t.Fatal(err)
	}
	holds("one")
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if err := config.Create(path, []byte("two"), false); fault.KindOf(err) != fault.Refused || fault.HintOf(err) == "" {
		t.Errorf("overwriting: %v", err)
	}
	holds("one")
	if err := config.Create(path, []byte("two"), true); err != nil {
		t.Error(err)
	}
	holds("two")
}

// A link is replaced, and the file elsewhere that it points to stays as it is: a repository may have put the link there.
func TestCreateReplacesLink(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	real, link := filepath.Join(dir, "dotfiles.yaml"), filepath.Join(dir, ".prodctl.yaml")
	if err := os.WriteFile(real, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(real, link); err != nil {
		t.Skip(err)
	}
	if err := config.Create(link, []byte("new"), true); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(real)
	if info, lerr := os.Lstat(link); lerr != nil || !info.Mode().IsRegular() || err != nil || string(data) != "old" {
		t.Errorf("%v, %v; the other file holds %q, %v", info, lerr, data, err)
	}
}

// Of many at once exactly one writes; the others are refused.
func TestCreateAtOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), ".prodctl.yaml")
	var wrote, refused atomic.Int32
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			switch err := config.Create(path, []byte("x"), false); {
			case err == nil:
				wrote.Add(1)
			case fault.KindOf(err) == fault.Refused:
				refused.Add(1)
			}
		})
	}
	group.Wait()
	if wrote.Load() != 1 || refused.Load() != 19 {
		t.Errorf("%d wrote, %d were refused", wrote.Load(), refused.Load())
	}
}
