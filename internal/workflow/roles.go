package workflow

import (
	"context"
	"slices"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// RoleBound is a planner of a command whose user needs the role Planner, or Reporter and above. Without it the first step, a comment, would
// be accepted, and would count for nothing.
type RoleBound interface {
	Planner
	// NeedsRole returns the issue in whose project the role is needed; after Plan, where the issue is now.
	NeedsRole() issue.Ref
}

// ForGuests is a planner of a command that runs without a role as well: what GitLab leaves out is reported after the write.
type ForGuests interface {
	Planner
	ForGuests()
}

// RoleReader reads the role of the token's user.
type RoleReader interface {
	// OwnAccess is the role of the token's user in a project.
	OwnAccess(ctx context.Context, project string) (instance.Access, error)
}

// HasRole reports whether the token's user has the role Planner, or Reporter and above. If that cannot be read, GitLab decides.
func HasRole(ctx context.Context, read RoleReader, project string) bool {
	role, err := read.OwnAccess(ctx, project)
	return err != nil || role.MayPlan()
}

// CheckRole refuses a user who lacks the role to do something.
func CheckRole(ctx context.Context, read RoleReader, project, what string) error {
	if HasRole(ctx, read, project) {
		return nil
	}
	return fault.New(fault.Auth, "Ask a project owner for the role", "%s: you need the Planner or Reporter role in %s", what, project)
}

// CheckRoles refuses a plan that begins with something that GitLab lets everybody do in part: issues and comments are accepted without
// their labels, or count for nothing. What GitLab refuses as a whole, such as a milestone or a label, needs no request for the role.
func CheckRoles(ctx context.Context, read RoleReader, planner Planner, p plan.Plan) error {
	if _, free := planner.(ForGuests); free {
		return nil
	}
	var checked []string
	for _, step := range p.Steps {
		for _, project := range projectsOf(step) {
			if len(step.Needs()) > 0 || slices.Contains(checked, project) {
				continue
			}
			checked = append(checked, project)
			if err := CheckRole(ctx, read, project, p.Command); err != nil {
				return err
			}
		}
	}
	return nil
}

// projectsOf are the projects in which a step needs the role although GitLab accepts a part of it from everybody.
func projectsOf(step plan.Step) []string {
	switch s := step.(type) {
	case plan.UpdateIssue:
		return []string{s.Ref.Project}
	case plan.MoveIssue:
		return []string{s.Ref.Project, s.To.Path}
	case plan.CreateIssue:
		return []string{s.In.Path}
	case plan.UpsertIssue:
		return []string{s.In.Path}
	case plan.CreateNote:
		return []string{s.On.Ref.Project}
	case plan.UpsertNote:
		return []string{s.On.Ref.Project}
	case plan.AssignIssue:
		return []string{s.On.Ref.Project}
	case plan.ReconcileIssue:
		return []string{s.On.Ref.Project}
	}
	return nil
}
