package input

import (
	"context"
	"fmt"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/oncall"
)

// Users are user names.
type Users = List[User, *User]

// User is a GitLab user name, with or without @ in the input.
type User string

// Set takes the name.
func (u *User) Set(raw string) error {
	raw = strings.TrimSpace(raw)
	name := strings.TrimPrefix(raw, "@")
	if name == "" && raw != "" {
		return invalid(fmt.Errorf("invalid user name %q", raw), "ines")
	}
	*u = User(name)
	return nil
}

// String is the name.
func (u *User) String() string { return string(*u) }

// Type is user.
func (u *User) Type() string { return "user" }

// Candidates are the people in the on-call schedule, with their names.
func (u *User) Candidates(_ context.Context, from Source, _ string) ([]Candidate, error) {
	var list []Candidate
	for _, member := range from.Config.Oncall.Members() {
		list = append(list, Candidate{Word: member, Meaning: nameOf(from.Config.Oncall, member)})
	}
	return list, nil
}

// nameOf is the person's name from the configuration, empty if it has none.
func nameOf(s oncall.Schedule, user string) string {
	if name := s.Name(user); !oncall.Same(name, user) {
		return name
	}
	return ""
}
