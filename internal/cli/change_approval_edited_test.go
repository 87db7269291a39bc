package cli_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
)

// graphQLAnswers replaces the answers of GraphQL, and counts the queries.
type graphQLAnswers struct {
	inner   http.RoundTripper
	replace func(body string) (string, int) // nil: they stay
	asked   *[]string
}

func (g graphQLAnswers) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.HasSuffix(r.URL.Path, "/api/graphql") {
		return g.inner.RoundTrip(r)
	}
	sent, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	*g.asked = append(*g.asked, string(sent))
	r.Body = io.NopCloser(strings.NewReader(string(sent)))
	resp, err := g.inner.RoundTrip(r)
	if err != nil || g.replace == nil {
		return resp, err
	}
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	body, status := g.replace(string(got))
	resp.StatusCode, resp.ContentLength, resp.Body = status, int64(len(body)), io.NopCloser(strings.NewReader(body))
	return resp, nil
}

// approvalNote is the comment of the last approval of the first issue.
func (l *lab) approvalNote(t *testing.T) eventlog.Event {
	t.Helper()
	_, notes := l.queueIssue(t, 1)
	var last eventlog.Event
	for _, e := range eventlog.Events(notes, change.Kind) {
		if change.Verb(e.Verb) == change.Approve {
			last = e
		}
	}
	return last
}

// GitLab lets Maintainers edit everybody's comments. A comment that was edited does not count as an approval; a reaction, which changes the same time, takes
// none away. What GitLab does not tell is unknown, not unedited.
func TestEditedCommentIsNoApproval(t *testing.T) {
	t.Parallel()
	const notes = "/projects/acme%2Fproduction/issues/1/notes"
	react := func(l *lab, id int64) {
		l.server.MustDo("guest", "POST", fmt.Sprintf("%s/%d/award_emoji", notes, id), `{"name":"heart"}`)
	}
	edit := func(l *lab, id int64) {
		var n struct{ Body string }
		_ = json.Unmarshal([]byte(l.server.MustDo("lea", "GET", fmt.Sprintf("%s/%d", notes, id), "")), &n)
		body, _ := json.Marshal(map[string]string{"body": n.Body + "\n" + "Looks good"})
		l.server.MustDo("lea", "PUT", fmt.Sprintf("%s/%d", notes, id), string(body))
	}
	null := func(string) (string, int) { return `{"data":{"note":null}}`, 200 }
	for name, c := range map[string]struct {
		then    func(*lab, int64)
		answers func(string) (string, int)
		again   bool
		code    int
		queries int
		says    string
	}{
		"untouched":                   {nil, nil, false, 0, 0, ""},
		"a reaction by a Guest":       {react, nil, false, 0, 1, ""},
		"edited by a Maintainer":      {edit, nil, false, 5, 1, "its comment was edited by @lea"},
		"edited, and approved again":  {edit, nil, true, 0, 0, ""},
		"unknown":                     {react, null, false, 7, 1, "cannot tell if its comment was edited"},
		"unknown, and approved again": {react, null, true, 0, 0, ""},
		"refused":                     {react, func(string) (string, int) { return `{"errors":[{"message":"No such field"}]}`, 200 }, false, 7, 1, "cannot tell"},
		"forbidden":                   {react, func(string) (string, int) { return `{"errors":[{"message":"Invalid token"}]}`, 401 }, false, 7, 1, "cannot tell"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{seed: secondLead})
			l.runAll(t, scheduledAt("C2", "16:00"), says("mara", "change", "approve", "1"))
			if c.then != nil {
				c.then(l, l.approvalNote(t).NoteID)
			}
			var asked []string
			l.now = time.Date(2018, 8, 24, 16, 10, 0, 0, time.UTC)
			plain := l.wire
			l.wire = graphQLAnswers{plain, c.answers, &asked}
			if c.again {
				if r := l.run("change", "approve", "1"); r.code != 0 {
					t.Fatalf("approve again: exit %d\n%s%s", r.code, r.out, r.errors)
				}
				l.now, asked = l.now.Add(time.Minute), nil
			}
			for _, failOpen := range []bool{false, true} {
				asked = nil
				args := []string{"change", "gate", "--change", "1", "-o", "json"}
				if failOpen {
					args = append(args, "--fail-open")
				}
				r := l.run(args...)
				if doc := r.gate(t); r.code != c.code || doc.Open != (c.code == 0) || len(asked) != c.queries || !strings.Contains(r.out, c.says) {
					t.Errorf("--fail-open %t: exit %d, want %d; %d queries\n%s%s", failOpen, r.code, c.code, len(asked), r.out, r.errors)
				}
				if c.code == 7 && !strings.Contains(r.errors, "prodctl change approve acme/production#1") {
					t.Errorf("no way out:\n%s", r.errors)
				}
			}
			l.user = "dev"
			if r := l.run("change", "start", "1"); (r.code == 0) != (c.code == 0) {
				t.Errorf("start: exit %d\n%s%s", r.code, r.out, r.errors)
			}
		})
	}
}

// Of 150 approvals by one person that somebody reacted to, each is asked about by its own id, so none is lost on a page.
func TestEditedCommentAmongMany(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{seed: secondLead})
	l.runAll(t, scheduledAt("C2", "16:00"), says("mara", "change", "approve", "1"))
	l.now = time.Date(2018, 8, 24, 16, 10, 0, 0, time.UTC)
	const notes = "/projects/acme%2Fproduction/issues/1/notes"
	var approval struct{ Body string }
	_ = json.Unmarshal([]byte(l.server.MustDo("mara", "GET", fmt.Sprintf("%s/%d", notes, l.approvalNote(t).NoteID), "")), &approval)
	text, _, _ := strings.Cut(approval.Body, "<!-- prodctl:key")
	l.server.MustDo("lea", "DELETE", fmt.Sprintf("%s/%d", notes, l.approvalNote(t).NoteID), "")
	var ids []int
	for range 150 {
		var n struct{ ID int }
		body, _ := json.Marshal(map[string]string{"body": strings.TrimSpace(text)})
		_ = json.Unmarshal([]byte(l.server.MustDo("mara", "POST", notes, string(body))), &n)
		ids = append(ids, n.ID)
		l.server.MustDo("lea", "PUT", fmt.Sprintf("%s/%d", notes, n.ID), strings.Replace(string(body), "approved", "Approved", 1))
	}
	var asked []string
	l.wire = graphQLAnswers{l.wire, nil, &asked}
	if r := l.run("change", "gate", "--change", "1"); r.code != 5 || len(asked) != 8 || !strings.Contains(r.out, "edited by @lea") {
		t.Errorf("all edited: exit %d, %d queries\n%s%s", r.code, len(asked), r.out, r.errors)
	}
	for n, id := range ids {
		if !strings.Contains(strings.Join(asked, ""), fmt.Sprintf("gid://gitlab/Note/%d", id)) {
			t.Errorf("the comment %d was not asked about", n)
		}
	}
	body, _ := json.Marshal(map[string]string{"body": strings.TrimSpace(text)})
	l.server.MustDo("mara", "POST", notes, string(body))
	asked = nil
	if r := l.run("change", "gate", "--change", "1"); r.code != 0 || len(asked) != 0 {
		t.Errorf("with an unedited one: exit %d, %d queries\n%s%s", r.code, len(asked), r.out, r.errors)
	}
}

// Approvals come from people, whatever the configuration says about an access token.
func TestTokensDoNotApprove(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{
		config: "changes:\n  approvers:\n    manager: {users: [project_7_bot_5f2c, robot], access: maintainer}\n    lead: {access: maintainer}\n    peer: {access: developer}\n",
		seed: func(s *fakegitlab.Seed) {
			for _, name := range []string{"project_7_bot_5f2c", "robot"} {
				s.Users = append(s.Users, fakegitlab.SeedUser{Username: name, Bot: true})
				s.Groups[0].Members = append(s.Groups[0].Members, fakegitlab.SeedMember{User: name, Role: "maintainer"})
			}
		}})
	l.runAll(t, scheduledAt("C2", "16:00"))
	i, _ := l.queueIssue(t, 1)
	for _, name := range []string{"project_7_bot_5f2c", "robot"} {
		l.user = name
		if r := l.run("change", "approve", "1"); r.code != 5 || !strings.Contains(r.errors, "an access token, not a person") {
			t.Errorf("%s: exit %d\n%s%s", name, r.code, r.out, r.errors)
		}
	}
	e := change.NewEvent(change.Approve, l.now, map[string]string{change.FieldPlan: change.Of(i, changeRules).Digest(), change.FieldEnough: "true"}, "")
	body, _ := json.Marshal(map[string]string{"body": eventlog.Body(e, "approved")})
	l.server.MustDo("project_7_bot_5f2c", "POST", "/projects/acme%2Fproduction/issues/1/notes", string(body))
	l.user = "mara"
	if r := l.run("change", "gate", "--change", "1"); r.code != 5 || !strings.Contains(r.out, "an access token, not a person") {
		t.Errorf("gate: exit %d\n%s%s", r.code, r.out, r.errors)
	}
}
