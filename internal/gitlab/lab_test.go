package gitlab

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// The client is the store that plans are applied to.
var _ plan.Store = (*Client)(nil)

// lab is an embedded GitLab with a small team, and the token of each member.
type lab struct {
	*fakegitlab.Server
	clock *clock
}

var (
	infra = target.ProjectAt("acme/infra")
	acme  = target.GroupAt("acme")
	sub   = target.GroupAt("acme/sub")
)

// newLab has a group acme with a subgroup, a project in each, and users named after their roles.
func newLab(t *testing.T, edit func(*fakegitlab.Options)) *lab {
	t.Helper()
	l := &lab{clock: newClock()}
	o := fakegitlab.Options{Now: l.clock.Now, URL: "https://gitlab.example.test"}
	if edit != nil {
		edit(&o)
	}
	l.Server = fakegitlab.New(o)
	var members []fakegitlab.SeedMember
	var users []fakegitlab.SeedUser
	for _, role := range []string{"guest", "planner", "reporter", "developer", "maintainer", "owner"} {
		users = append(users, fakegitlab.SeedUser{Username: role, Token: "sandbox-" + role})
		members = append(members, fakegitlab.SeedMember{User: role, Role: role})
	}
	users = append(users, fakegitlab.SeedUser{Username: "outsider", Token: "sandbox-outsider"})
	err := l.Apply(fakegitlab.Seed{
		Users: users,
		Groups: []fakegitlab.SeedGroup{
			{Path: "acme", Members: members, Labels: []fakegitlab.SeedLabel{{Name: "group label", Color: "#AABBCC"}}},
			{Path: "acme/sub", Labels: []fakegitlab.SeedLabel{{Name: "sub label", Color: "#112233"}}},
		},
		Projects: []fakegitlab.SeedProject{
			{Path: "acme/infra", Visibility: "public", Labels: []fakegitlab.SeedLabel{{Name: "toil", Color: "#D9534F", Description: "by hand", Priority: new(2)}}},
			{Path: "acme/sub/deep"},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// as is a client with the token of a user; edit may change its options.
func (l *lab) as(t *testing.T, user string, edit func(*Options)) *Client {
	t.Helper()
	o := options("https://gitlab.example.test", l.clock)
	o.Token = func(context.Context) (string, error) { return "sandbox-" + user, nil }
	o.Transport = fakegitlab.Transport(l.Server)
	o.AttemptTimeout = time.Minute
	if edit != nil {
		edit(&o)
	}
	return mustNew(t, o)
}

// fault makes requests fail as specified.
func (l *lab) fault(t *testing.T, spec string) {
	t.Helper()
	f, err := fakegitlab.ParseFault(spec)
	if err != nil {
		t.Fatal(err)
	}
	l.AddFault(f)
}

// create sends a request as the owner and returns the new object's id.
func (l *lab) create(path, body string) int64 {
	var w struct{ ID int64 }
	if err := json.Unmarshal([]byte(l.MustDo("owner", "POST", path, body)), &w); err != nil {
		panic(err)
	}
	return w.ID
}

// sent counts the requests of a method since the last ResetRequests.
func (l *lab) sent(method string) (n int) {
	for _, e := range l.Requests() {
		if e.Method == method {
			n++
		}
	}
	return n
}
