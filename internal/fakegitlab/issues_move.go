package fakegitlab

import (
	"net/http"
	"slices"
)

func moveIssue(c *call) (reply, error) {
	i, target, err := issueAndTarget(c)
	if err != nil {
		return reply{}, err
	}
	switch {
	case i.project == target:
		return reply{}, errText(http.StatusBadRequest, "Cannot move issue to project it originates from!")
	case i.movedTo != nil, !mayPlan(c.user, i.project), !mayPlan(c.user, target):
		return reply{}, errText(http.StatusBadRequest, "Cannot move issue due to insufficient permissions!")
	}
	moved := copyIssue(c.s, i, target, c.user, true)
	c.s.systemNote(moved, c.user, "moved from "+i.reference(target))
	c.s.systemNote(i, c.user, "moved to "+moved.reference(i.project))
	i.movedTo = moved
	c.s.setState(i, true, c.user, c.s.stamp())
	return issueReply(c, http.StatusCreated, moved)
}

func cloneIssue(c *call) (reply, error) {
	withNotes := c.p.bool("with_notes")
	i, target, err := issueAndTarget(c)
	if err != nil {
		return reply{}, err
	}
	if !mayReadIssue(c.user, i) || !mayPlan(c.user, target) {
		return reply{}, errText(http.StatusBadRequest, "Cannot clone issue due to insufficient permissions!")
	}
	clone := copyIssue(c.s, i, target, c.user, withNotes.v)
	c.s.systemNote(clone, c.user, "cloned from "+i.reference(target))
	c.s.systemNote(i, c.user, "cloned to "+clone.reference(i.project))
	return issueReply(c, http.StatusCreated, clone)
}

// issueAndTarget looks up the issue of the path and the project to_project_id.
func issueAndTarget(c *call) (*issue, *project, error) {
	c.p.require("to_project_id")
	to := c.p.int("to_project_id")
	i, err := issueOfPath(c)
	if err != nil {
		return nil, nil, err
	}
	target := c.s.findProject(itoa(to.v))
	if target == nil || !mayReadProject(c.user, target) {
		return nil, nil, errNotFound("Project")
	}
	return i, target, nil
}

// copyIssue makes the issue anew in another project. Labels and milestone come along where the target has one of the
// same title, the milestone only if that is active.
func copyIssue(s *store, i *issue, target *project, by *user, withNotes bool) *issue {
	at := s.stamp()
	fresh := s.addIssue(&issue{
		project: target, title: i.title, description: i.description, kind: i.kind, author: i.author, createdAt: at,
		confidential: i.confidential, discussionLocked: i.discussionLocked, dueDate: i.dueDate, weight: i.weight,
		timeEstimate: i.timeEstimate, timeSpent: i.timeSpent,
	})
	for _, u := range i.assignees {
		if mayReadIssues(u, target) {
			fresh.assignees = append(fresh.assignees, u)
		}
	}
	var labels []*label
	for _, l := range i.labels {
		if same := target.labelNamed(l.name); same != nil {
			labels = append(labels, same)
		}
	}
	s.setLabels(fresh, labels, by, at)
	if i.milestone != nil {
		title := i.milestone.title
		s.setMilestone(fresh, target.activeMilestone(func(m *milestone) bool { return m.title == title }), by, at)
	}
	if withNotes {
		copyNotes(s, i, fresh)
	}
	return fresh
}

func copyNotes(s *store, from, to *issue) {
	for _, n := range slices.Clone(from.notes) {
		s.addNote(to, &note{
			body: n.body, author: n.author, system: n.system, internal: n.internal,
			createdAt: n.createdAt, updatedAt: n.updatedAt,
		})
	}
}
