package fakegitlab

import "time"

// The objects of the instance. Pointers are identities: a renamed label or milestone is renamed wherever it hangs.
// All of it is guarded by Server.mu. Instants are UTC; civil dates are YYYY-MM-DD strings, "" for none.

// Access levels. Planner is not between Guest and Reporter: see roles.go.
const (
	noAccess      = 0
	minimalAccess = 5
	guest         = 10
	planner       = 15
	reporter      = 20
	developer     = 30
	maintainer    = 40
	owner         = 50
)

// Visibility of projects and groups.
const (
	private  = "private"
	internal = "internal"
	public   = "public"
)

type user struct {
	id        int
	username  string
	name      string
	email     string
	admin     bool
	bot       bool
	blocked   bool
	createdAt time.Time
}

// The kinds of tokens.
const (
	personalToken = "personal"
	oauthToken    = "oauth"
	jobToken      = "job"
)

// token is what a caller shows. Its scopes are api, read_api, read_user and sudo.
type token struct {
	value   string
	user    *user
	kind    string
	scopes  []string
	expires string // civil date; from this day on the token is no good
	revoked bool
}

type group struct {
	id           int
	name, path   string // path is the last part
	parent       *group
	visibility   string
	description  string
	createdAt    time.Time
	members      []*member
	milestones   []*milestone
	labels       []*label
	boards       []*board
	lastMilesIID int
}

type project struct {
	id             int
	name, path     string
	group          *group // nil for a personal project
	owner          *user  // of a personal project
	description    string
	visibility     string
	archived       bool
	issuesDisabled bool
	issueTemplate  string // description of new issues that bring none
	createdAt      time.Time
	lastActivityAt time.Time
	members        []*member
	milestones     []*milestone
	labels         []*label
	priorities     map[*label]int // label priorities are kept by project, for group labels too
	boards         []*board

	issues        []*issue // by createdAt, then id
	issueByIID    map[int]*issue
	openIssues    int
	lastIssueIID  int
	lastMilesIID  int
	mergeRequests []*mergeRequest
	approvals     approvalSettings
	rules         []*approvalRule
}

type member struct {
	user      *user
	level     int
	createdAt time.Time
	createdBy *user
	expires   string
}

// parent is what owns milestones, labels and boards: a project or a group, never both.
type parent struct {
	project *project
	group   *group
}

type milestone struct {
	id, iid     int
	parent      parent
	title       string
	description string
	closed      bool
	startDate   string
	dueDate     string
	createdAt   time.Time
	updatedAt   time.Time
	deleted     bool
}

type label struct {
	id          int
	parent      parent
	name        string
	color       string // #rrggbb
	description string
	createdAt   time.Time
	updatedAt   time.Time
	deleted     bool // label events show null
}

type issue struct {
	// What lists look at stands first, so that a scan over many issues touches little memory.
	id, iid      int
	closed       bool
	confidential bool
	labels       []*label
	milestone    *milestone
	createdAt    time.Time
	updatedAt    time.Time
	project      *project
	author       *user
	assignees    []*user

	title            string
	description      string
	kind             string // issue, incident, task ...
	discussionLocked *bool
	dueDate          string
	weight           *int
	timeEstimate     int // seconds
	timeSpent        int // seconds
	position         int // relative_position

	closedAt  time.Time
	closedBy  *user
	movedTo   *issue
	duplicate *issue // closed as duplicate of

	notes           []*note // by id
	awards          []*award
	links           []*link // both ends hold the link
	labelEvents     []labelEvent
	milestoneEvents []milestoneEvent
	stateEvents     []stateEvent
	subscriptions   map[*user]bool // explicit ones; author, assignees and commenters are subscribed without
}

type note struct {
	id        int
	body      string
	author    *user
	system    bool
	internal  bool
	createdAt time.Time
	updatedAt time.Time
	awards    []*award
}

type award struct {
	id        int
	name      string
	user      *user
	createdAt time.Time
}

// The kinds of links. isBlockedBy is blocks seen from the target.
const (
	relatesTo   = "relates_to"
	blocks      = "blocks"
	isBlockedBy = "is_blocked_by"
)

type link struct {
	id             int
	source, target *issue
	kind           string // relatesTo or blocks
	createdAt      time.Time
}

// labelEvent, milestoneEvent and stateEvent are the audit trail of an issue, in the order of their ids.
type labelEvent struct {
	id    int
	user  *user
	at    time.Time
	label *label
	added bool
}

type milestoneEvent struct {
	id        int
	user      *user
	at        time.Time
	milestone *milestone
	added     bool
	closed    bool // state of the issue at the time
}

type stateEvent struct {
	id     int
	user   *user
	at     time.Time
	closed bool // or reopened
}

type board struct {
	id          int
	parent      parent
	name        string
	hideBacklog bool
	hideClosed  bool
	milestone   *milestone
	assignee    *user
	labels      []*label
	weight      *int
	lists       []*boardList // in order of position
}

// boardList is a list of one kind: label, or on paid plans assignee or milestone.
type boardList struct {
	id        int
	label     *label
	assignee  *user
	milestone *milestone
	updatedAt time.Time
}

type mergeRequest struct {
	id, iid           int
	project           *project
	title             string
	description       string
	state             string // opened, closed, merged
	author            *user
	assignees         []*user
	reviewers         []*user
	labels            []*label
	milestone         *milestone
	source, target    string // branches
	createdAt         time.Time
	updatedAt         time.Time
	mergedAt          time.Time
	mergedBy          *user
	approvedBy        []*user
	approvalsRequired int
	files             []changedFile
}

// changedFile is one file that a merge request changes.
type changedFile struct {
	path, from     string // from is its old name, the same if it was not renamed
	added, deleted bool
	diff           string
}

type approvalSettings struct {
	keepOnPush         bool // reset_approvals_on_push is its opposite
	authorMayApprove   bool
	committersMayNot   bool
	noOverride         bool
	requirePassword    bool
	approvalsRequired  int
	selectiveCodeOwner bool
}

type approvalRule struct {
	id       int
	name     string
	kind     string // regular, any_approver, report_approver
	required int
	users    []*user
	groups   []*group
	branches []string // protected branches for which it holds; none is all
}
