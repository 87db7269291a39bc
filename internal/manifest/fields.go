package manifest

import (
	"fmt"
	"html"
	"path/filepath"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // time zones for systems that have none, such as a bare container
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/host"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/lock"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// fields returns the keys of the file.
func (f *File) fields() []field {
	return slices.Concat(
		[]field{
			{key: "version", read: version}, key("host", text(host.Parse), &f.Host), key("web_hosts", texts(host.Parse), &f.WebHosts),
			f.trackers(), f.trackerIDs(),
		},
		[]field{
			key("timezone", zone((*time.Location).String), &f.Timezone),
			key("times", word(TimesUTC, TimesTeam), &f.Times),
			nested("milestones", f.Milestones.fields),
			nested("labels", f.Labels.fields),
			nested("board", f.Board.fields),
			nested("incidents", f.Incidents.fields),
			nested("alerts", func() []field { return alertFields(&f.Alerts) }),
			nested("changes", f.Changes.fields),
			datedKey("locks", mapping(lockFields), &f.locks, &f.Locks, func(l lock.Lock) (from, to time.Time) { return l.From, l.To }),
			nested("approvals", func() []field { return approvalFields(&f.Approvals) }),
			nested("oncall", f.oncallFields),
			nested("handoff", f.Handoff.fields),
			nested("budget", f.Budget.fields),
			nested("report", f.Report.fields),
			nested("planning", f.Planning.fields),
			nested("requests", f.Requests.fields),
			nested("queue", f.Queue.fields),
			nested("rad", f.Rad.fields),
			nested("readiness", f.Readiness.fields),
			nested("lint", f.Lint.fields),
			key("hooks", list(mapping(hookFields)), &f.Hooks),
		}, f.settings())
}

// settings returns the flat keys that flags and the environment can override, except the host and the time zone.
func (f *File) settings() []field {
	return []field{
		key("output", word(Outputs()...), &f.Output),
		key("color", word(Colors()...), &f.Color),
		key("timeout", parsed("a duration such as 90s or 10m", ParseDuration, FormatDuration), &f.Timeout),
		key("parallel", number(1, MaxParallel), &f.Parallel),
		key("ca_file", text(filePath), &f.CAFile),
		key("token_file", text(filePath), &f.TokenFile),
		key("allow_http", boolean(), &f.AllowHTTP),
	}
}

// version checks the version of the format, so that later formats can be recognized.
func version(r *reader, at string, n *yaml.Node) {
	if v, ok := number(0, 1<<31-1).read(r, at, n); ok && v != Version {
		r.fault(n, "unknown version %d: this prodctl reads version %d", v, Version)
	}
}

func (f *File) trackers() field {
	keep := func(_ *reader, _, name string, _ *yaml.Node, path string) {
		f.Trackers = append(f.Trackers, Tracker{Name: name, Project: target.ProjectAt(path)})
	}
	return wordsKey("trackers", "a tracker", fullPath(target.Project), keep, func() (out pairs) {
		for _, t := range f.Trackers {
			out = append(out, Setting{t.Name, t.Project.Path})
		}
		return out
	})
}

// trackerIDs are kept until all trackers are known.
func (f *File) trackerIDs() field {
	keep := func(_ *reader, _, name string, _ *yaml.Node, id int) {
		f.ids = append(f.ids, Setting{name, id})
	}
	return wordsKey("tracker_ids", "a tracker", number(1, 1<<53), keep, func() (out pairs) {
		for _, t := range f.Trackers {
			if t.ID != 0 {
				out = append(out, Setting{t.Name, int(t.ID)})
			}
		}
		return out
	})
}

func (m *Milestones) fields() []field {
	return []field{
		key("scope", word(target.Project, target.Group), &m.Scope),
		key("group", fullPath(target.Group), &m.Group),
		key("anchor", parsed("a date such as 2018-08-13", calendar.ParseDate, calendar.Date.String), &m.Cadence.Anchor),
		key("length", number(2, 364), &m.Cadence.Length),
		key("every", number(7, 364), &m.Cadence.Every),
		key("current", text(title), &m.Names.Current),
		key("next", text(title), &m.Names.Next),
		key("dated_name", textOf[milestone.Template](template), &m.Names.Dated),
		key("archive_title", textOf[milestone.Template](archive), &m.Names.Archive),
		key("carry_over", parsed("a word", milestone.ParseCarryOver, asText), &m.CarryOver),
		key("carried_label", text(labelName), &m.CarriedLabel),
	}
}

func (l *Labels) fields() []field {
	return []field{
		key("builtin", boolean(), &l.Builtin),
		{key: "names", read: l.spelling, value: func() any { return sortedPairs(l.Names, func(s string) any { return s }) }},
		key("declare", list(mapping(declaredFields)), (*[]label.Declared)(&l.Declare)),
	}
}

func declaredFields(d *label.Declared) []field {
	return []field{
		key("name", text(labelName), &d.Name).must(),
		key("color", text(label.NormalizeColor), &d.Color),
		key("description", text(verbatim), &d.Description),
		key("priority", optional(number(0, 1<<31-1)), &d.Priority),
		key("renamed_from", list(text(labelName)), &d.RenamedFrom),
		key("scope", word(label.InProject, label.InGroup), &d.Scope),
	}
}

func (b *Board) fields() []field {
	return []field{
		key("name", text(title), &b.Name), key("columns", list(mapping(columnFields)), &b.Columns), key("start", text(title), &b.Start),
		key("waiting", text(title), &b.Waiting),
	}
}

func columnFields(c *Column) []field {
	return []field{
		key("name", text(title), &c.Name).must(), key("label", text(labelName), &c.Label), key("limit", number(0, 1000), &c.Limit),
	}
}

// Known returns the full names of all keys of a file, in order. "labels.declare[].name" is the key name of each item of the list
// labels.declare, and "changes.approvers.*.users" the key users of each entry of changes.approvers.
func Known() []string {
	f := Defaults()
	return names("", f.fields())
}

func names(above string, fields []field) []string {
	var out []string
	for _, f := range fields {
		out = append(out, above+f.key)
		out = append(out, names(above+f.key+f.items+".", f.keysBelow())...)
	}
	return out
}

func (l *Labels) spelling(r *reader, at string, n *yaml.Node) {
	l.Names = label.Spelling{}
	r.entries(at, n, func(at string, key, value *yaml.Node) {
		if len((label.Spelling{key.Value: ""}).Unknown()) > 0 {
			r.fault(key, "unknown built-in label %s%s", quote(key.Value), didYouMean(key.Value, builtinNames()))
			return
		}
		text(labelName).into(func(s string) { l.Names[key.Value] = s })(r, at, value)
	})
}

func builtinNames() []string {
	var names []string
	for _, d := range label.Builtin() {
		names = append(names, d.Name)
	}
	return names
}

// MaxParallel is the largest number of parallel requests that can be configured: any GitLab answers more with 429.
const MaxParallel = 64

// ParseDuration parses a time limit such as 90s or 10m; 0 means none.
func ParseDuration(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	switch {
	case err != nil:
		return 0, fmt.Errorf("invalid duration %s (use 90s or 10m)", quote(s))
	case d < 0:
		return 0, fmt.Errorf("negative duration %s", quote(s))
	}
	return d, nil
}

// FormatDuration formats a time limit without zero parts: 10m, not 10m0s.
func FormatDuration(d time.Duration) string {
	s := d.String()
	for _, rest := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(s, rest) {
			s = s[:len(s)-2]
		}
	}
	return s
}

// ParseZone parses the name of a time zone such as Europe/Berlin. Local, the zone of the machine, is refused: a team's dates must
// be the same on every machine.
func ParseZone(s string) (*time.Location, error) {
	if s != "" && !strings.EqualFold(s, "local") {
		if loc, err := time.LoadLocation(s); err == nil {
			return loc, nil
		}
	}
	return nil, fmt.Errorf("invalid time zone %s (use a name such as UTC or Europe/Berlin)", quote(s))
}

func verbatim(s string) (string, error) { return s, nil }

func filePath(s string) (string, error) {
	if strings.TrimSpace(s) == "" {
		return "", fmt.Errorf("the path is empty")
	}
	return filepath.Clean(s), nil
}

// title refuses names that GitLab would change, or that cannot be used in a quick action such as
// /milestone %"Current Milestone".
func title(s string) (string, error) {
	s = strings.TrimSpace(s)
	switch {
	case s == "":
		return "", fmt.Errorf("the name is empty")
	case utf8.RuneCountInString(s) > 255:
		return "", fmt.Errorf("the name has %d characters, but GitLab allows 255", utf8.RuneCountInString(s))
	case strings.ContainsAny(s, `"<>`):
		return "", fmt.Errorf(`%s contains " < or >, which GitLab changes or cannot quote`, quote(s))
	case html.UnescapeString(s) != s:
		return "", fmt.Errorf("%s contains an HTML entity, which GitLab changes to %s", quote(s), quote(html.UnescapeString(s)))
	case strings.EqualFold(s, "none"), strings.EqualFold(s, "any"):
		return "", fmt.Errorf("GitLab cannot list the issues of a milestone called %s", quote(s))
	}
	return s, nil
}

func template(s string) (string, error) {
	s, err := title(s)
	if err != nil {
		return "", err
	}
	return s, milestone.Template(s).Validate()
}

// archive accepts "dated", which is replaced later, when the dated name is known.
func archive(s string) (string, error) {
	if s == archiveDated {
		return s, nil
	}
	return template(s)
}

// archiveDated is the value of milestones.archive_title that means the dated name.
const archiveDated = "dated"

func labelName(s string) (string, error) {
	s = strings.TrimSpace(s)
	if problem := label.CheckName(s); problem != "" {
		return "", fmt.Errorf("the label name %s %s", quote(s), problem)
	}
	return s, nil
}

func trackerName(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-_") == ""
}
