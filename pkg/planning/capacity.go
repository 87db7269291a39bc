package planning

import (
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/forecast"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
)

// Past is a finished timebox with what was finished on its working days.
type Past struct {
	Milestone milestone.Milestone
	Days      forecast.Timebox
}

// Level is what is finished with a chance, in percent, or more than that.
type Level struct {
	Percent int
	Amount  forecast.Day
}

// Capacity is what a team is likely to finish in a timebox.
type Capacity struct {
	Box            milestone.Timebox
	Available, All int          // person-days
	History        []Past       // the oldest first
	Levels         []Level      // empty: too few finished timeboxes for a forecast
	Expected       forecast.Day // the 50 % figure, or with too few timeboxes their mean
}

// Known reports whether there is a finished timebox to learn from.
func (c Capacity) Known() bool { return len(c.History) > 0 }

// Weighed reports whether the team has finished issues with a weight.
func (c Capacity) Weighed() bool {
	for _, p := range c.History {
		if p.Days.Total().Weight > 0 {
			return true
		}
	}
	return false
}

// epoch is the day from which seeds are counted. Another timebox has another seed, and the same one always the same.
var epoch = calendar.NewDate(1970, 1, 1)

// CapacityOf returns the capacity of a timebox with available of all person-days, after the finished timeboxes, oldest first.
func CapacityOf(box milestone.Timebox, history []Past, available, all int) Capacity {
	c := Capacity{Box: box, Available: available, All: all, History: history}
	if len(history) == 0 {
		return c
	}
	share := forecast.Share{Part: available, Whole: all}
	if len(history) < forecast.Least {
		c.Expected = mean(history, share)
		return c
	}
	var finished []forecast.Timebox
	for _, p := range history {
		finished = append(finished, p.Days)
	}
	f := forecast.Of(finished, len(weekdays(box)), share, uint64(box.Start.DaysSince(epoch)))
	for _, percent := range forecast.Percents() {
		c.Levels = append(c.Levels, Level{percent, f.AtLeast(percent)})
	}
	c.Expected = f.AtLeast(50)
	return c
}

// mean returns the mean of timeboxes on a share of the person-days, rounded down.
func mean(history []Past, share forecast.Share) (sum forecast.Day) {
	for _, p := range history {
		total := p.Days.Total()
		sum.Issues += total.Issues
		sum.Weight += total.Weight
	}
	if share.Whole == 0 {
		share = forecast.Share{Part: 1, Whole: 1}
	}
	n := len(history) * share.Whole
	return forecast.Day{Issues: sum.Issues * share.Part / n, Weight: sum.Weight * share.Part / n}
}

// Room is how much of a timebox is planned, and how much can be. The rest of the capacity is for emergent work (handbook, 50-60 %).
type Room struct {
	Percent     int             // share of the expected amount that can be planned
	All         forecast.Day    // that share
	Planned     milestone.Tally // what is in it and was planned
	NoWeight    int             // planned issues without a weight
	Unscheduled milestone.Tally // what came into it later
	Weighed     bool            // the team counts weight
	Known       bool
}

// RoomOf returns the room in a timebox with these issues. Those with the unscheduled label were not planned.
func RoomOf(c Capacity, percent int, issues []issue.Issue, unscheduled string) Room {
	r := Room{Percent: percent, Known: c.Known(), Weighed: c.Weighed(),
		All: forecast.Day{Issues: c.Expected.Issues * percent / 100, Weight: c.Expected.Weight * percent / 100}}
	for _, i := range issues {
		weight := milestone.WeightOf(i)
		switch {
		case i.MovedToID != 0:
			continue // it counts where it is now
		case i.Has(unscheduled):
			r.Unscheduled.Issues, r.Unscheduled.Weight = r.Unscheduled.Issues+1, r.Unscheduled.Weight+weight
			continue
		case weight == 0:
			r.NoWeight++
		}
		r.Planned.Issues, r.Planned.Weight = r.Planned.Issues+1, r.Planned.Weight+weight
	}
	return r
}

// Left is what can still be planned; negative if too much is.
func (r Room) Left() forecast.Day {
	return forecast.Day{Issues: r.All.Issues - r.Planned.Issues, Weight: r.All.Weight - r.Planned.Weight}
}

// Over reports whether more is planned than there is room for, by number or, if the team counts it, by weight.
func (r Room) Over() bool {
	return r.Known && (r.Left().Issues < 0 || r.Weighed && r.Left().Weight < 0)
}
