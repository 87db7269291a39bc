package change

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/record"
)

// snapshot is the state of a change and the facts of its record.
type snapshot struct {
	state State
	facts facts
}

// facts are the values of the record that events can write.
type facts struct {
	texts    map[string]string
	lists    map[string][]string
	attempts int // 0: unknown
}

// The keys that events write. A further attempt by automation may replace any of them.
var (
	textKeys = []string{
		keyStartedBy, keyStartedAt, keyFinishedAt, keyAbortedAt, keyOutcome, keyRetryOf, keyEnvironment,
		keyType, keyStage, keyUser, keySource, keyCommit, keyDiff, keyJob, keyJobID, keyPipeline, keyMessage, keyRecordedBy,
	}
	listKeys = []string{keyApprovedBy, keyOverrides, keyRelated, keyServices, keyAttemptIDs}
)

// factsOf returns the facts in a record, in its own spelling.
func factsOf(b record.Block) facts {
	r := reader{block: b}
	f := facts{texts: map[string]string{}, lists: map[string][]string{}}
	for _, key := range textKeys {
		f.texts[key] = r.text(key)
	}
	for _, key := range listKeys {
		f.lists[key] = r.list(key)
	}
	read(&r, keyAttempts, &f.attempts, attempts)
	return f
}

// edits returns the edits that turn the old facts into these.
func (f facts) edits(old facts) []record.Edit {
	var list []record.Edit
	for _, key := range textKeys {
		switch text := f.texts[key]; {
		case text == old.texts[key]:
		case text == "":
			list = append(list, record.Delete(key))
		default:
			list = append(list, record.Set(key, text))
		}
	}
	if f.attempts != old.attempts {
		list = append(list, record.Set(keyAttempts, strconv.Itoa(f.attempts)))
	}
	for _, key := range listKeys {
		if !slices.Equal(f.lists[key], old.lists[key]) {
			list = append(list, record.SetList(key, f.lists[key]))
		}
	}
	return list
}

func (f facts) clone() facts {
	out := facts{texts: map[string]string{}, lists: map[string][]string{}, attempts: f.attempts}
	maps.Copy(out.texts, f.texts)
	for key, list := range f.lists {
		out.lists[key] = slices.Clone(list)
	}
	return out
}

// add appends items that are not in the list.
func (f facts) add(key string, items ...string) {
	for _, item := range items {
		if item = strings.TrimSpace(item); item != "" && !slices.Contains(f.lists[key], item) {
			f.lists[key] = append(f.lists[key], item)
		}
	}
}

// fold applies events to a snapshot, in the order of their comments.
func (s snapshot) fold(events []eventlog.Event) snapshot {
	s.facts = s.facts.clone()
	for _, e := range events {
		s.apply(e)
	}
	return s
}

// apply applies one event. Its time counts in every state. A verb that is not possible in the current state changes neither the state nor
// the outcome: two people may have recorded different events at once. A verb that leads to the current state corrects its time.
func (s *snapshot) apply(e eventlog.Event) {
	to, counts := transition(s.state, e)
	if counts {
		s.state = to
	}
	f := s.facts
	f.add(keyRelated, strings.Split(e.Fields[keyRelated], ",")...)
	f.set(keyRetryOf, e.Fields[keyRetryOf])
	f.override(e)
	if Verb(e.Verb) == Start { // even if it comes too late: whoever starts a change carries it out
		f.set(keyStartedBy, userName(e.Fields[keyExecutor]))
	}
	at := record.FormatTime(e.At)
	switch verb := Verb(e.Verb); {
	case verb == Approve:
		if name := userName(e.Author); !among(f.lists[keyApprovedBy], name) {
			f.add(keyApprovedBy, name)
		}
	case verb == Recorded:
		s.facts.record(e)
	case verb == Start:
		f.set(keyStartedAt, at)
	case verb == Finish:
		f.set(keyFinishedAt, at)
	case verb == Abort:
		f.set(keyAbortedAt, at)
	}
	switch verb := Verb(e.Verb); {
	case verb == Finish && counts:
		f.outcome(e, Success)
	case verb == Abort && counts:
		f.outcome(e, UnknownOutcome)
	}
}

// set replaces a text, unless the value is empty.
func (f facts) set(key, value string) {
	if value = strings.TrimSpace(value); value != "" {
		f.texts[key] = value
	}
}

func (f facts) outcome(e eventlog.Event, otherwise Outcome) {
	o, err := ParseOutcome(e.Fields[keyOutcome])
	if err != nil {
		o = otherwise
	}
	f.set(keyOutcome, string(o))
}

// override records who overrode the checks, when and why.
func (f facts) override(e eventlog.Event) {
	reason := e.Fields[FieldOverride]
	if reason == "" && Verb(e.Verb) == Override {
		reason = e.Text
	}
	if reason = strings.Join(strings.Fields(reason), " "); reason != "" {
		f.add(keyOverrides, record.FormatTime(e.At)+" "+userName(e.Author)+": "+reason)
	}
}

// record applies a further attempt by automation. The last one to start counts, not the last one to arrive; what one job reports after a
// failure does not undo it.
func (f *facts) record(e eventlog.Event) {
	same, outcome := f.sameJob(e), f.texts[keyOutcome]
	id := e.Fields[fieldAttempt]
	if !again(e) && (id == "" || !slices.Contains(f.lists[keyAttemptIDs], id)) {
		f.attempts = max(f.attempts, 1) + 1
	}
	f.add(keyAttemptIDs, id)
	f.add(keyServices, strings.Split(e.Fields[keyServices], ",")...)
	if f.startsAfter(e) {
		return
	}
	f.replace(e)
	if same && outcome == string(Failure) {
		f.set(keyOutcome, outcome)
	}
}

// again reports whether a job that is in the record reports something else.
func again(e eventlog.Event) bool { return e.Fields[fieldSameJob] == "true" }

// replace sets the values of an attempt. Who recorded it is known from GitLab.
func (f facts) replace(e eventlog.Event) {
	f.set(keyFinishedAt, record.FormatTime(e.At))
	for _, key := range textKeys {
		value := strings.TrimSpace(e.Fields[key])
		switch key {
		case keyOutcome:
			f.outcome(e, UnknownOutcome)
			continue
		case keyRecordedBy:
			value = userName(e.Author)
		case keyStartedAt, keyFinishedAt, keyAbortedAt:
			t, err := record.ParseTime(value, e.At)
			if err != nil {
				continue
			}
			value = record.FormatTime(t)
		}
		f.set(key, value)
	}
}

// sameJob reports whether an attempt is of the job that is in the record.
func (f facts) sameJob(e eventlog.Event) bool {
	job := jobOf(e.Fields[keyJobID], e.Fields[keyJob])
	return job != "" && job == jobOf(f.texts[keyJobID], f.texts[keyJob])
}

// startsAfter reports whether the attempt in the record is known to have started after another one.
func (f facts) startsAfter(e eventlog.Event) bool {
	own, err := record.ParseTime(f.texts[keyStartedAt], e.At)
	other, errOther := record.ParseTime(e.Fields[keyStartedAt], e.At)
	return err == nil && errOther == nil && other.Before(own)
}

// transition returns the state after an event, and whether the event counts in the state before. Approvals and checks were judged by the
// writer of the event.
func transition(from State, e eventlog.Event) (State, bool) {
	waiting := from == Scheduled || from == UnknownState
	switch Verb(e.Verb) {
	case Approve:
		if waiting && e.Fields[FieldEnough] == "true" {
			return Approved, true
		}
	case Start:
		return InProgress, !from.Over()
	case Finish:
		return Complete, from == InProgress || from == UnknownState || from == Complete
	case Abort:
		return Aborted, from != Complete
	}
	return from, true
}

// merge applies pending events to the observed snapshot, which has people's edits and all recorded events in it.
//
// Pending events that are newer than all recorded ones are applied to the observed snapshot. But GitLab may show a comment a moment after
// one with a higher number. Then all events are folded again in the order of their comments, and the difference that the late ones make is
// applied; people's edits stay.
func merge(observed snapshot, recorded, pending []eventlog.Event) snapshot {
	out := observed.fold(pending)
	if !eventlog.Late(recorded, pending) {
		return out
	}
	begin, explained := initialState(recorded, observed.state)
	before, after := snapshot{state: begin}.fold(recorded), snapshot{state: begin}.fold(eventlog.Merged(recorded, pending))
	if explained {
		out.state = after.state
	}
	for _, key := range textKeys {
		out.facts.texts[key] = observed.facts.texts[key]
		if after.facts.texts[key] != before.facts.texts[key] {
			out.facts.texts[key] = after.facts.texts[key]
		}
	}
	return out
}

// initialState returns the state from which the recorded events lead to the current one. There is none if a person has set the state.
func initialState(recorded []eventlog.Event, to State) (State, bool) {
	for _, begin := range append([]State{Scheduled, UnknownState}, States()...) {
		if (snapshot{state: begin}).fold(recorded).state == to {
			return begin, true
		}
	}
	return Scheduled, false
}
