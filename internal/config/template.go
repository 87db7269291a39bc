package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/template"
)

// MaxTemplate is how many bytes a team's template has at most.
const MaxTemplate = 256 << 10

// ReadTemplate reads a file whose text will stand in issues, by its path in the configuration file that was read. What is in it is
// left to its reader, but that it is UTF-8; line ends become \n. The error is of kind Usage and names the file.
//
// The configuration may be a stranger's, so nothing outside of its folder is read, not by way of links either, and no file that
// stands under the name of another: a link called incident.md could lead to a file with a secret.
func ReadTemplate(cfg Config, path string) (string, error) {
	text, err := readTemplate(filepath.Dir(cfg.File), path)
	if err != nil {
		return "", fault.Wrap(fault.Usage, err, "prodctl config show", "read the template %s that %s names", path, cfg.File)
	}
	return text, nil
}

func readTemplate(dir, path string) (_ string, err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	name := filepath.FromSlash(path)
	named, err := root.Lstat(name)
	switch {
	case err != nil:
		return "", err
	case named.Mode()&fs.ModeSymlink != 0:
		return "", fmt.Errorf("it is a symbolic link: put the file itself there")
	case !named.Mode().IsRegular():
		return "", fmt.Errorf("it is no regular file")
	}
	f, err := root.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	if opened, err := f.Stat(); err != nil || !os.SameFile(named, opened) {
		return "", errors.Join(fmt.Errorf("it was replaced meanwhile"), err)
	}
	data, err := io.ReadAll(io.LimitReader(f, MaxTemplate+1))
	switch {
	case err != nil:
		return "", err
	case len(data) > MaxTemplate:
		return "", fmt.Errorf("it has more than %d bytes", MaxTemplate)
	case !utf8.Valid(data):
		return "", fmt.Errorf("it is not UTF-8")
	}
	return strings.ReplaceAll(strings.TrimPrefix(string(data), "\ufeff"), "\r\n", "\n"), nil
}

// Template is the team's own template, or the built-in one. It has to have all that is kept up to date in the body, or what is
// made of it would be no record.
func (c Config) Template(file string, builtin template.Template, known []template.Variable, needs ...string) (template.Template, error) {
	if file == "" {
		return builtin, nil
	}
	text, err := ReadTemplate(c, file)
	if err != nil {
		return "", err
	}
	own := template.Template(text)
	if err := own.Validate(template.Names(known)); err != nil {
		return "", fault.Wrap(fault.Usage, err, "docs/configuration.md lists the variables of templates", "%s", file)
	}
	for _, name := range needs {
		if !own.Uses(name) {
			return "", fault.New(fault.Usage, "write {"+name+"} where it is to stand, best at the end", "%s: the template has no {%s}", file, name)
		}
	}
	return own, nil
}
