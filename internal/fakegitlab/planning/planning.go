// Package planning serves what only the Enterprise Edition has for planning: iterations, epics and the burndown of a
// milestone. Start with Routes. Nobody can create iterations or epics here, so their lists are empty where a license
// allows them. Weights of issues are in package issue.
package planning

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/milestone"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// Routes returns the routes of the paid planning features.
func Routes() []rest.Route {
	return []rest.Route{
		rest.Get("/projects/:id/iterations", rest.Enterprise(listNone)).Needs("read_iteration"),
		rest.Get("/groups/:id/iterations", rest.Enterprise(listNone)).Needs("read_iteration"),
		rest.Get("/groups/:id/epics", rest.Enterprise(listNone)).Needs("read_epic"),
		rest.Get("/projects/:id/milestones/:milestone_id/burndown_events", rest.Enterprise(burndown)).Needs("read_milestone_burndown_event"),
		rest.Get("/groups/:id/milestones/:milestone_id/burndown_events", rest.Enterprise(burndown)).Needs("read_milestone_burndown_event"),
	}
}

// listNone is refused without a license, after the parent was found.
func listNone(c *rest.Call) (rest.Reply, error) {
	pg := c.Paging()
	if err := c.Params.Err(); err != nil {
		return rest.Reply{}, err
	}
	if _, err := c.Parent(); err != nil {
		return rest.Reply{}, err
	}
	if !c.Store.Edition.Paid() {
		return rest.Reply{}, failure.Forbidden()
	}
	return rest.List(c, pg, nil, func(*jsonenc.Encoder, struct{}) {})
}

// step is a point of a burndown: what happened to an issue of the milestone.
type step struct {
	at     time.Time
	action string // created, closed or reopened
	weight *int
}

// burndown needs a license and a milestone with both dates.
func burndown(c *rest.Call) (rest.Reply, error) {
	pg := c.Paging()
	o, m, err := milestone.OfPath(c, false)
	if err != nil {
		return rest.Reply{}, err
	}
	if !c.Store.Edition.Paid() || m.StartDate == "" || m.DueDate == "" {
		return rest.Reply{}, failure.Text(http.StatusMethodNotAllowed, "Milestone does not support burndown chart")
	}
	projects := []*store.Project{o.Project}
	if o.Group != nil {
		projects = c.Store.ProjectsWithin(o.Group)
	}
	return rest.List(c, pg, stepsOf(c.User, m, projects), func(e *jsonenc.Encoder, s step) {
		e.Open('{')
		e.Time("created_at", s.at)
		e.NumOrNull("weight", s.weight)
		e.Str("action", s.action)
		e.Shut('}')
	})
}

func stepsOf(u *store.User, m *store.Milestone, projects []*store.Project) []step {
	var steps []step
	for _, p := range projects {
		for _, i := range p.Issues {
			if i.Milestone != m || !access.MayReadIssue(u, i) {
				continue
			}
			steps = append(steps, step{i.CreatedAt, "created", i.Weight})
			for _, ev := range i.StateEvents {
				action := "reopened"
				if ev.Closed {
					action = "closed"
				}
				steps = append(steps, step{ev.At, action, i.Weight})
			}
		}
	}
	slices.SortStableFunc(steps, func(a, b step) int { return cmp.Compare(a.at.UnixNano(), b.at.UnixNano()) })
	return steps
}
