// Package instance holds what a GitLab instance reports about itself and the token's user: its version, projects, groups, users and
// roles. Start with [Access] for the permissions of a role. Requests do not belong here.
package instance

import (
	"slices"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
)

// Version is the server's version. Enterprise is about the build; it does not mean a paid plan.
type Version struct {
	Version    string // "18.6.1-ee"
	Enterprise bool
}

// User is an account. Admin and Bot are set only if GitLab reports them, which it does for the token's own user.
type User struct {
	ID       int64
	Username string
	State    string
	Admin    bool
	Bot      bool // the user of a project's or group's access token, or a service account
}

// Token describes the token in use.
type Token struct {
	Scopes  []string
	Expires calendar.Date // the first day on which it is invalid; zero: never
}

// FineGrained reports whether the token has permissions instead of scopes: its authority is not in its scopes.
func (t Token) FineGrained() bool { return slices.Contains(t.Scopes, "granular") }

// ExpirySoon is how many days before its end a token is worth a warning.
const ExpirySoon = 14

// ExpiresSoon reports whether the token ends within [ExpirySoon] days from today.
func (t Token) ExpiresSoon(today calendar.Date) bool {
	return !t.Expires.IsZero() && t.Expires.Before(today.AddDays(ExpirySoon))
}

// Project describes a project.
type Project struct {
	ID            int64
	Path          string // full
	Name          string
	GroupPath     string // full path of the namespace; empty for a personal one
	Archived      bool
	IssuesEnabled bool
	OpenIssues    int
	DefaultBranch string // empty if the repository is empty, or hidden from the token
	Paid          bool   // the features of a paid plan are there
	Access        Access // role of the token's user as reported by the project, which leaves out some inherited roles
	Readers       Readers
	SiteReaders   Readers // who can read its Pages site, or the artifacts of the job that made it; unknown if it can have no site
}

// Readers are the people who can read a project's issues, confidential ones aside. The zero value is unknown.
type Readers int

// The groups of readers, each wider than the one before.
const (
	UnknownReaders Readers = iota
	Members
	SignedIn // everybody with an account
	Everybody
)

// Wider reports whether issues have, or may have, more readers than in a project with the other ones.
func (r Readers) Wider(than Readers) bool {
	if r == UnknownReaders {
		return than != Everybody
	}
	return r > than && than != UnknownReaders || r > Members && than == UnknownReaders
}

// Branch is a branch of a project's repository.
type Branch struct {
	Name      string
	Protected bool   // only some may push to it
	Commit    string // its last commit
}

// Group describes a group.
type Group struct {
	Path string // full
}

// Access is a role. A higher number does not include all permissions of a lower one: Planner (15) may delete issues and edit
// milestones, but Maintainer (40) may not delete issues. So use [Access.MayPlan] and the like instead of comparing numbers.
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

// MayPlan reports whether the role may edit milestones, labels, boards and other people's issues.
func (a Access) MayPlan() bool { return a == Planner || a >= Reporter }

// String returns the role's name in GitLab's interface.
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
