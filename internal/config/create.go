package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// Create puts a new file in place at once, readable by everybody: nothing in it is secret.
// One that is there is refused, with force it is replaced; a link stays a link to a replaced file.
func Create(path string, data []byte, force bool) (err error) {
	if force {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			path = real
		}
	}
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
	err = os.Link(f.Name(), path) // unlike a rename it never replaces what somebody else wrote meanwhile
	if errors.Is(err, fs.ErrExist) {
		return Exists(path)
	}
	return err
}

// Exists is the refusal to overwrite a file.
func Exists(path string) error {
	return fault.New(fault.Refused, "prodctl init --force replaces it; prodctl init --dry-run shows the new one", "%s is there already", path)
}
