package gitlab

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/gitlab/transport"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// This file has what GitLab's own incidents have and other issues do not: a severity and a timeline. The REST API writes neither.

const timelineQuery = `query($project: ID!, $incident: IssueID!, $after: String) {
  project(fullPath: $project) {
    incidentManagementTimelineEvents(incidentId: $incident, first: 100, after: $after) {
      nodes { note occurredAt } pageInfo { hasNextPage endCursor }
    }
  }
}`

// issueGID is the global id of an issue.
func issueGID(i issue.Issue) string { return "gid://gitlab/Issue/" + id(i.ID) }

// Timeline returns GitLab's own timeline of an incident: one request for 100 events.
func (c *Client) Timeline(ctx context.Context, i issue.Issue) (list []issue.TimelineEvent, err error) {
	variables := map[string]any{"project": i.Ref.Project, "incident": issueGID(i)}
	for {
		var out struct {
			Project *struct {
				Events *struct {
					Nodes []struct {
						Note       string    `json:"note"`
						OccurredAt time.Time `json:"occurredAt"`
					} `json:"nodes"`
					Page struct {
						More bool   `json:"hasNextPage"`
						End  string `json:"endCursor"`
					} `json:"pageInfo"`
				} `json:"incidentManagementTimelineEvents"`
			} `json:"project"`
		}
		if err := c.query(ctx, timelineQuery, variables, &out); err != nil {
			return nil, err
		}
		if out.Project == nil || out.Project.Events == nil {
			return nil, fault.NotFound
		}
		events := out.Project.Events
		for _, e := range events.Nodes {
			list = append(list, issue.TimelineEvent{At: e.OccurredAt.UTC(), Text: e.Note})
		}
		if !events.Page.More || events.Page.End == "" || variables["after"] == events.Page.End {
			return list, nil
		}
		variables["after"] = events.Page.End
	}
}

// maxMutations is how many mutations go into one request.
const maxMutations = 20

// UpdateIncident sets the severity of one of GitLab's own incidents, unless it is unknown, and adds events to its timeline, all in one
// request for 20 of them. GitLab answers with success also if it refused some or did nothing, so each answer is compared with what was
// asked for. It is never repeated: events that exist are not recognized here.
func (c *Client) UpdateIncident(ctx context.Context, i issue.Issue, s issue.Severity, events []issue.TimelineEvent) error {
	if s != issue.UnknownSeverity {
		events = append([]issue.TimelineEvent{{}}, events...) // in its place goes the severity
	}
	for len(events) > 0 {
		some := events[:min(len(events), maxMutations)]
		if err := c.mutateIncident(ctx, i, s, some); err != nil {
			return err
		}
		s, events = issue.UnknownSeverity, events[len(some):]
	}
	return nil
}

// mutated is the answer to one mutation.
type mutated struct {
	Issue *struct {
		Severity string `json:"severity"`
	} `json:"issue"`
	Event *struct {
		Note string `json:"note"`
	} `json:"timelineEvent"`
	Errors []string `json:"errors"`
}

func (c *Client) mutateIncident(ctx context.Context, i issue.Issue, s issue.Severity, events []issue.TimelineEvent) error {
	variables := map[string]any{}
	var declared, fields []string
	declare := func(name, kind string, value any) string {
		variables[name], declared = value, append(declared, "$"+name+": "+kind)
		return "$" + name
	}
	for n, e := range events {
		at := fmt.Sprint(n)
		if n == 0 && s != issue.UnknownSeverity {
			fields = append(fields, fmt.Sprintf("m0: issueSetSeverity(input: {projectPath: %s, iid: %s, severity: %s}) "+
				"{ issue { severity } errors }", declare("project", "ID!", i.Ref.Project), declare("iid", "String!", id(i.Ref.IID)),
				declare("severity", "IssuableSeverity!", s)))
			continue
		}
		if variables["incident"] == nil {
			declare("incident", "IssueID!", issueGID(i))
		}
		tags := []string{}
		if e.Tag != "" {
			tags = append(tags, e.Tag)
		}
		fields = append(fields, fmt.Sprintf("m%s: timelineEventCreate(input: {incidentId: $incident, note: %s, occurredAt: %s, "+
			"timelineEventTagNames: %s}) { timelineEvent { note } errors }", at, declare("note"+at, "String!", e.Text),
			declare("at"+at, "Time!", e.At.UTC().Format(time.RFC3339)), declare("tags"+at, "[String!]", tags)))
	}
	out := map[string]*mutated{}
	text := "mutation(" + strings.Join(declared, ", ") + ") { " + strings.Join(fields, " ") + " }"
	err := c.mutate(ctx, text, variables, &out)
	if e, ok := errors.AsType[*Error](err); err != nil && (!ok || e.Message == "") {
		return err
	}
	var faults []error
	for n := range events {
		got := out[fmt.Sprintf("m%d", n)]
		severity := n == 0 && s != issue.UnknownSeverity
		switch what := map[bool]string{true: "severity", false: "timeline"}[severity]; {
		case got == nil && !severity && refusedRole(err):
			faults = append(faults, fault.New(fault.Auth, "", "timeline: it needs the Developer role"))
		case got == nil:
			faults = append(faults, fmt.Errorf("%s: %w", what, errOr(err)))
		case len(got.Errors) > 0:
			faults = append(faults, fmt.Errorf("%s: %s", what, transport.OneLine(strings.Join(got.Errors, "; "), transport.MessageLimit)))
		case severity && (got.Issue == nil || issue.ParseSeverity(got.Issue.Severity) != s):
			faults = append(faults, errors.New("severity: GitLab accepted the request, but did not set it"))
		case !severity && (got.Event == nil || got.Event.Note != events[n].Text):
			faults = append(faults, errors.New("timeline: GitLab accepted the request, but did not add the event"))
		}
	}
	return eachFault(faults)
}

// refusedRole reports whether GitLab refused a part of a query. The words are the same for what is missing, but the caller has just read
// the incident, which a Reporter may; GitLab's timeline is for the Developer role and above.
func refusedRole(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && strings.Contains(e.Message, "or you don't have permission")
}

// errOr is the error, or that GitLab did not answer a mutation.
func errOr(err error) error {
	if err == nil {
		err = errNothing
	}
	return err
}

// eachFault joins errors with different texts.
func eachFault(faults []error) error {
	var texts []string
	seen := map[string]bool{}
	for _, err := range faults {
		if text := err.Error(); !seen[text] {
			seen[text] = true
			texts = append(texts, text)
		}
	}
	if len(texts) == 0 {
		return nil
	}
	return fault.Wrap(fault.KindOf(faults[0]), errors.New(strings.Join(texts, "; ")), "", "")
}
