package approval

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/approval"
	"gitlab.com/prodctl/prodctl/pkg/instance"
)

// GroupReader reads who is a member of a group.
type GroupReader interface {
	GroupMember(ctx context.Context, groupPath string, userID int64) (bool, error)
}

// membership is a user and a group that they may be a member of.
type membership struct {
	user  int64
	group string
}

// everyOf returns every combination of these people and groups.
func everyOf(people []instance.User, groups []string) []membership {
	var list []membership
	for _, u := range people {
		for _, g := range groups {
			list = append(list, membership{u.ID, g})
		}
	}
	return list
}

// memberships caches the members of groups. A group that was not read has no known members.
type memberships struct {
	read   GroupReader
	mu     sync.Mutex
	known  map[membership]bool // whether the user is a member
	hidden []string            // groups that are hidden from the token, sorted
}

// load reads memberships from GitLab, concurrently and each only once. A group that is hidden from the token is not an error, but noted.
func (r *memberships) load(ctx context.Context, list []membership) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(8)
	for _, m := range r.missing(list) {
		g.Go(func() error {
			is, err := r.read.GroupMember(ctx, m.group, m.user)
			if err != nil && !errors.Is(err, fault.NotFound) && fault.KindOf(err) != fault.Auth {
				return err
			}
			r.note(m, is, err)
			return nil
		})
	}
	return g.Wait()
}

// missing returns the memberships that were not read yet, without duplicates.
func (r *memberships) missing(list []membership) []membership {
	if r.known == nil {
		r.known = map[membership]bool{}
	}
	var ask []membership
	for _, m := range list {
		if _, known := r.known[m]; !known {
			r.known[m] = false
			ask = append(ask, m)
		}
	}
	return ask
}

func (r *memberships) note(m membership, is bool, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.known[m] = is; err != nil && !slices.Contains(r.hidden, m.group) {
		r.hidden = append(r.hidden, m.group)
		slices.Sort(r.hidden)
	}
}

// person returns a user with their known groups.
func (r *memberships) person(u instance.User) approval.Person {
	who := approval.Person{Name: u.Username}
	for m, is := range r.known {
		if is && m.user == u.ID {
			who.Groups = append(who.Groups, m.group)
		}
	}
	slices.Sort(who.Groups)
	return who
}

func (r *memberships) people(list []instance.User) []approval.Person {
	var people []approval.Person
	for _, u := range list {
		people = append(people, r.person(u))
	}
	return people
}

// checkHidden returns an error if the verdict could be different with a token that can see more. A verdict that does not pass depends on
// every hidden group, one that passes only on those in rests, in which nobody may be a member.
func (r *memberships) checkHidden(pass bool, rests []string) error {
	hidden := r.hidden
	if pass {
		hidden = slices.DeleteFunc(slices.Clone(r.hidden), func(g string) bool { return !slices.Contains(rests, g) })
	}
	if len(hidden) == 0 {
		return nil
	}
	return fault.New(fault.Auth, "Use a token that can see them, or list the people by user name under approvals.teams",
		"members of %s are hidden from this token, so the approvals cannot be checked", strings.Join(hidden, " and "))
}

// teamGroups returns the groups of the rule's approving teams and those of its other teams.
func teamGroups(r approval.Rule) (approving, other []string) {
	for _, t := range r.Teams {
		if slices.Contains(r.Approving, t.Name) {
			approving = append(approving, t.Groups...)
		} else {
			other = append(other, t.Groups...)
		}
	}
	return approving, other
}
