package change

import (
	"context"
	"errors"
	"fmt"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// blind returns why the token cannot see everything in the production queue, in which case an empty list does not mean an empty queue. It
// returns nothing if the token can. The error means that this is unknown.
func (c Changes) blind(ctx context.Context) (reason string, err error) {
	p, err := c.Read.Project(ctx, c.Project)
	switch {
	case errors.Is(err, fault.NotFound):
		return fmt.Sprintf("project %s not found, or hidden from this token", c.Project), nil
	case err != nil:
		return "", err
	case !p.IssuesEnabled:
		return "issues are switched off in " + c.Project, nil
	case p.Archived:
		return c.Project + " is archived", nil
	case p.Access.MayPlan():
		return "", nil
	}
	return c.blindRole(ctx)
}

// blindRole is for a role that the project does not report, because it is inherited, or that is too low there.
func (c Changes) blindRole(ctx context.Context) (string, error) {
	me, err := c.Read.CurrentUser(ctx)
	if err != nil {
		return "", unknownRole(err)
	}
	if me.Admin {
		return "", nil
	}
	roles, err := c.Read.AccessOf(ctx, target.ProjectAt(c.Project), []int64{me.ID})
	if err != nil {
		return "", unknownRole(err)
	}
	if roles[me.ID].MayPlan() {
		return "", nil
	}
	const format = "%s cannot see confidential issues in %s: the token needs the Planner or Reporter role"
	return fmt.Sprintf(format, account.Name(me.Username), c.Project), nil
}

// unknownRole makes a refusal an error of kind Unreachable: what the role allows is unknown, not forbidden.
func unknownRole(err error) error {
	if fault.KindOf(err) != fault.Auth {
		return err
	}
	hint := "Give the token the right to read members: prodctl doctor"
	if errors.Is(err, fault.NotPermitted) {
		hint = fault.HintOf(err)
	}
	return fault.Wrap(fault.Unreachable, doubtful(err.Error()), hint, "the role of the token's user is unknown")
}
