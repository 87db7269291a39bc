package workflow

import (
	"context"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// RoleBound is a planner of a command whose user needs the role Planner, or Reporter and above. Without it the first step, a comment, would
// be accepted, and would count for nothing.
type RoleBound interface {
	Planner
	// NeedsRole returns the issue in whose project the role is needed: after Plan, where it is now.
	NeedsRole() issue.Ref
}

// RoleReader reads the identity and the role of the user.
type RoleReader interface {
	CurrentUser(context.Context) (instance.User, error)
	AccessOf(ctx context.Context, in target.Target, ids []int64) (map[int64]instance.Access, error)
}

// CheckRole refuses a user who lacks the role. If the role cannot be read, GitLab decides.
func CheckRole(ctx context.Context, read RoleReader, ref issue.Ref) error {
	self, err := read.CurrentUser(ctx)
	if err != nil || self.Admin {
		return nil
	}
	roles, err := read.AccessOf(ctx, target.ProjectAt(ref.Project), []int64{self.ID})
	if err != nil || roles[self.ID].MayPlan() {
		return nil
	}
	return fault.New(fault.Auth, "Ask a project owner for the role", "%s cannot be changed: you need the Planner or Reporter role in %s", ref,
		ref.Project)
}
