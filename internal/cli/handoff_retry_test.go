package cli_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
)

// W8: the comment is added, and then GitLab is down before prodctl can search for duplicates: the retry command finishes the job.
func TestHandoffRetryAfterOutage(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"handoff", "take", "production#1"}, {"handoff", "mark", "production#1", "--left-off", "x", "--next", "z"}, {"handoff", "--post", "-q"}} {
		l := newLab(t, busyTeam(""))
		l.must(t, "handoff", "mark", "production#1", "--left-off", "x", "--next", "y", "-q")
		l.must(t, "handoff", "--post", "-q", "--now", "2018-08-24T03:00:00Z") // creates the log
		wire, down := l.wire, false
		l.wire = roundTripper(func(r *http.Request) (*http.Response, error) {
			if down {
				return nil, errors.New("connection reset by peer")
			}
			down = r.Method == "POST" && strings.HasSuffix(r.URL.Path, "/notes")
			return wire.RoundTrip(r)
		})
		r := l.run(args...)
		_, line, ok := strings.Cut(r.errors, "(safe to repeat): prodctl ")
		if r.code == 0 || !ok || strings.Contains(r.errors, "--new") {
			t.Errorf("%q: exit %d: %s", args, r.code, r.errors)
			continue
		}
		l.wire = wire
		line, _, _ = strings.Cut(line, "\n")
		l.must(t, strings.Fields(strings.ReplaceAll(line, "'", ""))...) // as a shell would
		if _, notes := l.queueIssue(t, 1); args[1] == "take" && len(takes(notes)) != 1 {
			t.Errorf("%d takes", len(takes(notes)))
		}
		if notes := shiftNotes(l.logs()[0], emeaShift); args[1] == "--post" && len(notes) != 1 {
			t.Errorf("%d comments", len(notes))
		}
	}
}

// The retry command means the same shift and the same days, also if it is run later.
func TestRetryHintPinsThePeriod(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"handoff", "--post", "-q"}, "handoff --post -q --shift 2018-08-24T04:00Z/EMEA"},
		{[]string{"handoff", "--post", "--shift", "last", "-q"}, "handoff --post -q --shift 2018-08-24T04:00Z/EMEA"},
		{[]string{"report", "weekly", "--post", "-q"}, "report weekly --post -q --from 2018-08-18 --to 2018-08-24"},
		{[]string{"report", "weekly", "--week=last", "--post", "-q"}, "report weekly --post -q --from 2018-08-13 --to 2018-08-19"},
	} {
		l := newLab(t, busyTeam(""))
		wire, down := l.wire, false
		l.wire = roundTripper(func(r *http.Request) (*http.Response, error) {
			if down {
				return nil, errors.New("connection reset by peer")
			}
			down = r.Method == "POST" // the log is created, then GitLab is down
			return wire.RoundTrip(r)
		})
		r := l.run(c.args...)
		_, line, _ := strings.Cut(r.errors, "(safe to repeat): prodctl ")
		line, _, _ = strings.Cut(line, "\n")
		if r.code == 0 || line != c.want {
			t.Errorf("%q: exit %d, retry %q, want %q\n%s", c.args, r.code, line, c.want, r.errors)
		}
	}
}
