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

func issueParamsOf(c *call) issueParams {
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
	if c.s.enterprise() {
		in.change.weight = p.int("weight") // taken on every plan, dropped on Free
	}
	return in
}

// resolve looks up labels, milestone and assignees. What cannot be used is left out without a word; unknown labels are
// created when the caller may.
func resolve(s *store, in issueParams, p *project, by *user) issueChange {
	ch := in.change
	if in.labels.set {
		ch.labels = some(labelsFor(s, p, in.labels.v, by))
	}
	ch.addLabels = labelsFor(s, p, in.addLabels, by)
	for _, name := range in.removed {
		if l := p.labelNamed(name); l != nil {
			ch.removeLabels = append(ch.removeLabels, l)
		}
	}
	if in.milestone.set {
		ch.milestone = milestoneFor(p, in.milestone.v)
	}
	ch.assignees = assigneesFor(s, in.assignees, p)
	return ch
}

// assigneesFor leaves out who may not read the project. 0 is nobody; if nobody else is left, nothing changes.
func assigneesFor(s *store, ids opt[[]int], p *project) opt[[]*user] {
	if !ids.set {
		return opt[[]*user]{}
	}
	var users []*user
	cleared := true
	for _, id := range ids.v {
		if u := s.userByID[id]; u != nil && mayReadIssues(u, p) && !slices.Contains(users, u) {
			users = append(users, u)
		}
		cleared = cleared && id == 0
	}
	return opt[[]*user]{v: users, set: cleared || len(users) > 0}
}

// milestoneFor is what milestone_id asks for: 0 and null clear, an id that cannot be used changes nothing.
func milestoneFor(p *project, id int) opt[*milestone] {
	if id == 0 {
		return none[*milestone]()
	}
	m := p.activeMilestone(func(m *milestone) bool { return m.id == id })
	if m == nil {
		return opt[*milestone]{}
	}
	return some(m)
}

func createIssue(c *call) (reply, error) {
	c.p.require("title")
	in := issueParamsOf(c)
	iid := c.p.int("iid")
	if err := c.p.err(); err != nil {
		return reply{}, err
	}
	p, err := c.project()
	if err != nil {
		return reply{}, err
	}
	if !mayCreateIssue(c.user, p) {
		return reply{}, errForbidden()
	}
	if !c.limits.issues.take(c.user.username+" "+p.fullPath(), c.s.now()).ok {
		return reply{}, errTooMany()
	}
	if !mayBackdate(c.user, p) {
		iid, in.change.createdAt = opt[int]{}, opt[time.Time]{}
	}
	if iid.ok() && p.issueByIID[iid.v] != nil {
		return reply{}, errConflict("Duplicated issue")
	}
	i, err := newIssue(c.s, p, in, iid.v, c.user)
	if err != nil {
		return reply{}, err
	}
	return issueReply(c, http.StatusCreated, i)
}

// newIssue validates and files an issue, and then gives it its labels and the like, for which there are events.
func newIssue(s *store, p *project, in issueParams, iid int, by *user) (*issue, error) {
	if in.change.description.v == "" {
		in.change.description = some(p.issueTemplate)
	}
	rest, commands := extractCommands(in.change.description.v)
	in.change.description = some(rest)
	if !maySetMetadata(by, p) {
		in = in.withoutMetadata()
	}
	ch := resolve(s, in, p, by).forEdition(s.edition)
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
		discussionLocked: lockedAtBirth(ch, p, by), weight: ch.weight.pointer(),
	})
	s.setLabels(i, labelsAfter(s, i, ch), by, at)
	s.setMilestone(i, ch.milestone.v, by, at)
	if i.dueDate != "" {
		// Of a new issue this is the one thing that is told.
		s.addNote(i, &note{body: dueDateNote(i.dueDate), author: by, system: true, createdAt: at})
	}
	runCommands(s, i, commands, by, true)
	return i, nil
}

// lockedAtBirth drops discussion_locked from who may not plan.
func lockedAtBirth(ch issueChange, p *project, by *user) *bool {
	if !mayPlan(by, p) {
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
func updateIssue(c *call) (reply, error) {
	iid := c.p.int("issue_iid")
	in := issueParamsOf(c)
	in.change.state = c.p.enum("state_event", "close", "reopen").v
	in.change.updatedAt = c.p.time("updated_at")
	fields := updateFields
	if c.s.enterprise() {
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
	if !mayUpdateIssue(c.user, i) {
		return reply{}, errForbidden()
	}
	if err := editIssue(c.s, i, in, c.user); err != nil {
		return reply{}, err
	}
	return issueReply(c, http.StatusOK, i)
}

// editIssue carries out an update. Lines of the description that are quick actions go, even when no description was
// sent; those that a sent one adds to the stored one are carried out afterwards.
func editIssue(s *store, i *issue, in issueParams, by *user) error {
	stored, known := extractCommands(i.description)
	var commands []command
	if d := in.change.description; d.set {
		rest, sent := extractCommands(d.v)
		in.change.description = some(rest)
		commands = withoutKnown(sent, known)
	} else if len(known) > 0 {
		in.change.description = some(stored)
	}
	if !mayPlan(by, i.project) {
		in = in.withoutMetadata()
	}
	ch := resolve(s, in, i.project, by)
	if err := change(s, i, ch, by); err != nil {
		return err
	}
	runCommands(s, i, commands, by, false)
	return nil
}

// removeIssue has a 404 of its own, and honours If-Unmodified-Since.
func removeIssue(c *call) (reply, error) {
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
	if !mayDeleteIssue(c.user, i) {
		return reply{}, errForbidden()
	}
	if err := c.unmodified(i.updatedAt); err != nil {
		return reply{}, err
	}
	c.s.deleteIssue(i)
	return noContent(), nil
}

// reorderIssue puts the issue between two others, which are named by their instance-wide ids.
func reorderIssue(c *call) (reply, error) {
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
	if !mayUpdateIssue(c.user, i) {
		return reply{}, errForbidden()
	}
	if !place(c.s, i, c.s.issueByID[after.v], c.s.issueByID[before.v]) {
		return reply{}, errObject(http.StatusUnprocessableEntity, "Unprocessable Entity")
	}
	return issueReply(c, http.StatusOK, i)
}

// place moves i behind after or in front of before and numbers the positions anew.
func place(s *store, i, after, before *issue) bool {
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
