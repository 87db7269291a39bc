// Package manifest reads the configuration file, .prodctl.yaml, into values of the rules in pkg/.
//
// Start with [Parse]. It reports all errors of a file at once, with line and column: unknown keys, wrong types, values that are
// invalid in GitLab or in the calendar. Missing keys have the values of [Defaults].
// The keys are listed in fields.go and in the files of their parts, each with a codec (codec.go) that reads and shows its value.
// check.go has the rules between keys.
//
// The package opens no files and reads neither the environment nor flags (internal/config). The published schema is not here either.
package manifest

import (
	"maps"
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/alert"
	"gitlab.com/prodctl/prodctl/pkg/approval"
	"gitlab.com/prodctl/prodctl/pkg/hook"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/lock"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// Version is the version of the file format that this program reads.
const Version = 1

// Names of the two trackers that the rules use (handbook, "Issue trackers"). A team can add others.
const (
	Infrastructure = "infrastructure"
	Production     = "production"
)

// Completed is the last column of every board: the closed state, which has no label.
const Completed = "Completed"

// The default columns in which work starts and waits. In a board without the first one, work starts in the last column.
const (
	inProgress = "In Progress"
	waiting    = "Waiting"
)

// File is a configuration file. Missing keys have their defaults.
type File struct {
	Host       string   // base URL without a slash at the end: "https://gitlab.example.com"; empty: not set
	WebHosts   []string // other addresses of the same GitLab, for URLs that people paste
	Trackers   []Tracker
	Timezone   *time.Location // the team's, for civil dates
	Times      string         // how a time without an offset on the command line is read
	Milestones Milestones
	Labels     Labels
	Board      Board
	Incidents  Incidents
	Alerts     alert.Rules // what alerts say about an incident
	Changes    Changes
	Locks      []lock.Lock   // in the order of the file
	Approvals  approval.Rule // of changes of authentication
	Oncall     oncall.Schedule
	Handoff    Handoff
	Budget     Budget
	Report     Report
	Planning   Planning
	Requests   Requests
	Queue      Queue
	Rad        Rad
	Readiness  Readiness
	Lint       Lint
	Hooks      []hook.Hook // in the order of the file

	OncallSource string // [SourceFile] or [SourceICS]
	OncallFile   string // the calendar, as written; empty: none

	Output    string        // one of [Outputs]
	Color     string        // one of [Colors]
	Timeout   time.Duration // of a whole command; 0: none
	Parallel  int           // requests at once
	CAFile    string        // certificates to trust besides the system's, as written; empty: none
	TokenFile string        // as written; empty: none
	AllowHTTP bool          // send a token over plain http to other machines

	places    map[string]place
	people    []person
	ids       pairs // tracker_ids
	overrides []dated[oncall.Override]
	swaps     []dated[oncall.Swap]
	locks     []dated[lock.Lock]
}

// Tracker is one project with issues, under the team's name for it.
type Tracker struct {
	Name    string
	Project target.Target
	ID      int64 // of the project; 0: not in the file
}

// Milestones configures where timeboxes are kept, when they run and what they are called.
type Milestones struct {
	Scope     target.Kind // project (the infrastructure tracker) or group
	Group     string      // full path; only with the scope group
	Cadence   milestone.Cadence
	Names     milestone.Names
	CarryOver milestone.CarryOver

	CarriedLabel string // label of a carried issue, under the team's name
}

// Labels are the declared labels as in the file; [Labels.Set] returns the whole set.
type Labels struct {
	Builtin bool           // start with the handbook's set
	Names   label.Spelling // the team's names for built-in labels
	Declare label.Set      // normalized
}

// Set returns the whole set of declared labels, normalized.
func (l Labels) Set() label.Set {
	var set label.Set
	if l.Builtin {
		set = label.Builtin().Respell(l.Names)
	}
	return set.Merge(l.Declare)
}

// Board is the team's board. [Completed], the closed state, is an implied last column.
type Board struct {
	Name    string
	Columns []Column
	Start   string // the column in which work starts
	Waiting string // the column of work that waits; empty: none
}

// Column is one column: a label, and the limit of its issues.
type Column struct {
	Name  string
	Label string
	Limit int // 0: no limit
}

// Outputs returns the output formats that a file can set.
func Outputs() []string { return []string{"table", "json", "yaml", "csv", "md"} }

// The values of the key times: a time without an offset on the command line is UTC, or in the team's zone.
const (
	TimesUTC  = "utc"
	TimesTeam = "team"
)

// TimesZone is the zone of a time without an offset on the command line.
func (f File) TimesZone() *time.Location {
	if f.Times == TimesTeam {
		return f.Timezone
	}
	return time.UTC
}

// Colors returns the values of the key color.
func Colors() []string { return []string{"auto", "always", "never"} }

// Defaults returns a file with all defaults: the handbook's cadence, names and columns.
func Defaults() File {
	return File{
		Timezone: time.UTC,
		Times:    TimesUTC,
		Milestones: Milestones{
			Scope:     target.Project,
			Cadence:   milestone.Handbook(),
			Names:     milestone.HandbookNames(),
			CarryOver: milestone.CarryToCurrent,

			CarriedLabel: label.CarriedOver,
		},
		Labels:    Labels{Builtin: true},
		Board:     Board{Name: "Team board", Columns: columns(nil), Start: inProgress, Waiting: waiting},
		Incidents: defaultIncidents(),
		Alerts:    defaultAlerts(),
		Changes:   defaultChanges(),
		Approvals: defaultApprovals(),
		Oncall:    oncall.Default(),
		Handoff:   defaultHandoff(),
		Budget:    defaultBudget(),
		Planning:  defaultPlanning(),
		Rad:       defaultRad(),
		Readiness: defaultReadiness(),
		Lint:      defaultLint(),

		OncallSource: SourceFile,

		Output:   "table",
		Color:    "auto",
		Timeout:  10 * time.Minute,
		Parallel: 8,
	}
}

// columns returns the handbook's columns ("Team board and Milestones"), with labels under the team's names.
func columns(names label.Spelling) []Column {
	var out []Column
	for _, name := range []string{"Planning", "Ready", "Waiting", "In Progress"} {
		out = append(out, Column{Name: name, Label: names.Of(name)})
	}
	return out
}

// place is a position in the file; both numbers start at 1.
type place struct{ line, column int }

// Line returns the line with the value of a key such as "milestones.length"; 0 if the file does not have the key.
func (f File) Line(key string) int { return f.places[key].line }

// Place returns the line and the column of the value of a key, both from 1; 0 if the file does not have the key.
func (f File) Place(key string) (line, column int) { return f.places[key].line, f.places[key].column }

// Keys returns the full names of all keys in the file, sorted.
func (f File) Keys() []string { return slices.Sorted(maps.Keys(f.places)) }
