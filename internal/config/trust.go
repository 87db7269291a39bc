package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"

	"gitlab.com/prodctl/prodctl/internal/manifest"
)

// Trust says whether a configuration may be used for anything that sends a token or words.
type Trust string

// The values of [Config.Trust].
const (
	OwnFile   Trust = ""            // no file, or the user's own, or one that the user named
	Trusted   Trust = "trusted"     // the user trusted this content, or a pipeline runs on the protected branch that has it
	Changed   Trust = "changed"     // it differs from what the user trusted, which is used instead
	Untrusted Trust = "not trusted" // it was found in a working directory and may be a stranger's
)

// Copy is a configuration file and the files that it names, as they were at one time.
type Copy struct {
	Files []CopiedFile `json:"files"` // the configuration first
}

// CopiedFile is one file of a [Copy].
type CopiedFile struct {
	Key     string `json:"key,omitempty"` // that names it: ca_file; empty: the configuration itself
	Path    string `json:"path"`          // absolute
	Data    []byte `json:"data,omitempty"`
	Missing bool   `json:"missing,omitempty"` // it does not exist, or cannot be read
}

// TokenFileKey is the key of the only file whose content is not copied: it is a secret, and changes.
const TokenFileKey = "token_file"

// Config is the content of the configuration file.
func (c Copy) Config() []byte { return c.Files[0].Data }

// Encode returns the copy as text.
func (c Copy) Encode() ([]byte, error) { return json.Marshal(c) }

// DecodeCopy is the inverse of [Copy.Encode]; nil: it is not a copy.
func DecodeCopy(data []byte) *Copy {
	var c Copy
	if json.Unmarshal(data, &c) != nil || len(c.Files) == 0 {
		return nil
	}
	return &c
}

// find returns the file that a key names.
func (c Copy) find(key string) (CopiedFile, bool) {
	for _, f := range c.Files {
		if f.Key == key {
			return f, true
		}
	}
	return CopiedFile{}, false
}

// Equal reports whether two copies are the same.
func (c Copy) Equal(other Copy) bool {
	return slices.EqualFunc(c.Files, other.Files, func(a, b CopiedFile) bool {
		return a.Key == b.Key && a.Path == b.Path && a.Missing == b.Missing && bytes.Equal(a.Data, b.Data)
	})
}

// Identity is the path by which a configuration file is trusted: that of its folder without links, and its name.
func Identity(file string) string {
	if dir, err := filepath.EvalSymlinks(filepath.Dir(file)); err == nil {
		return filepath.Join(dir, filepath.Base(file))
	}
	return file
}

// OnDisk returns the configuration file that was read, and the files that it names as they are now.
func (c Config) OnDisk(getenv func(string) string) Copy {
	return onDisk(c.File, c.data, c.named, getenv)
}

func onDisk(path string, data []byte, file Manifest, getenv func(string) string) Copy {
	c := Copy{Files: []CopiedFile{{Path: path, Data: data}}}
	for _, n := range namedFiles(file) {
		if n.path != "" {
			c.Files = append(c.Files, n.copied(filepath.Dir(path), getenv))
		}
	}
	return c
}

// HostIn returns the host that a copy names; empty: none.
func HostIn(c Copy) string {
	file, _ := manifest.Parse(FileName, c.Config())
	return file.Host
}

// namedFile is a file that the configuration names.
type namedFile struct {
	key, path string
	template  bool // only below the folder of the configuration, see [readBelow]
}

// namedFiles are all files that a configuration can name.
func namedFiles(f Manifest) []namedFile {
	return []namedFile{
		{"ca_file", f.CAFile, false},
		{TokenFileKey, f.TokenFile, false},
		{"incidents.template", f.Incidents.Template, true},
		{"incidents.review_template", f.Incidents.ReviewTemplate, true},
		{"changes.template", f.Changes.Template, true},
		{"rad.template", f.Rad.Template, true},
		{CalendarKey, f.OncallFile, true},
	}
}

func (n namedFile) copied(dir string, getenv func(string) string) CopiedFile {
	c := CopiedFile{Key: n.key, Path: absolute(n.path, dir, getenv)}
	var err error
	switch {
	case n.key == TokenFileKey:
		c.Path = withoutLinks(dir, c.Path)
	case n.template:
		c.Data, err = readBelow(dir, n.path)
	default:
		c.Data, err = ReadFile(c.Path)
	}
	c.Missing = err != nil
	return c
}

// withoutLinks returns where a path within a folder really leads: whoever writes the folder could make it a link. Other paths stay.
func withoutLinks(dir, path string) string {
	if !within(dir, path) {
		return path
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return path
}

// judge decides whether a file that was found may be used, and returns the trusted copy of it, if there is one. The file may be
// unreadable.
func (s Sources) judge(found located) (Trust, *Copy) {
	if p, in := PipelineOf(s.Getenv, s.Dir); in && p.Official && found.data != nil && p.Holds(found.path) {
		return Trusted, nil
	}
	if s.TrustedCopy == nil {
		return Untrusted, nil
	}
	c := DecodeCopy(s.TrustedCopy(Identity(found.path)))
	if c == nil {
		return Untrusted, nil
	}
	file, _ := manifest.Parse(found.shown, c.Config())
	if found.data != nil && c.Equal(onDisk(c.Files[0].Path, found.data, file, s.Getenv)) {
		return Trusted, c
	}
	return Changed, c
}

// use makes the files that the configuration names those of the trusted copy.
func (c *Config) use(trusted *Copy) {
	if trusted == nil {
		return
	}
	c.copy = trusted
	if f, ok := trusted.find("ca_file"); ok && c.Source("ca_file").Kind == FromFile {
		c.CAFile = f.Path
	}
	if f, ok := trusted.find(TokenFileKey); ok && c.Source(TokenFileKey).Kind == FromFile {
		c.TokenFile = f.Path
	}
}

// ReadFile is [ReadFile] for a file that the configuration names: of a trusted one, the copy that was trusted.
func (c Config) ReadFile(path string) ([]byte, error) {
	if c.copy != nil {
		for _, f := range c.copy.Files[1:] {
			if f.Path == path && f.Key != TokenFileKey {
				return f.content()
			}
		}
	}
	return ReadFile(path)
}

// below reads a file that the configuration names by a path below its folder: of a trusted one, the copy that was trusted.
func (c Config) below(path string) ([]byte, error) {
	if c.copy != nil {
		for _, f := range c.copy.Files[1:] {
			if f.Path == filepath.Join(filepath.Dir(c.copy.Files[0].Path), filepath.FromSlash(path)) {
				return f.content()
			}
		}
	}
	return readBelow(filepath.Dir(c.File), path)
}

func (f CopiedFile) content() ([]byte, error) {
	if f.Missing {
		return nil, &fs.PathError{Op: "open", Path: f.Path, Err: errors.New("not there when the configuration was trusted: prodctl config trust")}
	}
	return f.Data, nil
}

func within(dir, path string) bool { return Pipeline{Checkout: dir}.contains(path) }
