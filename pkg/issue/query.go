package issue

import "time"

// Query selects issues of a project or group. Zero fields do not filter.
// A query of a group includes the projects of its subgroups. Confidential issues that the token may not read are missing.
type Query struct {
	State         State    // empty: both
	Labels        []string // issues with all of them; a label must not contain a comma
	NotLabels     []string
	Milestone     string // exact title; the titles that GitLab reads as keywords, such as None, cannot be queried
	AnyMilestone  bool   // issues in any milestone
	Word          string // a word in the description; counts against GitLab's limit of searches
	IIDs          []int64
	CreatedAfter  time.Time
	CreatedBefore time.Time
	UpdatedAfter  time.Time
	CreatedByMe   bool
	Confidential  bool // only confidential issues
	Incidents     bool // only issues of GitLab's type incident; none on a server that does not know types
}

// Event is one change of an issue's label, milestone or state, as GitLab recorded it. At is UTC.
type Event struct {
	At     time.Time
	User   string // empty if the account was deleted
	Action string // label and milestone events: "add" or "remove"; state events: "closed" or "reopened"
	Name   string // label name or milestone title; empty if it was deleted
	ID     int64  // milestone id; 0 for others
	Issue  int64  // instance-wide id of the issue; 0: unknown
}

// Note is one comment. GitLab writes the system notes.
type Note struct {
	ID        int64
	Body      string
	Author    string
	AuthorID  int64
	CreatedAt time.Time // UTC
	UpdatedAt time.Time // UTC
	System    bool
	Internal  bool
	Threaded  bool // it has replies, or is one
	// Trusted means that the author may change the issue: they are the token's user or have the role Planner, Reporter or higher. It is
	// set only for comments that hold an event, and only if they were read for their events.
	Trusted bool
}

// TimelineEvent is an entry of GitLab's own timeline of an incident. At is UTC. Tag is one of GitLab's predefined tags; empty: none. It is
// not read.
type TimelineEvent struct {
	At   time.Time
	Text string // at most 280 characters
	Tag  string
}
