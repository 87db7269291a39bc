package manifest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/host"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// derive sets values that follow from other keys, and checks the rules between keys.
func (f *File) derive(r *reader) {
	if _, set := r.places["version"]; !set {
		r.faultAt("version", "version is required: start the file with version: %d", Version)
	}
	f.deriveAddresses(r)
	f.deriveTrackers(r)
	f.deriveCadence(r)
	f.deriveScope(r)
	f.deriveNames(r)
	f.deriveCarried(r)
	f.deriveLabels(r)
	f.deriveBoard(r)
	f.deriveServices(r)
	f.deriveAlerts(r)
	f.deriveApprovals(r)
	f.deriveLocks(r)
	f.deriveOncall(r)
	f.deriveHandoff(r)
	f.deriveBudget(r)
	f.derivePlanning(r)
	f.deriveReadiness(r)
	f.deriveLint(r)
	f.deriveHooks(r)
	f.deriveAuthentication(r)
}

func (f *File) deriveTrackers(r *reader) {
	by := map[string]string{}
	for _, t := range f.Trackers {
		path := strings.ToLower(t.Project.Path)
		if first, duplicate := by[path]; duplicate {
			r.faultAt("trackers."+t.Name, "trackers.%s is the same project as trackers.%s: for a single project, set infrastructure only",
				t.Name, first)
		}
		by[path] = t.Name
	}
	for _, s := range f.ids {
		at := slices.IndexFunc(f.Trackers, func(t Tracker) bool { return t.Name == s.Name })
		if at < 0 {
			r.faultAt("tracker_ids."+s.Name, "tracker_ids.%s: no tracker is named %s", s.Name, s.Name)
			continue
		}
		f.Trackers[at].ID = int64(s.Value.(int))
	}
}

func (f *File) deriveCadence(r *reader) {
	c := f.Milestones.Cadence
	if day := c.Anchor.Weekday(); day != time.Monday {
		r.faultAt("milestones.anchor", "milestones.anchor: %s is a %s, but timeboxes start on a Monday", c.Anchor, day)
	}
	if c.Every%7 != 0 {
		r.faultAt("milestones.every", "milestones.every: %d days are not whole weeks, but timeboxes start on a Monday", c.Every)
	}
	if c.Length > c.Every {
		at := "milestones.length"
		if r.places[at].line == 0 {
			at = "milestones.every"
		}
		r.faultAt(at, "%s: %v", at, c.Validate())
	}
}

// deriveScope checks that the group with the milestones contains the trackers: an issue can only have milestones of its project
// and of the groups above it.
func (f *File) deriveScope(r *reader) {
	m := f.Milestones
	if m.Scope != target.Group {
		return
	}
	if _, set := r.places["milestones.group"]; !set {
		r.faultAt("milestones.scope", "milestones.scope: group requires milestones.group")
	}
	if m.Group == "" || host.IsAddress(m.Group) { // which was reported
		return
	}
	for _, t := range f.Trackers {
		required := t.Name == Infrastructure || t.Name == Production
		if required && !host.IsAddress(t.Project.Path) && !within(t.Project.Path, m.Group) {
			r.faultAt("milestones.group", "milestones.group: %s does not contain %s, so its milestones cannot be used there",
				m.Group, t.Project)
		}
	}
}

// within reports whether a group contains a project, directly or not. GitLab's paths ignore case.
func within(project, group string) bool {
	return strings.HasPrefix(strings.ToLower(project), strings.ToLower(group)+"/")
}

func (f *File) deriveNames(r *reader) {
	n := &f.Milestones.Names
	if n.Archive == archiveDated {
		n.Archive = n.Dated
	}
	if strings.EqualFold(n.Current, n.Next) {
		at := "milestones.next"
		if r.places[at].line == 0 {
			at = "milestones.current"
		}
		r.faultAt(at, "milestones.current and milestones.next are both %s", quote(n.Next))
	}
}

// deriveCarried merges the two ways to name the label of carried issues.
func (f *File) deriveCarried(r *reader) {
	_, set := r.places["milestones.carried_label"]
	renamed, both := f.Labels.Names[label.CarriedOver]
	switch {
	case set && both && renamed != f.Milestones.CarriedLabel:
		r.faultAt("milestones.carried_label", "milestones.carried_label is %s, but labels.names has %s for it",
			quote(f.Milestones.CarriedLabel), quote(renamed))
	case both:
		f.Milestones.CarriedLabel = renamed
	case set && f.Milestones.CarriedLabel != label.CarriedOver:
		names := label.Spelling{label.CarriedOver: f.Milestones.CarriedLabel}
		maps.Copy(names, f.Labels.Names)
		f.Labels.Names = names
	}
}

// deriveLabels checks the declared labels, first alone and then as a part of the whole set.
// A label without a readable name was reported before.
func (f *File) deriveLabels(r *reader) {
	l := &f.Labels
	own, faults := l.Declare.Normalize()
	invalid := false
	for _, fault := range faults {
		at := fmt.Sprintf("labels.declare[%d]", fault.Index)
		if _, set := r.places[at+"."+fault.Field]; set {
			at += "." + fault.Field
		}
		if invalid = true; own[fault.Index].Name != "" {
			r.faultAt(at, "%s", fault.Text)
		}
	}
	l.Declare = own
	if invalid || len(l.Names) == 0 && len(l.Declare) == 0 { // the built-in set is valid: it has its own test
		return
	}
	set := l.Set()
	for _, fault := range set.Validate() {
		r.faultAt(f.declared(set[fault.Index]), "%s", fault.Text)
	}
}

// declared returns the key that added a label to the whole set.
func (f *File) declared(d label.Declared) string {
	for i, own := range f.Labels.Declare {
		if own.Name == d.Name {
			return fmt.Sprintf("labels.declare[%d]", i)
		}
	}
	return "labels.names"
}

func (f *File) deriveBoard(r *reader) {
	defer f.deriveColumns(r)
	if _, set := r.places["board.columns"]; !set {
		f.Board.Columns = columns(f.Labels.Names)
		return
	}
	if len(f.Board.Columns) == 0 {
		r.faultAt("board.columns", "board.columns is empty: a board needs at least one column before %s", Completed)
	}
	names, labels := map[string]bool{}, map[string]bool{}
	for i, c := range f.Board.Columns {
		at := fmt.Sprintf("board.columns[%d]", i)
		if c.Label == "" {
			c.Label = c.Name
			f.Board.Columns[i] = c
		}
		name := strings.ToLower(c.Name)
		switch {
		case c.Name == "": // reported before
			continue
		case name == strings.ToLower(Completed):
			r.faultAt(at, "%s is the closed state and always the last column: do not list it", Completed)
		case names[name]:
			r.faultAt(at, "duplicate column %s", c.Name)
		case labels[c.Label]:
			r.faultAt(at, "label %s of column %s is used by another column", c.Label, c.Name)
		}
		names[name], labels[c.Label] = true, true
	}
}

// deriveColumns sets the columns in which work starts and waits, and checks that the board has them.
func (f *File) deriveColumns(r *reader) {
	var names []string
	for _, c := range f.Board.Columns {
		names = append(names, c.Name)
	}
	for _, k := range []struct {
		at     string
		column *string
	}{{"board.start", &f.Board.Start}, {"board.waiting", &f.Board.Waiting}} {
		_, set := r.places[k.at]
		switch known := slices.Contains(names, *k.column); {
		case set && !known:
			r.faultAt(k.at, "%s is not one of the columns: %s%s", k.at, quote(*k.column), didYouMean(*k.column, names))
		case !known:
			*k.column = ""
		}
	}
	if n := len(names); f.Board.Start == "" && n > 0 {
		f.Board.Start = names[n-1]
	}
}
