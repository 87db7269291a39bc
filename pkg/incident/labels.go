package incident

import (
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/label"
)

// Labels are the labels of incidents in a team's spelling.
type Labels struct {
	Incident                              string
	Active, Mitigated, Resolved, Reviewed string
	S1, S2, S3, S4                        string
	DataLoss                              string
	ReviewDue                             string // on an incident that was closed before its review
	Action                                string // of corrective actions, in the infrastructure tracker
	Service                               string // with {service} for the service's name
}

const serviceName = "{service}"

// LabelsOf returns the labels by a team's spelling of the built-in names. service is the pattern of service labels, such as
// service:{service}.
func LabelsOf(names label.Spelling, service string) Labels {
	return Labels{
		Incident: names.Of(label.Incident),
		Active:   names.Of("Incident::Active"), Mitigated: names.Of("Incident::Mitigated"),
		Resolved: names.Of("Incident::Resolved"), Reviewed: names.Of("Incident::Reviewed"),
		S1: names.Of("S1"), S2: names.Of("S2"), S3: names.Of("S3"), S4: names.Of("S4"),
		DataLoss: names.Of(label.DataLoss), ReviewDue: names.Of(label.ReviewDue),
		Action:  names.Of("corrective action"),
		Service: service,
	}
}

// State is the label of a state; empty for [UnknownState].
func (l Labels) State(s State) string {
	return map[State]string{Active: l.Active, Mitigated: l.Mitigated, Resolved: l.Resolved, Reviewed: l.Reviewed}[s]
}

// Severity is the label of a severity; empty for [UnknownSeverity].
func (l Labels) Severity(s Severity) string {
	return map[Severity]string{S1: l.S1, S2: l.S2, S3: l.S3, S4: l.S4}[s]
}

// ServiceOf is the label of a service; empty if services have no labels.
func (l Labels) ServiceOf(service string) string {
	if !strings.Contains(l.Service, serviceName) {
		return ""
	}
	return strings.ReplaceAll(l.Service, serviceName, service)
}

// service is the service that a label names.
func (l Labels) service(label string) (string, bool) {
	begin, end, ok := strings.Cut(l.Service, serviceName)
	if !ok || len(label) <= len(begin)+len(end) || !strings.HasPrefix(label, begin) || !strings.HasSuffix(label, end) {
		return "", false
	}
	name := label[len(begin) : len(label)-len(end)]
	return name, l.ServiceOf(name) == label
}

// Opening returns the labels of a new incident.
func (l Labels) Opening(s Severity, services []string, dataLoss bool) []string {
	list := []string{l.Incident, l.Active, l.Severity(s)}
	for _, name := range services {
		list = append(list, l.ServiceOf(name))
	}
	if dataLoss {
		list = append(list, l.DataLoss)
	}
	return distinct(list)
}

// OpeningConfidential returns the labels of a new confidential incident. It gets no labels of services: GitLab would create those that the
// project lacks, and more people can read the names of labels than the issue. Its services are in the record.
func (l Labels) OpeningConfidential(s Severity, dataLoss bool) []string {
	return l.Opening(s, nil, dataLoss)
}

// Lacking returns those of the labels that an issue lacks. If it has a state or a severity already, that stays.
func (l Labels) Lacking(i issue.Issue, wanted []string) []string {
	return slices.DeleteFunc(slices.Clone(wanted), func(label string) bool {
		for _, group := range [][]string{l.states(), l.severities()} {
			if slices.Contains(group, label) && slices.ContainsFunc(group, func(other string) bool { return carries(i, other) }) {
				return true
			}
		}
		return i.Has(label)
	})
}

// Stateless returns the query for issues without the label of a state.
func (l Labels) Stateless(since time.Time) issue.Query {
	return issue.Query{CreatedAfter: since, NotLabels: distinct(l.states())}
}

func (l Labels) states() []string { return []string{l.Active, l.Mitigated, l.Resolved, l.Reviewed} }

func (l Labels) severities() []string { return []string{l.S1, l.S2, l.S3, l.S4} }

// statesOn are the states whose labels an issue carries, in the order of [States].
func (l Labels) statesOn(i issue.Issue) []State {
	return slices.DeleteFunc(States(), func(s State) bool { return !carries(i, l.State(s)) })
}

// severitiesOn are the severities whose labels an issue carries, worst first.
func (l Labels) severitiesOn(i issue.Issue) []Severity {
	return slices.DeleteFunc(Severities(), func(s Severity) bool { return !carries(i, l.Severity(s)) })
}

// servicesOn are the services whose labels an issue carries.
func (l Labels) servicesOn(i issue.Issue) []string {
	var list []string
	for _, name := range i.Labels {
		if service, ok := l.service(name); ok {
			list = append(list, service)
		}
	}
	return list
}

// Is reports whether an issue is an incident: it has the label, or GitLab's own type of incidents. A closed issue of that type with a key,
// but without the label, is a duplicate that was retired.
func (l Labels) Is(i issue.Issue) bool {
	return l.labelled(i) || i.Incident && (i.State != issue.Closed || !keyed(i.Description))
}

// labelled reports whether an issue has the label of incidents.
func (l Labels) labelled(i issue.Issue) bool { return carries(i, l.Incident) }

func carries(i issue.Issue, label string) bool { return label != "" && i.Has(label) }

// distinct removes empty and repeated strings from a list, and keeps its order.
func distinct(in []string) []string {
	var list []string
	for _, s := range in {
		if s != "" && !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}
