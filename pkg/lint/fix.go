package lint

import (
	"cmp"
	"slices"

	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// Fix is the change that fixes an issue.
type Fix struct {
	Issue     issue.Issue // what steps need of it; of a command's step only the reference and the title
	Add       []string    // labels, as long as it is in the Current Milestone
	Remove    []string    // labels
	OneOf     [][]string  // sets of labels that exclude each other: of each the one that was added last stays
	ToCurrent bool        // the issue moves into the Current Milestone
	Reconcile string      // the kind of event log that the issue is brought in line with; empty: none
}

// Removed returns the labels to remove, by GitLab's label events of the issue, which only OneOf needs.
func (f Fix) Removed(events []issue.Event) []string {
	out := slices.Clone(f.Remove)
	for _, set := range f.OneOf {
		keep := Latest(set, events)
		for _, name := range set {
			if name != keep {
				out = append(out, name)
			}
		}
	}
	return out
}

// Latest returns the label that was added last, or the first one without events of them. labels are those that the issue has, and
// events are GitLab's, in their order.
func Latest(labels []string, events []issue.Event) string {
	latest := labels[0]
	for _, e := range events {
		for _, name := range labels {
			if e.Action == "add" && e.Name == name {
				latest = name
			}
		}
	}
	return latest
}

// Reconciler returns the rules of the event log of an issue.
func (l Settings) Reconciler(i issue.Issue) eventlog.Reconciler {
	_, r := l.reconciler(i)
	return r
}

// And joins two fixes of one issue.
func (f Fix) And(other Fix) Fix {
	if f.Issue.ID == 0 {
		f.Issue = other.Issue
	}
	f.Add = append(slices.Clone(f.Add), other.Add...)
	f.Remove = append(slices.Clone(f.Remove), other.Remove...)
	f.OneOf = append(slices.Clone(f.OneOf), other.OneOf...)
	f.ToCurrent = f.ToCurrent || other.ToCurrent
	f.Reconcile = cmp.Or(f.Reconcile, other.Reconcile)
	return f
}
