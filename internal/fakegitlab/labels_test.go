package fakegitlab

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// deleteSince deletes as the reporter with If-Unmodified-Since.
func deleteSince(w *world, path, since string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("DELETE", path, nil)
	r.Header.Set("PRIVATE-TOKEN", "reporter")
	r.Header.Set("If-Unmodified-Since", since)
	rec := httptest.NewRecorder()
	w.s.ServeHTTP(rec, r)
	return rec
}

// newLabel creates a label as the reporter and returns its id.
func (w *world) newLabel(in any, name string) int {
	w.t.Helper()
	return w.must(201, "reporter", "POST", w.path(in, "/labels"), `{"color":"#d9534f","name":"`+name+`"}`).num("id")
}

func TestLabelObject(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	rec := w.ask("reporter", "POST", w.path(w.infra, "/labels"), "name=+a+<b>toil</b>+&color=orange&priority=3")
	want := `{"id":2001,"name":"a toil","description":null,"description_html":"","text_color":"#1F1E24","color":"#FFA500",` +
		`"subscribed":false,"priority":3,"is_project_label":true}`
	if rec.Code != 201 || rec.Body.String() != want {
		t.Errorf("got %d %s, want 201 %s", rec.Code, rec.Body, want)
	}
	rec = w.ask("reporter", "POST", w.path(w.acme, "/labels"), "name=team&color=%23ffeedd&description=a%26b")
	want = `{"id":2002,"name":"team","description":"a&b","description_html":"a&amp;b","text_color":"#1F1E24","color":"#ffeedd",` +
		`"subscribed":false}`
	if got := strings.ReplaceAll(rec.Body.String(), `\u0026`, "&"); rec.Code != 201 || got != want {
		t.Errorf("got %d %s, want 201 %s", rec.Code, got, want)
	}
}

func TestLabelLists(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	w.newLabel(w.acme, "top")
	w.newLabel(w.sub, "middle")
	w.newLabel(w.deep, "own")
	w.newLabel(w.infra, "elsewhere")
	for _, tt := range []struct{ path, want string }{
		{w.path(w.deep, "/labels"), "middle own top"},
		{w.path(w.deep, "/labels?include_ancestor_groups=false"), "middle own"},
		{w.path(w.deep, "/labels?search=OW"), ""},
		{w.path(w.deep, "/labels?search=IDD"), "middle"},
		{w.path(w.deep, "/labels?per_page=2&page=2"), "top"},
		{w.path(w.sub, "/labels"), "middle top"},
		{w.path(w.sub, "/labels?include_ancestor_groups=false"), "middle"},
		{w.path(w.sub, "/labels?only_group_labels=false"), "middle own top"},
		{w.path(w.acme, "/labels"), "top"},
		{w.path(w.acme, "/labels?include_descendant_groups=true"), "middle top"},
		{w.path(w.acme, "/labels?include_descendant_groups=true&only_group_labels=false"), "elsewhere middle own top"},
	} {
		if got := fieldOf(w.list("guest", tt.path), "name"); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.path, got, tt.want)
		}
	}
}

func TestLabelCounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	w.newLabel(w.infra, "a")
	w.newIssue("&labels=a")
	w.newIssue("&labels=a&confidential=true")
	w.must(200, "reporter", "PUT", w.newIssue("&labels=a"), "state_event=close")
	for who, want := range map[string]string{"reporter": "2 1 0", "guest": "1 1 0"} {
		l := w.list(who, w.path(w.infra, "/labels?with_counts=true"))[0]
		got := fmt.Sprint(l["open_issues_count"], l["closed_issues_count"], l["open_merge_requests_count"])
		if got != want {
			t.Errorf("%s counts %s, want %s", who, got, want)
		}
	}
	if _, ok := w.list("guest", w.path(w.infra, "/labels"))[0]["open_issues_count"]; ok {
		t.Error("counts without being asked for")
	}
}

func TestLabelRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	w.newLabel(w.acme, "top")
	w.newLabel(w.sub, "middle")
	own := w.newLabel(w.deep, "own")
	w.newLabel(w.deep, "other")
	labels := w.path(w.deep, "/labels")
	for _, tt := range []struct {
		name, who, method, path, body string
		status                        int
		want                          string
	}{
		{"nothing given", "reporter", "POST", labels, "", 400, `{"error":"name is missing, color is missing"}`},
		{"no right", "guest", "POST", labels, "name=x&color=red", 403, `{"message":"403 Forbidden"}`},
		{"taken", "reporter", "POST", labels, "name=own&color=red", 409, `{"message":"Label already exists"}`},
		{"taken far above", "reporter", "POST", labels, "name=top&color=nonsense", 409, `{"message":"Label already exists"}`},
		{"taken after cleaning", "reporter", "POST", labels, "name=+own&color=red", 400, `{"message":{"title":["has already been taken"]}}`},
		{"comma", "reporter", "POST", labels, "name=a,b&color=red", 400, `{"message":{"title":["is invalid"]}}`},
		{"blank", "reporter", "POST", labels, "name=+&color=red", 400, `{"message":{"title":["can't be blank","is invalid"]}}`},
		{"long", "reporter", "POST", labels, "color=red&name=" + strings.Repeat("x", 256), 400,
			`{"message":{"title":["is too long (maximum is 255 characters)"]}}`},
		{"colour", "reporter", "POST", labels, "name=x&color=reddish", 400, `{"message":{"color":["must be a valid color code"]}}`},
		{"unknown", "reporter", "GET", labels + "/none", "", 404, `{"message":"404 Label Not Found"}`},
		{"unknown put", "reporter", "PUT", labels + "/none", "color=red", 404, `{"message":"404 Label Not Found"}`},
		{"unknown delete", "reporter", "DELETE", labels + "/none", "", 404, `{"message":"404 Label Not Found"}`},
		{"nothing to change", "reporter", "PUT", labels + "/own", "colour=red", 400,
			`{"error":"new_name, color, description, priority, archived are missing, at least one parameter must be provided"}`},
		{"no label named", "reporter", "PUT", labels, "color=red", 400,
			`{"error":"label_id, name are missing, exactly one parameter must be provided"}`},
		{"renamed to a neighbour", "reporter", "PUT", labels + "/own", "new_name=other", 400, `{"message":{"title":["has already been taken"]}}`},
		{"renamed to the group's", "reporter", "PUT", labels + "/own", "new_name=middle", 400,
			`{"message":{"title":["already exists at group level for Acme / Sub. Please choose another one."]}}`},
		{"higher group's", "reporter", "PUT", labels + "/top", "color=red", 404, `{"message":"404 Label Not Found"}`},
		{"in use as an id", "reporter", "GET", labels + "/" + fmt.Sprint(own+77), "", 404, `{"message":"404 Label Not Found"}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w.refused(tt.status, tt.want, tt.who, tt.method, tt.path, tt.body)
		})
	}
}

func TestLabelUpdate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	id := w.newLabel(w.infra, "on-call")
	issue := w.newIssue("&labels=on-call")
	l := w.must(200, "reporter", "PUT", w.path(w.infra, "/labels/on-call"), "new_name=oncall&priority=8&description=x")
	if l.num("id") != id || l.str("name") != "oncall" || l.num("priority") != 8 || l.str("description") != "x" {
		t.Errorf("got %v", l)
	}
	if got := fmt.Sprint(w.must(200, "guest", "GET", issue, "")["labels"]); got != "[oncall]" {
		t.Errorf("the issue has %s", got)
	}
	l = w.must(200, "reporter", "PUT", w.path(w.infra, "/labels"), fmt.Sprintf(`{"label_id":%d,"priority":null,"color":"#ABC"}`, id))
	if l["priority"] != nil || l.str("color") != "#ABC" {
		t.Errorf("got %v", l)
	}
	l = w.must(200, "reporter", "PUT", w.path(w.infra, "/labels"), "name=oncall&new_name=a%2Fb+::+%C3%BC")
	if l.str("name") != "a/b :: ü" {
		t.Errorf("got %v", l)
	}
	if got := w.must(200, "guest", "GET", w.path(w.infra, "/labels/a%2Fb%20%3A%3A%20%C3%BC"), ""); got.num("id") != id {
		t.Errorf("got %v", got)
	}
}

// TestLabelIDBeforeName has a label whose name is another label's id.
func TestLabelIDBeforeName(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	first := w.newLabel(w.infra, "first")
	w.newLabel(w.infra, fmt.Sprint(first))
	w.newLabel(w.infra, fmt.Sprintf("%d-high", first))
	for _, ref := range []string{"first", fmt.Sprint(first), fmt.Sprintf("%d-high", first)} {
		if l := w.must(200, "guest", "GET", w.path(w.infra, "/labels/"+ref), ""); l.str("name") != "first" {
			t.Errorf("%s found %v", ref, l)
		}
	}
}

func TestGroupLabelThroughProject(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	w.newLabel(w.acme, "team")
	only := w.user("only")
	w.infra.Members = append(w.infra.Members, &store.Member{User: only, Level: store.Reporter, CreatedAt: at})
	path := w.path(w.infra, "/labels/team")
	w.refused(403, `{"message":"403 Forbidden"}`, "only", "PUT", path, "color=red")
	w.refused(403, `{"message":"403 Forbidden"}`, "only", "DELETE", path, "")
	if l := w.must(200, "only", "PUT", path, "priority=2"); l.num("priority") != 2 || l["is_project_label"] != false {
		t.Errorf("got %v", l)
	}
	if l := w.must(200, "reporter", "GET", w.path(w.prod, "/labels/team"), ""); l["priority"] != nil {
		t.Errorf("the priority reaches another project: %v", l)
	}
	w.refused(500, `{"message":"500 Internal Server Error"}`, "reporter", "POST", w.path(w.infra, "/labels"), "name=neg&color=red&priority=-1")
	w.must(200, "reporter", "GET", w.path(w.infra, "/labels/neg"), "")
}

func TestLabelDelete(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	id := w.newLabel(w.infra, "gone")
	issue := w.newIssue("&labels=gone,kept")
	board := w.must(201, "reporter", "POST", w.path(w.infra, "/boards"), "name=b").num("id")
	lists := w.path(w.infra, fmt.Sprintf("/boards/%d/lists", board))
	w.must(201, "reporter", "POST", lists, fmt.Sprintf("label_id=%d", id))
	if rec := deleteSince(w, "/api/v4"+w.path(w.infra, "/labels/gone"), "Thu, 01 Jan 1970 00:00:00 GMT"); rec.Code != 412 {
		t.Errorf("If-Unmodified-Since: got %d", rec.Code)
	}
	w.must(204, "reporter", "DELETE", w.path(w.infra, "/labels/gone"), "")
	if got := fmt.Sprint(w.must(200, "guest", "GET", issue, "")["labels"]); got != "[kept]" {
		t.Errorf("the issue has %s", got)
	}
	if n := len(w.list("guest", lists)); n != 0 {
		t.Errorf("the board has %d lists", n)
	}
	events := w.list("guest", issue+"/resource_label_events")
	if len(events) != 2 || events[0]["label"] != nil || events[1]["label"] == nil {
		t.Errorf("events: %v", events)
	}
}

func TestLabelPromote(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	id := w.newLabel(w.infra, "shared")
	w.newLabel(w.prod, "shared")
	i := w.must(201, "reporter", "POST", w.path(w.prod, "/issues"), "title=x&labels=shared")
	if l := w.must(200, "reporter", "PUT", w.path(w.infra, "/labels/shared/promote"), ""); l.num("id") != id {
		t.Errorf("got %v", l)
	}
	got := w.list("guest", w.path(w.prod, "/labels"))
	if len(got) != 1 || got[0].num("id") != id || got[0]["is_project_label"] != false {
		t.Errorf("labels of the sibling: %v", got)
	}
	if rows := w.list("guest", w.path(w.prod, "/issues?labels=shared")); len(rows) != 1 || rows[0].num("id") != i.num("id") {
		t.Errorf("issues of the sibling: %v", rows)
	}
	w.refused(400, `{"message":"Failed to promote project label to group label"}`, "reporter", "PUT",
		w.path(w.prod, "/labels/shared/promote"), "") // it is one already
	w.refused(404, `{"message":"404 Label Not Found"}`, "reporter", "PUT", w.path(w.prod, "/labels/promote"), "name=none")
	w.refused(403, `{"message":"403 Forbidden"}`, "guest", "PUT", w.path(w.prod, "/labels/promote"), "name=none")
	id = w.newLabel(w.infra, "second")
	if l := w.must(200, "reporter", "PUT", w.path(w.infra, "/labels/promote"), "name=second"); l.num("id") != id {
		t.Errorf("by the older address: got %v", l)
	}
}

func TestLabelColors(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	for n, tt := range []struct{ sent, stored, text string }{
		{"red", "#FF0000", "#FFFFFF"},
		{"RebeccaPurple", "#663399", "#FFFFFF"},
		{" gold ", "#FFD700", "#1F1E24"},
		{"#AbC", "#AbC", "#1F1E24"},
		{"#00f", "#00f", "#FFFFFF"},
		{"#d9534f", "#d9534f", "#FFFFFF"},
		{"#ff9f80", "#ff9f80", "#1F1E24"},
		{"#2ca02c", "#2ca02c", "#FFFFFF"}, // 3.5 to white, 5.0 to the dark text
		{"#aaaaaa", "#aaaaaa", "#1F1E24"}, // 2.3 to white
		{"#a5a5a5", "#a5a5a5", "#FFFFFF"}, // 2.5 to white
	} {
		l := w.must(201, "reporter", "POST", w.path(w.infra, "/labels"), fmt.Sprintf(`{"name":"l%d","color":"%s"}`, n, tt.sent))
		if l.str("color") != tt.stored || l.str("text_color") != tt.text {
			t.Errorf("%q: got %s on %s, want %s on %s", tt.sent, l["text_color"], l["color"], tt.text, tt.stored)
		}
	}
}

func TestLabelSubscriptions(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	w.newLabel(w.acme, "shared")
	label := w.path(w.infra, "/labels/shared")
	unchanged := func(who, path string) {
		t.Helper()
		if rec := w.ask(who, "POST", path, ""); rec.Code != 304 || rec.Body.Len() > 0 {
			t.Errorf("POST %s as %s: got %d %s, want 304", path, who, rec.Code, rec.Body)
		}
	}
	unchanged("guest", label+"/unsubscribe")
	if l := w.must(201, "guest", "POST", label+"/subscribe", ""); l["subscribed"] != true {
		t.Errorf("got %v", l)
	}
	unchanged("guest", label+"/subscribe")
	for path, want := range map[string]string{
		w.path(w.infra, "/labels"): "true", w.path(w.prod, "/labels"): "false", w.path(w.acme, "/labels"): "false",
	} {
		if got := fieldOf(w.list("guest", path), "subscribed"); got != want {
			t.Errorf("%s of the guest: got %s, want %s", path, got, want)
		}
	}
	if got := fieldOf(w.list("reporter", w.path(w.infra, "/labels")), "subscribed"); got != "false" {
		t.Errorf("somebody else: got %s", got)
	}
	if l := w.must(201, "guest", "POST", label+"/unsubscribe", ""); l["subscribed"] != false {
		t.Errorf("got %v", l)
	}
	w.must(201, "guest", "POST", w.path(w.acme, "/labels/shared/subscribe"), "")
	if l := w.must(200, "guest", "GET", label, ""); l["subscribed"] != true {
		t.Errorf("subscribed in the group: got %v", l)
	}
	w.refused(404, `{"message":"404 Label Not Found"}`, "guest", "POST", w.path(w.infra, "/labels/none/subscribe"), "")
}
