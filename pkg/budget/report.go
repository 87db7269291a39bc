package budget

import (
	"cmp"
	"math/big"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// Service is the objective of one service.
type Service struct {
	Name string
	Team string   // that the minutes are charged to; empty: none
	SLO  *big.Rat // nil: the objective for production
}

// Rules are what budgets are computed by.
type Rules struct {
	Period       Period
	QuarterStart int      // a month in which a quarter begins, from 1 to 12
	SLO          *big.Rat // for production as a whole, and for services without their own
	Services     []Service
	// Reveal charges confidential incidents to their services. Otherwise they are charged to [Confidential], since an account shows
	// services.
	Reveal bool
}

// Names of accounts for outages without a service that can be shown.
const (
	Unattributed = "unknown"      // no service recorded
	Confidential = "confidential" // the services of confidential incidents are not shown
)

// Report is the state of all budgets in a window.
type Report struct {
	Window     Window
	Overall    Account
	Services   []Account   // the most spent first, then confidential and unknown
	Teams      []Account   // the most spent first
	Exclusions []Exclusion // approved downtime, whether it excludes any time or not
}

// New charges outages to their accounts. Outages may be in any order, but each only once; those outside of the window are ignored. An
// outage of several services is charged to each of them, and once to production as a whole. The budget of a team is that of its strictest
// service.
func New(r Rules, w Window, outages []Outage, exclusions []Exclusion) Report {
	outages = r.named(w, outages)
	out := Report{Window: w, Exclusions: exclusions, Overall: newAccount("", r.SLO, w, outages, exclusions, every)}
	shown := slices.DeleteFunc(slices.Clone(outages), func(o Outage) bool { return r.hides(o) })
	for _, name := range r.serviceNames(shown) {
		own := selected(shown, func(o Outage) bool { return contains(o.Services, name) })
		s, configured := r.Service(name)
		a := newAccount(s.Name, s.SLO, w, own, exclusions, func([]string) []string { return []string{name} })
		if a.Team = s.Team; configured || a.used() {
			out.Services = append(out.Services, a)
		}
	}
	hidden := newAccount(Confidential, r.SLO, w, selected(outages, r.hides), exclusions, every)
	rest := newAccount(Unattributed, r.SLO, w, selected(shown, func(o Outage) bool { return len(o.Services) == 0 }), exclusions, every)
	byUse(out.Services)
	for _, a := range []Account{hidden, rest} {
		if a.used() {
			out.Services = append(out.Services, a)
		}
	}
	for _, team := range r.teams() {
		its := func(services []string) []string {
			return slices.DeleteFunc(slices.Clone(services), func(s string) bool { return !same(r.service(s).Team, team) })
		}
		own := selected(shown, func(o Outage) bool { return len(its(o.Services)) > 0 || same(o.Team, team) && !r.haveTeam(o.Services) })
		out.Teams = append(out.Teams, newAccount(team, r.strictest(team), w, own, exclusions, its))
	}
	byUse(out.Teams)
	return out
}

func every(services []string) []string { return services }

// hides reports whether the services of an outage are not shown.
func (r Rules) hides(o Outage) bool { return o.Issue.Confidential && !r.Reveal }

// named returns the outages that matter to a window, with the services under their configured names.
func (r Rules) named(w Window, outages []Outage) []Outage {
	var list []Outage
	for _, o := range outages {
		if !o.Known() && !o.Last.IsZero() && !o.Last.After(w.From) {
			continue
		}
		var names []string
		for _, s := range o.Services {
			if name := r.service(s).Name; name != "" && !contains(names, name) {
				names = append(names, name)
			}
		}
		o.Services = names
		list = append(list, o)
	}
	return list
}

// Service returns the configured service with a name, in any letter case; ok is false if there is none.
func (r Rules) Service(name string) (s Service, ok bool) {
	n := slices.IndexFunc(r.Services, func(s Service) bool { return same(s.Name, name) })
	if n < 0 {
		return Service{Name: strings.TrimSpace(name), SLO: r.SLO}, false
	}
	s = r.Services[n]
	if s.SLO == nil {
		s.SLO = r.SLO
	}
	return s, true
}

func (r Rules) service(name string) Service {
	s, _ := r.Service(name)
	return s
}

// serviceNames returns the configured services and those of the outages, each once.
func (r Rules) serviceNames(outages []Outage) (names []string) {
	add := func(name string) {
		if !contains(names, name) {
			names = append(names, name)
		}
	}
	for _, s := range r.Services {
		add(s.Name)
	}
	for _, o := range outages {
		for _, s := range o.Services {
			add(s)
		}
	}
	return names
}

// HasTeam reports whether a service has a team with this name.
func (r Rules) HasTeam(name string) bool { return contains(r.teams(), name) }

// haveTeam reports whether one of the services has a team.
func (r Rules) haveTeam(services []string) bool {
	return slices.ContainsFunc(services, func(s string) bool { return r.service(s).Team != "" })
}

func (r Rules) teams() (names []string) {
	for _, s := range r.Services {
		if s.Team != "" && !contains(names, s.Team) {
			names = append(names, s.Team)
		}
	}
	slices.Sort(names)
	return names
}

// strictest returns the highest objective of a team's services.
func (r Rules) strictest(team string) *big.Rat {
	slo := new(big.Rat)
	for _, s := range r.Services {
		if own := r.service(s.Name).SLO; same(s.Team, team) && own.Cmp(slo) > 0 {
			slo = own
		}
	}
	return slo
}

// Of returns the account of a service, or, without a name, of production as a whole. For a service without an account it is an empty one.
func (r Report) Of(rules Rules, service string) Account {
	if service == "" {
		return r.Overall
	}
	for _, a := range r.Services {
		if same(a.Name, service) {
			return a
		}
	}
	s := rules.service(service)
	return newAccount(s.Name, s.SLO, r.Window, nil, nil, every)
}

// OfTeam returns the account of a team; one without services has an empty one.
func (r Report) OfTeam(team string) Account {
	for _, a := range r.Teams {
		if same(a.Name, team) {
			return a
		}
	}
	return newAccount(team, r.Overall.SLO, r.Window, nil, nil, every)
}

// used reports whether the account has an outage.
func (a Account) used() bool { return len(a.Charges)+len(a.Unknown) > 0 }

// byUse sorts accounts by the share that is spent, the largest first.
func byUse(list []Account) {
	stable.Sort(list, func(a, b Account) int {
		return cmp.Or(b.use().Cmp(a.use()), b.Spent.Cmp(a.Spent), strings.Compare(a.Name, b.Name))
	})
}

// use is the share that is spent. Of a budget of zero, a single minute is more than all of any other.
func (a Account) use() *big.Rat {
	if a.Allowed.Sign() == 0 {
		return new(big.Rat).Mul(a.Spent, big.NewRat(1_000_000, 1))
	}
	return new(big.Rat).Quo(a.Spent, a.Allowed)
}

func selected(outages []Outage, wanted func(Outage) bool) []Outage {
	return slices.DeleteFunc(slices.Clone(outages), func(o Outage) bool { return !wanted(o) })
}

// same reports whether two names of services or teams are equal. Letter case and space around them do not count.
func same(a, b string) bool { return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b)) }

func contains(list []string, name string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return same(s, name) })
}

func overlap(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return contains(b, s) })
}
