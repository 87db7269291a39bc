package manifest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"

	"gitlab.com/prodctl/prodctl/pkg/alert"
	"gitlab.com/prodctl/prodctl/pkg/incident"
)

// defaultAlerts has the names that Prometheus gives labels and annotations by convention.
func defaultAlerts() alert.Rules {
	return alert.Rules{
		Title:    []string{alert.AnnotationSource + "summary", alert.LabelSource + "alertname"},
		Severity: alert.SeverityRule{Label: "severity", Map: map[string]incident.Severity{"critical": incident.S1, "warning": incident.S3}},
		Services: alert.ServiceRule{Label: "service", Map: map[string]string{}},
	}
}

// alertFields are the keys of the part alerts: what alerts say about an incident.
func alertFields(a *alert.Rules) []field {
	return []field{
		key("title", texts(titleSource), &a.Title),
		nested("severity", func() []field {
			return []field{key("label", text(labelKey), &a.Severity.Label), valuesKey("map", severity(), a.Severity.Map)}
		}),
		nested("services", func() []field {
			return []field{key("label", text(labelKey), &a.Services.Label), valuesKey("map", text(service), a.Services.Map)}
		}),
	}
}

func severity() codec[incident.Severity] {
	return parsed("a severity: S1, S2, S3 or S4", incident.ParseSeverity, incident.Severity.String)
}

// valuesKey returns a key for a map from values of a label.
func valuesKey[T any](name string, c codec[T], into map[string]T) field {
	keep := func(_ *reader, _, value string, _ *yaml.Node, v T) { into[value] = v }
	return namesKey(name, labelValue, c, keep, func() pairs { return sortedPairs(into, c.encode) })
}

// titleSource checks a source of the title of an incident.
func titleSource(s string) (string, error) {
	for _, prefix := range []string{alert.LabelSource, alert.AnnotationSource} {
		if name, ok := strings.CutPrefix(s, prefix); ok {
			_, err := labelKey(name)
			return s, err
		}
	}
	return "", fmt.Errorf("invalid source %s (use labels.NAME or annotations.NAME)", quote(s))
}

// labelKey checks the name of a label or an annotation of an alert.
func labelKey(s string) (string, error) {
	if s == "" || len(s) > 200 || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		return "", fmt.Errorf("invalid name %s of a label (use one word such as severity)", quote(s))
	}
	return s, nil
}

// labelValue checks the value of a label of an alert.
func labelValue(s string) (string, error) {
	if strings.TrimSpace(s) == "" || len(s) > 200 || strings.ContainsFunc(s, unicode.IsControl) {
		return "", fmt.Errorf("invalid value %s of a label", quote(s))
	}
	return s, nil
}

// deriveAlerts checks that the services of the map are known.
func (f *File) deriveAlerts(r *reader) {
	for _, value := range slices.Sorted(maps.Keys(f.Alerts.Services.Map)) {
		name, known := f.Alerts.Services.Map[value], f.Incidents.Services
		if at := "alerts.services.map." + value; len(known) > 0 && name != "" && !slices.Contains(known, name) {
			r.faultAt(at, "%s: %s is not a service in incidents.services%s", at, quote(name), didYouMean(name, known))
		}
	}
}
