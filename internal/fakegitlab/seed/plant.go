package seed

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/label"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// Plant adds a seed to the state. It continues after an error and returns all of them, each with its place in the
// seed. After an error the instance must not be used.
func Plant(s *store.Store, seed Seed) error {
	a := planting{s: s}
	for n, u := range seed.Users {
		a.at("users[%d]", n, func() { a.user(u) })
	}
	for n, g := range seed.Groups {
		a.at("groups[%d]", n, func() { a.group(g) })
	}
	for n, p := range seed.Projects {
		a.at("projects[%d]", n, func() { a.project(p) })
	}
	for n, u := range seed.Users {
		a.at("users[%d]", n, func() { a.tokens(u) }) // they name groups and projects
	}
	for _, link := range a.links {
		link()
	}
	return errors.Join(a.errs...)
}

// planting is a seed being applied.
type planting struct {
	s     *store.Store
	path  []string // current place in the seed
	errs  []error
	links []func() // created last, when all issues exist
}

func (a *planting) at(format string, n int, do func()) {
	a.path = append(a.path, fmt.Sprintf(format, n))
	do()
	a.path = a.path[:len(a.path)-1]
}

func (a *planting) fail(format string, args ...any) {
	a.errs = append(a.errs, fmt.Errorf("seed %s: %s", strings.Join(a.path, "."), fmt.Sprintf(format, args...)))
}

func (a *planting) user(in User) {
	if in.Username == "" || a.s.UserNamed(in.Username) != nil {
		a.fail("username %q is empty or taken", in.Username)
		return
	}
	u := a.s.AddUser(&store.User{
		Username: in.Username, Name: cmp.Or(in.Name, in.Username), Admin: in.Admin, Bot: in.Bot, Blocked: in.Blocked,
		Email: cmp.Or(in.Email, in.Username+"@gitlab.example.test"), CreatedBy: a.s.Users[0],
	})
	t := &store.Token{
		Value: cmp.Or(in.Token, "sandbox-"+in.Username), User: u, Scopes: in.Scopes, Expires: in.Expires, Revoked: in.Revoked,
	}
	if a.s.Tokens[t.Value] != nil {
		a.fail("token of %s is taken", in.Username)
		return
	}
	a.s.AddToken(t)
}

// username finds a user. def is for an empty name, and for an unknown one, which is an error.
func (a *planting) username(name string, def *store.User) *store.User {
	if name == "" {
		return def
	}
	if u := a.s.UserNamed(name); u != nil {
		return u
	}
	a.fail("user %q not found", name)
	return def
}

func (a *planting) usernames(names []string) []*store.User {
	var all []*store.User
	for _, name := range names {
		if u := a.username(name, nil); u != nil {
			all = append(all, u)
		}
	}
	return all
}

// setNextID makes id the next one to be assigned, unless it is 0.
func (a *planting) setNextID(counter *int, id int) {
	switch {
	case id == 0:
	case id <= *counter:
		a.fail("id %d may be taken: ids are assigned in ascending order, and the last was %d", id, *counter)
	default:
		*counter = id - 1
	}
}

// cutPath splits a full path into the parent group and the last part.
func (a *planting) cutPath(path string) (above *store.Group, namespace, last string) {
	i := strings.LastIndexByte(path, '/')
	if i < 0 {
		return nil, "", path
	}
	return a.s.GroupPaths[strings.ToLower(path[:i])], path[:i], path[i+1:]
}

func (a *planting) group(in Group) {
	above, namespace, last := a.cutPath(in.Path)
	if last == "" || a.s.GroupPaths[strings.ToLower(in.Path)] != nil || namespace != "" && above == nil {
		a.fail("path %q is empty or taken, or its parent group does not exist", in.Path)
		return
	}
	a.setNextID(&a.s.Last.Group, in.ID)
	g := a.s.AddGroup(&store.Group{
		Name: cmp.Or(in.Name, last), Path: last, Parent: above, Visibility: in.Visibility, Description: in.Description,
		FineGrainedOnly: in.FineGrainedOnly,
	})
	g.Members, g.Invited = a.members(in.Members, g.CreatedAt), a.invited(in.Invited)
	o := store.Parent{Group: g}
	a.labels(o, in.Labels)
	a.milestones(o, in.Milestones)
	g.Boards = a.boards(o, in.Boards)
}

// members returns the members of a new group or project. root, who creates everything, adds the others.
func (a *planting) members(in []Member, at time.Time) []*store.Member {
	var all []*store.Member
	for _, m := range in {
		level := access.RoleLevel(m.Role)
		if level == store.NoAccess {
			a.fail("member %s: unknown role %q", m.User, m.Role)
			continue
		}
		if u := a.username(m.User, nil); u != nil {
			m := &store.Member{ID: store.Next(&a.s.Last.Member), User: u, Level: level, CreatedAt: at}
			if root := a.s.Users[0]; u != root {
				m.CreatedBy = root
			}
			all = append(all, m)
		}
	}
	return all
}

func (a *planting) invited(in []Invitation) []store.Invitation {
	var all []store.Invitation
	for _, i := range in {
		g, level := a.s.FindGroup(i.Group), access.RoleLevel(i.Role)
		if g == nil || level == store.NoAccess {
			a.fail("invited group %q not found, or unknown role %q", i.Group, i.Role)
			continue
		}
		all = append(all, store.Invitation{Group: g, Level: level})
	}
	return all
}

func (a *planting) labels(o store.Parent, in []Label) {
	for _, l := range in {
		color, ok := label.ParseColor(cmp.Or(l.Color, store.DefaultLabelColor))
		if !ok || slices.ContainsFunc(o.Labels(), func(x *store.Label) bool { return x.Name == l.Name }) {
			a.fail("label %q already exists or has an invalid color", l.Name)
			continue
		}
		created := a.s.AddLabel(&store.Label{Parent: o, Name: l.Name, Color: color, Description: l.Description})
		if l.Priority != nil && o.Project != nil {
			o.Project.Priorities[created] = *l.Priority
		}
	}
}

func (a *planting) milestones(o store.Parent, in []Milestone) {
	for _, m := range in {
		a.s.AddMilestone(&store.Milestone{
			Parent: o, CreatedBy: a.s.Users[0], Title: m.Title, Description: m.Description, Closed: m.Closed,
			StartDate: param.CastDate(m.StartDate), DueDate: param.CastDate(m.DueDate), CreatedAt: m.CreatedAt,
		})
	}
}

func (a *planting) boards(o store.Parent, in []Board) []*store.Board {
	var all []*store.Board
	for _, b := range in {
		created := &store.Board{ID: store.Next(&a.s.Last.Board), Parent: o, Name: b.Name}
		for _, name := range b.Lists {
			at := slices.IndexFunc(label.Of(o, label.Ancestors), func(l *store.Label) bool { return l.Name == name })
			if at < 0 {
				a.fail("board %s: label %q not found", b.Name, name)
				continue
			}
			created.Lists = append(created.Lists, &store.BoardList{
				ID: store.Next(&a.s.Last.List), Label: label.Of(o, label.Ancestors)[at], UpdatedAt: a.s.Now(),
			})
		}
		all = append(all, created)
	}
	return all
}

func latest(times ...time.Time) time.Time {
	return slices.MaxFunc(times, time.Time.Compare)
}
