// Package flow measures how work flows over the team's board: the four measures of the Kanban Guide (work in progress, throughput, work
// item age and cycle time), and where the time goes.
//
// Start with [PathOf], which turns GitLab's events of an issue into stays in columns, and [Measure]. Times are exact and in UTC. What
// cannot be known, because a label was deleted or a server has no events, is counted and never guessed. Requests and output do not belong
// here.
package flow

import (
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// Stay is a time in a column. To is zero while it lasts.
type Stay struct {
	Column   string
	From, To time.Time
}

// until returns the end of the stay, at most now.
func (s Stay) until(now time.Time) time.Time {
	if s.To.IsZero() || s.To.After(now) {
		return now
	}
	return s.To
}

// Path is the way of an issue over the board.
type Path struct {
	Ref          issue.Ref
	Title        string
	WebURL       string
	Confidential bool
	Weight       int // 0 if it is not set
	Created      time.Time
	Stays        []Stay // in their order, without the closed column; they do not overlap
	Blocked      []Stay // with the label for blocked work, named in Column
	Handoffs     int    // how often it was marked as ready to hand off
	// Started is when the issue first entered the column in which work starts; zero if it never did.
	Started time.Time
	// Finished is when it was closed for the last time; zero while it is open. An issue that was reopened counts once.
	Finished time.Time
	// Unknown is set if a label of its events was deleted: a stay may be missing.
	Unknown bool
}

// Board is what the rules need to know about the team's board.
type Board struct {
	Layout  board.Layout
	Blocked string // the label for blocked work; empty: none
	Handoff string // the label of issues that are ready to hand off; empty: none
}

// PathOf returns the way of an issue. labels and states are all its events.
//
// When GitLab moves an issue to another project it removes all labels and adds them again: a column that is left and entered within the
// same second was not left. Of two columns at once the later one counts, as it does for `board move`.
func PathOf(i issue.Issue, labels, states []issue.Event, b Board) Path {
	p := Path{Ref: i.Ref, Title: i.Title, WebURL: i.WebURL, Confidential: i.Confidential, Created: i.CreatedAt,
		Weight: milestone.WeightOf(i)}
	open := opened(i, states)
	p.Unknown = slices.ContainsFunc(labels, func(e issue.Event) bool { return e.Name == "" })
	for _, t := range timeline(labels, b.Layout) {
		p.Stays = append(p.Stays, within(t, open)...)
	}
	if b.Blocked != "" {
		for _, t := range spans(labels, b.Blocked) {
			p.Blocked = append(p.Blocked, within(t, open)...)
		}
	}
	if b.Handoff != "" {
		p.Handoffs = len(spans(labels, b.Handoff))
	}
	if !i.Open() {
		p.Finished = i.ClosedAt
	}
	for _, s := range p.Stays {
		if s.Column == b.Layout.Start {
			p.Started = s.From
			break
		}
	}
	return p
}

// opened are the times in which an issue was open; the last one has no end if it still is.
func opened(i issue.Issue, states []issue.Event) []Stay {
	all := []Stay{{From: i.CreatedAt}}
	for _, e := range inOrder(states) {
		last := &all[len(all)-1]
		switch {
		case e.Action == "closed" && last.To.IsZero():
			last.To = e.At
		case e.Action == "reopened" && !last.To.IsZero():
			all = append(all, Stay{From: e.At})
		}
	}
	if last := &all[len(all)-1]; !i.Open() && last.To.IsZero() { // closed by a way that leaves no event
		last.To = i.ClosedAt
	}
	return all
}

// within cuts a stay to the times in which the issue was open.
func within(s Stay, open []Stay) (parts []Stay) {
	for _, o := range open {
		part := Stay{s.Column, later(s.From, o.From), earlier(s.To, o.To)}
		if part.To.IsZero() || part.To.After(part.From) {
			parts = append(parts, part)
		}
	}
	return parts
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// earlier is the earlier of two ends; zero means never.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

func inOrder(events []issue.Event) []issue.Event {
	return stable.Sorted(events, func(a, b issue.Event) int { return a.At.Compare(b.At) })
}

// timeline returns the stays in columns, as the labels show them: at any time the column whose label was added last.
func timeline(events []issue.Event, layout board.Layout) []Stay {
	var all []Stay
	var in []string // columns whose label is set, the last one added at the end
	for _, e := range inOrder(events) {
		at := slices.IndexFunc(layout.Columns, func(c board.Column) bool { return c.Label == e.Name })
		if at < 0 {
			continue
		}
		name := layout.Columns[at].Name
		in = slices.DeleteFunc(in, func(c string) bool { return c == name })
		if e.Action == "add" {
			in = append(in, name)
		}
		now := ""
		if len(in) > 0 {
			now = in[len(in)-1]
		}
		all = enter(all, now, e.At)
	}
	return all
}

// spans returns the times in which a label was set.
func spans(events []issue.Event, name string) []Stay {
	var all []Stay
	for _, e := range inOrder(events) {
		switch {
		case e.Name != name:
		case e.Action == "add":
			all = enter(all, name, e.At)
		default:
			all = enter(all, "", e.At)
		}
	}
	return all
}

// enter ends the current stay and begins another one; an empty column begins none. A stay that ends where it begins is none, and a column
// that is entered again when it was left was not left.
func enter(all []Stay, column string, at time.Time) []Stay {
	if n := len(all); n > 0 && all[n-1].To.IsZero() {
		if all[n-1].Column == column {
			return all
		}
		all[n-1].To = at
		if !at.After(all[n-1].From) {
			all = all[:n-1]
		}
	}
	if column == "" {
		return all
	}
	if n := len(all); n > 0 && all[n-1].Column == column && all[n-1].To.Equal(at) {
		all[n-1].To = time.Time{}
		return all
	}
	return append(all, Stay{Column: column, From: at})
}
