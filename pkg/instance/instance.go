// Package instance is what a GitLab instance says of itself and of the token's owner:
// its version, its projects and groups, and who may do what in them. Nothing is fetched here.
package instance

// Version is the server's version. Enterprise tells the build, not a paid plan.
type Version struct {
	Version    string // "18.6.1-ee"
	Enterprise bool
}

// User is an account. Admin is known only where GitLab says so.
type User struct {
	ID       int64
	Username string
	State    string
	Admin    bool
}

// Project is a project's outer side.
type Project struct {
	ID            int64
	Path          string // full
	Name          string
	GroupPath     string // full path of the namespace; empty for a personal one
	Archived      bool
	IssuesEnabled bool
	OpenIssues    int
	Access        Access // the token's user's, as far as the project says; it is silent on some inherited rights
}

// Group is a group's outer side.
type Group struct {
	Path string // full
}

// Access is a role. The numbers are not a ladder: Planner (15) may delete issues and edit milestones,
// Maintainer (40) may not delete issues. So ask [Access.MayPlan] and the like, and compare no numbers elsewhere.
type Access int

// The roles of GitLab.
const (
	NoAccess   Access = 0
	Minimal    Access = 5
	Guest      Access = 10
	Planner    Access = 15
	Reporter   Access = 20
	Developer  Access = 30
	Maintainer Access = 40
	Owner      Access = 50
	Admin      Access = 60
)

// MayPlan reports whether the role edits milestones, labels, boards and other people's issues.
func (a Access) MayPlan() bool { return a == Planner || a >= Reporter }

// String is the role's name in GitLab's interface.
func (a Access) String() string {
	switch a {
	case Minimal:
		return "Minimal access"
	case Guest:
		return "Guest"
	case Planner:
		return "Planner"
	case Reporter:
		return "Reporter"
	case Developer:
		return "Developer"
	case Maintainer:
		return "Maintainer"
	case Owner:
		return "Owner"
	case Admin:
		return "Admin"
	}
	return "no role"
}
