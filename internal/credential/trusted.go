package credential

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Trusted returns what [Store.Trust] saved for a configuration file; nil: its owner did not trust it.
func (s Store) Trusted(file string) ([]byte, error) { return readPrivate(s.trustPath(file)) }

// Trust saves a copy of a configuration file, and of the files that it names, which the user trusts.
func (s Store) Trust(file string, copied []byte) error {
	return writePrivate(s.trustPath(file), copied)
}

// TrustedCopies returns all saved copies that can be read.
func (s Store) TrustedCopies() [][]byte {
	var all [][]byte
	if homeless(s.trustDir()) {
		return nil
	}
	names, err := os.ReadDir(s.trustDir())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, name := range names {
		if data, err := readPrivate(filepath.Join(s.trustDir(), name.Name())); err == nil {
			all = append(all, data)
		}
	}
	return all
}

// trustDir is the folder of the copies. The file "trusted" beside it belongs to earlier versions, which trusted single settings.
func (s Store) trustDir() string { return filepath.Join(s.Dir, "trusted-files") }

// trustPath names a copy after the path of the file, of which only the hash fits into a name.
func (s Store) trustPath(file string) string {
	sum := sha256.Sum256([]byte(file))
	return filepath.Join(s.trustDir(), hex.EncodeToString(sum[:])+".json")
}
