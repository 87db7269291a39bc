package edit

import (
	"slices"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/markdown"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// LabelsAfter returns the labels that the issue will have.
func LabelsAfter(s *store.Store, i *store.Issue, ch Change) []*store.Label {
	labels := slices.Clone(i.Labels)
	if ch.Labels.Set {
		labels = withLabels(s, nil, ch.Labels.Value)
	}
	labels = withLabels(s, labels, ch.AddLabels)
	return slices.DeleteFunc(labels, func(l *store.Label) bool { return slices.Contains(ch.RemoveLabels, l) })
}

// withLabels adds labels to a set. On paid plans each one replaces labels of the same scope; of two in one request
// the later one wins.
func withLabels(s *store.Store, set, added []*store.Label) []*store.Label {
	for _, l := range added {
		if slices.Contains(set, l) {
			continue
		}
		if scope := l.Scope(); scope != "" && s.Edition.Paid() {
			set = slices.DeleteFunc(set, func(old *store.Label) bool { return old.Scope() == scope })
		}
		set = append(set, l)
	}
	return set
}

// LabelsFor finds labels by name for an issue of the project. Unknown ones are created if the caller may manage
// labels, otherwise left out. They are created immediately and stay even if the issue is not saved.
func LabelsFor(s *store.Store, p *store.Project, names []string, by *store.User) []*store.Label {
	var found []*store.Label
	for _, name := range names {
		l := p.LabelNamed(name)
		if l == nil && access.MayPlan(by, p) {
			l = findOrCreateLabel(s, p, markdown.CleanTitle(name))
		}
		if l != nil && !slices.Contains(found, l) {
			found = append(found, l)
		}
	}
	return found
}

// findOrCreateLabel finds or creates the label with a cleaned name; nil if the name is not valid.
func findOrCreateLabel(s *store.Store, p *store.Project, name string) *store.Label {
	if l := p.LabelNamed(name); l != nil {
		return l
	}
	if name == "" || param.TooLong(name, param.MaxTitle) {
		return nil
	}
	return s.AddLabel(&store.Label{Parent: store.Parent{Project: p}, Name: name, Color: store.DefaultLabelColor})
}
