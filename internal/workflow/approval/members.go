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

// GroupReader tells who is a member of a group.
type GroupReader interface {
	GroupMember(ctx context.Context, groupPath string, userID int64) (bool, error)
}

// membership is a person and a group that they may be a member of.
type membership struct {
	user  int64
	group string
}

// everyOf are all memberships that these people may have in these groups.
func everyOf(people []instance.User, groups []string) []membership {
	var list []membership
	for _, u := range people {
		for _, g := range groups {
			list = append(list, membership{u.ID, g})
		}
	}
	return list
}

// roll is what is known so far of who is a member of which group. Nobody is known to be one of a group that was not asked for.
type memberships struct {
	read   GroupReader
	mu     sync.Mutex
	known  map[membership]bool // whether they are
	hidden []string            // groups that the token may not see, sorted
}

// ask asks GitLab, once for each membership and at the same time for all. A group that the token may not see is no error, but remembered.
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

// unasked are those of the memberships that were not asked for yet, each once.
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

// person is somebody with the groups that they are known to be in.
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

// doubt is an error where a verdict might be another one if the token saw more: one that does not pass by any group that it may not see,
// one that passes by any of those that it rests on nobody being in.
func (r *memberships) checkHidden(pass bool, rests []string) error {
	unseen := r.hidden
	if pass {
		unseen = slices.DeleteFunc(slices.Clone(r.hidden), func(g string) bool { return !slices.Contains(rests, g) })
	}
	if len(unseen) == 0 {
		return nil
	}
	return fault.New(fault.Auth, "use a token of somebody who can see them, or list the people below approvals.teams by their user names",
		"the token may not see who is a member of %s, so that nobody knows whether the approval counts", strings.Join(unseen, " and "))
}

// teamGroups are the groups of the rule's approving teams and those of its other teams.
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
