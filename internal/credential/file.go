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

// credentials is the content of the credentials file. It has an entry for every host with a token, even if the token itself is in
// the keyring.
type credentials struct {
	Hosts map[string]entry `yaml:"hosts"`
}

// entry is one host. For a token in the keyring it records only that fact, because a keyring cannot list its content.
type entry struct {
	Keyring bool   `yaml:"keyring,omitempty"`
	Token   string `yaml:"token,omitempty"`
}

const fileHeader = "# Access tokens of prodctl, one per GitLab host. Written by prodctl auth login and prodctl auth logout.\n"

func (s Store) path() string { return filepath.Join(s.Dir, "credentials.yaml") }

func (s Store) read() (credentials, error) {
	c := credentials{Hosts: map[string]entry{}}
	data, err := readPrivate(s.path())
	if err != nil || data == nil {
		return c, err
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(&c); err != nil {
		// The parser's message may quote the file, and with it a token, so it is not passed on.
		return c, fault.New(fault.Failed, "Delete the file, then run: prodctl auth login", "invalid credentials file %s", s.path())
	}
	if c.Hosts == nil {
		c.Hosts = map[string]entry{}
	}
	return c, nil
}

func (s Store) write(c credentials) error {
	data, err := yaml.Marshal(c)
	if err != nil {
		return errors.New("write the credentials: cannot encode them") // the encoder's message may quote a token
	}
	return writePrivate(s.path(), append([]byte(fileHeader), data...))
}

// homeless reports whether a file would be in the user's configuration folder, but there is none.
func homeless(path string) bool { return !filepath.IsAbs(path) }

// readPrivate reads a private file of the user's, nil if it does not exist. A file that others can read or write is refused.
func readPrivate(path string) ([]byte, error) {
	if homeless(path) {
		return nil, nil
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is not a regular file", path)
	case runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0:
		return nil, fault.New(fault.Refused, "Replace the token if others use this machine, then run: chmod 600 "+fault.Quote(path),
			"%s can be read or written by others (mode %04o)", path, info.Mode().Perm())
	}
	return os.ReadFile(path)
}

// writePrivate writes a file atomically, readable by its owner only. Readers see the old or the new content.
func writePrivate(path string, data []byte) (err error) {
	if homeless(path) {
		return fault.New(fault.Failed, "Set HOME or XDG_CONFIG_HOME", "no home folder found")
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".new-*") // with mode 0600
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
