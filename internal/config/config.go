// Package config loads the configuration: flags before environment before file before defaults, in one struct that records where
// each value came from.
//
// Start with [Load]. This is the only package that may import viper, and viper only holds the flat settings: it lower-cases keys
// and splits them at dots, so the structured part of the file (labels, trackers, board) is read by internal/manifest.
// Tokens are not here (internal/credential), and nothing here sends a request.
package config

import (
	"fmt"
	"path/filepath"
	"slices"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// The file and its parts, so that commands need not import internal/manifest.
type (
	// Manifest is the configuration file.
	Manifest = manifest.File
	// Tracker is one project with issues.
	Tracker = manifest.Tracker
	// Milestones configures the timeboxes.
	Milestones = manifest.Milestones
	// Labels are the declared labels.
	Labels = manifest.Labels
	// Board is the team's board.
	Board = manifest.Board
	// Column is one column of the board.
	Column = manifest.Column
	// Incidents configures incidents.
	Incidents = manifest.Incidents
	// Changes configures changes.
	Changes = manifest.Changes
	// Handoff configures the on-call log.
	Handoff = manifest.Handoff
	// Budget configures the error budget.
	Budget = manifest.Budget
	// Report configures reports.
	Report = manifest.Report
	// Planning configures planning sessions.
	Planning = manifest.Planning
)

// Config is the configuration of a command: the file, overridden by the environment and the flags.
type Config struct {
	File  string // absolute path of the file that was read; empty: none
	Found bool   // File was discovered in the working directory or above it, and may be a stranger's
	Trust Trust  // whether it may be used for anything that sends a token or words

	Manifest // CAFile and TokenFile are absolute; Host is empty if none is configured

	sources map[string]Source
	rules   Provenance
	data    []byte   // of File, or of the trusted copy
	named   Manifest // the file alone
	copy    *Copy    // that is trusted; nil: the files on disk count
	losers  []string // lower sources of the host that differ
}

// Tracker returns the project with a name such as "infrastructure", or the zero Target if the team has none.
func (c Config) Tracker(name string) target.Target {
	for _, t := range c.Trackers {
		if t.Name == name {
			return t.Project
		}
	}
	return target.Target{}
}

// Infrastructure returns the tracker of the team's own work.
func (c Config) Infrastructure() target.Target { return c.Tracker(manifest.Infrastructure) }

// Production returns the production queue: the tracker of incidents and changes.
func (c Config) Production() target.Target { return c.Tracker(manifest.Production) }

// MilestoneTarget returns the project or group with the milestones: milestones.group, or the infrastructure tracker.
func (c Config) MilestoneTarget() target.Target {
	if c.Milestones.Scope == target.Group {
		return target.GroupAt(c.Milestones.Group)
	}
	return c.Infrastructure()
}

// TrackerPaths returns the full paths of all trackers, without duplicates.
func (c Config) TrackerPaths() []string {
	var paths []string
	for _, t := range c.Trackers {
		if !slices.Contains(paths, t.Project.Path) {
			paths = append(paths, t.Project.Path)
		}
	}
	return paths
}

// RequireTrackers returns an error of kind Usage if one of the named trackers is not configured. Without names it requires
// infrastructure and production.
func (c Config) RequireTrackers(names ...string) error {
	if len(names) == 0 {
		names = []string{manifest.Infrastructure, manifest.Production}
	}
	for _, name := range names {
		if !c.Tracker(name).IsZero() {
			continue
		}
		if c.File == "" {
			return fault.New(fault.Usage, InitHint, "no configuration file found, so the %s tracker is unknown", name)
		}
		return fault.New(fault.Usage, "Add trackers."+name+" to the file, then run: prodctl config validate",
			"%s has no %s tracker", c.File, name)
	}
	return nil
}

// InitHint is the hint for a missing configuration file.
const InitHint = "Create one: prodctl init"

// RequireHost returns an error of kind Usage if no host is configured. The host has no default, so that a token is never sent to
// one that its owner did not choose.
func (c Config) RequireHost() error {
	if c.Host != "" {
		return nil
	}
	return fault.New(fault.Usage, "Use --host, or: export GITLAB_HOST=https://gitlab.example.com", "no GitLab host is configured")
}

// Kinds of sources of a value.
const (
	FromDefault = "default"
	FromFile    = "file"
	FromEnv     = "env"
	FromFlag    = "flag"
)

// Source describes where a value came from.
type Source struct {
	Kind string // FromDefault, FromFile, FromEnv or FromFlag
	Name string // of the flag, the variable or the file
	Line int    // in the file, from 1
}

// String returns "flag --host", "env PRODCTL_HOST", ".prodctl.yaml:3" or "default".
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

// input returns the name for messages: as String does, but a flag or a variable by its name alone.
func (s Source) input() string {
	switch s.Kind {
	case FromEnv:
		return s.Name
	case FromFlag:
		return "--" + s.Name
	}
	return s.String()
}

// Source returns where the value of a key, such as "milestones.length", came from.
func (c Config) Source(key string) Source {
	if s, ok := c.sources[key]; ok {
		return s
	}
	return Source{Kind: FromDefault}
}

// HostInFile returns the host that the file names, whatever overrides it; empty: none.
func (c Config) HostInFile() string { return c.named.Host }
