package manifest

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"gitlab.com/prodctl/prodctl/pkg/deployment"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// Values of incidents.same_title: what incident open does if an incident with the same title was opened on the same day.
const (
	Adopt = "adopt" // continue with that one
	New   = "new"   // open another
)

// Values of incidents.type: what GitLab's type of a new incident is.
const (
	TypeAuto     = "auto"     // incident, where the token may set it
	TypeIssue    = "issue"    // an ordinary issue
	TypeIncident = "incident" // incident, and a note if GitLab made an ordinary issue
)

// Incidents is the part incidents of a file (handbook, "Production queue").
type Incidents struct {
	ServiceLabel   string        // the label of a service, with {service} for its name
	Services       []string      // all services; empty: any name is accepted
	Type           string        // TypeAuto, TypeIssue or TypeIncident
	SameTitle      string        // Adopt or New
	ReviewAfter    time.Duration // an S1 or S2 that lasted longer requires a review
	ActionDue      ActionDue
	UpdateEvery    UpdateEvery
	SilentAfter    time.Duration // an active incident without a word for longer is a finding; 0: never
	Template       string        // file with the body of a new incident, as written; empty: the built-in one
	ReviewTemplate string        // the same for a review
	Deployments    []deployment.Source

	CloseOnResolved bool // when all its alerts are resolved, an incident that no person touched is too
}

// ActionDue is the time for a corrective action in days, by the severity of its incident.
type ActionDue struct{ S1, S2, S3, S4 int }

// UpdateEvery is how often an active incident needs an update, by its severity; 0: never.
type UpdateEvery struct{ S1, S2, S3, S4 time.Duration }

// serviceName is the placeholder for the name of the service in a label.
const serviceName = "{service}"

// LabelOf returns the label of a service.
func (i Incidents) LabelOf(service string) string {
	return strings.ReplaceAll(i.ServiceLabel, serviceName, service)
}

// defaultIncidents has the handbook's days for corrective actions.
func defaultIncidents() Incidents {
	return Incidents{
		ServiceLabel: "service:" + serviceName,
		Type:         TypeAuto,
		SameTitle:    Adopt,
		ReviewAfter:  30 * time.Minute,
		ActionDue:    ActionDue{S1: 7, S2: 30, S3: 60, S4: 90},
		UpdateEvery:  UpdateEvery{S1: 30 * time.Minute, S2: time.Hour},
		SilentAfter:  72 * time.Hour,
	}
}

func (i *Incidents) fields() []field {
	days := func(name string, into *int) field {
		return key(name, parsed("a number of days such as 7d", ParseDays, FormatDays), into)
	}
	span := func(name string, into *time.Duration) field {
		return key(name, parsed("a duration such as 30m", ParseSpan, FormatDuration), into)
	}
	due, every := &i.ActionDue, &i.UpdateEvery
	return []field{
		key("service_label", text(serviceLabel), &i.ServiceLabel),
		key("services", texts(service), &i.Services),
		key("type", word(TypeAuto, TypeIssue, TypeIncident), &i.Type),
		key("same_title", word(Adopt, New), &i.SameTitle),
		span("review_after", &i.ReviewAfter),
		nested("update_every", func() []field {
			return []field{span("S1", &every.S1), span("S2", &every.S2), span("S3", &every.S3), span("S4", &every.S4)}
		}),
		span("silent_after", &i.SilentAfter),
		nested("action_due", func() []field {
			return []field{days("S1", &due.S1), days("S2", &due.S2), days("S3", &due.S3), days("S4", &due.S4)}
		}),
		key("template", text(templateFile), &i.Template),
		key("review_template", text(templateFile), &i.ReviewTemplate),
		key("close_on_resolved", boolean(), &i.CloseOnResolved),
		key("deployments", list(mapping(deploymentFields)), &i.Deployments),
	}
}

func deploymentFields(s *deployment.Source) []field {
	return []field{
		key("project", fullPath(target.Project), &s.Project).must(), key("environment", text(environment), &s.Environment),
		key("services", texts(service), &s.Services),
	}
}

// environment checks the name of an environment, which GitLab limits to letters, digits, spaces and a few signs.
func environment(s string) (string, error) {
	if strings.TrimSpace(s) == "" || len(s) > 255 || strings.ContainsFunc(s, unicode.IsControl) {
		return "", fmt.Errorf("invalid environment %s (use a name such as production)", quote(s))
	}
	return s, nil
}

// deriveServices checks the label of each service, which depends on both its name and service_label, and that deployed services are
// known.
func (f *File) deriveServices(r *reader) {
	for n, d := range f.Incidents.Deployments {
		if len(f.Incidents.Services) > 0 {
			r.among(fmt.Sprintf("incidents.deployments[%d].services", n), d.Services, f.Incidents.Services,
				"is not a service in incidents.services")
		}
	}
	for _, name := range f.Incidents.Services {
		if name == "" { // reported before
			continue
		}
		if _, err := labelName(f.Incidents.LabelOf(name)); err != nil {
			r.faultAt("incidents.services", "incidents.services: %v", err)
		}
	}
}

func serviceLabel(s string) (string, error) {
	switch rest := strings.Replace(s, serviceName, "", 1); {
	case !strings.Contains(s, serviceName):
		return "", fmt.Errorf("%s is required in %s, or all services would have the same label", serviceName, quote(s))
	case strings.ContainsAny(rest, "{}"):
		return "", fmt.Errorf("%s contains braces other than one %s", quote(s), serviceName)
	}
	return labelName(s)
}

// service checks the name of a service.
func service(s string) (string, error) { return oneWord("a service")(s) }

// oneWord checks a name that is used on the command line, also in a list separated by commas.
func oneWord(noun string) func(string) (string, error) {
	return func(s string) (string, error) {
		switch {
		case s == "" || strings.ContainsFunc(s, unicode.IsSpace):
			return "", fmt.Errorf("invalid name %s for %s (use one word)", quote(s), noun)
		case strings.ContainsAny(s, ",{}"):
			return "", fmt.Errorf("invalid name %s for %s (do not use , { or })", quote(s), noun)
		}
		return s, nil
	}
}

// distinct refuses duplicates, after check and in any letter case.
func distinct(check func(string) (string, error)) func(string) (string, error) {
	seen := map[string]bool{}
	return func(s string) (string, error) {
		s, err := check(s)
		if err != nil {
			return "", err
		}
		if key := strings.ToLower(s); seen[key] {
			return "", fmt.Errorf("duplicate value %s", quote(s))
		} else {
			seen[key] = true
		}
		return s, nil
	}
}

// templateFile checks the path of a template, whose text is published in issues.
func templateFile(s string) (string, error) {
	return localFile(s, "templates/incident.md", "a Markdown file")
}

// calendarFile checks the path of a calendar.
func calendarFile(s string) (string, error) { return localFile(s, "oncall.ics", "a calendar") }

// localFile checks the path of a file beside the configuration, which has to end like the example. A configuration may come from a
// stranger: it must not make anybody read or publish a file from elsewhere, or one of another kind.
// The path has slashes on every system, as in [os.Root]. Links are checked when the file is opened.
func localFile(s, example, kind string) (string, error) {
	clean := filepath.ToSlash(filepath.Clean(s))
	switch {
	case strings.TrimSpace(s) == "":
		return "", fmt.Errorf("the path is empty")
	case strings.HasPrefix(s, "~"), strings.Contains(s, `\`), !filepath.IsLocal(s):
		return "", fmt.Errorf("%s is outside this file's folder (use a relative path such as %s)", quote(s), example)
	case !strings.EqualFold(filepath.Ext(clean), filepath.Ext(example)):
		return "", fmt.Errorf("%s is not %s: its name must end in %s", quote(s), kind, filepath.Ext(example))
	}
	return clean, nil
}
