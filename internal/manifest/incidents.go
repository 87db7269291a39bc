package manifest

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"
	"unicode"
)

// What incident open does when an incident of the same title was opened on the same day.
const (
	Adopt = "adopt" // goes on with that one
	New   = "new"   // opens another
)

// Incidents says how this team keeps its incidents (handbook, "Production queue").
type Incidents struct {
	ServiceLabel   string        // the label of a service, with {service} for its name
	Services       []string      // all there are; empty: any
	SameTitle      string        // Adopt or New
	ReviewAfter    time.Duration // an S1 or S2 that lasted longer wants a review
	ActionDue      ActionDue
	Template       string // file of the body of a new incident, as in [File]; empty: the built-in one
	ReviewTemplate string // the same of a review
}

// ActionDue is how many days there are to carry out a corrective action of an incident of each severity.
type ActionDue struct{ S1, S2, S3, S4 int }

// serviceName is what stands for the name of the service in a label.
const serviceName = "{service}"

// LabelOf is the label of a service.
func (i Incidents) LabelOf(service string) string {
	return strings.ReplaceAll(i.ServiceLabel, serviceName, service)
}

// defaultIncidents has the days that the handbook gives corrective actions.
func defaultIncidents() Incidents {
	return Incidents{
		ServiceLabel: "service:" + serviceName,
		SameTitle:    Adopt,
		ReviewAfter:  30 * time.Minute,
		ActionDue:    ActionDue{S1: 7, S2: 30, S3: 60, S4: 90},
	}
}

func (i *Incidents) fields() []field {
	days := func(name string, into *int) field {
		return key(name, parsed("a number of days such as 7d", ParseDays, FormatDays), into)
	}
	due := &i.ActionDue
	return []field{
		key("service_label", text(serviceLabel), &i.ServiceLabel),
		key("services", texts(service), &i.Services),
		key("same_title", word(Adopt, New), &i.SameTitle),
		key("review_after", parsed("a length of time such as 30m", ParseSpan, FormatDuration), &i.ReviewAfter),
		nested("action_due", []field{days("S1", &due.S1), days("S2", &due.S2), days("S3", &due.S3), days("S4", &due.S4)}),
		key("template", text(templateFile), &i.Template),
		key("review_template", text(templateFile), &i.ReviewTemplate),
	}
}

// settleServices checks the label of each service, which takes both its name and the template.
func (f *File) settleServices(r *reader) {
	for _, name := range f.Incidents.Services {
		if name == "" { // told of before
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
		return "", fmt.Errorf("%s does not hold %s, so that all services would have one label", quote(s), serviceName)
	case strings.ContainsAny(rest, "{}"):
		return "", fmt.Errorf("%s holds more in braces than one %s", quote(s), serviceName)
	}
	return labelName(s)
}

// service checks the name of a service.
func service(s string) (string, error) { return oneWord("a service")(s) }

// oneWord checks a name that people say on a command line, also in a list with commas.
func oneWord(noun string) func(string) (string, error) {
	return func(s string) (string, error) {
		switch {
		case s == "" || strings.ContainsFunc(s, unicode.IsSpace):
			return "", fmt.Errorf("%s is no name of %s: it is one word", quote(s), noun)
		case strings.ContainsAny(s, ",{}"):
			return "", fmt.Errorf("%s is no name of %s: it holds one of , { }", quote(s), noun)
		}
		return s, nil
	}
}

// distinct refuses what was there before, as check wrote it and in whatever case.
func distinct(check func(string) (string, error)) func(string) (string, error) {
	seen := map[string]bool{}
	return func(s string) (string, error) {
		s, err := check(s)
		if err != nil {
			return "", err
		}
		if key := strings.ToLower(s); seen[key] {
			return "", fmt.Errorf("%s is there twice", quote(s))
		} else {
			seen[key] = true
		}
		return s, nil
	}
}

// templateFile checks the path of a file whose text is put into issues. A configuration may come from a stranger: it must not
// make anybody publish a file from elsewhere, nor one that was not meant to be read as a template.
// The path has slashes on every system, as in [os.Root]; that it leads nowhere else is found out when it is opened.
func templateFile(s string) (string, error) {
	clean := filepath.ToSlash(filepath.Clean(s))
	switch {
	case strings.TrimSpace(s) == "":
		return "", fmt.Errorf("the path is empty")
	case strings.HasPrefix(s, "~"), strings.Contains(s, `\`), !filepath.IsLocal(s):
		return "", fmt.Errorf("%s is no path inside this file's folder: write it as templates/incident.md", quote(s))
	case !strings.EqualFold(filepath.Ext(clean), ".md"):
		return "", fmt.Errorf("%s is no Markdown file: its name ends in .md", quote(s))
	}
	return clean, nil
}
