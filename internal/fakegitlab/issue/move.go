package issue

import (
	"net/http"
	"strconv"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// move moves an issue: the target gets a copy with everything attached to it, and the source is closed. A move to the
// issue's own project changes nothing.
func move(c *rest.Call) (rest.Reply, error) {
	i, target, err := issueAndTarget(c)
	if err != nil {
		return rest.Reply{}, err
	}
	if err := checkCopy(c, i, target, "move", "Moving"); err != nil {
		return rest.Reply{}, err
	}
	c.View.From, c.View.WorkItem = i.Project, true
	if i.Project == target {
		return answer(c, http.StatusCreated, i)
	}
	s := c.Store
	moved := newCopy(s, i, target, c.User)
	moved.move()
	s.SystemNote(moved.fresh, c.User, "moved from "+i.Reference(target))
	s.SystemNote(i, c.User, "moved to "+moved.fresh.Reference(i.Project))
	moved.fresh.UpdatedAt = moved.updatedAt
	i.MovedTo = moved.fresh
	s.SetState(i, true, c.User, s.Stamp())
	return unassigned(c, moved.fresh)
}

// clone makes another open issue out of one, by the caller. Comments and events go along only on request.
func clone(c *rest.Call) (rest.Reply, error) {
	withNotes := c.Params.Bool("with_notes")
	i, target, err := issueAndTarget(c)
	if err != nil {
		return rest.Reply{}, err
	}
	if err := checkCopy(c, i, target, "clone", "Cloning"); err != nil {
		return rest.Reply{}, err
	}
	c.View.WorkItem = true
	cloned := newCopy(c.Store, i, target, c.User)
	cloned.clone(withNotes.Value)
	c.Store.SystemNote(cloned.fresh, c.User, "cloned from "+i.Reference(target))
	c.Store.SystemNote(i, c.User, "cloned to "+cloned.fresh.Reference(i.Project))
	return unassigned(c, cloned.fresh)
}

// unassigned is the answer with a new copy: GitLab shows it as it was before it got its assignees.
func unassigned(c *rest.Call, i *store.Issue) (rest.Reply, error) {
	shown := *i
	shown.Assignees = nil
	return answer(c, http.StatusCreated, &shown)
}

// checkCopy refuses a caller who may not plan in both projects, an issue that was already moved, and kinds of issues that
// stay where they are.
func checkCopy(c *rest.Call, i *store.Issue, target *store.Project, verb, gerund string) error {
	refused := func(reason string) error {
		return failure.Text(http.StatusBadRequest, "Unable to "+verb+". "+reason)
	}
	switch {
	case i.MovedTo != nil, !access.MayPlan(c.User, i.Project), !access.MayPlan(c.User, target):
		return refused("You have insufficient permissions.")
	case i.Kind == "task":
		return refused(gerund + " 'Task' is not supported.")
	}
	return nil
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
