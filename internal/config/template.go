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

// MaxTemplate is the largest size of a team's template, in bytes.
const MaxTemplate = 256 << 10

// ReadTemplate reads the template of an issue's text; path is relative to the configuration file. The text must be UTF-8, and line
// ends become \n; nothing else is checked. The error is of kind Usage and names the file.
//
// The configuration may be a stranger's, so nothing outside its folder is read, and links are refused: a link called incident.md
// could point to a file with a secret.
func ReadTemplate(cfg Config, path string) (string, error) {
	data, err := cfg.below(path)
	if pathError, ok := errors.AsType[*fs.PathError](err); ok {
		err = pathError.Err // the message names the file
	}
	if err != nil {
		return "", fault.Wrap(fault.Usage, err, "Fix the path in the file, then run: prodctl config validate",
			"template %s of %s", path, cfg.File)
	}
	return strings.ReplaceAll(strings.TrimPrefix(string(data), "\ufeff"), "\r\n", "\n"), nil
}

// readBelow reads a template or a calendar below a folder.
func readBelow(dir, path string) (_ []byte, err error) {
	most := int64(MaxTemplate)
	if strings.EqualFold(filepath.Ext(path), ".ics") {
		most = MaxSize
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	name := filepath.FromSlash(path)
	named, err := root.Lstat(name)
	switch {
	case err != nil:
		return nil, err
	case named.Mode()&fs.ModeSymlink != 0:
		return nil, fmt.Errorf("symbolic links are not followed: copy the file there")
	case !named.Mode().IsRegular():
		return nil, fmt.Errorf("not a regular file")
	}
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if opened, err := f.Stat(); err != nil || !os.SameFile(named, opened) {
		return nil, errors.Join(fmt.Errorf("the file was replaced while it was read"), err)
	}
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	switch {
	case err != nil:
		return nil, err
	case int64(len(data)) > most:
		return nil, fmt.Errorf("larger than %d bytes", most)
	case !utf8.Valid(data):
		return nil, fmt.Errorf("not UTF-8")
	}
	return data, nil
}

// IncidentTemplate returns the description of new incidents.
func (c Config) IncidentTemplate() (template.Template, error) {
	return c.Template(c.Incidents.Template, template.Incident(), template.IncidentVariables(), "record")
}

// ReviewTemplate returns the text of incident reviews.
func (c Config) ReviewTemplate() (template.Template, error) {
	return c.Template(c.Incidents.ReviewTemplate, template.Review(), template.ReviewVariables())
}

// ChangeTemplate returns the description of new changes.
func (c Config) ChangeTemplate() (template.Template, error) {
	return c.Template(c.Changes.Template, template.Change(), template.ChangeVariables(), "record")
}

// DrillTemplate returns the description of new restore drills.
func (c Config) DrillTemplate() (template.Template, error) {
	return c.Template(c.Rad.Template, template.Drill(), template.DrillVariables(), "targets", "record")
}

// CheckTemplates returns the first problem of the team's templates, and a warning for each line that GitLab runs as a quick action.
func (c Config) CheckTemplates() (warnings []string, err error) {
	for _, t := range []struct {
		file string
		read func() (template.Template, error)
	}{
		{c.Incidents.Template, c.IncidentTemplate}, {c.Incidents.ReviewTemplate, c.ReviewTemplate}, {c.Changes.Template, c.ChangeTemplate},
		{c.Rad.Template, c.DrillTemplate},
	} {
		text, err := t.read()
		if err != nil {
			return nil, err
		}
		for _, a := range text.QuickActions() {
			warnings = append(warnings, fmt.Sprintf("%s:%d: GitLab runs %q as a quick action, with the rights of the token's user",
				t.file, a.Line, a.Text))
		}
	}
	return warnings, nil
}

// Template returns the team's own template, or the built-in one if file is empty. It must contain the required variables: prodctl
// updates these parts of the issue, and without them the issue would have no record.
func (c Config) Template(file string, builtin template.Template, known []template.Variable, required ...string) (template.Template, error) {
	if file == "" {
		return builtin, nil
	}
	text, err := ReadTemplate(c, file)
	if err != nil {
		return "", err
	}
	own := template.Template(text)
	if err := own.Validate(template.Names(known)); err != nil {
		return "", fault.Wrap(fault.Usage, err, "See docs/configuration.md for the variables of templates", "%s", file)
	}
	for _, name := range required {
		if !own.Uses(name) {
			return "", fault.New(fault.Usage, "Add {"+name+"}, best at the end", "%s: {%s} is required", file, name)
		}
	}
	return own, nil
}
