package manifest

import (
	"fmt"
	"html"
	"path/filepath"
	"strings"
	"time"
	_ "time/tzdata" // time zones also where the system brings none, such as in a bare container
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// fields are the keys of the file.
func (f *File) fields() []field {
	f.shifts.schedule = &f.Oncall
	return append([]field{
		{key: "version", read: version},
		{key: "trackers", read: byWord("a tracker", f.tracker)},
		nested("milestones", f.Milestones.fields()),
		nested("labels", f.Labels.fields()),
		nested("board", f.Board.fields()),
		nested("incidents", f.Incidents.fields()),
		nested("changes", f.Changes.fields()),
		{key: "locks", read: list(f.lock), below: new(lockText).fields(), items: itemsOfList},
		nested("approvals", approvals{&f.Approvals}.fields()),
		nested("oncall", f.shifts.fields()),
		nested("handoff", f.Handoff.fields()),
		nested("budget", f.Budget.fields()),
	}, f.settings()...)
}

// settings are the flat keys, which flags and the environment can say as well.
func (f *File) settings() []field {
	return []field{
		{key: "host", read: text(ParseHost, func(s string) { f.Host = s })},
		{key: "timezone", read: parsed("the name of a time zone", ParseZone, func(l *time.Location) { f.Timezone = l })},
		{key: "output", read: word(Outputs(), func(s string) { f.Output = s })},
		{key: "color", read: word(Colors(), func(s string) { f.Color = s })},
		{key: "timeout", read: parsed("a duration such as 90s or 10m", ParseDuration, func(d time.Duration) { f.Timeout = d })},
		{key: "parallel", read: number(1, MaxParallel, func(n int) { f.Parallel = n })},
		{key: "ca_file", read: text(filePath, func(s string) { f.CAFile = s })},
		{key: "token_file", read: text(filePath, func(s string) { f.TokenFile = s })},
		{key: "allow_http", read: boolean(func(b bool) { f.AllowHTTP = b })},
	}
}

func (m *Milestones) fields() []field {
	scopes := []string{string(target.Project), string(target.Group)}
	return []field{
		{key: "scope", read: word(scopes, func(s string) { m.Scope = target.Kind(s) })},
		{key: "group", read: fullPath(target.Group, func(t target.Target) { m.Group = t.Path })},
		{key: "anchor", read: parsed("a date such as 2018-08-13", calendar.ParseDate, func(d calendar.Date) { m.Cadence.Anchor = d })},
		{key: "length", read: number(2, 364, func(n int) { m.Cadence.Length = n })},
		{key: "every", read: number(7, 364, func(n int) { m.Cadence.Every = n })},
		{key: "current", read: text(title, func(s string) { m.Names.Current = s })},
		{key: "next", read: text(title, func(s string) { m.Names.Next = s })},
		{key: "dated_name", read: text(template, func(s string) { m.Names.Dated = milestone.Template(s) })},
		{key: "archive_title", read: text(archive, func(s string) { m.Names.Archive = milestone.Template(s) })},
		{key: "carry_over", read: parsed("a word", milestone.ParseCarryOver, func(c milestone.CarryOver) { m.CarryOver = c })},
		{key: "carried_label", read: text(labelName, func(s string) { m.CarriedLabel = s })},
	}
}

func (l *Labels) fields() []field {
	return []field{
		{key: "builtin", read: boolean(func(b bool) { l.Builtin = b })},
		{key: "names", read: l.spelling},
		{key: "declare", read: list(l.declaration), below: declaredFields(new(label.Declared)), items: itemsOfList},
	}
}

func declaredFields(d *label.Declared) []field {
	scopes := []string{string(label.InProject), string(label.InGroup)}
	return []field{
		{key: "name", read: text(labelName, func(s string) { d.Name = s })},
		{key: "color", read: text(label.NormalizeColor, func(s string) { d.Color = s })},
		{key: "description", read: text(verbatim, func(s string) { d.Description = s })},
		{key: "priority", read: number(0, 1<<31-1, func(n int) { d.Priority = &n })},
		{key: "was", read: list(text(labelName, func(s string) { d.Was = append(d.Was, s) }))},
		{key: "scope", read: word(scopes, func(s string) { d.Scope = label.Scope(s) })},
	}
}

func (b *Board) fields() []field {
	return []field{
		{key: "name", read: text(title, func(s string) { b.Name = s })},
		{key: "columns", read: b.columns, below: columnFields(new(Column)), items: itemsOfList},
	}
}

func columnFields(c *Column) []field {
	return []field{
		{key: "name", read: text(title, func(s string) { c.Name = s })},
		{key: "label", read: text(labelName, func(s string) { c.Label = s })},
		{key: "limit", read: number(0, 1000, func(n int) { c.Limit = n })},
	}
}

// version comes first in a file so that a later form can be told from this one.
func version(r *reader, at string, n *yaml.Node) {
	number(0, 1<<31-1, func(v int) {
		if v != Version {
			r.fault(n, "version %d is not known: this prodctl reads version %d", v, Version)
		}
	})(r, at, n)
}

func nested(key string, fields []field) field {
	return field{key: key, read: mapping(fields...), below: fields}
}

// What the full names of keys have for each item of a list, and for each word of a team's own.
const (
	itemsOfList = "[]"
	itemsOfMap  = ".*"
)

// Known lists the full names of all keys that a file may hold, in the order of its parts;
// "labels.declare[].name" is the key name of each item of the list labels.declare, and "changes.approvers.*.users" the
// key users below each of the team's own words in changes.approvers.
func Known() []string {
	f := Defaults()
	return names("", f.fields())
}

func names(above string, fields []field) []string {
	var out []string
	for _, f := range fields {
		out = append(out, above+f.key)
		out = append(out, names(above+f.key+f.items+".", f.below)...)
	}
	return out
}

func (f *File) tracker(r *reader, at, name string, n *yaml.Node) {
	fullPath(target.Project, func(t target.Target) {
		f.Trackers = append(f.Trackers, Tracker{name, t})
	})(r, at, n)
}

func (l *Labels) spelling(r *reader, at string, n *yaml.Node) {
	l.Names = label.Spelling{}
	r.entries(at, n, func(at string, key, value *yaml.Node) {
		if len((label.Spelling{key.Value: ""}).Unknown()) > 0 {
			r.fault(key, "%s is no built-in label%s", quote(key.Value), didYouMean(key.Value, builtinNames()))
			return
		}
		text(labelName, func(s string) { l.Names[key.Value] = s })(r, at, value)
	})
}

func (l *Labels) declaration(r *reader, at string, n *yaml.Node) {
	var d label.Declared
	mapping(declaredFields(&d)...)(r, at, n)
	r.require(at, "name", n)
	l.Declare = append(l.Declare, d)
}

func (b *Board) columns(r *reader, at string, n *yaml.Node) {
	b.Columns = nil
	list(func(r *reader, at string, n *yaml.Node) {
		var c Column
		mapping(columnFields(&c)...)(r, at, n)
		r.require(at, "name", n)
		if c.Label == "" {
			c.Label = c.Name
		}
		b.Columns = append(b.Columns, c)
	})(r, at, n)
}

func builtinNames() []string {
	var names []string
	for _, d := range label.Builtin() {
		names = append(names, d.Name)
	}
	return names
}

// MaxParallel is how many requests at once may be asked for: more is answered with 429 anywhere.
const MaxParallel = 64

// ParseDuration reads a time limit such as 90s or 10m; 0 means none.
func ParseDuration(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	switch {
	case err != nil:
		return 0, fmt.Errorf("%s is no duration: write it as 90s or 10m", quote(s))
	case d < 0:
		return 0, fmt.Errorf("%s is negative", quote(s))
	}
	return d, nil
}

// FormatDuration writes a time limit as people do: 10m, not 10m0s.
func FormatDuration(d time.Duration) string {
	s := d.String()
	for _, rest := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(s, rest) {
			s = s[:len(s)-2]
		}
	}
	return s
}

// ParseZone reads the name of a time zone as in Europe/Berlin. The machine's own, Local, is refused:
// a team's dates must be the same on every machine.
func ParseZone(s string) (*time.Location, error) {
	if s == "" || strings.EqualFold(s, "local") {
		return nil, fmt.Errorf("%s is no time zone: name one, such as UTC or Europe/Berlin", quote(s))
	}
	loc, err := time.LoadLocation(s)
	if err != nil {
		return nil, fmt.Errorf("%s is no time zone that is known here: name one such as UTC or Europe/Berlin", quote(s))
	}
	return loc, nil
}

func fullPath(kind target.Kind, take func(target.Target)) reading {
	return parsed("a path", func(s string) (target.Target, error) { return target.ParsePath(kind, s) }, take)
}

func verbatim(s string) (string, error) { return s, nil }

func filePath(s string) (string, error) {
	if strings.TrimSpace(s) == "" {
		return "", fmt.Errorf("the path is empty")
	}
	return filepath.Clean(s), nil
}

// title checks a name that GitLab would otherwise change, or that could not be written in a quick action
// such as /milestone %"Current Milestone".
func title(s string) (string, error) {
	s = strings.TrimSpace(s)
	switch {
	case s == "":
		return "", fmt.Errorf("the name is empty")
	case utf8.RuneCountInString(s) > 255:
		return "", fmt.Errorf("the name has %d characters: GitLab takes 255", utf8.RuneCountInString(s))
	case strings.ContainsAny(s, `"<>`):
		return "", fmt.Errorf(`%s holds one of " < >, which GitLab changes or cannot quote`, quote(s))
	case html.UnescapeString(s) != s:
		return "", fmt.Errorf("%s holds an entity, which GitLab turns into %s", quote(s), quote(html.UnescapeString(s)))
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

// archive leaves "dated" for later, when the dated name is known.
func archive(s string) (string, error) {
	if s == archiveDated {
		return s, nil
	}
	return template(s)
}

// archiveDated as milestones.archive_title means the dated name.
const archiveDated = "dated"

func labelName(s string) (string, error) {
	s = strings.TrimSpace(s)
	if why := label.CheckName(s); why != "" {
		return "", fmt.Errorf("the label name %s %s", quote(s), why)
	}
	return s, nil
}

func trackerName(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-_") == ""
}
