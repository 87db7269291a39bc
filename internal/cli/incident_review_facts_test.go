package cli_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// posted is a comment as GitLab shows it.
type posted struct {
	ID   int64
	Body string
}

// reviews are the comments of incident 1 that hold its review, oldest first.
func (l *lab) reviews(t *testing.T) (list []posted) {
	t.Helper()
	var all []posted
	if err := json.Unmarshal([]byte(l.web("mara", "GET", "/issues/1/notes?sort=asc&per_page=100", "")), &all); err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(all, func(n posted) bool { return !strings.Contains(n.Body, "prodctl:key=review/") })
}

const (
	reviewBegins = "<!-- prodctl:review -->\n"
	reviewEnds   = "<!-- /prodctl:review -->\n"
)

// around is the text of people in a review.
func around(t *testing.T, body string) string {
	t.Helper()
	above, rest, begins := strings.Cut(body, reviewBegins)
	_, below, ends := strings.Cut(rest, reviewEnds)
	if !begins || !ends {
		t.Fatalf("no generated part in\n%s", body)
	}
	return above + "…" + below
}

func (l *lab) writeNote(t *testing.T, user string, iid int, note int64, body string) {
	t.Helper()
	l.web(user, "PUT", fmt.Sprintf("/issues/%d/notes/%d", iid, note), `{"body":%q}`, body)
}

// A review has every fact with its evidence: times, timeline, changes before it, minutes of the budget, actions.
func TestReviewHasTheFacts(t *testing.T) {
	t.Parallel()
	l := changedLab(t, setup{})
	l.must(t, "incident", "update", "1", "-m", "Disk replaced", "--cause", "disk full | really", "--detected", "2018-08-24 12:10")
	l.must(t, "incident", "action", "1", "Alert before the disk is full", "--owner", "dev", "--due", "2018-09-01")
	l.server.ResetRequests()
	l.must(t, "incident", "review", "1")
	all := l.reviews(t)
	if len(all) != 1 {
		t.Fatalf("%d reviews", len(all))
	}
	for _, want := range []string{
		"- Severity: S2\n- Services: registry\n- Share of affected users: unknown\n- Data lost: no\n- Recorded cause: disk full",
		"| Started | 2018-08-24 12:00 |  | record |", "| Detected | 2018-08-24 12:10 | 10m | record |", "| Mitigated | unknown |  |  |",
		"| Resolved | 2018-08-24 13:00 | 1h | record |",
		"- Error budget of production: 60 of 20.16 minutes (298 %), at 99.95 % over 28d\n- Error budget of registry: 60 of 20.16 minutes (298 %)",
		"- 13:00 resolved", "1. [acme/registry deployment 4 to production](<https://gitlab.example.test/acme/registry/-/jobs/73>): running; same service registry",
		"3. acme/production#3 Deployment of the registry: complete; same service registry, ended 5m before",
		"4. acme/production#4 (confidential): complete\n",
		"- [ ] acme/infrastructure#2 Alert before the disk is full, @\u200bdev, due 2018-09-01, open",
		"Reason for the review: S2 lasted 1h, longer than 30m.", "1. Why?",
	} {
		if !strings.Contains(all[0].Body, want) {
			t.Errorf("lacks %q", want)
		}
	}
	if t.Failed() || strings.Contains(all[0].Body, "zanary") || strings.Contains(all[0].Body, "main") {
		t.Error(all[0].Body)
	}
	// The issue, comments with their authors' roles, label and state events; the comment; links, two lists of changes, two of deployments;
	// the project with the role, for the write; then a look for duplicates, and the issue again, in case that it was moved meanwhile.
	if reads, writes := l.count(); reads != 14 || writes != 1 {
		t.Errorf("%d reads and %d writes\n%s", reads, writes, strings.Join(l.requests(), "\n"))
	}
}

// Facts that have not changed are not written again, whoever asks; changed ones replace the generated part and nothing else.
func TestReviewIsRewrittenWhenFactsChange(t *testing.T) {
	t.Parallel()
	l := changedLab(t, setup{})
	l.must(t, "incident", "review", "1")
	form := l.reviews(t)[0]
	mine := strings.Replace(strings.Replace(form.Body, "1. Why?", "1. Why? The disk was full.\r\n\r\n| a |\r\n| - |", 1), "## Review", "Read this.\n\n## Review", 1)
	l.writeNote(t, "mara", 1, form.ID, mine)
	stored := l.reviews(t)[0].Body
	for _, user := range []string{"mara", "dev", "rep"} {
		l.user = user
		l.server.ResetRequests()
		r := l.must(t, "incident", "review", "1")
		if _, writes := l.count(); writes != 0 || !strings.Contains(r.errors+r.out, "Unchanged: the review is up to date: https://gitlab.example.test/acme/production/-/issues/1#note_") {
			t.Errorf("@%s: %d writes\n%s%s", user, writes, r.out, r.errors)
		}
	}
	l.user = "mara"
	l.must(t, "incident", "update", "1", "-m", "Seen again in staging", "--cause", "disk full")
	l.must(t, "incident", "review", "1")
	all := l.reviews(t)
	if len(all) != 1 || around(t, all[0].Body) != around(t, stored) || !strings.Contains(all[0].Body, "Recorded cause: disk full") ||
		!strings.Contains(all[0].Body, "Seen again in staging") {
		t.Errorf("%d reviews\n%s", len(all), all[0].Body)
	}
}

// What a person changed inside the generated part becomes text of theirs, above the new facts. Nothing is written while the facts are those
// that the person edited.
func TestEditedFactsOfAReviewStay(t *testing.T) {
	t.Parallel()
	l := changedLab(t, setup{})
	l.must(t, "incident", "review", "1")
	form := l.reviews(t)[0]
	l.writeNote(t, "mara", 1, form.ID, strings.Replace(form.Body, "- Data lost: no", "- Data lost: no, we checked", 1))
	before := l.all()
	if l.must(t, "incident", "review", "1"); l.all() != before {
		t.Error("written although the facts are the same")
	}
	l.must(t, "incident", "update", "1", "-m", "Closed", "--cause", "disk full")
	r := l.must(t, "incident", "review", "1")
	all := l.reviews(t)
	if len(all) != 1 || !strings.Contains(around(t, all[0].Body), "no, we checked") || strings.Count(all[0].Body, "Recorded cause: disk full") != 1 ||
		!strings.Contains(r.errors+r.out, "The generated part was edited since: that text stays") {
		t.Errorf("%s%s\n%s", r.out, r.errors, all[0].Body)
	}
	before = l.all()
	if l.must(t, "incident", "review", "1"); l.all() != before {
		t.Error("a second run writes again")
	}
}

// A comment without the hidden lines, as of an older release, stays; one with a damaged part is refused with the line.
func TestReviewsWithoutAWholePart(t *testing.T) {
	t.Parallel()
	l := changedLab(t, setup{})
	l.must(t, "incident", "review", "1")
	form := l.reviews(t)[0]
	_, key, _ := strings.Cut(form.Body, reviewEnds)
	l.writeNote(t, "mara", 1, form.ID, "All by hand."+key)
	l.must(t, "incident", "update", "1", "-m", "Closed", "--cause", "disk full")
	before := l.all()
	if r := l.must(t, "incident", "review", "1"); l.all() != before || !strings.Contains(r.errors+r.out, "Unchanged: the review by @mara has no generated part") {
		t.Errorf("%s%s", r.out, r.errors)
	}
	l.writeNote(t, "mara", 1, form.ID, strings.Replace(form.Body, reviewEnds, "", 1))
	before = l.all()
	if r := l.run("incident", "review", "1"); r.code != 5 || l.all() != before || !strings.Contains(r.errors, "has no end (the line <!-- /prodctl:review --> is missing)") {
		t.Errorf("exit %d\n%s%s", r.code, r.out, r.errors)
	}
}

// Whoever may not edit the review of somebody else adds the facts beside it, with a link, and keeps that comment up to date.
func TestReviewOfSomebodyElse(t *testing.T) {
	t.Parallel()
	l := changedLab(t, setup{})
	l.must(t, "incident", "review", "1")
	form := l.reviews(t)[0]
	l.user = "dev"
	for n, cause := range []string{"disk full", "disk really full"} {
		l.must(t, "incident", "update", "1", "--cause", cause)
		r := l.must(t, "incident", "review", "1")
		all := l.reviews(t)
		if len(all) != 2 || all[0].Body != form.Body || !strings.Contains(all[1].Body, "Recorded cause: "+cause) ||
			!strings.Contains(all[1].Body, fmt.Sprintf("#note_%d", form.ID)) || !strings.Contains(r.errors+r.out, "stays, because this token may not edit it") {
			t.Errorf("run %d: %s%s\n%+v", n, r.out, r.errors, all)
		}
	}
	before := l.all()
	if l.must(t, "incident", "review", "1"); l.all() != before {
		t.Error("a second run writes again")
	}
	l.user = "mara"
	l.must(t, "incident", "review", "1")
	if all := l.reviews(t); len(all) != 2 || !strings.Contains(all[0].Body, "disk really full") {
		t.Errorf("the author's run: %+v", all)
	}
	l.must(t, "incident", "update", "1", "--cause", "disk empty")
	l.must(t, "incident", "review", "1")
	for _, n := range l.reviews(t) { // the comment beside it still says that it has the newest facts
		if !strings.Contains(n.Body, "Recorded cause: disk empty") {
			t.Errorf("stale facts: %s", n.Body)
		}
	}
	before = l.all()
	if l.must(t, "incident", "review", "1"); l.all() != before {
		t.Error("a repeated run writes again")
	}
}

// A team's template without {facts} gets them at its end; the other variables are filled once.
func TestReviewTemplateWithoutFacts(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{config: "incidents: {review_template: review.md}\n"})
	own := *l
	own.ownDir(t)
	own.file(t, "review.md", "Ours: {title}, {cause}\n")
	own.must(t, "incident", "open", "Registry", "-s", "S1", "--started", "3h")
	own.must(t, "incident", "resolve", "1", "--cause", "rain")
	own.must(t, "incident", "review", "1")
	if body := own.reviews(t)[0].Body; !strings.HasPrefix(body, "Ours: 2018-08-24: Registry, rain\n\n"+reviewBegins) {
		t.Error(body)
	}
	own.must(t, "incident", "open", "Mail", "-s", "S1", "--started", "3h")
	own.must(t, "incident", "resolve", "2")
	before := own.all()
	for _, text := range []string{"{facts}\n\n{facts}\n", "- a\n  {facts}\n", "```\n{facts}\n```\n"} {
		own.file(t, "review.md", text)
		if r := own.run("incident", "review", "2"); r.code != 6 || own.all() != before || !strings.Contains(r.errors, "incidents.review_template hides the facts") {
			t.Errorf("%q: exit %d\n%s", text, r.code, r.errors)
		}
	}
}

// Changes that a former run could read are not replaced by the sentence that they cannot be read now; other facts are written.
func TestReviewKeepsChangesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	l := changedLab(t, setup{})
	l.must(t, "incident", "review", "1")
	_, before, _ := strings.Cut(l.reviews(t)[0].Body, "### Changed before it")
	before, _, _ = strings.Cut(before, "###")
	l.must(t, "incident", "update", "1", "--cause", "disk full")
	l.breaking("/projects/acme%2Fapp/deployments", fails(http.StatusForbidden, `{"message":"403 Forbidden"}`))
	r := l.must(t, "incident", "review", "1")
	body := l.reviews(t)[0].Body
	if !strings.Contains(body, before) || !strings.Contains(before, "acme/app deployment 1") || !strings.Contains(body, "Recorded cause: disk full") ||
		!strings.Contains(r.errors+r.out, "The changes before it stay as they are. Deployments of acme/app not listed: ") {
		t.Errorf("%s%s\n%s", r.out, r.errors, body)
	}
	l.breaking("labels=change&", fails(http.StatusForbidden, `{"message":"403 Forbidden"}`))
	unchanged := l.all()
	if r := l.run("incident", "review", "1"); r.code != 4 || l.all() != unchanged {
		t.Errorf("without the changes: exit %d\n%s%s", r.code, r.out, r.errors)
	}
}

// Of a person's edit around the facts while prodctl writes them nothing is lost.
func TestEditDuringAReview(t *testing.T) {
	t.Parallel()
	l := changedLab(t, setup{})
	l.must(t, "incident", "review", "1")
	l.must(t, "incident", "update", "1", "--cause", "disk full")
	form := l.reviews(t)[0]
	direct, edited := l.wire, false
	own := *l
	own.wire = roundTripper(func(r *http.Request) (*http.Response, error) {
		if strings.Contains(r.URL.Path, "/links") && !edited { // after the comment was read for the plan
			edited = true
			l.writeNote(t, "mara", 1, form.ID, strings.Replace(form.Body, "1. Why?", "1. Why? The disk was full.", 1))
		}
		return direct.RoundTrip(r)
	})
	r := own.run("incident", "review", "1")
	all := l.reviews(t)
	if r.code != 0 || len(all) != 1 || !strings.Contains(all[0].Body, "Why? The disk was full.") || !strings.Contains(all[0].Body, "Recorded cause: disk full") {
		t.Errorf("exit %d: %s%s\n%+v", r.code, r.out, r.errors, all)
	}
}

// Comments and causes that begin like a code block stay one line of the facts: an open block would hide what comes after it.
func TestReviewFactsBreakNoLine(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.must(t, "incident", "open", "Registry", "-s", "S3", "-q")
	l.remark("dev", 1, "```yaml\na: b\n```", false)
	l.must(t, "incident", "resolve", "1", "--cause", "~~~sh", "-m", "```", "-q")
	l.must(t, "incident", "review", "1", "--force", "-q")
	text := l.reviews(t)[0].Body
	for _, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(line, "```") || strings.HasPrefix(line, "~~~") {
			t.Errorf("the line %q opens a code block:\n%s", line, text)
		}
	}
	if !strings.Contains(text, "- Recorded cause: \\~\\~\\~sh\n") || !strings.Contains(text, " \\`\\`\\`yaml …\n") {
		t.Error(text)
	}
}
