package config

import (
	"errors"
	"path/filepath"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/pkg/host"
)

// Sources are the inputs of [Load].
type Sources struct {
	Dir    string              // the working directory, absolute
	Getenv func(string) string // an empty variable counts as unset

	// Flag returns the value of a flag and whether it was set; nil: no flags.
	Flag func(name string) (value string, set bool)
	// ReadFile reads a file by its absolute path; nil: [ReadFile]. A missing file is fs.ErrNotExist.
	ReadFile func(path string) ([]byte, error)
	// TrustedCopy returns the copy of a found file that the user trusted, see [Copy.Encode]; nil: nothing is trusted.
	TrustedCopy func(identity string) []byte
	// NamedOnly leaves out the file that would be found in the working directory or above it.
	NamedOnly bool
}

// Load reads and merges the sources. A missing file is not an error; see [Config.RequireTrackers].
// The error is of kind Usage and joins the errors of all sources. The Config is returned with it, with whatever could be read, so
// that doctor can continue.
func Load(src Sources) (Config, error) {
	src = src.complete()
	found, err := src.locate()
	trust, trusted := OwnFile, (*Copy)(nil)
	if found.upward {
		if trust, trusted = src.judge(found); trusted != nil {
			found.data, err = trusted.Config(), nil
		}
	}
	faults := []error{err}
	file := manifest.Defaults()
	if found.data != nil {
		file, err = manifest.Parse(found.shown, found.data)
		faults = append(faults, err)
	}
	cfg := Config{File: found.path, Found: found.upward, Trust: trust, Manifest: file, sources: map[string]Source{}, data: found.data}
	for _, key := range file.Keys() {
		cfg.sources[key] = Source{FromFile, found.path, file.Line(key)}
	}
	cfg.named = file
	faults = append(faults, cfg.merge(src)...)
	cfg.use(trusted)
	cfg.losers = cfg.lowerHosts(src.Getenv)
	return cfg, errors.Join(faults...)
}

func (s Sources) complete() Sources {
	if s.Getenv == nil {
		s.Getenv = func(string) string { return "" }
	}
	if s.Flag == nil {
		s.Flag = func(string) (string, bool) { return "", false }
	}
	if s.ReadFile == nil {
		s.ReadFile = ReadFile
	}
	return s
}

// merge overrides the flat settings of the file with the other sources, and checks them against each other.
func (c *Config) merge(src Sources) []error {
	layers, faults := layer(c.Manifest, src, c.sources, c.Trust != Untrusted)
	c.Host = layers.GetString("host")
	c.Output = layers.GetString("output")
	c.Color = layers.GetString("color")
	c.Timeout = layers.GetDuration("timeout")
	c.Parallel = layers.GetInt("parallel")
	c.AllowHTTP = layers.GetBool("allow_http")
	c.CAFile = c.resolve("ca_file", layers.GetString("ca_file"), src)
	c.TokenFile = c.resolve("token_file", layers.GetString("token_file"), src)
	c.Timezone = layers.Get("timezone").(*time.Location)
	if host.PlainRemote(c.Host) && !c.AllowHTTP {
		faults = append(faults, fault.New(fault.Usage,
			"Use https://, or set allow_http: true (PRODCTL_ALLOW_HTTP=true) on a network you trust",
			"%s: %s is plain http, so anybody on the network could read the token", c.Source("host").input(), c.Host))
	}
	return faults
}

// resolve makes a path absolute. A path in the file is relative to the file's folder, others to the working directory.
// A leading ~/ means the home folder.
func (c *Config) resolve(key, path string, src Sources) string {
	base := src.Dir
	if c.Source(key).Kind == FromFile {
		base = filepath.Dir(c.File)
	}
	return absolute(path, base, src.Getenv)
}

// absolute makes a path absolute; empty stays empty.
func absolute(path, base string, getenv func(string) string) string {
	switch rest, home := cutHome(path); {
	case path == "":
		return ""
	case home:
		return filepath.Join(homeDir(getenv), rest)
	case filepath.IsAbs(path):
		return filepath.Clean(path)
	default:
		return filepath.Join(base, path)
	}
}

func cutHome(path string) (rest string, ok bool) {
	if len(path) > 1 && path[0] == '~' && (path[1] == '/' || path[1] == filepath.Separator) {
		return path[2:], true
	}
	return path, false
}
