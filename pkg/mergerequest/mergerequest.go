// Package mergerequest holds merge requests and the approval settings of their projects, as needed by the approval rule for authentication
// changes. Start with [MergeRequest]. The rule is not here but in pkg/approval, and nothing is fetched here.
package mergerequest

import (
	"strconv"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/instance"
)

// MergeRequest is one merge request.
type MergeRequest struct {
	Project  string // full path
	IID      int64
	Title    string
	Author   string // user name without @
	AuthorID int64
	State    string // opened, closed, locked or merged
	Draft    bool
	WebURL   string
	MergedAt time.Time // zero: not merged
}

// String returns the full reference: acme/users-cookbook!12.
func (m MergeRequest) String() string { return m.Project + "!" + strconv.FormatInt(m.IID, 10) }

// Approval is one approval of a merge request.
type Approval struct {
	By instance.User
	At time.Time // zero: unknown
}

// Settings are the approval settings of a project.
type Settings struct {
	AuthorMayApprove     bool
	CommittersMayApprove bool
	ResetOnPush          bool // approvals are removed when commits are added
	RulesMayBeChanged    bool // authors can edit the rules in their own merge request
}

// Rule is one approval rule of a project: how many of these people have to approve.
type Rule struct {
	ID       int64
	Name     string
	Type     string // regular, any_approver, code_owner, report_approver
	Required int
	Users    []string // user names
	UserIDs  []int64  // of Users, in their order
	Groups   []string // full paths
	Branches []string // names of the protected branches that it covers; none: all branches
}
