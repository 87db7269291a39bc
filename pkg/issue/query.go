package issue

import "time"

// Query selects issues of a project or group. Zero fields do not select.
// A group's query covers the projects of its subgroups too; confidential issues that the token may not read are missing.
type Query struct {
	State        State    // empty: both
	Labels       []string // all of them; none may hold a comma
	NotLabels    []string
	Milestone    string // exact title; titles called "None" or "Any" cannot be asked for
	AnyMilestone bool   // those in any milestone
	Search       string // words of title and description; counts against GitLab's search limit
	IIDs         []int64
	CreatedAfter time.Time
	UpdatedAfter time.Time
	CreatedByMe  bool
}

// Event is one change of an issue's label, milestone or state, as GitLab recorded it. At is UTC.
type Event struct {
	At     time.Time
	User   string // empty when the account is gone
	Action string // label and milestone events: "add" or "remove"; state events: "closed" or "reopened"
	Name   string // label name or milestone title; empty when it is deleted
	ID     int64  // milestone id; 0 for others
}

// Note is one comment. System notes are GitLab's own remarks.
type Note struct {
	ID        int64
	Body      string
	Author    string
	AuthorID  int64
	CreatedAt time.Time // UTC
	UpdatedAt time.Time // UTC
	System    bool
	Internal  bool
	// Trusted says that the author may change the issue: at least the role Planner or Reporter there, or the token's user. It is known of
	// comments that hold a journal entry, where they were read for their entries.
	Trusted bool
}
