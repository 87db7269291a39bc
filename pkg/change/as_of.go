package change

import (
	"slices"
	"strconv"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/record"
)

// Carried returns the labels of an issue at an instant, including changes at exactly that instant.
type Carried func(time.Time) []string

// AsOf returns the description of a change with its record as it was at an instant, by removing later events from the record.
// unknown lists the keys whose value at that time GitLab does not have; they are empty in the description.
//
// GitLab keeps no old descriptions. A value that a later event wrote is reset to the last one written before. If no event wrote it before,
// a planned change had no times and no outcome. The values of the first attempt by automation are lost when there is a second
// one. notes are all comments, with Trusted set as for [Reconciler].
// Manual edits of the record since then cannot be removed (eventlog.ManualEdits finds them).
func AsOf(now issue.Issue, notes []issue.Note, l Labels, carried Carried, at time.Time) (description string, unknown []string) {
	p := Reconciler{l}.project(now, notes)
	before, since := eventlog.Split(p.recorded, at)
	if !p.block.Exists() || len(since) == 0 {
		return now.Description, nil
	}
	w := reconstruction{projection: p, carried: carried, at: at, manualEdits: eventlog.ManualEdits(notes), before: before, since: since}
	return w.rebuild()
}

// reconstruction rebuilds a change as of an earlier instant.
type reconstruction struct {
	projection
	carried       Carried
	at            time.Time
	manualEdits   []issue.Note
	before, since []eventlog.Event
}

// rebuild removes later events from the record.
func (w reconstruction) rebuild() (string, []string) {
	past := w.replay(snapshot{state: UnknownState, facts: factsOf(record.Block{})}, w.before)
	then := facts{texts: map[string]string{}, lists: map[string][]string{}, attempts: w.attempts()}
	var unknown []string
	for _, key := range textKeys {
		then.texts[key] = w.observed.facts.texts[key]
		by, touched := w.lastSetter(past.state, w.since, key)
		if !touched {
			continue
		}
		value, known := w.value(key, past, by)
		if then.texts[key] = value; !known {
			unknown = append(unknown, key)
		}
	}
	added := w.replay(snapshot{state: past.state, facts: factsOf(record.Block{})}, w.since).facts
	for _, key := range listKeys {
		then.lists[key] = slices.DeleteFunc(slices.Clone(w.observed.facts.lists[key]), func(item string) bool {
			return slices.Contains(added.lists[key], item) && !slices.Contains(past.facts.lists[key], item)
		})
	}
	return w.block.Apply(append(then.edits(w.observed.facts), w.marks()...)...), unknown
}

// value returns the earlier value of a key that a later event, by, has written. past is the snapshot at the instant.
func (w reconstruction) value(key string, past snapshot, by eventlog.Event) (value string, known bool) {
	if last, ok := w.lastSetter(UnknownState, w.before, key); ok {
		if slices.ContainsFunc(w.manualEdits, func(n issue.Note) bool { return n.ID > last.NoteID && !n.CreatedAt.After(w.at) }) {
			return "", false
		}
		return past.facts.texts[key], true
	}
	switch key {
	case keyStartedBy, keyStartedAt, keyFinishedAt, keyAbortedAt, keyOutcome:
		return "", Verb(by.Verb) != Recorded
	}
	return "", false
}

// lastSetter returns the last event that writes a key, with the events replayed from a state.
func (w reconstruction) lastSetter(from State, events []eventlog.Event, key string) (last eventlog.Event, ok bool) {
	const untouched = "\x00"
	for _, e := range events {
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

// attempts returns the number of attempts that were recorded at the instant.
func (w reconstruction) attempts() int {
	n := w.observed.facts.attempts
	for _, e := range w.since {
		if Verb(e.Verb) == Recorded && !again(e) {
			n--
		}
	}
	if n == w.observed.facts.attempts {
		return n
	}
	return max(n, 1)
}

// marks lists the comments that were applied to the record.
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

// replay folds events as they were when written: each from the state of the label at that time, which a person may have changed.
func (w reconstruction) replay(s snapshot, events []eventlog.Event) snapshot {
	s = s.fold(nil)
	for _, e := range events {
		s.state = w.stateAt(e, s.state)
		s.apply(e)
	}
	return s
}

// stateAt returns the state just before an event. The label takes precedence over the state that the events lead to, unless it changed at
// the same moment as the event: then it is unknown which came first.
func (w reconstruction) stateAt(e eventlog.Event, byEvents State) State {
	by := func(t time.Time) State { return w.stateOf(issue.Issue{Labels: w.carried(t)}, Record{}) }
	earlier := by(e.Posted.Add(-time.Nanosecond))
	if eventlog.Simultaneous(w.recorded, e) || earlier == UnknownState || by(e.Posted) == byEvents {
		return byEvents
	}
	return earlier
}
