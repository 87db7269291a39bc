package fakegitlab

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// updateFields are the parameters of which an update needs one.
var updateFields = []string{
	"assignee_id", "assignee_ids", "confidential", "created_at", "description", "discussion_locked", "due_date", "labels",
	"add_labels", "remove_labels", "milestone_id", "state_event", "title", "issue_type",
}

// issueParams are the fields of a create or update as they were sent, before anything was looked up.
type issueParams struct {
	change             issueChange // what needs no lookup
	labels             opt[[]string]
	addLabels, removed []string
	milestone          opt[int]
	assignees          opt[[]int]
}

func (c *call) issueParams() issueParams {
	p := c.p
	in := issueParams{
		labels:    p.list("labels"),
		addLabels: p.list("add_labels").v,
		removed:   p.list("remove_labels").v,
		milestone: p.int("milestone_id"),
		assignees: p.ints("assignee_ids"),
	}
	if one := p.int("assignee_id"); one.set && !in.assignees.set {
		in.assignees = opt[[]int]{v: []int{one.v}, set: true}
	}
	in.change = issueChange{
		title:        p.str("title"),
		description:  p.str("description"),
		dueDate:      p.date("due_date"),
		confidential: p.bool("confidential"),
		locked:       p.bool("discussion_locked"),
		kind:         p.enum("issue_type", issueKinds...),
		createdAt:    p.time("created_at"),
	}
	if c.s.opts.enterprise() {
		in.change.weight = p.int("weight") // taken on every plan, dropped on Free
	}
	return in
}

// resolve looks up labels, milestone and assignees. What cannot be used is left out without a word; unknown labels are
// created when the caller may.
func (s *Server) resolve(in issueParams, p *project, by *user) issueChange {
	ch := in.change
	if in.labels.set {
		ch.labels = some(s.labelsFor(p, in.labels.v, by))
	}
	ch.addLabels = s.labelsFor(p, in.addLabels, by)
	for _, name := range in.removed {
		if l := p.labelNamed(name); l != nil {
			ch.removeLabels = append(ch.removeLabels, l)
		}
	}
	if in.milestone.set {
		ch.milestone = p.milestoneFor(in.milestone.v)
	}
	ch.assignees = s.assigneesFor(in.assignees, p)
	return ch
}

// assigneesFor leaves out who may not read the project. 0 is nobody; if nobody else is left, nothing changes.
func (s *Server) assigneesFor(ids opt[[]int], p *project) opt[[]*user] {
	if !ids.set {
		return opt[[]*user]{}
	}
	var users []*user
	cleared := true
	for _, id := range ids.v {
		if u := s.userByID[id]; u != nil && s.mayReadIssues(u, p) && !slices.Contains(users, u) {
			users = append(users, u)
		}
		cleared = cleared && id == 0
	}
	return opt[[]*user]{v: users, set: cleared || len(users) > 0}
}

// milestoneFor is what milestone_id asks for: 0 and null clear, an id that cannot be used changes nothing.
func (p *project) milestoneFor(id int) opt[*milestone] {
	if id == 0 {
		return none[*milestone]()
	}
	m := p.activeMilestone(func(m *milestone) bool { return m.id == id })
	if m == nil {
		return opt[*milestone]{}
	}
	return some(m)
}

func (s *Server) createIssue(c *call) (reply, error) {
	c.p.require("title")
	in := c.issueParams()
	iid := c.p.int("iid")
	if err := c.p.err(); err != nil {
		return reply{}, err
	}
	p, err := c.project()
	if err != nil {
		return reply{}, err
	}
	if !s.mayCreateIssue(c.user, p) {
		return reply{}, errForbidden()
	}
	if !s.limits.issues.take(c.user.username+" "+p.fullPath(), s.now(), s.opts.IssueLimit).ok {
		return reply{}, errTooMany()
	}
	if !s.mayBackdate(c.user, p) {
		iid, in.change.createdAt = opt[int]{}, opt[time.Time]{}
	}
	if iid.ok() && p.issueByIID[iid.v] != nil {
		return reply{}, errConflict("Duplicated issue")
	}
	i, err := s.newIssue(p, in, iid.v, c.user)
	if err != nil {
		return reply{}, err
	}
	return s.issueReply(c, http.StatusCreated, i)
}

// newIssue validates and files an issue, and then gives it its labels and the like, for which there are events.
func (s *Server) newIssue(p *project, in issueParams, iid int, by *user) (*issue, error) {
	if in.change.description.v == "" {
		in.change.description = some(p.issueTemplate)
	}
	rest, commands := extractCommands(in.change.description.v)
	in.change.description = some(rest)
	if !s.maySetMetadata(by, p) {
		in = in.withoutMetadata()
	}
	ch := s.resolve(in, p, by).forEdition(s.opts.Edition)
	ch.title = some(ch.title.v)
	if errs := validateIssue(&issue{}, ch); len(errs) > 0 {
		return nil, errModel(errs...)
	}
	at := s.stamp()
	if ch.createdAt.ok() {
		at = ch.createdAt.v
	}
	i := s.addIssue(&issue{
		project: p, iid: iid, author: by, createdAt: at, title: strings.TrimSpace(ch.title.v), description: rest,
		kind: ch.kind.v, confidential: ch.confidential.v, dueDate: ch.dueDate.v, assignees: ch.assignees.v,
		discussionLocked: s.lockedAtBirth(ch, p, by), weight: ch.weight.pointer(),
	})
	s.setLabels(i, s.labelsAfter(i, ch), by, at)
	s.setMilestone(i, ch.milestone.v, by, at)
	if i.dueDate != "" {
		// Of a new issue this is the one thing that is told.
		s.addNote(i, &note{body: dueDateNote(i.dueDate), author: by, system: true, createdAt: at})
	}
	s.runCommands(i, commands, by, true)
	return i, nil
}

// lockedAtBirth drops discussion_locked from who may not plan.
func (s *Server) lockedAtBirth(ch issueChange, p *project, by *user) *bool {
	if !s.mayPlan(by, p) {
		return nil
	}
	return ch.locked.pointer()
}

func (in issueParams) withoutMetadata() issueParams {
	in.change = in.change.withoutMetadata()
	return issueParams{change: in.change}
}

// updateIssue loads the issue without asking whether the caller may see it, as GitLab does: an outsider learns from the
// 403 that a confidential issue exists.
func (s *Server) updateIssue(c *call) (reply, error) {
	iid := c.p.int("issue_iid")
	in := c.issueParams()
	in.change.state = c.p.enum("state_event", "close", "reopen").v
	in.change.updatedAt = c.p.time("updated_at")
	fields := updateFields
	if s.opts.enterprise() {
		fields = append(slices.Clone(fields), "weight", "epic_id", "epic_iid")
	}
	c.p.atLeastOne(fields...)
	if err := c.p.err(); err != nil {
		return reply{}, err
	}
	p, err := c.project()
	if err != nil {
		return reply{}, err
	}
	i := p.issueByIID[iid.v]
	if i == nil {
		return reply{}, errNoRecord()
	}
	if !s.mayUpdateIssue(c.user, i) {
		return reply{}, errForbidden()
	}
	if err := s.editIssue(i, in, c.user); err != nil {
		return reply{}, err
	}
	return s.issueReply(c, http.StatusOK, i)
}

// editIssue carries out an update. Lines of the description that are quick actions go, even when no description was
// sent; those that a sent one adds to the stored one are carried out afterwards.
func (s *Server) editIssue(i *issue, in issueParams, by *user) error {
	stored, known := extractCommands(i.description)
	var commands []command
	if d := in.change.description; d.set {
		rest, sent := extractCommands(d.v)
		in.change.description = some(rest)
		commands = withoutKnown(sent, known)
	} else if len(known) > 0 {
		in.change.description = some(stored)
	}
	if !s.mayPlan(by, i.project) {
		in = in.withoutMetadata()
	}
	ch := s.resolve(in, i.project, by)
	if err := s.change(i, ch, by); err != nil {
		return err
	}
	s.runCommands(i, commands, by, false)
	return nil
}

// removeIssue has a 404 of its own, and honours If-Unmodified-Since.
func (s *Server) removeIssue(c *call) (reply, error) {
	iid := c.p.int("issue_iid")
	if err := c.p.err(); err != nil {
		return reply{}, err
	}
	p, err := c.project()
	if err != nil {
		return reply{}, err
	}
	i := p.issueByIID[iid.v]
	if i == nil {
		return reply{}, errNotFound("Issue")
	}
	if !s.mayDeleteIssue(c.user, i) {
		return reply{}, errForbidden()
	}
	if err := c.unmodified(i.updatedAt); err != nil {
		return reply{}, err
	}
	s.deleteIssue(i)
	return noContent(), nil
}

// reorderIssue puts the issue between two others, which are named by their instance-wide ids.
func (s *Server) reorderIssue(c *call) (reply, error) {
	iid := c.p.int("issue_iid")
	after, before := c.p.int("move_after_id"), c.p.int("move_before_id")
	c.p.atLeastOne("move_after_id", "move_before_id")
	if err := c.p.err(); err != nil {
		return reply{}, err
	}
	p, err := c.project()
	if err != nil {
		return reply{}, err
	}
	i := p.issueByIID[iid.v]
	if i == nil {
		return reply{}, errNotFound("Issue")
	}
	if !s.mayUpdateIssue(c.user, i) {
		return reply{}, errForbidden()
	}
	if !s.place(i, s.issueByID[after.v], s.issueByID[before.v]) {
		return reply{}, errObject(http.StatusUnprocessableEntity, "Unprocessable Entity")
	}
	return s.issueReply(c, http.StatusOK, i)
}

// place moves i behind after or in front of before and numbers the positions anew.
func (s *Server) place(i, after, before *issue) bool {
	order := slices.Clone(i.project.issues)
	slices.SortFunc(order, issueOrder(s, issueQuery{order: "relative_position"}))
	order = slices.DeleteFunc(order, func(x *issue) bool { return x == i })
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
		x.position = 513 * (n + 1)
	}
	return true
}
