package cli_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// What GitLab refuses to a token as such has words of its own in every command that writes: before the first write with exit code 4 or 1, and
// nothing is left half done.
func TestRefusalsOfTokensInWritingCommands(t *testing.T) {
	t.Parallel()
	const page = "https://gitlab.example.test/-/user_settings/personal_access_tokens"
	for name, c := range map[string]struct {
		status        int
		body          string
		code          int
		message, hint string
		onlyNewIssues bool
	}{
		"a group that requires fine-grained tokens": {403,
			`{"error":"insufficient_granular_scope","error_description":"Access denied: Your Personal Access Token lacks the required permissions: [create_issue] for \"acme/production\"."}`,
			4, "the token lacks the permission create_issue in acme/production", "Create a fine-grained token with write_work_item for acme/production: " + page, false},
		"a type that is switched off": {400, `{"message":{"work_item_type":["Issue is disabled or archived for this project or group."]}}`,
			1, "work item type Issue is disabled or archived for this project or group", "Ask a Maintainer to allow the type there", true},
		"a token for AI workflows": {403, `{"message":"403 Forbidden - Quick actions close cannot be used with AI workflows."}`,
			4, "Quick actions close cannot be used with AI workflows", "Create a token with the scope api: " + page, false},
	} {
		for _, line := range []string{"incident open Registry -s S2", "change open Move --criticality C4 --start 2018-08-24T17:00 --duration 30m",
			"change record --type deployment --outcome success --key k", "handoff mark infrastructure#1 --left-off a --next b", "issue request Access --why x"} {
			if c.onlyNewIssues && strings.HasPrefix(line, "handoff mark") {
				continue
			}
			l := newLab(t, setup{})
			l.ownDir(t)
			inner, writes := l.wire, 0
			l.wire = exchanges(func(r *http.Request) (*http.Response, error) {
				if r.Method == http.MethodGet {
					return inner.RoundTrip(r)
				}
				writes++
				return &http.Response{StatusCode: c.status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(c.body))}, nil
			})
			r := l.run(strings.Fields(line)...)
			if r.code != c.code || !strings.Contains(r.errors, c.message) || !strings.Contains(r.errors, c.hint) {
				t.Errorf("%s, %s: exit %d, want %d with %q and %q\n%s", name, line, r.code, c.code, c.message, c.hint, r.errors)
			}
			if writes != 1 {
				t.Errorf("%s, %s: %d writes were tried, want 1", name, line, writes)
			}
		}
	}
}
