package transport

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// refusedWith is the error for an answer of GitLab.
func refusedWith(t *testing.T, method, path string, status int, body string) error {
	t.Helper()
	c, err := New(Options{Host: "https://gitlab.example.com", Token: func(context.Context) (string, error) { return "glpat-secret", nil },
		Now: time.Now, Sleep: func(context.Context, time.Duration) error { return nil }, Jitter: func() float64 { return 0 },
		Transport: roundTrip(func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)), ContentLength: -1}, nil
		})})
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequest(method, "https://gitlab.example.com/api/v4/"+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.RoundTrip(r)
	return err
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// Each way in which a modern GitLab refuses a token has its own words, and the hint names what to pick.
func TestRefusalsOfModernTokens(t *testing.T) {
	t.Parallel()
	const tokens = "https://gitlab.example.com/-/user_settings/personal_access_tokens"
	granular := func(description string) string {
		return `{"error":"insufficient_granular_scope","error_description":"` + description + `"}`
	}
	for name, c := range map[string]struct {
		method, path string
		status       int
		body         string
		text, hint   string
	}{
		"one permission": {"POST", "projects/acme%2Fproduction/issues", 403,
			granular(`Access denied: Your Personal Access Token lacks the required permissions: [create_issue] for \"acme/production\".`),
			"create issue in acme/production: the token lacks the permission create_issue in acme/production",
			"Create a fine-grained token with write_work_item for acme/production: " + tokens},
		"several": {"PUT", "projects/acme%2Fproduction/issues/1", 403,
			granular(`Access denied: Your Personal Access Token lacks the required permissions: [read_issue, update_issue] for \"acme/production\".`),
			"update issue acme/production#1: the token lacks the permission read_issue and update_issue in acme/production",
			"Create a fine-grained token with read_work_item and write_work_item for acme/production: " + tokens},
		"of the user": {"GET", "user", 403,
			granular(`Access denied: Your Personal Access Token lacks the required permissions: [read_user].`),
			"read current user: the token lacks the permission read_user", "Create a fine-grained token with read_user: " + tokens},
		"label events": {"GET", "projects/acme%2Fproduction/issues/1/resource_label_events", 403,
			granular(`Access denied: Your Personal Access Token lacks the required permissions: [read_issue_label_event] for \"acme/production\".`),
			"the token lacks the permission read_issue_label_event in acme/production", "with read_issue_label_event for acme/production: "},
		"in the words of GitLab 19": {"GET", "projects/acme%2Fproduction/members/all", 403,
			granular(`Access denied: Your Personal Access Token lacks the required permissions: [Member: Read] for \"acme/production\".`),
			"the token lacks the permission Member: Read in acme/production", "with Member: Read for acme/production: "},
		"none offered": {"GET", "users", 403, granular(`Unable to determine boundaries and permissions for authorization`),
			"list users: GitLab offers no permission for this to fine-grained tokens", "Create a token with the scope api: " + tokens},
		"AI": {"POST", "projects/acme%2Fproduction/issues/1/notes", 403, `{"message":"403 Forbidden - Quick actions close cannot be used with AI workflows."}`,
			"Quick actions close cannot be used with AI workflows", "Create a token with the scope api: " + tokens},
		"type": {"POST", "projects/acme%2Fproduction/issues", 400, `{"message":{"work_item_type":["Incident is disabled or archived for this project or group."]}}`,
			"work item type Incident is disabled or archived for this project or group", "Ask a Maintainer to allow the type there"},
		"a hostile name": {"GET", "user", 403, granular(`lacks the required permissions: [read_user\u001b[31m, x] for \"a\nb\".`),
			"the token lacks the permission read_user[31m", "with read_user[31m"},
	} {
		err := refusedWith(t, c.method, c.path, c.status, c.body)
		if !strings.Contains(err.Error(), c.text) || !strings.Contains(fault.HintOf(err), c.hint) || strings.ContainsAny(err.Error()+fault.HintOf(err), "\x1b\n") {
			t.Errorf("%s: %v\nhint: %s", name, err, fault.HintOf(err))
		}
		if kind := fault.KindOf(err); c.status == 403 && kind != fault.Auth {
			t.Errorf("%s: kind %v", name, kind)
		}
	}
}
