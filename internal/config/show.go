package config

import "gitlab.com/prodctl/prodctl/internal/manifest"

// Setting is one value, of the type that it has in the file, and where it came from.
type Setting struct {
	manifest.Setting
	Source Source
}

// Settings are all effective values in the order of the file. What has no value is left out. Written as a file they
// give the same configuration.
func (c Config) Settings() []Setting {
	var out []Setting
	for _, s := range c.Manifest.Settings() {
		out = append(out, Setting{s, c.Source(s.Name)})
	}
	return out
}
