package budget_test

import (
	"math/big"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/budget"
)

var start = time.Date(2018, 7, 27, 0, 0, 0, 0, time.UTC)

func at(minutes int) time.Time { return start.Add(time.Duration(minutes) * time.Minute) }

func slo(t interface{ Fatal(...any) }, s string) *big.Rat {
	r, err := budget.ParseSLO(s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestParseSLO(t *testing.T) {
	t.Parallel()
	for input, want := range map[string]string{"99.95": "1999/20", "99.95%": "1999/20", " 100 ": "100/1", "0.1": "1/10"} {
		if got, err := budget.ParseSLO(input); err != nil || got.String() != want {
			t.Errorf("%q is %v, %v; want %s", input, got, err, want)
		}
	}
	for _, input := range []string{"", "0", "100.1", "-1", "1/3", "1e2", "99,95", "NaN", "99.9999999999", "0x10"} {
		if got, err := budget.ParseSLO(input); err == nil {
			t.Errorf("%q is %v, want an error", input, got)
		}
	}
}

func TestSpend(t *testing.T) {
	t.Parallel()
	days28 := 28 * 24 * 60
	for name, c := range map[string]struct {
		spans                []budget.Span
		spent, left, percent string
		charged, unknown     []string
	}{
		"nothing": {nil, "0", "20.16", "0", nil, nil},
		"one":     {[]budget.Span{{Ref: "p#1", From: at(10), To: at(15)}}, "5", "15.16", "24.802", []string{"p#1"}, nil},
		"overlapping, counted once": {[]budget.Span{{Ref: "p#2", From: at(12), To: at(20)}, {Ref: "p#1", From: at(10), To: at(15)}, {Ref: "p#3", From: at(13), To: at(14)}},
			"10", "10.16", "49.603", []string{"p#1", "p#2", "p#3"}, nil},
		"clipped":       {[]budget.Span{{Ref: "p#1", From: at(-60), To: at(3)}, {Ref: "p#2", From: at(days28 - 2), To: at(days28 + 9)}}, "5", "15.16", "24.802", []string{"p#1", "p#2"}, nil},
		"outside of it": {[]budget.Span{{Ref: "p#1", From: at(-60), To: at(0)}, {Ref: "p#2", From: at(days28), To: at(days28 + 9)}}, "0", "20.16", "0", nil, nil},
		"not known": {[]budget.Span{{Ref: "p#3", Unknown: true, From: at(1)}, {Ref: "p#2", From: at(9), To: at(8)}, {Ref: "p#1", From: at(0), To: at(1)}},
			"1", "19.16", "4.960", []string{"p#1"}, []string{"p#2", "p#3"}},
		"more than allowed": {[]budget.Span{{Ref: "p#1", From: at(0), To: at(30)}}, "30", "-9.84", "148.810", []string{"p#1"}, nil},
		"seconds":           {[]budget.Span{{Ref: "p#1", From: at(0), To: at(0).Add(20 * time.Second)}}, "0.333", "19.827", "1.653", []string{"p#1"}, nil},
	} {
		a := budget.Spend(slo(t, "99.95"), at(0), at(days28), c.spans)
		percent, _ := a.Percent()
		if budget.Decimal(a.Allowed) != "20.16" || budget.Decimal(a.Spent) != c.spent || budget.Decimal(a.Left()) != c.left || budget.Decimal(percent) != c.percent {
			t.Errorf("%s: allowed %s, spent %s, left %s, %s %%", name, budget.Decimal(a.Allowed), budget.Decimal(a.Spent), budget.Decimal(a.Left()), budget.Decimal(percent))
		}
		if !slices.Equal(a.Charged, c.charged) || !slices.Equal(a.Unknown, c.unknown) {
			t.Errorf("%s: charged %q, unknown %q", name, a.Charged, a.Unknown)
		}
	}
	if _, known := budget.Spend(slo(t, "100"), at(0), at(10), nil).Percent(); known {
		t.Error("a budget of zero has a share")
	}
}

// The spent time equals a minute-by-minute count, in any order of the outages, and two halves of a window add up to the whole.
func TestSpendCountsMinutes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		const window = 200
		var spans []budget.Span
		down := map[int]bool{}
		for range rapid.IntRange(0, 8).Draw(t, "outages") {
			from, long := rapid.IntRange(-50, window+20).Draw(t, "from"), rapid.IntRange(0, 60).Draw(t, "long")
			spans = append(spans, budget.Span{Ref: "p#1", From: at(from), To: at(from + long)})
			for m := max(from, 0); m < min(from+long, window); m++ {
				down[m] = true
			}
		}
		goal := slo(t, "99.9")
		whole := budget.Spend(goal, at(0), at(window), spans)
		if whole.Spent.Cmp(big.NewRat(int64(len(down)), 1)) != 0 {
			t.Fatalf("spent %s, want %d minutes", whole.Spent, len(down))
		}
		permuted := budget.Spend(goal, at(0), at(window), rapid.Permutation(spans).Draw(t, "order"))
		if permuted.Spent.Cmp(whole.Spent) != 0 {
			t.Fatalf("in another order: %s, want %s", permuted.Spent, whole.Spent)
		}
		cut := rapid.IntRange(0, window).Draw(t, "cut")
		a, b := budget.Spend(goal, at(0), at(cut), spans), budget.Spend(goal, at(cut), at(window), spans)
		if sum := new(big.Rat).Add(a.Spent, b.Spent); sum.Cmp(whole.Spent) != 0 {
			t.Fatalf("the halves sum up to %s, the whole is %s", sum, whole.Spent)
		}
		if sum := new(big.Rat).Add(a.Allowed, b.Allowed); sum.Cmp(whole.Allowed) != 0 {
			t.Fatalf("the halves allow %s, the whole %s", sum, whole.Allowed)
		}
	})
}
