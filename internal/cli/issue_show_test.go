package cli_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// An issue costs the issue, its label events and its links; its comments and milestone events only if it has the label for it.
func TestIssueShow(t *testing.T) {
	t.Parallel()
	l := newLab(t, backlog())
	l.do(http.MethodPost, "/issues/3/links", `{"target_project_id":"acme/infrastructure","target_issue_iid":4}`)
	l.do(http.MethodPost, "/issues/3/links", `{"target_project_id":"acme/infrastructure","target_issue_iid":2}`)
	l.server.ResetRequests()
	doc := document[jsonv1.IssueShow](t, l, 0, "issue", "show", "3")
	if reads, writes := l.count(); reads != 3 || writes != 0 {
		t.Errorf("%d reads and %d writes\n%s", reads, writes, strings.Join(l.requests(), "\n"))
	}
	if got := fmt.Sprint(doc.Columns, doc.ColumnSince, *doc.ColumnDays, doc.Priority, *doc.Weight, doc.Ready, len(doc.Goals), doc.Goals[0].Title, doc.Author); got != "[Ready]2018-08-02T09:01:00Z22 [AP2] 3 true 1Goaldev" {
		t.Error(got)
	}
}

// A marked issue shows its hand-off note, and one without a note says how to add it.
func TestIssueShowHandoff(t *testing.T) {
	t.Parallel()
	l := newLab(t, backlog())
	l.must(t, "handoff", "mark", "3", "--left-off", "Half of it", "--next", "The rest", "-q")
	l.do(http.MethodPut, "/issues/2", `{"add_labels":"Ready_to_Handoff"}`)
	l.server.ResetRequests()
	doc := document[jsonv1.IssueShow](t, l, 0, "issue", "show", "3")
	if doc.LeftOff != "Half of it" || doc.NextStep != "The rest" || doc.MarkedBy != "mara" || !doc.Handoff {
		t.Errorf("%+v", doc)
	}
	if doc := document[jsonv1.IssueShow](t, l, 0, "issue", "show", "2"); !strings.Contains(strings.Join(doc.Gaps, " "), "prodctl handoff mark "+infra+"#2") {
		t.Errorf("%q", doc.Gaps)
	}
}

// What this GitLab does not know is a gap, not an error.
func TestIssueShowGaps(t *testing.T) {
	t.Parallel()
	s := backlog()
	s.noLinks = true
	l := newLab(t, s)
	l.wire = &refusing{inner: l.wire, path: "resource_label_events", status: http.StatusNotFound}
	doc := document[jsonv1.IssueShow](t, l, 0, "issue", "show", "3")
	if got := strings.Join(doc.Gaps, "; "); !strings.Contains(got, "no label events") || !strings.Contains(got, "no links") || doc.ColumnSince != "" {
		t.Errorf("%s %s", got, doc.ColumnSince)
	}
}

// refusing answers requests whose path contains a word with a status.
type refusing struct {
	inner  http.RoundTripper
	path   string
	status int
}

func (r *refusing) RoundTrip(req *http.Request) (*http.Response, error) {
	if !strings.Contains(req.URL.Path, r.path) {
		return r.inner.RoundTrip(req)
	}
	return &http.Response{StatusCode: r.status, Header: http.Header{"Content-Type": {"application/json"}}, Body: http.NoBody, Request: req}, nil
}

// A carried-over issue says how often, a completed one since when, and a moved one where it is now.
func TestIssueShowPast(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{carried: 1}).roll(t, "2018-08-24", "2018-09-07")
	if doc := document[jsonv1.IssueShow](t, l, 0, "issue", "show", "1"); doc.Carried == nil || *doc.Carried != 2 {
		t.Errorf("carried over %v times", doc.Carried)
	}
	later := l.now.Add(50 * time.Hour)
	l.do(http.MethodPut, "/issues/1", `{"state_event":"close"}`)
	l = l.copyWith(func(o *fakegitlab.Options) { o.Now = func() time.Time { return later } })
	l.now = later
	doc := document[jsonv1.IssueShow](t, l, 0, "issue", "show", "1")
	if strings.Join(doc.Columns, "") != "Completed" || doc.Open || doc.ColumnDays == nil || *doc.ColumnDays != 2 {
		t.Errorf("%+v", doc)
	}
	at := l.move(t, infra, 1, prod)
	if doc := document[jsonv1.IssueShow](t, l, 0, "issue", "show", "1"); doc.Ref != fmt.Sprintf("%s#%d", prod, at) || len(doc.Notes) == 0 {
		t.Errorf("%s, %q", doc.Ref, doc.Notes)
	}
}
