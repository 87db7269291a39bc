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

// A shift that has not started has nothing to hand over, and a comment from before it would not be found by its key: it would be posted twice.
func TestHandoffPostRejectsFutureShift(t *testing.T) {
	t.Parallel()
	l := newLab(t, busyTeam(""))
	for range 2 {
		if r := l.run("handoff", "--post", "-q", "--shift", "EMEA@2018-09-20"); r.code != 6 || !strings.Contains(r.errors, "has not started yet") || !strings.Contains(r.errors, "--shift current") {
			t.Errorf("exit %d: %s", r.code, r.errors)
		}
		l.now = l.now.Add(72 * time.Hour)
	}
	if logs := l.logs(); len(logs) != 0 {
		t.Errorf("%d issues of the log", len(logs))
	}
}

// A report for an old shift says that it shows the current state.
func TestHandoffPostOfPastShift(t *testing.T) {
	t.Parallel()
	l := newLab(t, busyTeam(""))
	l.must(t, "handoff", "--post", "-q", "--shift", "EMEA@2018-08-21")
	if notes := shiftNotes(l.logs()[0], "2018-08-21T04:00Z/EMEA"); len(notes) != 1 || !strings.Contains(notes[0], "This is the state at 2018-08-24 16:00 UTC") {
		t.Errorf("%q", notes)
	}
	if r := l.run("handoff", "--post", "-q", "--reassign", "--yes", "--shift", "EMEA@2018-08-21"); r.code != 6 || !strings.Contains(r.errors, "are off duty") {
		t.Errorf("exit %d: %s", r.code, r.errors)
	}
	l.must(t, "handoff", "--post", "-q", "--reassign", "--yes", "--shift", "current")
	if notes := shiftNotes(l.logs()[0], "2018-08-24T16:00Z/AMER"); len(notes) != 1 || strings.Contains(notes[0], "This is the state") {
		t.Errorf("%q", notes)
	}
}

// If the search for the comment fails right before it is edited, the error does not name flags that the command does not have.
func TestHandoffPostWhenTheSearchFails(t *testing.T) {
	t.Parallel()
	l := newLab(t, busyTeam(""))
	l.must(t, "handoff", "--post", "-q")
	log := fmt.Sprintf("/issues/%d/notes", l.logs()[0].IID)
	wire, searches := l.wire, new(atomic.Int64)
	l.wire = roundTripper(func(r *http.Request) (*http.Response, error) {
		if r.Method == "GET" && strings.HasSuffix(r.URL.Path, log) && searches.Add(1) > 1 {
			return nil, errors.New("connection reset by peer")
		}
		return wire.RoundTrip(r)
	})
	args := []string{"handoff", "--post", "--now", "2018-08-24T16:05:00Z"}
	if r := l.run(args...); r.code == 0 || searches.Load() < 2 || strings.Contains(r.errors, "--key") || strings.Contains(r.errors, "--new") {
		t.Errorf("exit %d after %d searches: %s", r.code, searches.Load(), r.errors)
	}
	l.wire = wire
	l.must(t, args...)
	if notes := shiftNotes(l.logs()[0], emeaShift); len(notes) != 1 || !strings.Contains(notes[0], "16:05 UTC") {
		t.Errorf("%q", notes)
	}
}
