package change

import (
	"slices"
	"strconv"

	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/record"
)

// Reconciler says what a change's issue must look like by its comments (docs/event-log.md).
//
// State label and description go in one request, always both: so the label is never of another moment than the record, whichever of several
// requests comes last, and a label that differs from what entries say was set by a person and is where newer entries go on from.
// Which entries are in the record already is told by its key notes, and where a person has removed that, by as_of_note.
type Reconciler struct{ Labels Labels }

var _ eventlog.Reconciler = Reconciler{}

// Reconcile is what is to be changed in the issue, nothing when it agrees with its comments.
// Entries count when their authors are trusted, or were when they were settled. It never fails.
func (l Reconciler) Reconcile(i issue.Issue, notes []issue.Note) (issue.Change, error) {
	p := l.project(i, notes)
	if len(p.pending) == 0 && !p.mislabeled() {
		return issue.Change{}, nil
	}
	text := p.description()
	change := issue.Change{Description: &text}
	if own := p.State(p.desired.state); own != "" {
		change.AddLabels = []string{own}
		for _, s := range States() {
			if name := p.State(s); name != "" && name != own {
				change.RemoveLabels = append(change.RemoveLabels, name)
			}
		}
	}
	if p.closes() && i.Open() {
		closed := issue.Closed
		change.State = &closed
	}
	return change, nil
}

// projection is an issue, the entries about it, and what they make of it.
type projection struct {
	Labels
	issue             issue.Issue
	block             record.Block
	asOf              int64
	noteIDs           []int64          // ids of the comments that the record names
	recorded, pending []eventlog.Event // in the record already, and not yet
	observed, desired snapshot
}

func (l Reconciler) project(i issue.Issue, notes []issue.Note) projection {
	r := Read(i.Description, i.CreatedAt)
	p := projection{Labels: l.Labels, issue: i, asOf: r.AsOfNote, noteIDs: r.notes}
	p.block, _ = record.Find(i.Description, Kind)
	for _, e := range eventlog.About(notes, Kind) {
		switch {
		case p.isRecorded(e.NoteID) && (e.Trusted || len(p.noteIDs) > 0): // without their numbers others' are not known to be among them
			p.recorded = append(p.recorded, e)
		case e.Trusted:
			p.pending = append(p.pending, e)
		}
	}
	p.observed = snapshot{state: l.Labels.stateOf(i, r), facts: factsOf(p.block)}
	if told := (snapshot{state: UnknownState}).fold(p.recorded).state; len(l.Labels.statesOn(i)) == 0 && told != UnknownState {
		p.observed.state = told
	}
	p.desired = merge(p.observed, p.recorded, p.pending)
	return p
}

// follows reports whether a comment is in the record already.
func (p projection) isRecorded(id int64) bool {
	if len(p.noteIDs) > 0 {
		return slices.Contains(p.noteIDs, id)
	}
	return id <= p.asOf
}

// mislabelled reports whether a state label is missing that entries have said, since GitLab may have left it out,
// or more than one is there, since without scoped labels GitLab lets them be. On an issue that is no change any more, nothing is wrong.
func (p projection) mislabeled() bool {
	if len(p.recorded) == 0 || !p.issue.Has(p.Change) {
		return false
	}
	on := len(p.statesOn(p.issue))
	return on > 1 || on == 0 && p.State(snapshot{state: UnknownState}.fold(p.recorded).state) != ""
}

// description is the issue's with the record as the entries want it.
func (p projection) description() string {
	edits := p.desired.facts.edits(p.observed.facts)
	if len(p.pending) > 0 {
		all := eventlog.Merged(p.recorded, p.pending)
		ids := slices.Clone(p.noteIDs)
		for _, e := range all {
			ids = append(ids, e.NoteID)
		}
		slices.Sort(ids)
		var texts []string
		for _, id := range slices.Compact(ids) {
			texts = append(texts, strconv.FormatInt(id, 10))
		}
		edits = append(edits, record.Set(keyAsOfNote, strconv.FormatInt(max(p.asOf, all[len(all)-1].NoteID), 10)),
			record.SetList(keyNotes, texts))
	}
	return p.block.Apply(edits...)
}

// closes reports whether fresh entries end the change. The issue is not closed again when a person has reopened it.
func (p projection) closes() bool {
	ends := func(e eventlog.Event) bool { return After(Verb(e.Verb)).Over() }
	return p.desired.state.Over() && (!p.observed.state.Over() || slices.ContainsFunc(p.pending, ends))
}
