package change_test

import (
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// An internal comment counts as an event, and its words are never copied to the description.
func TestInternalCommentsAreNotCopied(t *testing.T) {
	t.Parallel()
	override := note(2, "ada", change.NewEvent(change.Override, at("12:05"), nil, "canary in words"))
	start := eventNote(1, "ada", change.Start, "12:00", change.FieldExecutor, "ada", change.FieldOverride, "canary", "related", "acme/canary#1")
	recorded := eventNote(4, "ada", change.Recorded, "12:20", "message", "canary", "services", "canary", "source", "canary", "job", "canary", "outcome", "failure")
	notes := []issue.Note{start, override, eventNote(3, "ada", change.Finish, "12:10", change.FieldOutcome, "failure"), recorded}
	for n := range notes {
		notes[n].Internal = true
	}
	got := reconcile(t, opened(), notes...)
	if strings.Contains(got.Description, "canary") {
		t.Errorf("copied to\n%s", got.Description)
	}
	for _, want := range []string{"2018-08-24T12:00:00Z ada: internal event", "2018-08-24T12:05:00Z ada: internal event", "started_at: 2018-08-24T12:00:00Z", "outcome: failure"} {
		if !strings.Contains(got.Description, want) {
			t.Errorf("no %q in\n%s", want, got.Description)
		}
	}
	if got.Open() || !got.Has(labels.State(change.Complete)) {
		t.Errorf("state %s, labels %q", got.State, got.Labels)
	}
}
