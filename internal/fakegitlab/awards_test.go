package fakegitlab

import (
	"fmt"
	"testing"
)

func TestAwards(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	issue := w.newIssue("")
	note := fmt.Sprintf("%s/notes/%d", issue, w.must(201, "guest", "POST", issue+"/notes", "body=x").num("id"))
	for kind, on := range map[string]string{"Issue": issue, "Note": note} {
		awards := on + "/award_emoji"
		a := w.must(201, "guest", "POST", awards, "name=thumbsup")
		if a.str("name") != "thumbsup" || a.str("awardable_type") != kind {
			t.Errorf("got %v", a)
		}
		w.refused(404, `{"message":"404 Award Emoji Name has already been taken Not Found"}`, "guest", "POST", awards, "name=thumbsup")
		w.refused(404, `{"message":"404 Award Emoji Name is not a valid emoji name Not Found"}`, "guest", "POST", awards, "name=nonsense")
		w.refused(400, `{"error":"name is missing"}`, "guest", "POST", awards, "")
		w.must(201, "reporter", "POST", awards, "name=thumbsup")
		one := fmt.Sprintf("%s/%d", awards, a.num("id"))
		if got := w.must(200, "reporter", "GET", one, ""); got.num("id") != a.num("id") {
			t.Errorf("got %v", got)
		}
		w.refused(401, `{"message":"401 Unauthorized"}`, "reporter", "DELETE", one, "")
		w.must(204, "guest", "DELETE", one, "")
		w.refused(404, `{"message":"404 Not found"}`, "guest", "DELETE", one, "")
		if got := w.list("guest", awards); len(got) != 1 {
			t.Errorf("left: %v", got)
		}
	}
	if i := w.must(200, "guest", "GET", issue, ""); i.num("upvotes") != 1 || i.num("downvotes") != 0 {
		t.Errorf("votes: %v %v", i["upvotes"], i["downvotes"])
	}
	locked := w.must(201, "reporter", "POST", w.path(w.open, "/issues"), "title=x&discussion_locked=true").num("iid")
	w.refused(404, `{"message":"404 Award Emoji Not Found"}`, "outsider", "POST",
		w.path(w.open, fmt.Sprintf("/issues/%d/award_emoji", locked)), "name=tada")
}

// TestAwardNames checks that an emoji is stored under its name whichever alias was sent, and which names are refused.
func TestAwardNames(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	awards := w.newIssue("") + "/award_emoji"
	for sent, want := range map[string]string{"%2B1": "thumbsup", ":rocket:": "rocket", "party_popper": "tada", "tractor": "tractor", "hankey": "poop"} {
		if got := w.must(201, "guest", "POST", awards, "name="+sent).str("name"); got != want {
			t.Errorf("%s: got %s, want %s", sent, got, want)
		}
	}
	w.refused(404, `{"message":"404 Award Emoji Name has already been taken Not Found"}`, "guest", "POST", awards, "name=thumbs_up")
	for _, unknown := range []string{"Rocket", "rocket:", "🚀"} {
		w.refused(404, `{"message":"404 Award Emoji Name is not a valid emoji name Not Found"}`, "guest", "POST", awards, "name="+unknown)
	}
	w.refused(404, `{"message":"404 Award Emoji Name can't be blank and Name is not a valid emoji name Not Found"}`, "guest", "POST", awards, "name=")
}

// TestAwardMovesTimeOfNote checks that a reaction by anybody changes the updated_at of a note, and of nothing else.
func TestAwardMovesTimeOfNote(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	issue := w.newIssue("")
	note := func() object { return w.list("guest", issue+"/notes?sort=asc")[0] }
	w.must(201, "guest", "POST", issue+"/notes", "body=one")
	w.must(201, "guest", "POST", issue+"/notes", "body=two")
	before, path := note(), fmt.Sprintf("%s/notes/%d", issue, note().num("id"))
	changed := func() bool {
		now := note()
		defer func() { before = now }()
		return now.str("updated_at") != before.str("updated_at")
	}
	w.must(200, "guest", "PUT", path, "body=one")
	w.must(200, "reporter", "PUT", issue, "add_labels=a&confidential=true")
	w.must(200, "reporter", "PUT", issue, "confidential=false")
	w.must(201, "guest", "POST", issue+"/award_emoji", "name=eyes")
	if changed() {
		t.Error("the same text, labels, confidentiality or a reaction to the issue moved the time of the note")
	}
	award := w.must(201, "reporter", "POST", path+"/award_emoji", "name=eyes")
	if !changed() {
		t.Error("a reaction did not move the time")
	}
	w.must(204, "reporter", "DELETE", fmt.Sprintf("%s/award_emoji/%d", path, award.num("id")), "")
	if !changed() {
		t.Error("a reaction taken back did not move the time")
	}
}
