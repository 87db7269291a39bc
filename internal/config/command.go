package config

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// CheckCommand refuses the command of a hook that names a file beside a configuration that was found: somebody could change that file after
// the configuration was trusted. It looks at the program, which look finds in PATH, and at the paths inside the other words.
func (c Config) CheckCommand(words []string, getenv func(string) string, look func(string) (string, error)) error {
	for n, word := range words {
		if path, err := look(word); n == 0 && err == nil {
			word = path
		}
		if c.names(word, getenv) {
			return fmt.Errorf("%s is beside %s, where it can change after you trusted that", filepath.Base(word), filepath.Base(c.File))
		}
	}
	return nil
}

// names reports whether a word is a path beside the configuration, or contains one, as "--file=PATH" and scripts do.
func (c Config) names(word string, getenv func(string) string) bool {
	if c.beside(word, getenv) {
		return true
	}
	dir := filepath.Dir(c.File)
	if !c.beside(dir, getenv) {
		return false
	}
	real, err := filepath.EvalSymlinks(dir)
	return mentions(word, dir) || err == nil && mentions(word, real)
}

// mentions reports whether a text contains the path of a folder, and not only the beginning of another one's name.
func mentions(text, dir string) bool {
	for {
		_, after, found := strings.Cut(text, dir)
		if !found {
			return false
		}
		next, _ := utf8.DecodeRuneInString(after)
		if after == "" || !unicode.IsLetter(next) && !unicode.IsDigit(next) && !strings.ContainsRune("-_.", next) {
			return true
		}
		text = after
	}
}

// SafePath returns the folders of PATH without those beside a configuration that was found, and without relative ones.
func (c Config) SafePath(path string, getenv func(string) string) string {
	dirs := filepath.SplitList(path)
	return strings.Join(slices.DeleteFunc(dirs, func(dir string) bool { return !filepath.IsAbs(dir) || c.beside(dir, getenv) }),
		string(filepath.ListSeparator))
}

// beside reports whether an absolute path is below the folder of a configuration that was found, itself or as the target of a link. The
// home folder counts as the user's own, with everything in it.
func (c Config) beside(path string, getenv func(string) string) bool {
	dir := filepath.Dir(c.File)
	return c.Found && filepath.IsAbs(path) && dir != homeDir(getenv) && (Pipeline{Checkout: dir}).Holds(path)
}
