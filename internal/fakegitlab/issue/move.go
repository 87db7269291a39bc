package issue

import (
	"net/http"
	"slices"
	"strconv"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

func move(c *rest.Call) (rest.Reply, error) {
	i, target, err := issueAndTarget(c)
	if err != nil {
		return rest.Reply{}, err
	}
	switch {
	case i.Project == target:
		return rest.Reply{}, failure.Text(http.StatusBadRequest, "Cannot move issue to project it originates from!")
	case i.MovedTo != nil, !access.MayPlan(c.User, i.Project), !access.MayPlan(c.User, target):
		return rest.Reply{}, failure.Text(http.StatusBadRequest, "Cannot move issue due to insufficient permissions!")
	}
	moved := copyIssue(c.Store, i, target, c.User, true)
	c.Store.SystemNote(moved, c.User, "moved from "+i.Reference(target))
	c.Store.SystemNote(i, c.User, "moved to "+moved.Reference(i.Project))
	i.MovedTo = moved
	c.Store.SetState(i, true, c.User, c.Store.Stamp())
	return answer(c, http.StatusCreated, moved)
}

func clone(c *rest.Call) (rest.Reply, error) {
	withNotes := c.Params.Bool("with_notes")
	i, target, err := issueAndTarget(c)
	if err != nil {
		return rest.Reply{}, err
	}
	if !access.MayReadIssue(c.User, i) || !access.MayPlan(c.User, target) {
		return rest.Reply{}, failure.Text(http.StatusBadRequest, "Cannot clone issue due to insufficient permissions!")
	}
	clone := copyIssue(c.Store, i, target, c.User, withNotes.Value)
	c.Store.SystemNote(clone, c.User, "cloned from "+i.Reference(target))
	c.Store.SystemNote(i, c.User, "cloned to "+clone.Reference(i.Project))
	return answer(c, http.StatusCreated, clone)
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

// copyIssue copies the issue to another project. Labels and milestone are kept if the target has one with the same
// title; the milestone must be active.
func copyIssue(s *store.Store, i *store.Issue, target *store.Project, by *store.User, withNotes bool) *store.Issue {
	at := s.Stamp()
	fresh := s.AddIssue(&store.Issue{
		Project: target, Title: i.Title, Description: i.Description, Kind: i.Kind, Author: i.Author, CreatedAt: at,
		Confidential: i.Confidential, DiscussionLocked: i.DiscussionLocked, DueDate: i.DueDate, Weight: i.Weight,
		TimeEstimate: i.TimeEstimate, TimeSpent: i.TimeSpent, Edited: i.Edited,
	})
	if i.Incident != nil {
		fresh.AsIncident().Severity = i.Incident.Severity
	}
	for _, u := range i.Assignees {
		if access.MayReadIssues(u, target) {
			fresh.Assignees = append(fresh.Assignees, u)
		}
	}
	var labels []*store.Label
	for _, l := range i.Labels {
		if same := target.LabelNamed(l.Name); same != nil {
			labels = append(labels, same)
		}
	}
	s.SetLabels(fresh, labels, by, at)
	if i.Milestone != nil {
		title := i.Milestone.Title
		s.SetMilestone(fresh, target.ActiveMilestone(func(m *store.Milestone) bool { return m.Title == title }), by, at)
	}
	if withNotes {
		copyNotes(s, i, fresh)
	}
	return fresh
}

func copyNotes(s *store.Store, from, to *store.Issue) {
	for _, n := range slices.Clone(from.Notes) {
		s.AddNote(to, &store.Note{
			Body: n.Body, Author: n.Author, System: n.System, Internal: n.Internal,
			CreatedAt: n.CreatedAt, UpdatedAt: n.UpdatedAt, Edited: n.Edited,
		})
	}
}
