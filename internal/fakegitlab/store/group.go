package store

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Visibility of projects and groups.
const (
	Private  = "private"
	Internal = "internal"
	Public   = "public"
)

// Group is a group, top-level or below another.
type Group struct {
	ID           int
	Name, Path   string // path is the last part
	Parent       *Group
	Visibility   string
	Description  string
	CreatedAt    time.Time
	Members      []*Member
	Invited      []Invitation
	Milestones   []*Milestone
	Labels       []*Label
	Boards       []*Board
	LastMilesIID int

	FineGrainedOnly bool // of a top-level group: other tokens of people are refused in it
}

// FindGroup finds a group by id or full path, nil if there is none.
func (s *Store) FindGroup(ref string) *Group {
	if id, err := strconv.Atoi(ref); err == nil {
		if i := slices.IndexFunc(s.Groups, func(g *Group) bool { return g.ID == id }); i >= 0 {
			return s.Groups[i]
		}
		return nil
	}
	return s.GroupPaths[strings.ToLower(ref)]
}

// FullPath returns the paths of the parent groups and its own, joined by slashes.
func (g *Group) FullPath() string {
	if g.Parent == nil {
		return g.Path
	}
	return g.Parent.FullPath() + "/" + g.Path
}

// FullName returns the names of the parent groups and its own.
func (g *Group) FullName() string {
	if g.Parent == nil {
		return g.Name
	}
	return g.Parent.FullName() + " / " + g.Name
}

// Lineage returns the group and its ancestors, nearest first; empty for nil.
func (g *Group) Lineage() []*Group {
	var all []*Group
	for ; g != nil; g = g.Parent {
		all = append(all, g)
	}
	return all
}

// Within reports whether g is the ancestor or below it.
func (g *Group) Within(ancestor *Group) bool {
	for ; g != nil; g = g.Parent {
		if g == ancestor {
			return true
		}
	}
	return false
}
