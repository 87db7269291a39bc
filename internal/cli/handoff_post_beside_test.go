package cli_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/idempotency"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
)

// besides returns the comments of the EMEA shift in the log, oldest first: their authors and texts.
func (l *lab) besides() (authors, texts []string) {
	for _, n := range l.logs()[0].Notes {
		if key, ok := idempotency.Read(n.Body); ok && key.Kind() == handoff.NoteKind && handoff.CommentOf(key.Name(), emeaShift) > 0 {
			authors, texts = append(authors, n.Author), append(texts, n.Body)
		}
	}
	return authors, texts
}

// A token posts after somebody whose comment it may not edit: the report is posted beside it and replaces it. Whoever may edit the newest
// comment edits it, and every reader takes the newest. In the embedded GitLab, as in a real one, only authors and maintainers edit comments.
func TestHandoffPostBeside(t *testing.T) {
	t.Parallel()
	l := newLab(t, shiftEnd(""))
	post := func(user, clock string) ran {
		t.Helper()
		own := l.as(user)
		return own.must(t, "handoff", "--post", "--now", "2018-08-24T"+clock+":00Z")
	}
	expect := func(when, want string) []string {
		t.Helper()
		authors, texts := l.besides()
		if got := strings.Join(authors, " "); got != want {
			t.Fatalf("%s: comments by %s, want %s", when, got, want)
		}
		return texts
	}
	post("mara", "15:00")
	first := expect("posted", "mara")[0]
	dry := l.as("dev").must(t, "handoff", "--post", "--dry-run", "--now", "2018-08-24T16:05:00Z")
	if !strings.Contains(dry.out+dry.errors, "You may not edit the comment by @mara: it stays, and the report in another comment replaces it") {
		t.Errorf("the dry run does not say so:\n%s%s", dry.out, dry.errors)
	}
	post("dev", "16:05")
	texts := expect("a developer posts after a maintainer", "mara dev")
	if texts[0] != first || !strings.Contains(texts[1], "Replaces the report that @\u2060mara posted at") && !strings.Contains(texts[1], "Replaces the report that") ||
		!strings.Contains(texts[1], "As of 2018-08-24 16:05 UTC") || strings.Contains(texts[1], " @mara posted") {
		t.Errorf("%s\n=====\n%s", texts[0], texts[1])
	}
	if r := post("dev", "16:05"); !strings.Contains(r.errors, "No change") {
		t.Errorf("the same report again: %s%s", r.out, r.errors)
	}
	post("dev", "16:06")
	if texts := expect("the author posts again", "mara dev"); !strings.Contains(texts[1], "As of 2018-08-24 16:06 UTC") || !strings.Contains(texts[1], "Replaces the report") {
		t.Errorf("%s", texts[1])
	}
	post("rep", "16:07")
	post("mara", "16:08")
	texts = expect("a maintainer edits the newest", "mara dev rep")
	if !strings.Contains(texts[2], "As of 2018-08-24 16:08 UTC") || strings.Contains(texts[0]+texts[1], "16:08 UTC") {
		t.Errorf("%s", texts[2])
	}
	var newest string
	for _, n := range l.logs()[0].Notes {
		if strings.Contains(n.Body, "As of 2018-08-24 16:08 UTC") {
			newest = n.Author
		}
	}
	r := l.must(t, "report", "weekly", "-o", "json", "--jq", `[.. | objects | select(.shift.id? == "`+emeaShift+`") | .by] | first`, "--now", "2018-08-24T16:10:00Z")
	if !strings.Contains(r.out, newest) || newest != "rep" {
		t.Errorf("the weekly report names %q, and the newest comment is by %q", r.out, newest)
	}
	l.as("rep").must(t, "handoff", "accept", "--now", "2018-08-24T16:10:00Z")
}

// Posting after somebody else takes at most one request more: the user, if the role alone does not allow it.
func TestHandoffPostBesideRequests(t *testing.T) {
	t.Parallel()
	count := func(user string) int {
		l := newLab(t, shiftEnd(""))
		l.must(t, "handoff", "--post", "--now", "2018-08-24T15:00:00Z")
		l.server.ResetRequests()
		l.as(user).must(t, "handoff", "--post", "--now", "2018-08-24T16:00:00Z")
		t.Logf("%s: %d requests\n%s", user, len(l.requests()), strings.Join(l.requests(), "\n"))
		return len(l.requests())
	}
	if maintainer, developer := count("mara"), count("dev"); developer > maintainer+3 {
		t.Errorf("%d requests, and %d for a maintainer", developer, maintainer)
	}
}

// Two people without the right to edit each other's comments post at the same moment. Both end with 0: the later one posts beside the
// comment of the other, and what it added meanwhile is removed.
func TestHandoffPostBesideAtTheSameMoment(t *testing.T) {
	t.Parallel()
	for _, when := range []string{"14:00", ""} { // the log issue exists, or not
		l := newLab(t, shiftEnd(""))
		if when != "" {
			l.must(t, "handoff", "--post", "--shift", "last", "--now", "2018-08-24T"+when+":00Z")
		}
		first, second := l.as("dev"), l.as("rep")
		direct := first.wire
		var once sync.Once
		second.wire = tripper(func(r *http.Request) (*http.Response, error) {
			if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/notes") {
				once.Do(func() {
					if r := first.run("handoff", "--post", "--now", "2018-08-24T15:00:00Z"); r.code != 0 {
						t.Errorf("the first: exit %d\n%s", r.code, r.errors)
					}
				})
			}
			return direct.RoundTrip(r)
		})
		r := second.run("handoff", "--post", "--now", "2018-08-24T15:01:00Z")
		authors, texts := l.besides()
		if r.code != 0 || strings.Join(authors, " ") != "dev rep" {
			t.Fatalf("log before %q: exit %d, comments by %s\n%s", when, r.code, authors, r.errors)
		}
		if !strings.Contains(texts[1], "Replaces the report that") || !strings.Contains(texts[1], "As of 2018-08-24 15:01 UTC") {
			t.Errorf("%s", texts[1])
		}
	}
}
