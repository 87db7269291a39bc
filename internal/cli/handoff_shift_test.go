package cli_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
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

// A look for the comment that fails right before it is edited is no reason to name flags that the command does not have.
func TestHandoffPostWhenTheLookFails(t *testing.T) {
	t.Parallel()
	l := newLab(t, busyTeam(""))
	l.must(t, "handoff", "--post", "-q")
	log := fmt.Sprintf("/issues/%d/notes", l.logs()[0].IID)
	wire, looks := l.wire, new(atomic.Int64)
	l.wire = roundTripper(func(r *http.Request) (*http.Response, error) {
		if r.Method == "GET" && strings.HasSuffix(r.URL.Path, log) && looks.Add(1) > 1 {
			return nil, errors.New("connection reset by peer")
		}
		return wire.RoundTrip(r)
	})
	again := []string{"handoff", "--post", "--now", "2018-08-24T16:05:00Z"}
	if r := l.run(again...); r.code == 0 || looks.Load() < 2 || strings.Contains(r.errors, "--key") || strings.Contains(r.errors, "--new") {
		t.Errorf("exit %d after %d looks: %s", r.code, looks.Load(), r.errors)
	}
	l.wire = wire
	l.must(t, again...)
	if notes := shiftNotes(l.logs()[0], emeaShift); len(notes) != 1 || !strings.Contains(notes[0], "16:05 UTC") {
		t.Errorf("%q", notes)
	}
}
