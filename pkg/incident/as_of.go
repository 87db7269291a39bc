package incident

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/record"
)

// Carried are the labels that an issue carried at an instant; what happened exactly then has happened.
type Carried func(time.Time) []string

// Was is the description of an incident with its record as it was at an instant: what was told later is taken out of the record again.
// The timeline stays as it is now. unknown are the keys of the record whose value of then GitLab does not know, in their order:
// they are empty there.
//
// GitLab keeps no old descriptions. So a value that was told later is again the one that was told last before. One of which
// nothing was told before is that of the opening: labels tell of it, and the timeline of the opening which times nobody knew;
// nobody knew the ends of the incident. notes are all comments, with Trusted set as for [Reconciler].
// What people have edited in the record by hand since then cannot be taken out (eventlog.ByHand tells of it).
func AsOf(now issue.Issue, notes []issue.Note, l Labels, carried Carried, at time.Time) (description string, unknown []string) {
	p := Reconciler{l}.project(now, notes)
	before, since := eventlog.Split(p.settled, at)
	if !p.block.Exists() || len(since) == 0 {
		return now.Description, nil
	}
	w := reconstruction{Labels: l, projection: p, carried: carried, at: at, byHand: eventlog.ManualEdits(notes), before: before, since: since}
	if without, made := w.withoutRecord(); made {
		return without, nil
	}
	return w.withoutLater()
}

// was is an incident at an earlier moment.
type reconstruction struct {
	Labels
	projection
	carried       Carried
	at            time.Time
	byHand        []issue.Note
	before, since []eventlog.Event
}

// text is the description of now with the line ends of Unix.
func (w reconstruction) text() string { return strings.ReplaceAll(w.issue.Description, "\r\n", "\n") }

// asMade is the record of now as an entry makes one.
func (w reconstruction) generatedRecord() string {
	return record.New(Kind, w.now.known.block(w.asOf)...)
}

// withoutRecord is the description without its record, where the first entry of all was written later and has made it.
func (w reconstruction) withoutRecord() (string, bool) {
	if len(w.before) > 0 || !w.recordFromEvents() {
		return "", false
	}
	return strings.TrimRight(strings.Replace(w.text(), w.generatedRecord(), "", 1), "\n"), true
}

// rebuilt takes what was told later out of the record.
func (w reconstruction) withoutLater() (string, []string) {
	told := w.replay(status{state: UnknownState}, w.before)
	later := w.replay(status{state: told.state, known: unset()}, w.since)
	var edits []record.Edit
	var unknown []string
	for _, key := range RecordKeys() {
		if later.known[key] == unset()[key] {
			continue
		}
		value, known := w.value(key, told)
		if !known {
			unknown = append(unknown, key)
		}
		edits = append(edits, facts{key: value}.edit(key))
	}
	asOf := int64(0)
	if len(w.before) > 0 {
		asOf = w.before[len(w.before)-1].NoteID
	}
	return w.block.Apply(append(edits, asOfEdit(asOf))...), unknown
}

// untouched are facts that no entry can say.
func unset() facts {
	f := facts{}
	for _, key := range RecordKeys() {
		f[key] = "\x00"
	}
	return f
}

// value is what the record said then of something that was told later.
func (w reconstruction) value(key string, told status) (value string, known bool) {
	if key == KeyRelated {
		return w.related(), true
	}
	if last := w.lastEventWith(key); last > 0 {
		if slices.ContainsFunc(w.byHand, func(n issue.Note) bool { return n.ID > last && !n.CreatedAt.After(w.at) }) {
			return "", false
		}
		return told.known[key], true
	}
	switch {
	case w.recordFromEvents():
		return "", true
	case key == KeyMitigated, key == KeyResolved:
		return "", true
	case w.openedByCommand():
		return w.openingValue(key)
	}
	return "", false
}

// openedWith is a value of the record with which prodctl opened an incident.
func (w reconstruction) openingValue(key string) (value string, known bool) {
	on := issue.Issue{Labels: w.carried(w.issue.CreatedAt.Add(openingLag))}
	switch {
	case key == KeySeverity && w.S1 != "":
		severities := append(w.severitiesOn(on), UnknownSeverity)
		return string(severities[0]), len(severities) < 3
	case key == KeyServices && w.ServiceOf("x") != "":
		return strings.Join(w.servicesOn(on), ", "), true
	case key == KeyDataLoss && w.DataLoss != "":
		return strconv.FormatBool(carries(on, w.DataLoss)), true
	case key == KeyStarted:
		return "", w.openingLacks(startedText)
	case key == KeyDetected:
		return "", w.openingLacks(detectedText)
	case key == KeyCause:
		return "", true // nobody is asked for it so early
	}
	return "", false
}

// openingLag is how much later than an issue GitLab may date the labels with which it was opened; no person is faster.
const openingLag = 999 * time.Millisecond

// opened reports whether prodctl has opened the incident: then the description carries the hidden key.
func (w reconstruction) openedByCommand() bool {
	return strings.Contains("\n"+w.issue.Description, "\n<!-- prodctl:key=")
}

// madeByEntry reports whether the record was made by the first entry: it is then just as entries make it.
func (w reconstruction) recordFromEvents() bool {
	return !w.openedByCommand() && strings.Count(w.text(), w.generatedRecord()) == 1
}

// lastToldOf is the comment in which a value was told last before; 0 when it was not.
func (w reconstruction) lastEventWith(key string) (last int64) {
	from := UnknownState
	for _, e := range w.before {
		s := w.replay(status{state: from, known: unset()}, []eventlog.Event{e})
		if s.known[key] != unset()[key] {
			last = e.NoteID
		}
		from = s.state
	}
	return last
}

// openedWithout reports whether the timeline of the opening is still there and does not have the line that stands for a time.
func (w reconstruction) openingLacks(text string) bool {
	lines := w.region.manualLines()
	has := func(text string) bool {
		return slices.ContainsFunc(lines, func(l eventLine) bool { return l.id == 0 && l.text == text })
	}
	return has(declaredText) && !has(text)
}

// related are the references that no later entry brought.
func (w reconstruction) related() string {
	named := func(entries []eventlog.Event) (list []string) {
		for _, e := range entries {
			list = append(list, listItems(e.Fields[KeyRelated])...)
		}
		return list
	}
	before, since := named(w.before), named(w.since)
	return strings.Join(slices.DeleteFunc(listItems(w.now.known[KeyRelated]), func(ref string) bool {
		return slices.Contains(since, ref) && !slices.Contains(before, ref)
	}), ", ")
}

// relive folds entries as they were folded when they were written: each at the state that the label said then, where a person had moved it.
func (w reconstruction) replay(s status, entries []eventlog.Event) status {
	s = s.fold(nil)
	for _, e := range entries {
		s.state = w.stateAt(e, s.state)
		s.apply(e)
	}
	return s
}

// stateAt is the state just before something that was written at an instant. The label goes before what entries make of it;
// of labels that changed in the same moment it is not known whether they did before,
// and of entries of one moment each goes on from the one before it.
func (w reconstruction) stateAt(e eventlog.Event, told State) State {
	by := func(t time.Time) State { return stateOf(w.statesOn(issue.Issue{Labels: w.carried(t)}), Record{}) }
	earlier := by(e.Posted.Add(-time.Nanosecond))
	if eventlog.Simultaneous(w.settled, e) || earlier == UnknownState || by(e.Posted) == told {
		return told
	}
	return earlier
}
