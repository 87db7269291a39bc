package readiness

import (
	"math/big"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/drill"
	"gitlab.com/prodctl/prodctl/pkg/metric"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// speed is the median of the measured speed indices.
func speed(points []metric.Point, r Rules, p Period) Measure {
	m := Measure{Name: SpeedIndex, Unit: UnitSeconds, Aim: &Aim{below, r.SpeedBelow}}
	var values []*big.Rat
	for _, point := range points {
		if p.contains(point.At) {
			values = append(values, point.Value)
		}
	}
	if len(values) == 0 {
		return m.unknown("no measurement")
	}
	m.Sample = len(values)
	return m.judged(median(values))
}

// uptime is the share of the period that was not spent from the error budget. Incidents of unknown duration make it unknown, unless the
// known ones alone miss the aim. Before the first recorded incident it is unknown.
func uptime(of func(Period) Downtime, r Rules, p Period) Measure {
	m := Measure{Name: Availability, Unit: UnitPercent, Aim: &Aim{above, r.UptimeAbove}}
	length := p.To.Sub(p.From)
	if of == nil || length <= 0 {
		return m.unknown("not read")
	}
	d := of(p)
	if d.Unrecorded {
		return m.unknown("no incident was recorded")
	}
	down := new(big.Rat).Quo(new(big.Rat).Mul(d.Minutes, big.NewRat(100, 1)), minutes(length))
	m.Sample = d.Sample
	m = m.judged(down.Sub(big.NewRat(100, 1), down))
	if len(d.Unknown) > 0 {
		why := counted(len(d.Unknown), "incident", "incidents") + " of unknown duration: " + some(d.Unknown)
		if m.State == Met {
			return m.unknown(why)
		}
		m.Why = why
	}
	return m
}

// restores is the share of the targets that were restored and verified lately.
func restores(f RestoreFacts, p Period) Measure {
	m := Measure{Name: TargetsRestored, Unit: UnitPercent, Aim: &Aim{atLeast, big.NewRat(100, 1)}}
	d := drill.Durable(f.Targets, f.Drills, p.To, f.Within)
	switch {
	case d.Targets == 0:
		return m.unknown("no targets are configured")
	case !d.Known:
		return m.unknown("no restore was recorded")
	}
	m.Sample = d.Targets
	m = m.judged(big.NewRat(100*int64(d.Fresh), int64(d.Targets)))
	if len(d.Missing) > 0 {
		m.Why = "not verified lately: " + some(d.Missing)
	}
	return m
}

// security compares the median age of the security team's open requests with that of all others. Only the security team's requests are the
// sample.
func security(list []Request, p Period) Measure {
	m := Measure{Name: SecurityAge, Unit: UnitDays}
	var ours, others []*big.Rat
	known := false
	for _, r := range list {
		if r.Opened.After(p.To) {
			continue
		}
		known = known || r.Security
		if !r.Closed.IsZero() && !r.Closed.After(p.To) {
			continue
		}
		age := days(p.To.Sub(r.Opened))
		if r.Security {
			ours = append(ours, age)
		} else {
			others = append(others, age)
		}
	}
	if len(others) > 0 {
		m.Aim = &Aim{atMost, median(others)}
	}
	switch {
	case !known:
		return m.unknown("no request of the security team")
	case len(ours) == 0:
		m.State, m.Why = Met, "no request of the security team is open"
		return m
	case len(others) == 0:
		m = m.judged(median(ours))
		m.Sample, m.Why = len(ours), "no other request is open"
		return m
	}
	m.Sample = len(ours)
	return m.judged(median(ours))
}

// deploys are the frequency, the lead time and the share of failures.
// before means that some were recorded before the period.
func deploys(list []Deploy, before bool, r Rules, p Period) []Measure {
	frequency := Measure{Name: DeployFrequency, Unit: UnitPerWeek, Aim: &Aim{atLeast, r.DeploysPerWeek}}
	lead := Measure{Name: DeployLeadTime, Unit: UnitHours, Aim: &Aim{atMost, hours(r.LeadTime)}, Optional: true}
	failures := Measure{Name: DeployFailShare, Unit: UnitPercent, Aim: &Aim{atMost, r.FailureShare}}
	var leads []*big.Rat
	all, outcomes, failed := 0, 0, 0
	for _, d := range list {
		before = before || d.At.Before(p.To) || p.contains(d.At)
		if !p.contains(d.At) {
			continue
		}
		all++
		if d.Failed != nil {
			outcomes++
			if *d.Failed {
				failed++
			}
		}
		if d.Lead != nil {
			leads = append(leads, hours(*d.Lead))
		}
	}
	length := days(p.To.Sub(p.From))
	if !before || length.Sign() <= 0 {
		frequency = frequency.unknown("no deployment was recorded")
	} else {
		frequency.Sample = all
		frequency = frequency.judged(new(big.Rat).Quo(big.NewRat(7*int64(all), 1), length))
	}
	lead.Sample, failures.Sample = len(leads), outcomes
	if len(leads) == 0 {
		lead = lead.unknown("no merge request is recorded")
	} else {
		lead = lead.judged(median(leads))
	}
	if outcomes == 0 {
		failures = failures.unknown("no outcome is recorded")
		failures.Optional = before && all == 0 // without deployments nothing fails, and the frequency shows it
	} else {
		failures = failures.judged(big.NewRat(100*int64(failed), int64(outcomes)))
	}
	return []Measure{frequency, lead, failures}
}

func (p Period) contains(at time.Time) bool {
	return !at.Before(p.From) && (at.Before(p.To) || p.Running && at.Equal(p.To))
}

// median returns the middle value, or the mean of the two in the middle.
func median(list []*big.Rat) *big.Rat {
	sorted := stable.Sorted(list, func(a, b *big.Rat) int { return a.Cmp(b) })
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return new(big.Rat).Set(sorted[middle])
	}
	sum := new(big.Rat).Add(sorted[middle-1], sorted[middle])
	return sum.Quo(sum, big.NewRat(2, 1))
}

func minutes(d time.Duration) *big.Rat { return big.NewRat(int64(d), int64(time.Minute)) }
func hours(d time.Duration) *big.Rat   { return big.NewRat(int64(d), int64(time.Hour)) }
func days(d time.Duration) *big.Rat    { return big.NewRat(int64(d), int64(24*time.Hour)) }

// some names a few of many.
func some(list []string) string {
	const most = 3
	names := list[:min(len(list), most)]
	text := strings.Join(names, ", ")
	if more := len(list) - len(names); more > 0 {
		text += " and " + counted(more, "other", "others")
	}
	return text
}
