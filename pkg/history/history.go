// Package history rebuilds an issue as it was at an earlier point in time, from what GitLab still has: label, state and milestone events,
// its system notes, and the comments that hold the events of an incident or a change.
//
// Start with [Issue] and [Notes]. What cannot be rebuilt keeps its current value or is empty, and is reported as unknown. An event at
// exactly that time is included. Requests and clocks do not belong here; the caller decides which issues existed, since GitLab
// does not keep deleted ones.
package history

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// History is what GitLab has recorded about an issue. All events are needed, in the order in which GitLab returns them: that is the order
// in which things happened, also within the same second.
type History struct {
	Notes      []issue.Note  // including system notes; Trusted set on those that hold an event
	Labels     []issue.Event // add, remove
	States     []issue.Event // closed, reopened
	Milestones []issue.Event // add, remove; nil if not read: then the milestone is kept

	// The team's labels. With them, label events show the initial record of an incident and the order of its events.
	Incident incident.Labels
	Change   change.Labels
}

// Issue returns an issue as it was at a point in time. existed is false if it was opened later. unknown lists what could not be rebuilt,
// one sentence each, in a fixed order.
//
// It rebuilds labels, state, title, assignees, milestone, due date, confidentiality, and the record of an incident or change. The user IDs
// of former assignees are unknown. What is confidential now stays confidential, whatever it was. The weight, and the description except for
// the record, keep their current values. Parts of a record that no report shows, such as the executor of a change, may be missing.
func Issue(now issue.Issue, h History, at time.Time) (past issue.Issue, existed bool, unknown []string) {
	if now.CreatedAt.After(at) {
		return issue.Issue{}, false, nil
	}
	h.Notes = stable.Sorted(h.Notes, func(a, b issue.Note) int { return cmp.Compare(a.ID, b.ID) })
	r := reconstruction{History: h, at: at, now: now, past: now}
	for _, step := range []func(){r.labels, r.state, r.title, r.assignees, r.confidentiality, r.milestone, r.incident, r.due,
		r.moved, r.description, r.comments, r.updated} {
		step()
	}
	return r.past, true, r.unknown
}

// reconstruction is the state of one call of Issue.
type reconstruction struct {
	History
	at        time.Time
	now, past issue.Issue
	unknown   []string
}

func (r *reconstruction) addUnknown(format string, args ...any) {
	r.unknown = append(r.unknown, r.now.Ref.String()+": "+fmt.Sprintf(format, args...))
}

// later reports whether something had not happened yet at the time.
func (r *reconstruction) later(t time.Time) bool { return t.After(r.at) }

// description removes later events from the record.
func (r *reconstruction) description() {
	labelled := func(t time.Time) []string { return labelsAt(r.now.Labels, r.Labels, t) }
	var keys []string
	i := r.now
	i.Description, keys = incident.AsOf(i, r.Notes, r.Incident, labelled, r.at)
	r.unknownRecordKeys(keys)
	i.Description, keys = change.AsOf(i, r.Notes, r.Change, labelled, r.at)
	r.unknownRecordKeys(keys)
	r.past.Description = i.Description
	edited := slices.ContainsFunc(eventlog.ManualEdits(r.Notes), func(n issue.Note) bool { return r.later(n.CreatedAt) })
	if edited && (incident.Read(i.Description, i.CreatedAt).Exists || change.Read(i.Description, i.CreatedAt).Exists) {
		r.addUnknown("description edited by hand later: the record may show current values")
	}
}

// reportedKeys are the record keys that reports show. Other keys are left empty without a message if they are unknown.
var reportedKeys = []string{incident.KeyStarted, incident.KeyMitigated, incident.KeyResolved, incident.KeySeverity, incident.KeyServices,
	incident.KeyDataLoss, "finished_at", "aborted_at", "outcome"}

// unknownRecordKeys reports the record keys whose value is unknown.
func (r *reconstruction) unknownRecordKeys(keys []string) {
	keys = slices.DeleteFunc(keys, func(key string) bool { return !slices.Contains(reportedKeys, key) })
	if len(keys) > 0 {
		r.addUnknown("record values unknown: %s", strings.Join(keys, ", "))
	}
}

// comments reports comments that were edited later.
func (r *reconstruction) comments() {
	if _, edited := Notes(r.Notes, r.at); edited > 0 {
		r.addUnknown("a comment was edited later: its current text is used")
	}
}

// updated restores the time of the last update, as far as GitLab has recorded it.
func (r *reconstruction) updated() {
	if !r.later(r.now.UpdatedAt) {
		return
	}
	last := r.now.CreatedAt
	add := func(t time.Time) {
		if !r.later(t) && t.After(last) {
			last = t
		}
	}
	for _, n := range r.Notes {
		add(n.CreatedAt)
	}
	for _, e := range slices.Concat(r.Labels, r.States, r.Milestones) {
		add(e.At)
	}
	r.past.UpdatedAt = last
}

// editAge is the minimum time between the creation and an edit of a comment: GitLab's two timestamps of a new comment may differ slightly.
const editAge = time.Second

// Notes returns the comments and system notes that existed at a point in time, in the given order. edited is the number of comments by
// people that were edited later: they have their current text. Comments that were deleted later are missing.
func Notes(notes []issue.Note, at time.Time) (existing []issue.Note, edited int) {
	for _, n := range notes {
		if n.CreatedAt.After(at) {
			continue
		}
		existing = append(existing, n)
		if !n.System && n.UpdatedAt.After(at) && n.UpdatedAt.Sub(n.CreatedAt) >= editAge {
			edited++
		}
	}
	return existing, edited
}
