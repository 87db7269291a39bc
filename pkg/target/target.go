// Package target names the project or group that a command acts on, and parses and formats it. Start with [Target].
//
// Milestones, labels and boards are addressed by a [Target], so that commands treat projects and groups alike. What a project or group
// contains does not belong here.
package target

import (
	"fmt"
	"strings"
)

// Kind tells a project from a group.
type Kind string

// The kinds of places in which GitLab keeps milestones, labels and boards.
const (
	Project Kind = "project"
	Group   Kind = "group"
)

// Target is a project or a group by its full path, such as acme/infrastructure.
type Target struct {
	Kind Kind
	Path string
}

// ProjectAt returns the project with a valid full path.
func ProjectAt(path string) Target { return Target{Project, path} }

// GroupAt returns the group with a valid full path.
func GroupAt(path string) Target { return Target{Group, path} }

// String returns "project acme/infrastructure" or "group acme", for use in sentences.
func (t Target) String() string { return string(t.Kind) + " " + t.Path }

// IsZero reports whether the target is empty.
func (t Target) IsZero() bool { return t == Target{} }

// ParsePath parses a full path: segments separated by slashes, with or without a slash at either end. A project needs at least two
// segments, because GitLab looks up a path without a slash as a number.
func ParsePath(kind Kind, s string) (Target, error) {
	path := strings.Trim(strings.TrimSpace(s), "/")
	segments := strings.Split(path, "/")
	if path == "" {
		return Target{}, fmt.Errorf("the %s path is empty", kind)
	}
	if kind == Project && len(segments) < 2 {
		return Target{}, fmt.Errorf("invalid project path %q (use the full path, such as acme/infrastructure)", s)
	}
	for _, segment := range segments {
		if !validSegment(segment) {
			return Target{}, fmt.Errorf("invalid %s path %q: GitLab does not allow the name %q", kind, s, segment)
		}
	}
	return Target{kind, path}, nil
}

// validSegment reports whether s consists of letters, digits, '_', '-', '.' and '+' and does not start with '-' or '.'.
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
