package credential

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"go.yaml.in/yaml/v3"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// book is the credentials file: an entry for every host that there is a token for, wherever the token itself is.
type book struct {
	Hosts map[string]entry `yaml:"hosts"`
}

// entry is one host. A token in the keyring leaves only the fact here, because a keyring cannot list what it holds.
type entry struct {
	Keyring bool   `yaml:"keyring,omitempty"`
	Token   string `yaml:"token,omitempty"`
}

const bookHead = "# Access tokens of prodctl, one per GitLab. Kept by: prodctl auth login, prodctl auth logout.\n"

func (s Store) path() string { return filepath.Join(s.Dir, "credentials.yaml") }

func (s Store) open() (book, error) {
	b := book{Hosts: map[string]entry{}}
	data, err := readPrivate(s.path())
	if err != nil || data == nil {
		return b, err
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(&b); err != nil {
		// The parser's message may quote what stands there, so it is not passed on.
		return b, fault.New(fault.Failed, "remove the file, then: prodctl auth login", "%s is not what prodctl wrote", s.path())
	}
	if b.Hosts == nil {
		b.Hosts = map[string]entry{}
	}
	return b, nil
}

func (s Store) close(b book) error {
	data, err := yaml.Marshal(b)
	if err != nil {
		return errors.New("write the credentials: they cannot be put into words")
	}
	return writePrivate(s.path(), append([]byte(bookHead), data...))
}

// readPrivate reads a file of the user's own, nil when it is not there. A file that others can read or write is refused.
func readPrivate(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is no regular file", path)
	case runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0:
		return nil, fault.New(fault.Refused, "chmod 600 "+path+", and if others use this machine: prodctl auth login with a new token",
			"%s can be read or written by others (mode %04o)", path, info.Mode().Perm())
	}
	return os.ReadFile(path)
}

// writePrivate puts data in place of a file at once, readable by its owner only; a reader sees the old or the new one.
func writePrivate(path string, data []byte) (err error) {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".new-*") // made with mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	_, err = f.Write(data)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
