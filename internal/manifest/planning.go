package manifest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/drill"
	"gitlab.com/prodctl/prodctl/pkg/planning"
	"gitlab.com/prodctl/prodctl/pkg/queue"
)

// Planning configures planning sessions: who works when, and how much of the capacity is planned.
type Planning struct {
	Team  planning.Team
	Share int    // percent of the capacity that is for scheduled work
	Grace int    // working days of a timebox in which an issue may still come in as scheduled
	Theme string // label of the timebox's theme; empty: none

	QuarterStart int // a month in which a quarter begins, from 1 to 12
}

// defaultPlanning returns the handbook's share, the upper end of 50-60 %.
func defaultPlanning() Planning { return Planning{Share: 60, Grace: 1, QuarterStart: 1} }

func (p *Planning) fields() []field {
	return []field{
		key("share", number(1, 100), &p.Share),
		key("people", texts(username), &p.Team.People),
		key("absences", list(mapping(absenceFields)), &p.Team.Absences),
		key("holidays", list(civilDate()), &p.Team.Holidays),
		key("grace", number(0, 100), &p.Grace),
		key("theme", text(labelName), &p.Theme),
		key("quarter_start", number(1, 12), &p.QuarterStart),
	}
}

func absenceFields(a *planning.Absence) []field {
	return []field{
		key("person", text(username), &a.Person).must(),
		key("from", civilDate(), &a.From).must(),
		key("to", civilDate(), &a.To),
	}
}

func civilDate() codec[calendar.Date] {
	return parsed("a date such as 2018-08-24", calendar.ParseDate, calendar.Date.String)
}

// derivePlanning checks the absences: their days, and that they are of people of the team. One without a last day has one day.
func (f *File) derivePlanning(r *reader) {
	team := &f.Planning.Team
	for n := range team.Absences {
		a, at := &team.Absences[n], fmt.Sprintf("planning.absences[%d]", n)
		if _, set := r.places[at+".to"]; !set {
			a.To = a.From
		}
		switch {
		case a.To.Before(a.From) && !a.To.IsZero():
			r.faultAt(at+".to", "%s.to: %s is before %s", at, a.To, a.From)
		case a.Person == "" || slices.Contains(team.People, a.Person):
		case len(team.People) == 0:
			r.faultAt(at+".person", "%s.person: planning.people is missing", at)
		default:
			r.faultAt(at+".person", "%s.person: %s is not in planning.people%s", at, quote(a.Person), didYouMean(a.Person, team.People))
		}
	}
}

// Requests configures who is asked when somebody requests work.
type Requests struct {
	Managers []string // user names; with several, each has a week in turn
}

func (q *Requests) fields() []field {
	return []field{key("managers", texts(username), &q.Managers)}
}

// Queue configures how trackers are merged.
type Queue struct {
	Labels queue.Mapping // labels of trackers that are merged, by their old name
}

func (q *Queue) fields() []field {
	return []field{{key: "labels", read: q.labels, value: func() any { return sortedPairs(q.Labels, func(s string) any { return s }) }}}
}

// labels reads the mapping. An empty name leaves a label behind.
func (q *Queue) labels(r *reader, at string, n *yaml.Node) {
	q.Labels = queue.Mapping{}
	r.entries(at, n, func(at string, key, value *yaml.Node) {
		if _, err := labelName(key.Value); err != nil {
			r.fault(key, "%s", err)
			return
		}
		text(mappedLabel).into(func(s string) { q.Labels[key.Value] = s })(r, at, value)
	})
}

func mappedLabel(s string) (string, error) {
	if s == "" {
		return s, nil
	}
	return labelName(s)
}

// Rad configures restore drills (handbook, "R.A.D. - Restore Appreciation Days").
type Rad struct {
	Rule     drill.Rule
	People   []string // user names, who take turns; empty: the team, or else who is on call
	Targets  []drill.Target
	Label    string        // of the issues of drills
	Template string        // path of the description, relative to the file; empty: built in
	Within   time.Duration // in which every target has to be tested; whole days
}

// defaultRad returns the handbook's rule: the second day of every month.
func defaultRad() Rad {
	return Rad{Rule: drill.Handbook(), Label: "restore drill", Within: drill.Month}
}

func (d *Rad) fields() []field {
	return []field{
		key("rule", parsed("a rule such as day:2", drill.ParseRule, drill.Rule.String), &d.Rule),
		key("people", texts(username), &d.People),
		key("targets", list(mapping(radTargetFields(distinct(targetName)))), &d.Targets),
		key("label", text(labelName), &d.Label),
		key("template", text(templateFile), &d.Template),
		key("within", parsed("a number of days such as 35d", parseWindow, formatWindow), &d.Within),
	}
}

func radTargetFields(name func(string) (string, error)) func(*drill.Target) []field {
	return func(t *drill.Target) []field {
		return []field{
			key("name", text(name), &t.Name).must(),
			key("kind", text(title), &t.Kind),
			key("size", parsed("a size such as 412GiB", drill.ParseSize, drill.Size.String), &t.Size),
			key("verify", text(trimmed), &t.Verify),
		}
	}
}

func targetName(s string) (string, error) {
	if s = strings.TrimSpace(s); !drill.IsName(s) {
		return "", fmt.Errorf("invalid name %s (use letters, digits, dots and dashes, such as db-main)", quote(s))
	}
	return s, nil
}
