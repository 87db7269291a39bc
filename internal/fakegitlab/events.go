package fakegitlab

import (
	"net/http"
	"slices"
	"time"
)

// The audit trail of an issue. It can only be read.

func trailRows() []route {
	const base = "/projects/:id/issues/:issue_iid/resource_"
	return slices.Concat(
		eventRows(base+"label_events", func(i *issue) []labelEvent { return i.labelEvents },
			func(ev labelEvent) int { return ev.id }, writeLabelEvent),
		eventRows(base+"milestone_events", func(i *issue) []milestoneEvent { return i.milestoneEvents },
			func(ev milestoneEvent) int { return ev.id }, writeMilestoneEvent),
		eventRows(base+"state_events", func(i *issue) []stateEvent { return i.stateEvents },
			func(ev stateEvent) int { return ev.id }, writeStateEvent),
	)
}

// eventRows are the list and the single event of one kind.
func eventRows[T any](path string, of func(*issue) []T, id func(T) int, write func(*enc, *call, *issue, T)) []route {
	list := func(c *call) (reply, error) {
		pg := c.paging()
		i, err := issueOfPath(c)
		if err != nil {
			return reply{}, err
		}
		return listReply(c, pg, of(i), func(e *enc, ev T) { write(e, c, i, ev) })
	}
	one := func(c *call) (reply, error) {
		want := c.p.int("event_id")
		i, err := issueOfPath(c)
		if err != nil {
			return reply{}, err
		}
		events := of(i)
		at := slices.IndexFunc(events, func(ev T) bool { return id(ev) == want.v })
		if at < 0 {
			return reply{}, errNoRecord()
		}
		return c.json(http.StatusOK, func(e *enc) { write(e, c, i, events[at]) })
	}
	return []route{get(path, list), get(path+"/:event_id", one)}
}

func eventFields(e *enc, c *call, i *issue, id int, by *user, at time.Time) {
	e.num("id", id)
	writeUserOrNull(e, c, "user", by)
	e.time("created_at", at)
	e.str("resource_type", "Issue")
	e.num("resource_id", i.id)
}

func addOrRemove(added bool) string {
	if added {
		return "add"
	}
	return "remove"
}

// writeLabelEvent has null for a label that is gone.
func writeLabelEvent(e *enc, c *call, i *issue, ev labelEvent) {
	e.open('{')
	eventFields(e, c, i, ev.id, ev.user, ev.at)
	if ev.label.deleted {
		e.null("label")
	} else {
		e.key("label")
		writeLabelDetails(e, ev.label)
	}
	e.str("action", addOrRemove(ev.added))
	e.shut('}')
}

func writeMilestoneEvent(e *enc, c *call, i *issue, ev milestoneEvent) {
	e.open('{')
	eventFields(e, c, i, ev.id, ev.user, ev.at)
	writeMilestoneOrNull(e, c, "milestone", ev.milestone)
	e.str("action", addOrRemove(ev.added))
	state := "opened"
	if ev.closed {
		state = "closed"
	}
	e.str("state", state)
	e.shut('}')
}

func writeStateEvent(e *enc, c *call, i *issue, ev stateEvent) {
	e.open('{')
	eventFields(e, c, i, ev.id, ev.user, ev.at)
	e.null("source_commit")
	e.null("source_merge_request_id")
	state := "reopened"
	if ev.closed {
		state = "closed"
	}
	e.str("state", state)
	e.shut('}')
}
