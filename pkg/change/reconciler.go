package change

import (
	"slices"
	"strconv"

	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/record"
)

// Reconciler computes the desired state of a change's issue from its comments (docs/event-log.md).
//
// State label and description are always written in one request. So label and record are never from different moments, whichever of several
// requests comes last, and a label that differs from the events was set by a person: newer events continue from it.
// The record's key notes lists the events that it contains; if a person has removed that key, as_of_note does.
type Reconciler struct{ Labels Labels }

var _ eventlog.Exclusive = Reconciler{}

// ExclusiveLabels returns the labels of states.
func (l Reconciler) ExclusiveLabels() [][]string { return [][]string{l.Labels.states()} }

// Reconcile returns the edit that brings the issue in line with its comments; empty if it already is.
// An event counts if its author is trusted, or was when the event was recorded. It never fails.
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

// projection is an issue, its events, and the observed and the desired snapshot.
type projection struct {
	Labels
	issue             issue.Issue
	block             record.Block
	asOf              int64
	noteIDs           []int64          // ids of the comments listed in the record
	recorded, pending []eventlog.Event // in the record, and not yet
	observed, desired snapshot
}

func (l Reconciler) project(i issue.Issue, notes []issue.Note) projection {
	r := Read(i.Description, i.CreatedAt)
	p := projection{Labels: l.Labels, issue: i, asOf: r.AsOfNote, noteIDs: r.notes}
	p.block, _ = record.Find(i.Description, Kind)
	events := eventlog.About(notes, Kind)
	p.renumber(eventlog.Renumbered(p.noteIDs, events, notes))
	for _, e := range events {
		switch {
		// without the ids, it is unknown whether events of others are in the record
		case p.isRecorded(e.NoteID) && (e.Trusted || len(p.noteIDs) > 0):
			p.recorded = append(p.recorded, e)
		case e.Trusted:
			p.pending = append(p.pending, e)
		}
	}
	p.observed = snapshot{state: l.Labels.stateOf(i, r), facts: factsOf(p.block)}
	if state := (snapshot{state: UnknownState}).fold(p.recorded).state; len(l.Labels.statesOn(i)) == 0 && state != UnknownState {
		p.observed.state = state
	}
	p.desired = merge(p.observed, p.recorded, p.pending)
	return p
}

// renumber replaces the numbers of the listed comments, of which now has the present one. Those that it does not have no longer exist.
func (p *projection) renumber(now map[int64]int64) {
	if len(now) == 0 {
		return
	}
	var ids []int64
	for _, id := range p.noteIDs {
		if now[id] != 0 {
			ids = append(ids, now[id])
		}
	}
	p.noteIDs = ids
}

// isRecorded reports whether a comment is already in the record.
func (p projection) isRecorded(id int64) bool {
	if len(p.noteIDs) > 0 {
		return slices.Contains(p.noteIDs, id)
	}
	return id <= p.asOf
}

// mislabeled reports whether the state label is missing, since GitLab may have dropped it, or whether there are several, which GitLab
// allows without scoped labels. An issue that has lost its change label is left alone.
func (p projection) mislabeled() bool {
	if len(p.recorded) == 0 || !p.issue.Has(p.Change) {
		return false
	}
	on := len(p.statesOn(p.issue))
	return on > 1 || on == 0 && p.State(snapshot{state: UnknownState}.fold(p.recorded).state) != ""
}

// description returns the issue's description with the desired record.
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
	text := p.block.Apply(edits...)
	if len(text) > issue.MaxDescription { // as_of_note is enough to know which comments are recorded
		block, _ := record.Find(text, Kind)
		text = block.Apply(record.Delete(keyNotes))
	}
	return text
}

// closes reports whether pending events end the change. An issue that a person has reopened is not closed again.
func (p projection) closes() bool {
	ends := func(e eventlog.Event) bool { return After(Verb(e.Verb)).Over() }
	return p.desired.state.Over() && (!p.observed.state.Over() || slices.ContainsFunc(p.pending, ends))
}
