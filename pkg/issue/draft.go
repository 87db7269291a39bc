package issue

import (
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
)

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

// Once says how an object that is to be made is found again, so that there is one in the end whatever happens on the wire and
// however often a command is run (SPEC W3).
type IdempotencyKey struct {
	Kind     string    // incident, change, note, ...: small letters, digits, dashes
	Name     string    // the caller's --key, or what stands for the command's words
	Unique   bool      // nobody else can have the name: it is not looked for before the first try
	Searched bool      // it was looked for a moment ago and was not there: not looked for before the first try, but after it
	Since    time.Time // nothing that carries the key is older, by GitLab's clock; zero: not known
	Label    string    // of an issue: all of its kind carry it; empty: none
}
