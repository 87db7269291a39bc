package plans

import (
	"fmt"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// change is one field that a step sets. A created object has no value before.
type change struct {
	field         string
	before, after string
	created       bool
}

// changes returns the changed fields of a step in a fixed order.
func changes(s jsonv1.Step) []change {
	if s.After == nil {
		return deletedFields(s)
	}
	from, to := s.Before, s.After
	if from == nil {
		from = &jsonv1.Fields{}
	}
	created := creates(s.Action)
	var list []change
	add := func(field string, before, after *string) {
		if after != nil && !(created && *after == "") {
			list = append(list, change{field, value(before), *after, created})
		}
	}
	if !created {
		add(titleField(s.Action), from.Title, to.Title)
	}
	if created && value(to.Start) != "" && value(to.Due) != "" {
		list = append(list, change{field: "dates", after: *to.Start + " to " + *to.Due, created: true})
	} else {
		add("start", from.Start, to.Start)
		add("due", from.Due, to.Due)
	}
	add("state", from.State, to.State)
	add("color", from.Color, to.Color)
	if to.Priority != nil || to.NoPriority {
		add("priority", digits(from.Priority), new(value(digits(to.Priority))))
	}
	if to.Position != nil {
		list = append(list, change{field: "position", after: strconv.Itoa(*to.Position + 1), created: true})
	}
	add("description", from.Description, to.Description)
	add("text", from.Body, to.Body)
	if len(to.Assignees) > 0 {
		list = append(list, change{field: "to", after: words.Mentions(to.Assignees), created: true})
	}
	if to.FreezeStart != nil {
		list = append(list, change{field: "times", after: freezeTimes(*to), created: true})
	}
	if to.Confidential {
		list = append(list, change{field: "confidential", after: "yes", created: true})
	}
	return append(list, issueChanges(s)...)
}

// deletedFields returns what a reader may want to know about an object that is deleted.
func deletedFields(s jsonv1.Step) []change {
	if s.Before == nil {
		return nil
	}
	var list []change
	if due := value(s.Before.Due); due != "" {
		list = append(list, change{field: "due", after: due, created: true})
	}
	if s.Before.FreezeStart != nil {
		list = append(list, change{field: "times", after: freezeTimes(*s.Before), created: true})
	}
	if open, closed := s.Before.OpenIssues, s.Before.ClosedIssues; open+closed > 0 {
		list = append(list, change{field: "on", after: fmt.Sprintf("%d open and %s", open, words.Count(closed, "closed issue")), created: true})
	}
	return list
}

// freezeTimes returns the cron expressions of a freeze period, with their time zone.
func freezeTimes(f jsonv1.Fields) string {
	return fmt.Sprintf("%s to %s (%s)", value(f.FreezeStart), value(f.FreezeEnd), value(f.CronTimezone))
}

// issueChanges returns the changes that only issues have. From is the milestone or the column that the issue leaves.
func issueChanges(s jsonv1.Step) []change {
	var list []change
	to := s.After
	switch {
	case to.Milestone != nil:
		list = append(list, change{field: "milestone", before: s.From, after: to.Milestone.Title})
	case to.MilestoneID != nil && *to.MilestoneID == 0:
		list = append(list, change{field: "milestone", before: s.From})
	case to.MilestoneID != nil:
		list = append(list, change{field: "milestone", before: s.From, after: fmt.Sprintf("id %d", *to.MilestoneID)})
	}
	if s.Action == jsonv1.IssueMove {
		list = append(list, change{field: "project", after: s.To, created: true})
		if len(to.Labels) > 0 {
			list = append(list, change{field: "labels", after: quotedAll(to.Labels), created: true})
		}
	}
	var labels []string
	for _, l := range to.AddLabels {
		labels = append(labels, "+"+words.Quoted(l))
	}
	for _, l := range to.RemoveLabels {
		labels = append(labels, "-"+words.Quoted(l))
	}
	if len(labels) > 0 {
		list = append(list, change{field: "labels", after: strings.Join(labels, " "), created: true})
	}
	return list
}

func quotedAll(list []string) string {
	var all []string
	for _, s := range list {
		all = append(all, words.Quoted(s))
	}
	return strings.Join(all, " ")
}

func value(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func digits(n *int) *string {
	if n == nil {
		return nil
	}
	return new(strconv.Itoa(*n))
}

// String returns the change in one line.
func (c change) String() string {
	if before, after := lineCount(c.before), lineCount(c.after); c.long() && before == after {
		return c.field + " changed"
	}
	if c.long() {
		return fmt.Sprintf("%s (%s → %s)", c.field, lineCount(c.before), lineCount(c.after))
	}
	return c.field + " " + c.values()
}

// values returns the change without the name of its field: the old value and the new one.
func (c change) values() string {
	switch {
	case c.created:
		return c.after
	case c.before == "":
		return "→ " + c.named(c.after)
	}
	return c.named(c.before) + " → " + c.named(c.after)
}

// named quotes titles and names.
func (c change) named(s string) string {
	if s == "" {
		return "none"
	}
	switch c.field {
	case "title", "name", "milestone":
		return words.Quoted(s)
	}
	return s
}

// long reports whether the change is a text of several lines, which is shown as a diff.
func (c change) long() bool {
	return strings.Contains(strings.TrimSpace(c.before+"\n"+c.after), "\n") && c.prose()
}

// prose reports whether the field is a text.
func (c change) prose() bool { return c.field == "description" || c.field == "text" }

func lineCount(s string) string {
	if s == "" {
		return "empty"
	}
	return words.Count(len(strings.Split(strings.TrimRight(s, "\n"), "\n")), "line")
}

// changeList returns all changes of a step in one line, without the texts of a created object.
func changeList(s jsonv1.Step) string {
	var list []string
	for _, c := range changes(s) {
		if !c.created || !c.prose() {
			list = append(list, c.String())
		}
	}
	return strings.Join(list, "; ")
}

// textDiff returns the lines that differ between two texts, without the lines that they share at the beginning and at the end.
func textDiff(before, after string) (removed, added []string) {
	removed, added = layout.SplitLines(before), layout.SplitLines(after)
	for len(removed) > 0 && len(added) > 0 && removed[0] == added[0] {
		removed, added = removed[1:], added[1:]
	}
	for len(removed) > 0 && len(added) > 0 && removed[len(removed)-1] == added[len(added)-1] {
		removed, added = removed[:len(removed)-1], added[:len(added)-1]
	}
	return removed, added
}
