package budget

import (
	"fmt"
	"math/big"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/evidence"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// The sources of times in addition to those of pkg/evidence.
const (
	FromOpening evidence.Source = "opened"  // the issue was opened: the start of a duration whose place nobody recorded
	FromNow     evidence.Source = "ongoing" // the incident is active, so it counts up to now
)

// Outage is the downtime of one incident, with the evidence of both ends.
type Outage struct {
	Issue    issue.Issue
	Severity incident.Severity
	State    incident.State
	Services []string
	Team     string          // of a line in the text; used if the services have no team
	From, To evidence.Moment // unknown if Why is set
	Impact   *big.Rat        // from 0 to 1; nil: unknown, which counts as 1
	Why      string          // why the duration is unknown; empty: it is known
	Note     string          // what contradicts the evidence that is used
	Last     time.Time       // for an unknown duration: when the incident was over at the latest; zero: unknown
	Lacks    bool            // label events may supply an end that is missing
}

// Known reports whether the duration is known.
func (o Outage) Known() bool { return o.Why == "" }

// Ref returns the reference of the issue.
func (o Outage) Ref() string { return o.Issue.Ref.String() }

// MayNeedEvents reports whether label events may supply an end that the description lacks, of an outage that may be in the window.
func (o Outage) MayNeedEvents(w Window) bool {
	return o.Lacks && (o.Last.IsZero() || o.Last.After(w.From))
}

// OutageOf finds when an incident began and ended to affect users. For each end the record counts, then the text of the description, then
// label events, which may be nil. The end is the mitigation, else the resolution; an active incident has not ended by now. A line with a
// number of minutes runs from the start, else up to the end, else from when the issue was opened. They are over by now, so such minutes
// begin earlier if the issue is younger than they are long.
func OutageOf(i incident.Incident, l incident.Labels, events []issue.Event, now time.Time) Outage {
	text := evidence.LinesOf(i)
	f := finding{Incident: i, times: evidence.Of(i, l, nil), text: text, labels: l, now: now}
	o := Outage{Issue: i.Issue, Severity: i.Severity, State: i.State, Services: i.Services, Impact: impact(i.Record)}
	if len(o.Services) == 0 {
		o.Services, o.Team = text.Services, text.Team
	}
	o.From, o.To = f.ends()
	if lacking := f.lacking(o); lacking && events != nil { // without a gap, events change nothing: they may have been read or not
		f.times, f.events = evidence.Of(i, l, events), events
		o.From, o.To = f.ends()
	} else {
		o.Lacks = lacking
	}
	o.From.At, o.To.At = o.From.At.Truncate(time.Second), o.To.At.Truncate(time.Second) // GitLab's own times have more digits than meaning
	switch {
	case i.Issue.MovedToID != 0 && (!o.To.Known() || o.To.From == FromNow):
		o.Why = "moved to another project"
	case !o.From.Known() && !o.To.Known():
		o.Why = "start and end unknown"
	case !o.From.Known():
		o.Why = "start unknown"
	case !o.To.Known():
		o.Why = "end unknown"
	case o.To.At.Before(o.From.At):
		o.Why = "ends before it starts"
	default:
		o.Note = f.contradiction(o)
		return o
	}
	o.Last = o.To.At
	if o.Last.IsZero() && !i.Issue.Open() && i.State != incident.Active {
		o.Last = i.Issue.ClosedAt.UTC()
	}
	return o
}

// impact returns the recorded share of affected users.
func impact(r incident.Record) *big.Rat {
	if r.Impact == nil {
		return nil
	}
	share, ok := new(big.Rat).SetString(*r.Impact)
	if !ok {
		return nil
	}
	return share
}

// finding finds the ends of an outage.
type finding struct {
	incident.Incident
	times  evidence.Times
	text   evidence.Lines
	labels incident.Labels
	events []issue.Event
	now    time.Time
}

func (f finding) ends() (from, to evidence.Moment) {
	inRecord := func(m evidence.Moment) evidence.Moment { return only(m, evidence.FromRecord) }
	inTimeline := func(m evidence.Moment) evidence.Moment { return only(m, evidence.FromTimeline) }
	from = first(inRecord(f.times.Started), inText(f.text.From), inTimeline(f.times.Started))
	active := evidence.Moment{}
	if f.State == incident.Active {
		active = evidence.Moment{At: f.now.UTC(), From: FromNow}
	}
	to = first(active, inRecord(f.times.Mitigated), inRecord(f.times.Resolved), inText(f.text.To), after(from, f.text.Minutes),
		inTimeline(f.times.Mitigated), inTimeline(f.times.Resolved))
	if from.Known() && to.Known() {
		return from, to
	}
	back := func() bool { return f.text.Minutes != nil && !from.Known() && to.Known() && to.From != FromNow }
	if back() {
		return inText(to.At.Add(-*f.text.Minutes)), to
	}
	from = first(from, evidence.StartByLabel(f.Incident, f.labels, f.events), only(f.times.Started, evidence.FromGitLab))
	to = first(to, after(from, f.text.Minutes), only(f.times.Mitigated, evidence.FromLabel), only(f.times.Resolved, evidence.FromLabel),
		only(f.times.Resolved, evidence.FromGitLab))
	switch {
	case back():
		from = inText(to.At.Add(-*f.text.Minutes))
	case f.text.Minutes != nil && !from.Known() && f.State != incident.Active:
		from = evidence.Moment{At: calendar.Earlier(f.Issue.CreatedAt.UTC(), f.now.UTC().Add(-*f.text.Minutes)), From: FromOpening}
		to = after(from, f.text.Minutes)
	}
	return from, to
}

// lacking reports whether label events may supply an end: each such incident costs a request, so a start alone is not worth it.
func (f finding) lacking(o Outage) bool {
	ended := f.State == incident.Mitigated || f.State.Over()
	return ended && (!o.To.Known() || o.From.From == FromOpening)
}

// contradiction returns how the lines of the text differ from the evidence that is used.
func (f finding) contradiction(o Outage) string {
	if d := f.text.Minutes; d != nil && o.From.From != evidence.FromText && o.To.From != evidence.FromText && o.To.From != FromNow &&
		*d != o.To.At.Sub(o.From.At).Truncate(time.Minute) {
		return fmt.Sprintf("the text has %s minutes", Decimal(minutes(*d)))
	}
	return ""
}

func first(list ...evidence.Moment) evidence.Moment {
	for _, m := range list {
		if m.Known() {
			return m
		}
	}
	return evidence.Moment{}
}

// only returns a moment if it has the source.
func only(m evidence.Moment, from evidence.Source) evidence.Moment {
	if m.From != from {
		return evidence.Moment{}
	}
	return m
}

func inText(t time.Time) evidence.Moment {
	if t.IsZero() {
		return evidence.Moment{}
	}
	return evidence.Moment{At: t.UTC(), From: evidence.FromText}
}

// after returns the end of a duration.
func after(from evidence.Moment, d *time.Duration) evidence.Moment {
	if !from.Known() || d == nil {
		return evidence.Moment{}
	}
	return inText(from.At.Add(*d))
}

// Within reports whether an outage of known duration lies in the part of a window that is over, at least in part.
func (o Outage) Within(w Window) bool {
	return o.Known() && len((spans{{o.From.At, o.To.At}}).merged().and(w.known())) > 0
}
