package report

import (
	"cmp"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/evidence"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// Load is what being on call meant for one person in one region: in this period, and in the earlier ones of the same length, latest first.
type Load struct {
	Person   string // user name without @; empty: unknown
	Region   string
	Working  oncall.Working
	Current  Burden
	Previous []Burden
}

// Burden is the load in one period, inside and outside of a person's working hours.
type Burden struct {
	Shifts    int       // turns that began in the period
	Incidents Parts     // that started in one of the person's turns
	Affected  Durations // time in the turns in which an incident affected users, overlaps counted once
	Oncall    Durations // the turns
	Unknown   int       // incidents that are over and affected users for an unknown time: not in Affected
}

// Parts are numbers inside and outside of working hours.
type Parts struct{ Inside, Outside int }

// Durations are times inside and outside of working hours.
type Durations struct{ Inside, Outside time.Duration }

// Minutes returns the times in whole minutes.
func (t Durations) Minutes() Parts {
	return Parts{int(t.Inside / time.Minute), int(t.Outside / time.Minute)}
}

// Mean returns the mean of a number over the earlier periods, with one decimal.
func (l Load) Mean(of func(Burden) int) string {
	var list []int
	for _, b := range l.Previous {
		list = append(list, of(b))
	}
	return meanOf(list)
}

// Loads returns the load of everybody who was on call in the period or in one of the earlier ones, by name and then by region. It is not a
// ranking: how fast somebody was does not matter. The schedule is that of today. An incident without an end lasts until now, or until the
// full hour before now, so that a report that is posted twice within an hour does not change.
func Loads(p Period, now time.Time, s oncall.Schedule, incidents []incident.Incident, rules Rules, times map[int64]evidence.Times) []Load {
	until := now.Truncate(time.Hour)
	var spans []affected
	for _, i := range unique(incidents, func(i incident.Incident) int64 { return i.Issue.ID }) {
		e, known := times[i.Issue.ID]
		if !known {
			e = evidence.Of(i, rules.Incidents, nil)
		}
		spans = append(spans, affectedBy(i, e, until))
	}
	stable.Sort(spans, func(a, b affected) int { return cmp.Or(a.from.Compare(b.from), a.to.Compare(b.to)) })
	index := map[string]*Load{}
	var list []*Load
	for n := range PriorPeriods + 1 {
		period := p.Before(n)
		for _, d := range dutiesIn(period, s) {
			key := strings.ToLower(d.Person) + "/" + d.Region
			l := index[key]
			if l == nil {
				l = &Load{Person: d.Person, Region: d.Region, Working: s.WorkingOf(d.Person, d.Region, p.Zone), Previous: make([]Burden, PriorPeriods)}
				index[key], list = l, append(list, l)
			}
			burden := &l.Current
			if n > 0 {
				burden = &l.Previous[n-1]
			}
			burden.add(period, d, l.Working, spans)
		}
	}
	var loads []Load
	for _, l := range list {
		loads = append(loads, *l)
	}
	stable.Sort(loads, func(a, b Load) int {
		return cmp.Or(trueFirst(a.Person != "", b.Person != ""), strings.Compare(strings.ToLower(a.Person), strings.ToLower(b.Person)),
			strings.Compare(a.Region, b.Region))
	})
	return loads
}

// dutiesIn returns the turns of all shifts in a period, each clipped to it.
func dutiesIn(p Period, s oncall.Schedule) []oncall.Duty {
	var list []oncall.Duty
	for _, sh := range s.Between(p.Begin(), p.End()) {
		list = append(list, s.Duties(sh)...)
	}
	return list
}

// affected is the time in which an incident affected users.
type affected struct {
	start    time.Time // when the incident counts as begun
	from, to time.Time // empty: unknown
	unknown  bool
}

// affectedBy returns the time from the start to the mitigation, else to the resolution, else until now if the incident is active.
func affectedBy(i incident.Incident, e evidence.Times, until time.Time) affected {
	start, _ := StartOf(i)
	a := affected{start: start}
	switch {
	case !e.Started.Known():
		a.unknown = isOver(i)
		if !a.unknown {
			a.from, a.to = start, until
		}
	case e.Mitigated.Known():
		a.from, a.to = e.Started.At, e.Mitigated.At
	case e.Resolved.Known():
		a.from, a.to = e.Started.At, e.Resolved.At
	case !isOver(i) && i.State != incident.Mitigated:
		a.from, a.to = e.Started.At, until
	default:
		a.unknown = true
	}
	return a
}

// add adds one turn. The spans are in order of their beginning.
func (b *Burden) add(p Period, d oncall.Duty, w oncall.Working, spans []affected) {
	begin, end := calendar.Later(d.From, p.Begin()), calendar.Earlier(d.To, p.End())
	if !begin.Before(end) {
		return
	}
	if p.Contains(d.From) {
		b.Shifts++
	}
	b.Oncall.add(w, begin, end)
	reached := begin
	for _, s := range spans {
		if !s.start.Before(begin) && s.start.Before(end) {
			b.count(w, s)
		}
		if from, to := calendar.Later(s.from, reached), calendar.Earlier(s.to, end); from.Before(to) {
			b.Affected.add(w, from, to)
			reached = to
		}
	}
}

// count counts an incident that started in a turn.
func (b *Burden) count(w oncall.Working, s affected) {
	if w.Contains(s.start) {
		b.Incidents.Inside++
	} else {
		b.Incidents.Outside++
	}
	if s.unknown {
		b.Unknown++
	}
}

// add adds a period.
func (t *Durations) add(w oncall.Working, from, to time.Time) {
	inside, outside := w.Split(from, to)
	t.Inside += inside
	t.Outside += outside
}
