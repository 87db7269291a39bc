package issue

import (
	"slices"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/edit"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/user"
)

func listParticipants(c *rest.Call) (rest.Reply, error) {
	pg := c.Paging()
	i, err := ofPath(c)
	if err != nil {
		return rest.Reply{}, err
	}
	return rest.List(c, pg, participants(c.Store, i), func(e *jsonenc.Encoder, u *store.User) { user.Write(e, c, u) })
}

// participants lists who has to do with an issue and may read it, once each: the assignees, who wrote a note and who
// reacted to it, the author, who reacted to the issue, and who is mentioned, by id.
func participants(s *store.Store, i *store.Issue) []*store.User {
	var all people
	all.add(i.Assignees...)
	for _, n := range i.Notes {
		if !n.System || mentionsUser(s, i, n) || !slices.Contains(all, n.Author) {
			all.add(n.Author)
		}
		all.addAwards(n.Awards)
	}
	all.add(i.Author)
	all.addAwards(i.Awards)
	all.add(mentioned(s, i)...)
	return slices.DeleteFunc(all, func(u *store.User) bool { return !access.MayReadIssue(u, i) })
}

// people is a list of users in which nobody is twice.
type people []*store.User

func (p *people) add(users ...*store.User) {
	for _, u := range users {
		if u != nil && !slices.Contains(*p, u) {
			*p = append(*p, u)
		}
	}
}

func (p *people) addAwards(awards []*store.Award) {
	for _, a := range awards {
		p.add(a.User)
	}
}

func mentionsUser(s *store.Store, i *store.Issue, n *store.Note) bool {
	users, _ := edit.Mentioned(s, i, n.Body, n.Author)
	return len(users) > 0
}

// mentioned lists the users that the issue and its notes mention, by id. An internal note mentions only those who may
// read it.
func mentioned(s *store.Store, i *store.Issue) []*store.User {
	users, _ := edit.Mentioned(s, i, i.Title, i.Author)
	more, _ := edit.Mentioned(s, i, i.Description, i.Author)
	users = append(users, more...)
	for _, n := range i.Notes {
		more, _ := edit.Mentioned(s, i, n.Body, n.Author)
		if n.Internal {
			more = slices.DeleteFunc(more, func(u *store.User) bool { return !access.MayReadInternal(u, i.Project) })
		}
		users = append(users, more...)
	}
	slices.SortFunc(users, func(a, b *store.User) int { return a.ID - b.ID })
	return users
}
