package fakegitlab

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// This file has the quick actions whose argument names other things: labels,
// milestones, people, issues.

// labelPattern is a label in an argument: ~name, ~"two words", ~12 for an id;
// the tilde may be missing on all of them.
var labelPattern = regexp.MustCompile(`~?"([^"]+)"|~?([^\s,"]+)`)

// labelsNamed finds the labels of an argument; unknown ones are left out.
func (a *actions) labelsNamed(arg string) []*label {
	var found []*label
	for _, m := range labelPattern.FindAllStringSubmatch(arg, -1) {
		if strings.Contains(arg, "~") && !strings.HasPrefix(m[0], "~") {
			continue
		}
		l := a.issue.project.labelNamed(strings.TrimPrefix(m[1]+m[2], "~"))
		if id, err := strconv.Atoi(m[2]); err == nil {
			if i := slices.IndexFunc(a.issue.project.labelsUsable(), func(l *label) bool { return l.id == id }); i >= 0 {
				l = a.issue.project.labelsUsable()[i]
			}
		}
		if l != nil && !slices.Contains(found, l) {
			found = append(found, l)
		}
	}
	return found
}

func labelIDs(labels []*label) []int {
	ids := make([]int, len(labels))
	for n, l := range labels {
		ids[n] = l.id
	}
	return ids
}

// nameLabels is `~"a" ~"b" labels`.
func nameLabels(labels []*label) string {
	var b strings.Builder
	for _, l := range labels {
		b.WriteString(`~"` + l.name + `" `)
	}
	if len(labels) == 1 {
		return b.String() + "label"
	}
	return b.String() + "labels"
}

func (a *actions) doLabel(arg string) (string, bool) {
	labels := a.labelsNamed(arg)
	if len(labels) == 0 {
		return "", false
	}
	a.ch.addLabels = append(a.ch.addLabels, labels...)
	a.changedIDs("add_label_ids", labelIDs(labels))
	return "Added " + nameLabels(labels) + ".", true
}

func (a *actions) doUnlabel(arg string) (string, bool) {
	labels := a.labelsNamed(arg)
	switch {
	case arg == "":
		a.ch.labels = some([]*label{})
		a.changedIDs("label_ids", nil)
		return "Removed all labels.", true
	case len(labels) == 0:
		return "Removed all labels.", false // GitLab says so although nothing happens
	}
	a.ch.removeLabels = append(a.ch.removeLabels, labels...)
	a.changedIDs("remove_label_ids", labelIDs(labels))
	return "Removed " + nameLabels(labels) + ".", true
}

func (a *actions) doRelabel(arg string) (string, bool) {
	labels := a.labelsNamed(arg)
	if len(labels) == 0 {
		return "", false
	}
	a.ch.labels = some(append(a.ch.labels.v, labels...))
	a.changedIDs("label_ids", labelIDs(a.ch.labels.v))
	return "Replaced all labels with " + nameLabels(labels) + ".", true
}

// milestonePattern is %name, %"two words" or %12 for an iid.
var milestonePattern = regexp.MustCompile(`%(?:"([^"]+)"|(\S+))`)

func (a *actions) doMilestone(arg string) (string, bool) {
	title := strings.TrimSpace(arg)
	if m := milestonePattern.FindStringSubmatch(arg); m != nil {
		title = m[1] + m[2]
	}
	p := a.issue.project
	m := p.activeMilestone(func(m *milestone) bool { return m.title == title })
	if iid, err := strconv.Atoi(title); m == nil && err == nil {
		m = p.activeMilestone(func(m *milestone) bool { return m.iid == iid && m.parent.project == p })
	}
	if m == nil {
		return "", false
	}
	a.ch.milestone = some(m)
	a.changed(func(e *enc) { e.num("milestone_id", m.id) })
	return "Set the milestone to " + m.reference() + ".", true
}

func (a *actions) doRemoveMilestone(string) (string, bool) {
	a.ch.milestone = none[*milestone]()
	a.changed(func(e *enc) { e.null("milestone_id") })
	return "Removed " + a.issue.milestone.reference() + " milestone.", true
}

// reference is how a milestone is written in text.
func (m *milestone) reference() string {
	if strings.ContainsAny(m.title, " \t") {
		return `%"` + m.title + `"`
	}
	return "%" + m.title
}

// usersNamed finds the people of an argument, with or without @, or "me".
// Those who may not read the issue are left out.
func (a *actions) usersNamed(arg string) []*user {
	var found []*user
	for _, name := range strings.FieldsFunc(arg, func(r rune) bool { return r == ' ' || r == ',' || r == '\t' }) {
		u := a.s.userNamed(strings.TrimPrefix(name, "@"))
		if name == "me" {
			u = a.by
		}
		if u != nil && !slices.Contains(found, u) && mayReadProject(u, a.issue.project) {
			found = append(found, u)
		}
	}
	return found
}

func userIDs(users []*user) []int {
	ids := make([]int, len(users))
	for n, u := range users {
		ids[n] = u.id
	}
	return ids
}

// assignees is who the issue is assigned to so far.
func (a *actions) assignees() []*user {
	if a.ch.assignees.set {
		return a.ch.assignees.v
	}
	return slices.Clone(a.issue.assignees)
}

func (a *actions) setAssignees(users []*user) {
	a.ch.assignees = some(users)
	a.changedIDs("assignee_ids", userIDs(users))
}

func (a *actions) doAssign(arg string) (string, bool) {
	users := a.usersNamed(arg)
	if len(users) == 0 {
		return "Failed to assign a user because no user was found.", false
	}
	if !a.s.edition.paid() {
		users = users[:1]
		a.setAssignees(users)
		return "Assigned " + names(users, nil) + ".", true
	}
	all := a.assignees()
	for _, u := range users {
		if !slices.Contains(all, u) {
			all = append(all, u)
		}
	}
	a.setAssignees(all)
	return "Assigned " + names(users, nil) + ".", true
}

func (a *actions) doUnassign(arg string) (string, bool) {
	gone := a.assignees()
	if users := a.usersNamed(arg); len(users) > 0 && a.s.edition.paid() {
		gone = users
	}
	a.setAssignees(slices.DeleteFunc(a.assignees(), func(u *user) bool { return slices.Contains(gone, u) }))
	if len(gone) == 1 {
		return "Removed assignee " + names(gone, nil) + ".", true
	}
	return "Removed assignees " + names(gone, nil) + ".", true
}

func (a *actions) doReassign(arg string) (string, bool) {
	users := a.usersNamed(arg)
	if len(users) == 0 {
		return "", false
	}
	a.setAssignees(users)
	return "Changed assignees.", true
}

// issuePattern is #12, group/project#12 or the address of an issue.
var issuePattern = regexp.MustCompile(`^(?:https?://[^/\s]+/(\S+?)/-/(?:issues|work_items)/|(?:([\w.-]+(?:/[\w.-]+)+))?#)(\d+)$`)

// issuesNamed finds the issues of an argument that by may read, the issue
// itself left out.
func (a *actions) issuesNamed(arg string) []*issue {
	var found []*issue
	for word := range strings.FieldsSeq(arg) {
		m := issuePattern.FindStringSubmatch(strings.TrimRight(word, ",."))
		if m == nil {
			continue
		}
		p := a.issue.project
		if path := m[1] + m[2]; path != "" {
			p = a.s.projPaths[strings.ToLower(path)]
		}
		iid, err := strconv.Atoi(m[3])
		if p == nil || err != nil {
			continue
		}
		if i := p.issueByIID[iid]; i != nil && i != a.issue && mayReadIssue(a.by, i) && !slices.Contains(found, i) {
			found = append(found, i)
		}
	}
	return found
}

func (a *actions) doDuplicate(arg string) (string, bool) {
	others := a.issuesNamed(arg)
	if len(others) == 0 {
		return "Failed to mark this issue as a duplicate because referenced item was not found.", false
	}
	of := others[0]
	a.ch.duplicateOf = of
	a.changed(func(e *enc) { e.num("canonical_issue_id", of.id) })
	a.effects = append(a.effects, func(at time.Time) { relate(a.s, a.issue, of, relatesTo, a.by, at) })
	return "Closed this issue. Marked as related to, and a duplicate of, " + of.reference(a.issue.project) + ".", true
}

func (a *actions) doRelate(arg string) (string, bool) {
	return a.link(arg, "related to", func(other *issue, at time.Time) { relate(a.s, a.issue, other, relatesTo, a.by, at) })
}

func (a *actions) doBlocks(arg string) (string, bool) {
	return a.link(arg, "blocked by", func(other *issue, at time.Time) { relate(a.s, a.issue, other, blocks, a.by, at) })
}

func (a *actions) doBlockedBy(arg string) (string, bool) {
	return a.link(arg, "blocking", func(other *issue, at time.Time) { relate(a.s, other, a.issue, blocks, a.by, at) })
}

// link relates every issue of an argument where the right reaches.
func (a *actions) link(arg, how string, relate func(other *issue, at time.Time)) (string, bool) {
	others := slices.DeleteFunc(a.issuesNamed(arg), func(i *issue) bool { return a.s.noLinks || !mayLink(a.by, i.project) })
	for _, other := range others {
		a.effects = append(a.effects, func(at time.Time) { relate(other, at) })
	}
	return "Added " + strings.Join(strings.Fields(arg), " and ") + " as a linked item " + how + " this issue.", len(others) > 0
}

func (a *actions) doUnlink(arg string) (string, bool) {
	for _, other := range a.issuesNamed(arg) {
		for _, l := range a.issue.links {
			if l.source == other || l.target == other {
				a.effects = append(a.effects, func(time.Time) { unrelate(a.s, l, a.by) })
				return "Removed linked item " + other.reference(a.issue.project) + ".", true
			}
		}
	}
	return "No linked issue matches the provided parameter.", false
}

func (a *actions) doCopyMetadata(arg string) (string, bool) {
	others := a.issuesNamed(arg)
	if len(others) == 0 || others[0].project != a.issue.project {
		return "", false
	}
	from := others[0]
	a.ch.addLabels = append(a.ch.addLabels, from.labels...)
	a.changedIDs("add_label_ids", labelIDs(from.labels))
	if from.milestone != nil {
		a.ch.milestone = some(from.milestone)
		a.changed(func(e *enc) { e.num("milestone_id", from.milestone.id) })
	}
	return "Copied labels and milestone from " + from.reference(a.issue.project) + ".", true
}

func (a *actions) doSubscribe(string) (string, bool) {
	a.effects = append(a.effects, func(time.Time) { a.issue.subscribe(a.by, true) })
	a.changedStr("subscription_event", "subscribe")
	return "Subscribed to notifications.", true
}

func (a *actions) doUnsubscribe(string) (string, bool) {
	a.effects = append(a.effects, func(time.Time) { a.issue.subscribe(a.by, false) })
	a.changedStr("subscription_event", "unsubscribe")
	return "Unsubscribed from notifications.", true
}

// doAward gives the emoji or takes it back.
func (a *actions) doAward(arg string) (string, bool) {
	name := strings.Trim(arg, ":")
	if !knownEmoji(name) || !strings.HasPrefix(arg, ":") {
		return "", false
	}
	a.effects = append(a.effects, func(at time.Time) { toggleAward(a.s, a.issue, name, a.by, at) })
	a.changedStr("emoji_award", name)
	return "Toggled :" + name + ": emoji reaction.", true
}

// subscribe notes what a user said about hearing of changes.
func (i *issue) subscribe(u *user, yes bool) {
	if i.subscriptions == nil {
		i.subscriptions = map[*user]bool{}
	}
	i.subscriptions[u] = yes
}
