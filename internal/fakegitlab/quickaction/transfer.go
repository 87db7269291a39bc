package quickaction

import (
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/transfer"
)

// doMove moves the issue after the other changes. GitLab says that it moved the issue even if the user may not.
func (a *actions) doMove(arg string) (string, bool) {
	target := a.s.ProjPaths[strings.ToLower(arg)]
	switch {
	case arg == "":
		return "", false
	case target == nil:
		return "Failed to move this issue because target project doesn't exist.", false
	}
	a.effects = append(a.effects, func(time.Time) {
		if transfer.Refusal(a.issue, target, a.by, "move", "Moving") == "" {
			transfer.Move(a.s, a.issue, target, a.by)
		}
	})
	return "Moved this issue to " + arg + ".", true
}

// doClone takes the path of a project, the issue's own if there is none, and --with_notes.
func (a *actions) doClone(arg string) (string, bool) {
	const withNotes = "--with_notes"
	words := strings.Fields(arg)
	notes := slices.Contains(words, withNotes)
	words = slices.DeleteFunc(words, func(w string) bool { return w == withNotes })
	path := a.issue.Project.FullPath()
	if len(words) > 0 {
		path = words[0]
	}
	target := a.s.ProjPaths[strings.ToLower(path)]
	switch {
	case len(words) > 1:
		return "Failed to clone this issue: wrong parameters.", false
	case target == nil:
		return "Failed to clone this issue because target project doesn't exist.", false
	}
	a.effects = append(a.effects, func(time.Time) {
		if transfer.Refusal(a.issue, target, a.by, "clone", "Cloning") == "" {
			transfer.Clone(a.s, a.issue, target, a.by, notes)
		}
	})
	return "Cloned this issue to " + path + ".", true
}
