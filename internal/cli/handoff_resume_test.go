package cli_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
)

// W8: told, and then GitLab is out of reach before anybody can look whether it was told twice: what is said to go on with does go on.
func TestHandoffGoesOnAfterItIsTold(t *testing.T) {
	t.Parallel()
	for _, words := range [][]string{{"handoff", "take", "production#1"}, {"handoff", "mark", "production#1", "--left-off", "x", "--next", "z"}, {"handoff", "--post", "-q"}} {
		l := newLab(t, busyTeam(""))
		l.must(t, "handoff", "mark", "production#1", "--left-off", "x", "--next", "y", "-q")
		l.must(t, "handoff", "--post", "-q", "--now", "2018-08-24T03:00:00Z") // makes the log
		wire, down := l.wire, false
		l.wire = roundTripper(func(r *http.Request) (*http.Response, error) {
			if down {
				return nil, errors.New("connection reset by peer")
			}
			down = r.Method == "POST" && strings.HasSuffix(r.URL.Path, "/notes")
			return wire.RoundTrip(r)
		})
		r := l.run(words...)
		_, line, ok := strings.Cut(r.errors, "(safe to repeat): prodctl ")
		if r.code == 0 || !ok || strings.Contains(r.errors, "--new") {
			t.Errorf("%q: exit %d: %s", words, r.code, r.errors)
			continue
		}
		l.wire = wire
		line, _, _ = strings.Cut(line, "\n")
		l.must(t, strings.Fields(strings.ReplaceAll(line, "'", ""))...) // as a shell would
		if _, notes := l.queueIssue(t, 1); words[1] == "take" && len(takes(notes)) != 1 {
			t.Errorf("%d takes", len(takes(notes)))
		}
		if notes := shiftNotes(l.logs()[0], emeaShift); words[1] == "--post" && len(notes) != 1 {
			t.Errorf("%d comments", len(notes))
		}
	}
}

// What is said to go on with means the same shift and the same days also when it is typed later.
func TestGoOnLaterMeansTheSame(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		words []string
		want  string
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
			down = r.Method == "POST" // the log is made, and then nothing answers any more
			return wire.RoundTrip(r)
		})
		r := l.run(c.words...)
		_, line, _ := strings.Cut(r.errors, "(safe to repeat): prodctl ")
		line, _, _ = strings.Cut(line, "\n")
		if r.code == 0 || line != c.want {
			t.Errorf("%q: exit %d, to go on %q, want %q\n%s", c.words, r.code, line, c.want, r.errors)
		}
	}
}
