package milestone

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// Template is a milestone title with placeholders for a timebox:
// {month} (English name of the month it ends in), {n} (ordinal in that month), {date} (its last day, YYYY-MM-DD),
// {start} (its first day) and {year} (of its last day).
type Template string

// The handbook's two names for a timebox: the one a finished milestone gets by the rule it states,
// and the dated one of its example, "August Milestone 2 - ending 2018-08-24".
const (
	ArchiveByDate Template = "{date} Milestone"
	Dated         Template = "{month} Milestone {n} - ending {date}"
)

var placeholder = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\{[^{}]*\}`) })

// Validate reports a placeholder that does not exist, and a template that would give two timeboxes the same title.
func (t Template) Validate() error {
	if strings.TrimSpace(string(t)) == "" {
		return fmt.Errorf("the title template is empty")
	}
	for _, p := range placeholder().FindAllString(string(t), -1) {
		switch p {
		case "{month}", "{n}", "{date}", "{start}", "{year}":
		default:
			return fmt.Errorf("the title template %q has an unknown placeholder %s: there are {month}, {n}, {date}, {start} and {year}",
				string(t), p)
		}
	}
	s := string(t)
	counted := strings.Contains(s, "{year}") && strings.Contains(s, "{month}") && strings.Contains(s, "{n}")
	if !strings.Contains(s, "{date}") && !strings.Contains(s, "{start}") && !counted {
		return fmt.Errorf("the title template %q gives two timeboxes the same title: add {date}", s)
	}
	return nil
}

// Of fills the template in for a timebox of the cadence.
func (t Template) Of(box Timebox, c Cadence) string {
	title := string(t)
	for _, one := range [][2]string{
		{"{month}", box.Due.Month().String()},
		{"{n}", strconv.Itoa(c.Ordinal(box))},
		{"{date}", box.Due.String()},
		{"{start}", box.Start.String()},
		{"{year}", strconv.Itoa(box.Due.Year())},
	} {
		title = strings.ReplaceAll(title, one[0], one[1])
	}
	return title
}

// patterns keeps those that were compiled: a roll asks for each of its templates again and again.
var patterns sync.Map

// pattern matches a whole line that some timebox's title under this template could be.
func (t Template) pattern() *regexp.Regexp {
	if known, ok := patterns.Load(t); ok {
		return known.(*regexp.Regexp)
	}
	made := t.compiled()
	patterns.Store(t, made)
	return made
}

func (t Template) compiled() *regexp.Regexp {
	kinds := map[string]string{"{month}": `[A-Z][a-z]+`, "{n}": `\d+`, "{date}": `\d{4}-\d{2}-\d{2}`, "{start}": `\d{4}-\d{2}-\d{2}`,
		"{year}": `\d{4}`}
	var b strings.Builder
	rest := string(t)
	for _, at := range placeholder().FindAllStringIndex(string(t), -1) {
		done := len(t) - len(rest)
		b.WriteString(regexp.QuoteMeta(string(t)[done:at[0]]))
		b.WriteString(kinds[string(t)[at[0]:at[1]]])
		rest = string(t)[at[1]:]
	}
	b.WriteString(regexp.QuoteMeta(rest))
	return regexp.MustCompile(`^` + b.String() + `$`)
}

// Names are the titles a team uses.
type Names struct {
	Current string   // "Current Milestone"
	Next    string   // "Next Milestone"
	Dated   Template // stands in the description of Current and Next while they run
	Archive Template // the title of a finished one
}

// HandbookNames are the handbook's.
func HandbookNames() Names {
	return Names{Current: "Current Milestone", Next: "Next Milestone", Dated: Dated, Archive: ArchiveByDate}
}

// Describe returns description with the timebox's dated name in a line of its own: put first when it is missing,
// put in place of another timebox's name when one stands at the beginning. Everything else stays as it is: further down
// such a name may be a part of what somebody tells.
func (n Names) Describe(description string, box Timebox, c Cadence) string {
	name := n.Dated.Of(box, c)
	lines := strings.Split(description, "\n")
	first, stale := true, -1
	for i, line := range lines {
		line = strings.TrimSuffix(line, "\r")
		if line == name {
			return description
		}
		if first && n.Dated.pattern().MatchString(line) {
			stale = i
		}
		first = first && strings.TrimSpace(line) == ""
	}
	switch {
	case stale >= 0:
		ending := ""
		if strings.HasSuffix(lines[stale], "\r") {
			ending = "\r"
		}
		lines[stale] = name + ending
		return strings.Join(lines, "\n")
	case strings.TrimSpace(description) == "":
		return name
	}
	return name + "\n\n" + description
}
