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

// FileName is what the file is called in a team's repository.
const FileName = ".prodctl.yaml"

// MaxSize is how many bytes of a file are read at most: a thousand times what a team writes.
const MaxSize = 1 << 20

// located is the one file that counts; path is empty when there is none.
type located struct {
	path   string // absolute
	shown  string // as it stands in messages: relative to the working directory where that is shorter
	upward bool
	data   []byte
}

// locate finds the file: the named one (flag, then PRODCTL_CONFIG), else the nearest .prodctl.yaml in the working
// directory or above it, up to the home folder or the root, else the user's own.
func (s Sources) locate() (located, error) {
	name, said := s.Flag("config")
	source := Source{Kind: FromFlag, Name: "config"}
	if !said || name == "" {
		name, source = s.Getenv("PRODCTL_CONFIG"), Source{Kind: FromEnv, Name: "PRODCTL_CONFIG"}
	}
	if name != "" {
		return s.named(name, source)
	}
	for dir := range s.upward() {
		if found, err := s.read(filepath.Join(dir, FileName)); found.path != "" {
			found.upward = true
			return found, err
		}
	}
	dir, err := UserDir(s.Getenv)
	if err != nil {
		return located{}, nil // without a home folder there is no file of the user's own
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
		err = fault.New(fault.Usage, "prodctl init --config "+name, "%s: there is no file %s", source, name)
	}
	return found, err
}

// read gives the file at path; nothing, without an error, when it is not there.
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

// upward yields the working directory and those above it, up to the home folder or the root.
func (s Sources) upward() func(yield func(string) bool) {
	return func(yield func(string) bool) {
		home := homeDir(s.Getenv)
		for dir := filepath.Clean(s.Dir); yield(dir); dir = filepath.Dir(dir) {
			if dir == home || dir == filepath.Dir(dir) {
				return
			}
		}
	}
}

// UserDir is the folder of the user's own configuration: $XDG_CONFIG_HOME/prodctl, else ~/.config/prodctl,
// else, on Windows, %AppData%\prodctl. A relative XDG_CONFIG_HOME counts for nothing, as its specification says.
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
	return "", fault.New(fault.Failed, "export HOME=… or XDG_CONFIG_HOME=…", "no home folder is known")
}

func homeDir(getenv func(string) string) string {
	if home := getenv("HOME"); home != "" {
		return filepath.Clean(home)
	}
	return getenv("USERPROFILE")
}

// ReadFile reads a regular file of at most [MaxSize] bytes: a pipe or a device that somebody left under the name
// of a configuration file must not make a command wait for ever.
func ReadFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, notThere(path, err)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is no regular file", path)
	case info.Size() > MaxSize:
		return nil, fmt.Errorf("%s has %d bytes: %d is the most", path, info.Size(), MaxSize)
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

// notThere makes one error of the ways to miss a file: a folder of its path may be a file.
func notThere(path string, err error) error {
	if strings.Contains(err.Error(), "not a directory") {
		return &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
	}
	return err
}
