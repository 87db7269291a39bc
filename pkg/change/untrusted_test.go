package change_test

import (
	"regexp"
	"slices"
	"testing"

	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// Where a person has removed the numbers of the comments from the record, an entry of somebody without a role does not come to count because a later one
// was followed.
func TestOlderEntryOfAnOutsider(t *testing.T) {
	t.Parallel()
	forged := eventKeys(90, "mallory", change.Abort, "11:00")
	forged.Trusted = false
	notes := []issue.Note{forged, eventKeys(100, "bea", change.Start, "12:00")}
	reconciler := change.Reconciler{Labels: labels}
	i := opened()
	first, err := reconciler.Reconcile(i, notes)
	if err != nil || first.Description == nil {
		t.Fatalf("%+v, %v", first, err)
	}
	i = apply(i, first)
	i.Description = regexp.MustCompile(`(?m)^notes:.*\n`).ReplaceAllString(i.Description, "")
	i.Labels = []string{labels.Change}
	if change.Read(i.Description, i.CreatedAt).AsOfNote != 100 {
		t.Fatalf("the record lost its place:\n%s", i.Description)
	}
	second, err := reconciler.Reconcile(i, notes)
	if err != nil || !slices.Contains(second.AddLabels, labels.InProgress) || slices.Contains(second.AddLabels, labels.Aborted) {
		t.Errorf("an outsider's entry counts: %+v, %v", second.AddLabels, err)
	}
}
