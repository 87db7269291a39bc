package edit

import (
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/markdown"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/textdiff"
)

// This file has the wording of GitLab's system notes on a changed issue. Labels, milestone and state have events
// instead. A note is written only for what really changed, in the name of the user who changed it.

// titleText is HTML with both titles, in which what was deleted and added is marked.
func titleText(before, after string) string {
	pieces := textdiff.Compare(before, after)
	return `<p>changed title from <code class="idiff">` + marked(pieces, textdiff.Deleted, "deletion") +
		`</code> to <code class="idiff">` + marked(pieces, textdiff.Inserted, "addition") + `</code></p>`
}

// marked writes one of the two titles, with the pieces that only it has in a span. The first of these is also "left", the
// last "right".
func marked(pieces []textdiff.Piece, kind textdiff.Kind, class string) string {
	marks := 0
	for _, p := range pieces {
		if p.Kind == kind {
			marks++
		}
	}
	var b strings.Builder
	n := 0
	for _, p := range pieces {
		text := escapeHTML(string(p.Text))
		switch p.Kind {
		case textdiff.Equal:
			b.WriteString(text)
		case kind:
			n++
			b.WriteString(`<span class="` + classes(n == 1, n == marks, class) + `">` + text + `</span>`)
		}
	}
	return b.String()
}

func classes(left, right bool, class string) string {
	all := "idiff"
	if left {
		all += " left"
	}
	if right {
		all += " right"
	}
	return all + " " + class
}

func escapeHTML(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;").Replace(text)
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
