package render

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// mark is the sign before a step; it carries the meaning where there are no colours.
func mark(a jsonv1.Action) span {
	switch {
	case strings.HasSuffix(string(a), ".create"):
		return as(good, "+")
	case strings.HasSuffix(string(a), ".delete"):
		return as(bad, "-")
	}
	return as(warn, "~")
}

// object names what a step acts on, in a place that was said before.
func object(s jsonv1.Step) string {
	switch s.Action {
	case jsonv1.IssueUpdate:
		return "issue #" + strconv.FormatInt(s.Object.IID, 10)
	case jsonv1.BoardListCreate, jsonv1.BoardListMove:
		return "column " + quoted(s.Object.Title)
	}
	noun, _, _ := strings.Cut(string(s.Action), ".")
	return noun + " " + quoted(s.Object.Title)
}

// change is one field that a step sets. What is made had nothing before.
type change struct {
	field         string
	before, after string
	made          bool
}

// changes are the fields of a step in one order.
func changes(s jsonv1.Step) []change {
	if s.After == nil {
		return nil
	}
	was, to := s.Before, s.After
	if was == nil {
		was = &jsonv1.Fields{}
	}
	made := strings.HasSuffix(string(s.Action), ".create")
	var list []change
	add := func(field string, before, after *string) {
		if after != nil && !(made && *after == "") {
			list = append(list, change{field, value(before), *after, made})
		}
	}
	if !made {
		title := "title"
		if s.Action == jsonv1.LabelUpdate {
			title = "name"
		}
		add(title, was.Title, to.Title)
	}
	add("start", was.Start, to.Start)
	add("due", was.Due, to.Due)
	add("state", was.State, to.State)
	add("color", was.Color, to.Color)
	if to.Priority != nil || to.NoPriority {
		add("priority", digits(was.Priority), new(value(digits(to.Priority))))
	}
	if to.Position != nil {
		add("position", nil, new("number "+strconv.Itoa(*to.Position+1)))
	}
	add("description", was.Description, to.Description)
	return append(list, issueChanges(s)...)
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
		labels = append(labels, "+"+quoted(l))
	}
	for _, l := range to.RemoveLabels {
		labels = append(labels, "-"+quoted(l))
	}
	if len(labels) > 0 {
		list = append(list, change{field: "labels", after: strings.Join(labels, " "), made: true})
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
	return c.field + " " + c.inOne()
}

// inOne is the change without its field's name.
func (c change) inOne() string {
	switch {
	case c.made, c.field == "position":
		return c.after
	case c.before == "":
		return "→ " + orNone(c.after)
	}
	return c.before + " → " + orNone(c.after)
}

// long holds for texts of several lines, which are shown by what differs between them.
func (c change) long() bool {
	return strings.Contains(strings.TrimSpace(c.before+"\n"+c.after), "\n") && c.field == "description"
}

func lineCount(s string) string {
	if s == "" {
		return "empty"
	}
	return count(len(strings.Split(strings.TrimRight(s, "\n"), "\n")), "line")
}

func changeList(s jsonv1.Step) string {
	var list []string
	for _, c := range changes(s) {
		list = append(list, c.String())
	}
	return strings.Join(list, "; ")
}

// textDiff are the lines that only one of two texts has, between what they have in common at both ends.
func textDiff(before, after string) (gone, come []string) {
	gone, come = splitLines(before), splitLines(after)
	for len(gone) > 0 && len(come) > 0 && gone[0] == come[0] {
		gone, come = gone[1:], come[1:]
	}
	for len(gone) > 0 && len(come) > 0 && gone[len(gone)-1] == come[len(come)-1] {
		gone, come = gone[:len(gone)-1], come[:len(come)-1]
	}
	return gone, come
}

func splitLines(s string) []string {
	if strings.TrimSpace(s) == "" {
		return nil
	}
	return strings.Split(strings.TrimRight(s, "\n"), "\n")
}

// alike reports whether two issue steps in a row change the same things in the same way, so that they can be said once.
func alike(a, b jsonv1.Step) bool {
	return a.Action == jsonv1.IssueUpdate && b.Action == jsonv1.IssueUpdate && a.Target == b.Target &&
		slices.Equal(changes(a), changes(b))
}
