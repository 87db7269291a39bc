package budget_test

import (
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/budget"
)

const length = 200 // minutes of the windows below

var names = []string{"registry", "git", "web"}

func drawServices(t *rapid.T) (list []string) {
	for _, name := range names {
		if rapid.Bool().Draw(t, name) {
			list = append(list, name)
		}
	}
	return list
}

func drawOutages(t *rapid.T) (list []budget.Outage) {
	for n := range rapid.IntRange(0, 8).Draw(t, "outages") {
		from, long := rapid.IntRange(-50, length+20).Draw(t, "from"), rapid.IntRange(0, 60).Draw(t, "long")
		o := outage(int64(n+1), from, from+long, drawServices(t)...)
		if rapid.Bool().Draw(t, "weighed") {
			o.Impact = big.NewRat(rapid.Int64Range(0, 4).Draw(t, "impact"), 4)
		}
		list = append(list, o)
	}
	return list
}

func drawExclusions(t *rapid.T) (list []budget.Exclusion) {
	for range rapid.IntRange(0, 3).Draw(t, "exclusions") {
		from := rapid.IntRange(-20, length).Draw(t, "from")
		list = append(list, budget.Exclusion{Change: "p#99", Services: drawServices(t), From: at(from),
			To: at(from + rapid.IntRange(-5, 80).Draw(t, "long"))})
	}
	return list
}

// covered reports whether an outage lasts in a minute, and whether downtime of all the services was approved then.
func covered(o budget.Outage, services []string, approved []budget.Exclusion, minute int) (down, excluded bool) {
	m := at(minute)
	if m.Before(o.From.At) || !m.Before(o.To.At) {
		return false, false
	}
	for _, s := range services {
		if !slices.ContainsFunc(approved, func(e budget.Exclusion) bool {
			return slices.Contains(e.Services, s) && !m.Before(e.From) && m.Before(e.To)
		}) {
			return true, false
		}
	}
	return true, len(services) > 0
}

// Every account equals a count minute by minute: spent, excluded and weighted by the largest impact.
func TestAccountsCountMinutes(t *testing.T) {
	t.Parallel()
	rules := budget.Rules{SLO: slo(t, "99.9"), Reveal: true}
	rapid.Check(t, func(t *rapid.T) {
		list, approved := drawOutages(t), drawExclusions(t)
		r := budget.New(rules, window(0, length), list, approved)
		for _, name := range append([]string{""}, names...) {
			a := r.Of(rules, name)
			spent, excluded, weighted := int64(0), int64(0), new(big.Rat)
			for m := range length {
				isSpent, isExcluded, most := false, false, new(big.Rat)
				for _, o := range list {
					about := o.Services
					if name != "" {
						if about = []string{name}; !slices.Contains(o.Services, name) {
							continue
						}
					}
					down, free := covered(o, about, approved, m)
					if isExcluded = isExcluded || free; down && !free {
						isSpent = true
						share := o.Impact
						if share == nil {
							share = big.NewRat(1, 1)
						}
						if share.Cmp(most) > 0 {
							most = share
						}
					}
				}
				weighted.Add(weighted, most)
				if isSpent {
					spent++
				} else if isExcluded {
					excluded++
				}
			}
			if a.Spent.Cmp(big.NewRat(spent, 1)) != 0 || a.Excluded.Cmp(big.NewRat(excluded, 1)) != 0 || a.Weighted.Cmp(weighted) != 0 {
				t.Fatalf("%q: spent %s, excluded %s, weighted %s; want %d, %d, %s", name, a.Spent, a.Excluded, a.Weighted, spent, excluded, weighted)
			}
			if a.Weighted.Cmp(a.Spent) > 0 {
				t.Fatalf("%q: weighted %s is more than %s", name, a.Weighted, a.Spent)
			}
		}
	})
}

// The order of the outages does not matter, and two parts of a window add up to the whole.
func TestSplitWindows(t *testing.T) {
	t.Parallel()
	goal := slo(t, "99.9")
	rapid.Check(t, func(t *rapid.T) {
		list, approved := drawOutages(t), drawExclusions(t)
		part := func(from, to int, list []budget.Outage) budget.Account {
			return budget.New(budget.Rules{SLO: goal}, window(from, to), list, approved).Overall
		}
		whole := part(0, length, list)
		permuted := part(0, length, rapid.Permutation(list).Draw(t, "order"))
		if permuted.Spent.Cmp(whole.Spent) != 0 || !slices.Equal(permuted.Charged(), whole.Charged()) || permuted.Weighted.Cmp(whole.Weighted) != 0 {
			t.Fatalf("in another order: %s, want %s", permuted.Spent, whole.Spent)
		}
		cut := rapid.IntRange(0, length).Draw(t, "cut")
		a, b := part(0, cut, list), part(cut, length, list)
		for what, of := range map[string]func(budget.Account) *big.Rat{
			"spent": func(a budget.Account) *big.Rat { return a.Spent }, "allowed": func(a budget.Account) *big.Rat { return a.Allowed },
			"excluded": func(a budget.Account) *big.Rat { return a.Excluded }, "weighted": func(a budget.Account) *big.Rat { return a.Weighted },
		} {
			if sum := new(big.Rat).Add(of(a), of(b)); sum.Cmp(of(whole)) != 0 {
				t.Fatalf("%s: the parts sum up to %s, the whole is %s", what, sum, of(whole))
			}
		}
	})
}

// Production as a whole spends at most the sum of its services, and without approvals at least as much as each. The burn-down ends at the
// remaining minutes.
func TestServicesAndTheWhole(t *testing.T) {
	t.Parallel()
	rules := budget.Rules{SLO: slo(t, "99.9"), Reveal: true}
	rapid.Check(t, func(t *rapid.T) {
		r := budget.New(rules, window(0, length), drawOutages(t), nil)
		sum := new(big.Rat)
		for _, a := range r.Services {
			sum.Add(sum, a.Spent)
			if a.Spent.Cmp(r.Overall.Spent) > 0 {
				t.Fatalf("%s spends %s of %s", a.Name, a.Spent, r.Overall.Spent)
			}
		}
		if sum.Cmp(r.Overall.Spent) < 0 {
			t.Fatalf("the services spend %s, the whole %s", sum, r.Overall.Spent)
		}
		steps := r.Overall.Steps()
		if last := steps[len(steps)-1]; last.Left.Cmp(r.Overall.Left()) != 0 || !last.At.Equal(at(length)) {
			t.Fatalf("the burn-down ends at %s with %s, left are %s", last.At, last.Left, r.Overall.Left())
		}
		for n := 1; n < len(steps); n++ {
			if steps[n].At.Before(steps[n-1].At) || steps[n].Left.Cmp(steps[n-1].Left) > 0 {
				t.Fatalf("the burn-down goes up or back at %s", steps[n].At)
			}
		}
		if when, ok := r.Overall.Exhausted(); r.Overall.IsSpent() != (ok && !when.After(at(length))) {
			t.Fatalf("spent %v, exhausted %v at %s", r.Overall.IsSpent(), ok, when)
		}
	})
}
