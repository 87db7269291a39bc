package cli_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// criteria is a description that says when the work is done.
const criteria = "Done when the old host is gone."

// work adds issues to the infrastructure tracker, as #2, #3 and so on: #1 is "Planned".
func work(issues ...fakegitlab.SeedIssue) setup {
	return setup{seed: func(s *fakegitlab.Seed) {
		for n, i := range issues {
			if i.Author == "" {
				i.Author = "dev"
			}
			if i.CreatedAt.IsZero() {
				i.CreatedAt = time.Date(2018, 8, 2, 9, n, 0, 0, time.UTC)
			}
			s.Projects[0].Issues = append(s.Projects[0].Issues, i)
		}
	}}
}

// document runs a command and reads its JSON document.
func document[D any](t testing.TB, l *lab, code int, args ...string) (doc D) {
	t.Helper()
	r := l.run(append(args, "-o", "json")...)
	if r.code != code {
		t.Fatalf("prodctl %s: exit %d, want %d\n%s%s", strings.Join(args, " "), r.code, code, r.out, r.errors)
	}
	if err := json.Unmarshal([]byte(r.out), &doc); err != nil {
		t.Fatalf("%v\n%s", err, r.out)
	}
	return doc
}

func TestIssueReady(t *testing.T) {
	t.Parallel()
	l := newLab(t, work(
		fakegitlab.SeedIssue{Title: "Clear", Labels: []string{"Planning", "weight::3"}, Description: criteria},
		fakegitlab.SeedIssue{Title: "Vague", Labels: []string{"Planning"}},
		fakegitlab.SeedIssue{Title: "Large", Labels: []string{"weight::8", "meta"}, Description: criteria},
		fakegitlab.SeedIssue{Title: "Odd", Labels: []string{"weight::4"}, Description: "- [ ] \n# Criteria\n<!-- what has to be done before it can be closed -->"},
		fakegitlab.SeedIssue{Title: "Hidden", Labels: []string{"weight::2"}, Confidential: true},
	))
	doc := document[jsonv1.IssueReady](t, l, 0, "issue", "ready", "2", "infrastructure#3", "4,5", "#2", "6")
	got := map[string]string{}
	for _, i := range doc.Issues {
		var ids []string
		for _, u := range i.Missing {
			ids = append(ids, u.ID)
		}
		got[strings.TrimPrefix(i.Ref, infra)+" "+i.Title] = fmt.Sprint(i.Ready, " ", strings.Join(ids, " "))
	}
	want := map[string]string{"#2 Clear": "true ", "#3 Vague": "false weight-missing criteria-missing", "#4 Large": "false weight-split timebox",
		"#5 Odd": "false weight-scale criteria-missing", "#6 ": "false "}
	if diff := cmp.Diff(want, got); diff != "" || doc.Ready != 1 {
		t.Errorf("%d ready\n%s", doc.Ready, diff)
	}
	if reads, writes := l.count(); reads != 1 || writes != 0 {
		t.Errorf("%d reads and %d writes, want one read for all issues of a project", reads, writes)
	}
}

// Findings give 8 with --exit-code, otherwise 0; an issue that is not found is an error that names it.
func TestIssueReadyExitCodes(t *testing.T) {
	t.Parallel()
	l := newLab(t, work(fakegitlab.SeedIssue{Title: "Clear", Labels: []string{"weight::3"}, Description: criteria}))
	for _, c := range []struct {
		args string
		code int
		says string
	}{
		{"issue ready 2 --exit-code", 0, ""},
		{"issue ready 2 1 --exit-code", 8, ""},
		{"issue ready 1", 0, ""},
		{"issue ready 2 99", 1, infra + "#99 not found"},
		{"issue ready", 6, "missing argument <issue>"},
		{"issue ready 2 two", 6, `invalid issue "two"`},
	} {
		if r := l.run(strings.Fields(c.args)...); r.code != c.code || !strings.Contains(r.errors, c.says) {
			t.Errorf("%s: exit %d, want %d: %s", c.args, r.code, c.code, r.errors)
		}
	}
	if r := l.run("issue", "ready", ""); r.code != 6 || !strings.Contains(r.errors, "<issue> is empty") {
		t.Errorf("an unset variable: exit %d: %s", r.code, r.errors)
	}
}

// An issue that was moved is checked where it is now, once.
func TestIssueReadyFollowsAMove(t *testing.T) {
	t.Parallel()
	l := newLab(t, work(fakegitlab.SeedIssue{Title: "Clear", Labels: []string{"weight::3"}, Description: criteria}))
	at := l.move(t, infra, 2, prod)
	doc := document[jsonv1.IssueReady](t, l, 0, "issue", "ready", "2", fmt.Sprintf("production#%d", at))
	if len(doc.Issues) != 1 || doc.Issues[0].Ref != fmt.Sprintf("%s#%d", prod, at) || !strings.Contains(strings.Join(doc.Notes, " "), "was moved to") {
		t.Errorf("%+v", doc)
	}
}

// `board move` to Ready refuses exactly the issues that `issue ready` finds, and nothing is written.
func TestBoardMoveAgreesWithIssueReady(t *testing.T) {
	t.Parallel()
	l := newLab(t, work(
		fakegitlab.SeedIssue{Title: "Clear", Labels: []string{"weight::3"}, Description: criteria},
		fakegitlab.SeedIssue{Title: "Vague", Labels: []string{"Planning", "meta"}},
		fakegitlab.SeedIssue{Title: "Large", Labels: []string{"weight::13"}, Description: criteria},
	))
	for iid := 2; iid <= 4; iid++ {
		own := l.copy()
		ref := fmt.Sprint(iid)
		doc := document[jsonv1.IssueReady](t, own, 0, "issue", "ready", ref)
		own.server.ResetRequests()
		r := own.run("board", "move", ref, "ready", "-q")
		if ready := doc.Issues[0].Ready; ready != (r.code == 0) || !ready && r.code != 5 {
			t.Errorf("#%d, ready %v: exit %d", iid, ready, r.code)
		}
		for _, u := range doc.Issues[0].Missing {
			if !strings.Contains(r.errors, u.Text) {
				t.Errorf("#%d: the refusal lacks %q: %s", iid, u.Text, r.errors)
			}
		}
		if r.code != 0 && strings.Contains(strings.Join(own.methods(), " "), http.MethodPut) {
			t.Errorf("#%d: refused, but written", iid)
		}
		own.must(t, "board", "move", ref, "ready", "--force", "-q")
	}
}
