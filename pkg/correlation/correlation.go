// Package correlation ranks what changed in production before an incident began: changes, records by automation, and deployments.
//
// Start with [Rank]. A high rank is a reason to look first, and never a claim about the cause. Nothing is fetched here, and the rules of
// changes and incidents themselves are in pkg/change and pkg/incident.
package correlation

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/deployment"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// Kind is what an item is.
type Kind string

// The kinds of items.
const (
	Change     Kind = "change"
	Deployment Kind = "deployment"
)

// Item is something that changed production, or may have. Its times are zero if they are unknown.
type Item struct {
	Kind       Kind
	Change     change.Change         // of a Change
	Deployment deployment.Deployment // of a Deployment, and of a Change that recorded one
	Services   []string              // none: unknown
	From, To   time.Time
	Open       bool // it has not ended
	Planned    bool // From and To are its planned window, because nobody recorded a start
	Attempts   int  // From and To are those of the first of so many attempts; 0: of the only or latest one
}

// Ref names the item, and orders items that are equal otherwise.
func (i Item) Ref() string {
	if i.Kind == Change {
		return i.Change.Issue.Ref.String()
	}
	return i.Deployment.String()
}

// Match is how the services of an item fit those of the incident.
type Match string

// The matches, in the order of their rank.
const (
	Shared  Match = "shared"
	Unknown Match = "unknown" // the incident or the item names no service
	Other   Match = "other"
)

// Timing is where an item is in time, compared with the start of the incident.
type Timing string

// The timings, in the order of their rank.
const (
	During  Timing = "in-progress" // it began in the period and had not ended
	Ended   Timing = "ended"       // it ended in the period
	Since   Timing = "since"       // it began before the period and had not ended
	Planned Timing = "planned"     // its planned window overlaps the period
	Undated Timing = "undated"     // it is in progress, and nobody recorded since when
)

// Ranked is an item with the reasons for its rank.
type Ranked struct {
	Item
	Match    Match
	Matching []string // the services that item and incident share, or else those of the item
	Timing   Timing
	Away     time.Duration // from its end, or else its start, to the start of the incident, in whole minutes
}

// Period is the time before an incident in which changes are of interest.
type Period struct {
	Began  time.Time // when the incident began
	Before time.Duration
}

// From returns the beginning of the period.
func (p Period) From() time.Time { return p.Began.Add(-p.Before) }

// Result holds the ranked items, and those that cannot be ranked.
type Result struct {
	Ranked  []Ranked
	Unknown []Item // over, but nobody recorded when
}

// Rank returns the items that may have to do with an incident of these services, the most likely first: those that share a service before
// those without one, and these before others; then those that were in progress before those that ended, and the closest first. Items that
// began later, or ended before the period, are left out. Seconds do not count, because people record minutes.
func Rank(p Period, services []string, items []Item) (out Result) {
	for _, i := range items {
		r := Ranked{Item: i}
		var inside bool
		if r.Timing, r.Away, inside = p.timing(i); !inside {
			if i.undated() {
				out.Unknown = append(out.Unknown, i)
			}
			continue
		}
		r.Match, r.Matching = match(services, i.Services)
		out.Ranked = append(out.Ranked, r)
	}
	stable.Sort(out.Ranked, compare)
	stable.Sort(out.Unknown, func(a, b Item) int { return order(a, b) })
	return out
}

func compare(a, b Ranked) int {
	return cmp.Or(cmp.Compare(a.Match.rank(), b.Match.rank()), cmp.Compare(a.Timing.rank(), b.Timing.rank()), cmp.Compare(a.Away, b.Away),
		order(a.Item, b.Item))
}

// order is any order that does not depend on that of the input: changes first, each kind by project and number.
func order(a, b Item) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind),
		strings.Compare(a.Change.Issue.Ref.Project, b.Change.Issue.Ref.Project),
		cmp.Compare(a.Change.Issue.Ref.IID, b.Change.Issue.Ref.IID),
		strings.Compare(a.Deployment.Project, b.Deployment.Project), cmp.Compare(a.Deployment.IID, b.Deployment.IID),
		cmp.Compare(a.Deployment.ID, b.Deployment.ID))
}

func (m Match) rank() int { return slices.Index([]Match{Shared, Unknown, Other}, m) }

func (t Timing) rank() int { return slices.Index([]Timing{During, Ended, Since, Planned, Undated}, t) }

// undated reports whether an item is over although no time of it is known.
func (i Item) undated() bool { return i.From.IsZero() && i.To.IsZero() && !i.Open && !i.Planned }

// timing compares an item with the period. inside is false for an item that is not of interest.
func (p Period) timing(i Item) (t Timing, away time.Duration, inside bool) {
	began, from, to := minute(p.Began), minute(i.From), minute(i.To)
	if !to.IsZero() && to.Before(from) {
		to = from
	}
	ended := !to.IsZero() && !to.After(began)
	switch begins := minute(p.From()); {
	case from.IsZero() && to.IsZero():
		return Undated, 0, i.Open
	case from.After(began), from.IsZero() && !ended, ended && to.Before(begins):
		return "", 0, false
	case i.Planned && ended:
		return Planned, began.Sub(to), true
	case i.Planned:
		return Planned, 0, true
	case ended:
		return Ended, began.Sub(to), true
	case from.Before(begins):
		return Since, began.Sub(from), true
	}
	return During, began.Sub(from), true
}

func minute(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.UTC().Truncate(time.Minute)
}

// match compares the services of an incident with those of an item. Upper and lower case do not matter.
func match(incident, item []string) (Match, []string) {
	if len(incident) == 0 || len(item) == 0 {
		return Unknown, nil
	}
	var shared []string
	for _, s := range incident {
		if slices.ContainsFunc(item, func(other string) bool { return strings.EqualFold(s, other) }) {
			shared = append(shared, s)
		}
	}
	if len(shared) > 0 {
		return Shared, shared
	}
	return Other, item
}
