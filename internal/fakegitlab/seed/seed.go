// Package seed fills an instance with data. Seed describes it, Plant adds it to the state. Handbook and Empty are
// the seeds of the sandbox; Load and LoadQueue create many issues for benchmarks. It does not answer requests.
package seed

import "time"

// Seed is the initial content of an instance, in a form that can be written by hand as JSON or YAML. Things go by
// their usual names: users by username, groups and projects by full path, milestones and labels by title. Instants
// are RFC 3339; a missing one is now. Civil dates are YYYY-MM-DD.
type Seed struct {
	Users    []User    `json:"users,omitempty"`
	Groups   []Group   `json:"groups,omitempty"` // a parent before its children
	Projects []Project `json:"projects,omitempty"`
}

// User is an account with a token, and further ones if listed. root always exists and need not be listed.
type User struct {
	Username string   `json:"username"`
	Name     string   `json:"name,omitempty"`   // default: the username
	Email    string   `json:"email,omitempty"`  // default: derived from the username
	Token    string   `json:"token,omitempty"`  // default: sandbox-USERNAME
	Tokens   []Token  `json:"tokens,omitempty"` // further ones
	Scopes   []string `json:"scopes,omitempty"`
	Expires  string   `json:"expires,omitempty"` // civil date from which on the token is invalid
	Revoked  bool     `json:"revoked,omitempty"`
	Admin    bool     `json:"admin,omitempty"`
	Bot      bool     `json:"bot,omitempty"`
	Blocked  bool     `json:"blocked,omitempty"`
}

// Token is a further token of a user. With granular scopes it is a fine-grained token, which permits nothing else.
type Token struct {
	Value          string          `json:"value"`
	Name           string          `json:"name,omitempty"`
	Scopes         []string        `json:"scopes,omitempty"` // default: api
	GranularScopes []GranularScope `json:"granular_scopes,omitempty"`
	Expires        string          `json:"expires,omitempty"` // civil date from which on the token is invalid
	Revoked        bool            `json:"revoked,omitempty"`
}

// GranularScope permits something in one place: in a group with its subgroups and projects, in a project, in what belongs to
// the user alone, or on the whole instance. Permissions are those that a person picks, such as read_work_item.
type GranularScope struct {
	Group       string   `json:"group,omitempty"`
	Project     string   `json:"project,omitempty"`
	User        bool     `json:"user,omitempty"`
	Instance    bool     `json:"instance,omitempty"`
	Permissions []string `json:"permissions"`
}

// Member gives a user a role: minimal, guest, planner, reporter, developer, maintainer or owner.
type Member struct {
	User string `json:"user"`
	Role string `json:"role"`
}

// Invitation gives the members of a group, which comes before in the seed, a role in a project or another group: at most their own.
type Invitation struct {
	Group string `json:"group"`
	Role  string `json:"role"`
}

// Group is a group; a path with slashes makes it a subgroup.
type Group struct {
	ID          int          `json:"id,omitempty"` // default: the next free one
	Path        string       `json:"path"`
	Name        string       `json:"name,omitempty"`
	Description string       `json:"description,omitempty"`
	Visibility  string       `json:"visibility,omitempty"` // default: private
	Members     []Member     `json:"members,omitempty"`
	Invited     []Invitation `json:"invited_groups,omitempty"`
	Labels      []Label      `json:"labels,omitempty"`
	Milestones  []Milestone  `json:"milestones,omitempty"`
	Boards      []Board      `json:"boards,omitempty"`

	FineGrainedOnly bool `json:"fine_grained_only,omitempty"` // refuse other tokens of people; of a top-level group
}

// Project is a project in a group, or in the namespace of a user.
type Project struct {
	ID              int            `json:"id,omitempty"` // default: the next free one
	Path            string         `json:"path"`
	Name            string         `json:"name,omitempty"`
	Description     string         `json:"description,omitempty"`
	Visibility      string         `json:"visibility,omitempty"` // default: private
	Archived        bool           `json:"archived,omitempty"`
	IssuesDisabled  bool           `json:"issues_disabled,omitempty"`
	IssueTemplate   string         `json:"issue_template,omitempty"`
	Members         []Member       `json:"members,omitempty"`
	Invited         []Invitation   `json:"invited_groups,omitempty"`
	Labels          []Label        `json:"labels,omitempty"`
	Milestones      []Milestone    `json:"milestones,omitempty"`
	Boards          []Board        `json:"boards,omitempty"`
	Issues          []Issue        `json:"issues,omitempty"`
	MergeRequests   []MergeRequest `json:"merge_requests,omitempty"`
	Approvals       Approvals      `json:"approvals,omitzero"`
	ApprovalRules   []ApprovalRule `json:"approval_rules,omitempty"`
	Branches        []Branch       `json:"branches,omitempty"`
	Deployments     []Deployment   `json:"deployments,omitempty"`      // oldest first
	FreezePeriods   []FreezePeriod `json:"freeze_periods,omitempty"`   // in which nothing is deployed
	GroupPriorities map[string]int `json:"group_priorities,omitempty"` // priorities of the group's labels in this project
	DisabledTypes   []string       `json:"disabled_types,omitempty"`   // of work items, such as "issue"
}

// Branch is a branch of the repository, which is read-only. The default branch is main.
type Branch struct {
	Name      string            `json:"name"`
	Protected bool              `json:"protected,omitempty"`
	Files     map[string]string `json:"files,omitempty"` // content by path
}

// FreezePeriod is a period between two cron expressions.
type FreezePeriod struct {
	Start string `json:"freeze_start"`
	End   string `json:"freeze_end"`
	Zone  string `json:"cron_timezone"`
}

// Deployment is a deployment to an environment, which is created with it. With a job it was made by a pipeline, else through the API.
type Deployment struct {
	Environment string    `json:"environment"`
	Ref         string    `json:"ref,omitempty"`    // default: main
	SHA         string    `json:"sha,omitempty"`    // default: derived from project and job
	Status      string    `json:"status,omitempty"` // default: success
	By          string    `json:"by,omitempty"`     // default: nobody
	Job         int       `json:"job,omitempty"`    // id of the job
	CreatedAt   time.Time `json:"created_at,omitzero"`
	StartedAt   time.Time `json:"started_at,omitzero"` // of the job; default: CreatedAt
	FinishedAt  time.Time `json:"finished_at,omitzero"`
}

// Label is a label. Group labels have no priority.
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

// Board is a board with one list for each label, in that order.
type Board struct {
	Name  string   `json:"name"`
	Lists []string `json:"lists,omitempty"`
}

// Issue is the current state of an issue. Events are how it got there. If no event covers a label, the milestone or
// the closing, one is added: at creation for the first two, at ClosedAt for the last. Missing labels are created, as
// GitLab does.
type Issue struct {
	IID          int       `json:"iid,omitempty"` // default: the next free one
	Title        string    `json:"title"`
	Description  string    `json:"description,omitempty"` // as stored: quick actions in it are not run
	Type         string    `json:"type,omitempty"`        // default: issue
	Author       string    `json:"author,omitempty"`      // default: root
	Assignees    []string  `json:"assignees,omitempty"`
	Labels       []string  `json:"labels,omitempty"`
	Milestone    string    `json:"milestone,omitempty"`
	DueDate      string    `json:"due_date,omitempty"`
	Weight       *int      `json:"weight,omitempty"`
	Confidential bool      `json:"confidential,omitempty"`
	Locked       bool      `json:"locked,omitempty"`
	Closed       bool      `json:"closed,omitempty"`
	CreatedAt    time.Time `json:"created_at,omitzero"`
	UpdatedAt    time.Time `json:"updated_at,omitzero"` // default: the time of the last change
	ClosedAt     time.Time `json:"closed_at,omitzero"`
	ClosedBy     string    `json:"closed_by,omitempty"` // default: the author
	Notes        []Note    `json:"notes,omitempty"`
	Events       []Event   `json:"events,omitempty"`
	Links        []Link    `json:"links,omitempty"`
	Awards       []Award   `json:"awards,omitempty"`
}

// Note is a comment or, with System set, a system note.
type Note struct {
	Body      string    `json:"body"`
	Author    string    `json:"author,omitempty"` // default: the issue's author
	CreatedAt time.Time `json:"created_at,omitzero"`
	Internal  bool      `json:"internal,omitempty"`
	System    bool      `json:"system,omitempty"`
}

// Event is something that happened to an issue: exactly one of the fields after By is set.
type Event struct {
	At              time.Time `json:"at"`
	By              string    `json:"by,omitempty"` // default: the issue's author
	AddLabel        string    `json:"add_label,omitempty"`
	RemoveLabel     string    `json:"remove_label,omitempty"`
	AddMilestone    string    `json:"add_milestone,omitempty"`
	RemoveMilestone string    `json:"remove_milestone,omitempty"`
	State           string    `json:"state,omitempty"` // closed or reopened
}

// Link links the issue to another, which may be in any project and come later in the seed.
type Link struct {
	Project string `json:"project,omitempty"` // default: the issue's own
	IID     int    `json:"iid"`
	Type    string `json:"type,omitempty"` // default: relates_to
}

// Award is an emoji given to the issue.
type Award struct {
	Name string `json:"name"`
	User string `json:"user"`
}

// MergeRequest is a merge request, which is read-only.
type MergeRequest struct {
	Title             string   `json:"title"`
	Description       string   `json:"description,omitempty"`
	State             string   `json:"state,omitempty"` // opened, closed or merged; default: opened
	Author            string   `json:"author,omitempty"`
	Assignees         []string `json:"assignees,omitempty"`
	Reviewers         []string `json:"reviewers,omitempty"`
	Labels            []string `json:"labels,omitempty"`
	Milestone         string   `json:"milestone,omitempty"`
	SourceBranch      string   `json:"source_branch,omitempty"`
	TargetBranch      string   `json:"target_branch,omitempty"` // default: main
	ApprovedBy        []string `json:"approved_by,omitempty"`
	ApprovalsRequired int      `json:"approvals_required,omitempty"`

	ApprovedAt []time.Time `json:"approved_at,omitempty"` // of each in ApprovedBy; default: after the last push
	PushedAt   []time.Time `json:"pushed_at,omitempty"`   // oldest first; default: CreatedAt

	CreatedAt time.Time `json:"created_at,omitzero"`
	MergedAt  time.Time `json:"merged_at,omitzero"`
	MergedBy  string    `json:"merged_by,omitempty"`
	UpdatedAt time.Time `json:"updated_at,omitzero"`
	ClosedAt  time.Time `json:"closed_at,omitzero"`
	ClosedBy  string    `json:"closed_by,omitempty"`
	Notes     []Note    `json:"notes,omitempty"`
	Awards    []Award   `json:"awards,omitempty"`
	Files     []File    `json:"files,omitempty"`
}

// File is one file that a merge request changes.
type File struct {
	Path    string `json:"path"`
	From    string `json:"from,omitempty"` // old name of a renamed file
	Added   bool   `json:"added,omitempty"`
	Deleted bool   `json:"deleted,omitempty"`
	Diff    string `json:"diff,omitempty"` // without the header lines; default: a diff of one line
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
	Type     string   `json:"type,omitempty"` // default: regular
	Required int      `json:"required"`
	Users    []string `json:"users,omitempty"`
	Groups   []string `json:"groups,omitempty"`
	Branches []string `json:"branches,omitempty"` // protected branches; default: all branches
}
