package jsonv1

// KindLabelReport is the kind of [LabelReport].
const KindLabelReport = "label_report"

// LabelReport holds how much of the team's work carries each of the labels that gather data, over the last timeboxes.
type LabelReport struct {
	Head
	Target    Target              `json:"target"`
	Timeboxes List[LabelTimebox]  `json:"timeboxes"` // the oldest first, the running one last
	Labels    List[MeasuredLabel] `json:"labels"`
	Toil      *ToilAim            `json:"toil,omitempty"` // absent if no aim is set
	Kinds     List[ToilKind]      `json:"kinds"`          // the most frequent kinds of toil by similar titles, the largest first
	Notes     List[string]        `json:"notes"`
}

// NewLabelReport returns the report on a project or group.
func NewLabelReport(in Target) LabelReport {
	return LabelReport{Head: head(KindLabelReport), Target: in}
}

// LabelTimebox is one timebox of the report.
type LabelTimebox struct {
	Title   string `json:"title"`
	Start   string `json:"start,omitempty"`
	Due     string `json:"due,omitempty"`
	Running bool   `json:"running"` // not finished yet
	Issues  int    `json:"issues"`
	Weight  int    `json:"weight"`
}

// MeasuredLabel is how much of the work carries a label. Percentages are exact decimals with one digit, absent without a whole.
type MeasuredLabel struct {
	Name          string             `json:"name"`
	Issues        int                `json:"issues"`
	Weight        int                `json:"weight"`
	Percent       string             `json:"percent,omitempty"`        // of all issues of the timeboxes
	WeightPercent string             `json:"weight_percent,omitempty"` // of their weight
	Timeboxes     List[int]          `json:"timeboxes"`                // issues in each timebox
	Trend         string             `json:"trend,omitempty"`          // "up", "down" or "steady"; absent without two finished timeboxes
	Open          int                `json:"open"`                     // open issues with the label, in a timebox or not
	Oldest        *int               `json:"oldest_minutes,omitempty"`
	Closed        Spread             `json:"time_to_close"`
	Teams         List[LabelledTeam] `json:"teams"` // who asked, where that is recorded; the most frequent first
}

// LabelledTeam is how many of the issues a team asked for.
type LabelledTeam struct {
	Team  string `json:"team"`
	Count int    `json:"count"`
}

// ToilAim compares the share of toil with the team's aim.
type ToilAim struct {
	Percent string `json:"percent,omitempty"` // of all issues; absent without issues
	Aim     string `json:"aim_percent"`
	Above   bool   `json:"above"`
}

// ToilKind is a group of toil with similar titles. Confidential issues are in none.
type ToilKind struct {
	Words  List[string] `json:"words"` // those that at least half of the titles have
	Count  int          `json:"count"`
	Issues List[string] `json:"issues"` // references, the oldest first
	Title  string       `json:"title"`  // of the oldest issue
}
