package planning_test

import (
	"slices"
	"testing"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/forecast"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/planning"
)

// timeboxes are finished timeboxes with as many issues each, one after the other.
func timeboxes(finished ...int) (all []planning.Past) {
	box := august
	for _, n := range finished {
		days := make(forecast.Timebox, 10)
		for at := range n {
			days[at%10].Issues++
			days[at%10].Weight += 2
		}
		all = append(all, planning.Past{Milestone: milestone.Milestone{Start: box.Start, Due: box.Due}, Days: days})
		box = milestone.Handbook().Next(box)
	}
	return all
}

// A forecast of the past is made from the timeboxes before it alone, is the one that the team would have seen, and is compared with what was
// finished.
func TestBacktest(t *testing.T) {
	t.Parallel()
	all := timeboxes(20, 22, 18, 20, 3, 21, 20)
	trials := planning.Backtest(all, 4)
	if len(trials) != 4 || trials[0].From != 3 || trials[3].From != 4 {
		t.Fatalf("%d trials: %+v", len(trials), trials)
	}
	for n, trial := range trials {
		box := trial.Milestone.Box()
		seen := planning.CapacityOf(box, all[max(0, n-1):n+3], 10, 10)
		if !slices.Equal(trial.Levels, seen.Levels) {
			t.Errorf("timebox %d: %v, but the team saw %v", n, trial.Levels, seen.Levels)
		}
	}
	later := timeboxes(20, 22, 18, 20, 3, 21, 900)
	if again := planning.Backtest(later, 4); !slices.Equal(again[3].Levels, trials[3].Levels) {
		t.Error("what was finished in the timebox changed its forecast")
	}
	if issues, weight := planning.Held(trials, 85); issues != 3 || weight != 3 {
		t.Errorf("held %d times, by weight %d times", issues, weight)
	}
	if issues, _ := planning.Held(trials, 50); issues > 3 {
		t.Errorf("the 50 %% figure held %d times", issues)
	}
	if !planning.Weighed(trials) || planning.Weighed(nil) {
		t.Error("weighed")
	}
}

// Too few timeboxes have no backtest, and days off in the timebox were known before it.
func TestBacktestEdges(t *testing.T) {
	t.Parallel()
	if got := planning.Backtest(timeboxes(1, 2, 3), 6); got != nil {
		t.Errorf("three timeboxes: %v", got)
	}
	if got := planning.Backtest(timeboxes(1, 2, 3, 4), 2); got != nil {
		t.Errorf("forecasts from two timeboxes: %v", got)
	}
	short := timeboxes(40, 40, 40, 20)
	short[3].Days = short[3].Days[:5]
	if got := planning.Backtest(short, 6)[0].Levels[0].Amount.Issues; got < 17 || got > 23 {
		t.Errorf("half of a timebox: %d issues", got)
	}
	var none milestone.Milestone
	none.Due = calendar.Date{}
	undated := timeboxes(1, 2, 3, 4)
	undated[3].Milestone = none
	if got := planning.Backtest(undated, 6); got != nil {
		t.Errorf("a timebox without dates: %v", got)
	}
}
