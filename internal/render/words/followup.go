package words

import (
	"fmt"

	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// FollowUp is the state of a corrective action. How late it is is unknown of a confidential one.
func FollowUp(a jsonv1.FollowUp) layout.Span {
	switch {
	case a.State == "overdue" && a.DaysOverdue != nil:
		return layout.As(layout.Bad, "overdue by "+Count(*a.DaysOverdue, "day"))
	case a.State == "overdue":
		return layout.As(layout.Bad, "overdue")
	case a.State == "done-on-time":
		return layout.As(layout.Good, "done on time")
	case a.State == "done-late" && a.DaysLate != nil:
		return layout.As(layout.Warn, Count(*a.DaysLate, "day")+" late")
	case a.State == "done-late":
		return layout.As(layout.Warn, "done late")
	}
	return layout.T(a.State)
}

// OnTime says how many corrective actions were done on time.
func OnTime(s jsonv1.Share) string {
	text := "on time: " + Unknown
	if s.Sample > 0 {
		text = fmt.Sprintf("on time: %d of %d (%s)", s.Count, s.Sample, Percent(s.Percent))
	}
	if s.Missing > 0 {
		text += fmt.Sprintf(", %d without a due date", s.Missing)
	}
	return text
}
