package runner

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A file that cannot be written in full leaves the old one, and nothing else.
func TestFullDiskLeavesTheOldFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "plan.json")
	if err := WritePrivate(file, []byte("old")); err != nil {
		t.Fatal(err)
	}
	err := replace(file, func(w io.Writer) error {
		_, err := w.Write([]byte("half of the n"))
		return errors.Join(err, syscall.ENOSPC)
	})
	if !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("error %v", err)
	}
	if data, err := os.ReadFile(file); err != nil || string(data) != "old" {
		t.Errorf("%q, %v", data, err)
	}
	if err := WritePrivate(file, []byte("new")); err != nil {
		t.Fatal(err)
	}
	if data, err := os.ReadFile(file); err != nil || string(data) != "new" {
		t.Errorf("%q, %v", data, err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("%v, %v", entries, err)
	}
}

// A link is replaced, also one to nowhere: what it points to stays as it is, and the text does not go there.
func TestNothingIsWrittenThroughALink(t *testing.T) {
	t.Parallel()
	for name, write := range map[string]func(string, []byte) error{"private": WritePrivate, "plan": writePlan} {
		dir := t.TempDir()
		file, link, dangling := filepath.Join(dir, "plan.json"), filepath.Join(dir, "link.json"), filepath.Join(dir, "dangling.json")
		err := errors.Join(os.WriteFile(file, []byte("old"), 0o644), os.Symlink(file, link), os.Symlink(filepath.Join(dir, "nowhere"), dangling),
			write(link, []byte("new")), write(dangling, []byte("new")))
		if err != nil {
			t.Fatal(err)
		}
		if data, err := os.ReadFile(file); err != nil || string(data) != "old" {
			t.Errorf("%s: the other file holds %q, %v", name, data, err)
		}
		for _, path := range []string{link, dangling} {
			info, err := os.Lstat(path)
			if data, rerr := os.ReadFile(path); err != nil || rerr != nil || string(data) != "new" || info.Mode() != 0o600 {
				t.Errorf("%s: %q, %v, %v, %v", name, data, info.Mode(), err, rerr)
			}
		}
		if _, err := os.Stat(filepath.Join(dir, "nowhere")); err == nil {
			t.Errorf("%s: the text went where the link points to", name)
		}
	}
	if err := writePlan(os.DevNull, []byte("x")); err != nil {
		t.Errorf("a device: %v", err)
	}
}
