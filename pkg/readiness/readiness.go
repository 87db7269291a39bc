// Package readiness holds the rules of the handbook's five production-readiness targets: a speed index below 2 seconds, uptime above
// 99.95 %, restores that are tested every month, the security team's requests first, and fast deploys.
//
// Start with [Build]. Each target has one or more measures; a measure without evidence is unknown, never met. All numbers are exact.
// Nothing is read here: whoever calls this package has the facts, and says where they come from.
package readiness

import (
	"fmt"
	"math/big"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/drill"
	"gitlab.com/prodctl/prodctl/pkg/metric"
)

// State is the result of comparing a measure, or a target, with its aim.
type State string

// The states.
const (
	Met     State = "met"
	Missed  State = "missed"
	Unknown State = "unknown"
)

// The names of the five targets, in the order of the handbook.
const (
	Speed    = "speed"
	Uptime   = "uptime"
	Restores = "restores"
	Security = "security"
	Deploys  = "deploys"
)

// The names of the measures.
const (
	SpeedIndex      = "speed_index"
	Availability    = "availability"
	TargetsRestored = "targets_restored"
	SecurityAge     = "security_request_age"
	DeployFrequency = "deploy_frequency"
	DeployLeadTime  = "deploy_lead_time"
	DeployFailShare = "deploy_failure_share"
)

// The units of the measures.
const (
	UnitSeconds = "s"
	UnitPercent = "%"
	UnitDays    = "d"
	UnitHours   = "h"
	UnitPerWeek = "per week"
)

const (
	below   = "<"
	atMost  = "<="
	above   = ">"
	atLeast = ">="
)

// Aim is what a measure is compared with.
type Aim struct {
	Op    string // <, <=, > or >=
	Limit *big.Rat
}

// Holds reports whether a value reaches the aim.
func (a Aim) Holds(v *big.Rat) bool {
	order := v.Cmp(a.Limit)
	switch a.Op {
	case below:
		return order < 0
	case atMost:
		return order <= 0
	case above:
		return order > 0
	}
	return order >= 0
}

// Measure is one number beside its aim.
type Measure struct {
	Name   string
	Unit   string
	Value  *big.Rat // nil: unknown
	Aim    *Aim     // nil: nothing to compare with
	State  State
	Sample int    // how many things were measured
	Why    string // why it is unknown or missed; may be empty
	// Optional marks a measure that decides nothing while it is unknown.
	Optional bool
}

// Reached is how much of the aim is reached, from 0 to 100, rounded down; ok is false for an unknown measure. Of a share that has to be
// close to 100 %, what counts is the rest that the aim allows.
func (m Measure) Reached() (percent int, ok bool) {
	if m.Value == nil || m.Aim == nil {
		return 0, false
	}
	part, whole := m.Value, m.Aim.Limit
	switch {
	case m.Name == Availability:
		hundred := big.NewRat(100, 1)
		part, whole = new(big.Rat).Sub(hundred, m.Aim.Limit), new(big.Rat).Sub(hundred, m.Value)
	case m.Aim.Op == below || m.Aim.Op == atMost:
		part, whole = m.Aim.Limit, m.Value
	}
	if whole.Sign() <= 0 || part.Cmp(whole) >= 0 {
		return 100, true
	}
	share := new(big.Rat).Quo(new(big.Rat).Mul(part, big.NewRat(100, 1)), whole)
	return int(new(big.Int).Quo(share.Num(), share.Denom()).Int64()), true
}

// Target is one of the five targets.
type Target struct {
	Name     string
	Source   string // where the facts come from
	Measures []Measure
	Months   []Month // the oldest first
}

// State is missed if a measure is, else unknown if one is that has to be known.
func (t Target) State() State { return stateOf(t.Measures) }

func stateOf(list []Measure) State {
	state := Met
	for _, m := range list {
		switch {
		case m.State == Missed:
			return Missed
		case m.State == Unknown && !m.Optional:
			state = Unknown
		}
	}
	return state
}

// Month is a target in one month.
type Month struct {
	Period
	Measures []Measure // the same as those of the target, in its order
}

// State is that of the month's measures.
func (m Month) State() State { return stateOf(m.Measures) }

// Period is a half-open time.
type Period struct {
	Name     string // such as 2018-08; empty for the whole period
	From, To time.Time
	Running  bool // To is now, and part of it
}

// Months returns the last calendar months of a time zone before the end of a period, the oldest first. The last one ends with it.
func Months(whole Period, n int, zone *time.Location) []Period {
	today := calendar.DateOf(whole.To.Add(-time.Nanosecond).In(zone))
	var list []Period
	for back := n - 1; back >= 0; back-- {
		first := calendar.NewDate(today.Year(), today.Month()-time.Month(back), 1)
		p := Period{Name: first.String()[:len("2006-01")], From: first.Midnight(zone).UTC(),
			To: calendar.NewDate(first.Year(), first.Month()+1, 1).Midnight(zone).UTC()}
		if back == 0 {
			p.To, p.Running = whole.To.UTC(), whole.Running
		}
		list = append(list, p)
	}
	return list
}

// Rules are the aims.
type Rules struct {
	SpeedBelow     *big.Rat      // seconds
	UptimeAbove    *big.Rat      // percent
	DeploysPerWeek *big.Rat      // at least
	LeadTime       time.Duration // at most
	FailureShare   *big.Rat      // percent, at most
}

// Facts are what the targets are computed from.
type Facts struct {
	// Missing says for a target why nothing was read for it; its measures are then unknown.
	Missing map[string]string
	Sources map[string]string // of each target

	SpeedIndex []metric.Point // seconds
	Downtime   func(Period) Downtime
	Restores   RestoreFacts
	Requests   []Request
	Deploys    []Deploy
	// Deployed means that others were recorded before all periods, so that a period without any has a frequency of 0.
	Deployed bool
}

// Downtime is what the error budget shows of a period.
type Downtime struct {
	Minutes *big.Rat // known downtime
	Unknown []string // references of incidents whose duration is unknown
	Sample  int      // incidents with a known duration
	// Unrecorded means that no incident was recorded up to the end of the period, so nothing shows that incidents were recorded at all.
	Unrecorded bool
}

// RestoreFacts are the targets of restore drills, and the drills.
type RestoreFacts struct {
	Targets []drill.Target
	Drills  []drill.Drill
	Within  time.Duration // in which every target has to be tested
}

// Request is work that somebody asked for.
type Request struct {
	Opened, Closed time.Time // Closed is zero while it is open
	Security       bool      // the security team asked for it
}

// Deploy is one recorded deployment.
type Deploy struct {
	At     time.Time
	Failed *bool          // nil: outcome unknown
	Lead   *time.Duration // since its merge request was merged; nil: unknown
}

// Build compares the facts with the aims, in the whole period and in each month.
func Build(f Facts, r Rules, whole Period, months []Period) []Target {
	of := map[string]func(Period) []Measure{
		Speed:    func(p Period) []Measure { return []Measure{speed(f.SpeedIndex, r, p)} },
		Uptime:   func(p Period) []Measure { return []Measure{uptime(f.Downtime, r, p)} },
		Restores: func(p Period) []Measure { return []Measure{restores(f.Restores, p)} },
		Security: func(p Period) []Measure { return []Measure{security(f.Requests, p)} },
		Deploys:  func(p Period) []Measure { return deploys(f.Deploys, f.Deployed, r, p) },
	}
	var out []Target
	for _, name := range []string{Speed, Uptime, Restores, Security, Deploys} {
		measure := func(p Period) []Measure {
			list := of[name](p)
			if why, missing := f.Missing[name]; missing {
				for n, m := range list {
					list[n] = m.unknown(why)
				}
			}
			return list
		}
		t := Target{Name: name, Source: f.Sources[name], Measures: measure(whole)}
		for _, p := range months {
			t.Months = append(t.Months, Month{Period: p, Measures: measure(p)})
		}
		out = append(out, t)
	}
	return out
}

// unknown is the measure without a value.
func (m Measure) unknown(why string) Measure {
	m.Value, m.State, m.Why, m.Sample = nil, Unknown, why, 0
	return m
}

// judged is the measure with its state.
func (m Measure) judged(v *big.Rat) Measure {
	m.Value, m.State = v, Missed
	if m.Aim == nil {
		m.State = Unknown
	} else if m.Aim.Holds(v) {
		m.State = Met
	}
	return m
}

func counted(n int, one, many string) string {
	if n == 1 {
		return fmt.Sprintf("%d %s", n, one)
	}
	return fmt.Sprintf("%d %s", n, many)
}
