package fakegitlab

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// This file has the wording of what GitLab writes under an issue when it is changed. Labels, milestone and state have
// events instead. A note is written only for what did change, by whoever changed it.

// titleNote shows what is new in the title: {-gone-} in the old one, {+come+} in the new one, between what both begin
// and end with. GitLab may mark several shorter pieces.
func titleNote(before, after string) string {
	old, fresh := []rune(before), []rune(after)
	short := min(len(old), len(fresh))
	head := 0
	for head < short && old[head] == fresh[head] {
		head++
	}
	tail := 0
	for tail < short-head && old[len(old)-1-tail] == fresh[len(fresh)-1-tail] {
		tail++
	}
	mark := func(text []rune, left, right string) string {
		middle := string(text[head : len(text)-tail])
		if middle != "" {
			middle = left + middle + right
		}
		return string(text[:head]) + middle + string(text[len(text)-tail:])
	}
	return "changed title from **" + mark(old, "{-", "-}") + "** to **" + mark(fresh, "{+", "+}") + "**"
}

// descriptionNotes says that the description was changed, or, when check boxes were ticked or cleared in it, which ones: then
// whatever else was changed along with them is not told.
func descriptionNotes(before, after string) []string {
	was, is := checkItems(before), checkItems(after)
	var notes []string
	for n, item := range is[:min(len(was), len(is))] {
		if item.text != was[n].text || item.done == was[n].done {
			continue
		}
		state := "incomplete"
		if item.done {
			state = "completed"
		}
		notes = append(notes, "marked the checklist item **"+item.text+"** as "+state)
	}
	if notes == nil {
		notes = []string{"changed the description"}
	}
	return notes
}

type checkItem struct {
	text string
	done bool
}

// boxPattern finds the check boxes of a list, in a quotation or not.
var boxPattern = regexp.MustCompile(`(?m)^[ \t]*(?:>[ \t]{0,4})*(?:[ \t]*(?:[-+*]|\d+\.))+[ \t]+\[([ xX])\][ \t]+(\S.*)$`)

func checkItems(description string) []checkItem {
	if !strings.Contains(description, "[") {
		return nil
	}
	var all []checkItem
	for _, m := range boxPattern.FindAllStringSubmatch(description, -1) {
		all = append(all, checkItem{text: strings.TrimSpace(m[2]), done: m[1] != " "})
	}
	return all
}

func lockNote(locked bool) string {
	if locked {
		return "locked the discussion in this issue"
	}
	return "unlocked the discussion in this issue"
}

func confidentialNote(confidential bool) string {
	if confidential {
		return "made the issue confidential"
	}
	return "made the issue visible to everyone"
}

func dueDateNote(date string) string {
	d, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return "removed due date"
	}
	return "changed due date to " + d.Format("January 2, 2006")
}

// assigneesNote is empty when nobody came or went.
func assigneesNote(before, after []*user) string {
	var parts []string
	if added := names(after, before); added != "" {
		parts = append(parts, "assigned to "+added)
	}
	if removed := names(before, after); removed != "" {
		parts = append(parts, "unassigned "+removed)
	}
	return strings.Join(parts, " and ")
}

// names mentions the users of the first list that are not in the second: @a, @b, and @c.
func names(users, without []*user) string {
	var all []string
	for _, u := range users {
		if !slices.Contains(without, u) {
			all = append(all, "@"+u.username)
		}
	}
	last := len(all) - 1
	if last < 2 {
		return strings.Join(all, " and ")
	}
	return strings.Join(all[:last], ", ") + ", and " + all[last]
}
