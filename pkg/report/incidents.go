package report

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// MitigatedWithin is the target time to mitigate an incident.
const MitigatedWithin = 30 * time.Minute

// Times holds the times to detect, mitigate and resolve, each from the start of the incident. Both ends come from the record. If one is
// unknown, or they contradict each other, the time is missing.
type Times struct{ Detect, Mitigate, Resolve Sample }

// Within returns the share that was mitigated within [MitigatedWithin].
func (t Times) Within() Share { return t.Mitigate.Within(MitigatedWithin) }

func (t *Times) add(i incident.Incident) {
	t.Detect.Add(i.ToDetect())
	t.Mitigate.Add(i.ToMitigate())
	t.Resolve.Add(i.ToResolve())
}

// addHidden counts an incident whose times must not be shown.
func (t *Times) addHidden() {
	t.Detect.Missing++
	t.Mitigate.Missing++
	t.Resolve.Missing++
}

// Group is the incidents with the same severity or service.
type Group struct {
	Name  string
	Count int
	Times Times
}

// Group names for incidents without a name of their own.
const (
	Unknown      = "unknown"      // not recorded
	Confidential = "confidential" // services and times of confidential incidents are not shown
)

// WeekCount is how many incidents started in the part of a week that lies in the period.
type WeekCount struct {
	Week  handoff.Week
	Count int
}

// IncidentStatistics describes the incidents that started in a period.
type IncidentStatistics struct {
	Incidents  []incident.Incident // that started in it, oldest first
	Severities []Group             // S1 to S4 always; unknown if there are any
	Services   []Group             // most frequent first, then confidential and unknown; an incident counts for each of its services
	Times      Times
	Weeks      []WeekCount // all weeks of the period
}

// StartOf returns when an incident started: by its record, or else when its issue was opened. recorded reports which of the two it is.
func StartOf(i incident.Incident) (at time.Time, recorded bool) {
	if start := i.Record.StartedAt; !start.IsZero() {
		return start.UTC(), true
	}
	return i.Issue.CreatedAt.UTC(), false
}

// Statistics computes the statistics of the incidents that started in the period. Order and duplicates in list do not matter.
func Statistics(p Period, list []incident.Incident) IncidentStatistics {
	var out IncidentStatistics
	out.Incidents = startedIn(p, list)
	severities, services, weeks := map[string]*Group{}, map[string]*Group{}, map[handoff.Week]int{}
	for _, i := range out.Incidents {
		out.Times.add(i)
		addTo(severities, i, severityName(i))
		for _, name := range serviceNames(i) {
			addTo(services, i, name)
		}
		at, _ := StartOf(i)
		weeks[handoff.WeekOf(p.Day(at))]++
	}
	out.Severities = severityGroups(severities)
	out.Services = serviceGroups(services)
	for _, w := range p.Weeks() {
		out.Weeks = append(out.Weeks, WeekCount{w, weeks[w]})
	}
	return out
}

// startedIn returns the incidents that started in the period, without duplicates, oldest first.
func startedIn(p Period, list []incident.Incident) []incident.Incident {
	var in []incident.Incident
	for _, i := range list {
		if at, _ := StartOf(i); p.Contains(at) {
			in = append(in, i)
		}
	}
	stable.Sort(in, func(a, b incident.Incident) int {
		one, _ := StartOf(a)
		other, _ := StartOf(b)
		return cmp.Or(one.Compare(other), cmp.Compare(a.Issue.ID, b.Issue.ID))
	})
	return slices.CompactFunc(in, func(a, b incident.Incident) bool { return a.Issue.ID == b.Issue.ID })
}

func addTo(groups map[string]*Group, i incident.Incident, name string) {
	if groups[name] == nil {
		groups[name] = &Group{Name: name}
	}
	groups[name].Count++
	if name == Confidential {
		groups[name].Times.addHidden()
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

// serviceNames returns the services that an incident counts for. The services of a confidential one are never shown, in any format.
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
	stable.Sort(list, func(a, b Group) int {
		return cmp.Or(cmp.Compare(last[a.Name], last[b.Name]), cmp.Compare(b.Count, a.Count))
	})
	return list
}
