package fakegitlab

import (
	"strconv"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

func TestTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	u := w.users["owner"]
	for _, tok := range []*store.Token{
		{Value: "reads", User: u, Scopes: []string{"read_api"}},
		{Value: "me", User: u, Scopes: []string{"read_user"}},
		{Value: "old", User: u, Expires: "2018-08-24"},
		{Value: "fresh", User: u, Expires: "2018-08-25"},
		{Value: "revoked", User: u, Revoked: true},
		{Value: "oauth", User: u, Kind: store.OAuthToken},
		{Value: "job", User: u, Kind: store.JobToken},
		{Value: "blocked", User: w.user("gone")},
		{Value: "blocked reader", User: w.users["gone"], Scopes: []string{"read_api"}},
	} {
		w.s.store.AddToken(tok)
	}
	w.users["gone"].Blocked = true
	const (
		nobody = `{"message":"401 Unauthorized"}`
		scope  = `{"error":"insufficient_scope","error_description":"The request requires higher privileges than provided by the access token.","scope":"ai_workflows mcp mcp api read_api"}`
	)
	issues := w.path(w.infra, "/issues")
	for _, tt := range []struct {
		name, header, value string
		method, path        string
		status              int
		body                string
	}{
		{"private token", "PRIVATE-TOKEN", "owner", "GET", "/user", 200, ""},
		{"bearer", "Authorization", "Bearer owner", "GET", "/user", 200, ""},
		{"oauth", "Authorization", "Bearer oauth", "GET", "/user", 200, ""},
		{"parameter", "", "", "GET", "/user?private_token=owner", 200, ""},
		{"access token parameter", "", "", "GET", "/user?access_token=oauth", 200, ""},
		{"basic is not accepted", "Authorization", "Basic b3duZXI6eA==", "GET", "/user", 401, nobody},
		{"bearer in lower case", "Authorization", "bearer owner", "GET", "/user", 200, ""},
		{"bearer without a token", "Authorization", "Bearer", "GET", "/user", 401, nobody},
		{"bearer parameter", "", "", "GET", "/user?bearer_token=owner", 200, ""},
		{"oauth token as a personal one", "PRIVATE-TOKEN", "oauth", "GET", "/user", 401, nobody},
		{"unknown bearer", "Authorization", "Bearer nonsense", "GET", "/user", 401, nobody},
		{"unknown token on an unknown route", "PRIVATE-TOKEN", "nonsense", "GET", "/nonsense", 404, `{"error":"404 Not Found"}`},
		{"a parameter wins over a header", "PRIVATE-TOKEN", "nonsense", "GET", "/user?private_token=owner", 200, ""},
		{"read_user reads the version", "PRIVATE-TOKEN", "me", "GET", "/version", 200, ""},
		{"read_api does not write a note", "PRIVATE-TOKEN", "reads", "POST", issues + "/1/notes", 403,
			strings.Replace(scope, "ai_workflows mcp mcp api", "ai_workflows api", 1)},
		{"read_api does not write a label", "PRIVATE-TOKEN", "reads", "POST", w.path(w.infra, "/labels"), 403,
			strings.Replace(scope, "ai_workflows mcp mcp api", "api", 1)},
		{"scope comes before a parameter", "PRIVATE-TOKEN", "reads", "POST", issues + "?confidential=", 403, scope},
		{"scope comes before a block", "PRIVATE-TOKEN", "blocked reader", "POST", issues, 403, scope},
		{"block comes before a missing project", "PRIVATE-TOKEN", "blocked", "GET", "/projects/9999", 403,
			`{"message":"403 Forbidden - Your account has been blocked."}`},
		{"unknown", "PRIVATE-TOKEN", "nonsense", "GET", "/user", 401, nobody},
		{"a bad token is not anonymous", "PRIVATE-TOKEN", "nonsense", "GET", "/issues?scope=all", 401, nobody},
		{"expired", "PRIVATE-TOKEN", "old", "GET", "/user", 401,
			`{"error":"invalid_token","error_description":"Token is expired. You can either do re-authorization or token refresh."}`},
		{"not yet expired", "PRIVATE-TOKEN", "fresh", "GET", "/user", 200, ""},
		{"revoked", "PRIVATE-TOKEN", "revoked", "GET", "/user", 401,
			`{"error":"invalid_token","error_description":"Token was revoked. You have to re-authorize from the user."}`},
		{"read_api reads", "PRIVATE-TOKEN", "reads", "GET", issues, 200, ""},
		{"read_api does not write", "PRIVATE-TOKEN", "reads", "POST", issues, 403, scope},
		{"read_user sees itself", "PRIVATE-TOKEN", "me", "GET", "/user", 200, ""},
		{"read_user sees nothing else", "PRIVATE-TOKEN", "me", "GET", issues, 403, scope},
		{"job token reads issues", "JOB-TOKEN", "job", "GET", issues, 200, ""},
		{"job token as parameter", "", "", "GET", issues + "?job_token=job", 200, ""},
		{"job token cannot write", "JOB-TOKEN", "job", "POST", issues, 401, nobody},
		{"job token sees no milestones", "JOB-TOKEN", "job", "GET", w.path(w.infra, "/milestones"), 401, nobody},
		{"job token in the wrong place", "PRIVATE-TOKEN", "job", "GET", issues, 401, nobody},
		{"personal token as job", "JOB-TOKEN", "owner", "GET", issues, 401, nobody},
		{"blocked", "PRIVATE-TOKEN", "blocked", "GET", "/user", 403, `{"message":"403 Forbidden - Your account has been blocked."}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := request("", tt.method, tt.path, "")
			if tt.header != "" {
				r.Header.Set(tt.header, tt.value)
			}
			rec := serve(w.s, r)
			if rec.Code != tt.status || tt.body != "" && rec.Body.String() != tt.body {
				t.Errorf("got %d %s, want %d %s", rec.Code, rec.Body, tt.status, tt.body)
			}
		})
	}
}

func TestSudo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	as := func(token, who string) (int, string) {
		r := request(token, "GET", "/user", "")
		r.Header.Set("Sudo", who)
		rec := serve(w.s, r)
		return rec.Code, rec.Body.String()
	}
	if code, body := as("root", "guest"); code != 200 || !strings.Contains(body, `"username":"guest"`) {
		t.Errorf("root as guest: %d %s", code, body)
	}
	if code, body := as("owner", "guest"); code != 403 || body != `{"message":"403 Forbidden - Must be admin to use sudo"}` {
		t.Errorf("owner as guest: %d %s", code, body)
	}
	w.s.store.AddToken(&store.Token{Value: "no sudo", User: w.users["root"], Scopes: []string{"api"}})
	if code, body := as("no sudo", "guest"); code != 403 || !strings.Contains(body, `"scope":"sudo"`) {
		t.Errorf("root without the scope sudo: %d %s", code, body)
	}
	if code, body := as("", "guest"); code != 401 {
		t.Errorf("nobody as guest: %d %s", code, body)
	}
	w.refused(401, `{"message":"401 Unauthorized"}`, "", "GET", w.path(w.open, "?sudo=guest"), "")
	if me := w.must(200, "root", "GET", "/user?sudo="+strconv.Itoa(w.users["guest"].ID), ""); me.str("username") != "guest" {
		t.Errorf("root as the id of guest: %v", me)
	}
	if code, body := as("root", "x"); code != 404 || body != `{"message":"404 User with ID or username 'x' Not Found"}` {
		t.Errorf("root as nobody: %d %s", code, body)
	}
}

func TestTokenAboutItself(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	u := w.users["guest"]
	w.s.store.AddToken(&store.Token{Value: "me", Name: "laptop", User: u, Scopes: []string{"read_user"}, Expires: "2018-12-24"})
	w.s.store.AddToken(&store.Token{Value: "oauth", User: u, Kind: store.OAuthToken})
	me := w.must(200, "me", "GET", "/personal_access_tokens/self", "")
	if me.str("name") != "laptop" || me.str("expires_at") != "2018-12-24" || me.num("user_id") != u.ID || me["active"] != true ||
		me.str("created_at") != "2018-08-24T15:00:00.000Z" || len(me["scopes"].([]any)) != 1 {
		t.Errorf("got %v", me)
	}
	if other := w.must(200, "guest", "GET", "/personal_access_tokens/self", ""); other.num("id") == me.num("id") || other["expires_at"] == nil {
		t.Errorf("another token: got %v", other)
	}
	w.refused(401, `{"message":"401 Unauthorized"}`, "", "GET", "/personal_access_tokens/self", "")
	oauth := request("", "GET", "/personal_access_tokens/self", "")
	oauth.Header.Set("Authorization", "Bearer oauth")
	if rec := serve(w.s, oauth); rec.Code != 400 || !strings.Contains(rec.Body.String(), "requires token type to be a personal access token") {
		t.Errorf("an OAuth token: got %d %s", rec.Code, rec.Body)
	}
	if rec := w.ask("me", "DELETE", "/personal_access_tokens/self", ""); rec.Code != 204 {
		t.Errorf("revoke: got %d %s", rec.Code, rec.Body)
	}
	rec := w.ask("me", "GET", "/user", "")
	if rec.Code != 401 || !strings.Contains(rec.Header().Get("Www-Authenticate"), `error="invalid_token"`) || rec.Header().Get("X-Frame-Options") != "" {
		t.Errorf("a revoked token: got %d %v %s", rec.Code, rec.Header(), rec.Body)
	}
}

func TestRequestLogHoldsNoToken(t *testing.T) {
	t.Parallel()
	var logged []Entry
	w := newWorld(t, Options{Log: func(e Entry) { logged = append(logged, e) }})
	w.ask("", "POST", w.path(w.infra, "/issues?private_token=owner&a=b"), "title=x&private_token=owner")
	w.ask("guest", "GET", "/nonsense", "")
	all := w.s.Requests()
	if len(all) != 2 || len(logged) != 2 {
		t.Fatalf("%d requests recorded, %d logged, want 2", len(all), len(logged))
	}
	e := all[0]
	if e.Method != "POST" || e.User != "owner" || e.Status != 201 || e.Query != "a=b" || e.RequestBytes != 27 || e != logged[0] {
		t.Errorf("got %+v", e)
	}
	if all[1].Status != 404 || all[1].User != "guest" || all[1].RequestID == e.RequestID {
		t.Errorf("got %+v", all[1])
	}
	if w.s.ResetRequests(); len(w.s.Requests()) != 0 {
		t.Error("ResetRequests left something")
	}
}
