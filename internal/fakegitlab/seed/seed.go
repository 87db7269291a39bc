// Package seed fills an instance: Seed is what can be written down, Plant adds it to the state. Handbook and Empty are the
// seeds of the sandbox, told by story; Load and LoadQueue make many issues for measuring. It answers no requests.
package seed

import "time"

// Seed is what an instance begins with, in a form that can be written by hand
// as JSON or YAML. Things are named as people name them: users by username,
// groups and projects by full path, milestones and labels by title. Instants
// are RFC 3339; a missing one is now. Civil dates are YYYY-MM-DD.
type Seed struct {
	Users    []User    `json:"users,omitempty"`
	Groups   []Group   `json:"groups,omitempty"` // a parent before its children
	Projects []Project `json:"projects,omitempty"`
}

// User is an account with one token. root is there without being named.
type User struct {
	Username string   `json:"username"`
	Name     string   `json:"name,omitempty"`  // the username if empty
	Email    string   `json:"email,omitempty"` // made from the username if empty
	Token    string   `json:"token,omitempty"` // sandbox-USERNAME if empty
	Scopes   []string `json:"scopes,omitempty"`
	Expires  string   `json:"expires,omitempty"` // civil date from which on the token is no good
	Revoked  bool     `json:"revoked,omitempty"`
	Admin    bool     `json:"admin,omitempty"`
	Bot      bool     `json:"bot,omitempty"`
	Blocked  bool     `json:"blocked,omitempty"`
}

// Member gives a user a role: minimal, guest, planner, reporter,
// developer, maintainer or owner.
type Member struct {
	User string `json:"user"`
	Role string `json:"role"`
}

// Group is a group; a path with slashes puts it below others.
type Group struct {
	ID          int         `json:"id,omitempty"` // the next free one if 0
	Path        string      `json:"path"`
	Name        string      `json:"name,omitempty"`
	Description string      `json:"description,omitempty"`
	Visibility  string      `json:"visibility,omitempty"` // private if empty
	Members     []Member    `json:"members,omitempty"`
	Labels      []Label     `json:"labels,omitempty"`
	Milestones  []Milestone `json:"milestones,omitempty"`
	Boards      []Board     `json:"boards,omitempty"`
}

// Project is a project in a group, or in the namespace of a user.
type Project struct {
	ID              int            `json:"id,omitempty"` // the next free one if 0
	Path            string         `json:"path"`
	Name            string         `json:"name,omitempty"`
	Description     string         `json:"description,omitempty"`
	Visibility      string         `json:"visibility,omitempty"` // private if empty
	Archived        bool           `json:"archived,omitempty"`
	IssuesDisabled  bool           `json:"issues_disabled,omitempty"`
	IssueTemplate   string         `json:"issue_template,omitempty"`
	Members         []Member       `json:"members,omitempty"`
	Labels          []Label        `json:"labels,omitempty"`
	Milestones      []Milestone    `json:"milestones,omitempty"`
	Boards          []Board        `json:"boards,omitempty"`
	Issues          []Issue        `json:"issues,omitempty"`
	MergeRequests   []MergeRequest `json:"merge_requests,omitempty"`
	Approvals       Approvals      `json:"approvals,omitzero"`
	ApprovalRules   []ApprovalRule `json:"approval_rules,omitempty"`
	GroupPriorities map[string]int `json:"group_priorities,omitempty"` // of the group's labels, in this project
}

// Label is a label. Groups have no priorities.
type Label struct {
	Name        string `json:"name"`
	Color       string `json:"color,omitempty"`
	Description string `json:"description,omitempty"`
	Priority    *int   `json:"priority,omitempty"`
}

// Milestone is a milestone. Its dates are not checked.
type Milestone struct {
	Title       string    `json:"title"`
	Description string    `json:"description,omitempty"`
	StartDate   string    `json:"start_date,omitempty"`
	DueDate     string    `json:"due_date,omitempty"`
	Closed      bool      `json:"closed,omitempty"`
	CreatedAt   time.Time `json:"created_at,omitzero"`
}

// Board is a board with a list for each of the labels, in their order.
type Board struct {
	Name  string   `json:"name"`
	Lists []string `json:"lists,omitempty"`
}

// Issue is an issue as it is now. Events tell how it came to that; for a
// label, the milestone or the closing that no event tells of, one is made up:
// at creation for the first two, at ClosedAt for the last. Labels that are
// not there are created, as GitLab does.
type Issue struct {
	IID          int       `json:"iid,omitempty"` // the next free one if 0
	Title        string    `json:"title"`
	Description  string    `json:"description,omitempty"` // as stored: quick actions in it are not looked for
	Type         string    `json:"type,omitempty"`        // issue if empty
	Author       string    `json:"author,omitempty"`      // root if empty
	Assignees    []string  `json:"assignees,omitempty"`
	Labels       []string  `json:"labels,omitempty"`
	Milestone    string    `json:"milestone,omitempty"`
	DueDate      string    `json:"due_date,omitempty"`
	Weight       *int      `json:"weight,omitempty"`
	Confidential bool      `json:"confidential,omitempty"`
	Locked       bool      `json:"locked,omitempty"`
	Closed       bool      `json:"closed,omitempty"`
	CreatedAt    time.Time `json:"created_at,omitzero"`
	UpdatedAt    time.Time `json:"updated_at,omitzero"` // the last thing that happened if missing
	ClosedAt     time.Time `json:"closed_at,omitzero"`
	ClosedBy     string    `json:"closed_by,omitempty"` // the author if empty
	Notes        []Note    `json:"notes,omitempty"`
	Events       []Event   `json:"events,omitempty"`
	Links        []Link    `json:"links,omitempty"`
	Awards       []Award   `json:"awards,omitempty"`
}

// Note is a comment, or with System what GitLab noted down.
type Note struct {
	Body      string    `json:"body"`
	Author    string    `json:"author,omitempty"` // the issue's author if empty
	CreatedAt time.Time `json:"created_at,omitzero"`
	Internal  bool      `json:"internal,omitempty"`
	System    bool      `json:"system,omitempty"`
}

// Event is something that happened to an issue: one of the fields behind
// By is set.
type Event struct {
	At              time.Time `json:"at"`
	By              string    `json:"by,omitempty"` // the issue's author if empty
	AddLabel        string    `json:"add_label,omitempty"`
	RemoveLabel     string    `json:"remove_label,omitempty"`
	AddMilestone    string    `json:"add_milestone,omitempty"`
	RemoveMilestone string    `json:"remove_milestone,omitempty"`
	State           string    `json:"state,omitempty"` // closed or reopened
}

// Link links the issue to another, which may be of any project and come
// later in the seed.
type Link struct {
	Project string `json:"project,omitempty"` // the issue's own if empty
	IID     int    `json:"iid"`
	Type    string `json:"type,omitempty"` // relates_to if empty
}

// Award is an emoji given to the issue.
type Award struct {
	Name string `json:"name"`
	User string `json:"user"`
}

// MergeRequest is a merge request, which can only be read.
type MergeRequest struct {
	Title             string    `json:"title"`
	Description       string    `json:"description,omitempty"`
	State             string    `json:"state,omitempty"` // opened if empty; closed, merged
	Author            string    `json:"author,omitempty"`
	Assignees         []string  `json:"assignees,omitempty"`
	Reviewers         []string  `json:"reviewers,omitempty"`
	Labels            []string  `json:"labels,omitempty"`
	Milestone         string    `json:"milestone,omitempty"`
	SourceBranch      string    `json:"source_branch,omitempty"`
	TargetBranch      string    `json:"target_branch,omitempty"` // main if empty
	ApprovedBy        []string  `json:"approved_by,omitempty"`
	ApprovalsRequired int       `json:"approvals_required,omitempty"`
	CreatedAt         time.Time `json:"created_at,omitzero"`
	MergedAt          time.Time `json:"merged_at,omitzero"`
	MergedBy          string    `json:"merged_by,omitempty"`
	Files             []File    `json:"files,omitempty"`
}

// File is one file that a merge request changes.
type File struct {
	Path    string `json:"path"`
	From    string `json:"from,omitempty"` // its old name if it was renamed
	Added   bool   `json:"added,omitempty"`
	Deleted bool   `json:"deleted,omitempty"`
	Diff    string `json:"diff,omitempty"` // without the lines that name the file; one that changes a line if empty
}

// Approvals are a project's settings for approving merge requests.
type Approvals struct {
	KeepOnPush         bool `json:"keep_on_push,omitempty"`
	AuthorMayApprove   bool `json:"author_may_approve,omitempty"`
	CommittersMayNot   bool `json:"committers_may_not,omitempty"`
	NoOverride         bool `json:"no_override,omitempty"`
	RequirePassword    bool `json:"require_password,omitempty"`
	SelectiveCodeOwner bool `json:"selective_code_owner,omitempty"`
	Required           int  `json:"required,omitempty"`
}

// ApprovalRule is one of a project's approval rules.
type ApprovalRule struct {
	Name     string   `json:"name"`
	Type     string   `json:"type,omitempty"` // regular if empty
	Required int      `json:"required"`
	Users    []string `json:"users,omitempty"`
	Groups   []string `json:"groups,omitempty"`
	Branches []string `json:"branches,omitempty"` // protected branches; all branches if empty
}
