package label

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// State says how a declared label stands against what is really there.
type State string

// The states of a comparison, as published.
const (
	OK      State = "ok"
	Missing State = "missing" // to be created
	Differs State = "differs" // to be changed
	Renamed State = "renamed" // there under an old name: to be renamed, its issues stay with it
	Extra   State = "extra"   // there but not declared; stays unless pruned
	Above   State = "above"   // provided by a group above, where alone it can be changed
)

// Options say what the comparison may ask for.
type Options struct {
	// Group says that the labels are a group's: labels for projects are left out, and there are no priorities.
	Group bool
	// Prune asks for labels to be removed that are not declared, as long as nothing carries them.
	// The comparison then needs labels seen with their counts.
	Prune bool
	// Force prunes those too that issues carry or boards list.
	Force bool
	// Listed holds the names that a board has as a column; they count as in use.
	OnBoard map[string]bool
}

// Difference is one label of the declared set against the one that is there, or one that is there alone.
//
// What to do follows from State: Missing makes Declared, Differs and Renamed send Change to Actual, an Extra
// with Prune is deleted. Above and OK never ask for anything.
type Difference struct {
	State    State
	Declared Declared // zero for an extra one
	Actual   Label    // zero for a missing one
	Change   Change   // zero unless State is Differs or Renamed
	Fields   []string // what differs: "name", "color", "description", "priority"; also told of a label above
	Prune    bool
	Notes    []string // what a person should know or do
}

// Name is the label's name after the plan is carried out.
func (d Difference) Name() string {
	if d.Declared.Name != "" {
		return d.Declared.Name
	}
	return d.Actual.Name
}

// Pending reports whether there is something to do.
func (d Difference) Pending() bool {
	return d.State == Missing || d.State == Differs || d.State == Renamed || d.Prune
}

// Compare holds the declared set against the labels of one project or group. The set must be valid and normalized.
//
// Declared labels come first in their order, then those that are there alone, by name; labels of groups above that
// nobody declared are not mentioned, since they are not ours. The order of actual does not matter.
// Every pending difference can be carried out without the others and in any order.
func Compare(set Set, actual []Label, opts Options) []Difference {
	c := comparison{opts: opts, own: map[string]Label{}, above: map[string]Label{}, replacedBy: map[string]string{}}
	for _, l := range sorted(actual) {
		where := c.own
		if l.FromGroup {
			where = c.above
		}
		if _, twin := where[l.Name]; !twin {
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

// Pending is the part of the differences that asks for something to be done.
func Pending(all []Difference) []Difference {
	return slices.DeleteFunc(slices.Clone(all), func(d Difference) bool { return !d.Pending() })
}

type comparison struct {
	opts       Options
	own, above map[string]Label
	replacedBy map[string]string // old names that stay, to the declared name that is there beside them
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
	for i, was := range d.RenamedFrom {
		if old, ok := c.own[was]; ok {
			diff := Difference{State: Renamed, Declared: d, Actual: old}
			diff.Change, diff.Fields = c.change(d, old)
			c.keepOldNames(d, d.RenamedFrom[i+1:])
			delete(c.own, was)
			return diff
		}
	}
	return c.missing(d)
}

// leave remembers old names that cannot be renamed because the new one is already there.
func (c comparison) keepOldNames(d Declared, olds []string) {
	for _, was := range olds {
		c.replacedBy[was] = d.Name
	}
}

func (c comparison) missing(d Declared) Difference {
	diff := Difference{State: Missing, Declared: d}
	for _, was := range d.RenamedFrom {
		if _, ok := c.above[was]; ok {
			diff.Notes = append(diff.Notes,
				fmt.Sprintf("the group above has %s under its old name %s: rename it there, and it need not be made here", d.Name, was))
		}
	}
	for _, l := range sorted(values(c.own)) {
		if strings.EqualFold(l.Name, d.Name) {
			diff.Notes = append(diff.Notes,
				fmt.Sprintf("%s is there in another spelling, %s: declare that as an old name to rename it", d.Name, l.Name))
		}
	}
	return diff
}

func (c comparison) fromAbove(d Declared, above Label) Difference {
	diff := Difference{State: Above, Declared: d, Actual: above}
	if _, diff.Fields = c.change(d, above); len(diff.Fields) > 0 {
		diff.Notes = []string{fmt.Sprintf("%s comes from a group above and has another %s there: it can be changed in that group only",
			d.Name, strings.Join(diff.Fields, " and "))}
	}
	return diff
}

// change is what makes the label as declared; what is not declared stays.
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

// extras are the labels of the place itself that nobody declared for it.
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
				Notes: []string{fmt.Sprintf("%s is declared for a %s: it is left alone here", l.Name, d.Scope)}})
		}
	}
	return out
}

func (c comparison) extra(l Label) Difference {
	diff := Difference{State: Extra, Actual: l}
	if heir, ok := c.replacedBy[l.Name]; ok {
		diff.Notes = append(diff.Notes,
			fmt.Sprintf("%s is an old name of %s, which is there too: give its issues the new label, then remove it with --prune", l.Name, heir))
	}
	if !c.opts.Prune {
		return diff
	}
	use := c.use(l)
	diff.Prune = use == "" || c.opts.Force
	if !diff.Prune {
		diff.Notes = append(diff.Notes, fmt.Sprintf("%s stays because %s: --force removes it all the same", l.Name, use))
	}
	return diff
}

// weight matches the labels that editions without weights use in their place. They are nobody's to declare:
// which of them are needed depends on the issues.
var weight = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^weight::[0-9]+$`) })

// use says what a label is used for, empty when nothing.
func (c comparison) use(l Label) string {
	var uses []string
	if l.Open > 0 || l.Closed > 0 {
		uses = append(uses, fmt.Sprintf("%d open and %d closed issues carry it", l.Open, l.Closed))
	}
	if l.Requests > 0 {
		uses = append(uses, fmt.Sprintf("%d open merge requests carry it", l.Requests))
	}
	if weight().MatchString(l.Name) {
		uses = append(uses, "it stands in for a weight where issues have none")
	}
	if c.opts.OnBoard[l.Name] {
		uses = append(uses, "a board has it as a column")
	}
	return strings.Join(uses, " and ")
}

// sorted orders labels by name, then id, so that nothing depends on the order in which they came.
func sorted(labels []Label) []Label {
	return slices.SortedFunc(slices.Values(labels), func(a, b Label) int {
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
