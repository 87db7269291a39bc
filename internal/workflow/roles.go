package workflow

import (
	"context"
	"errors"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// RoleBound is a planner of a command whose user needs the role Planner, or Reporter and above. Without it the first step, a comment, would
// be accepted, and would count for nothing.
type RoleBound interface {
	Planner
	// NeedsRole returns the issue in whose project the role is needed; after Plan, where the issue is now.
	NeedsRole() issue.Ref
}

// RoleReader reads the identity and the role of the user.
type RoleReader interface {
	CurrentUser(context.Context) (instance.User, error)
	AccessOf(ctx context.Context, in target.Target, ids []int64) (map[int64]instance.Access, error)
}

// CheckRole refuses a user who lacks the role, and a fine-grained token that may not read roles: after the comment the roles of all authors
// are needed. If the role cannot be read otherwise, GitLab decides.
func CheckRole(ctx context.Context, read RoleReader, ref issue.Ref) error {
	self, err := read.CurrentUser(ctx)
	anonymous := errors.Is(err, fault.NotPermitted) // the role of nobody shows whether the token may read roles
	if err != nil && !anonymous || self.Admin {
		return nil
	}
	roles, err := read.AccessOf(ctx, target.ProjectAt(ref.Project), []int64{self.ID})
	switch {
	case errors.Is(err, fault.NotPermitted):
		return err
	case err != nil, anonymous, roles[self.ID].MayPlan():
		return nil
	}
	return fault.New(fault.Auth, "Ask a project owner for the role", "%s cannot be changed: you need the Planner or Reporter role in %s", ref,
		ref.Project)
}
