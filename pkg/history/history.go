// Package history gives an issue as it was at an earlier moment, from what GitLab still knows:
// label, state and milestone events, its own remarks under the issue, and the comments that hold what was told of an incident or a change.
//
// Start with [Issue] and [Notes]. What cannot be rebuilt is as it is now, or empty, and said. Half open as everywhere:
// what happened exactly at the moment has happened. Nothing is fetched here and the clock is not asked;
// which issues there were is up to the caller, since GitLab forgets those that were deleted.
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
)

// History is what GitLab knows of how an issue became what it is. Events are all there are, in the order in which GitLab sends them,
// which is that in which things happened, also within one moment.
type History struct {
	Notes      []issue.Note  // GitLab's own remarks among them; Trusted set for those that hold an entry
	Labels     []issue.Event // add, remove
	States     []issue.Event // closed, reopened
	Milestones []issue.Event // add, remove; nil where they were not asked for: then the milestone stays

	// The team's labels. By them label events tell what an incident's record said when it was opened, and in which order things were told.
	Incident incident.Labels
	Change   change.Labels
}

// Issue is an issue as it was at a moment. existed is false when it was opened later.
// unknown are sentences that name the issue, each about one thing that could not be rebuilt, always in one order.
//
// Rebuilt are labels, state, title, assignees, milestone, due date, confidentiality, and what the record of an incident or change said.
// The user numbers of people who are not assigned any more are not known. What is confidential now stays confidential, whatever it was.
// As they are now are the weight and, of the description, all but the record.
// What reports do not tell of a record, such as who was to carry a change out, may be missing.
func Issue(now issue.Issue, h History, at time.Time) (was issue.Issue, existed bool, unknown []string) {
	if now.CreatedAt.After(at) {
		return issue.Issue{}, false, nil
	}
	h.Notes = slices.SortedStableFunc(slices.Values(h.Notes), func(a, b issue.Note) int { return cmp.Compare(a.ID, b.ID) })
	r := reconstruction{History: h, at: at, now: now, past: now}
	for _, step := range []func(){r.labels, r.state, r.title, r.assignees, r.confidentiality, r.milestone, r.due, r.moved, r.description,
		r.comments, r.updated} {
		step()
	}
	return r.past, true, r.unknown
}

// rebuilding is one call of Issue.
type reconstruction struct {
	History
	at       time.Time
	now, past issue.Issue
	unknown  []string
}

func (r *reconstruction) addUnknown(format string, args ...any) {
	r.unknown = append(r.unknown, r.now.Ref.String()+": "+fmt.Sprintf(format, args...))
}

// later reports whether something had not happened yet.
func (r *reconstruction) later(t time.Time) bool { return t.After(r.at) }

// description takes what was told later out of the record.
func (r *reconstruction) description() {
	carried := func(t time.Time) []string { return labelsAt(r.now.Labels, r.Labels, t) }
	var keys []string
	i := r.now
	i.Description, keys = incident.AsOf(i, r.Notes, r.Incident, carried, r.at)
	r.unknownRecordKeys(keys)
	i.Description, keys = change.AsOf(i, r.Notes, r.Change, carried, r.at)
	r.unknownRecordKeys(keys)
	r.past.Description = i.Description
	byHand := slices.ContainsFunc(eventlog.ManualEdits(r.Notes), func(n issue.Note) bool { return r.later(n.CreatedAt) })
	if byHand && (incident.Read(i.Description, i.CreatedAt).Exists || change.Read(i.Description, i.CreatedAt).Exists) {
		r.addUnknown("its description was edited by hand since: what its record says may be of now")
	}
}

// told are the keys of a record that reports tell of. Others are empty without a word where they are not known.
var reportedKeys = []string{incident.KeyStarted, incident.KeyMitigated, incident.KeyResolved, incident.KeySeverity, incident.KeyServices,
	incident.KeyDataLoss, "finished_at", "aborted_at", "outcome"}

// record says what a record said and is not known.
func (r *reconstruction) unknownRecordKeys(keys []string) {
	keys = slices.DeleteFunc(keys, func(key string) bool { return !slices.Contains(reportedKeys, key) })
	if len(keys) > 0 {
		r.addUnknown("what its record said then of %s is not known", strings.Join(keys, ", "))
	}
}

// comments says when the words of comments are not those of then.
func (r *reconstruction) comments() {
	if _, edited := Notes(r.Notes, r.at); edited > 0 {
		r.addUnknown("a comment was edited since: its words are those of now")
	}
}

// updated is when the last thing happened of which GitLab keeps the time.
func (r *reconstruction) updated() {
	if !r.later(r.now.UpdatedAt) {
		return
	}
	last := r.now.CreatedAt
	take := func(t time.Time) {
		if !r.later(t) && t.After(last) {
			last = t
		}
	}
	for _, n := range r.Notes {
		take(n.CreatedAt)
	}
	for _, e := range slices.Concat(r.Labels, r.States, r.Milestones) {
		take(e.At)
	}
	r.past.UpdatedAt = last
}

// editAge is how much later than its creation a comment was changed to have been edited:
// GitLab's two times of a new one may differ by a little.
const editAge = time.Second

// Notes are the comments that were there at a moment, with GitLab's remarks, in the given order.
// edited is how many comments of people were edited since: their words are those of now. Comments that were deleted since are not known.
func Notes(notes []issue.Note, at time.Time) (then []issue.Note, edited int) {
	for _, n := range notes {
		if n.CreatedAt.After(at) {
			continue
		}
		then = append(then, n)
		if !n.System && n.UpdatedAt.After(at) && n.UpdatedAt.Sub(n.CreatedAt) >= editAge {
			edited++
		}
	}
	return then, edited
}
