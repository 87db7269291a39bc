package graphql

import (
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/edit"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// timelineEvent is an event with the incident it belongs to.
type timelineEvent struct {
	*store.TimelineEvent
	incident *store.Issue
}

func (e timelineEvent) field(name string) any {
	switch name {
	case "id":
		return globalID("IncidentManagement::TimelineEvent", e.ID)
	case "author":
		return orNull(e.Author)
	case "incident":
		return e.incident
	case "note":
		return e.Note
	case "action":
		return e.Action
	case "editable":
		return e.Editable
	case "occurredAt":
		return e.OccurredAt
	case "timelineEventTags":
		return list(e.Tags)
	}
	return e.CreatedAt
}

// timelineOf lists the events of an incident of the project.
func (r *run) timelineOf(p *store.Project, a args) any {
	all := []any{}
	i := r.issueWithID(a.text("incidentId"))
	if i == nil || i.Project != p {
		return all
	}
	for _, e := range i.Timeline() {
		all = append(all, timelineEvent{e, i})
	}
	return all
}

// mutate carries out a field of Mutation. A change that the caller may not make is refused without a reason.
func (r *run) mutate(name string, a args) (any, error) {
	fields, _ := a["input"].(map[string]any)
	in := args(fields)
	if r.readOnly || r.user() == nil {
		return nil, errUnavailable
	}
	change := r.setSeverity
	if name == "timelineEventCreate" {
		change = r.createTimelineEvent
	}
	answer := change(in)
	if answer == nil {
		return nil, errUnavailable
	}
	answer["clientMutationId"] = in["clientMutationId"]
	return answer, nil
}

// setSeverity sets the severity of an incident. For an ordinary issue it answers the same and changes nothing.
func (r *run) setSeverity(in args) payload {
	i := r.issueAt(r.projectAt(in.text("projectPath")), in.text("iid"))
	if i == nil || !access.MayUpdateIssue(r.user(), i) {
		return nil
	}
	faults := []any{}
	ch := edit.Change{Severity: param.Some(strings.ToLower(in.text("severity")))}
	if err := edit.Apply(r.store(), i, ch, r.user()); err != nil {
		faults = append(faults, err.Error())
	}
	return payload{"issue": i, "errors": faults}
}

func (r *run) createTimelineEvent(in args) payload {
	i := r.issueWithID(in.text("incidentId"))
	if i == nil || !i.IsIncident() || !access.MayWriteTimeline(r.user(), i.Project) {
		return nil
	}
	at, _ := in["occurredAt"].(time.Time)
	event, faults := edit.AddTimelineEvent(r.store(), i, r.user(), in.text("note"), at, in.words("timelineEventTagNames"))
	if event == nil {
		return payload{"errors": list(faults)}
	}
	return payload{"timelineEvent": timelineEvent{event, i}, "errors": []any{}}
}
