package store

import (
	"strings"
	"time"
)

// MergeRequest is a merge request, which is read-only.
type MergeRequest struct {
	ID, IID           int
	Project           *Project
	Title             string
	Description       string
	State             string // opened, closed, merged
	Author            *User
	Assignees         []*User
	Reviewers         []*User
	Labels            []*Label
	Milestone         *Milestone
	Source, Target    string // branches
	CreatedAt         time.Time
	UpdatedAt         time.Time
	MergedAt          time.Time
	MergedBy          *User
	ClosedAt          time.Time
	ClosedBy          *User
	Notes             []*Note // by id
	Awards            []*Award
	ApprovedBy        []*User
	ApprovedAt        []time.Time // of each in ApprovedBy
	Versions          []Version   // oldest first, at least one
	ApprovalsRequired int
	Files             []ChangedFile
}

// Draft reports whether the title says that the merge request is not finished.
func (mr *MergeRequest) Draft() bool {
	title := strings.ToLower(strings.TrimSpace(mr.Title))
	for _, prefix := range []string{"draft:", "[draft]", "(draft)"} {
		if strings.HasPrefix(title, prefix) {
			return true
		}
	}
	return false
}

// Version is the state of a merge request after a push.
type Version struct {
	ID        int
	Head      string // commit
	CreatedAt time.Time
}

// ChangedFile is one file that a merge request changes.
type ChangedFile struct {
	Path, From     string // From is the old name, the same unless it was renamed
	Added, Deleted bool
	Diff           string
}

// ApprovalSettings say how merge requests of a project are approved.
type ApprovalSettings struct {
	KeepOnPush         bool // reset_approvals_on_push is its opposite
	AuthorMayApprove   bool
	CommittersMayNot   bool
	NoOverride         bool
	RequirePassword    bool
	ApprovalsRequired  int
	SelectiveCodeOwner bool
}

// ApprovalRule is one of a project's approval rules.
type ApprovalRule struct {
	ID       int
	Name     string
	Kind     string // regular, any_approver, report_approver
	Required int
	Users    []*User
	Groups   []*Group
	Branches []string // protected branches it applies to; empty means all
}
