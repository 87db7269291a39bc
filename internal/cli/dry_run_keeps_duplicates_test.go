package cli_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDryRunKeepsDuplicates checks that a dry run removes nothing, not even the duplicate that a killed run left;
// the run itself does.
func TestDryRunKeepsDuplicates(t *testing.T) {
	t.Parallel()
	l := newLab(t, busyTeam(""))
	l.ownDir(t)
	for range 2 {
		l.web("mara", "POST", "/issues", `{"title": "On-call", "labels": "oncall report", "description": "<!-- prodctl:key=oncall-log/2018-W34 -->"}`)
	}
	before := l.picture()
	for n, words := range [][]string{{"handoff", "--post"}, {"report", "weekly", "--post"}} {
		l.must(t, append(words, "--dry-run", "-q")...)
		l.must(t, append(words, "-q", "--plan-file", filepath.Join(l.dir, fmt.Sprint(n, ".json")))...)
		if diff := cmp.Diff(before, l.picture()); diff != "" {
			t.Fatalf("%v --dry-run writes:\n%s", words, diff)
		}
	}
	l.must(t, "handoff", "--post", "-q")
	if logs := l.logs(); len(logs) != 1 || logs[0].State != "opened" || len(shiftNotes(logs[0], emeaShift)) != 1 {
		t.Errorf("%+v", logs)
	}
}
