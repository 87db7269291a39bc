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
