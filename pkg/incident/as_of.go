package incident

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/record"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

// Carried returns the labels that an issue had at a point in time; changes at exactly that time are included.
type Carried func(time.Time) []string

// AsOf returns the description of an incident with its record as of a point in time: values that were recorded later are removed from the
// record. The timeline stays as it is now. unknown lists the keys whose earlier value GitLab does not have, in order; they are empty in
// the result.
//
// GitLab keeps no old descriptions. So a value that was recorded later is replaced by the last one recorded before that time. If there is
// none, it is the one of the opening: labels show it, and the timeline of the opening shows which times were unknown. End times were not
// known yet. notes are all comments, with Trusted set as for [Reconciler]. Manual edits of the record since then cannot be undone
// ([eventlog.ManualEdits] finds them).
func AsOf(now issue.Issue, notes []issue.Note, l Labels, carried Carried, at time.Time) (description string, unknown []string) {
	p := Reconciler{l}.project(now, notes)
	before, since := eventlog.Split(p.applied, at)
	if !p.block.Exists() || len(since) == 0 {
		return now.Description, nil
	}
	w := reconstruction{Labels: l, projection: p, carried: carried, at: at, byHand: eventlog.ManualEdits(notes), before: before,
		since: since, secret: now.Confidential || slices.ContainsFunc(notes, madeVisible)}
	if without, ok := w.withoutRecord(); ok {
		return without, nil
	}
	return w.withoutLater()
}

// reconstruction is an incident at an earlier point in time.
type reconstruction struct {
	Labels
	projection
	carried       Carried
	at            time.Time
	byHand        []issue.Note
	before, since []eventlog.Event
	secret        bool // the issue was confidential at some time, so it may have been opened without the labels of its services
}

// madeVisible recognizes GitLab's system note for an issue that was confidential.
func madeVisible(n issue.Note) bool {
	return n.System && strings.HasPrefix(n.Body, "made the ") && strings.HasSuffix(n.Body, " visible to everyone")
}

// text is the current description with Unix line ends.
func (w reconstruction) text() string { return strings.ReplaceAll(w.issue.Description, "\r\n", "\n") }

// generatedRecord is the current record as events would create it.
func (w reconstruction) generatedRecord() string {
	return record.New(Kind, w.now.known.block(w.asOf)...)
}

// withoutRecord is the description without its record, if the first event was recorded later and created the record.
func (w reconstruction) withoutRecord() (string, bool) {
	if len(w.before) > 0 || !w.recordFromEvents() {
		return "", false
	}
	return strings.TrimRight(strings.Replace(w.text(), w.generatedRecord(), "", 1), "\n"), true
}

// withoutLater removes from the record what was recorded later.
func (w reconstruction) withoutLater() (string, []string) {
	then := w.replay(status{state: UnknownState}, w.before)
	later := w.replay(status{state: then.state, known: unset()}, w.since)
	var edits []record.Edit
	var unknown []string
	for _, key := range RecordKeys() {
		if later.known[key] == unset()[key] {
			continue
		}
		value, known := w.value(key, then)
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

// unset returns facts with a value that no event can have.
func unset() facts {
	f := facts{}
	for _, key := range RecordKeys() {
		f[key] = "\x00"
	}
	return f
}

// value is the value that the record had then, for a key that was recorded later.
func (w reconstruction) value(key string, then status) (value string, known bool) {
	if key == KeyRelated {
		return w.related(), true
	}
	if last := w.lastEventWith(key); last > 0 {
		if slices.ContainsFunc(w.byHand, func(n issue.Note) bool { return n.ID > last && !n.CreatedAt.After(w.at) }) {
			return "", false
		}
		return then.known[key], true
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

// openingValue is the value of a key when prodctl opened the incident.
func (w reconstruction) openingValue(key string) (value string, known bool) {
	on := issue.Issue{Labels: w.carried(w.issue.CreatedAt.Add(openingLag))}
	switch {
	case key == KeySeverity && w.S1 != "":
		severities := append(w.severitiesOn(on), UnknownSeverity)
		return string(severities[0]), len(severities) < 3
	case key == KeyServices && w.ServiceOf("x") != "" && !w.secret:
		return strings.Join(w.servicesOn(on), ", "), true
	case key == KeyDataLoss && w.DataLoss != "":
		return strconv.FormatBool(carries(on, w.DataLoss)), true
	case key == KeyStarted:
		return "", w.openingLacks(startedText)
	case key == KeyDetected:
		return "", w.openingLacks(detectedText)
	case key == KeyCause:
		return "", true // `incident open` does not set it
	}
	return "", false
}

// openingLag is how much later than the issue GitLab may date the labels it was opened with. No person is that fast.
const openingLag = 999 * time.Millisecond

// openedByCommand reports whether prodctl opened the incident: then the description has the hidden key.
func (w reconstruction) openedByCommand() bool { return keyed(w.issue.Description) }

// keyed reports whether a description has the hidden key.
func keyed(description string) bool {
	return strings.Contains("\n"+safetext.WithoutClosedLiterals(description), "\n<!-- prodctl:key=")
}

// recordFromEvents reports whether the first event created the record: then it is exactly as events would create it.
func (w reconstruction) recordFromEvents() bool {
	return !w.openedByCommand() && strings.Count(w.text(), w.generatedRecord()) == 1
}

// lastEventWith is the number of the last comment before that time that set a key; 0 if none did.
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

// openingLacks reports whether the timeline of the opening still exists and has no line with this text.
func (w reconstruction) openingLacks(text string) bool {
	lines := w.region.manualLines()
	has := func(text string) bool {
		return slices.ContainsFunc(lines, func(l eventLine) bool { return l.id == 0 && l.text == text })
	}
	return has(declaredText) && !has(text)
}

// related are the references that no later event added.
func (w reconstruction) related() string {
	named := func(events []eventlog.Event) (list []string) {
		for _, e := range events {
			list = append(list, listItems(e.Fields[KeyRelated])...)
		}
		return list
	}
	before, since := named(w.before), named(w.since)
	return strings.Join(slices.DeleteFunc(listItems(w.now.known[KeyRelated]), func(ref string) bool {
		return slices.Contains(since, ref) && !slices.Contains(before, ref)
	}), ", ")
}

// replay folds events as they were folded when they were recorded: each from the state of the label at that time, in case a person had
// changed it.
func (w reconstruction) replay(s status, events []eventlog.Event) status {
	s = s.fold(nil)
	for _, e := range events {
		s.state = w.stateAt(e, s.state)
		s.apply(e)
	}
	return s
}

// stateAt is the state just before an event. The label takes precedence over the folded state. But if labels changed in the same moment,
// nobody knows whether they did so before, and of several events in one moment each continues from the one before it.
func (w reconstruction) stateAt(e eventlog.Event, folded State) State {
	by := func(t time.Time) State {
		return stateOf(issue.Issue{}, w.statesOn(issue.Issue{Labels: w.carried(t)}), Record{})
	}
	earlier := by(e.Posted.Add(-time.Nanosecond))
	if eventlog.Simultaneous(w.applied, e) || earlier == UnknownState || by(e.Posted) == folded {
		return folded
	}
	return earlier
}
