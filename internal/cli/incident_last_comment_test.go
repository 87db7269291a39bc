package cli_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// remark adds a comment to an incident.
func (l *lab) remark(user string, iid int, body string, internal bool) {
	l.server.MustDo(user, http.MethodPost, prodAPI+fmt.Sprintf("/issues/%d/notes", iid), fmt.Sprintf(`{"body":%q,"internal":%v}`, body, internal))
}

// A list takes one more request for each active incident that it shows, and none for others.
func TestIncidentListShowsTheLastComment(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	for n, title := range []string{"Registry", "Mail", "Search"} {
		l.must(t, "incident", "open", title, "-s", fmt.Sprintf("S%d", n+1), "-q")
	}
	l.must(t, "incident", "mitigate", "3", "-m", "Restarted", "-q")
	l.remark("dev", 1, "## Customers see it\n\nmore", false)
	l.remark("dev", 2, "A name that stays inside", true)
	l.server.ResetRequests()
	doc := document[jsonv1.Incidents](t, l, 0, "incident", "list")
	if reads, writes := l.count(); reads != 4+2 || writes != 0 {
		t.Errorf("%d reads and %d writes, want 6 and 0\n%s", reads, writes, strings.Join(l.requests(), "\n"))
	}
	first, second, third := doc.Incidents[0].LastComment, doc.Incidents[1].LastComment, doc.Incidents[2].LastComment
	if first == nil || first.By != "dev" || first.Text != "Customers see it …" || third != nil {
		t.Errorf("%+v, %+v", first, third)
	}
	if second == nil || !second.Internal || second.By != "dev" || second.Text != "" {
		t.Errorf("an internal comment: %+v", second)
	}
	for _, format := range []string{"table", "md", "csv", "yaml"} {
		if r := l.must(t, "incident", "list", "-o", format); strings.Contains(r.out+r.errors, "stays inside") {
			t.Errorf("%s:\n%s%s", format, r.out, r.errors)
		}
	}
	if r := l.must(t, "incident", "list", "-o", "md"); !strings.Contains(r.out, "Last comment on acme/production#1, 2018-08-24 16:00 UTC by @\u200bdev: Customers see it") {
		t.Errorf("%s", r.out)
	}
	if doc := document[jsonv1.Incidents](t, l, 0, "incident", "list", "--include-confidential"); doc.Incidents[1].LastComment.Text != "A name that stays inside" {
		t.Errorf("%+v", doc.Incidents[1].LastComment)
	}
}

// A list does not fail because of comments.
func TestIncidentListWithoutComments(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.must(t, "incident", "open", "Registry", "-s", "S1", "-q")
	l.fault(t, "GET /projects/*/issues/*/notes status=403")
	doc := document[jsonv1.Incidents](t, l, 0, "incident", "list")
	if len(doc.Incidents) != 1 || doc.Incidents[0].LastComment != nil || len(doc.Notes) != 1 || doc.Notes[0] != "The comments of acme/production#1 could not be read" {
		t.Errorf("%+v", doc)
	}
}

// The page of an incident has the last comment if it is newer than the last event, without another request.
func TestIncidentShowsTheLastComment(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.must(t, "incident", "open", "Registry", "-s", "S1", "-q")
	l.remark("dev", 1, "It is the disk", false)
	l.server.ResetRequests()
	before := document[jsonv1.IncidentShow](t, l, 0, "incident", "show", "1").LastComment
	if before == nil || before.By != "dev" || before.Text != "It is the disk" {
		t.Errorf("%+v", before)
	}
	if !strings.Contains(strings.Join(l.requests(), "\n"), "/issues/1/notes") || strings.Count(strings.Join(l.requests(), "\n"), "/notes") != 1 {
		t.Errorf("%s", strings.Join(l.requests(), "\n"))
	}
	l.must(t, "incident", "mitigate", "1", "-m", "Failed over", "-q")
	if after := document[jsonv1.IncidentShow](t, l, 0, "incident", "show", "1"); after.LastComment != nil || after.LastUpdate == nil {
		t.Errorf("%+v", after.LastComment)
	}
}

// A list with many active incidents reads the comments of the first 20, which are the worst.
func TestIncidentListBoundsComments(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{seed: func(s *fakegitlab.Seed) {
		for n := range 25 {
			s.Projects[1].Issues = append(s.Projects[1].Issues, fakegitlab.SeedIssue{Title: "One", Author: "mara", CreatedAt: l24(9),
				Labels: []string{"incident", "Incident::Active", "S2"}, Notes: []fakegitlab.SeedNote{{Author: "dev", Body: fmt.Sprint("Look ", n), CreatedAt: l24(9)}}})
		}
	}})
	doc := document[jsonv1.Incidents](t, l, 0, "incident", "list")
	if reads, _ := l.count(); reads != 4+20 || len(doc.Incidents) != 25 {
		t.Errorf("%d reads for %d incidents, want 24 for 25", reads, len(doc.Incidents))
	}
	if doc.Incidents[19].LastComment == nil || doc.Incidents[20].LastComment != nil || len(doc.Notes) != 1 || doc.Notes[0] != "Last comments are those of the first 20 active incidents" {
		t.Errorf("%q", doc.Notes)
	}
}
