package incident

import (
	"slices"

	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/record"
)

// Reconciler computes what an incident's issue should look like from its comments (docs/event-log.md).
//
// Labels and description are always written together, in one request: then labels and record are of the same moment, whichever of several
// requests comes last. So a label that differs from the events was set by a person, and newer events continue from there.
type Reconciler struct{ Labels Labels }

var _ eventlog.Exclusive = Reconciler{}

// ExclusiveLabels returns the labels of states and those of severities.
func (l Reconciler) ExclusiveLabels() [][]string {
	return [][]string{l.Labels.states(), l.Labels.severities()}
}

// Reconcile returns the change that brings the issue in line with its comments; an empty one if it already is. Events count if their
// authors are trusted, or were when the events were applied. It never fails.
func (l Reconciler) Reconcile(i issue.Issue, notes []issue.Note) (issue.Change, error) {
	p := l.project(i, notes)
	if len(p.all) == 0 {
		return issue.Change{}, nil
	}
	change := issue.Change{}
	if text := fitted(p.description()); text != i.Description {
		change.Description = &text
	}
	if change.Description != nil || p.labelMissing() {
		change.AddLabels, change.RemoveLabels = p.labels()
		change.State = p.issueState()
	}
	return change, nil
}

// projection is an issue, the events about it, and the status that results from them.
type projection struct {
	Labels
	issue          issue.Issue
	block          record.Block
	region         region
	asOf           int64
	all            []eventlog.Event // that count, in the order of their comments
	applied, fresh []eventlog.Event // in the record already, and not yet
	moved          bool             // the record names the comments as they were before a move
	now, to        status
}

func (l Reconciler) project(i issue.Issue, notes []issue.Note) projection {
	r := Read(i.Description, i.CreatedAt)
	p := projection{Labels: l.Labels, issue: i, region: findRegion(i.Description), asOf: r.AsOfNote}
	p.block, _ = record.Find(i.Description, Kind)
	events := eventlog.About(notes, Kind)
	now := eventlog.Renumbered(p.region.noteIDs, events, notes)
	p.region.renumber(now)
	if p.moved = now[p.asOf] != 0; p.moved {
		p.asOf = now[p.asOf]
	}
	for _, e := range events {
		switch {
		case p.isApplied(e.NoteID) && (e.Trusted || p.listsComments()):
			p.applied = append(p.applied, e)
		case e.Trusted:
			p.fresh = append(p.fresh, e)
		}
	}
	p.all = eventlog.Merged(p.applied, p.fresh)
	on := p.statesOn(i)
	p.now.state = stateOf(i, on, r)
	if before := (status{state: UnknownState}).fold(p.applied); len(on) == 0 && before.state != UnknownState {
		p.now.state = before.state
	}
	p.now.known, _ = readFacts(p.block, i.CreatedAt)
	p.to = withFresh(p.now, len(on) > 0, p.applied, p.fresh)
	if !p.block.Exists() {
		p.to.known = status{state: UnknownState}.fold(p.all).known
	}
	return p
}

// isApplied reports whether a comment is in timeline and record already: its number is listed there, or, if no numbers are listed, it is
// not newer than the one in the record.
func (p projection) isApplied(id int64) bool {
	if p.listsComments() {
		return slices.Contains(p.region.noteIDs, id)
	}
	return id <= p.asOf
}

// listsComments reports whether the timeline lists the comments that are in it. If a person removed it, nobody knows whether comments
// older than the last applied one were applied.
func (p projection) listsComments() bool { return p.region.found && len(p.region.noteIDs) > 0 }

// description is the issue's description with timeline and record brought in line with the events.
func (p projection) description() string {
	text := p.timeline()
	block, _ := record.Find(text, Kind)
	asOf := max(p.asOf, p.all[len(p.all)-1].NoteID)
	switch {
	case !block.Exists():
		return block.Apply(p.to.known.block(asOf)...)
	case len(p.fresh) == 0 && !p.moved:
		return text
	}
	return block.Apply(append(p.to.known.edits(p.now.known), asOfEdit(asOf))...)
}

// timeline is the description with its timeline brought in line with the events. A timeline that a person removed stays away.
func (p projection) timeline() string {
	r := p.region
	if !r.found {
		if p.asOf > 0 {
			return p.issue.Description
		}
		r = newRegion(p.issue.Description)
	}
	var lines []eventLine
	ids := slices.Clone(r.noteIDs)
	for _, e := range p.all {
		ids = append(ids, e.NoteID)
		if text := lineText(e); text != "" {
			lines = append(lines, eventLine{e.NoteID, e.At, text})
		}
	}
	r.merge(lines, func(id int64) bool { return !p.isApplied(id) })
	if len(p.fresh) > 0 {
		slices.Sort(ids)
		r.setNoteIDs(slices.Compact(ids))
	}
	return r.before + r.String() + r.after
}

// labelMissing reports whether a label is missing that events have set: GitLab may have left it out.
// On an issue that is not an incident (any more), no label is missing.
func (p projection) labelMissing() bool {
	if !p.Is(p.issue) {
		return false
	}
	s := status{state: UnknownState}.fold(p.all)
	state, severity := p.State(s.state), p.Severity(Severity(s.known[KeySeverity]))
	return state != "" && len(p.statesOn(p.issue)) == 0 || severity != "" && len(p.severitiesOn(p.issue)) == 0
}

// labels returns the labels to set and to remove: one of each kind is set, all others of that kind are removed, observed or not.
func (p projection) labels() (add, remove []string) {
	severity := p.severity()
	add = []string{p.State(p.to.state), p.Severity(severity)}
	if p.to.state != UnknownState {
		remove = append(remove, p.states()...)
	}
	if severity != UnknownSeverity {
		remove = append(remove, p.severities()...)
	}
	for _, s := range p.switches() {
		if s.on {
			add = append(add, s.label)
		} else {
			remove = append(remove, s.label)
		}
	}
	add = distinct(add)
	remove = slices.DeleteFunc(distinct(remove), func(name string) bool { return slices.Contains(add, name) })
	slices.Sort(add)
	slices.Sort(remove)
	return add, remove
}

// severity is that of fresh events, else of the label, else of all events.
func (p projection) severity() Severity {
	fresh := (status{state: UnknownState}).fold(p.fresh).known[KeySeverity]
	if on := p.severitiesOn(p.issue); fresh == "" && len(on) > 0 {
		return on[0]
	}
	if fresh != "" {
		return Severity(p.to.known[KeySeverity])
	}
	return Severity((status{state: UnknownState}).fold(p.all).known[KeySeverity])
}

// labelSwitch is a label that is set or not.
type labelSwitch struct {
	label string
	on    bool
}

// switches are the labels of services, of data loss and of a review that is due, which events mention: as fresh events set them, else as
// they are on the issue. A confidential issue gets no label of another service, see [Labels.OpeningConfidential].
func (p projection) switches() []labelSwitch {
	fresh := (status{state: UnknownState}).fold(p.fresh).known
	var list []labelSwitch
	mentioned := map[string]bool{}
	for _, e := range p.all {
		mentioned[KeyDataLoss] = mentioned[KeyDataLoss] || e.Fields[KeyDataLoss] != ""
		mentioned[KeyServices] = mentioned[KeyServices] || e.Fields[KeyServices] != ""
	}
	if mentioned[KeyDataLoss] && p.DataLoss != "" {
		on := carries(p.issue, p.DataLoss)
		if fresh[KeyDataLoss] != "" {
			on = p.to.known[KeyDataLoss] == "true"
		}
		list = append(list, labelSwitch{p.DataLoss, on})
	}
	if p.ReviewDue != "" && slices.ContainsFunc(p.all, func(e eventlog.Event) bool { return e.Fields[KeyReview] != "" }) {
		on := carries(p.issue, p.ReviewDue)
		if p.to.review != "" {
			on = p.to.review == ReviewDue
		}
		list = append(list, labelSwitch{p.ReviewDue, on})
	}
	if !mentioned[KeyServices] {
		return list
	}
	for _, name := range p.services() {
		label := p.ServiceOf(name)
		on := carries(p.issue, label)
		if !on && p.issue.Confidential {
			continue
		}
		if fresh[KeyServices] != "" {
			on = slices.Contains(listItems(p.to.known[KeyServices]), name)
		}
		if label != "" {
			list = append(list, labelSwitch{label, on})
		}
	}
	return list
}

// services are those of the record, before and after, and of all events.
func (p projection) services() []string {
	list := append(listItems(p.now.known[KeyServices]), listItems(p.to.known[KeyServices])...)
	for _, e := range p.all {
		list = append(list, listItems(e.Fields[KeyServices])...)
	}
	list = distinct(list)
	slices.Sort(list)
	return list
}

// issueState opens or closes the issue as fresh events ask. After an event closed it, every change sets its state again, as it does labels.
func (p projection) issueState() *issue.State {
	state := p.issue.State
	if p.to.issue != "" {
		state = p.to.issue
	}
	if state == "" || state == p.issue.State && !slices.ContainsFunc(p.all, closes) {
		return nil
	}
	return &state
}
