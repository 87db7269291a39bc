package jsonv1

import (
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
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
