package jsonv1

import "gitlab.com/prodctl/prodctl/pkg/target"

// KindVelocity is the kind of [Velocity].
const KindVelocity = "velocity"

// The share of a timebox that should be scheduled when it begins, in percent (handbook, Milestones);
// the rest is for what comes up.
const (
	ScheduledLow  = 50
	ScheduledHigh = 60
)

// Velocity is what was finished in each of the last timeboxes, the oldest first.
type Velocity struct {
	Head
	Target    Target        `json:"target"`
	Timeboxes List[Timebox] `json:"timeboxes"`
	Mean      *Mean         `json:"mean,omitempty"` // absent without timeboxes
	Goal      Goal          `json:"goal"`
	Notes     List[string]  `json:"notes"`
}

// Timebox is one milestone that is over. Shares are rounded percentages of Issues and absent when that is 0.
type Timebox struct {
	ID                 int64  `json:"id"`
	Title              string `json:"title"`
	Start              string `json:"start,omitempty"`
	Due                string `json:"due,omitempty"`
	Issues             int    `json:"issues"`           // finished
	Weight             *int   `json:"weight,omitempty"` // finished; absent where issues have no weights
	Scheduled          int    `json:"scheduled"`        // finished, and in the milestone when it began
	Unscheduled        int    `json:"unscheduled"`
	Toil               int    `json:"toil"`
	ScheduledPercent   *int   `json:"scheduled_percent,omitempty"`
	UnscheduledPercent *int   `json:"unscheduled_percent,omitempty"`
	ToilPercent        *int   `json:"toil_percent,omitempty"`
	Carried            int    `json:"carried"` // carried over into a later one
}

// Mean is the average over the timeboxes, rounded to one decimal.
type Mean struct {
	Issues           float64  `json:"issues"`
	Weight           *float64 `json:"weight,omitempty"`
	ScheduledPercent *int     `json:"scheduled_percent,omitempty"`
}

// Goal is the scheduled share aimed at, in percent.
type Goal struct {
	LowPercent  int `json:"low_percent"`
	HighPercent int `json:"high_percent"`
}

// NewVelocity is the document without timeboxes.
func NewVelocity(in target.Target) Velocity {
	return Velocity{Head: head(KindVelocity), Target: TargetOf(in), Goal: Goal{ScheduledLow, ScheduledHigh}}
}
