package access

import (
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// RoleLevel returns the access level of a role, 0 for an unknown one.
func RoleLevel(role string) int {
	switch role {
	case "minimal":
		return store.MinimalAccess
	case "guest":
		return store.Guest
	case "planner":
		return store.Planner
	case "reporter":
		return store.Reporter
	case "developer":
		return store.Developer
	case "maintainer":
		return store.Maintainer
	case "owner":
		return store.Owner
	}
	return store.NoAccess
}

// roleName returns the name of an access level, "" for none.
func roleName(level int) string {
	for _, role := range []string{"minimal", "guest", "planner", "reporter", "developer", "maintainer", "owner"} {
		if RoleLevel(role) == level {
			return role
		}
	}
	return ""
}

// Account is a user as a row in a table of accounts.
type Account struct {
	Username string
	Name     string
	Token    string // the oldest one that is not revoked
	Role     string // the highest one, such as "maintainer of acme"; "administrator"; "" for none
}

// Accounts lists the users that have a token, in the order of creation.
func Accounts(s *store.Store) []Account {
	var all []Account
	for _, u := range s.Users {
		if t := oldestToken(s, u); t != nil {
			all = append(all, Account{u.Username, u.Name, t.Value, roleOf(s, u)})
		}
	}
	return all
}

func oldestToken(s *store.Store, u *store.User) *store.Token {
	var oldest *store.Token
	for _, t := range s.Tokens {
		if t.User == u && !t.Revoked && (oldest == nil || t.ID < oldest.ID) {
			oldest = t
		}
	}
	return oldest
}

func roleOf(s *store.Store, u *store.User) string {
	if u.Admin {
		return "administrator"
	}
	best, where := store.NoAccess, ""
	better := func(members []*store.Member, path string) {
		if level := LevelAmong(u, members); level > best {
			best, where = level, path
		}
	}
	for _, g := range s.Groups {
		better(g.Members, g.FullPath())
	}
	for _, p := range s.Projects {
		better(p.Members, p.FullPath())
	}
	if name := roleName(best); name != "" {
		return name + " of " + where
	}
	return ""
}
