//go:build unix

package config_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/config"
)

func TestReadFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	pipe, big, small := filepath.Join(dir, "pipe"), filepath.Join(dir, "big"), filepath.Join(dir, "small")
	if err := errors.Join(syscall.Mkfifo(pipe, 0o600), os.WriteFile(big, make([]byte, config.MaxSize+1), 0o600), os.WriteFile(small, []byte("x"), 0o600)); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{pipe, big, dir, "/dev/zero"} {
		if _, err := config.ReadFile(path); err == nil || errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", path, err)
		}
	}
	for _, path := range []string{filepath.Join(dir, "none"), filepath.Join(small, "below a file")} {
		if _, err := config.ReadFile(path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", path, err)
		}
	}
	if data, err := config.ReadFile(small); err != nil || string(data) != "x" {
		t.Errorf("got %q, %v", data, err)
	}
}
