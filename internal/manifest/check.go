package manifest

import (
	"fmt"
	"maps"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// settle fills in what follows from other keys and checks what must hold between them.
func (f *File) settle(r *reader) {
	if _, said := r.places["version"]; !said {
		r.faultAt("version", "the key version is missing: begin the file with version: %d", Version)
	}
	f.settleTrackers(r)
	f.settleCadence(r)
	f.settleScope(r)
	f.settleNames(r)
	f.settleCarried(r)
	f.settleLabels(r)
	f.settleBoard(r)
	f.settleServices(r)
	f.settleApprovals(r)
	f.settleLocks(r)
	f.settleOncall(r)
	f.settleHandoff(r)
	f.settleAuthentication(r)
}

func (f *File) settleTrackers(r *reader) {
	by := map[string]string{}
	for _, t := range f.Trackers {
		path := strings.ToLower(t.Project.Path)
		if first, twice := by[path]; twice {
			r.faultAt("trackers."+t.Name, "trackers.%s is the same project as trackers.%s: a team with one project names infrastructure only",
				t.Name, first)
		}
		by[path] = t.Name
	}
}

func (f *File) settleCadence(r *reader) {
	c := f.Milestones.Cadence
	if day := c.Anchor.Weekday(); day != time.Monday {
		r.faultAt("milestones.anchor", "milestones.anchor: %s is a %s: timeboxes begin on a Monday", c.Anchor, day)
	}
	if c.Every%7 != 0 {
		r.faultAt("milestones.every", "milestones.every is %d days: timeboxes begin on a Monday, so it must be whole weeks", c.Every)
	}
	if c.Length > c.Every {
		at := "milestones.length"
		if r.places[at].line == 0 {
			at = "milestones.every"
		}
		r.faultAt(at, "%s: %v", at, c.Validate())
	}
}

// settleScope holds a group's milestones to the rule that issues can only carry those of groups above their project.
func (f *File) settleScope(r *reader) {
	m := f.Milestones
	if m.Scope != target.Group {
		return
	}
	if _, said := r.places["milestones.group"]; !said {
		r.faultAt("milestones.scope", "milestones.scope is group, but milestones.group does not say which")
	}
	if m.Group == "" {
		return
	}
	for _, t := range f.Trackers {
		needed := t.Name == Infrastructure || t.Name == Production
		if needed && !within(t.Project.Path, m.Group) {
			r.faultAt("milestones.group", "milestones.group: %s is not above %s, so that its milestones cannot be used there",
				m.Group, t.Project)
		}
	}
}

// within reports whether a project lies somewhere below a group; GitLab's paths ignore case.
func within(project, group string) bool {
	return strings.HasPrefix(strings.ToLower(project), strings.ToLower(group)+"/")
}

func (f *File) settleNames(r *reader) {
	n := &f.Milestones.Names
	if n.Archive == archiveDated {
		n.Archive = n.Dated
	}
	if strings.EqualFold(n.Current, n.Next) {
		at := "milestones.next"
		if r.places[at].line == 0 {
			at = "milestones.current"
		}
		r.faultAt(at, "milestones.current and milestones.next have the same name %s", quote(n.Next))
	}
}

// settleCarried makes one of the two ways to name the label of carried issues.
func (f *File) settleCarried(r *reader) {
	_, said := r.places["milestones.carried_label"]
	spelt, twice := f.Labels.Names[label.CarriedOver]
	switch {
	case said && twice && spelt != f.Milestones.CarriedLabel:
		r.faultAt("milestones.carried_label", "milestones.carried_label is %s, but labels.names calls that label %s",
			quote(f.Milestones.CarriedLabel), quote(spelt))
	case twice:
		f.Milestones.CarriedLabel = spelt
	case said && f.Milestones.CarriedLabel != label.CarriedOver:
		names := label.Spelling{label.CarriedOver: f.Milestones.CarriedLabel}
		maps.Copy(names, f.Labels.Names)
		f.Labels.Names = names
	}
}

// settleLabels checks the declared labels, first by themselves and then within the whole set.
// Labels whose name could not be read were told of before.
func (f *File) settleLabels(r *reader) {
	l := &f.Labels
	own, faults := l.Declare.Normalize()
	spoilt := false
	for _, fault := range faults {
		at := fmt.Sprintf("labels.declare[%d]", fault.Index)
		if _, said := r.places[at+"."+fault.Field]; said {
			at += "." + fault.Field
		}
		if spoilt = true; own[fault.Index].Name != "" {
			r.faultAt(at, "%s", fault.Text)
		}
	}
	l.Declare = own
	if spoilt || len(l.Names) == 0 && len(l.Declare) == 0 { // the built-in set by itself has no fault, which its own test holds it to
		return
	}
	set := l.Set()
	for _, fault := range set.Validate() {
		r.faultAt(f.declared(set[fault.Index]), "%s", fault.Text)
	}
}

// declared is the key that brought a label of the whole set in.
func (f *File) declared(d label.Declared) string {
	for i, own := range f.Labels.Declare {
		if own.Name == d.Name {
			return fmt.Sprintf("labels.declare[%d]", i)
		}
	}
	return "labels.names"
}

func (f *File) settleBoard(r *reader) {
	if _, said := r.places["board.columns"]; !said {
		f.Board.Columns = columns(f.Labels.Names)
		return
	}
	if len(f.Board.Columns) == 0 {
		r.faultAt("board.columns", "board.columns is empty: a board has at least one column before %s", Completed)
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
		case c.Name == "": // told of before
			continue
		case name == strings.ToLower(Completed):
			r.faultAt(at, "%s is the closed state and always the last column: leave it out", Completed)
		case names[name]:
			r.faultAt(at, "column %s is there twice", c.Name)
		case labels[c.Label]:
			r.faultAt(at, "label %s is the column of %s and of another", c.Label, c.Name)
		}
		names[name], labels[c.Label] = true, true
	}
}
