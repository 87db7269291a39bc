package cli_test

import (
	"encoding/json"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Next steps and contingency of an update are in the report, in incident show and in the check. The same words are added once, and a later
// text replaces one of them.
func TestContingencies(t *testing.T) {
	t.Parallel()
	l := newLab(t, shiftEnd(""))
	update := []string{"incident", "update", "1", "--next", "Restart nodes 3 to 6", "--if", "error rate above 5 %: fail back @all"}
	l.must(t, update...)
	if r := l.must(t, update...); !strings.Contains(r.out, "Update already added") {
		t.Errorf("the same words again: %s", r.out)
	}
	read := func(into any, args ...string) {
		t.Helper()
		if err := json.Unmarshal([]byte(l.must(t, append(args, "-o", "json")...).out), into); err != nil {
			t.Fatal(err)
		}
	}
	check := func(next string) {
		t.Helper()
		var shown jsonv1.IncidentShow
		read(&shown, "incident", "show", "1")
		if shown.Next == nil || shown.Next.Text != next || shown.Next.By != "mara" || shown.If == nil || !strings.HasPrefix(shown.If.Text, "error rate above 5 %: fail back") ||
			strings.Contains(shown.If.Text, "@all") {
			t.Errorf("shown: %+v, %+v", shown.Next, shown.If)
		}
		var report jsonv1.Handoff
		read(&report, "handoff")
		if e := report.Sections[0].Entries[0]; e.NextStep != next || e.Contingency != shown.If.Text || len(e.Missing) > 0 || report.First.Rule != jsonv1.FirstBurning || report.First.Ref != e.Ref {
			t.Errorf("reported: %+v, %+v", report.First, e)
		}
	}
	check("Restart nodes 3 to 6")
	l.must(t, "incident", "update", "1", "--next", "Wait for the restart")
	check("Wait for the restart")
	if r := l.run("incident", "update", "1", "--next", " "); r.code != 6 {
		t.Errorf("an empty text: exit %d: %s", r.code, r.errors)
	}
	l.must(t, "incident", "resolve", "1")
	l.must(t, "incident", "reopen", "1")
	var shown jsonv1.IncidentShow
	if read(&shown, "incident", "show", "1"); shown.Next != nil || shown.If != nil {
		t.Errorf("after it was reopened: %+v, %+v", shown.Next, shown.If)
	}
}
