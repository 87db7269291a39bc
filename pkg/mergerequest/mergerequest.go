// Package mergerequest is a merge request, and how its project has approvals set up, so far as the rule about changes of
// authentication needs them. The rule is in pkg/approval, and nothing is fetched here.
package mergerequest

import "strconv"

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
}

// String is the full reference: acme/users-cookbook!12.
func (m MergeRequest) String() string { return m.Project + "!" + strconv.FormatInt(m.IID, 10) }

// Settings are what a project allows about approvals.
type Settings struct {
	AuthorMayApprove     bool
	CommittersMayApprove bool
	ResetOnPush          bool // approvals end when something is pushed
	RulesMayBeChanged    bool // an author may change the rules in their own merge request
}

// Rule is one rule of a project: so many of these people have to approve.
type Rule struct {
	ID       int64
	Name     string
	Type     string // regular, any_approver, code_owner, report_approver
	Required int
	Users    []string // user names of those named one by one
	Groups   []string // full paths
	Branches []string // names of the protected branches that it is for; none: all branches
}
