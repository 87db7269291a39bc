// Package issue serves issues and what is below an issue's path: links, resource events, participants, time
// tracking. Start with Routes. Each of these has its own file; filter.go, order.go and list.go are the lists. What a
// change does to an issue is not here but in package edit.
package issue

import (
	"net/http"
	"slices"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// Routes returns the routes for issues and everything attached to them.
func Routes(noLinks bool) []rest.Route {
	return slices.Concat(singleRows(), trackingRows(), linkRows(noLinks), trailRows(), searchRows(), todoRows())
}

func singleRows() []rest.Route {
	const all, one = "/projects/:id/issues", "/projects/:id/issues/:issue_iid"
	return []rest.Route{
		rest.Get("/issues", listAll).Anonymous().Needs("read_issue"),
		rest.Get("/issues/:issue_id", getByID).Needs("read_issue").OfInstance(),
		rest.Get("/groups/:id/issues", listOfGroup).Anonymous().Needs("read_issue"),
		rest.Get(all, listOfProject).Anonymous().JobToken().Needs("read_issue"),
		rest.Post(all, create).Needs("create_issue"),
		rest.Get(one, get).Anonymous().JobToken().Needs("read_issue"),
		rest.Put(one, update).Needs("update_issue"),
		rest.Delete(one, remove).Needs("delete_issue"),
		rest.Put(one+"/reorder", reorder).Needs("reorder_issue"),
		rest.Post(one+"/move", move).Needs("move_issue"),
		rest.Post(one+"/clone", clone).Needs("clone_issue"),
		rest.Get(one+"/participants", listParticipants).Anonymous().Needs("read_issue_participant"),
		rest.Get("/issues_statistics", allStatistics).Anonymous().Needs("read_issue_statistic"),
		rest.Get("/groups/:id/issues_statistics", groupStatistics).Anonymous().Needs("read_issue_statistic"),
		rest.Get("/projects/:id/issues_statistics", projectStatistics).Anonymous().Needs("read_issue_statistic"),
		rest.Get("/projects/:id/milestones/:milestone_id/issues", listOfMilestone).Needs("read_milestone_issue"),
		rest.Get("/groups/:id/milestones/:milestone_id/issues", listOfMilestone).Needs("read_milestone_issue"),
	}
}

// ofPath checks the parameters, then looks up the project and an issue in it that the caller may read.
func ofPath(c *rest.Call) (*store.Issue, error) { return ofPathNamed(c, "issue_iid") }

// ofPathNamed is ofPath for a route with another name for the iid, which shows in faults and links.
func ofPathNamed(c *rest.Call, name string) (*store.Issue, error) {
	iid := c.Params.Int(name)
	if err := c.Params.Err(); err != nil {
		return nil, err
	}
	p, err := c.Project()
	if err != nil {
		return nil, err
	}
	return c.Issue(p, iid.Value)
}

func get(c *rest.Call) (rest.Reply, error) {
	i, err := ofPath(c)
	if err != nil {
		return rest.Reply{}, err
	}
	return answer(c, http.StatusOK, i)
}

// getByID takes the instance-wide id. It is for administrators only.
func getByID(c *rest.Call) (rest.Reply, error) {
	id := c.Params.Int("issue_id")
	if err := c.Params.Err(); err != nil {
		return rest.Reply{}, err
	}
	if !c.User.Admin {
		return rest.Reply{}, failure.Forbidden()
	}
	i := c.Store.IssueByID[id.Value]
	if i == nil {
		return rest.Reply{}, failure.NoRecord()
	}
	return answer(c, http.StatusOK, i)
}

// answer is the full object of a single issue.
func answer(c *rest.Call, status int, i *store.Issue) (rest.Reply, error) {
	c.View.Single = true
	return c.JSON(status, func(e *jsonenc.Encoder) { write(e, c, i) })
}
