package fakegitlab

import (
	"slices"
	"strings"
	"time"
)

// This file has the changes for which GitLab keeps events: labels, milestone, state.

// labelsAfter is the set of labels the issue will have.
func labelsAfter(s *store, i *issue, ch issueChange) []*label {
	labels := slices.Clone(i.labels)
	if ch.labels.set {
		labels = withLabels(s, nil, ch.labels.v)
	}
	labels = withLabels(s, labels, ch.addLabels)
	return slices.DeleteFunc(labels, func(l *label) bool { return slices.Contains(ch.removeLabels, l) })
}

// withLabels adds labels to a set. On paid plans each takes out those of the same scope; of two in one request the
// later stays.
func withLabels(s *store, set, added []*label) []*label {
	for _, l := range added {
		if slices.Contains(set, l) {
			continue
		}
		if scope := l.scope(); scope != "" && s.edition.paid() {
			set = slices.DeleteFunc(set, func(old *label) bool { return old.scope() == scope })
		}
		set = append(set, l)
	}
	return set
}

// scope is what stands before the last :: of a name, "" for a label without one.
func (l *label) scope() string {
	if i := strings.LastIndex(l.name, "::"); i > 0 && i+2 < len(l.name) {
		return l.name[:i]
	}
	return ""
}

// setLabels makes these the issue's labels and records an event for each one that came or went.
// It does not move updated_at.
func (s *store) setLabels(i *issue, labels []*label, by *user, at time.Time) bool {
	changed := false
	for _, l := range labels {
		if !slices.Contains(i.labels, l) {
			s.recordLabel(i, l, true, by, at)
			changed = true
		}
	}
	for _, l := range i.labels {
		if !slices.Contains(labels, l) {
			s.recordLabel(i, l, false, by, at)
			changed = true
		}
	}
	i.labels = labels
	return changed
}

// setMilestone gives the issue a milestone, nil for none, and records the event: one only, also when one milestone
// takes the place of another. It does not move updated_at.
func (s *store) setMilestone(i *issue, m *milestone, by *user, at time.Time) bool {
	if i.milestone == m {
		return false
	}
	if m != nil {
		s.recordMilestone(i, m, true, by, at)
	} else {
		s.recordMilestone(i, i.milestone, false, by, at)
	}
	i.milestone = m
	return true
}

// setState closes or reopens the issue and records the event; nothing happens when it is so already.
func (s *store) setState(i *issue, closed bool, by *user, at time.Time) bool {
	if i.closed == closed {
		return false
	}
	i.closed = closed
	if closed {
		i.closedAt, i.closedBy = at, by
		i.project.openIssues--
	} else {
		i.closedAt, i.closedBy, i.duplicate = time.Time{}, nil, nil
		i.project.openIssues++
	}
	s.recordState(i, closed, by, at)
	i.updatedAt = later(i.updatedAt, at)
	return true
}

func (s *store) recordLabel(i *issue, l *label, added bool, by *user, at time.Time) {
	i.labelEvents = append(i.labelEvents, labelEvent{next(&s.last.labelEvent), by, at, l, added})
}

func (s *store) recordMilestone(i *issue, m *milestone, added bool, by *user, at time.Time) {
	i.milestoneEvents = append(i.milestoneEvents, milestoneEvent{next(&s.last.milestoneEvent), by, at, m, added, i.closed})
}

func (s *store) recordState(i *issue, closed bool, by *user, at time.Time) {
	i.stateEvents = append(i.stateEvents, stateEvent{next(&s.last.stateEvent), by, at, closed})
}

// reference is how the issue is written in a text of the project: #12, or group/project#12 from elsewhere.
func (i *issue) reference(from *project) string {
	if i.project == from {
		return "#" + itoa(i.iid)
	}
	return i.project.fullPath() + "#" + itoa(i.iid)
}

// labelsFor finds labels by name for an issue of the project. Unknown ones are created when the caller may manage
// labels, else left out. They are created at once and stay even if the issue is not saved.
func labelsFor(s *store, p *project, names []string, by *user) []*label {
	var found []*label
	for _, name := range names {
		l := p.labelNamed(name)
		if l == nil && mayPlan(by, p) {
			l = labelMade(s, p, cleanTitle(name))
		}
		if l != nil && !slices.Contains(found, l) {
			found = append(found, l)
		}
	}
	return found
}

// labelMade finds or makes the label of a name that was cleaned; nil if the name is none.
func labelMade(s *store, p *project, name string) *label {
	if l := p.labelNamed(name); l != nil {
		return l
	}
	if name == "" || tooLong(name, maxTitle) {
		return nil
	}
	return s.addLabel(&label{parent: parent{project: p}, name: name, color: defaultLabelColor})
}

// defaultLabelColor is what a label gets that was made by naming it on an issue.
const defaultLabelColor = "#6699cc"

// deleteIssue removes the issue for good, with its notes and links. Its iid is not given again.
func (s *store) deleteIssue(i *issue) {
	p := i.project
	p.unfileIssue(i)
	delete(p.issueByIID, i.iid)
	delete(s.issueByID, i.id)
	if !i.closed {
		p.openIssues--
	}
	for _, l := range i.links {
		for _, end := range []*issue{l.source, l.target} {
			if end != i {
				end.links = slices.DeleteFunc(end.links, func(x *link) bool { return x == l })
			}
		}
	}
}
