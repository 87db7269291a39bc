package incident_test

import (
	"regexp"
	"slices"
	"testing"

	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// If a person removed the timeline, an event of somebody without a role does not count only because a later one was applied.
func TestOlderEventOfAnOutsider(t *testing.T) {
	t.Parallel()
	forged := eventNote(90, incident.Resolve, "10:20", "nothing to see", incident.KeySeverity, "S4", incident.KeyServices, "web")
	forged.Trusted = false
	notes := []issue.Note{forged, eventNote(100, incident.Update, "10:30", "Looking")}
	reconciler := incident.Reconciler{Labels: labels}
	i := opened()
	change, err := reconciler.Reconcile(i, notes)
	if err != nil || change.Description == nil {
		t.Fatalf("%+v, %v", change, err)
	}
	i = apply(i, change)
	i.Description = regexp.MustCompile(`(?s)<!-- prodctl:timeline -->.*<!-- prodctl:timeline end[^\n]*\n`).ReplaceAllString(i.Description, "")
	i.Labels = []string{labels.Incident}
	if incident.Read(i.Description, i.CreatedAt).AsOfNote != 100 {
		t.Fatalf("the record lost its place:\n%s", i.Description)
	}
	change, err = reconciler.Reconcile(i, notes)
	if err != nil || slices.Contains(change.AddLabels, labels.Resolved) || slices.Contains(change.AddLabels, labels.S4) || slices.Contains(change.RemoveLabels, "service:web") {
		t.Errorf("an outsider's event counts: %+v, %v", change, err)
	}
}
