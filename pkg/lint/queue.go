package lint

import (
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// This file has the rules about scales, and about incidents and changes.

func doubleSeverity(l *Look, i issue.Issue, _ *Facts) verdict {
	var scale []string
	for _, s := range incident.Severities() {
		scale = append(scale, l.Incidents.Severity(s))
	}
	return doubled(i, scale)
}

func doublePriority(l *Look, i issue.Issue, _ *Facts) verdict { return doubled(i, l.Priorities) }

func doubleCriticality(l *Look, i issue.Issue, _ *Facts) verdict {
	var scale []string
	for _, c := range change.Criticalities() {
		scale = append(scale, l.Changes.Criticality(c))
	}
	return doubled(i, scale)
}

// doubled finds two labels of a scale.
func doubled(i issue.Issue, scale []string) verdict {
	on := slices.DeleteFunc(slices.Clone(scale), func(name string) bool { return name == "" || !i.Has(name) })
	if len(on) < 2 {
		return verdict{}
	}
	return verdict{text: "Labeled " + quoted(on), fix: &Fix{OneOf: [][]string{on}}}
}

// incidentState finds an incident without a state. One whose record has a state lacks only the label: see stateRecord.
func incidentState(l *Look, i issue.Issue, _ *Facts) verdict {
	if !l.Incidents.Is(i) || incident.Of(i, l.Incidents).State != incident.UnknownState {
		return verdict{}
	}
	return verdict{text: "An incident with neither a state label nor an end time in its record"}
}

// stateRecord wants the comments, from which follows whether reconciling the issue puts it right.
func stateRecord(l *Look, i issue.Issue, more *Facts) verdict {
	text := l.mismatch(i)
	switch {
	case text == "":
		return verdict{}
	case more == nil && i.Notes > 0:
		return verdict{want: Notes}
	}
	v := verdict{text: strings.ToUpper(text[:1]) + text[1:]}
	if more == nil { // no comments, so there is nothing that it could be brought in line with
		return v
	}
	kind, reconciler := l.reconciler(i)
	change, err := reconciler.Reconcile(i, more.Notes)
	if err == nil && !change.Empty() && l.mismatch(changed(i, change)) == "" {
		v.fix = &Fix{Reconcile: kind}
	}
	return v
}

// mismatch is how state label and record of an incident or a change disagree; empty if they agree.
func (l *Look) mismatch(i issue.Issue) string {
	switch {
	case l.Incidents.Is(i):
		return incident.Of(i, l.Incidents).Mismatch(l.Incidents)
	case i.Has(l.Changes.Change):
		return change.Of(i, l.Changes).Mismatch(l.Changes)
	}
	return ""
}

// reconciler returns the rules that bring an issue in line with its comments.
func (l Settings) reconciler(i issue.Issue) (kind string, r eventlog.Reconciler) {
	if l.Incidents.Is(i) {
		return incident.Kind, incident.Reconciler{Labels: l.Incidents}
	}
	return change.Kind, change.Reconciler{Labels: l.Changes}
}

// changed returns an issue after a change of its labels and its description.
func changed(i issue.Issue, c issue.Change) issue.Issue {
	i.Labels = slices.DeleteFunc(slices.Clone(i.Labels), func(name string) bool { return slices.Contains(c.RemoveLabels, name) })
	for _, name := range c.AddLabels {
		if !i.Has(name) {
			i.Labels = append(i.Labels, name)
		}
	}
	if c.Description != nil {
		i.Description = *c.Description
	}
	return i
}

func changeWindow(l *Look, i issue.Issue, _ *Facts) verdict {
	if !i.Has(l.Changes.Change) {
		return verdict{}
	}
	c := change.Of(i, l.Changes)
	end := c.Window().To
	if c.State.Over() || end.IsZero() || l.Now.Before(end) {
		return verdict{}
	}
	text := "Not started, but its window ended at "
	if c.State == change.InProgress {
		text = "In progress, but its window ended at "
	}
	return verdict{text: text + end.UTC().Format("2006-01-02 15:04 UTC")}
}
