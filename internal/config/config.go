// Package config decides what prodctl was asked to work with: flags before environment before file before defaults,
// in one typed struct that remembers where each value came from.
//
// Start with [Load]. It is the only importer of viper, which holds the flat settings alone: it lower-cases keys and
// splits them at dots, so that the structured part of the file (labels, trackers, board) comes from internal/manifest.
// Tokens are not here (internal/credential); neither is any request.
package config

import (
	"fmt"
	"path/filepath"
	"slices"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// The file and its parts, under the names by which commands know them.
type (
	Manifest   = manifest.File
	Tracker    = manifest.Tracker
	Milestones = manifest.Milestones
	Labels     = manifest.Labels
	Board      = manifest.Board
	Column     = manifest.Column
	Incidents  = manifest.Incidents
	Changes    = manifest.Changes
	Handoff    = manifest.Handoff
	Budget     = manifest.Budget
)

// Config is everything that was decided before the first request: what the file says, with the environment and flags laid over it.
type Config struct {
	File  string // absolute path of the file that was read; empty: none
	Found bool   // File was come upon in the working directory or above it, and may be a stranger's

	Manifest // CAFile and TokenFile are absolute; an empty Host is that nobody named one

	sources map[string]Source
}

// Tracker is the project of a name such as "infrastructure"; the zero Target when the team has none.
func (c Config) Tracker(name string) target.Target {
	for _, t := range c.Trackers {
		if t.Name == name {
			return t.Project
		}
	}
	return target.Target{}
}

// Infrastructure is the tracker of the team's own work, Production the queue of events in production.
func (c Config) Infrastructure() target.Target { return c.Tracker(manifest.Infrastructure) }

// Production is the production queue.
func (c Config) Production() target.Target { return c.Tracker(manifest.Production) }

// MilestoneTarget is where timeboxes live: the group of milestones.group, or the infrastructure tracker.
func (c Config) MilestoneTarget() target.Target {
	if c.Milestones.Scope == target.Group {
		return target.GroupAt(c.Milestones.Group)
	}
	return c.Infrastructure()
}

// TrackerPaths are the full paths of all trackers, each once.
func (c Config) TrackerPaths() []string {
	var paths []string
	for _, t := range c.Trackers {
		if !slices.Contains(paths, t.Project.Path) {
			paths = append(paths, t.Project.Path)
		}
	}
	return paths
}

// RequireTrackers is a fault when one of the named trackers is not configured;
// without names it asks for infrastructure and production.
func (c Config) RequireTrackers(names ...string) error {
	if len(names) == 0 {
		names = []string{manifest.Infrastructure, manifest.Production}
	}
	for _, name := range names {
		if !c.Tracker(name).IsZero() {
			continue
		}
		if c.File == "" {
			return fault.New(fault.Usage, "prodctl init",
				"no %s was found in this directory or above it, so the %s tracker is not known", FileName, name)
		}
		return fault.New(fault.Usage, "prodctl config validate", "%s names no %s tracker: add it below trackers", c.File, name)
	}
	return nil
}

// RequireHost is a fault when nobody named a GitLab. There is no default:
// a token must not travel to a place that its owner did not name.
func (c Config) RequireHost() error {
	if c.Host != "" {
		return nil
	}
	return fault.New(fault.Usage, "prodctl --host gitlab.example.com …, or export GITLAB_HOST=https://gitlab.example.com",
		"which GitLab? no host is named by a flag, the environment or a file")
}

// Kinds of places that a value can come from.
const (
	FromDefault = "default"
	FromFile    = "file"
	FromEnv     = "env"
	FromFlag    = "flag"
)

// Source is where a value came from.
type Source struct {
	Kind string // FromDefault, FromFile, FromEnv or FromFlag
	Name string // of the flag, the variable or the file
	Line int    // in the file, from 1
}

// String is "flag --host", "env PRODCTL_HOST", ".prodctl.yaml:3" or "default".
func (s Source) String() string {
	switch s.Kind {
	case FromFile:
		return fmt.Sprintf("%s:%d", filepath.Base(s.Name), s.Line)
	case FromEnv:
		return "env " + s.Name
	case FromFlag:
		return "flag --" + s.Name
	}
	return FromDefault
}

// Source is where the value of a key, such as "milestones.length", came from.
func (c Config) Source(key string) Source {
	if s, ok := c.sources[key]; ok {
		return s
	}
	return Source{Kind: FromDefault}
}

// Claims is what decides where a token goes, or what is sent as one, and is said by nobody but a file that was come upon
// in the working directory: "host=https://gitlab.example.com". The owner of a token has to agree to it (see internal/credential);
// what a flag, the environment, a file named by --config or the user's own file says needs no agreement.
func (c Config) Claims() []string {
	var claims []string
	if !c.Found {
		return nil
	}
	for _, said := range []struct{ key, value string }{
		{"host", c.Host}, {"ca_file", c.CAFile}, {"token_file", c.TokenFile},
	} {
		if said.value != "" && c.Source(said.key).Kind == FromFile {
			claims = append(claims, said.key+"="+said.value)
		}
	}
	return claims
}
