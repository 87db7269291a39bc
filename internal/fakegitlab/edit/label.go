package edit

import (
	"errors"
	"slices"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/markdown"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// LabelsAfter returns the labels that an issue with some labels will have.
func LabelsAfter(s *store.Store, labels []*store.Label, ch Change) []*store.Label {
	labels = slices.Clone(labels)
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

// ErrLabelTaken means that another request has created a label between the look-up and the creation.
var ErrLabelTaken = errors.New("label created by another request")

// LabelsFor finds labels by name for an issue of the project. Unknown ones are created if the user may manage labels,
// otherwise left out. They are created immediately and stay even if the issue is not saved. Between the look-up and the
// creation it calls between.
//
// GitLab fails if one of the unknown names cannot be the name of a label, or is given twice. Nothing is created then.
func LabelsFor(s *store.Store, p *store.Project, names []string, by *store.User, between func()) ([]*store.Label, error) {
	mayCreate := access.MayPlan(by, p)
	var found []*store.Label
	var unknown []string
	for _, name := range names {
		l := p.LabelNamed(name)
		switch {
		case l != nil && !slices.Contains(found, l):
			found = append(found, l)
		case l == nil && mayCreate:
			unknown = append(unknown, markdown.CleanTitle(name))
		}
	}
	if len(unknown) == 0 {
		return found, nil
	}
	for n, name := range unknown {
		if !usableName(p, name) || slices.Contains(unknown[:n], name) {
			return nil, failure.Crash()
		}
	}
	between()
	for _, name := range unknown {
		if p.LabelNamed(name) != nil {
			return nil, ErrLabelTaken
		}
	}
	for _, name := range unknown {
		found = append(found, s.AddLabel(&store.Label{Parent: store.Parent{Project: p}, Name: name, Color: store.DefaultLabelColor}))
	}
	return found, nil
}

// usableName reports whether a label of the project can get a cleaned name.
func usableName(p *store.Project, name string) bool {
	return name != "" && !param.TooLong(name, param.MaxTitle) && p.LabelNamed(name) == nil
}
