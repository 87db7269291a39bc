package config

import "gitlab.com/prodctl/prodctl/internal/manifest"

// Setting is one value, with the type that it has in the file, and its source.
type Setting struct {
	manifest.Setting
	Source Source
}

// Settings returns all effective values in the order of the file, without keys that have no value. Written as a file, they
// give the same configuration.
func (c Config) Settings() []Setting {
	var out []Setting
	for _, s := range c.Manifest.Settings() {
		out = append(out, Setting{s, c.Source(s.Name)})
	}
	return out
}
