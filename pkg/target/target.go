// Package target names the project or group that a command acts on, parsed and printed in one way.
//
// It knows nothing of what lives there; milestones, labels and boards are addressed
// by a [Target] so that no command has to tell a project from a group.
package target

import (
	"fmt"
	"strings"
)

// Kind tells a project from a group.
type Kind string

// The two kinds of place in which GitLab keeps milestones, labels and boards.
const (
	Project Kind = "project"
	Group   Kind = "group"
)

// Target is a project or a group by its full path, such as acme/infrastructure.
type Target struct {
	Kind Kind
	Path string
}

// ProjectAt and GroupAt build targets from paths that were checked before.
func ProjectAt(path string) Target { return Target{Project, path} }

// GroupAt is the group with the full path.
func GroupAt(path string) Target { return Target{Group, path} }

// String is "project acme/infrastructure" or "group acme", as it stands in sentences.
func (t Target) String() string { return string(t.Kind) + " " + t.Path }

// IsZero reports whether nothing is named.
func (t Target) IsZero() bool { return t == Target{} }

// ParsePath checks a full path as a person would write it: segments parted by slashes,
// with or without a slash at either end. A project needs at least two segments,
// because GitLab looks a path without a slash up as a number.
func ParsePath(kind Kind, s string) (Target, error) {
	path := strings.Trim(strings.TrimSpace(s), "/")
	segments := strings.Split(path, "/")
	if path == "" {
		return Target{}, fmt.Errorf("the %s path is empty", kind)
	}
	if kind == Project && len(segments) < 2 {
		return Target{}, fmt.Errorf("%q is no project path: write it in full, such as acme/infrastructure", s)
	}
	for _, segment := range segments {
		if !validSegment(segment) {
			return Target{}, fmt.Errorf("%q is no %s path: %q is not a name that GitLab allows", s, kind, segment)
		}
	}
	return Target{kind, path}, nil
}

// validSegment holds for letters, digits, '_', '-', '.', '+' not beginning with '-' or '.'.
func validSegment(s string) bool {
	if s == "" || strings.HasPrefix(s, "-") || strings.HasPrefix(s, ".") {
		return false
	}
	for _, r := range s {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		if !letter && !strings.ContainsRune("_-.+", r) && r < 0x80 {
			return false
		}
	}
	return true
}
