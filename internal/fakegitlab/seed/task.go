package seed

import (
	"slices"
	"time"
)

// task is an issue that moves across the board. All changes go through its methods, so that labels, milestone and
// events agree.
type task struct {
	Issue
	h timeline
}

// newTask opens an issue in a column, or outside the board if that is "".
func (h timeline) newTask(n int, at time.Time, column string) *task {
	t := &task{h: h, Issue: Issue{
		Title: workTitle(n), Description: workDescription(things[n%len(things)]),
		Author: pick([]string{"maria", "rita", "ines", "kate", "petra"}, n), CreatedAt: at,
	}}
	if column != "" {
		t.label(at, t.Author, column)
	}
	return t
}

func (t *task) label(at time.Time, by, name string) {
	t.Labels = append(t.Labels, name)
	t.Events = append(t.Events, Event{At: at, By: by, AddLabel: name})
}

func (t *task) unlabel(at time.Time, by, name string) {
	if n := slices.Index(t.Labels, name); n >= 0 {
		t.Labels = slices.Delete(t.Labels, n, n+1)
		t.Events = append(t.Events, Event{At: at, By: by, RemoveLabel: name})
	}
}

// move moves the issue from one column to another, "" for none.
func (t *task) move(at time.Time, by, from, to string) {
	if to != "" {
		t.label(at, by, to)
	}
	t.unlabel(at, by, from)
}

func (t *task) plan(at time.Time, by string, box int) {
	t.Milestone = t.h.title(box)
	t.Events = append(t.Events, Event{At: at, By: by, AddMilestone: t.Milestone})
}

func (t *task) weigh(at time.Time, weight int) {
	t.Weight = &weight
	t.label(at, "maria", weightLabel(weight))
}

func (t *task) comment(at time.Time, by, body string) {
	t.Notes = append(t.Notes, Note{Author: by, Body: body, CreatedAt: at})
}

// carry moves the issue from the timebox that ends to the next, as a roll does.
func (t *task) carry(box int) {
	at := t.h.at(box, -1, 15).Add(30 * time.Minute)
	t.plan(at, "maria", box)
	if !slices.Contains(t.Labels, "carried-over") {
		t.label(at, "maria", "carried-over")
	}
}

// finish starts a task that is Ready and closes it.
func (t *task) finish(who string, started, done time.Time) {
	t.Assignees = []string{who}
	t.move(started, who, "Ready", "In Progress")
	t.comment(done.Add(-2*time.Hour), who, comments[len(t.Title)%len(comments)])
	t.unlabel(done, who, "In Progress")
	t.Closed, t.ClosedAt, t.ClosedBy = true, done, who
	t.Events = append(t.Events, Event{At: done, By: who, State: "closed"})
}
