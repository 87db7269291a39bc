package manifest

import (
	"fmt"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// Where the notes of hand-offs go.
const (
	LogWeek  = "week"  // an issue for each week
	LogShift = "shift" // an issue for each shift
	LogIssue = "issue" // one that is named
)

// Handoff says where this team keeps its on-call log (handbook, "Issue or Outage Hand-off").
type Handoff struct {
	Log          string // LogWeek, LogShift or LogIssue
	Issue        string // of LogIssue, as people name issues
	Project      string // the tracker of the log, by its name
	Confidential bool   // the issues of the log are confidential
}

// Budget is for how long production may be down.
type Budget struct {
	SLO    string        // percent, an exact decimal such as 99.95
	Window time.Duration // whole days
}

func defaultHandoff() Handoff { return Handoff{Log: LogWeek, Project: Production} }

// defaultBudget is the handbook's ("uptime above 99.95%"), over four weeks.
func defaultBudget() Budget { return Budget{SLO: "99.95", Window: 28 * 24 * time.Hour} }

func (h *Handoff) fields() []field {
	return []field{
		key("log", word(LogWeek, LogShift, LogIssue), &h.Log),
		key("issue", text(trimmed), &h.Issue),
		key("project", text(tracker), &h.Project),
		key("confidential", boolean(), &h.Confidential),
	}
}

func (b *Budget) fields() []field {
	return []field{
		key("slo", codec[string]{read: parsePercent, say: anything[string]}, &b.SLO),
		key("window", parsed("a number of days such as 28d", parseWindow, formatWindow), &b.Window),
	}
}

func parseWindow(s string) (time.Duration, error) {
	n, err := ParseDays(s)
	return time.Duration(n) * 24 * time.Hour, err
}

func formatWindow(d time.Duration) string { return FormatDays(int(d / (24 * time.Hour))) }

func tracker(s string) (string, error) {
	if !trackerName(s) {
		return "", fmt.Errorf("%s is no name of a tracker: it is a word below trackers", quote(s))
	}
	return s, nil
}

// percent takes a number as it is written, since a binary fraction is not it.
func parsePercent(r *reader, at string, n *yaml.Node) (string, bool) {
	switch tag := n.ShortTag(); {
	case n.Kind != yaml.ScalarNode || tag != "!!str" && tag != "!!float" && tag != "!!int":
		r.fault(n, "%s is a percentage such as 99.95, not %s", name(at), kindOf(n))
	case !isPlainPercent(n.Value) || strings.Trim(n.Value, "0.") == "":
		r.fault(n, "%s: %s is no percentage between 0 and 100 in plain digits: write it as 99.95", name(at), quote(n.Value))
	default:
		return n.Value, true
	}
	return "", false
}

// plainPercent reports whether it is one or two digits, and perhaps a point and up to nine more.
func isPlainPercent(s string) bool {
	whole, fraction, point := strings.Cut(s, ".")
	digits := func(s string, most int) bool { return s != "" && len(s) <= most && strings.Trim(s, "0123456789") == "" }
	return digits(whole, 2) && (!point || digits(fraction, 9))
}

// settleHandoff holds the log to what is named, and to issues that can be.
func (f *File) settleHandoff(r *reader) {
	h := f.Handoff
	told := r.told()
	_, said := r.places["handoff.issue"]
	switch {
	case told("handoff.log", "handoff.issue"):
	case h.Log == LogIssue && !said:
		r.faultAt("handoff.log", "handoff.log is issue, but handoff.issue does not say which")
	case h.Log != LogIssue && said:
		r.faultAt("handoff.issue", "handoff.issue is said, but handoff.log is %s: only with log: issue is one issue the log", h.Log)
	case said:
		if _, err := issue.ParseRef(h.Issue, f.path(h.Project), f.paths()); err != nil {
			r.faultAt("handoff.issue", "handoff.issue: %v", err)
		}
	}
	if _, said := r.places["handoff.project"]; said && h.Project != Production && f.path(h.Project) == "" && !told("handoff.project") {
		var known []string
		for _, t := range f.Trackers {
			known = append(known, t.Name)
		}
		r.faultAt("handoff.project", "handoff.project: %s is not among trackers%s", quote(h.Project), didYouMean(h.Project, known))
	}
}

// path is the full path of a tracker; empty when none has that name.
func (f *File) path(name string) string { return f.paths()[name] }

func (f *File) paths() map[string]string {
	paths := map[string]string{}
	for _, t := range f.Trackers {
		paths[t.Name] = t.Project.Path
	}
	return paths
}
