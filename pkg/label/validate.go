package label

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// MaxName is how many characters GitLab takes for a label's name.
const MaxName = 255

// Fault is one thing wrong with a declared set. Index is the label's place in the set.
type Fault struct {
	Index int
	Field string // "name", "color", "description", "priority", "renamed_from", "scope"
	Text  string // lower case, no full stop
}

func (f Fault) Error() string { return f.Text }

// Normalize gives the set as GitLab will keep it, names and descriptions trimmed and colours as #rrggbb,
// and every fault at once. The set is usable only when there is none.
func (s Set) Normalize() (Set, []Fault) {
	out := make(Set, len(s))
	var faults []Fault
	for i, d := range s {
		d.Name = strings.TrimSpace(d.Name)
		d.Description = strings.TrimSpace(d.Description)
		d.RenamedFrom = trimmed(d.RenamedFrom)
		report := func(field, format string, args ...any) {
			faults = append(faults, Fault{i, field, fmt.Sprintf(format, args...)})
		}
		d.check(report)
		if d.Color != "" {
			c, err := NormalizeColor(d.Color)
			if err != nil {
				report("color", "%s: %v", d.Name, err)
			}
			d.Color = c
		}
		out[i] = d
	}
	return out, append(faults, out.duplicates()...)
}

// Validate lists every fault of the set.
func (s Set) Validate() []Fault {
	_, faults := s.Normalize()
	return faults
}

func (d Declared) check(report func(field, format string, args ...any)) {
	if why := CheckName(d.Name); why != "" {
		report("name", "label name %q %s", d.Name, why)
	}
	for _, was := range d.RenamedFrom {
		if why := CheckName(was); why != "" {
			report("renamed_from", "old name %q of %s %s", was, d.Name, why)
		}
	}
	if marked(d.Description) {
		report("description", "the description of %s holds an HTML tag or entity, which GitLab takes out or changes", d.Name)
	}
	if d.Priority != nil && *d.Priority < 0 {
		report("priority", "the priority of %s is %d: the highest is 0", d.Name, *d.Priority)
	}
	switch d.Scope {
	case Anywhere, InProject, InGroup:
	default:
		report("scope", "the scope of %s is %q: it can be project or group", d.Name, string(d.Scope))
	}
}

// clashes finds names declared twice, and old names that are somebody else's.
func (s Set) duplicates() []Fault {
	var faults []Fault
	names := map[string]int{}
	for i, d := range s {
		if _, twice := names[d.Name]; twice {
			faults = append(faults, Fault{i, "name", fmt.Sprintf("label %s is declared twice", d.Name)})
			continue
		}
		names[d.Name] = i
	}
	owner := map[string]int{}
	for i, d := range s {
		for _, was := range d.RenamedFrom {
			if _, declared := names[was]; declared {
				faults = append(faults, Fault{i, "renamed_from",
					fmt.Sprintf("%s is an old name of %s and declared as a label too", was, d.Name)})
			}
			if first, twice := owner[was]; twice {
				faults = append(faults, Fault{i, "renamed_from",
					fmt.Sprintf("%s is an old name of both %s and %s", was, s[first].Name, d.Name)})
				continue
			}
			owner[was] = i
		}
	}
	return faults
}

// markup matches what GitLab's clean-up of names and descriptions would take out or turn into something else;
// such a text would differ from its declaration for ever.
var markup = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`<[A-Za-z/!?]|&(?:[A-Za-z][A-Za-z0-9]*|#[0-9]+|#[xX][0-9A-Fa-f]+);`)
})

// marked reports whether a text holds such a thing. Most hold neither sign, and need no closer look.
func marked(text string) bool { return strings.ContainsAny(text, "<&") && markup().MatchString(text) }

// CheckName says what is wrong with a label's name, empty when nothing is. The name is taken as trimmed.
func CheckName(name string) string {
	switch {
	case strings.TrimSpace(name) == "":
		return "is blank"
	case strings.Contains(name, ","):
		return "holds a comma, which parts labels from each other everywhere in GitLab"
	case utf8.RuneCountInString(name) > MaxName:
		return fmt.Sprintf("has %d characters: GitLab takes %d", utf8.RuneCountInString(name), MaxName)
	case !utf8.ValidString(name):
		return "is not UTF-8"
	case strings.ContainsFunc(name, unicode.IsControl):
		return "holds a control character"
	case marked(name):
		return "holds an HTML tag or entity, which GitLab takes out or changes"
	case strings.EqualFold(name, "none"), strings.EqualFold(name, "any"):
		return "means something else in GitLab's filters, so that its issues could not be listed"
	}
	return ""
}

// NormalizeColor turns #abc and #AABBCC into #aabbcc. Names of colours are refused:
// GitLab keeps their number, which would have to be looked up to compare.
func NormalizeColor(s string) (string, error) {
	c := strings.ToLower(strings.TrimSpace(s))
	digits, ok := strings.CutPrefix(c, "#")
	if !ok || len(digits) != 3 && len(digits) != 6 || strings.Trim(digits, "0123456789abcdef") != "" {
		return "", fmt.Errorf("%q is no colour: write it as #rrggbb, in quotes", s)
	}
	if len(c) == 4 {
		c = string([]byte{'#', c[1], c[1], c[2], c[2], c[3], c[3]})
	}
	return c, nil
}

func trimmed(names []string) []string {
	var out []string
	for _, n := range names {
		out = append(out, strings.TrimSpace(n))
	}
	return out
}
