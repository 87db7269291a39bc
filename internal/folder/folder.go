// Package folder writes generated files into a folder, and replaces those of an earlier run.
//
// Start with [Write]. It never changes or removes a file that it did not write. What the files contain is not decided here.
package folder

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// File is a file of a folder. Its name has no slash.
type File struct {
	Name string
	Text string
}

// State says whether a file was changed.
type State string

// The states.
const (
	Created   State = "created"
	Updated   State = "updated"
	Unchanged State = "unchanged"
	Removed   State = "removed"
)

// Done is a file with its state after a run.
type Done struct {
	Name  string
	Bytes int
	State State
}

// marker is the file with the names of all files that this package wrote into a folder.
const marker = ".prodctl-site"

// Write puts files into a folder, creates it if needed, and removes files of an earlier run that are not among them. Each file is replaced
// whole or not at all, the last one at the end, so that an index leads to nothing that is not there yet. A folder with other files is
// refused unless it was written before; then other files stay as they are.
func Write(dir string, files []File) ([]Done, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, failed(dir, err)
	}
	before, err := owned(dir)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(files))
	for n, f := range files {
		names[n] = f.Name
		if err := free(dir, f.Name, before); err != nil {
			return nil, err
		}
	}
	if err := replace(dir, marker, list(append(slices.Clone(before), names...))); err != nil {
		return nil, failed(dir, err)
	}
	var done []Done
	for _, f := range files {
		d, err := write(dir, f)
		if err != nil {
			return done, failed(filepath.Join(dir, f.Name), err)
		}
		done = append(done, d)
	}
	for _, name := range before {
		if slices.Contains(names, name) {
			continue
		}
		switch err := os.Remove(filepath.Join(dir, name)); {
		case err == nil:
			done = append(done, Done{Name: name, State: Removed})
		case !errors.Is(err, fs.ErrNotExist):
			return done, failed(filepath.Join(dir, name), err)
		}
	}
	if err := replace(dir, marker, list(names)); err != nil {
		return done, failed(dir, err)
	}
	return done, nil
}

// Check returns the error with which [Write] would refuse a folder because of what is in it, before there are files to write.
func Check(dir string) error {
	if _, err := os.Lstat(dir); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	_, err := owned(dir)
	return err
}

// owned returns the names of the files that an earlier run wrote.
func owned(dir string) ([]string, error) {
	data, err := os.ReadFile(filepath.Join(dir, marker))
	if errors.Is(err, fs.ErrNotExist) {
		entries, err := os.ReadDir(dir)
		switch {
		case err != nil:
			return nil, failed(dir, err)
		case len(entries) > 0:
			return nil, fault.New(fault.Refused, "Name an empty or a new folder",
				"not written: %s has files, such as %s, that this command did not write", dir, entries[0].Name())
		}
		return nil, nil
	}
	if err != nil {
		return nil, failed(dir, err)
	}
	names := strings.Fields(string(data))
	for _, name := range names {
		if !plain(name) {
			return nil, fault.New(fault.Refused, "Name an empty or a new folder", "not written: %s in %s has been edited", marker, dir)
		}
	}
	return names, nil
}

// plain reports whether a name is one of ours: of letters, digits, dots and hyphens, and not hidden.
func plain(name string) bool {
	return name != "" && name[0] != '.' && !strings.ContainsFunc(name, func(r rune) bool {
		return !('a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '-' || r == '.')
	})
}

// free refuses a name that another file has, and a link.
func free(dir, name string, before []string) error {
	if !plain(name) {
		panic(fmt.Sprintf("folder: the name %q is not allowed", name))
	}
	info, err := os.Lstat(filepath.Join(dir, name))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return failed(dir, err)
	case !slices.Contains(before, name) || !info.Mode().IsRegular():
		return fault.New(fault.Refused, "Move it, or name an empty or a new folder",
			"not written: this command did not write %s", filepath.Join(dir, name))
	}
	return nil
}

func list(names []string) string {
	slices.Sort(names)
	return strings.Join(slices.Compact(names), "\n") + "\n"
}

func write(dir string, f File) (Done, error) {
	d := Done{Name: f.Name, Bytes: len(f.Text), State: Created}
	old, err := os.ReadFile(filepath.Join(dir, f.Name))
	switch {
	case err == nil && bytes.Equal(old, []byte(f.Text)):
		d.State = Unchanged
		return d, nil
	case err == nil:
		d.State = Updated
	}
	return d, replace(dir, f.Name, f.Text)
}

// replace writes a file that everybody may read. The old one stays until all of the new one is on disk.
func replace(dir, name, text string) error {
	f, err := os.CreateTemp(dir, ".prodctl-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }() // after a rename there is nothing left to remove
	_, err = f.WriteString(text)
	if err := errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), filepath.Join(dir, name))
}

func failed(path string, err error) error {
	return fault.Wrap(fault.Failed, fault.Plain(err), "Check that you may write there, and that the disk has room", "write %s", path)
}
