package issue

import (
	"net/http"
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/label"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/milestone"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/user"
)

// This file has the resource events of an issue, its audit trail. They are read-only.

func trailRows() []rest.Route {
	const base = "/projects/:id/issues/:eventable_id/resource_"
	return slices.Concat(
		eventRows(base+"label_events", "read_issue_label_event", func(i *store.Issue) []store.LabelEvent { return i.LabelEvents },
			func(ev store.LabelEvent) int { return ev.ID }, writeLabelEvent),
		eventRows(base+"milestone_events", "read_issue_milestone_event", func(i *store.Issue) []store.MilestoneEvent { return i.MilestoneEvents },
			func(ev store.MilestoneEvent) int { return ev.ID }, writeMilestoneEvent),
		eventRows(base+"state_events", "read_issue_state_event", func(i *store.Issue) []store.StateEvent { return i.StateEvents },
			func(ev store.StateEvent) int { return ev.ID }, writeStateEvent),
		weightRows(base+"weight_events"),
	)
}

// eventRows returns the routes for the list and the single event of one kind.
func eventRows[T any](path, permission string, of func(*store.Issue) []T, id func(T) int,
	write func(*jsonenc.Encoder, *rest.Call, *store.Issue, T)) []rest.Route {
	list := func(c *rest.Call) (rest.Reply, error) {
		pg := c.Paging()
		i, err := ofPathNamed(c, "eventable_id")
		if err != nil {
			return rest.Reply{}, err
		}
		return rest.List(c, pg, of(i), func(e *jsonenc.Encoder, ev T) { write(e, c, i, ev) })
	}
	one := func(c *rest.Call) (rest.Reply, error) {
		want := c.Params.Int("event_id")
		i, err := ofPathNamed(c, "eventable_id")
		if err != nil {
			return rest.Reply{}, err
		}
		events := of(i)
		at := slices.IndexFunc(events, func(ev T) bool { return id(ev) == want.Value })
		if at < 0 {
			return rest.Reply{}, failure.NoRecord()
		}
		return c.JSON(http.StatusOK, func(e *jsonenc.Encoder) { write(e, c, i, events[at]) })
	}
	return []rest.Route{rest.Get(path, list).Needs(permission), rest.Get(path+"/:event_id", one).Needs(permission)}
}

// weightRows returns the routes for weights, which the Community Edition does not know.
func weightRows(path string) []rest.Route {
	rows := eventRows(path, "read_issue_weight_event", func(i *store.Issue) []store.WeightEvent { return i.WeightEvents },
		func(ev store.WeightEvent) int { return ev.ID }, writeWeightEvent)
	for n := range rows {
		rows[n].Handle = rest.Enterprise(rows[n].Handle)
	}
	return rows
}

func writeWeightEvent(e *jsonenc.Encoder, c *rest.Call, i *store.Issue, ev store.WeightEvent) {
	e.Open('{')
	e.Num("id", ev.ID)
	user.WriteOrNull(e, c, "user", ev.User)
	e.Time("created_at", ev.At)
	e.Num("issue_id", i.ID)
	e.NumOrNull("weight", ev.Weight)
	e.Shut('}')
}

func eventFields(e *jsonenc.Encoder, c *rest.Call, i *store.Issue, id int, by *store.User, at time.Time) {
	e.Num("id", id)
	user.WriteOrNull(e, c, "user", by)
	e.Time("created_at", at)
	e.Str("resource_type", "Issue")
	e.Num("resource_id", i.ID)
}

func addOrRemove(added bool) string {
	if added {
		return "add"
	}
	return "remove"
}

// writeLabelEvent writes null for a deleted label.
func writeLabelEvent(e *jsonenc.Encoder, c *rest.Call, i *store.Issue, ev store.LabelEvent) {
	e.Open('{')
	eventFields(e, c, i, ev.ID, ev.User, ev.At)
	if ev.Label.Deleted {
		e.Null("label")
	} else {
		e.Key("label")
		label.Write(e, ev.Label)
	}
	e.Str("action", addOrRemove(ev.Added))
	e.Shut('}')
}

func writeMilestoneEvent(e *jsonenc.Encoder, c *rest.Call, i *store.Issue, ev store.MilestoneEvent) {
	e.Open('{')
	eventFields(e, c, i, ev.ID, ev.User, ev.At)
	milestone.WriteOrNull(e, c, "milestone", ev.Milestone)
	e.Str("action", addOrRemove(ev.Added))
	state := "opened"
	if ev.Closed {
		state = "closed"
	}
	e.Str("state", state)
	e.Shut('}')
}

func writeStateEvent(e *jsonenc.Encoder, c *rest.Call, i *store.Issue, ev store.StateEvent) {
	e.Open('{')
	eventFields(e, c, i, ev.ID, ev.User, ev.At)
	e.Null("source_commit")
	e.Null("source_merge_request_id")
	state := "reopened"
	if ev.Closed {
		state = "closed"
	}
	e.Str("state", state)
	e.Shut('}')
}
