package issue

import (
	"net/http"
	"slices"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// reorder moves the issue between two others, given by their instance-wide ids.
func reorder(c *rest.Call) (rest.Reply, error) {
	iid := c.Params.Int("issue_iid")
	after, before := c.Params.Int("move_after_id"), c.Params.Int("move_before_id")
	c.Params.AtLeastOne("move_after_id", "move_before_id")
	if err := c.Params.Err(); err != nil {
		return rest.Reply{}, err
	}
	p, err := c.Project()
	if err != nil {
		return rest.Reply{}, err
	}
	i := p.IssueByIID[iid.Value]
	if i == nil {
		return rest.Reply{}, failure.NotFound("Issue")
	}
	if !access.MayUpdateIssue(c.User, i) {
		return rest.Reply{}, failure.Forbidden()
	}
	if !place(i, c.Store.IssueByID[after.Value], c.Store.IssueByID[before.Value]) {
		return rest.Reply{}, failure.Object(http.StatusUnprocessableEntity, "Unprocessable Entity")
	}
	return answer(c, http.StatusOK, i)
}

// place moves i behind after or in front of before and renumbers the positions.
func place(i, after, before *store.Issue) bool {
	order := slices.Clone(i.Project.Issues)
	slices.SortFunc(order, ordering(query{order: "relative_position"}))
	order = slices.DeleteFunc(order, func(x *store.Issue) bool { return x == i })
	at := -1
	if after != nil {
		at = slices.Index(order, after)
		if at >= 0 {
			at++
		}
	} else if before != nil {
		at = slices.Index(order, before)
	}
	if at < 0 {
		return false
	}
	for n, x := range slices.Insert(order, at, i) {
		x.Position = 513 * (n + 1)
	}
	return true
}
