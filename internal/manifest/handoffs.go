package manifest

import "time"

// Where the notes of hand-offs go.
const (
	LogWeek  = "week"  // an issue for each week
	LogShift = "shift" // an issue for each shift
	LogIssue = "issue" // one that is named
)

// Handoff says where this team keeps its on-call log (handbook, "Issue or Outage Hand-off").
type Handoff struct {
	Log          string // LogWeek, LogShift or LogIssue
	Issue        string // of LogIssue, as people name issues
	Project      string // the tracker of the log, by its name
	Confidential bool   // the issues of the log are confidential
}

// Budget is for how long production may be down.
type Budget struct {
	SLO    string        // percent, an exact decimal such as 99.95
	Window time.Duration // whole days
}

func defaultHandoff() Handoff { return Handoff{Log: LogWeek, Project: Production} }

// defaultBudget is the handbook's ("uptime above 99.95%"), over four weeks.
func defaultBudget() Budget { return Budget{SLO: "99.95", Window: 28 * 24 * time.Hour} }
