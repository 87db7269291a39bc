package label

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// MaxName is the maximum length of a label's name in GitLab, in characters.
const MaxName = 255

// Fault is one error in a declared set. Index is the label's position in the set.
type Fault struct {
	Index int
	Field string // "name", "color", "description", "priority", "renamed_from", "scope"
	Text  string // lower case, no full stop
}

// Error returns the text.
func (f Fault) Error() string { return f.Text }

// Normalize returns the set as GitLab stores it, with trimmed names and descriptions and colors as #rrggbb, and all faults. The set is
// usable only without faults.
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

// Validate returns all faults of the set.
func (s Set) Validate() []Fault {
	_, faults := s.Normalize()
	return faults
}

func (d Declared) check(report func(field, format string, args ...any)) {
	if problem := CheckName(d.Name); problem != "" {
		report("name", "label name %q %s", d.Name, problem)
	}
	for _, oldName := range d.RenamedFrom {
		if problem := CheckName(oldName); problem != "" {
			report("renamed_from", "old name %q of %s %s", oldName, d.Name, problem)
		}
	}
	if marked(d.Description) {
		report("description", "the description of %s contains an HTML tag or entity, which GitLab removes or changes", d.Name)
	}
	if d.Priority != nil && *d.Priority < 0 {
		report("priority", "invalid priority %d of %s (use 0 for the highest, or more)", *d.Priority, d.Name)
	}
	switch d.Scope {
	case Anywhere, InProject, InGroup:
	default:
		report("scope", "invalid scope %q of %s (use project or group)", string(d.Scope), d.Name)
	}
}

// duplicates finds names that are declared twice, and old names that another label uses.
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
		for _, oldName := range d.RenamedFrom {
			if _, declared := names[oldName]; declared {
				faults = append(faults, Fault{i, "renamed_from",
					fmt.Sprintf("%s is an old name of %s and also declared as a label", oldName, d.Name)})
			}
			if first, twice := owner[oldName]; twice {
				faults = append(faults, Fault{i, "renamed_from",
					fmt.Sprintf("%s is an old name of both %s and %s", oldName, s[first].Name, d.Name)})
				continue
			}
			owner[oldName] = i
		}
	}
	return faults
}

// markup matches what GitLab removes from names and descriptions or replaces in them. Such a text would always differ from its
// declaration.
var markup = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`<[A-Za-z/!?]|&(?:[A-Za-z][A-Za-z0-9]*|#[0-9]+|#[xX][0-9A-Fa-f]+);`)
})

// marked reports whether a text contains markup. Most texts contain neither character and need no match.
func marked(text string) bool { return strings.ContainsAny(text, "<&") && markup().MatchString(text) }

// CheckName returns what is wrong with a label's name, as the end of a sentence, or the empty string. The name must be trimmed.
func CheckName(name string) string {
	switch {
	case strings.TrimSpace(name) == "":
		return "is blank"
	case strings.Contains(name, ","):
		return "contains a comma, which separates labels in GitLab"
	case utf8.RuneCountInString(name) > MaxName:
		return fmt.Sprintf("has %d characters (the maximum is %d)", utf8.RuneCountInString(name), MaxName)
	case !utf8.ValidString(name):
		return "is not UTF-8"
	case strings.ContainsFunc(name, unicode.IsControl):
		return "contains a control character"
	case marked(name):
		return "contains an HTML tag or entity, which GitLab removes or changes"
	case strings.EqualFold(name, "none"), strings.EqualFold(name, "any"):
		return "is a keyword in GitLab's filters, so its issues could not be listed"
	}
	return ""
}

// NormalizeColor turns #abc and #AABBCC into #aabbcc. Color names are refused, because GitLab stores them as numbers, which would have
// to be looked up for a comparison.
func NormalizeColor(s string) (string, error) {
	c := strings.ToLower(strings.TrimSpace(s))
	digits, ok := strings.CutPrefix(c, "#")
	if !ok || len(digits) != 3 && len(digits) != 6 || strings.Trim(digits, "0123456789abcdef") != "" {
		return "", fmt.Errorf("invalid color %q (use the form \"#rrggbb\", in quotes)", s)
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
