package alert

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"gitlab.com/prodctl/prodctl/pkg/incident"
)

// Rules are a team's mappings from alerts to an incident.
type Rules struct {
	Title    []string // sources of the title, each labels.NAME or annotations.NAME; the first one that has a value counts
	Severity SeverityRule
	Services ServiceRule
	Known    []string // the team's services; empty: any name is one
}

// SeverityRule maps values of a label to severities.
type SeverityRule struct {
	Label string
	Map   map[string]incident.Severity
}

// ServiceRule maps values of a label to services. A value that is not in the map is the service itself.
type ServiceRule struct {
	Label string
	Map   map[string]string
}

// The prefixes of a source of the title.
const (
	LabelSource      = "labels."
	AnnotationSource = "annotations."
)

// untitled is the title of a group without any source.
const untitled = "Alert without a name"

// TitleOf is the title of a new incident, not escaped. A value that all alerts share comes before that of the first one that is firing.
func (r Rules) TitleOf(g Group, services []string) string {
	for _, from := range []Alert{{Labels: g.Labels, Annotations: g.Annotations}, first(g)} {
		for _, source := range r.Title {
			value := valueOf(source, from)
			if value == "" {
				continue
			}
			if source == LabelSource+nameLabel && len(services) > 0 {
				value += ": " + strings.Join(services, ", ")
			}
			return value
		}
	}
	return untitled
}

// first is the first alert that is firing; the zero Alert if none is.
func first(g Group) Alert {
	for _, a := range g.Alerts {
		if !a.Resolved {
			return a
		}
	}
	return Alert{}
}

func valueOf(source string, a Alert) string {
	value := ""
	if name, ok := strings.CutPrefix(source, LabelSource); ok {
		value = a.Labels[name]
	} else if name, ok := strings.CutPrefix(source, AnnotationSource); ok {
		value = a.Annotations[name]
	}
	return unsecret(strings.Join(strings.Fields(value), " "))
}

// SeverityOf is the worst severity of the firing alerts; unknown if none has one, with a note about values that mean none.
func (r Rules) SeverityOf(g Group) (worst incident.Severity, note string) {
	worst = incident.UnknownSeverity
	for _, value := range firingValues(g, r.Severity.Label) {
		s, err := incident.ParseSeverity(value)
		for word, mapped := range r.Severity.Map {
			if strings.EqualFold(word, value) {
				s, err = mapped, nil
			}
		}
		switch {
		case err != nil || s == incident.UnknownSeverity:
			note = fmt.Sprintf("Severity unknown: label %s is %q, which alerts.severity.map does not have", r.Severity.Label, cutTo(value, 40))
		case worst == incident.UnknownSeverity || s.Rank() < worst.Rank():
			worst = s
		}
	}
	if worst != incident.UnknownSeverity {
		note = ""
	}
	return worst, note
}

// ServicesOf are the services of the firing alerts, sorted, with notes about values that are none.
func (r Rules) ServicesOf(g Group) (list, notes []string) {
	for _, value := range firingValues(g, r.Services.Label) {
		name := value
		for word, mapped := range r.Services.Map {
			if strings.EqualFold(word, value) {
				name = mapped
			}
		}
		at := slices.IndexFunc(r.Known, func(k string) bool { return strings.EqualFold(k, name) })
		switch {
		case at >= 0:
			list = append(list, r.Known[at])
		case len(r.Known) == 0 && usable(name):
			list = append(list, name)
		default:
			notes = append(notes, fmt.Sprintf("Label %s is %q, which is not a service", r.Services.Label, cutTo(value, 40)))
		}
	}
	slices.Sort(list)
	return slices.Compact(list), notes
}

// usable reports whether a name can be that of a service: one short word.
func usable(name string) bool {
	return name != "" && len(name) <= 100 && !strings.ContainsAny(name, ",{}") && !strings.ContainsFunc(name, func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsPrint(r)
	})
}

// firingValues are the distinct values of a label of the firing alerts, in the order of the alerts.
func firingValues(g Group, label string) (values []string) {
	for _, a := range g.Alerts {
		if value := strings.TrimSpace(a.Labels[label]); !a.Resolved && value != "" && !slices.Contains(values, value) {
			values = append(values, value)
		}
	}
	return values
}

func cutTo(s string, limit int) string {
	if runes := []rune(s); len(runes) > limit {
		return string(runes[:limit-1]) + "…"
	}
	return s
}
