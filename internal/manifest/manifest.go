// Package manifest reads the configuration file, .prodctl.yaml, into values of the rules in pkg/.
//
// Every fault of a file is found at once and told with file, line and column: unknown keys, wrong types, values that
// GitLab or the calendar cannot have. Start with [Parse]; what a file leaves unsaid is as in [Defaults].
// The keys are listed in fields.go and the files of their parts, each with the codec of its value (codec.go), which reads it and
// says it again; what holds between them is checked in check.go.
// Where the file is looked for, the environment and flags are not here (internal/config), and neither is its
// published schema; nothing is opened but a table of time zones.
package manifest

import (
	"maps"
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/approval"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/lock"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// Version is the version of the file's form that this program reads.
const Version = 1

// Names of the two trackers that rules ask for (handbook, "Issue trackers"). Others may be named as a team likes.
const (
	Infrastructure = "infrastructure"
	Production     = "production"
)

// Completed is the last column of every board: the closed state, which is no label.
const Completed = "Completed"

// File is a configuration file. What it does not say has its default.
type File struct {
	Host       string // base URL without a slash at its end: "https://gitlab.example.com"; empty: not said
	Trackers   []Tracker
	Timezone   *time.Location // the team's, for civil dates
	Milestones Milestones
	Labels     Labels
	Board      Board
	Incidents  Incidents
	Changes    Changes
	Locks      []lock.Lock   // in the order of the file
	Approvals  approval.Rule // of changes of authentication
	Oncall     oncall.Schedule
	Handoff    Handoff
	Budget     Budget

	Output    string        // one of [Outputs]
	Color     string        // one of [Colors]
	Timeout   time.Duration // of a whole command; 0: none
	Parallel  int           // requests at once
	CAFile    string        // certificates to trust besides the system's, as written; empty: none
	TokenFile string        // as written; empty: none
	AllowHTTP bool          // send a token over plain http to other machines

	places    map[string]place
	people    []person
	overrides []dated[oncall.Override]
	swaps     []dated[oncall.Swap]
	locks     []dated[lock.Lock]
}

// Tracker is one project of issues, by the team's name for it.
type Tracker struct {
	Name    string
	Project target.Target
}

// Milestones says where timeboxes live, when they run and what they are called.
type Milestones struct {
	Scope     target.Kind // a project's: the infrastructure tracker's; or a group's
	Group     string      // full path; only with the scope of a group
	Cadence   milestone.Cadence
	Names     milestone.Names
	CarryOver milestone.CarryOver

	CarriedLabel string // what a carried issue is labelled with; the team's word for the built-in one
}

// Labels is the declared set in the form of the file; [Labels.Set] puts it together.
type Labels struct {
	Builtin bool           // start from the handbook's set
	Names   label.Spelling // this team's words for built-in names
	Declare label.Set      // normalized
}

// Set is the declared set in full, normalized.
func (l Labels) Set() label.Set {
	var set label.Set
	if l.Builtin {
		set = label.Builtin().Respell(l.Names)
	}
	return set.Merge(l.Declare)
}

// Board is the team's board. The closed state follows its columns as the last one, [Completed].
type Board struct {
	Name    string
	Columns []Column
}

// Column is one column: a label, and how many issues it may hold.
type Column struct {
	Name  string
	Label string
	Limit int // 0: no limit
}

// Outputs are the formats that a file may ask for.
func Outputs() []string { return []string{"table", "json", "yaml", "csv", "md"} }

// Colors are the ways to decide on colour.
func Colors() []string { return []string{"auto", "always", "never"} }

// Defaults is a file that says nothing: the handbook's cadence, names and columns.
func Defaults() File {
	return File{
		Timezone: time.UTC,
		Milestones: Milestones{
			Scope:     target.Project,
			Cadence:   milestone.Handbook(),
			Names:     milestone.HandbookNames(),
			CarryOver: milestone.CarryToCurrent,

			CarriedLabel: label.CarriedOver,
		},
		Labels:    Labels{Builtin: true},
		Board:     Board{Name: "Team board", Columns: columns(nil)},
		Incidents: defaultIncidents(),
		Changes:   defaultChanges(),
		Approvals: defaultApprovals(),
		Oncall:    oncall.Default(),
		Handoff:   defaultHandoff(),
		Budget:    defaultBudget(),
		Output:    "table",
		Color:     "auto",
		Timeout:   10 * time.Minute,
		Parallel:  8,
	}
}

// columns are the handbook's ("Team board and Milestones") with the team's spelling of their labels.
func columns(names label.Spelling) []Column {
	var out []Column
	for _, name := range []string{"Planning", "Ready", "Waiting", "In Progress"} {
		out = append(out, Column{Name: name, Label: names.Of(name)})
	}
	return out
}

// place is where something stands in the file, both from 1.
type place struct{ line, column int }

// Line is the line on which a key, such as "milestones.length", has its value; 0 when the file does not say it.
func (f File) Line(key string) int { return f.places[key].line }

// Keys are the full names of everything the file says, sorted.
func (f File) Keys() []string { return slices.Sorted(maps.Keys(f.places)) }
