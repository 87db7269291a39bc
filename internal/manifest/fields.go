package manifest

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// fields are the keys of the file.
func (f *File) fields() []field {
	return append([]field{
		{"version", number(Version, Version, func(int) {})},
		{"trackers", f.trackers},
		{"milestones", mapping(f.Milestones.fields()...)},
		{"labels", mapping(f.Labels.fields()...)},
		{"board", mapping(f.Board.fields()...)},
	}, f.settings()...)
}

// settings are the flat keys, which flags and the environment can say as well.
func (f *File) settings() []field {
	return []field{
		{"host", text(ParseHost, func(s string) { f.Host = s })},
		{"timezone", zone(func(l *time.Location) { f.Timezone = l })},
		{"output", word(Outputs(), func(s string) { f.Output = s })},
		{"color", word(Colors(), func(s string) { f.Color = s })},
		{"timeout", duration(func(d time.Duration) { f.Timeout = d })},
		{"parallel", number(1, MaxParallel, func(n int) { f.Parallel = n })},
		{"ca_file", text(path, func(s string) { f.CAFile = s })},
		{"token_file", text(path, func(s string) { f.TokenFile = s })},
		{"allow_http", boolean(func(b bool) { f.AllowHTTP = b })},
	}
}

func (m *Milestones) fields() []field {
	return []field{
		{"scope", word([]string{string(target.Project), string(target.Group)}, func(s string) { m.Scope = target.Kind(s) })},
		{"group", fullPath(target.Group, func(t target.Target) { m.Group = t.Path })},
		{"anchor", date(func(d calendar.Date) { m.Cadence.Anchor = d })},
		{"length", number(2, 366, func(n int) { m.Cadence.Length = n })},
		{"every", number(7, 364, func(n int) { m.Cadence.Every = n })},
		{"current", text(title, func(s string) { m.Names.Current = s })},
		{"next", text(title, func(s string) { m.Names.Next = s })},
		{"dated_name", text(template, func(s string) { m.Names.Dated = milestone.Template(s) })},
		{"archive_title", text(archive, func(s string) { m.Names.Archive = milestone.Template(s) })},
		{"carry_over", text(carryOver, func(s string) { m.CarryOver = milestone.CarryOver(s) })},
		{"carried_label", text(labelName, func(s string) { m.CarriedLabel = s })},
	}
}

func (l *Labels) fields() []field {
	return []field{
		{"builtin", boolean(func(b bool) { l.Builtin = b })},
		{"names", l.spelling},
		{"declare", list(l.declaration)},
	}
}

func declaredFields(d *label.Declared) []field {
	return []field{
		{"name", text(verbatim, func(s string) { d.Name = s })},
		{"color", text(verbatim, func(s string) { d.Color = s })},
		{"description", text(verbatim, func(s string) { d.Description = s })},
		{"priority", number(0, 1<<31-1, func(n int) { d.Priority = &n })},
		{"was", list(text(verbatim, func(s string) { d.Was = append(d.Was, s) }))},
		{"scope", word([]string{string(label.InProject), string(label.InGroup)}, func(s string) { d.Scope = label.Scope(s) })},
	}
}

func (b *Board) fields() []field {
	return []field{
		{"name", text(title, func(s string) { b.Name = s })},
		{"columns", b.columns},
	}
}

func columnFields(c *Column) []field {
	return []field{
		{"name", text(title, func(s string) { c.Name = s })},
		{"label", text(labelName, func(s string) { c.Label = s })},
		{"limit", number(0, 1000, func(n int) { c.Limit = n })},
	}
}

func (f *File) trackers(r *reader, at string, n *yaml.Node) {
	r.entries(at, n, func(at string, key, value *yaml.Node) {
		if !trackerName(key.Value) {
			r.fault(key, "%s is no name for a tracker: use small letters, digits, - and _", quote(key.Value))
			return
		}
		fullPath(target.Project, func(t target.Target) {
			f.Trackers = append(f.Trackers, Tracker{key.Value, t})
		})(r, at, value)
	})
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
	l.Declare = append(l.Declare, d)
}

func (b *Board) columns(r *reader, at string, n *yaml.Node) {
	b.Columns = nil
	list(func(r *reader, at string, n *yaml.Node) {
		var c Column
		mapping(columnFields(&c)...)(r, at, n)
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

func zone(take func(*time.Location)) reading {
	return func(r *reader, at string, n *yaml.Node) {
		var loc *time.Location
		check := func(s string) (_ string, err error) {
			loc, err = ParseZone(s)
			return s, err
		}
		text(check, func(string) { take(loc) })(r, at, n)
	}
}

func fullPath(kind target.Kind, take func(target.Target)) reading {
	return func(r *reader, at string, n *yaml.Node) {
		var t target.Target
		check := func(s string) (_ string, err error) {
			t, err = target.ParsePath(kind, s)
			return s, err
		}
		text(check, func(string) { take(t) })(r, at, n)
	}
}

func verbatim(s string) (string, error) { return s, nil }

func path(s string) (string, error) {
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
	}
	return s, nil
}

func template(s string) (string, error) {
	if _, err := title(s); err != nil {
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

func carryOver(s string) (string, error) {
	c, err := milestone.ParseCarryOver(s)
	return string(c), err
}

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
