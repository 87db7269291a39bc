package fakegitlab

import (
	"net/http"
	"slices"
)

// milestoneDraft is a milestone as a request wants it.
type milestoneDraft struct {
	title, description string
	start, due         string
}

func createMilestone(c *call) (reply, error) {
	c.p.require("title")
	title, description := c.p.str("title"), c.p.str("description")
	due, start := c.p.date("due_date"), c.p.date("start_date")
	if err := c.p.err(); err != nil {
		return reply{}, err
	}
	o, err := c.parent()
	if err != nil {
		return reply{}, err
	}
	if !mayPlanIn(c.user, o) {
		return reply{}, errForbidden()
	}
	d := milestoneDraft{cleanTitle(title.v), description.v, start.v, due.v}
	if errs := checkMilestone(c.s, d, o, nil); len(errs) > 0 {
		return reply{}, errPrinted("Failed to create milestone", errs...)
	}
	c.between()
	m := c.s.addMilestone(&milestone{
		parent: o, title: d.title, description: d.description, startDate: d.start, dueDate: d.due,
	})
	return milestoneReply(c, http.StatusCreated, m)
}

// updateMilestone saves the state event first. What is wrong with the other fields is found out after that.
func updateMilestone(c *call) (reply, error) {
	title, description := c.p.str("title"), c.p.str("description")
	start, due := c.p.date("start_date"), c.p.date("due_date")
	event := c.p.enum("state_event", "close", "activate")
	c.p.atLeastOne("title", "description", "start_date", "due_date", "state_event")
	o, m, err := milestoneOfPath(c, true)
	if err != nil {
		return reply{}, err
	}
	setMilestoneState(c.s, m, event.v)
	d := milestoneDraft{m.title, m.description, m.startDate, m.dueDate}
	if clean := cleanTitle(title.v); clean != "" {
		d.title = clean
	}
	if description.set {
		d.description = description.v
	}
	if start.set {
		d.start = start.v
	}
	if due.set {
		d.due = due.v
	}
	if errs := checkMilestone(c.s, d, o, m); len(errs) > 0 {
		return reply{}, errPrinted("Failed to update milestone", errs...)
	}
	c.between()
	saveMilestone(c.s, m, d)
	return milestoneReply(c, http.StatusOK, m)
}

func setMilestoneState(s *store, m *milestone, event string) {
	closed := event == "close"
	if event == "" || m.closed == closed {
		return
	}
	m.closed = closed
	m.updatedAt = s.stamp()
}

func saveMilestone(s *store, m *milestone, d milestoneDraft) {
	if d == (milestoneDraft{m.title, m.description, m.startDate, m.dueDate}) {
		return
	}
	m.title, m.description, m.startDate, m.dueDate = d.title, d.description, d.start, d.due
	m.updatedAt = s.stamp()
}

// checkMilestone validates a draft; m is the milestone it will become, nil for a new one.
func checkMilestone(s *store, d milestoneDraft, o parent, m *milestone) []fieldError {
	var errs []fieldError
	if d.title == "" {
		errs = append(errs, onField("title", "can't be blank"))
	} else if (m == nil || d.title != m.title) && titleTaken(s, d.title, o, m) {
		errs = append(errs, onField("title", "already being used for another group or project milestone."))
	}
	const tooLate = "date must not be after 9999-12-31"
	if len(d.start) > 10 {
		errs = append(errs, onField("start_date", tooLate))
	}
	switch {
	case len(d.due) > 10:
		errs = append(errs, onField("due_date", tooLate))
	case d.start != "" && d.due != "" && d.due <= d.start:
		errs = append(errs, onField("due_date", "must be greater than start date"))
	}
	return errs
}

// titleTaken looks over open and closed milestones alike. A project shares titles with all groups above it; a group
// with the groups above and below it and all their projects below it.
func titleTaken(s *store, title string, o parent, except *milestone) bool {
	has := func(all []*milestone) bool {
		return slices.ContainsFunc(all, func(m *milestone) bool { return m.title == title && m != except })
	}
	if o.project != nil && has(o.project.milestones) {
		return true
	}
	for _, g := range o.lineage() {
		if has(g.milestones) {
			return true
		}
	}
	if o.group == nil {
		return false
	}
	below := func(g *group) bool { return g.within(o.group) && has(g.milestones) }
	inProject := func(p *project) bool { return p.group.within(o.group) && has(p.milestones) }
	return slices.ContainsFunc(s.groups, below) || slices.ContainsFunc(s.projects, inProject)
}

// deleteMilestone takes the milestone off every issue and merge request, with an event each.
func deleteMilestone(c *call) (reply, error) {
	o, m, err := milestoneOfPath(c, true)
	if err != nil {
		return reply{}, err
	}
	at := c.s.stamp()
	for _, p := range c.s.projectsUsing(m) {
		for _, i := range p.issues {
			if i.milestone == m && c.s.setMilestone(i, nil, c.user, at) {
				i.updatedAt = later(i.updatedAt, at)
			}
		}
		for _, mr := range p.mergeRequests {
			if mr.milestone == m {
				mr.milestone = nil
			}
		}
	}
	dropMilestone(o, m)
	return noContent(), nil
}

// projectsUsing lists the projects whose issues may carry the milestone.
func (s *store) projectsUsing(m *milestone) []*project {
	if m.parent.project != nil {
		return []*project{m.parent.project}
	}
	return s.projectsWithin(m.parent.group)
}

func dropMilestone(o parent, m *milestone) {
	m.deleted = true
	is := func(x *milestone) bool { return x == m }
	if o.project != nil {
		o.project.milestones = slices.DeleteFunc(o.project.milestones, is)
	} else {
		o.group.milestones = slices.DeleteFunc(o.group.milestones, is)
	}
}

// promoteMilestone makes a group milestone of it and merges those of the same title in sibling projects into that one.
func promoteMilestone(c *call) (reply, error) {
	o, m, err := milestoneOfPath(c, true)
	if err != nil {
		return reply{}, err
	}
	g := o.project.group
	if g == nil || !mayPlanGroup(c.user, g) {
		return reply{}, errForbidden()
	}
	if slices.ContainsFunc(g.milestones, func(x *milestone) bool { return x.title == m.title }) {
		return reply{}, errText(http.StatusBadRequest, "Promotion failed - Title already being used for another group or project milestone.")
	}
	promoted := c.s.addMilestone(&milestone{
		parent: parent{group: g}, title: m.title, description: m.description, closed: m.closed,
		startDate: m.startDate, dueDate: m.dueDate,
	})
	for _, p := range c.s.projectsWithin(g) {
		mergeMilestones(p, promoted)
	}
	return reply{status: http.StatusOK, body: []byte("200")}, nil
}

// mergeMilestones lets the group's milestone take the place of the project's of the same title.
func mergeMilestones(p *project, into *milestone) {
	for _, m := range slices.Clone(p.milestones) {
		if m.title != into.title {
			continue
		}
		for _, i := range p.issues {
			if i.milestone == m {
				i.milestone = into
			}
		}
		for _, mr := range p.mergeRequests {
			if mr.milestone == m {
				mr.milestone = into
			}
		}
		dropMilestone(parent{project: p}, m)
	}
}
