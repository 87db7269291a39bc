package gitlab

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// writing are all writes; each is sent to the embedded GitLab.
func writing() map[string]func(ctx context.Context, c *Client) error {
	in, ref := target.ProjectAt("acme/infra"), issue.Ref{Project: "acme/infra", IID: 1}
	key := issue.IdempotencyKey{Kind: "incident", Name: "x", Unique: true}
	day, _ := calendar.ParseDate("2026-03-02")
	return map[string]func(context.Context, *Client) error{
		"create issue": func(ctx context.Context, c *Client) error {
			_, _, err := c.CreateIssue(ctx, "acme/infra", issue.Draft{Title: "x"}, key)
			return err
		},
		"update issue": func(ctx context.Context, c *Client) error {
			_, err := c.UpdateIssue(ctx, ref, issue.Change{AddLabels: []string{"new"}})
			return err
		},
		"create note": func(ctx context.Context, c *Client) error {
			_, _, err := c.CreateNote(ctx, ref, issue.NoteDraft{Body: "x"}, key)
			return err
		},
		"create label": func(ctx context.Context, c *Client) error {
			_, _, err := c.CreateLabel(ctx, in, label.Label{Name: "new", Color: "#aabbcc"})
			return err
		},
		"create milestone": func(ctx context.Context, c *Client) error {
			_, _, err := c.CreateMilestone(ctx, in, milestone.Draft{Title: "new", Start: day, Due: day.AddDays(3)})
			return err
		},
		"create board": func(ctx context.Context, c *Client) error { _, _, err := c.CreateBoard(ctx, in, "new"); return err },
		"link": func(ctx context.Context, c *Client) error {
			_, err := c.CreateLink(ctx, ref, issue.Ref{Project: "acme/infra", IID: 2})
			return err
		},
	}
}

// TestWritesRefuseOtherAnswers: whether it was carried out or not, a write whose answer is something else ends carried out once.
func TestWritesRefuseOtherAnswers(t *testing.T) {
	t.Parallel()
	for name, write := range writing() {
		undisturbed := twoIssues(t)
		if err := write(t.Context(), undisturbed.as(t, "maintainer", nil)); err != nil {
			t.Fatal(err)
		}
		want := written(t, undisturbed)
		for _, carriedOut := range []bool{false, true} {
			for _, wrong := range []string{
				`{"message":"temporarily unavailable"}`, `{}`, `null`, `[]`, issue9, `{"id":99,"name":"another","iid":3,"title":"another","body":"another","state":"closed"}`,
			} {
				l := twoIssues(t)
				c := l.as(t, "maintainer", func(o *Options) { o.Transport = replacing(o.Transport, wrong, carriedOut) })
				if err := write(t.Context(), c); err != nil {
					t.Errorf("%s, carried out: %v, %s: %v", name, carriedOut, wrong, err)
				}
				if got := written(t, l); got != want {
					t.Errorf("%s, carried out: %v, %s: got %s, want %s", name, carriedOut, wrong, got, want)
				}
			}
		}
	}
}

// TestWriteNeverAnswered: when every answer is something else the outcome of the write is unknown.
func TestWriteNeverAnswered(t *testing.T) {
	t.Parallel()
	for name, write := range writing() {
		c, _ := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.Method != http.MethodGet:
				answering(201, `{"message":"temporarily unavailable"}`)(w, r)
			case r.URL.Path == "/api/v4/user":
				answering(200, `{"id":7,"username":"mara"}`)(w, r)
			default:
				answering(200, `[]`)(w, r)
			}
		}), nil)
		if err := write(t.Context(), c); !errors.Is(err, fault.Unknown) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestDeleteAnswers: GitLab answers a DELETE without a body; any other is repeated, and a 404 then means that it was carried out.
func TestDeleteAnswers(t *testing.T) {
	t.Parallel()
	for _, wrong := range []string{`{"message":"temporarily unavailable"}`, `{}`, issue9} {
		for _, then := range []http.HandlerFunc{answering(204, ""), answering(404, `{"message":"404 Label Not Found"}`)} {
			h, requests := once(wrong, then)
			c, _ := serve(t, h, nil)
			if err := c.DeleteLabel(t.Context(), target.ProjectAt("acme/infra"), 5); err != nil || *requests != 2 {
				t.Errorf("%s: %v after %d requests", wrong, err, *requests)
			}
		}
	}
}

// twoIssues is an embedded GitLab with two issues.
func twoIssues(t *testing.T) *lab {
	t.Helper()
	l := newLab(t, nil)
	for _, title := range []string{"one", "two"} {
		if _, err := l.as(t, "maintainer", nil).postIssue(t.Context(), "acme/infra", issue.Draft{Title: title}); err != nil {
			t.Fatal(err)
		}
	}
	return l
}

// replacing answers the first write with a text, after it was carried out or instead.
func replacing(inner http.RoundTripper, text string, carriedOut bool) http.RoundTripper {
	done := false
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		if done || r.Method == http.MethodGet {
			return inner.RoundTrip(r)
		}
		if done = true; carriedOut {
			if _, err := inner.RoundTrip(r); err != nil {
				return nil, err
			}
		}
		w := httptest.NewRecorder()
		answering(201, text)(w, r)
		return w.Result(), nil
	})
}

// written is what there is in the project, in short.
func written(t *testing.T, l *lab) string {
	t.Helper()
	c, in := l.as(t, "maintainer", nil), target.ProjectAt("acme/infra")
	var all []string
	for i, err := range c.Issues(t.Context(), in, issue.Query{}) {
		if err != nil {
			t.Fatal(err)
		}
		notes, _ := c.Notes(t.Context(), i.Ref)
		links, _ := c.IssueLinks(t.Context(), i.Ref)
		all = append(all, fmt.Sprint(i.Ref.IID, i.Title, i.State, len(notes), len(links)))
	}
	labels, _ := c.Labels(t.Context(), in, false)
	milestones, _ := c.Milestones(t.Context(), in, milestone.Query{})
	boards, _ := c.Boards(t.Context(), in)
	names := joined(labels, labelText) + joined(milestones, milestoneText) + joined(boards, func(b board.Board) string { return b.Name })
	return strings.Join(append(all, names), "; ")
}
