package drill

import (
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/record"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

// Title returns the title of a drill's issue.
func Title(o Occurrence) string { return o.Day.String() + titleEnd }

const titleEnd = ": Restore Appreciation Day"

// IsTitle reports whether a title is that of a drill, as people write it too when they open one themselves.
func IsTitle(title string) bool {
	_, ok := dayOf(title)
	return ok
}

func dayOf(title string) (calendar.Date, bool) {
	text, ok := strings.CutSuffix(strings.TrimSpace(title), titleEnd)
	day, err := calendar.ParseDate(text)
	return day, ok && err == nil
}

// Record returns the record of a new drill.
func Record(o Occurrence, people []string) string {
	return record.New(Kind, record.Set(keyOccurrence, o.ID), record.Set(keyDay, o.Day.String()), record.SetList(keyPeople, people))
}

// Checklist returns the targets as a list of tasks, which [Reconciler] ticks.
func Checklist(targets []Target) string {
	var lines []string
	for _, t := range targets {
		var about []string
		if t.Kind != "" {
			about = append(about, safetext.Cell(t.Kind))
		}
		if t.Size > 0 {
			about = append(about, "about "+t.Size.Short())
		}
		line := "- [ ] `" + t.Name + "`"
		if len(about) > 0 {
			line += " (" + strings.Join(about, ", ") + ")"
		}
		if t.Verify != "" {
			line += ": " + safetext.Line(t.Verify)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// Mentioned returns the people of a drill as a text that mentions them: @maria and @sam.
func Mentioned(people []string) string {
	if len(people) == 0 {
		return "nobody yet"
	}
	return "@" + strings.Join(people, " and @")
}

// Opened recognizes the issue of an occurrence: by its record, or else by its title, as it is or once was.
type Opened struct{ Occurrence Occurrence }

// Matches reports whether an issue is of the occurrence.
func (o Opened) Matches(i issue.Issue, titles []string) bool {
	if d := Read(i); d.Occurrence != "" {
		return d.Occurrence == o.Occurrence.ID
	}
	return issue.Titled(Title(o.Occurrence)).Matches(i, titles)
}

var _ issue.Content = Opened{}
