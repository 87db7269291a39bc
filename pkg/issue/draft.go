package issue

import "gitlab.com/prodctl/prodctl/pkg/calendar"

// Draft is an issue that is to be made. Labels that do not exist are made by GitLab when the token may do so and
// left out when not; none may hold a comma. Fields that are zero are not sent.
type Draft struct {
	Title        string // 1 to 255 characters
	Description  string
	Labels       []string
	MilestoneID  int64
	AssigneeIDs  []int64 // on Free the first alone counts
	Confidential bool
	Due          calendar.Date
}

// NoteDraft is a comment that is to be made. An internal one is seen by Planner, Reporter and above only.
type NoteDraft struct {
	Body     string
	Internal bool
}
