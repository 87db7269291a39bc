package store

import (
	"slices"
	"strings"
	"time"
)

// User is an account.
type User struct {
	ID        int
	Username  string
	Name      string
	Email     string
	Admin     bool
	Bot       bool
	Blocked   bool
	CreatedAt time.Time
	CreatedBy *User // an administrator; nil for the first and for those who signed up
}

// The kinds of tokens.
const (
	PersonalToken = "personal"
	OAuthToken    = "oauth"
	JobToken      = "job"
)

// Token is an access token. Its scopes are api, read_api, read_user and sudo, or GranularScope alone.
type Token struct {
	ID        int
	Name      string
	Value     string
	User      *User
	Kind      string
	Scopes    []string
	Grants    []*Grant // of a fine-grained token
	Expires   string   // civil date; from this day on the token is invalid
	Revoked   bool
	CreatedAt time.Time
}

// GranularScope is the only scope of a fine-grained token, which has grants instead.
const GranularScope = "granular"

// AIScope is the scope of tokens for AI workflows, which may write issues and comments, but not run quick actions that do more.
const AIScope = "ai_workflows"

// Grant is what a fine-grained token permits in one place.
type Grant struct {
	Boundary    string // one of the boundaries
	In          Parent // the project or group, if the boundary is one
	Permissions []string
}

// The boundaries of permissions: a project, a group with all that is in it, the user's own matters, the instance.
const (
	ProjectBoundary  = "project"
	GroupBoundary    = "group"
	UserBoundary     = "user"
	InstanceBoundary = "instance"
)

// FineGrained reports whether the token has grants instead of scopes; nil has not.
func (t *Token) FineGrained() bool { return t != nil && slices.Contains(t.Scopes, GranularScope) }

// IsAdmin reports whether the user is an administrator; nil is not.
func (u *User) IsAdmin() bool { return u != nil && u.Admin }

// UserNamed finds a user by name in any letter case, nil if there is none.
func (s *Store) UserNamed(username string) *User {
	for _, u := range s.Users {
		if strings.EqualFold(u.Username, username) {
			return u
		}
	}
	return nil
}

// State is active or blocked.
func (u *User) State() string {
	if u.Blocked {
		return "blocked"
	}
	return "active"
}
