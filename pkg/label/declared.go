package label

import (
	"maps"
	"slices"
	"strings"
)

// Scope is the kind of place that a declared label is for.
type Scope string

// The scopes. A label without a scope is for every place that the set is applied to.
const (
	Anywhere  Scope = ""
	InProject Scope = "project"
	InGroup   Scope = "group"
)

// Declared is one label as a team wants it. An empty field is not declared: an existing label keeps its own color, description or
// priority, so that no text is lost.
type Declared struct {
	Name        string
	Color       string // #rrggbb; a new label without one gets [DefaultColor]
	Description string
	Priority    *int     // 0 is the highest
	RenamedFrom []string // old names, the likeliest first: a label with such a name is renamed and keeps its issues
	Scope       Scope
}

// belongs reports whether the label is for groups, or for projects if group is false.
func (d Declared) belongs(group bool) bool {
	return d.Scope == Anywhere || (d.Scope == InGroup) == group
}

// DefaultColor is the color of a new label that was declared without one, because GitLab requires a color.
const DefaultColor = "#6c757d"

// Label returns the label to create from the declaration. Group labels have no priority, so priorities is false for them.
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

// Set holds the declared labels in display order.
type Set []Declared

// Find returns the declaration with exactly this name.
func (s Set) Find(name string) (Declared, bool) {
	i := slices.IndexFunc(s, func(d Declared) bool { return d.Name == name })
	if i < 0 {
		return Declared{}, false
	}
	return s[i], true
}

// Spelling maps names of built-in labels to a team's own names.
type Spelling map[string]string

// Of returns the team's name for a built-in label, or the built-in name if the team did not rename it.
func (s Spelling) Of(builtin string) string {
	if own := strings.TrimSpace(s[builtin]); own != "" {
		return own
	}
	return builtin
}

// Unknown returns the mapped names that are not built-in labels, sorted.
func (s Spelling) Unknown() []string {
	known := Builtin()
	return slices.DeleteFunc(slices.Sorted(maps.Keys(s)), func(name string) bool {
		_, ok := known.Find(name)
		return ok
	})
}

// Respell returns the set with a team's own names. The built-in name does not become an old name, because a team may use it for
// something else; it can declare it as an old name. A new name is removed from the old names of its label.
func (s Set) Respell(names Spelling) Set {
	out := make(Set, len(s))
	for i, d := range s {
		d.Name = names.Of(d.Name)
		d.RenamedFrom = without(d.RenamedFrom, d.Name)
		out[i] = d
	}
	return out
}

// Merge returns the set with a team's declarations. A declaration with a known name replaces the fields that it sets. Others are added
// at the end, and so is a second declaration of the same name, for [Set.Validate] to find. An old name that the team declares as a label
// of its own is removed from the old names.
func (s Set) Merge(own Set) Set {
	out := slices.Clone(s)
	taken := map[string]bool{}
	for _, d := range own {
		taken[d.Name] = true
	}
	for i := range out {
		out[i].RenamedFrom = slices.DeleteFunc(slices.Clone(out[i].RenamedFrom), func(name string) bool { return taken[name] })
	}
	known, merged := len(out), map[string]bool{}
	for _, d := range own {
		i := slices.IndexFunc(out[:known], func(o Declared) bool { return o.Name == d.Name })
		if i < 0 || merged[d.Name] {
			out = append(out, d)
			continue
		}
		out[i], merged[d.Name] = out[i].overlay(d), true
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
