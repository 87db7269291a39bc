package gitlab

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// answerCase is one request of the client, a right answer to it, and answers of the same kind about something else.
type answerCase struct {
	name  string
	call  func(ctx context.Context, c *Client) error
	right string
	other []string
}

const (
	issue8 = `{"id":108,"iid":8,"project_id":31,"title":"x","references":{"full":"acme/infra#8"},"web_url":"https://h/acme/infra/-/issues/8"}`
	issue9 = `{"id":109,"iid":9,"project_id":31,"title":"x","references":{"full":"acme/infra#9"},"web_url":"https://h/acme/infra/-/issues/9"}`
	other8 = `{"id":208,"iid":8,"project_id":32,"title":"x","references":{"full":"acme/production#8"}}`
	old8   = `{"id":208,"iid":8,"project_id":32,"title":"x","web_url":"https://h/acme/production/issues/8"}`
	note7  = `{"id":7,"body":"x","noteable_iid":8,"project_id":31}`
	mine5  = `{"id":5,"iid":1,"project_id":31,"title":"x","web_url":"https://h/acme/infra/-/milestones/1"}`
	their5 = `{"id":5,"iid":1,"project_id":32,"title":"x","web_url":"https://h/acme/production/-/milestones/1"}`
	group5 = `{"id":5,"iid":1,"group_id":3,"title":"x","web_url":"https://h/groups/other/-/milestones/1"}`
)

// reading are all reads, with their answers.
func reading() []answerCase {
	in, ref := target.ProjectAt("acme/infra"), issue.Ref{Project: "acme/infra", IID: 8}
	rows := func(all ...string) string { return "[" + strings.Join(all, ",") + "]" }
	return []answerCase{
		{"issue", func(ctx context.Context, c *Client) error { _, err := c.Issue(ctx, ref); return err }, issue8, []string{issue9, other8, old8, `{"id":108,"iid":8}`, note7}},
		{"issues", func(ctx context.Context, c *Client) error {
			for _, err := range c.Issues(ctx, in, issue.Query{}) {
				if err != nil {
					return err
				}
			}
			return nil
		}, rows(issue8, issue9), []string{rows(other8), rows(issue8, old8), rows(issue8, `{}`), rows(`null`)}},
		{"notes", func(ctx context.Context, c *Client) error { _, err := c.Notes(ctx, ref); return err }, rows(note7), []string{rows(`{"id":7,"body":"x","noteable_iid":9}`), rows(`{"body":"x"}`)}},
		{"links", func(ctx context.Context, c *Client) error { _, err := c.IssueLinks(ctx, ref); return err },
			rows(`{"id":208,"iid":3,"title":"x","issue_link_id":4}`), []string{rows(issue9), rows(`{"issue_link_id":4}`)}},
		{"label events", func(ctx context.Context, c *Client) error { _, err := c.LabelEvents(ctx, ref); return err }, rows(`{"id":1}`), []string{rows(`{}`)}},
		{"labels", func(ctx context.Context, c *Client) error { _, err := c.Labels(ctx, in, false); return err }, rows(`{"id":1,"name":"a"}`), []string{rows(`{"id":1}`)}},
		{"milestones", func(ctx context.Context, c *Client) error {
			_, err := c.Milestones(ctx, in, milestone.Query{})
			return err
		}, rows(mine5), []string{rows(their5), rows(group5), rows(`{"title":"x"}`)}},
		{"milestone", func(ctx context.Context, c *Client) error {
			_, err := c.UpdateMilestone(ctx, in, 5, milestone.Change{})
			return err
		}, mine5, []string{their5, group5, `{"id":6,"title":"x"}`}},
		{"boards", func(ctx context.Context, c *Client) error { _, err := c.Boards(ctx, in); return err },
			rows(`{"id":1,"name":"a","project":{"id":31,"path_with_namespace":"acme/infra"}}`), []string{rows(`{"id":1,"name":"a","project":{"id":32,"path_with_namespace":"acme/production"}}`), rows(`{"name":"a"}`)}},
		{"columns", func(ctx context.Context, c *Client) error { _, err := c.columns(ctx, in, 3); return err }, rows(`{"id":1}`), []string{rows(`{"position":1}`)}},
		{"member", func(ctx context.Context, c *Client) error { _, err := c.Access(ctx, in, 7); return err }, `{"id":7,"access_level":30}`, []string{`{"id":8,"access_level":50}`, `{"access_level":50}`}},
		{"members", func(ctx context.Context, c *Client) error { _, err := c.AccessOf(ctx, in, []int64{7}); return err },
			rows(`{"id":7,"access_level":30}`), []string{rows(`{"access_level":30}`)}},
		{"group member", func(ctx context.Context, c *Client) error { _, err := c.GroupMember(ctx, "acme", 7); return err }, `{"id":7,"access_level":30}`, []string{`{"id":8,"access_level":50}`}},
		{"current user", func(ctx context.Context, c *Client) error { _, err := c.CurrentUser(ctx); return err }, `{"id":7,"username":"mara"}`, []string{`{"id":7}`, `{"username":"mara"}`}},
		{"user by name", func(ctx context.Context, c *Client) error { _, err := c.UserByName(ctx, infra, "mara"); return err }, rows(`{"id":7,"username":"mara"}`), []string{rows(`{"id":7}`)}},
		{"version", func(ctx context.Context, c *Client) error { _, err := c.Version(ctx); return err }, `{"version":"18.9.0"}`, []string{`{"enterprise":true}`}},
		{"project", func(ctx context.Context, c *Client) error { _, err := c.Project(ctx, "acme/infra"); return err },
			`{"id":31,"path_with_namespace":"Acme/Infra"}`, []string{`{"id":32,"path_with_namespace":"acme/production"}`, `{"id":31}`}},
		{"projects", func(ctx context.Context, c *Client) error { _, err := c.Projects(ctx, ""); return err },
			rows(`{"id":31,"path_with_namespace":"acme/infra"}`), []string{rows(`{"id":31}`)}},
		{"group", func(ctx context.Context, c *Client) error { _, err := c.Group(ctx, "acme"); return err }, `{"id":3,"full_path":"acme"}`, []string{`{"id":4,"full_path":"other"}`}},
		{"merge request", func(ctx context.Context, c *Client) error { _, err := c.MergeRequest(ctx, "acme/infra", 4); return err },
			`{"id":70,"iid":4,"author":{"id":2},"references":{"full":"acme/infra!4"}}`, []string{
				`{"id":71,"iid":5,"author":{"id":2}}`, `{"id":70,"iid":4,"author":{"id":2},"references":{"full":"acme/users!4"}}`, `{"id":70,"iid":4}`}},
		{"changed paths", func(ctx context.Context, c *Client) error { _, err := c.ChangedPaths(ctx, "acme/infra", 4); return err }, rows(`{"new_path":"a"}`), []string{rows(`{"id":1}`)}},
		{"approvals", func(ctx context.Context, c *Client) error { _, err := c.Approvals(ctx, "acme/infra", 4); return err },
			`{"approved_by":[]}`, []string{`{"iid":5,"approved_by":[]}`, `{"iid":4}`, `{"approved_by":null}`}},
		{"approval settings", func(ctx context.Context, c *Client) error {
			_, err := c.ApprovalSettings(ctx, "acme/infra")
			return err
		}, `{"reset_approvals_on_push":false}`, []string{`{"id":31}`}},
		{"approval rules", func(ctx context.Context, c *Client) error {
			_, err := c.ApprovalRules(ctx, "acme/infra")
			return err
		}, rows(`{"id":3,"name":"main"}`), []string{rows(`{"name":"main"}`)}},
	}
}

// neverRight are answers that are right for no request of one object or of a list.
func neverRight(right string) []string {
	all := []string{`{"message":"temporarily unavailable"}`, `{"error":"try later"}`, `null`, `0`, `"ok"`, `true`, ``, `[[]]`, `[{"message":"temporarily unavailable"}]`}
	if strings.HasPrefix(right, "[") {
		return append(all, `{}`, strings.Trim(right, "[]"))
	}
	return append(all, `{}`, `[]`, "["+right+"]")
}

// once answers the first request with a text, and all others as usual.
func once(text string, usual http.Handler) (h http.HandlerFunc, requests *int) {
	requests = new(int)
	return func(w http.ResponseWriter, r *http.Request) {
		if *requests++; *requests == 1 {
			answering(200, text)(w, r)
			return
		}
		usual.ServeHTTP(w, r)
	}, requests
}

// A read that is answered with something else is sent again. If that continues, GitLab counts as unreachable, and nothing is
// taken for the object.
func TestReadsRefuseOtherAnswers(t *testing.T) {
	t.Parallel()
	for _, tt := range reading() {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, _ := serve(t, answering(200, tt.right), nil)
			if err := tt.call(t.Context(), c); err != nil {
				t.Fatalf("the right answer: %v", err)
			}
			for _, wrong := range slices.Concat(tt.other, neverRight(tt.right)) {
				h, requests := once(wrong, answering(200, tt.right))
				if c, _ := serve(t, h, nil); tt.call(t.Context(), c) != nil || *requests != 2 {
					t.Errorf("%s, then right: %v after %d requests", wrong, tt.call(t.Context(), c), *requests)
				}
				c, _ := serve(t, answering(200, wrong), nil)
				if err := tt.call(t.Context(), c); fault.KindOf(err) != fault.Unreachable {
					t.Errorf("%s: %v, kind %v", wrong, err, fault.KindOf(err))
				}
			}
		})
	}
}

// TestIdentityAllowsForForms: the letter case of a path, a GitLab below a path, an old GitLab without
// references, a GitLab that shows issues as work items.
func TestIdentityAllowsForForms(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{"id":108,"iid":8,"title":"x","references":{"full":"Acme/Infra#8"}}`,
		`{"id":108,"iid":8,"title":"x","web_url":"https://h/git/lab/acme/infra/-/work_items/8"}`,
		`{"id":108,"iid":8,"title":"x","web_url":"https://h/git/lab/acme/infra/issues/8"}`,
		`{"id":108,"iid":8,"title":"x"}`,
	} {
		c, _ := serve(t, answering(200, text), nil)
		if got, err := c.Issue(t.Context(), issue.Ref{Project: "acme/infra", IID: 8}); err != nil || got.ID != 108 {
			t.Errorf("%s: %v", text, err)
		}
	}
	for in, rows := range map[target.Target]string{
		target.GroupAt("acme"):              `{"id":5,"title":"x","group_id":3,"web_url":"https://h/lab/groups/acme/-/milestones/1"},` + mine5,
		target.GroupAt("acme/ops"):          `{"id":5,"title":"x","group_id":3,"web_url":"https://h/groups/acme/-/milestones/1"}`,
		target.ProjectAt("acme/ops/infra"):  `{"id":5,"title":"x","group_id":3,"web_url":"https://h/groups/acme/-/milestones/1"}`,
		target.ProjectAt("31"):              mine5,
		target.ProjectAt("acme/production"): their5,
	} {
		c, _ := serve(t, answering(200, "["+rows+"]"), nil)
		if _, err := c.Milestones(t.Context(), in, milestone.Query{}); err != nil {
			t.Errorf("%s: %v", in, err)
		}
	}
}

// TestMessagesForOtherAnswers shows what people read about such an answer.
func TestMessagesForOtherAnswers(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"message":"temporarily unavailable"}`: "read issue acme/infra#8: unexpected answer: temporarily unavailable",
		`{}`:                                    "read issue acme/infra#8: invalid answer from GitLab: it does not describe the object",
		issue9:                                  "read issue acme/infra#8: invalid answer from GitLab: it describes another object",
	} {
		c, _ := serve(t, answering(200, text), nil)
		if _, err := c.Issue(t.Context(), issue.Ref{Project: "acme/infra", IID: 8}); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
}

// TestFullPageWithoutPaginationHeaders: such a page is never the last one, except of a list that has no pages.
func TestFullPageWithoutPaginationHeaders(t *testing.T) {
	t.Parallel()
	rows := func(n int, row string) string { return "[" + strings.TrimSuffix(strings.Repeat(row+",", n), ",") + "]" }
	in, ref := target.ProjectAt("acme/infra"), issue.Ref{Project: "acme/infra", IID: 8}
	const row = `{"id":1,"name":"a","noteable_iid":8}`
	for n, want := range map[int]fault.Kind{99: 0, 100: fault.Unreachable} {
		c, _ := serve(t, answering(200, rows(n, row)), nil)
		_, notes := c.Notes(t.Context(), ref)
		_, labels := c.Labels(t.Context(), in, false)
		for _, err := range []error{notes, labels} {
			if (err != nil) != (want != 0) || err != nil && fault.KindOf(err) != want {
				t.Errorf("%d rows: %v", n, err)
			}
		}
	}
	c, _ := serve(t, answering(200, rows(100, `{"id":208,"iid":3,"title":"x","issue_link_id":4}`)), nil)
	if links, err := c.IssueLinks(t.Context(), ref); err != nil || len(links) != 100 {
		t.Errorf("%d links, %v", len(links), err)
	}
	wrongPage := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Page", "1")
		w.Header().Set("X-Next-Page", "2")
		answering(200, rows(2, row))(w, r)
	}
	c, _ = serve(t, http.HandlerFunc(wrongPage), nil)
	if _, err := c.Notes(t.Context(), ref); fault.KindOf(err) != fault.Unreachable || err == nil {
		t.Errorf("page 1 for page 2: %v", err)
	}
}
