package jsonv1

// KindFlow is the kind of [Flow].
const KindFlow = "flow"

// Flow holds the four measures of the Kanban Guide for a period: work in progress, throughput, cycle time and age. Nothing is guessed: what
// cannot be known is counted.
type Flow struct {
	Head
	From  string `json:"from"` // civil date, the first day
	To    string `json:"to"`   // civil date, the last day
	Zone  string `json:"zone"`
	Start string `json:"start_column"` // cycle time and age are counted from entering it

	InProgress int    `json:"in_progress"`      // issues that have started and are open at the end of the period
	Mean       string `json:"mean_in_progress"` // over the period, exact decimal with two digits
	Finished   int    `json:"finished"`         // issues that were closed in the period
	PerWeek    string `json:"finished_per_week"`
	Older      int    `json:"older"`   // issues in progress that are older than 85 % of the finished ones took
	Unknown    int    `json:"unknown"` // issues with events that GitLab no longer has, so that a column may be missing

	Cycle    CycleTimes       `json:"cycle_time"`
	Columns  List[FlowColumn] `json:"columns"` // where the finished issues spent their cycle time, from left to right
	Waiting  *FlowShare       `json:"waiting,omitempty"`
	Blocked  *FlowShare       `json:"blocked,omitempty"`
	Handoffs int              `json:"handoffs"` // how often the finished issues were marked as ready to hand off

	Items List[FlowItem]  `json:"items"` // in progress, the oldest first
	Done  List[FlowItem]  `json:"done"`  // started and finished in the period, by the time at which they were finished
	Days  List[FlowLevel] `json:"days"`  // the end of each day, and the end of the period
	Notes List[string]    `json:"notes"`
}

// NewFlow returns the report of a period of days, first and last included.
func NewFlow(from, to, zone string) Flow {
	return Flow{Head: head(KindFlow), From: from, To: to, Zone: zone}
}

// CycleTimes are percentiles by nearest rank, so each is the cycle time of a real issue. They are absent without a sample.
type CycleTimes struct {
	Sample  int  `json:"sample"`  // finished issues that were in the starting column
	Missing int  `json:"missing"` // finished issues without an event of entering it
	P50     *int `json:"p50_minutes,omitempty"`
	P85     *int `json:"p85_minutes,omitempty"`
	P95     *int `json:"p95_minutes,omitempty"`
}

// FlowColumn is the time that the finished issues spent in a column.
type FlowColumn struct {
	Name string `json:"name"` // empty: between columns
	FlowShare
}

// FlowShare is a part of the cycle times of the finished issues. The shares of all columns add up to 100.
type FlowShare struct {
	Minutes int `json:"minutes"`
	Percent int `json:"percent"`
}

// FlowItem is an issue in progress, or one that was finished.
type FlowItem struct {
	Ref          string `json:"ref" withheld:"keep"`
	Title        string `json:"title,omitempty"`
	Column       string `json:"column,omitempty" withheld:"keep"` // of an issue in progress
	StartedAt    string `json:"started_at,omitempty"`
	FinishedAt   string `json:"finished_at,omitempty"`
	Minutes      *int   `json:"minutes,omitempty"` // age, or cycle time
	Weight       *int   `json:"weight,omitempty"`
	Older        bool   `json:"older" withheld:"keep"` // older than 85 % of the finished issues took
	Confidential bool   `json:"confidential" withheld:"keep"`
	Withheld     bool   `json:"withheld" withheld:"keep"`
	WebURL       string `json:"web_url,omitempty" withheld:"keep"`
}

// FlowLevel is how many issues were in each column of work that has started at a time, and how many were finished since the period began.
type FlowLevel struct {
	At       string          `json:"at"`
	Columns  List[FlowCount] `json:"columns"`
	Finished int             `json:"finished"`
}

// FlowCount is the number of issues in a column.
type FlowCount struct {
	Name  string `json:"name"`
	Count int    `json:"count"`
}
