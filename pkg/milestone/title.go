package milestone

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// Template is a milestone title with placeholders for a timebox: {month} (English name of the month in which it ends), {n} (its number
// in that month), {date} (its last day, YYYY-MM-DD), {start} (its first day) and {year} (of its last day).
type Template string

// The handbook's two names for a timebox: the title of a finished milestone by its rule, and the dated name of its example,
// "August Milestone 2 - ending 2018-08-24".
const (
	ArchiveByDate Template = "{date} Milestone"
	Dated         Template = "{month} Milestone {n} - ending {date}"
)

var placeholder = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\{[^{}]*\}`) })

// Validate returns an error for an unknown placeholder, and for a template that gives two timeboxes the same title.
func (t Template) Validate() error {
	if strings.TrimSpace(string(t)) == "" {
		return fmt.Errorf("the title template is empty")
	}
	for _, p := range placeholder().FindAllString(string(t), -1) {
		switch p {
		case "{month}", "{n}", "{date}", "{start}", "{year}":
		default:
			return fmt.Errorf("unknown placeholder %s in title template %q (use {month}, {n}, {date}, {start} or {year})", p, string(t))
		}
	}
	s := string(t)
	counted := strings.Contains(s, "{year}") && strings.Contains(s, "{month}") && strings.Contains(s, "{n}")
	if !strings.Contains(s, "{date}") && !strings.Contains(s, "{start}") && !counted {
		return fmt.Errorf("title template %q gives two timeboxes the same title: add {date}", s)
	}
	return nil
}

// Of returns the title of a timebox.
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

// patterns caches compiled patterns, because a roll uses each of its templates many times.
var patterns sync.Map

// pattern matches a whole line that is the title of some timebox.
func (t Template) pattern() *regexp.Regexp {
	if known, ok := patterns.Load(t); ok {
		return known.(*regexp.Regexp)
	}
	compiled := t.compile()
	patterns.Store(t, compiled)
	return compiled
}

func (t Template) compile() *regexp.Regexp {
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

// Names holds the titles that a team uses.
type Names struct {
	Current string   // "Current Milestone"
	Next    string   // "Next Milestone"
	Dated   Template // first line in the descriptions of Current and Next
	Archive Template // title of a finished milestone
}

// HandbookNames returns the handbook's titles.
func HandbookNames() Names {
	return Names{Current: "Current Milestone", Next: "Next Milestone", Dated: Dated, Archive: ArchiveByDate}
}

// Describe returns the description with the timebox's dated name on a line of its own. The name is inserted as the first line, or
// replaces another timebox's name at the beginning. Everything else stays as it is: further down, such a name may be part of a text
// that somebody wrote.
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
