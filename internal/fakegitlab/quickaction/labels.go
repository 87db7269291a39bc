package quickaction

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// This file has the quick actions for labels and milestones.

// labelPattern is a label in an argument: ~name, ~"two words", ~12 for an id; the tilde is optional.
var labelPattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`~?"([^"]+)"|~?([^\s,"]+)`)
})

// labelsNamed finds the labels of an argument; unknown ones are left out.
func (a *actions) labelsNamed(arg string) []*store.Label {
	var found []*store.Label
	for _, m := range labelPattern().FindAllStringSubmatch(arg, -1) {
		if strings.Contains(arg, "~") && !strings.HasPrefix(m[0], "~") {
			continue
		}
		l := a.issue.Project.LabelNamed(strings.TrimPrefix(m[1]+m[2], "~"))
		if id, err := strconv.Atoi(m[2]); err == nil {
			if i := slices.IndexFunc(a.issue.Project.LabelsUsable(), func(l *store.Label) bool { return l.ID == id }); i >= 0 {
				l = a.issue.Project.LabelsUsable()[i]
			}
		}
		if l != nil && !slices.Contains(found, l) {
			found = append(found, l)
		}
	}
	return found
}

func labelIDs(labels []*store.Label) []int {
	ids := make([]int, len(labels))
	for n, l := range labels {
		ids[n] = l.ID
	}
	return ids
}

// nameLabels is `~"a" ~"b" labels`.
func nameLabels(labels []*store.Label) string {
	var b strings.Builder
	for _, l := range labels {
		b.WriteString(`~"` + l.Name + `" `)
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
	a.ch.AddLabels = append(a.ch.AddLabels, labels...)
	a.changedIDs("add_label_ids", labelIDs(labels))
	return "Added " + nameLabels(labels) + ".", true
}

func (a *actions) doUnlabel(arg string) (string, bool) {
	labels := a.labelsNamed(arg)
	switch {
	case arg == "":
		a.ch.Labels = param.Some([]*store.Label{})
		a.changedIDs("label_ids", nil)
		return "Removed all labels.", true
	case len(labels) == 0:
		return "Removed all labels.", false // GitLab says so although nothing happens
	}
	a.ch.RemoveLabels = append(a.ch.RemoveLabels, labels...)
	a.changedIDs("remove_label_ids", labelIDs(labels))
	return "Removed " + nameLabels(labels) + ".", true
}

func (a *actions) doRelabel(arg string) (string, bool) {
	labels := a.labelsNamed(arg)
	if len(labels) == 0 {
		return "", false
	}
	a.ch.Labels = param.Some(append(a.ch.Labels.Value, labels...))
	a.changedIDs("label_ids", labelIDs(a.ch.Labels.Value))
	return "Replaced all labels with " + nameLabels(labels) + ".", true
}

// milestonePattern is %name, %"two words" or %12 for an iid.
var milestonePattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`%(?:"([^"]+)"|(\S+))`)
})

func (a *actions) doMilestone(arg string) (string, bool) {
	title := strings.TrimSpace(arg)
	if m := milestonePattern().FindStringSubmatch(arg); m != nil {
		title = m[1] + m[2]
	}
	p := a.issue.Project
	m := p.ActiveMilestone(func(m *store.Milestone) bool { return m.Title == title })
	if iid, err := strconv.Atoi(title); m == nil && err == nil {
		m = p.ActiveMilestone(func(m *store.Milestone) bool { return m.IID == iid && m.Parent.Project == p })
	}
	if m == nil {
		return "", false
	}
	a.ch.Milestone = param.Some(m)
	a.changed(func(e *jsonenc.Encoder) { e.Num("milestone_id", m.ID) })
	return "Set the milestone to " + m.Reference() + ".", true
}

func (a *actions) doRemoveMilestone(string) (string, bool) {
	a.ch.Milestone = param.Null[*store.Milestone]()
	a.changed(func(e *jsonenc.Encoder) { e.Null("milestone_id") })
	return "Removed " + a.issue.Milestone.Reference() + " milestone.", true
}
