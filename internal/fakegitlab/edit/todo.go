package edit

import (
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/markdown"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// This file has the to-do items that follow from what people write and assign.

// Mentioned returns the users that a text by an author mentions, by name, through a group or with @all, and which of
// them it begins with. Only those are returned who may read the issue.
func Mentioned(s *store.Store, i *store.Issue, text string, author *store.User) (users []*store.User, direct map[*store.User]bool) {
	direct = map[*store.User]bool{}
	for _, m := range markdown.Mentions(text) {
		for _, u := range usersNamed(s, i.Project, m.Name, author) {
			if !access.MayReadIssue(u, i) || slices.Contains(users, u) {
				continue
			}
			users = append(users, u)
			direct[u] = m.Direct
		}
	}
	return users, direct
}

func usersNamed(s *store.Store, p *store.Project, name string, author *store.User) []*store.User {
	if name == "all" {
		return everybody(s, p, author)
	}
	if u := s.UserNamed(name); u != nil {
		return []*store.User{u}
	}
	if g := s.GroupPaths[strings.ToLower(name)]; g != nil && access.MayReadGroup(s, author, g) {
		return membersOf(g)
	}
	return nil
}

// everybody returns the members of a project, for authors who are members.
func everybody(s *store.Store, p *store.Project, author *store.User) []*store.User {
	if access.Level(author, p) < store.Guest && !author.IsAdmin() {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(s.Users), func(u *store.User) bool { return access.Level(u, p) < store.Guest })
}

func membersOf(g *store.Group) []*store.User {
	users := make([]*store.User, len(g.Members))
	for n, m := range g.Members {
		users[n] = m.User
	}
	return users
}

// NotifyNote tells the users that a comment mentions and that its previous text did not mention, and the issues too. Nothing is left to
// do for its author.
func NotifyNote(s *store.Store, i *store.Issue, n *store.Note, before string) {
	s.FinishTodos(i, n.Author, n.UpdatedAt)
	notify(s, &store.Todo{Issue: i, Note: n, Author: n.Author}, n.Body, before)
	by := n.Author
	if n.Edited != nil {
		by = n.Edited.By
	}
	refer(s, i, by, n.Body, before)
}

// NotifyNew tells the assignees of a new issue, and the users that its title and description mention.
func NotifyNew(s *store.Store, i *store.Issue) {
	notifyAssigned(s, i, nil, i.Author)
	notify(s, &store.Todo{Issue: i, Author: i.Author}, i.Title, "")
	notify(s, &store.Todo{Issue: i, Author: i.Author}, i.Description, "")
	refer(s, i, i.Author, i.Title, "")
	refer(s, i, i.Author, i.Description, "")
}

func notifyAssigned(s *store.Store, i *store.Issue, before []*store.User, by *store.User) {
	for _, u := range i.Assignees {
		if !slices.Contains(before, u) {
			s.AddTodo(&store.Todo{Issue: i, User: u, Author: by, Action: "assigned"})
		}
	}
}

// notify adds a to-do item like t for each user whom a text mentions and its previous version did not.
func notify(s *store.Store, t *store.Todo, text, before string) {
	users, direct := Mentioned(s, t.Issue, text, t.Author)
	if len(users) == 0 {
		return
	}
	known, _ := Mentioned(s, t.Issue, before, t.Author)
	for _, u := range users {
		if slices.Contains(known, u) || t.Note != nil && t.Note.Internal && !access.MayReadInternal(u, t.Issue.Project) {
			continue
		}
		item := *t
		item.User, item.Action = u, "mentioned"
		if direct[u] {
			item.Action = "directly_addressed"
		}
		s.AddTodo(&item)
	}
}
