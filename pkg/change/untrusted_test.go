package change_test

import (
	"regexp"
	"slices"
	"testing"

	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// If a person has removed the comment ids from the record, an older event of an untrusted author still does not count, although as_of_note covers it.
func TestOlderEventOfAnOutsider(t *testing.T) {
	t.Parallel()
	forged := eventNote(90, "mallory", change.Abort, "11:00")
	forged.Trusted = false
	notes := []issue.Note{forged, eventNote(100, "bea", change.Start, "12:00")}
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
		t.Fatalf("as_of_note is wrong:\n%s", i.Description)
	}
	second, err := reconciler.Reconcile(i, notes)
	if err != nil || !slices.Contains(second.AddLabels, labels.InProgress) || slices.Contains(second.AddLabels, labels.Aborted) {
		t.Errorf("an outsider's event counts: %+v, %v", second.AddLabels, err)
	}
}
