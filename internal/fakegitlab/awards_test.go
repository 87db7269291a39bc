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
		w.refused(404, `{"message":"404 Award Emoji {:name=>[\"has already been taken\"]} Not Found"}`, "guest", "POST", awards, "name=thumbsup")
		w.refused(404, `{"message":"404 Award Emoji {:name=>[\"is not a valid emoji name\"]} Not Found"}`, "guest", "POST", awards, "name=nonsense")
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
