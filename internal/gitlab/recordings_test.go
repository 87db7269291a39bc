package gitlab

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/testkit/recording"
	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// recordedCall is a request of the client that gets a recorded answer: what the client makes of it, as "name, name", and the
// same read from the recorded JSON.
type recordedCall struct {
	route *regexp.Regexp // method and path
	call  func(ctx context.Context, c *Client, at address) (string, error)
	name  func(row map[string]any) string // of one object in the answer
}

// address is what a recorded path names.
type address struct {
	path string
	in   target.Target
	ref  issue.Ref
	last int64 // the number at the end
}

// addressOf fills what earlier steps saved into the path.
func addressOf(path string, saved map[string]string) address {
	path, _, _ = strings.Cut(strings.TrimPrefix(path, "/"), "?")
	for name, value := range saved {
		path = strings.ReplaceAll(path, "{"+name+"}", value)
	}
	segments := strings.Split(path+"///", "/")
	owner, _ := url.PathUnescape(segments[1])
	at := address{path: path, in: target.ProjectAt(owner), ref: issue.Ref{Project: owner, IID: number(segments[3])}}
	if segments[0] == "groups" {
		at.in = target.GroupAt(owner)
	}
	at.last = number(path[strings.LastIndex(path, "/")+1:])
	return at
}

// save keeps what a step saves from its answer for the paths of later ones.
func save(saved map[string]string, s recording.Step) {
	for name, field := range s.Save {
		body := s.Body
		if rows, ok := body.([]any); ok && strings.HasPrefix(field, "0.") && len(rows) > 0 {
			body = rows[0]
		}
		if fields, ok := body.(map[string]any); ok {
			saved[name] = str(fields[strings.TrimPrefix(field, "0.")])
		}
	}
}

// recordedCalls are the requests that prodctl sends and for which there are recorded answers.
func recordedCalls() []recordedCall {
	issues := func(ctx context.Context, c *Client, at address) (string, error) {
		var all []issue.Issue
		for i, err := range c.Issues(ctx, at.in, issue.Query{}) {
			if err != nil {
				return "", err
			}
			all = append(all, i)
		}
		return joined(all, issueText), nil
	}
	links := func(ctx context.Context, c *Client, at address) (string, error) {
		all, err := c.IssueLinks(ctx, at.ref)
		return joined(all, func(l issue.Link) string { return issueText(l.Issue) + " " + l.Type }), err
	}
	events := func(read func(*Client, context.Context, issue.Ref) ([]issue.Event, error)) func(context.Context, *Client, address) (string, error) {
		return func(ctx context.Context, c *Client, at address) (string, error) {
			all, err := read(c, ctx, at.ref)
			return joined(all, func(e issue.Event) string { return e.User + " " + e.Action + " " + e.Name }), err
		}
	}
	route := func(pattern string) *regexp.Regexp { return regexp.MustCompile("^" + pattern + "$") }
	const project, n = `/projects/[^/?]+`, `/\{?\w+\}?`
	return []recordedCall{
		{route(`GET /metadata`), func(ctx context.Context, c *Client, at address) (string, error) {
			v, err := c.Version(ctx)
			return fmt.Sprint(v.Version, " ", v.Enterprise), err
		}, func(r map[string]any) string { return fmt.Sprint(r["version"], " ", r["enterprise"]) }},
		{route(`GET /user`), func(ctx context.Context, c *Client, at address) (string, error) {
			u, err := c.CurrentUser(ctx)
			return u.Username + ", " + u.State, err
		}, textOf("username", "state")},
		{route(`GET ` + project), func(ctx context.Context, c *Client, at address) (string, error) {
			p, err := c.Project(ctx, at.in.Path)
			return fmt.Sprint(p.Path, " ", p.Archived, " ", p.IssuesEnabled), err
		}, func(r map[string]any) string {
			return fmt.Sprint(r["path_with_namespace"], " ", r["archived"] == true, " ", r["issues_access_level"] != "disabled")
		}},
		{route(`GET /groups/\w+`), func(ctx context.Context, c *Client, at address) (string, error) {
			g, err := c.Group(ctx, at.in.Path)
			return g.Path, err
		}, textOf("full_path")},
		{route(`GET /groups/acme/projects`), func(ctx context.Context, c *Client, at address) (string, error) {
			all, err := c.Projects(ctx, "")
			return joined(all, func(p instance.Project) string { return p.Path }), err
		}, textOf("path_with_namespace")},
		{route(`GET ` + project + `/issues`), issues, issueJSON},
		{route(`GET /groups/acme/issues`), issues, issueJSON},
		{route(`GET ` + project + `/issues` + n), func(ctx context.Context, c *Client, at address) (string, error) {
			i, err := c.Issue(ctx, at.ref)
			return issueText(i), err
		}, issueJSON},
		{route(`POST ` + project + `/issues`), func(ctx context.Context, c *Client, at address) (string, error) {
			i, err := create(ctx, c, at.path, nil, inProject(""), nil, none)
			return issueText(i), err
		}, issueJSON},
		{route(`PUT ` + project + `/issues` + n), func(ctx context.Context, c *Client, at address) (string, error) {
			i, err := update(ctx, c, at.path, nil, inProject(""), none)
			return issueText(i), err
		}, issueJSON},
		{route(`GET ` + project + `/issues` + n + `/notes`), func(ctx context.Context, c *Client, at address) (string, error) {
			all, err := c.Notes(ctx, at.ref)
			return joined(all, noteText), err
		}, noteJSON},
		{route(`(POST|PUT) ` + project + `/issues` + n + `/notes(` + n + `)?`), func(ctx context.Context, c *Client, at address) (string, error) {
			note, err := update(ctx, c, at.path, nil, wireNote.value, none)
			return noteText(note), err
		}, noteJSON},
		{route(`GET ` + project + `/issues` + n + `/links`), links, func(r map[string]any) string { return issueJSON(r) + " " + str(r["link_type"]) }},
		{route(`GET ` + project + `/issues` + n + `/resource_label_events`), events((*Client).LabelEvents), eventJSON},
		{route(`GET ` + project + `/issues` + n + `/resource_milestone_events`), events((*Client).MilestoneEvents), eventJSON},
		{route(`GET ` + project + `/issues` + n + `/resource_state_events`), events((*Client).StateEvents), eventJSON},
		{route(`GET (` + project + `|/groups/acme)/labels`), func(ctx context.Context, c *Client, at address) (string, error) {
			all, err := c.Labels(ctx, at.in, true)
			return joined(all, labelText), err
		}, labelJSON},
		{route(`(POST|PUT) (` + project + `|/groups/acme)/labels(` + n + `)?`), func(ctx context.Context, c *Client, at address) (string, error) {
			l, err := update(ctx, c, at.path, nil, wireLabel.value, none)
			return labelText(l), err
		}, labelJSON},
		{route(`GET (` + project + `|/groups/acme)/milestones`), func(ctx context.Context, c *Client, at address) (string, error) {
			all, err := c.Milestones(ctx, at.in, milestone.Query{})
			return joined(all, milestoneText), err
		}, milestoneJSON},
		{route(`(POST|PUT) (` + project + `|/groups/acme)/milestones(` + n + `)?`), func(ctx context.Context, c *Client, at address) (string, error) {
			m, err := update(ctx, c, at.path, nil, wireMilestone.value, none)
			return milestoneText(m), err
		}, milestoneJSON},
		{route(`GET ` + project + `/boards`), func(ctx context.Context, c *Client, at address) (string, error) {
			all, err := c.Boards(ctx, at.in)
			return joined(all, func(b board.Board) string { return b.Name }), err
		}, textOf("name")},
		{route(`GET ` + project + `/boards` + n + `/lists`), func(ctx context.Context, c *Client, at address) (string, error) {
			all, err := c.columns(ctx, at.in, at.ref.IID)
			return joined(all, func(l board.List) string { return fmt.Sprint(l.Position, " ", l.Label) }), err
		}, func(r map[string]any) string { return fmt.Sprint(r["position"], " ", nested(r, "label", "name")) }},
		{route(`GET ` + project + `/members/all` + n), func(ctx context.Context, c *Client, at address) (string, error) {
			a, err := c.Access(ctx, at.in, at.last)
			return fmt.Sprint(int(a)), err
		}, func(r map[string]any) string { return fmt.Sprint(r["access_level"]) }},
	}
}

// TestClientDecodesRecordings gives every recorded answer to a request that the client sends to the client.
func TestClientDecodesRecordings(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"tour-18.9-ce", "tour-18.9-ee-free"} {
		steps, err := recording.Load("../../testdata/gitlab/" + name + ".jsonl.gz")
		if err != nil {
			t.Fatal(err)
		}
		used := map[*regexp.Regexp]int{}
		calls, saved := recordedCalls(), map[string]string{}
		for _, s := range steps {
			for _, rc := range calls {
				path, query, _ := strings.Cut(s.Path, "?")
				if strings.Contains(query, "with_labels_details") { // the client never asks for labels as objects
					continue
				}
				if !rc.route.MatchString(s.Method + " " + path) {
					continue
				}
				used[rc.route]++
				got, err := rc.call(t.Context(), clientOf(t, s), addressOf(s.Path, saved))
				checkRecorded(t, s, rc, got, err)
			}
			save(saved, s)
		}
		for _, rc := range calls {
			if used[rc.route] == 0 {
				t.Errorf("%s: no exchange for %s", name, rc.route)
			}
		}
	}
}

// clientOf is a client whose GitLab answers everything with the step, and pages after the first with an empty list.
func clientOf(t *testing.T, s recording.Step) *Client {
	t.Helper()
	body, err := json.Marshal(s.Body)
	if err != nil {
		t.Fatal(err)
	}
	if fields, ok := s.Body.(map[string]any); ok && fields["__text__"] != nil {
		body = []byte(str(fields["__text__"]))
	}
	o := options("https://gitlab.example.com", newClock())
	o.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
		h := http.Header{}
		for name, v := range s.Header {
			h.Set(name, v)
		}
		text := string(body)
		if page := r.URL.Query().Get("page"); page != "" && page != "1" && s.Status == http.StatusOK {
			text = "[]"
		}
		for _, name := range []string{"x-next-page", "x-page", "link", "x-total", "x-total-pages", "x-per-page"} {
			h.Del(name)
		}
		return &http.Response{StatusCode: s.Status, Header: h, Body: io.NopCloser(strings.NewReader(text)), Request: r}, nil
	})
	return mustNew(t, o)
}

// checkRecorded compares what the client returned with the recorded answer.
func checkRecorded(t *testing.T, s recording.Step, rc recordedCall, got string, err error) {
	t.Helper()
	switch {
	case s.Status == http.StatusAccepted, s.Status == http.StatusNotModified: // the body is not an object of the route
		return
	case s.Status < 300:
		if want := recordedText(s.Body, rc.name); err != nil || got != want {
			t.Errorf("%q: got %q, %v, want %q", s.Name, got, err, want)
		}
		return
	}
	if strings.Contains(s.Path, "/members/all/") && s.Status == http.StatusNotFound {
		if err != nil || got != "0" {
			t.Errorf("%q: got %q, %v, want no access", s.Name, got, err)
		}
		return
	}
	e, ok := errors.AsType[*Error](err)
	if !ok {
		t.Errorf("%q: got %v, want a refusal", s.Name, err)
		return
	}
	if e.Status != s.Status || e.Class != recordedClass(s) || fault.KindOf(err) != recordedKind(s) {
		t.Errorf("%q: %d %v: got status %d, class %v, kind %v, want %v, %v", s.Name, s.Status, s.Body, e.Status, e.Class, fault.KindOf(err),
			recordedClass(s), recordedKind(s))
	}
}

// recordedClass is the class of error that a recorded refusal means.
func recordedClass(s recording.Step) error {
	text := fmt.Sprint(s.Body)
	switch {
	case s.Status == http.StatusNotFound:
		return fault.NotFound
	case s.Status == http.StatusConflict && strings.Contains(text, "already exists"),
		s.Status == http.StatusBadRequest && (strings.Contains(text, "already being used") || strings.Contains(text, "already been taken") ||
			strings.Contains(text, "already exists")):
		return fault.Taken
	case s.Status == http.StatusConflict && strings.Contains(text, "Duplicated issue"):
		return fault.Busy
	case s.Status == http.StatusInternalServerError && s.Method != http.MethodGet:
		return fault.Unknown
	}
	return nil
}

// recordedKind is the exit code that a recorded refusal leads to.
func recordedKind(s recording.Step) fault.Kind {
	switch {
	case s.Status == http.StatusUnauthorized, s.Status == http.StatusForbidden:
		return fault.Auth
	case s.Status >= 500:
		return fault.Unreachable
	}
	return fault.Failed
}

func recordedText(body any, name func(map[string]any) string) string {
	rows, isList := body.([]any)
	if !isList {
		rows = []any{body}
	}
	return joined(rows, func(r any) string { return name(r.(map[string]any)) })
}

func joined[T any](all []T, text func(T) string) string {
	var parts []string
	for _, v := range all {
		parts = append(parts, text(v))
	}
	return strings.Join(parts, ", ")
}

func issueText(i issue.Issue) string {
	return fmt.Sprintf("#%d %s [%s] %q %s %v %s %s %v %s", i.Ref.IID, i.State, i.Title, i.Description, strings.Join(i.Labels, "|"), i.Confidential,
		i.Author, i.Milestone, i.Assignees, dayText(i.Due))
}

func issueJSON(r map[string]any) string {
	var labels, assignees []string
	for _, l := range r["labels"].([]any) {
		if fields, ok := l.(map[string]any); ok {
			l = fields["name"]
		}
		labels = append(labels, str(l))
	}
	for _, a := range r["assignees"].([]any) {
		assignees = append(assignees, str(a.(map[string]any)["username"]))
	}
	return fmt.Sprintf("#%v %s [%s] %q %s %v %s %s %v %s", r["iid"], r["state"], r["title"], str(r["description"]), strings.Join(labels, "|"),
		r["confidential"], nested(r, "author", "username"), nested(r, "milestone", "title"), assignees, str(r["due_date"]))
}

func dayText(d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

func noteText(n issue.Note) string {
	return fmt.Sprintf("%s %q %v %v", n.Author, n.Body, n.System, n.Internal)
}

func noteJSON(r map[string]any) string {
	return fmt.Sprintf("%s %q %v %v", nested(r, "author", "username"), str(r["body"]), r["system"], r["internal"])
}

func eventJSON(r map[string]any) string {
	action := str(r["action"])
	if action == "" {
		action = str(r["state"])
	}
	return nested(r, "user", "username") + " " + action + " " + nested(r, "label", "name") + nested(r, "milestone", "title")
}

func labelText(l label.Label) string {
	priority := "-"
	if l.Priority != nil {
		priority = fmt.Sprint(*l.Priority)
	}
	return fmt.Sprintf("%q %s %q %s", l.Name, l.Color, l.Description, priority)
}

func labelJSON(r map[string]any) string {
	priority := "-"
	if r["priority"] != nil {
		priority = fmt.Sprint(r["priority"])
	}
	return fmt.Sprintf("%q %s %q %s", r["name"], strings.ToLower(str(r["color"])), str(r["description"]), priority)
}

func milestoneText(m milestone.Milestone) string {
	return fmt.Sprintf("%d %q %q %s %s %s %v", m.IID, m.Title, m.Description, m.State, dayText(m.Start), dayText(m.Due), m.Group)
}

func milestoneJSON(r map[string]any) string {
	return fmt.Sprintf("%v %q %q %s %s %s %v", r["iid"], str(r["title"]), str(r["description"]), r["state"], str(r["start_date"]), str(r["due_date"]),
		r["group_id"] != nil)
}

// textOf joins some fields of an object.
func textOf(names ...string) func(map[string]any) string {
	return func(r map[string]any) string {
		return joined(slices.Clone(names), func(n string) string { return str(r[n]) })
	}
}

// str is a text, "" for null.
func str(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

// nested is a text in an object that may be null.
func nested(r map[string]any, field, name string) string {
	inner, ok := r[field].(map[string]any)
	if !ok {
		return ""
	}
	return str(inner[name])
}
