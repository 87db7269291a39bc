package label

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// State is the result of comparing a label with its declaration.
type State string

// The states, as published.
const (
	OK      State = "ok"
	Missing State = "missing" // to create
	Differs State = "differs" // to update
	Renamed State = "renamed" // exists under an old name: to rename, its issues keep it
	Extra   State = "extra"   // not declared; stays unless pruned
	Above   State = "above"   // belongs to a parent group, and can only be changed there
)

// Options are the options of [Compare].
type Options struct {
	// Group means that the labels belong to a group: labels for projects are left out, and labels have no priorities.
	Group bool
	// Prune deletes labels that are not declared and not in use.
	// The actual labels must then have their counts.
	Prune bool
	// Force also prunes labels that issues carry or boards list.
	Force bool
	// Listed holds the names that a board has as a column; they count as in use.
	OnBoard map[string]bool
}

// Difference compares one declared label with the actual one, or holds an actual label that is not declared.
//
// The action follows from State: Missing creates Declared, Differs and Renamed apply Change to Actual, and an Extra with Prune is
// deleted. Above and OK need no action.
type Difference struct {
	State    State
	Declared Declared // zero for an extra one
	Actual   Label    // zero for a missing one
	Change   Change   // zero unless State is Differs or Renamed
	Fields   []string // the fields that differ: "name", "color", "description", "priority"; set for labels of parent groups too
	Prune    bool
	Notes    []string // sentences for the reader
}

// Name returns the label's name after the plan is applied.
func (d Difference) Name() string {
	if d.Declared.Name != "" {
		return d.Declared.Name
	}
	return d.Actual.Name
}

// Pending reports whether the difference needs an action.
func (d Difference) Pending() bool {
	return d.State == Missing || d.State == Differs || d.State == Renamed || d.Prune
}

// Compare compares the declared set with the labels of one project or group. The set must be valid and normalized.
//
// Declared labels come first in their order, then undeclared ones by name. Undeclared labels of parent groups are left out, because
// they are not the team's. The order of actual does not matter. Pending differences are independent of each other.
func Compare(set Set, actual []Label, opts Options) []Difference {
	c := comparison{opts: opts, own: map[string]Label{}, above: map[string]Label{}, replacedBy: map[string]string{}}
	for _, l := range sorted(actual) {
		where := c.own
		if l.FromGroup {
			where = c.above
		}
		if _, exists := where[l.Name]; !exists {
			where[l.Name] = l
		}
	}
	out := make([]Difference, 0, len(set))
	for _, d := range set {
		_, above := c.above[d.Name]
		if d.belongs(opts.Group) || above {
			out = append(out, c.declared(d))
		}
	}
	return append(out, c.extras(set, actual)...)
}

// Pending returns the differences that need an action.
func Pending(all []Difference) []Difference {
	return slices.DeleteFunc(slices.Clone(all), func(d Difference) bool { return !d.Pending() })
}

type comparison struct {
	opts       Options
	own, above map[string]Label
	replacedBy map[string]string // old names that stay, by which the declared name exists too
}

func (c comparison) declared(d Declared) Difference {
	if own, ok := c.own[d.Name]; ok && d.belongs(c.opts.Group) {
		diff := Difference{State: OK, Declared: d, Actual: own}
		if diff.Change, diff.Fields = c.change(d, own); len(diff.Fields) > 0 {
			diff.State = Differs
		}
		c.keepOldNames(d, d.RenamedFrom)
		return diff
	}
	if above, ok := c.above[d.Name]; ok {
		c.keepOldNames(d, d.RenamedFrom)
		return c.fromAbove(d, above)
	}
	for i, oldName := range d.RenamedFrom {
		if old, ok := c.own[oldName]; ok {
			diff := Difference{State: Renamed, Declared: d, Actual: old}
			diff.Change, diff.Fields = c.change(d, old)
			c.keepOldNames(d, d.RenamedFrom[i+1:])
			delete(c.own, oldName)
			return diff
		}
	}
	return c.missing(d)
}

// keepOldNames records old names that cannot be renamed because the new name already exists.
func (c comparison) keepOldNames(d Declared, oldNames []string) {
	for _, oldName := range oldNames {
		c.replacedBy[oldName] = d.Name
	}
}

func (c comparison) missing(d Declared) Difference {
	diff := Difference{State: Missing, Declared: d}
	for _, oldName := range d.RenamedFrom {
		if _, ok := c.above[oldName]; ok {
			diff.Notes = append(diff.Notes,
				fmt.Sprintf("A parent group has %s under its old name %s. Rename it there instead of creating it here.", d.Name, oldName))
		}
	}
	for _, l := range sorted(values(c.own)) {
		if strings.EqualFold(l.Name, d.Name) {
			diff.Notes = append(diff.Notes,
				fmt.Sprintf("%s exists in another spelling, %s. To rename it, declare that as an old name (renamed_from).", d.Name, l.Name))
		}
	}
	return diff
}

func (c comparison) fromAbove(d Declared, above Label) Difference {
	diff := Difference{State: Above, Declared: d, Actual: above}
	if _, diff.Fields = c.change(d, above); len(diff.Fields) > 0 {
		diff.Notes = []string{fmt.Sprintf("%s belongs to a parent group and has a different %s. It can only be changed in that group.",
			d.Name, strings.Join(diff.Fields, ", "))}
	}
	return diff
}

// change returns the change that makes the label as declared. Fields that are not declared stay.
func (c comparison) change(d Declared, l Label) (Change, []string) {
	var change Change
	var fields []string
	if l.Name != d.Name {
		change.Name, fields = &d.Name, append(fields, "name")
	}
	if d.Color != "" && !sameColor(l.Color, d.Color) {
		change.Color, fields = &d.Color, append(fields, "color")
	}
	if d.Description != "" && strings.TrimSpace(l.Description) != d.Description {
		change.Description, fields = &d.Description, append(fields, "description")
	}
	if !c.opts.Group && d.Priority != nil && (l.Priority == nil || *l.Priority != *d.Priority) {
		change.SetPriority, change.Priority, fields = true, d.Priority, append(fields, "priority")
	}
	return change, fields
}

func sameColor(actual, declared string) bool {
	c, err := NormalizeColor(actual)
	return err == nil && c == declared
}

// extras returns the place's own labels that are not declared for it.
func (c comparison) extras(set Set, actual []Label) []Difference {
	var out []Difference
	for _, l := range sorted(actual) {
		if _, here := c.own[l.Name]; l.FromGroup || !here {
			continue
		}
		switch d, declared := set.Find(l.Name); {
		case !declared:
			out = append(out, c.extra(l))
		case !d.belongs(c.opts.Group):
			out = append(out, Difference{State: Extra, Actual: l,
				Notes: []string{fmt.Sprintf("%s is declared for a %s and stays as it is here", l.Name, d.Scope)}})
		}
	}
	return out
}

func (c comparison) extra(l Label) Difference {
	diff := Difference{State: Extra, Actual: l}
	if newName, ok := c.replacedBy[l.Name]; ok {
		diff.Notes = append(diff.Notes,
			fmt.Sprintf("%s is an old name of %s, and both exist. Give its issues the new label, then delete it with --prune.", l.Name, newName))
	}
	if !c.opts.Prune {
		return diff
	}
	use := c.use(l)
	diff.Prune = use == "" || c.opts.Force
	if !diff.Prune {
		diff.Notes = append(diff.Notes, fmt.Sprintf("%s stays because %s. To delete it anyway, add --force.", l.Name, use))
	}
	return diff
}

// weight matches the labels that replace weights on editions without them. They cannot be declared, because which of them are needed
// depends on the issues.
var weight = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^weight::[0-9]+$`) })

// use returns what a label is used for, or the empty string.
func (c comparison) use(l Label) string {
	var uses []string
	if all := l.Open + l.Closed; all > 0 {
		uses = append(uses, fmt.Sprintf("it is on %s (%d open)", count(all, "issue"), l.Open))
	}
	if l.Requests > 0 {
		uses = append(uses, "it is on "+count(l.Requests, "open merge request"))
	}
	if weight().MatchString(l.Name) {
		uses = append(uses, "it is an issue weight")
	}
	if c.opts.OnBoard[l.Name] {
		uses = append(uses, "it is a column of a board")
	}
	return strings.Join(uses, " and ")
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// sorted sorts labels by name, then by id, so that the result does not depend on their order.
func sorted(labels []Label) []Label {
	return stable.Sorted(labels, func(a, b Label) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
}

func values(m map[string]Label) []Label {
	var out []Label
	for _, l := range m {
		out = append(out, l)
	}
	return out
}
