package change_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// aNote returns a comment with a random event.
func aNote(t *rapid.T, id int64) issue.Note {
	people := rapid.SampledFrom([]string{"ada", "ines", "mara", "piet"})
	verb := rapid.SampledFrom([]change.Verb{change.Approve, change.Approve, change.Start, change.Finish, change.Abort, change.Recorded, change.Override, change.Relate, "dance"}).Draw(t, "verb")
	fields := []string{}
	for _, f := range [][2]string{
		{change.FieldEnough, "true"}, {change.FieldOutcome, "failure"}, {change.FieldExecutor, "piet"}, {change.FieldRelated, fmt.Sprintf("acme/infra#%d", id%3+1)},
		{change.FieldOverride, "why -- not: 'this'"}, {change.FieldRetryOf, "acme/production#1"}, {"job", fmt.Sprintf("https://gitlab.example.test/a/b/-/jobs/%d", id)},
		{"started_at", "not a time"}, {"as_of_note", "999999"}, {"criticality", "C4"},
	} {
		if rapid.Bool().Draw(t, f[0]) {
			fields = append(fields, f[0], f[1])
		}
	}
	n := eventNote(id, people.Draw(t, "by"), verb, fmt.Sprintf("%02d:%02d", id/60%24, id%60), fields...)
	n.Trusted = rapid.IntRange(0, 5).Draw(t, "untrusted") > 0
	return n
}

// edited is a random edit of an issue by a person.
func edited(t *rapid.T, i issue.Issue) issue.Issue {
	switch rapid.IntRange(0, 9).Draw(t, "edit") {
	case 0:
		i.Labels = slices.DeleteFunc(slices.Clone(i.Labels), func(l string) bool { return rapid.Bool().Draw(t, "drop "+l) })
	case 1:
		i.Labels = append(slices.Clone(i.Labels), rapid.SampledFrom([]string{"change::scheduled", "Change::Go", "change::in-progress", "change::complete", "change::aborted", "toil"}).Draw(t, "label"))
		slices.Sort(i.Labels)
		i.Labels = slices.Compact(i.Labels)
	case 2:
		i.Description = strings.Replace(i.Description, "started_at: 2018", "started_at: 2017", 1)
	case 3:
		lines := strings.Split(i.Description, "\n")
		n := rapid.IntRange(0, len(lines)-1).Draw(t, "line")
		i.Description = strings.Join(slices.Delete(lines, n, n+1), "\n")
	case 4:
		i.Description = strings.ReplaceAll(i.Description, "\n", "\r\n")
	case 5:
		i.Description = rapid.SampledFrom([]string{"", "```yaml prodctl/change\n", "text\n\n```yaml prodctl/change\nas_of_note: 7\nnotes: [3]\n```", "```\nopen"}).Draw(t, "text")
	case 6:
		i.State = rapid.SampledFrom([]issue.State{issue.Opened, issue.Closed}).Draw(t, "state")
	case 7:
		i.Description += "\n\n" + strings.TrimSpace(request().Record())
	}
	return i
}

var stateLabels = []string{"change::scheduled", "Change::Go", "change::in-progress", "change::complete", "change::aborted"}

func statesOn(i issue.Issue) []string {
	return slices.DeleteFunc(slices.Clone(i.Labels), func(l string) bool { return !slices.Contains(stateLabels, l) })
}

// Whatever people and events do to a change: reconciling it twice is the same as once, it has one state label and no more, and reconciling does not change
// its plan.
func TestReconcileIsIdempotent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		i, notes, hidden := opened(), []issue.Note(nil), []issue.Note(nil)
		for id := int64(1); id <= int64(rapid.IntRange(1, 8).Draw(t, "steps")); id++ {
			if rapid.IntRange(0, 2).Draw(t, "what") == 0 {
				i = edited(t, i)
			}
			if n := aNote(t, id); rapid.IntRange(0, 4).Draw(t, "visible late") == 0 {
				hidden = append(hidden, n)
			} else {
				notes = append(notes, n)
			}
			if rapid.IntRange(0, 4).Draw(t, "show all") == 0 {
				notes, hidden = append(notes, hidden...), nil
			}
			before := i
			i = reconcile(t, i, notes...)
			if change.Of(i, labels).Digest() != change.Of(before, labels).Digest() {
				t.Fatalf("reconciling changed the plan:\n%s\n---\n%s", before.Description, i.Description)
			}
			trusted := slices.ContainsFunc(notes, func(n issue.Note) bool { return n.Trusted })
			if on := statesOn(i); len(on) > 1 && trusted && i.Has(labels.Change) {
				t.Fatalf("it has the labels %q", on)
			}
			if on := statesOn(i); len(statesOn(before)) == 1 && len(on) != 1 {
				t.Fatalf("it had the labels %q and has %q", statesOn(before), on)
			}
		}
	})
}
