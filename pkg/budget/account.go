package budget

import (
	"cmp"
	"math/big"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// Account is the state of one budget. Minutes are exact.
type Account struct {
	Name     string   // of the service or the team; empty: overall
	Team     string   // of the service; empty: none
	SLO      *big.Rat // percent of the window
	Window   Window
	Allowed  *big.Rat // minutes
	Spent    *big.Rat // minutes; overlapping outages count once
	Weighted *big.Rat // minutes by impact; of overlapping outages the largest impact counts at each moment
	Excluded *big.Rat // minutes of approved downtime, which are not spent
	Charges  []Charge // by start
	Unknown  []Outage // whose duration is unknown, by reference: not counted

	spent, public spans // merged; public: of issues that are not confidential
}

// Charge is what one outage has spent.
type Charge struct {
	Outage
	Begin, End time.Time // clipped to the window and to now
	Minutes    *big.Rat  // spent, overlaps included
	Excluded   *big.Rat  // of approved downtime
	Changes    []string  // references of the changes that approved it
	Large      bool      // more than 20 % of the budget
}

// Exclusion is downtime that somebody approved.
type Exclusion struct {
	Change       string   // reference
	Services     []string // whose downtime it is
	From, To     time.Time
	ApprovedBy   []string // user names without @
	Confidential bool
}

// large is the share of a budget above which a single incident needs a review with actions (the team's draft policy of 2019).
var large = big.NewRat(1, 5)

// scope is which services of an outage an account is about.
type scope func(services []string) []string

// newAccount charges outages to an account.
func newAccount(name string, slo *big.Rat, w Window, outages []Outage, exclusions []Exclusion, about scope) Account {
	down := new(big.Rat).Sub(big.NewRat(100, 1), slo)
	a := Account{Name: name, SLO: slo, Window: w, Allowed: new(big.Rat).Quo(new(big.Rat).Mul(minutes(w.Length()), down), big.NewRat(100, 1))}
	var spent, public, excluded spans
	var weights []weight
	for _, o := range outages {
		if !o.Known() {
			a.Unknown = append(a.Unknown, o)
			continue
		}
		own := spans{{o.From.At, o.To.At}}.merged().and(w.known())
		if len(own) == 0 {
			continue
		}
		approved, by := approvedFor(about(o.Services), exclusions, own)
		counted := own.without(approved)
		spent, excluded = append(spent, counted...), append(excluded, own.and(approved)...)
		if !o.Issue.Confidential {
			public = append(public, counted...)
		}
		weights = append(weights, weight{o.share(), counted})
		c := Charge{Outage: o, Begin: own[0].from, End: own[0].to, Minutes: minutes(counted.length()),
			Excluded: minutes(own.and(approved).length()), Changes: by}
		c.Large = c.Minutes.Cmp(new(big.Rat).Mul(a.Allowed, large)) > 0
		a.Charges = append(a.Charges, c)
	}
	a.spent, a.public = spent.merged(), public.merged()
	a.Spent, a.Weighted = minutes(a.spent.length()), weighted(weights)
	a.Excluded = minutes(excluded.merged().without(a.spent).length())
	stable.Sort(a.Charges, func(x, y Charge) int { return cmp.Or(x.Begin.Compare(y.Begin), strings.Compare(x.Ref(), y.Ref())) })
	stable.Sort(a.Unknown, func(x, y Outage) int { return strings.Compare(x.Ref(), y.Ref()) })
	return a
}

// approvedFor returns the time in which the downtime of all the services was approved, and by which changes. An outage without a service
// has none.
func approvedFor(services []string, exclusions []Exclusion, own spans) (approved spans, by []string) {
	for n, s := range services {
		var times spans
		for _, e := range exclusions {
			if contains(e.Services, s) {
				times = append(times, span{e.From, e.To})
			}
		}
		if times = times.merged(); n == 0 {
			approved = times
		} else {
			approved = approved.and(times)
		}
	}
	for _, e := range exclusions {
		if len(approved.and(spans{{e.From, e.To}}.merged()).and(own)) > 0 && overlap(e.Services, services) && !contains(by, e.Change) {
			by = append(by, e.Change)
		}
	}
	return approved, by
}

// share is the impact as a weight.
func (o Outage) share() *big.Rat {
	if o.Impact == nil {
		return big.NewRat(1, 1)
	}
	return o.Impact
}

type weight struct {
	share *big.Rat
	times spans
}

// weighted returns the minutes by impact: the time with the largest impact, times that impact, then the rest of the time with the next
// one.
func weighted(list []weight) *big.Rat {
	sum, so := new(big.Rat), spans(nil)
	stable.Sort(list, func(a, b weight) int { return b.share.Cmp(a.share) })
	for n := 0; n < len(list); {
		share := list[n].share
		times := so
		for ; n < len(list) && list[n].share.Cmp(share) == 0; n++ {
			times = append(times[:len(times):len(times)], list[n].times...)
		}
		times = times.merged()
		sum.Add(sum, new(big.Rat).Mul(share, minutes(times.length()-so.length())))
		so = times
	}
	return sum
}

// Left returns the remaining minutes; negative if the budget is overspent.
func (a Account) Left() *big.Rat { return new(big.Rat).Sub(a.Allowed, a.Spent) }

// PublicMinutes returns the minutes that outages have spent which are not confidential.
func (a Account) PublicMinutes() *big.Rat { return minutes(a.public.length()) }

// IsSpent reports whether nothing remains of the budget. A budget of zero is spent by its first outage.
func (a Account) IsSpent() bool { return a.Spent.Sign() > 0 && a.Left().Sign() <= 0 }

// Percent returns the share of the budget that is spent. ok is false for a budget of zero.
func (a Account) Percent() (share *big.Rat, ok bool) {
	if a.Allowed.Sign() == 0 {
		return nil, false
	}
	return percent(a.Spent, a.Allowed), true
}

// Burn returns the burn rate so far: 1 spends the budget exactly by the end of the window. ok is false for a budget of zero and for a
// window that has just begun.
func (a Account) Burn() (rate *big.Rat, ok bool) {
	elapsed := minutes(a.Window.Elapsed())
	if a.Allowed.Sign() == 0 || elapsed.Sign() == 0 {
		return nil, false
	}
	return new(big.Rat).Quo(new(big.Rat).Mul(a.Spent, minutes(a.Window.Length())), new(big.Rat).Mul(elapsed, a.Allowed)), true
}

// Exhausted returns when the budget was spent, or will be if it burns on as it did so far. ok is false if that is after the end of the
// window, or for a window of days more than that many days ahead.
func (a Account) Exhausted() (at time.Time, ok bool) {
	if a.IsSpent() {
		rest, _ := lasting(a.Allowed, a.Window.Length())
		for _, s := range a.spent {
			if length := s.to.Sub(s.from); length < rest {
				rest -= length
				continue
			}
			return s.from.Add(rest), true
		}
	}
	if a.Spent.Sign() == 0 || a.Window.Elapsed() == 0 {
		return time.Time{}, false
	}
	ahead := new(big.Rat).Quo(new(big.Rat).Mul(a.Left(), minutes(a.Window.Elapsed())), a.Spent)
	d, ok := lasting(ahead, a.Window.horizon().Sub(a.Window.Now))
	if !ok {
		return time.Time{}, false
	}
	return a.Window.Now.Add(d), true
}

// Step is a point of the burn-down: the minutes that remained at a time.
type Step struct {
	At   time.Time
	Left *big.Rat
}

// Steps returns the burn-down from the start of the window to now: the points between which it is straight.
func (a Account) Steps() []Step { return a.stepsOf(a.spent) }

// PublicSteps returns the burn-down without the times of confidential incidents: their minutes are spent at its end. ok is false if they
// have spent none, so that all steps are public.
func (a Account) PublicSteps() (list []Step, ok bool) {
	if a.public.length() == a.spent.length() {
		return nil, false
	}
	list = a.stepsOf(a.public)
	return append(list, Step{list[len(list)-1].At, a.Left()}), true
}

func (a Account) stepsOf(spent spans) []Step {
	left := new(big.Rat).Set(a.Allowed)
	list := []Step{{a.Window.From, new(big.Rat).Set(left)}}
	for _, s := range spent {
		if s.from.After(a.Window.From) {
			list = append(list, Step{s.from, new(big.Rat).Set(left)})
		}
		left.Sub(left, minutes(s.to.Sub(s.from)))
		list = append(list, Step{s.to, new(big.Rat).Set(left)})
	}
	if end := a.Window.From.Add(a.Window.Elapsed()); list[len(list)-1].At.Before(end) {
		list = append(list, Step{end, left})
	}
	return list
}

// Charged returns the references of the charged outages, by start.
func (a Account) Charged() (refs []string) {
	for _, c := range a.Charges {
		refs = append(refs, c.Ref())
	}
	return refs
}

// Missing returns the references of the outages whose duration is unknown.
func (a Account) Missing() (refs []string) {
	for _, o := range a.Unknown {
		refs = append(refs, o.Ref())
	}
	return refs
}
