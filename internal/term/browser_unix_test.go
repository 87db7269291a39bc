//go:build unix

package term

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestBrowse(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	pipe, script := filepath.Join(dir, "opened"), filepath.Join(dir, "browser")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(script, []byte("#!/bin/sh\necho \"$*\" > "+pipe+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	env := func(name string) string { return map[string]string{"BROWSER": script + " --new-window"}[name] }
	if err := Browse(env, "https://gitlab.example.test/a b"); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(pipe); err != nil || string(got) != "--new-window https://gitlab.example.test/a b\n" {
		t.Errorf("the browser was asked for %q, %v", got, err)
	}
	if err := Browse(func(string) string { return filepath.Join(dir, "missing") }, "https://gitlab.example.test"); err == nil {
		t.Error("a missing browser is not an error")
	}
	for system, want := range map[string]string{"linux": "xdg-open", "darwin": "open", "windows": "rundll32"} {
		if got := opener(system); got[0] != want {
			t.Errorf("%s: %v", system, got)
		}
	}
}
