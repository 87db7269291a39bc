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

// PeopleReader reads users, their roles and their groups.
type PeopleReader interface {
	CurrentUser(context.Context) (instance.User, error)
	UserReader
	AccessOf(ctx context.Context, in target.Target, ids []int64) (map[int64]instance.Access, error)
	GroupMember(ctx context.Context, groupPath string, userID int64) (bool, error)
}

// UserReader finds users by name, first among the members of a project. The error for a name that nobody has matches [fault.NotFound].
type UserReader interface {
	UserByName(ctx context.Context, in target.Target, username string) (instance.User, error)
}

// roster finds the approver roles of people in a project: manager, lead, peer. It reads group members and project roles from GitLab only if
// the configuration uses groups or roles.
type roster struct {
	read      PeopleReader
	project   string
	approvers map[string]change.Approvers
}

// roles returns the approver roles of each person, sorted; people are user names by id.
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

// access reads the people's roles in the project, if the configuration uses them.
func (r roster) access(ctx context.Context, people map[int64]string) (map[int64]instance.Access, error) {
	for _, a := range r.approvers {
		if a.Access != instance.NoAccess && len(people) > 0 {
			return r.read.AccessOf(ctx, target.ProjectAt(r.project), slices.Sorted(maps.Keys(people)))
		}
	}
	return nil, nil
}

// groups reads which of the configured groups each person is a member of.
func (r roster) groups(ctx context.Context, people map[int64]string) (map[int64][]string, error) {
	configured := map[string]bool{}
	for _, a := range r.approvers {
		for _, g := range a.Groups {
			configured[g] = true
		}
	}
	var mu sync.Mutex
	out := map[int64][]string{}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(8)
	for id := range people {
		for group := range configured {
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
