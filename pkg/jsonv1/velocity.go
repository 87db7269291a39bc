package jsonv1

import (
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// KindVelocity is the kind of [Velocity].
const KindVelocity = "velocity"

// Velocity holds the results of the last timeboxes, the oldest first.
type Velocity struct {
	Head
	Target    Target        `json:"target"`
	Timeboxes List[Timebox] `json:"timeboxes"`
	Mean      *Mean         `json:"mean,omitempty"` // absent without timeboxes
	Goal      Goal          `json:"goal"`
	Notes     List[string]  `json:"notes"`
}

// Timebox is one finished milestone. The shares are in whole percent of all its issues, and absent if it has none.
type Timebox struct {
	ID                 int64  `json:"id"`
	Title              string `json:"title"`
	Start              string `json:"start,omitempty"`
	Due                string `json:"due,omitempty"`
	Issues             int    `json:"issues"`           // finished
	Weight             *int   `json:"weight,omitempty"` // finished; absent if no issue has a weight
	Total              int    `json:"total"`            // issues, finished or not
	Scheduled          int    `json:"scheduled"`        // in it when it started
	Unscheduled        int    `json:"unscheduled"`      // added later, or with the label unscheduled
	Toil               int    `json:"toil"`
	ScheduledPercent   *int   `json:"scheduled_percent,omitempty"`
	UnscheduledPercent *int   `json:"unscheduled_percent,omitempty"`
	ToilPercent        *int   `json:"toil_percent,omitempty"`
	Carried            int    `json:"carried"`        // carried over, or still open in it
	WithoutWeight      int    `json:"without_weight"` // issues without a weight
}

// Mean is the average over the timeboxes, to two decimals.
type Mean struct {
	Issues           float64  `json:"issues"`
	Weight           *float64 `json:"weight,omitempty"`            // absent if no timebox has a weight
	ScheduledPercent *int     `json:"scheduled_percent,omitempty"` // of the issues of all timeboxes together
}

// Goal is the goal for the scheduled share, in percent.
type Goal struct {
	LowPercent  int `json:"low_percent"`
	HighPercent int `json:"high_percent"`
}

// NewVelocity returns the document of timeboxes, the oldest first.
func NewVelocity(in target.Target, list []milestone.Velocity) Velocity {
	doc := Velocity{
		Head: head(KindVelocity), Target: TargetOf(in),
		Goal: Goal{milestone.ScheduledLow, milestone.ScheduledHigh},
	}
	var all, scheduled, weighed int
	for _, v := range list {
		t := timeboxOf(v)
		doc.Timeboxes = append(doc.Timeboxes, t)
		all += t.Total
		scheduled += t.Scheduled
		if t.Weight != nil {
			weighed++
		}
	}
	if len(list) == 0 {
		return doc
	}
	issues, weight := milestone.Mean(list)
	doc.Mean = &Mean{Issues: float64(issues) / 100, ScheduledPercent: percent(scheduled, all)}
	if weighed > 0 {
		doc.Mean.Weight = new(float64(weight) / 100)
	}
	return doc
}

func timeboxOf(v milestone.Velocity) Timebox {
	m := v.Measured
	t := Timebox{
		ID: v.Milestone.ID, Title: v.Milestone.Title,
		Start: v.Milestone.Start.String(), Due: v.Milestone.Due.String(),
		Issues: m.Done.Issues, Total: m.All.Issues,
		Scheduled: m.Scheduled.Issues, Unscheduled: m.Unscheduled.Issues, Toil: m.Toil.Issues,
		ScheduledPercent:   percent(m.Scheduled.Issues, m.All.Issues),
		UnscheduledPercent: percent(m.Unscheduled.Issues, m.All.Issues),
		ToilPercent:        percent(m.Toil.Issues, m.All.Issues),
		Carried:            v.Carried.Issues, WithoutWeight: m.NoWeight,
	}
	if m.NoWeight < m.All.Issues {
		t.Weight = &m.Done.Weight
	}
	return t
}

// percent returns nil if whole is 0.
func percent(part, whole int) *int {
	if whole == 0 {
		return nil
	}
	return new(milestone.Percent(part, whole))
}
