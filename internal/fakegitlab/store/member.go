package store

import "time"

// Access levels. Planner does not rank between Guest and Reporter: see package access.
const (
	NoAccess      = 0
	MinimalAccess = 5
	Guest         = 10
	Planner       = 15
	Reporter      = 20
	Developer     = 30
	Maintainer    = 40
	Owner         = 50
)

// Member is a user's direct membership of a project or group.
type Member struct {
	ID        int // members are listed in the order of their memberships
	User      *User
	Level     int
	CreatedAt time.Time
	CreatedBy *User // nil for the creator of the project or group
	Expires   string
}

// Invitation gives the members of a group a role in a project or in another group: at most their own.
type Invitation struct {
	Group *Group
	Level int
}
