package cli_test

import (
	"strings"
	"testing"
	"time"
)

// A shift that has not begun has nothing to hand over, and its key could not be looked for in the time before it: what was posted ahead would be posted twice.
func TestHandoffPostOfAShiftToCome(t *testing.T) {
	t.Parallel()
	l := newLab(t, busyTeam(""))
	for range 2 {
		if r := l.run("handoff", "--post", "-q", "--shift", "EMEA@2018-09-20"); r.code != 6 || !strings.Contains(r.errors, "has not begun") || !strings.Contains(r.errors, "--shift current") {
			t.Errorf("exit %d: %s", r.code, r.errors)
		}
		l.now = l.now.Add(72 * time.Hour)
	}
	if logs := l.logs(); len(logs) != 0 {
		t.Errorf("%d issues of the log", len(logs))
	}
}

// What is posted for a shift that is long over says that it is not what stood when that shift ended.
func TestHandoffPostOfAnOldShift(t *testing.T) {
	t.Parallel()
	l := newLab(t, busyTeam(""))
	l.must(t, "handoff", "--post", "-q", "--shift", "EMEA@2018-08-21")
	if notes := shiftNotes(l.logs()[0], "2018-08-21T04:00Z/EMEA"); len(notes) != 1 || !strings.Contains(notes[0], "this is what stands at 2018-08-24 16:00 UTC") {
		t.Errorf("%q", notes)
	}
	if r := l.run("handoff", "--post", "-q", "--reassign", "--yes", "--shift", "EMEA@2018-08-21"); r.code != 6 || !strings.Contains(r.errors, "are off duty") {
		t.Errorf("exit %d: %s", r.code, r.errors)
	}
	l.must(t, "handoff", "--post", "-q", "--reassign", "--yes", "--shift", "current")
	if notes := shiftNotes(l.logs()[0], "2018-08-24T16:00Z/AMER"); len(notes) != 1 || strings.Contains(notes[0], "this is what stands") {
		t.Errorf("%q", notes)
	}
}
