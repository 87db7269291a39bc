package label

import (
	"maps"
	"slices"
	"strings"
)

// Scope says in which kind of place a declared label belongs.
type Scope string

// The scopes. A label of no scope belongs wherever the set is applied.
const (
	Anywhere  Scope = ""
	InProject Scope = "project"
	InGroup   Scope = "group"
)

// Declared is one label as a team wants it. What is left empty is not declared: an existing label keeps its own
// colour, description or priority there, so that nobody's words are lost.
type Declared struct {
	Name        string
	Color       string // #rrggbb; a new label without one gets [DefaultColor]
	Description string
	Priority    *int     // 0 is the highest
	RenamedFrom []string // old names, the likeliest first: a label of such a name is renamed and keeps its issues
	Scope       Scope
}

// belongs reports whether the label is to be made in groups, or else in projects.
func (d Declared) belongs(group bool) bool {
	return d.Scope == Anywhere || (d.Scope == InGroup) == group
}

// DefaultColor is what a new label gets that was declared without a colour: GitLab wants one.
const DefaultColor = "#6c757d"

// Label is the label that is made from the declaration. With priorities false, in a group, it has none.
func (d Declared) Label(priorities bool) Label {
	l := Label{Name: d.Name, Color: d.Color, Description: d.Description}
	if l.Color == "" {
		l.Color = DefaultColor
	}
	if priorities {
		l.Priority = d.Priority
	}
	return l
}

// Set is the declared labels, in the order in which they are shown.
type Set []Declared

// Find gives the declaration of a name, in exactly this spelling.
func (s Set) Find(name string) (Declared, bool) {
	i := slices.IndexFunc(s, func(d Declared) bool { return d.Name == name })
	if i < 0 {
		return Declared{}, false
	}
	return s[i], true
}

// Spelling maps names of the built-in set to the names that a team uses for the same thing.
type Spelling map[string]string

// Of is the team's name for a built-in one; the built-in one itself when the team has no other.
func (s Spelling) Of(builtin string) string {
	if own := strings.TrimSpace(s[builtin]); own != "" {
		return own
	}
	return builtin
}

// Unknown lists the names that the spelling maps though the built-in set has none of them, sorted.
func (s Spelling) Unknown() []string {
	known := Builtin()
	return slices.DeleteFunc(slices.Sorted(maps.Keys(s)), func(name string) bool {
		_, ok := known.Find(name)
		return ok
	})
}

// Respell gives the set under a team's own names. The built-in name does not become an old name:
// a team may use that word for something else, and says so itself by declaring it.
// A new name is no longer an old one of its own label.
func (s Set) Respell(names Spelling) Set {
	out := make(Set, len(s))
	for i, d := range s {
		d.Name = names.Of(d.Name)
		d.RenamedFrom = without(d.RenamedFrom, d.Name)
		out[i] = d
	}
	return out
}

// Merge lays a team's declarations over the set: one of a known name replaces what it says and keeps the rest,
// others are added at the end, and so is a name said twice, for [Set.Validate] to find.
// An old name that the team declares as a label of its own is no old name any more.
func (s Set) Merge(own Set) Set {
	out := slices.Clone(s)
	taken := map[string]bool{}
	for _, d := range own {
		taken[d.Name] = true
	}
	for i := range out {
		out[i].RenamedFrom = slices.DeleteFunc(slices.Clone(out[i].RenamedFrom), func(was string) bool { return taken[was] })
	}
	known, laid := len(out), map[string]bool{}
	for _, d := range own {
		i := slices.IndexFunc(out[:known], func(o Declared) bool { return o.Name == d.Name })
		if i < 0 || laid[d.Name] {
			out = append(out, d)
			continue
		}
		out[i], laid[d.Name] = out[i].overlay(d), true
	}
	return out
}

func (d Declared) overlay(own Declared) Declared {
	if own.Color != "" {
		d.Color = own.Color
	}
	if own.Description != "" {
		d.Description = own.Description
	}
	if own.Priority != nil {
		d.Priority = own.Priority
	}
	if own.Scope != Anywhere {
		d.Scope = own.Scope
	}
	d.RenamedFrom = append(slices.Clone(own.RenamedFrom), without(d.RenamedFrom, own.RenamedFrom...)...)
	return d
}

func without(names []string, unwanted ...string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return slices.Contains(unwanted, n) })
}
