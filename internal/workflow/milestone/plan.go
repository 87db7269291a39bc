package milestone

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/forecast"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/planning"
)

// Session is `milestone plan`: what a team can plan for a timebox, and what it has planned.
type Session struct {
	Timeboxes
	Events  EventReader
	Team    planning.Team
	Share   int // percent of the likely output that is for scheduled work
	Labels  planning.Labels
	Today   calendar.Date
	Current bool // of the Current Milestone; otherwise of the next one
	Last    int  // finished timeboxes to learn from
	Days    *int // available person-days; nil: by holidays and absences
}

// Outlook is the result of a planning session.
type Outlook struct {
	Milestone milestone.Milestone // without an id: it does not exist
	Capacity  planning.Capacity
	Room      planning.Room
	Findings  []planning.Finding
	Goals     []issue.Issue
	Unknown   bool // how often issues were carried over is unknown: this GitLab has no milestone events
}

// Outlook takes one request for the milestones, one per 100 issues of the timebox and of each finished one, and one for each open issue in
// the timebox that was carried over.
func (s Session) Outlook(ctx context.Context) (Outlook, error) {
	all, err := s.milestones(ctx, false)
	if err != nil {
		return Outlook{}, err
	}
	out, obs, err := s.room(ctx, all)
	if err != nil || out.Milestone.ID == 0 {
		return out, err
	}
	in := obs.Issues[out.Milestone.ID]
	carried, unknown, err := s.carried(ctx, in, obs.Milestones)
	out.Goals, out.Unknown = planning.Goals(in, s.Labels), unknown
	out.Findings = planning.Check(in, s.Labels, func(i issue.Issue) int { return carried[i.Ref] })
	return out, err
}

// NoMilestone is the sentence for a milestone that does not exist.
func (s Session) NoMilestone() string {
	name := s.Rules.Names.Next
	if s.Current {
		name = s.Rules.Names.Current
	}
	return fmt.Sprintf("No %s in %s. To create it: prodctl milestone ensure", name, s.In)
}

// room returns capacity and room, and what they were made from.
func (s Session) room(ctx context.Context, all []milestone.Milestone) (out Outlook, obs milestone.Observation, err error) {
	obs = milestone.Observation{Today: s.Today, Milestones: all, Issues: map[int64][]issue.Issue{}}
	var exists bool
	if out.Milestone, exists = s.planned(obs.Milestones); !exists {
		return out, obs, nil
	}
	finished := s.Rules.Finished(obs.Milestones, s.Last)
	wants := []milestone.Want{{Milestone: out.Milestone}}
	for _, m := range finished {
		wants = append(wants, milestone.Want{Milestone: m})
	}
	if _, err := s.fetch(ctx, wants, obs); err != nil {
		return out, obs, err
	}
	if out.Capacity, err = s.capacity(out.Milestone, finished, obs); err != nil {
		return out, obs, err
	}
	out.Room = planning.RoomOf(out.Capacity, s.Share, obs.Issues[out.Milestone.ID], s.Labels.Unscheduled)
	return out, obs, nil
}

// planned returns the milestone that is planned. Of two with its title it is the one with the lower id, which a roll keeps.
func (s Session) planned(all []milestone.Milestone) (found milestone.Milestone, ok bool) {
	for _, m := range all {
		if s.Role(m) == s.role() && (!ok || m.ID < found.ID) {
			found, ok = m, true
		}
	}
	return found, ok
}

func (s Session) role() string {
	if s.Current {
		return "current"
	}
	return "next"
}

// box returns the dates of the planned timebox. A milestone without dates has those of the cadence.
func (s Session) box(m milestone.Milestone) milestone.Timebox {
	if !m.Start.IsZero() && !m.Due.IsZero() {
		return m.Box()
	}
	now := s.Rules.Cadence.At(s.Today)
	if s.Current {
		return now
	}
	return s.Rules.Cadence.Next(now)
}

func (s Session) capacity(m milestone.Milestone, finished []milestone.Milestone, obs milestone.Observation) (planning.Capacity,
	error) {
	history, box := s.history(finished, obs), s.box(m)
	available, all := s.Team.PersonDays(box)
	if s.Days != nil {
		if available = *s.Days; available > all {
			return planning.Capacity{}, fault.New(fault.Usage, "To change who works: planning.people in the configuration",
				"--days %d: %s has %d person-days", available, m.Title, all)
		}
	}
	return planning.CapacityOf(box, history, available, all), nil
}

// history returns what was finished on the days of finished timeboxes. One without a start has the dates of the cadence.
func (s Session) history(finished []milestone.Milestone, obs milestone.Observation) (all []planning.Past) {
	for _, m := range finished {
		if m.Start.IsZero() {
			box := s.Rules.Cadence.Nearest(m.Box())
			m.Start, m.Due = box.Start, box.Due
		}
		all = append(all, planning.Past{Milestone: m, Days: s.Team.Finished(m.Box(), obs.Issues[m.ID], s.Rules.Zone)})
	}
	return all
}

// Backtest makes the forecast that would have been given before every finished timebox. It takes one request for the milestones, and one
// per 100 issues of each finished one.
func (s Session) Backtest(ctx context.Context) (trials []planning.Trial, finished int, err error) {
	obs := milestone.Observation{Today: s.Today, Issues: map[int64][]issue.Issue{}}
	if obs.Milestones, err = s.milestones(ctx, false); err != nil {
		return nil, 0, err
	}
	all := s.Rules.Finished(obs.Milestones, len(obs.Milestones))
	if len(all) <= forecast.Least {
		return nil, len(all), nil
	}
	var wants []milestone.Want
	for _, m := range all {
		wants = append(wants, milestone.Want{Milestone: m})
	}
	if _, err := s.fetch(ctx, wants, obs); err != nil {
		return nil, len(all), err
	}
	return planning.Backtest(s.history(all, obs), s.Last), len(all), nil
}

// carried reads how often the open issues with the label of carried issues were carried over. unknown is true if GitLab has no milestone
// events.
func (s Session) carried(ctx context.Context, issues []issue.Issue, all []milestone.Milestone) (times map[issue.Ref]int, unknown bool,
	err error) {
	issues = slices.DeleteFunc(slices.Clone(issues), func(i issue.Issue) bool { return !i.Open() || !i.Has(s.Labels.CarriedOver) })
	counts := make([]int, len(issues))
	var missing atomic.Bool
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(32) // the client sends fewer in parallel; this bounds the queue
	for n, i := range issues {
		group.Go(func() error {
			events, err := s.Events.MilestoneEvents(ctx, i.Ref)
			if errors.Is(err, fault.NotFound) {
				missing.Store(true)
				err = nil
			}
			counts[n] = planning.CarriedOver(events, all, s.dayOf)
			return err
		})
	}
	err = group.Wait()
	times = map[issue.Ref]int{}
	for n, i := range issues {
		times[i.Ref] = counts[n]
	}
	return times, missing.Load(), err
}

func (s Session) dayOf(e issue.Event) calendar.Date { return calendar.DateOf(e.At.In(s.Rules.Zone)) }
