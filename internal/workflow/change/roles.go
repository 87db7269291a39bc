package change

import (
	"context"
	"maps"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// PeopleReader tells who people are.
type PeopleReader interface {
	CurrentUser(context.Context) (instance.User, error)
	AccessOf(ctx context.Context, in target.Target, ids []int64) (map[int64]instance.Access, error)
	GroupMember(ctx context.Context, groupPath string, userID int64) (bool, error)
}

// roster finds out as what people count in a project: manager, lead, peer, ... GitLab is asked for a group's members and for roles in the
// project only where the configuration names groups or roles.
type roster struct {
	read      PeopleReader
	project   string
	approvers map[string]change.Approvers
}

// roles are the words that each person counts as, sorted; people are user names by id.
func (r roster) roles(ctx context.Context, people map[int64]string) (map[int64][]string, error) {
	access, err := r.access(ctx, people)
	if err != nil {
		return nil, err
	}
	groups, err := r.groups(ctx, people)
	if err != nil {
		return nil, err
	}
	out := map[int64][]string{}
	for id, name := range people {
		out[id] = change.RolesOf(r.approvers, change.Person{Name: name, Groups: groups[id], Access: access[id]})
	}
	return out, nil
}

// access are the people's roles in the project, where somebody counts by that.
func (r roster) access(ctx context.Context, people map[int64]string) (map[int64]instance.Access, error) {
	for _, a := range r.approvers {
		if a.Access != instance.NoAccess && len(people) > 0 {
			return r.read.AccessOf(ctx, target.ProjectAt(r.project), slices.Sorted(maps.Keys(people)))
		}
	}
	return nil, nil
}

// groups are the groups that each person is a member of, of those that somebody counts by.
func (r roster) groups(ctx context.Context, people map[int64]string) (map[int64][]string, error) {
	named := map[string]bool{}
	for _, a := range r.approvers {
		for _, g := range a.Groups {
			named[g] = true
		}
	}
	var mu sync.Mutex
	out := map[int64][]string{}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(8)
	for id := range people {
		for group := range named {
			g.Go(func() error {
				member, err := r.read.GroupMember(ctx, group, id)
				if member {
					mu.Lock()
					out[id] = append(out[id], group)
					mu.Unlock()
				}
				return err
			})
		}
	}
	return out, g.Wait()
}
