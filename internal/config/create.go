package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// Create writes a new configuration file atomically, readable by everybody: it holds no secrets. An existing file is an error, or
// replaced with force; of a link, the link itself is replaced.
func Create(path string, data []byte, force bool) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".prodctl-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer func() { _ = os.Remove(f.Name()) }() // after a rename there is nothing left to remove
	_, err = f.Write(data)
	if err := errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if force {
		return os.Rename(f.Name(), path)
	}
	err = os.Link(f.Name(), path) // unlike a rename, it never replaces a file created in the meantime
	if errors.Is(err, fs.ErrExist) {
		return Exists(path)
	}
	return err
}

// Exists returns the error for a file that would be overwritten.
func Exists(path string) error {
	return fault.New(fault.Refused, "To replace it: prodctl init --force", "%s already exists", path)
}
