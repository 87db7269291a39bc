package plans

import (
	"fmt"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// change is one field that a step sets. What is made had nothing before.
type change struct {
	field         string
	before, after string
	created       bool
}

// changes are the fields of a step in one order.
func changes(s jsonv1.Step) []change {
	if s.After == nil {
		return deletedFields(s)
	}
	was, to := s.Before, s.After
	if was == nil {
		was = &jsonv1.Fields{}
	}
	made := creates(s.Action)
	var list []change
	add := func(field string, before, after *string) {
		if after != nil && !(made && *after == "") {
			list = append(list, change{field, value(before), *after, made})
		}
	}
	if !made {
		add(titleField(s.Action), was.Title, to.Title)
	}
	if made && value(to.Start) != "" && value(to.Due) != "" {
		list = append(list, change{field: "dates", after: *to.Start + " to " + *to.Due, created: true})
	} else {
		add("start", was.Start, to.Start)
		add("due", was.Due, to.Due)
	}
	add("state", was.State, to.State)
	add("color", was.Color, to.Color)
	if to.Priority != nil || to.NoPriority {
		add("priority", digits(was.Priority), new(value(digits(to.Priority))))
	}
	if to.Position != nil {
		list = append(list, change{field: "place", after: strconv.Itoa(*to.Position + 1), created: true})
	}
	add("description", was.Description, to.Description)
	add("text", was.Body, to.Body)
	if len(to.Assignees) > 0 {
		list = append(list, change{field: "to", after: words.Mentions(to.Assignees), created: true})
	}
	if to.Confidential {
		list = append(list, change{field: "confidential", after: "yes", created: true})
	}
	return append(list, issueChanges(s)...)
}

// losses are what a reader may want to know of what is deleted.
func deletedFields(s jsonv1.Step) []change {
	if s.Before == nil {
		return nil
	}
	var list []change
	if due := value(s.Before.Due); due != "" {
		list = append(list, change{field: "due", after: due, created: true})
	}
	if open, closed := s.Before.OpenIssues, s.Before.ClosedIssues; open+closed > 0 {
		list = append(list, change{field: "on", after: fmt.Sprintf("%d open and %s", open, words.Count(closed, "closed issue")), created: true})
	}
	return list
}

// issueChanges are those that only issues have. From names a milestone or a column, whichever the issue leaves.
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

// String is the change in one line.
func (c change) String() string {
	if c.long() {
		return fmt.Sprintf("%s (%s → %s)", c.field, lineCount(c.before), lineCount(c.after))
	}
	return c.field + " " + c.values()
}

// values is the change without its field's name: the old value and the new one.
func (c change) values() string {
	switch {
	case c.created:
		return c.after
	case c.before == "":
		return "→ " + c.named(c.after)
	}
	return c.named(c.before) + " → " + c.named(c.after)
}

// named puts what somebody called something in quotation marks.
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

// long holds for texts of several lines, which are shown by what differs between them.
func (c change) long() bool {
	return strings.Contains(strings.TrimSpace(c.before+"\n"+c.after), "\n") && c.prose()
}

// prose holds for the fields that people write texts into.
func (c change) prose() bool { return c.field == "description" || c.field == "text" }

func lineCount(s string) string {
	if s == "" {
		return "empty"
	}
	return words.Count(len(strings.Split(strings.TrimRight(s, "\n"), "\n")), "line")
}

// changeList is all that a step changes in one line, but for the text of what is made.
func changeList(s jsonv1.Step) string {
	var list []string
	for _, c := range changes(s) {
		if !c.created || !c.prose() {
			list = append(list, c.String())
		}
	}
	return strings.Join(list, "; ")
}

// textDiff are the lines that only one of two texts has, between what they have in common at both ends.
func textDiff(before, after string) (gone, come []string) {
	gone, come = layout.SplitLines(before), layout.SplitLines(after)
	for len(gone) > 0 && len(come) > 0 && gone[0] == come[0] {
		gone, come = gone[1:], come[1:]
	}
	for len(gone) > 0 && len(come) > 0 && gone[len(gone)-1] == come[len(come)-1] {
		gone, come = gone[:len(gone)-1], come[:len(come)-1]
	}
	return gone, come
}
