package change

import (
	"slices"
	"strconv"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/record"
)

// Carried are the labels that an issue carried at an instant; what happened exactly then has happened.
type Carried func(time.Time) []string

// Was is the description of a change with its record as it was at an instant: what was told later is taken out of the record again.
// unknown are the keys of the record whose value of then GitLab does not know, in their order: they are empty there.
//
// GitLab keeps no old descriptions. So a value that was told later is again the one that was told last before.
// Of what nothing was told before, a change that people planned had no times and no outcome;
// whoever was planned to carry it out is not known any more once somebody has started it,
// and neither is what automation told first once it has told again. notes are all comments, with Trusted set as for [Reconciler].
// What people have edited in the record by hand since then cannot be taken out (eventlog.ByHand tells of it).
func AsOf(now issue.Issue, notes []issue.Note, l Labels, carried Carried, at time.Time) (description string, unknown []string) {
	p := Reconciler{l}.project(now, notes)
	before, since := eventlog.Split(p.recorded, at)
	if !p.block.Exists() || len(since) == 0 {
		return now.Description, nil
	}
	w := reconstruction{projection: p, carried: carried, at: at, manualEdits: eventlog.ManualEdits(notes), before: before, since: since}
	return w.rebuild()
}

// was is a change at an earlier moment.
type reconstruction struct {
	projection
	carried       Carried
	at            time.Time
	manualEdits   []issue.Note
	before, since []eventlog.Event
}

// rebuilt takes what was told later out of the record.
func (w reconstruction) rebuild() (string, []string) {
	told := w.replay(snapshot{state: UnknownState, facts: factsOf(record.Block{})}, w.before)
	then := facts{texts: map[string]string{}, lists: map[string][]string{}, attempts: w.attempts()}
	var unknown []string
	for _, key := range textKeys {
		then.texts[key] = w.observed.facts.texts[key]
		by, touched := w.lastSetter(told.state, w.since, key)
		if !touched {
			continue
		}
		value, known := w.value(key, told, by)
		if then.texts[key] = value; !known {
			unknown = append(unknown, key)
		}
	}
	added := w.replay(snapshot{state: told.state, facts: factsOf(record.Block{})}, w.since).facts
	for _, key := range listKeys {
		then.lists[key] = slices.DeleteFunc(slices.Clone(w.observed.facts.lists[key]), func(item string) bool {
			return slices.Contains(added.lists[key], item) && !slices.Contains(told.facts.lists[key], item)
		})
	}
	return w.block.Apply(append(then.edits(w.observed.facts), w.marks()...)...), unknown
}

// value is what the record said then of something that was told later, in the entry by.
func (w reconstruction) value(key string, told snapshot, by eventlog.Event) (value string, known bool) {
	if last, ok := w.lastSetter(UnknownState, w.before, key); ok {
		if slices.ContainsFunc(w.manualEdits, func(n issue.Note) bool { return n.ID > last.NoteID && !n.CreatedAt.After(w.at) }) {
			return "", false
		}
		return told.facts.texts[key], true
	}
	switch key {
	case keyStartedAt, keyFinishedAt, keyAbortedAt, keyOutcome:
		return "", Verb(by.Verb) != Recorded
	}
	return "", false
}

// lastToldOf is the last of some entries that says a value, as they were folded from a state on.
func (w reconstruction) lastSetter(from State, entries []eventlog.Event, key string) (last eventlog.Event, ok bool) {
	const untouched = "\x00"
	for _, e := range entries {
		s := snapshot{state: from, facts: factsOf(record.Block{})}
		s.facts.texts[key] = untouched
		s = w.replay(s, []eventlog.Event{e})
		if s.facts.texts[key] != untouched {
			last, ok = e, true
		}
		from = s.state
	}
	return last, ok
}

// attempts is how often automation had told.
func (w reconstruction) attempts() int {
	n := w.observed.facts.attempts
	for _, e := range w.since {
		if Verb(e.Verb) == Recorded {
			n--
		}
	}
	if n == w.observed.facts.attempts {
		return n
	}
	return max(n, 1)
}

// marks name the comments that were in the record.
func (w reconstruction) marks() []record.Edit {
	asOf := int64(0)
	var ids []string
	for _, e := range w.before {
		asOf = e.NoteID
		ids = append(ids, strconv.FormatInt(e.NoteID, 10))
	}
	if len(ids) == 0 {
		return []record.Edit{record.Delete(keyAsOfNote), record.Delete(keyNotes)}
	}
	return []record.Edit{record.Set(keyAsOfNote, strconv.FormatInt(asOf, 10)), record.SetList(keyNotes, ids)}
}

// relive folds entries as they were folded when they were written: each at the state that the label said then, where a person had moved it.
func (w reconstruction) replay(s snapshot, entries []eventlog.Event) snapshot {
	s = s.fold(nil)
	for _, e := range entries {
		s.state = w.stateAt(e, s.state)
		s.apply(e)
	}
	return s
}

// stateAt is the state just before something that was written at an instant. The label goes before what entries make of it;
// of labels that changed in the same moment it is not known whether they did before.
func (w reconstruction) stateAt(e eventlog.Event, told State) State {
	by := func(t time.Time) State { return w.stateOf(issue.Issue{Labels: w.carried(t)}, Record{}) }
	earlier := by(e.Posted.Add(-time.Nanosecond))
	if eventlog.Simultaneous(w.recorded, e) || earlier == UnknownState || by(e.Posted) == told {
		return told
	}
	return earlier
}
