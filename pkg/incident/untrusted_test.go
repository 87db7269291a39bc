package incident_test

import (
	"regexp"
	"slices"
	"testing"

	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// Where a person has removed the timeline, an entry of somebody without a role does not come to count because a later one was followed.
func TestOlderEntryOfAnOutsider(t *testing.T) {
	t.Parallel()
	forged := told(90, incident.Resolve, "10:20", "nothing to see", incident.KeySeverity, "S4", incident.KeyServices, "web")
	forged.Trusted = false
	notes := []issue.Note{forged, told(100, incident.Update, "10:30", "Looking")}
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
		t.Errorf("an outsider's entry counts: %+v, %v", change, err)
	}
}
