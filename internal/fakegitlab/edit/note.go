package edit

import (
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/markdown"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// This file has the wording of GitLab's system notes on a changed issue. Labels, milestone and state have events
// instead. A note is written only for what really changed, in the name of the user who changed it.

// titleText marks the change in a title: {-removed-} in the old one, {+added+} in the new one, between their common
// prefix and suffix. GitLab may mark several shorter pieces.
func titleText(before, after string) string {
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

// descriptionNotes returns the system notes on a changed description. If check boxes were ticked or cleared, the
// notes name only these, even if other text changed too.
func descriptionNotes(before, after string) []string {
	was, is := markdown.CheckItems(before), markdown.CheckItems(after)
	var notes []string
	for n, item := range is[:min(len(was), len(is))] {
		if item.Text != was[n].Text || item.Done == was[n].Done {
			continue
		}
		state := "incomplete"
		if item.Done {
			state = "completed"
		}
		notes = append(notes, "marked the checklist item **"+item.Text+"** as "+state)
	}
	if notes == nil {
		notes = []string{"changed the description"}
	}
	return notes
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

// DueDateNote returns the system note on a new due date. An empty date means that the one before was removed.
func DueDateNote(before, date string) string {
	if date == "" {
		return "removed due date " + longDate(before)
	}
	return "changed due date to " + longDate(date)
}

func longDate(date string) string {
	d, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	return d.Format("January 2, 2006")
}

// assigneesNote is empty if the assignees did not change.
func assigneesNote(before, after []*store.User) string {
	var parts []string
	if added := Mentions(after, before); added != "" {
		parts = append(parts, "assigned to "+added)
	}
	if removed := Mentions(before, after); removed != "" {
		parts = append(parts, "unassigned "+removed)
	}
	return strings.Join(parts, " and ")
}

// Mentions lists the users of the first list that are not in the second: @a, @b, and @c.
func Mentions(users, without []*store.User) string {
	var all []string
	for _, u := range users {
		if !slices.Contains(without, u) {
			all = append(all, "@"+u.Username)
		}
	}
	last := len(all) - 1
	if last < 2 {
		return strings.Join(all, " and ")
	}
	return strings.Join(all[:last], ", ") + ", and " + all[last]
}
