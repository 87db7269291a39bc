package change

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/record"
)

// standing is what entries make of a change: where it stands, and what its record says.
type snapshot struct {
	state State
	facts facts
}

// facts are what entries can say of the record.
type facts struct {
	texts    map[string]string
	lists    map[string][]string
	attempts int // 0: not said
}

// The keys that entries write. What automation tells again may replace all it told before.
var (
	textKeys = []string{
		keyExecutor, keyStartedAt, keyFinishedAt, keyAbortedAt, keyOutcome, keyRetryOf, keyEnvironment,
		keyType, keyStage, keyUser, keySource, keyCommit, keyDiff, keyJob, keyMessage,
	}
	listKeys = []string{keyApprovedBy, keyOverrides, keyRelated}
)

// factsOf are those in a record, in its own spelling.
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

// edits are what makes one record of another.
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

// add puts an item at the end of a list that does not have it.
func (f facts) add(key string, items ...string) {
	for _, item := range items {
		if item = strings.TrimSpace(item); item != "" && !slices.Contains(f.lists[key], item) {
			f.lists[key] = append(f.lists[key], item)
		}
	}
}

// fold carries entries out, in the order of their comments, on what a change was before them.
func (s snapshot) fold(entries []eventlog.Event) snapshot {
	s.facts = s.facts.clone()
	for _, e := range entries {
		s.apply(e)
	}
	return s
}

// take carries out one entry. A verb that is not possible at its place leaves state and times as they are: two people may have told
// different things at once. One that leads to the state in which the change is already corrects its time.
func (s *snapshot) apply(e eventlog.Event) {
	to, counts := transition(s.state, e)
	if counts {
		s.state = to
	}
	f := s.facts
	f.add(keyRelated, strings.Split(e.Fields[keyRelated], ",")...)
	f.set(keyRetryOf, e.Fields[keyRetryOf])
	f.override(e)
	if Verb(e.Verb) == Start { // also where it comes too late: whoever the plan named is not known any more
		f.set(keyExecutor, userName(e.Fields[keyExecutor]))
	}
	at := record.FormatTime(e.At)
	switch verb := Verb(e.Verb); {
	case verb == Approve:
		if name := userName(e.Author); !among(f.lists[keyApprovedBy], name) {
			f.add(keyApprovedBy, name)
		}
	case verb == Recorded:
		s.facts.record(e)
	case !counts:
	case verb == Start:
		f.set(keyStartedAt, at)
	case verb == Finish:
		f.set(keyFinishedAt, at)
		f.outcome(e, Success)
	case verb == Abort:
		f.set(keyAbortedAt, at)
		f.outcome(e, UnknownOutcome)
	}
}

// set sets a text that is said.
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

// override notes who set aside what stood against a change, when and why.
func (f facts) override(e eventlog.Event) {
	why := e.Fields[FieldOverride]
	if why == "" && Verb(e.Verb) == Override {
		why = e.Text
	}
	if why = strings.Join(strings.Fields(why), " "); why != "" {
		f.add(keyOverrides, record.FormatTime(e.At)+" "+userName(e.Author)+": "+why)
	}
}

// record takes what automation tells again, of another attempt.
func (f *facts) record(e eventlog.Event) {
	f.attempts = max(f.attempts, 1) + 1
	f.set(keyFinishedAt, record.FormatTime(e.At))
	for _, key := range textKeys {
		value := strings.TrimSpace(e.Fields[key])
		switch key {
		case keyOutcome:
			f.outcome(e, UnknownOutcome)
			continue
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

// moved is the state after an entry, and whether the entry counts there. Whether approvals and checks allowed it was judged by who wrote
// it.
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

// joined is what a change becomes by fresh entries. now is what the issue says, with people's edits in it;
// of the settled entries all is in it already.
//
// Where the fresh ones are newer than all settled ones, they go on from now. GitLab may show a comment a moment after one with a higher
// number. Then the whole is folded again in the order of comments, and what differs by the late ones is changed;
// all else stays as people have it.
func merge(now snapshot, settled, fresh []eventlog.Event) snapshot {
	out := now.fold(fresh)
	if !eventlog.Late(settled, fresh) {
		return out
	}
	begin, explained := initialState(settled, now.state)
	before, after := snapshot{state: begin}.fold(settled), snapshot{state: begin}.fold(eventlog.Merged(settled, fresh))
	if explained {
		out.state = after.state
	}
	for _, key := range textKeys {
		out.facts.texts[key] = now.facts.texts[key]
		if after.facts.texts[key] != before.facts.texts[key] {
			out.facts.texts[key] = after.facts.texts[key]
		}
	}
	return out
}

// beginning is the state before all entries, from which they lead to the state in which the change is. None does when a person has set it.
func initialState(settled []eventlog.Event, to State) (State, bool) {
	for _, begin := range append([]State{Scheduled, UnknownState}, States()...) {
		if (snapshot{state: begin}).fold(settled).state == to {
			return begin, true
		}
	}
	return Scheduled, false
}
