package words

import (
	"fmt"
	"strconv"

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
		return layout.As(layout.Warn, "done "+Count(*a.DaysLate, "day")+" late")
	case a.State == "done-late":
		return layout.As(layout.Warn, "done late")
	}
	return layout.T(a.State)
}

// OnTime says how many corrective actions were done on time.
func OnTime(s jsonv1.Share) string { return "on time: " + ShareOnTime(s) }

// ShareOnTime is the share of the corrective actions that were done on time, with those about which that is unknown.
func ShareOnTime(s jsonv1.Share) string {
	text := Unknown
	if s.Sample > 0 {
		text = fmt.Sprintf("%d of %d (%s)", s.Count, s.Sample, Percent(s.Percent))
	}
	if s.Missing > 0 {
		text += fmt.Sprintf(", %d without a due date", s.Missing)
	}
	return text
}

// MedianAge is the median of ages in whole days; empty without any.
func MedianAge(s jsonv1.Spread) string {
	minutes, err := strconv.ParseFloat(s.Median, 64)
	if err != nil {
		return ""
	}
	if minutes == 0 {
		return "0d"
	}
	return Lasting(int(minutes))
}
