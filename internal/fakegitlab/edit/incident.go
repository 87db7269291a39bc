package edit

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// This file has what only incidents have: severity, status and timeline.

// severities are GitLab's severities: the name, the label in notes, and other words that mean it.
var severities = []struct {
	name, label string
	words       []string
}{
	{"unknown", "Unknown", []string{"0"}},
	{"low", "Low - S4", []string{"s4", "4"}},
	{"medium", "Medium - S3", []string{"s3", "3"}},
	{"high", "High - S2", []string{"s2", "2"}},
	{"critical", "Critical - S1", []string{"s1", "1"}},
}

// SeverityNamed finds a severity by its name, S1 to S4, or 0 to 4, in any letter case.
func SeverityNamed(word string) (name string, ok bool) {
	word = strings.ToLower(word)
	for _, s := range severities {
		if s.name == word || slices.Contains(s.words, word) {
			return s.name, true
		}
	}
	return "", false
}

func severityLabel(name string) string {
	for _, s := range severities {
		if s.name == name {
			return s.label
		}
	}
	return "Unknown"
}

// changeable are the kinds that an issue can have and get.
var changeable = []string{"issue", "incident"}

// kindFaults refuses a change of the kind to or from one that cannot change, or by a user who may not change it. Kinds of
// the paid editions are ignored instead: see saveIncident.
func kindFaults(i *store.Issue, ch Change, by *store.User) []failure.Field {
	kind := ch.Kind.Value
	if !ch.Kind.OK() || kind == i.Kind || !slices.Contains(append(changeable, "task", "ticket"), kind) {
		return nil
	}
	if slices.Contains(changeable, kind) && slices.Contains(changeable, i.Kind) && (ch.Promote || access.MayChangeKind(by, i.Project)) {
		return nil
	}
	name := strings.ToUpper(kind[:1]) + kind[1:]
	return []failure.Field{failure.On("work_item_type_id", "can not be changed to "+name)}
}

// saveIncident sets kind and severity. Only an incident can get a severity.
func saveIncident(s *store.Store, i *store.Issue, ch Change, by *store.User) bool {
	edited := false
	if kind := ch.Kind.Value; ch.Kind.OK() && kind != i.Kind && slices.Contains(changeable, kind) {
		s.SystemNote(i, by, "changed type from "+i.Kind+" to "+kind)
		i.Kind, edited = kind, true
	}
	name := ch.Severity.Value
	if !ch.Severity.OK() || !i.IsIncident() || strings.EqualFold(name, i.Severity()) {
		return edited
	}
	i.AsIncident().Severity = name
	label := severityLabel(name)
	s.SystemNote(i, by, "changed the severity to **"+label+"**")
	recordInTimeline(s, i, by, "severity", "changed the incident severity to **"+label+"**", s.Stamp())
	return true
}

// setState closes or reopens the issue, and reports whether it was in the other state. Closing an incident also resolves
// it.
func setState(s *store.Store, i *store.Issue, closed bool, by *store.User, at time.Time) bool {
	if !s.SetState(i, closed, by, at) {
		return false
	}
	switch {
	case i.IsIncident() && closed:
		resolve(s, i, by, at)
	case i.IsIncident():
		recordInTimeline(s, i, by, "issues", "reopened the incident", at)
	}
	return true
}

func resolve(s *store.Store, i *store.Issue, by *store.User, at time.Time) {
	recordInTimeline(s, i, by, "status", "resolved the incident", at)
	if incident := i.AsIncident(); !incident.Resolved {
		incident.Resolved = true
		s.SystemNote(i, by, "changed the incident status to **Resolved** by closing the incident")
		s.SystemNote(i, by, "changed the incident status to **Resolved**")
		recordInTimeline(s, i, by, "status", "changed the incident status to **Resolved**", at)
	}
}

// OpenIncident records in the timeline of a new incident that it was created. Other issues have no timeline.
func OpenIncident(s *store.Store, i *store.Issue, by *store.User) {
	if i.IsIncident() {
		recordInTimeline(s, i, by, "issues", "created the incident", i.CreatedAt)
	}
}

func recordInTimeline(s *store.Store, i *store.Issue, by *store.User, action, what string, at time.Time) {
	s.AddTimelineEvent(i, &store.TimelineEvent{Note: "@" + by.Username + " " + what, Author: by, Action: action, OccurredAt: at})
}

// TimelineTags are the names of the tags that every project has, in the order of GitLab's lists.
var TimelineTags = []string{"Cause identified", "End time", "Impact detected", "Impact mitigated", "Response initiated", "Start time"}

// maxTimelineNote is the maximum length of a timeline event, in characters.
const maxTimelineNote = 280

// AddTimelineEvent adds a user's event to the timeline of an incident. It returns GitLab's sentence for each fault.
func AddTimelineEvent(
	s *store.Store, i *store.Issue, by *store.User, note string, at time.Time, tags []string,
) (event *store.TimelineEvent, faults []string) {
	known, unknown := sortTags(tags)
	switch {
	case len(unknown) > 0:
		faults = append(faults, "Following tags don't exist: ["+strings.Join(unknown, ", ")+"]")
	case strings.TrimSpace(note) == "":
		faults = append(faults, "Note can't be blank")
	case param.TooLong(note, maxTimelineNote):
		faults = append(faults, "Note is too long (maximum is 280 characters)")
	}
	if len(faults) > 0 {
		return nil, faults
	}
	event = s.AddTimelineEvent(i, &store.TimelineEvent{
		Note: note, Author: by, Action: "comment", Editable: true, OccurredAt: at, Tags: known,
	})
	s.SystemNote(i, by, "added an incident timeline event")
	return event, nil
}

// sortTags returns the tags that exist by their proper names, and the others quoted, in lower case.
func sortTags(tags []string) (known, unknown []string) {
	for _, tag := range tags {
		at := slices.IndexFunc(TimelineTags, func(name string) bool { return strings.EqualFold(name, tag) })
		switch {
		case at < 0:
			unknown = append(unknown, strconv.Quote(strings.ToLower(tag)))
		case !slices.Contains(known, TimelineTags[at]):
			known = append(known, TimelineTags[at])
		}
	}
	slices.Sort(known)
	return known, unknown
}
