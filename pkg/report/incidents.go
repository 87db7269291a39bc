package report

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/incident"
)

// MitigatedWithin is the time in which an incident should be mitigated.
const MitigatedWithin = 30 * time.Minute

// Times are how long it took, from the start of each incident. Both ends are those of the records;
// where one is not known, or they contradict each other, the time is missing.
type Times struct{ Detect, Mitigate, Resolve Sample }

// Within is the share that was mitigated in time.
func (t Times) Within() Share { return t.Mitigate.Within(MitigatedWithin) }

func (t *Times) add(i incident.Incident) {
	t.Detect.Add(i.ToDetect())
	t.Mitigate.Add(i.ToMitigate())
	t.Resolve.Add(i.ToResolve())
}

// hide counts an incident whose times are not told.
func (t *Times) hide() {
	t.Detect.Missing++
	t.Mitigate.Missing++
	t.Resolve.Missing++
}

// Group are the incidents that have a severity or a service in common.
type Group struct {
	Name   string
	Number int
	Times  Times
}

// Names of groups for what has no name of its own.
const (
	Unknown      = "unknown"      // nobody has said
	Confidential = "confidential" // which services those are, and how long it took for these, is not told
)

// WeekNumber is how many incidents began in the days that a week has in common with the period.
type WeekNumber struct {
	Week   handoff.Week
	Number int
}

// IncidentStatistics is how the incidents of a period went.
type IncidentStatistics struct {
	Incidents  []incident.Incident // that began in it, the first one first
	Severities []Group             // S1 to S4 always; unknown where there are some
	Services   []Group             // the most frequent first, at the end confidential and unknown; an incident counts for each of its services
	Times      Times
	Weeks      []WeekNumber // all of the period
}

// Began is when an incident began: by its record, else not before its issue was opened as far as is known. recorded tells which.
func Began(i incident.Incident) (at time.Time, recorded bool) {
	if start := i.Record.StartedAt; !start.IsZero() {
		return start.UTC(), true
	}
	return i.Issue.CreatedAt.UTC(), false
}

// Statistics are those of the incidents that began in the period, in whatever order and however often they are given.
func Statistics(p Period, list []incident.Incident) IncidentStatistics {
	var out IncidentStatistics
	out.Incidents = began(p, list)
	severities, services, weeks := map[string]*Group{}, map[string]*Group{}, map[handoff.Week]int{}
	for _, i := range out.Incidents {
		out.Times.add(i)
		count(severities, i, severityName(i))
		for _, name := range serviceNames(i) {
			count(services, i, name)
		}
		at, _ := Began(i)
		weeks[handoff.WeekOf(p.Day(at))]++
	}
	out.Severities = severityGroups(severities)
	out.Services = serviceGroups(services)
	for _, w := range p.Weeks() {
		out.Weeks = append(out.Weeks, WeekNumber{w, weeks[w]})
	}
	return out
}

// began are the incidents that began in a period, each once, by their beginning.
func began(p Period, list []incident.Incident) []incident.Incident {
	var in []incident.Incident
	for _, i := range list {
		if at, _ := Began(i); p.Has(at) {
			in = append(in, i)
		}
	}
	slices.SortFunc(in, func(a, b incident.Incident) int {
		one, _ := Began(a)
		other, _ := Began(b)
		return cmp.Or(one.Compare(other), cmp.Compare(a.Issue.ID, b.Issue.ID))
	})
	return slices.CompactFunc(in, func(a, b incident.Incident) bool { return a.Issue.ID == b.Issue.ID })
}

func count(groups map[string]*Group, i incident.Incident, name string) {
	if groups[name] == nil {
		groups[name] = &Group{Name: name}
	}
	groups[name].Number++
	if name == Confidential {
		groups[name].Times.hide()
		return
	}
	groups[name].Times.add(i)
}

func severityName(i incident.Incident) string {
	if i.Severity == incident.UnknownSeverity {
		return Unknown
	}
	return string(i.Severity)
}

// serviceNames are what an incident counts for: a confidential one tells of no service, in whatever form the report is read.
func serviceNames(i incident.Incident) []string {
	switch {
	case i.Issue.Confidential:
		return []string{Confidential}
	case len(i.Services) == 0:
		return []string{Unknown}
	}
	return i.Services
}

func severityGroups(found map[string]*Group) []Group {
	var list []Group
	for _, s := range incident.Severities() {
		g := Group{Name: string(s)}
		if found[g.Name] != nil {
			g = *found[g.Name]
		}
		list = append(list, g)
	}
	if g := found[Unknown]; g != nil {
		list = append(list, *g)
	}
	return list
}

func serviceGroups(found map[string]*Group) []Group {
	var list []Group
	for _, name := range slices.Sorted(maps.Keys(found)) {
		list = append(list, *found[name])
	}
	last := map[string]int{Confidential: 1, Unknown: 2}
	slices.SortStableFunc(list, func(a, b Group) int {
		return cmp.Or(cmp.Compare(last[a.Name], last[b.Name]), cmp.Compare(b.Number, a.Number))
	})
	return list
}
