package incident

import (
	"slices"

	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/record"
)

// Reconciler says what an incident's issue must look like by its comments (docs/event-log.md).
//
// Labels and description are written in one request, always both: then the labels are never of another moment than the record, whichever of
// several requests comes last. So a label that differs from what entries say was set by a person, and is where newer entries go on from.
type Reconciler struct{ Labels Labels }

var _ eventlog.Reconciler = Reconciler{}

// Reconcile is what is to be changed in the issue, nothing when it agrees with its comments.
// Entries count when their authors are trusted, or were when they were settled. It never fails.
func (l Reconciler) Reconcile(i issue.Issue, notes []issue.Note) (issue.Change, error) {
	p := l.project(i, notes)
	if len(p.all) == 0 {
		return issue.Change{}, nil
	}
	change := issue.Change{}
	if text := p.description(); text != i.Description {
		change.Description = &text
	}
	if change.Description != nil || p.labelMissing() {
		change.AddLabels, change.RemoveLabels = p.labels()
		change.State = p.issueState()
	}
	return change, nil
}

// projection is an issue, the entries about it, and what they make of it.
type projection struct {
	Labels
	issue          issue.Issue
	block          record.Block
	region         region
	asOf           int64
	all            []eventlog.Event // that count, in the order of their comments
	settled, fresh []eventlog.Event // by the record
	now, to        status
}

func (l Reconciler) project(i issue.Issue, notes []issue.Note) projection {
	r := Read(i.Description, i.CreatedAt)
	p := projection{Labels: l.Labels, issue: i, region: findRegion(i.Description), asOf: r.AsOfNote}
	p.block, _ = record.Find(i.Description, Kind)
	for _, e := range eventlog.About(notes, Kind) {
		switch {
		case p.follows(e.NoteID) && (e.Trusted || p.listsComments()):
			p.settled = append(p.settled, e)
		case e.Trusted:
			p.fresh = append(p.fresh, e)
		}
	}
	p.all = eventlog.Merged(p.settled, p.fresh)
	on := p.statesOn(i)
	p.now.state = stateOf(on, r)
	if before := (status{state: UnknownState}).fold(p.settled); len(on) == 0 && before.state != UnknownState {
		p.now.state = before.state
	}
	p.now.known, _ = readFacts(p.block, i.CreatedAt)
	p.to = foldFresh(p.now, len(on) > 0, p.settled, p.fresh)
	if !p.block.Exists() {
		p.to.known = status{state: UnknownState}.fold(p.all).known
	}
	return p
}

// follows reports whether a comment is in the timeline and the record already:
// it is named there, or, where no comments are named, not newer than the one in the record.
func (p projection) follows(id int64) bool {
	if p.listsComments() {
		return slices.Contains(p.region.follows, id)
	}
	return id <= p.asOf
}

// named reports whether the timeline names the comments that it follows. Where a person has removed it,
// what others wrote before the last one that was followed is not known to be among them.
func (p projection) listsComments() bool { return p.region.found && len(p.region.follows) > 0 }

// description is the issue's with timeline and record as the entries want them.
func (p projection) description() string {
	text := p.timeline()
	block, _ := record.Find(text, Kind)
	asOf := max(p.asOf, p.all[len(p.all)-1].NoteID)
	switch {
	case !block.Exists():
		return block.Apply(p.to.known.block(asOf)...)
	case len(p.fresh) == 0:
		return text
	}
	return block.Apply(append(p.to.known.edits(p.now.known), asOfEdit(asOf))...)
}

// timeline is the description with the timeline in it. Where a person has removed it from an incident that had one, it stays away.
func (p projection) timeline() string {
	r := p.region
	if !r.found {
		if p.asOf > 0 {
			return p.issue.Description
		}
		r = newRegion(p.issue.Description)
	}
	var lines []eventLine
	ids := slices.Clone(r.follows)
	for _, e := range p.all {
		ids = append(ids, e.NoteID)
		if text := lineText(e); text != "" {
			lines = append(lines, eventLine{e.NoteID, e.At, text})
		}
	}
	r.merge(lines, func(id int64) bool { return !p.follows(id) })
	if len(p.fresh) > 0 {
		slices.Sort(ids)
		r.follow(slices.Compact(ids))
	}
	return r.before + r.String() + r.after
}

// lacksLabel reports whether a label is missing that entries have said: GitLab may have left it out.
// On an issue that is no incident any more, nothing is.
func (p projection) labelMissing() bool {
	if !carries(p.issue, p.Incident) {
		return false
	}
	told := status{state: UnknownState}.fold(p.all)
	state, severity := p.State(told.state), p.Severity(Severity(told.known[KeySeverity]))
	return state != "" && len(p.statesOn(p.issue)) == 0 || severity != "" && len(p.severitiesOn(p.issue)) == 0
}

// labels are those that stand for what is known: each kind has one, all others of the kind go, seen or not.
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

// severity is what fresh entries say, else the label's, else what entries have said.
func (p projection) severity() Severity {
	told := (status{state: UnknownState}).fold(p.fresh).known[KeySeverity]
	if on := p.severitiesOn(p.issue); told == "" && len(on) > 0 {
		return on[0]
	}
	if told != "" {
		return Severity(p.to.known[KeySeverity])
	}
	return Severity((status{state: UnknownState}).fold(p.all).known[KeySeverity])
}

// labelSwitch is a label that is there or not.
type labelSwitch struct {
	label string
	on    bool
}

// switches are the labels of services and of data loss that entries speak of: as the fresh ones say, else as they are on the issue.
func (p projection) switches() []labelSwitch {
	fresh := (status{state: UnknownState}).fold(p.fresh).known
	var list []labelSwitch
	told := map[string]bool{}
	for _, e := range p.all {
		told[KeyDataLoss] = told[KeyDataLoss] || e.Fields[KeyDataLoss] != ""
		told[KeyServices] = told[KeyServices] || e.Fields[KeyServices] != ""
	}
	if told[KeyDataLoss] && p.DataLoss != "" {
		on := carries(p.issue, p.DataLoss)
		if fresh[KeyDataLoss] != "" {
			on = p.to.known[KeyDataLoss] == "true"
		}
		list = append(list, labelSwitch{p.DataLoss, on})
	}
	if !told[KeyServices] {
		return list
	}
	for _, name := range p.services() {
		label := p.ServiceOf(name)
		on := carries(p.issue, label)
		if fresh[KeyServices] != "" {
			on = slices.Contains(listItems(p.to.known[KeyServices]), name)
		}
		if label != "" {
			list = append(list, labelSwitch{label, on})
		}
	}
	return list
}

// services are those that the record or an entry names or named.
func (p projection) services() []string {
	list := append(listItems(p.now.known[KeyServices]), listItems(p.to.known[KeyServices])...)
	for _, e := range p.all {
		list = append(list, listItems(e.Fields[KeyServices])...)
	}
	list = distinct(list)
	slices.Sort(list)
	return list
}

// issueState opens or closes the issue as fresh entries say. Once an entry has closed it, that is said with every change, as labels are.
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
