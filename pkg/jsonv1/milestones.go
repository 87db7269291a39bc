package jsonv1

import (
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/stable"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// The kinds of [Milestones] and [Milestone].
const (
	KindMilestones = "milestones"
	KindMilestone  = "milestone"
)

// Milestones is a list of milestones in display order.
type Milestones struct {
	Head
	Target     Target              `json:"target"`
	Milestones List[MilestoneItem] `json:"milestones"`
}

// MilestoneItem is one milestone.
type MilestoneItem struct {
	ID       int64  `json:"id"`
	IID      int64  `json:"iid"`
	Title    string `json:"title"`
	State    string `json:"state"`          // "active" or "closed"
	Role     string `json:"role,omitempty"` // "current" or "next" for the team's two open milestones
	Start    string `json:"start,omitempty"`
	Due      string `json:"due,omitempty"`
	DaysLeft *int   `json:"days_left,omitempty"` // of an open one: days to the due date, negative if overdue
	Group    bool   `json:"group"`               // owned by a group (for a project: maybe a parent group)
	WebURL   string `json:"web_url,omitempty"`
}

// Milestone is one milestone with its counts.
type Milestone struct {
	Head
	Target Target `json:"target"`
	MilestoneItem
	Description string `json:"description,omitempty"`
	Issues      *Count `json:"issues,omitempty"`
	Weight      *Count `json:"weight,omitempty"` // absent if no issue has a weight

	Columns []MilestoneColumn `json:"columns,omitempty"` // of the board, from left to right, those with issues; absent without issues
}

// MilestoneColumn is a column of the board with the milestone's issues in it, the most urgent first.
type MilestoneColumn struct {
	Title  string             `json:"title,omitempty"` // absent: open issues that are in no column
	Weight int                `json:"weight"`
	Issues List[PlannedIssue] `json:"issues"`
}

// SetColumns sets the issues of the milestone by column, each list in the given order. Ages are in whole days up to now.
func (m *Milestone) SetColumns(layout board.Layout, issues []issue.Issue, order func(a, b issue.Issue) int, now time.Time) {
	place := map[issue.Ref]int{}
	for n, i := range stable.Sorted(issues, order) {
		place[i.Ref] = n
	}
	lanes, _ := layout.Deal(issues, func(i issue.Issue) int { return place[i.Ref] })
	nowhere := board.Lane{}
	for _, i := range stable.Sorted(issues, order) {
		if len(layout.Where(i)) == 0 {
			nowhere.Cards = append(nowhere.Cards, board.Card{Issue: i})
		}
	}
	for _, lane := range append([]board.Lane{nowhere}, lanes...) {
		if len(lane.Cards) > 0 {
			m.Columns = append(m.Columns, columnIn(lane, now))
		}
	}
}

func columnIn(lane board.Lane, now time.Time) MilestoneColumn {
	doc := MilestoneColumn{Title: lane.Name}
	for _, c := range lane.Cards {
		i := PlannedIssueOf(c.Issue)
		end := now
		if !c.Issue.ClosedAt.IsZero() {
			end = c.Issue.ClosedAt
		}
		i.AgeDays, i.Assignees = new(max(0, int(end.Sub(c.Issue.CreatedAt)/(24*time.Hour)))), slices.Clone(c.Issue.Assignees)
		doc.Weight += milestone.WeightOf(c.Issue)
		doc.Issues = append(doc.Issues, i)
	}
	return doc
}

// Count is a number of issues, or the sum of their weights, by state.
type Count struct {
	Open   int `json:"open"`
	Closed int `json:"closed"`
}

// NewMilestones returns the document of a list of milestones; today is the team's civil date.
func NewMilestones(in target.Target, list []milestone.Milestone, today calendar.Date) Milestones {
	doc := Milestones{Head: head(KindMilestones), Target: TargetOf(in)}
	for _, m := range list {
		doc.Milestones = append(doc.Milestones, MilestoneOf(m, today))
	}
	return doc
}

// NewMilestone returns the document of one milestone without counts; today is the team's civil date.
func NewMilestone(in target.Target, m milestone.Milestone, today calendar.Date) Milestone {
	return Milestone{
		Head: head(KindMilestone), Target: TargetOf(in),
		MilestoneItem: MilestoneOf(m, today), Description: m.Description,
	}
}

// MilestoneOf returns a milestone without a role; today is the team's civil date.
func MilestoneOf(m milestone.Milestone, today calendar.Date) MilestoneItem {
	item := MilestoneItem{
		ID: m.ID, IID: m.IID, Title: m.Title, State: string(m.State), Group: m.Group, WebURL: m.WebURL,
		Start: m.Start.String(), Due: m.Due.String(),
	}
	if m.Open() && !m.Due.IsZero() && !today.IsZero() {
		item.DaysLeft = new(m.Due.DaysSince(today))
	}
	return item
}

// TargetOf returns the published form of a project or group.
func TargetOf(t target.Target) Target { return Target{string(t.Kind), t.Path} }

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
