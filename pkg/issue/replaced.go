package issue

import (
	"slices"
	"strings"
	"time"
)

// Short reads the reference of an issue as GitLab writes it in this issue's project: #1, infrastructure#1 in the same group, or
// group/project#1.
func (r Ref) Short(text string) (Ref, bool) {
	project, number, _ := strings.Cut(strings.TrimSpace(text), "#")
	if group := strings.LastIndexByte(r.Project, '/'); project != "" && !strings.Contains(project, "/") && group > 0 {
		project = r.Project[:group+1] + project
	}
	ref, err := ParseRef(project+"#"+number, r.Project, nil)
	return ref, err == nil
}

// Replacement is what took the place of a closed issue: another issue or an epic.
type Replacement struct {
	Duplicate Ref    // the issue that it is a duplicate of
	Epic      string // the reference of the epic, such as &3
}

// Replaced returns what replaced a closed issue, as GitLab's comments say. A replacement from before it was last reopened does not count.
func (i Issue) Replaced(notes []Note) (r Replacement, ok bool) {
	if i.Open() {
		return r, false
	}
	const delay = time.Minute // between the comment and the time of closing
	for _, n := range notes {
		if !n.System || n.CreatedAt.Add(delay).Before(i.ClosedAt) {
			continue
		}
		what, of, _ := strings.Cut(n.Body, " as a duplicate of ")
		if ref, valid := i.Ref.Short(of); valid && strings.HasPrefix(what, "marked this ") {
			r, ok = Replacement{Duplicate: ref}, true
		}
		if epic, promoted := strings.CutPrefix(n.Body, "promoted to epic"); promoted {
			r, ok = Replacement{Epic: strings.TrimSpace(epic)}, true
		}
	}
	return r, ok
}

// Linked returns the references of the issues to which this one was ever linked, as GitLab's comments say.
func (i Issue) Linked(notes []Note) (refs []string) {
	for _, n := range notes {
		what, to, _ := strings.Cut(n.Body, " as related to ")
		if ref, valid := i.Ref.Short(to); valid && n.System && strings.HasPrefix(what, "marked this ") {
			refs = append(refs, ref.String())
		}
	}
	return refs
}

// WasAssigned reports whether the issue has an assignee, or had one, as GitLab's comments say.
func (i Issue) WasAssigned(notes []Note) bool {
	return len(i.Assignees) > 0 ||
		slices.ContainsFunc(notes, func(n Note) bool { return n.System && strings.HasPrefix(n.Body, "assigned to ") })
}
