package transport

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

func TestMessage(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, body, want string }{
		{"parameter check", `{"error":"title is missing, confidential is invalid"}`, "title is missing, confidential is invalid"},
		{"model validation", `{"message":{"title":["can't be blank","is too long (maximum is 255 characters)"]}}`, "title can't be blank, title is too long (maximum is 255 characters)"},
		{"several fields in one order", `{"message":{"title":["is invalid"],"color":["must be a valid color code"]}}`, "color must be a valid color code; title is invalid"},
		{"plain string", `{"message":"404 Project Not Found"}`, "404 Project Not Found"},
		{"hash of Ruby 3.3", `{"message":"Failed to create milestone {:title=>[\"already being used for another group or project milestone.\"]}"}`,
			"Failed to create milestone: title already being used for another group or project milestone."},
		{"hash of Ruby 3.4", `{"message":"Failed to create milestone {title: [\"already being used for another group or project milestone.\"]}"}`,
			"Failed to create milestone: title already being used for another group or project milestone."},
		{"hash with two fields", `{"message":"Failed to update milestone {:due_date=>[\"must be greater than start date\"], :title=>[\"can't be blank\", \"is odd\"]}"}`,
			"Failed to update milestone: due date must be greater than start date, title can't be blank, title is odd"},
		{"hash of a note", `{"message":"400 Bad request - Note {:note=>[\"can't be blank\"]}"}`, "400 Bad request - Note: note can't be blank"},
		{"hash of a note in 2019", `{"message":"400 (Bad request) \"Note {:note=>[\"can't be blank\"]}\" not given"}`, `400 (Bad request) "Note: note can't be blank" not given`},
		{"hash with a quote", `{"message":"Failed {:title=>[\"is \\\"odd\\\"\"]}"}`, `Failed: title is "odd"`},
		{"braces without a hash", `{"message":"404 Award Emoji {name} Not Found"}`, "404 Award Emoji {name} Not Found"},
		{"object", `{"message":{"error":"This endpoint has been requested too many times."}}`, "This endpoint has been requested too many times."},
		{"base", `{"message":{"base":["Spam detected"]}}`, "Spam detected"},
		{"captcha", `{"needs_captcha_response":true,"spam_log_id":42,"message":{"error":"Solve it"}}`, "Solve it"},
		{"scope", `{"error":"insufficient_scope","error_description":"The request requires higher privileges.","scope":"api"}`, "insufficient_scope: The request requires higher privileges."},
		{"empty object", `{"message":{}}`, ""},
		{"nothing", ``, ""},
		{"plain text", "Retry later\n", "Retry later"},
		{"page", "<html><head><title>\n Sign&nbsp;in \n</title>", `a web page titled "Sign in"`},
		{"page without title", "<!DOCTYPE html><p>", "a web page"},
		{"control characters", `{"message":"a\u001b[31mb\u0007\u202ec\nd"}`, "a[31mbc d"},
		{"very long", `{"message":"` + strings.Repeat("ä", 1000) + `"}`, strings.Repeat("ä", MessageLimit-1) + "…"},
	}
	for _, tt := range tests {
		if got := message("application/json", []byte(tt.body)); got != tt.want {
			t.Errorf("%s:\n got %q\nwant %q", tt.name, got, tt.want)
		}
	}
}

func FuzzMessage(f *testing.F) {
	f.Add([]byte(`{"message":"x {:a=>[\"b\"]}"}`))
	f.Add([]byte(`<title>x`))
	f.Fuzz(func(t *testing.T, body []byte) {
		got := message("", body)
		if utf8.RuneCountInString(got) > MessageLimit || !utf8.ValidString(got) || strings.ContainsAny(got, "\n\r\x1b\x00\x07") {
			t.Errorf("%q", got)
		}
	})
}

func TestDescribe(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"GET projects/acme%2Finfra":                            "read project acme/infra",
		"GET groups/acme":                                      "read group acme",
		"GET projects/acme%2Finfra/issues":                     "list issues of acme/infra",
		"GET projects/acme%2Finfra/issues/12":                  "read issue acme/infra#12",
		"PUT projects/acme%2Finfra/issues/12":                  "update issue acme/infra#12",
		"POST projects/acme%2Finfra/issues":                    "create issue in acme/infra",
		"POST projects/acme%2Finfra/issues/12/notes":           "add comment to issue acme/infra#12",
		"GET projects/acme%2Finfra/issues/12/notes":            "list comments of issue acme/infra#12",
		"DELETE projects/acme%2Finfra/issues/12/notes/7":       "delete comment 7 of issue acme/infra#12",
		"GET projects/1/issues/12/resource_label_events":       "list label events of issue 1#12",
		"POST groups/acme/milestones":                          "create milestone in group acme",
		"PUT groups/acme/milestones/412":                       "update milestone 412 of group acme",
		"DELETE groups/acme/labels/33":                         "delete label 33 of group acme",
		"POST projects/acme%2Finfra/boards":                    "create board in acme/infra",
		"GET projects/acme%2Finfra/boards/3/lists":             "list columns of board 3 of acme/infra",
		"POST projects/acme%2Finfra/boards/3/lists":            "add column to board 3 of acme/infra",
		"PUT projects/acme%2Finfra/boards/3/lists/21":          "update column 21 of board 3 of acme/infra",
		"GET projects/acme%2Finfra/members/all/7":              "read member 7 of acme/infra",
		"GET groups/acme/members/7":                            "read member 7 of group acme",
		"GET groups/acme/members/all":                          "list members of group acme",
		"GET groups/acme/members":                              "list members of group acme",
		"GET projects/acme%2Finfra/merge_requests/4":           "read merge request acme/infra!4",
		"GET projects/acme%2Finfra/merge_requests/4/diffs":     "list changed files of merge request acme/infra!4",
		"GET projects/acme%2Finfra/merge_requests/4/approvals": "read approvals of merge request acme/infra!4",
		"GET projects/acme%2Finfra/approvals":                  "read approvals of acme/infra",
		"GET projects/acme%2Finfra/approval_rules":             "list approval rules of acme/infra",
		"POST projects/acme%2Finfra/issues/4/links":            "add link to issue acme/infra#4",
		"POST projects/acme%2Finfra/issues/4/move":             "move issue acme/infra#4",
		"GET user":                      "read current user",
		"GET users":                     "list users",
		"GET projects":                  "list projects",
		"GET metadata":                  "read GitLab version",
		"GET projects/acme%2Finfra/%zz": "list %zz of acme/infra",
		"GET ":                          "read ",
		"DELETE projects/acme%2Finfra/issues/12/notes/7/x": "delete x of issue acme/infra#12",
	}
	for request, want := range tests {
		method, path, _ := strings.Cut(request, " ")
		if got := describe(method, path); got != want {
			t.Errorf("%s: got %q, want %q", request, got, want)
		}
	}
}

func TestHintsAndClasses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, method, path string
		status             int
		body               string
		kind               fault.Kind
		class              error
		message, hint      string
	}{
		{"401", "GET", "user", 401, `{"message":"401 Unauthorized"}`, fault.Auth, nil, "read current user: 401 Unauthorized", "unset both and log in: prodctl auth login --host http"},
		{"expired", "GET", "user", 401, `{"error":"invalid_token","error_description":"Token is expired."}`, fault.Auth, nil, "401 Unauthorized: invalid_token: Token is expired.", "prodctl auth login"},
		{"scope", "POST", "projects/a%2Fb/issues", 403, `{"error":"insufficient_scope","error_description":"More.","scope":"api"}`, fault.Auth, nil, "403 Forbidden: the token does not have the scope api", "Create a token with the scope api"},
		{"one of several scopes", "POST", "projects/a%2Fb/issues", 403, `{"error":"insufficient_scope","error_description":"More.","scope":"ai_workflows mcp mcp api read_api"}`, fault.Auth, nil, "403 Forbidden: the token does not have the scope api", "Create a token with the scope api"},
		{"role for milestones", "POST", "projects/a%2Fb/milestones", 403, `{"message":"403 Forbidden"}`, fault.Auth, nil, "403 Forbidden", "Check that you have the Planner or Reporter role in project a/b: prodctl doctor"},
		{"role for opening", "POST", "projects/a%2Fb/issues", 403, `{"message":"403 Forbidden"}`, fault.Auth, nil, "403 Forbidden", "Check that you have the Planner or Reporter role in project a/b: prodctl doctor"},
		{"role for comments", "POST", "projects/a%2Fb/issues/1/notes", 403, `{"message":"403 Forbidden"}`, fault.Auth, nil, "403 Forbidden", "Check your role in project a/b: prodctl doctor"},
		{"role for deleting", "DELETE", "projects/a%2Fb/issues/1", 403, `{"message":"403 Forbidden"}`, fault.Auth, nil, "403 Forbidden", "Planner or Owner"},
		{"role for reading", "GET", "projects/a%2Fb/issues/1", 403, `{"message":"403 Forbidden"}`, fault.Auth, nil, "403 Forbidden", "prodctl doctor"},
		{"project missing", "GET", "projects/a%2Fb/issues", 404, `{"message":"404 Project Not Found"}`, fault.Failed, fault.NotFound, "project a/b not found", "Check the path of project a/b"},
		{"issue missing", "GET", "projects/a%2Fb/issues/9", 404, `{"message":"404 Not found"}`, fault.Failed, fault.NotFound, "issue a/b#9 not found", "Check the number: the issue was deleted, or the token's user cannot see it"},
		{"wrong route", "GET", "metadata", 404, `{"error":"404 Not Found"}`, fault.Failed, fault.NotFound, "404 Not Found", "the version of GitLab"},
		{"no GitLab at all", "GET", "metadata", 404, `<html><title>nginx</title>`, fault.Failed, fault.NotFound, "nginx", "is not GitLab"},
		{"title taken", "POST", "projects/a%2Fb/milestones", 400, `{"message":"Failed to create milestone {:title=>[\"already being used for another group or project milestone.\"]}"}`, fault.Failed, fault.Taken, "already being used", "parent group"},
		{"label taken", "POST", "projects/a%2Fb/labels", 409, `{"message":"Label already exists"}`, fault.Failed, fault.Taken, "Label already exists", ""},
		{"list taken", "POST", "projects/a%2Fb/boards/1/lists", 400, `{"message":{"label_id":["has already been taken"]}}`, fault.Failed, fault.Taken, "has already been taken", ""},
		{"dates", "POST", "projects/a%2Fb/milestones", 400, `{"message":"Failed to create milestone {due_date: [\"must be greater than start date\"]}"}`, fault.Failed, nil, "due date must be greater than start date", ""},
		{"moved", "PUT", "projects/a%2Fb/issues/1", 405, `{"message":"Non GET methods are not allowed for moved projects"}`, fault.Failed, nil, "moved projects", "new path"},
		{"captcha", "POST", "projects/a%2Fb/issues", 409, `{"needs_captcha_response":true,"message":{"error":"Solve it"}}`, fault.Failed, nil, "Solve it", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, _ := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("X-Request-Id", "01JABC")
				answering(tt.status, tt.body)(w, r)
			}), nil)
			err := request(t.Context(), c, tt.method, tt.path, "")
			if fault.KindOf(err) != tt.kind || !strings.Contains(err.Error(), tt.message) || strings.Contains(err.Error(), "01JABC") {
				t.Errorf("kind %v: %v", fault.KindOf(err), err)
			}
			if e, ok := errors.AsType[*Error](err); !ok || !strings.Contains(e.Detail(), "attempts: 1, request id 01JABC") || !strings.HasPrefix(e.Detail(), tt.method+" "+tt.path) {
				t.Errorf("detail %q", e.Detail())
			}
			if hint := fault.HintOf(err); !strings.Contains(hint, tt.hint) {
				t.Errorf("hint %q, want one with %q", hint, tt.hint)
			}
			for _, class := range []error{fault.NotFound, fault.Taken, fault.Unknown, fault.Dropped} {
				if errors.Is(err, class) != (class == tt.class) {
					t.Errorf("errors.Is(%v) is %v", class, class != tt.class)
				}
			}
		})
	}
}

func TestErrorWithUnknownOutcome(t *testing.T) {
	t.Parallel()
	c, _ := serve(t, webPage(502, "Bad Gateway"), nil)
	err := request(t.Context(), c, "PUT", "projects/a%2Fb/issues/1", "")
	want := "update issue a/b#1: GitLab answered 502 Bad Gateway; the request may have been carried out"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	detail := `PUT projects/a%2Fb/issues/1: 502 Bad Gateway, attempts: 5: a web page titled "Bad Gateway"`
	if e, ok := errors.AsType[*Error](err); !ok || e.Detail() != detail {
		t.Errorf("got  %v\nwant %s", e.Detail(), detail)
	}
	if fault.HintOf(err) == "" || fault.KindOf(fmt.Errorf("x: %w", err)) != fault.Unreachable {
		t.Errorf("kind %v, hint %q", fault.KindOf(err), fault.HintOf(err))
	}
}
