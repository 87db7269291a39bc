package fakegitlab

import (
	"fmt"
	"testing"
)

func TestCreateProject(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	body := func(name string) string {
		return fmt.Sprintf(`{"name":%q,"namespace_id":%d,"description":"d"}`, name, w.acme.ID)
	}
	p := w.must(201, "developer", "POST", "/projects", body("On-call Tools & more"))
	if p.str("path_with_namespace") != "acme/on-call-tools-more" || p.str("visibility") != "private" || p.str("description") != "d" ||
		p.num("creator_id") != w.users["developer"].ID {
		t.Errorf("got %v", p)
	}
	w.must(201, "reporter", "POST", "/projects/acme%2Fon-call-tools-more/issues", `{"title":"first"}`)
	own := w.must(201, "guest", "POST", "/projects", `{"path":"mine"}`)
	if own.str("path_with_namespace") != w.users["guest"].Username+"/mine" {
		t.Errorf("without a group: %v", own["path_with_namespace"])
	}
	w.must(200, "guest", "PUT", fmt.Sprintf("/projects/%d", own.num("id")), `{"description":"own"}`)
	for _, tt := range []struct {
		who, body string
		want      string
	}{
		{"developer", body("on-call tools & more"), `{"message":{"project_namespace.name":["has already been taken"],"name":["has already been taken"],"path":["has already been taken"]}}`},
		{"reporter", body("x"), `{"message":{"namespace":["is not valid"]}}`},
		{"outsider", body("x"), `{"message":{"namespace":["is not valid"]}}`},
		{"developer", `{"name":"x","namespace_id":999999}`, `{"message":{"namespace":["is not valid"]}}`},
		{"developer", `{}`, `{"error":"name, path are missing, at least one parameter must be provided"}`},
		{"developer", `{"path":"a b"}`, `{"message":{"path":["can contain only letters, digits, '_', '-' and '.'. Cannot start with '-', end in '.git' or end in '.atom'"]}}`},
	} {
		if rec := w.ask(tt.who, "POST", "/projects", tt.body); rec.Code != 400 || rec.Body.String() != tt.want {
			t.Errorf("%s %s: got %d %s, want %s", tt.who, tt.body, rec.Code, rec.Body, tt.want)
		}
	}
	if rec := w.ask("", "POST", "/projects", `{"name":"x"}`); rec.Code != 401 {
		t.Errorf("anonymous: %d", rec.Code)
	}
}
