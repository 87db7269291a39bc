package issue

import (
	"net/http"
	"strconv"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/transfer"
)

// move moves an issue.
func move(c *rest.Call) (rest.Reply, error) {
	i, target, err := issueAndTarget(c)
	if err != nil {
		return rest.Reply{}, err
	}
	if reason := transfer.Refusal(i, target, c.User, "move", "Moving"); reason != "" {
		return rest.Reply{}, failure.Text(http.StatusBadRequest, reason)
	}
	c.View.From, c.View.WorkItem = i.Project, true
	if i.Project == target {
		return answer(c, http.StatusCreated, i)
	}
	return unassigned(c, transfer.Move(c.Store, i, target, c.User))
}

// clone clones an issue.
func clone(c *rest.Call) (rest.Reply, error) {
	withNotes := c.Params.Bool("with_notes")
	i, target, err := issueAndTarget(c)
	if err != nil {
		return rest.Reply{}, err
	}
	if reason := transfer.Refusal(i, target, c.User, "clone", "Cloning"); reason != "" {
		return rest.Reply{}, failure.Text(http.StatusBadRequest, reason)
	}
	c.View.WorkItem = true
	return unassigned(c, transfer.Clone(c.Store, i, target, c.User, withNotes.Value))
}

// unassigned is the answer with a new copy: GitLab shows it as it was before it got its assignees.
func unassigned(c *rest.Call, i *store.Issue) (rest.Reply, error) {
	shown := *i
	shown.Assignees = nil
	return answer(c, http.StatusCreated, &shown)
}

// issueAndTarget looks up the issue of the path and the project to_project_id.
func issueAndTarget(c *rest.Call) (*store.Issue, *store.Project, error) {
	c.Params.Require("to_project_id")
	to := c.Params.Int("to_project_id")
	i, err := ofPath(c)
	if err != nil {
		return nil, nil, err
	}
	target := c.Store.FindProject(strconv.Itoa(to.Value))
	if target == nil || !access.MayReadProject(c.User, target) {
		return nil, nil, failure.NotFound("Project")
	}
	return i, target, nil
}
