// Package queue holds the rules of merging one tracker into another: which labels an issue has there, which of them have to be created
// first, and what GitLab leaves behind. Start with [Rules]; table.go has the text that says what moved where.
//
// Requests, and the order of the steps, do not belong here.
package queue

import (
	"fmt"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// Mapping says which label of the tracker that is merged becomes which one. An empty name leaves the label behind.
type Mapping map[string]string

// ParseMapping parses pairs such as "db-oncall=oncall". A pair without a new name leaves the label behind.
func ParseMapping(pairs []string) (Mapping, error) {
	all := Mapping{}
	for _, pair := range pairs {
		before, after, found := strings.Cut(pair, "=")
		before, after = strings.TrimSpace(before), strings.TrimSpace(after)
		switch known, again := all[before]; {
		case !found || before == "":
			return nil, fmt.Errorf("invalid mapping %q (use old=new, or old= to leave the label behind)", pair)
		case label.CheckName(after) != "" && after != "":
			return nil, fmt.Errorf("invalid mapping %q: the label name %s", pair, label.CheckName(after))
		case again && known != after:
			return nil, fmt.Errorf("label %q is mapped to %q and to %q", before, known, after)
		}
		all[before] = after
	}
	return all, nil
}

// Over returns the mapping with the entries of another one over it.
func (m Mapping) Over(other Mapping) Mapping {
	all := Mapping{}
	for _, from := range []Mapping{other, m} {
		for before, after := range from {
			all[before] = after
		}
	}
	return all
}

// find returns the entry for a label: the one of its name, or else one that differs in letter case only.
func (m Mapping) find(label string) (before, after string, found bool) {
	if after, found = m[label]; found {
		return label, after, true
	}
	for name, to := range m {
		if strings.EqualFold(name, label) && (!found || name < before) {
			before, after, found = name, to, true
		}
	}
	return before, after, found
}

// Chained returns a label that others become and that becomes another one itself: then it would matter how often an issue is labeled.
func (m Mapping) Chained() (label string, found bool) {
	for _, after := range m {
		for before, next := range m {
			if strings.EqualFold(before, after) && !strings.EqualFold(before, next) && (!found || before < label) {
				label, found = before, true
			}
		}
	}
	return label, found
}

// Maps reports whether a label becomes another one, in any letter case.
func (m Mapping) Maps(label string) bool {
	for before, after := range m {
		if strings.EqualFold(before, label) && !strings.EqualFold(before, after) {
			return true
		}
	}
	return false
}

// Origin is the label that says from which tracker an issue came.
type Origin struct {
	Name  string
	Label label.Label // color and description, for when it has to be created
}

// Rules decide how the issues of a tracker look in another one. Make them with [NewRules]. They remember what the issues need, so they are
// for one plan.
type Rules struct {
	mapping    Mapping
	origin     string
	target     names
	source     names
	milestones map[string]bool // titles of the active ones that an issue of the target can have

	missing   [2][]label.Label // to be created in the target, and in the source
	templates map[string]label.Label
	unmapped  Mapping // entries of the mapping that no issue needed yet
}

// names are the labels that can be set in a project.
type names struct {
	exact  map[string]label.Label
	folded map[string][]string // by the name in lower case
}

func newNames(all []label.Label) names {
	n := names{map[string]label.Label{}, map[string][]string{}}
	for _, l := range all {
		n.add(l)
	}
	return n
}

func (n names) add(l label.Label) {
	if _, known := n.exact[l.Name]; known {
		return
	}
	n.exact[l.Name] = l
	folded := strings.ToLower(l.Name)
	n.folded[folded] = append(n.folded[folded], l.Name)
}

// spelled returns the label as the project spells it: with this name, or the only one that differs in letter case.
func (n names) spelled(name string) (string, bool) {
	if _, ok := n.exact[name]; ok {
		return name, true
	}
	if alike := n.folded[strings.ToLower(name)]; len(alike) == 1 {
		return alike[0], true
	}
	return name, false
}

// NewRules returns the rules for the labels of both trackers, including those of their groups, and the titles of the active milestones of
// the target and of the groups above it.
func NewRules(m Mapping, origin Origin, source, target []label.Label, milestones []string) *Rules {
	r := &Rules{mapping: m, source: newNames(source), target: newNames(target), milestones: map[string]bool{},
		templates: map[string]label.Label{}, unmapped: Mapping{}.Over(m)}
	for _, title := range milestones {
		r.milestones[title] = true
	}
	if l, ok := r.source.exact[origin.Name]; ok {
		origin.Label = l
	}
	r.templates[origin.Name] = origin.Label
	r.origin = r.resolve(origin.Name, origin.Name)
	return r
}

// Origin is the label that says where an issue came from, as the target spells it.
func (r *Rules) Origin() string { return r.origin }

// Missing returns the labels that have to be created before the issues that were passed to [Rules.Move] can be moved: in the target, and in
// the source.
func (r *Rules) Missing() (target, source []label.Label) { return r.missing[0], r.missing[1] }

// Unused returns the labels of the mapping that no issue has, sorted.
func (r *Rules) Unused() (all []string) {
	for before := range r.unmapped {
		all = append(all, before)
	}
	return stable.Sorted(all, strings.Compare)
}

// Move is what an issue needs before it is moved, and what it loses.
type Move struct {
	Add, Remove []string            // labels, before the move
	Labels      []string            // that it has after the move, sorted
	Renamed     []Renamed           // labels that are others in the target
	Left        []string            // labels that stay behind
	Lost        []string            // labels of a confidential issue that are not created in the target
	Scopes      map[string][]string // labels of one scope, of which a paid edition keeps one
	Milestone   string              // that it loses; empty: none
}

// Renamed is a label that is another one in the target.
type Renamed struct{ Before, After string }

// Move returns what an issue needs. A label that the target lacks is not created for a confidential issue, because its name may show what
// the issue is about: it stays behind. So pass the others first.
func (r *Rules) Move(i issue.Issue) Move {
	var m Move
	final := []string{r.origin}
	for _, l := range i.Labels {
		before, after, mapped := r.mapping.find(l)
		delete(r.unmapped, before)
		switch {
		case !mapped:
			after = l
			if _, there := r.target.spelled(l); !there && label.CheckName(l) != "" { // GitLab would not create it
				m.Left = append(m.Left, l)
				continue
			}
		case after == "":
			m.Left = append(m.Left, l)
			m.Remove = r.unset(m.Remove, l)
			continue
		}
		if _, there := r.target.spelled(after); !there && i.Confidential {
			m.Lost = append(m.Lost, l)
			continue
		}
		if after = r.resolve(after, l); after != l {
			m.Renamed = append(m.Renamed, Renamed{l, after})
			m.Remove = r.unset(m.Remove, l)
		}
		final = append(final, after)
	}
	m.Labels = slices.Compact(stable.Sorted(final, strings.Compare))
	m.Remove = slices.DeleteFunc(m.Remove, func(l string) bool { return slices.Contains(m.Labels, l) })
	for _, l := range m.Labels {
		if !i.Has(l) {
			m.Add = append(m.Add, l)
			r.needInSource(l)
		}
	}
	m.Scopes = scopes(m.Labels)
	if i.Milestone != "" && !r.milestones[i.Milestone] {
		m.Milestone = i.Milestone
	}
	return m
}

// unset adds a label that would go along because the target has one of this name.
func (r *Rules) unset(list []string, name string) []string {
	if _, there := r.target.exact[name]; there {
		return append(list, name)
	}
	return list
}

// resolve returns the label as the target spells it. One that the target lacks is created there, with the color of the one that it was.
func (r *Rules) resolve(name, was string) string {
	spelled, there := r.target.spelled(name)
	if there {
		return spelled
	}
	l, ok := r.source.exact[name]
	if !ok {
		l, ok = r.source.exact[was]
	}
	if !ok {
		l = r.templates[was]
	}
	created := plain(name, l)
	r.missing[0] = append(r.missing[0], created)
	r.target.add(created)
	return name
}

// needInSource remembers a label that is set before the move, and that the source lacks.
func (r *Rules) needInSource(name string) {
	if _, there := r.source.exact[name]; there {
		return
	}
	created := plain(name, r.target.exact[name])
	r.missing[1] = append(r.missing[1], created)
	r.source.add(created)
}

// defaultColor is the color of a label of which nothing is known.
const defaultColor = "#6699cc"

// plain is a new label with the color and description of another one. Priorities stay: the target has its own.
func plain(name string, like label.Label) label.Label {
	if like.Color == "" {
		like.Color = defaultColor
	}
	return label.Label{Name: name, Color: like.Color, Description: safetext.Title(like.Description)}
}

// scopes returns the labels that exclude each other in a paid edition, by their scope.
func scopes(labels []string) map[string][]string {
	var all map[string][]string
	by := map[string][]string{}
	for _, l := range labels {
		if at := strings.LastIndex(l, "::"); at > 0 {
			by[l[:at]] = append(by[l[:at]], l)
		}
	}
	for scope, list := range by {
		if len(list) > 1 {
			if all == nil {
				all = map[string][]string{}
			}
			all[scope] = list
		}
	}
	return all
}
