package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// FileName is the name of the configuration file in a team's repository.
const FileName = ".prodctl.yaml"

// MaxSize is the largest configuration file that is read, in bytes: a thousand times what a team writes.
const MaxSize = 1 << 20

// located is the file to read; path is empty if there is none.
type located struct {
	path   string // absolute
	shown  string // for messages: relative to the working directory if that is shorter
	upward bool
	data   []byte
}

// locate finds the file: the named one (flag, then PRODCTL_CONFIG), else the nearest .prodctl.yaml in the working
// directory or above it, up to the home folder or the root, else the user's own.
func (s Sources) locate() (located, error) {
	name, set := s.Flag("config")
	source := Source{Kind: FromFlag, Name: "config"}
	if !set || name == "" {
		name, source = s.Getenv("PRODCTL_CONFIG"), Source{Kind: FromEnv, Name: "PRODCTL_CONFIG"}
	}
	if name != "" {
		return s.named(name, source)
	}
	for dir := range s.upward() {
		if found, err := s.found(filepath.Join(dir, FileName)); found.path != "" {
			return found, err
		}
	}
	dir, err := UserDir(s.Getenv)
	if err != nil {
		return located{}, nil // no home folder, so no file of the user's own
	}
	return s.read(filepath.Join(dir, "config.yaml"))
}

func (s Sources) named(name string, source Source) (located, error) {
	path := name
	if rest, ok := cutHome(name); ok {
		path = filepath.Join(homeDir(s.Getenv), rest)
	} else if !filepath.IsAbs(name) {
		path = filepath.Join(s.Dir, name)
	}
	found, err := s.read(path)
	if err == nil && found.path == "" {
		err = fault.New(fault.Usage, "Create it: prodctl init --config "+fault.Quote(name), "%s: file %s not found", source.input(), name)
	}
	return found, err
}

// found reads a file in the working directory or above it. A link out of its folder is not followed: whoever wrote the link may not write
// what it points to, and parts of that would be printed.
func (s Sources) found(path string) (located, error) {
	if info, err := os.Lstat(path); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		real, err := filepath.EvalSymlinks(path)
		if dir := filepath.Dir(Identity(path)); err == nil && !within(dir, real) {
			err := fault.New(fault.Usage, "If you made the link: export PRODCTL_CONFIG="+fault.Quote(real),
				"%s is a link to a file outside of its folder", path)
			return located{path: path, upward: true}, err
		}
	}
	found, err := s.read(path)
	found.upward = found.path != ""
	return found, err
}

// read returns the file at path, or an empty result without an error if it does not exist.
func (s Sources) read(path string) (located, error) {
	data, err := s.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return located{}, nil
	case err != nil:
		return located{path: path}, fault.Wrap(fault.Usage, err, "", "read the configuration")
	case data == nil:
		data = []byte{}
	}
	shown := path
	if rel, err := filepath.Rel(s.Dir, path); err == nil && len(rel) < len(path) {
		shown = rel
	}
	return located{path: path, shown: shown, data: data}, nil
}

// upward yields the working directory and those above it, up to the home folder or the root; none with NamedOnly.
func (s Sources) upward() func(yield func(string) bool) {
	return func(yield func(string) bool) {
		if s.NamedOnly {
			return
		}
		home := homeDir(s.Getenv)
		for dir := filepath.Clean(s.Dir); yield(dir); dir = filepath.Dir(dir) {
			if dir == home || dir == filepath.Dir(dir) {
				return
			}
		}
	}
}

// UserDir returns the folder of the user's own configuration: $XDG_CONFIG_HOME/prodctl, else ~/.config/prodctl,
// else, on Windows, %AppData%\prodctl. A relative XDG_CONFIG_HOME is ignored, as its specification requires.
func UserDir(getenv func(string) string) (string, error) {
	if dir := getenv("XDG_CONFIG_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "prodctl"), nil
	}
	if home := getenv("HOME"); home != "" {
		return filepath.Join(home, ".config", "prodctl"), nil
	}
	if dir := getenv("AppData"); dir != "" {
		return filepath.Join(dir, "prodctl"), nil
	}
	return "", fault.New(fault.Failed, "Set HOME or XDG_CONFIG_HOME", "no home folder found")
}

func homeDir(getenv func(string) string) string {
	if home := getenv("HOME"); home != "" {
		return filepath.Clean(home)
	}
	return getenv("USERPROFILE")
}

// ReadFile reads a regular file of at most [MaxSize] bytes. It refuses pipes and devices: one with the name of a configuration
// file could make a command wait forever.
func ReadFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, notFound(path, err)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is not a regular file", path)
	case info.Size() > MaxSize:
		return nil, fmt.Errorf("%s has %d bytes, more than the maximum of %d", path, info.Size(), MaxSize)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, MaxSize+1))
	if err == nil && len(data) > MaxSize {
		err = fmt.Errorf("%s has more than %d bytes", path, MaxSize)
	}
	return data, err
}

// notFound makes fs.ErrNotExist of the other way in which a file can be missing: a folder of its path is a file.
func notFound(path string, err error) error {
	if strings.Contains(err.Error(), "not a directory") {
		return &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
	}
	return err
}
