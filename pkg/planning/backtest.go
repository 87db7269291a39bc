package planning

import "gitlab.com/prodctl/prodctl/pkg/forecast"

// Trial is the forecast that would have been given before a finished timebox, with what was finished in it.
type Trial struct {
	Past
	From   int // finished timeboxes that the forecast was made from
	Levels []Level
}

// Backtest returns a trial for every finished timebox with enough others before it, the oldest first. Each forecast is made from the
// timeboxes before it, at most last of them, and knows the holidays in it.
func Backtest(all []Past, last int) (trials []Trial) {
	for n := forecast.Least; n < len(all); n++ {
		before := all[max(0, n-last):n]
		box := all[n].Milestone.Box()
		week := len(weekdays(box))
		if len(before) < forecast.Least || week == 0 {
			continue
		}
		c := CapacityOf(box, before, len(all[n].Days), week)
		trials = append(trials, Trial{all[n], len(before), c.Levels})
	}
	return trials
}

// Weighed reports whether the team finished issues with a weight in one of the timeboxes.
func Weighed(trials []Trial) bool {
	for _, t := range trials {
		if t.Days.Total().Weight > 0 {
			return true
		}
	}
	return false
}

// Held returns in how many of the trials at least as many issues, and at least as much weight, were finished as the forecast named with a
// chance of percent.
func Held(trials []Trial, percent int) (issues, weight int) {
	for _, t := range trials {
		done := t.Days.Total()
		for _, l := range t.Levels {
			if l.Percent == percent && done.Issues >= l.Amount.Issues {
				issues++
			}
			if l.Percent == percent && done.Weight >= l.Amount.Weight {
				weight++
			}
		}
	}
	return issues, weight
}
