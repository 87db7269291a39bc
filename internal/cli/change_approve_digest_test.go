package cli_test

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/term"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// withDigest adds the digest of the plan as it is now to `change approve`, as for somebody who has just read it.
func (l *lab) withDigest(args []string) []string {
	if len(args) < 3 || args[0] != "change" || args[1] != "approve" || slices.Contains(args, "--help") {
		return args
	}
	for _, arg := range args {
		if strings.HasPrefix(arg, "--digest") {
			return args
		}
	}
	number, err := strconv.Atoi(args[2][strings.LastIndexByte(args[2], '#')+1:])
	if err != nil {
		return args
	}
	for _, p := range l.server.Snapshot().Projects {
		for _, i := range p.Issues {
			if p.Path == prod && i.IID == number {
				c := change.Of(issue.Issue{Title: i.Title, Description: i.Description, Labels: i.Labels}, changeRules)
				return append(slices.Clone(args), "--digest", c.Digest())
			}
		}
	}
	return args
}

// Without a terminal an approval names the digest of the plan that was read; a plan that was edited since is refused.
func TestApproveNeedsTheDigest(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.runAll(t, scheduledAt("C2", "16:00"))
	digest := strings.TrimSpace(l.must(t, "change", "show", "1", "--jq", ".digest").out)
	if page := l.must(t, "change", "show", "1", "-o", "md").out; !strings.Contains(page, digest) || !strings.Contains(page, "move it back") {
		t.Errorf("the page has no plan with the digest %s:\n%s", digest, page)
	}
	approvals := func() int {
		_, notes := l.queueIssue(t, 1)
		return len(verbsOf(notes, change.Kind))
	}
	want := `prodctl: --digest is required without a terminal
hint: To read the plan and its digest: prodctl change show acme/production#1
`
	for _, args := range [][]string{{"change", "approve", "1", "--digest", ""}, {"change", "approve", "1", "--digest=", "--yes"}, {"change", "approve", "1", "--digest=", "--plan-file", t.TempDir() + "/p.json"}} {
		if r := l.run(args...); r.code != 6 || r.errors != want || approvals() != 0 {
			t.Errorf("%q: exit %d\n%s%s", args, r.code, r.out, r.errors)
		}
	}
	if r := l.run("change", "approve", "1", "--digest=", "--dry-run"); r.code != 0 || approvals() != 0 {
		t.Errorf("--dry-run: exit %d\n%s", r.code, r.errors)
	}
	editedNow(l.server, "plan", func(d string) string { return "Drop the backups too.\n\n" + d })
	r := l.run("change", "approve", "1", "--digest", digest)
	if r.code != 5 || !strings.Contains(r.errors, "is not the one that you read") || approvals() != 0 {
		t.Errorf("edited: exit %d\n%s", r.code, r.errors)
	}
	digest = strings.TrimSpace(l.must(t, "change", "show", "1", "--jq", ".digest").out)
	if r := l.run("change", "approve", "1", "--digest", strings.ToUpper(digest)); r.code != 0 || approvals() != 1 {
		t.Errorf("exit %d\n%s", r.code, r.errors)
	}
}

// On a terminal the plan and its digest are shown before the question, and a plan that is edited meanwhile is not approved.
func TestApproveOnATerminal(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer string
		edits  bool
		code   int
	}{"yes": {"y\n", false, 0}, "no": {"n\n", false, 5}, "edited meanwhile": {"y\n", true, 5}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{})
			l.runAll(t, scheduledAt("C2", "16:00"))
			i, _ := l.queueIssue(t, 1)
			digest := change.Of(i, changeRules).Digest()
			before := func() {
				if c.edits {
					editedNow(l.server, "plan", func(d string) string { return "Drop the backups too.\n\n" + d })
				}
			}
			r := l.atTerminal(c.answer, before, "change", "approve", "1")
			question := strings.Index(r.errors, "Approve this plan?")
			shown := strings.Index(r.errors, digest)
			if r.code != c.code || shown < 0 || shown > question || !strings.Contains(r.errors[:max(question, 0)], "move it back") {
				t.Errorf("exit %d\n%s%s", r.code, r.out, r.errors)
			}
			i, _ = l.queueIssue(t, 1)
			if i.Has(changeRules.Approved) != (c.code == 0) {
				t.Errorf("labels %q", i.Labels)
			}
		})
	}
}

// A plan file has the digest, so that applying it approves what was read.
func TestApprovePlanFile(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.runAll(t, scheduledAt("C2", "16:00"))
	file := t.TempDir() + "/approve.json"
	l.must(t, "change", "approve", "1", "--plan-file", file)
	l.now = l.now.Add(time.Minute)
	l.must(t, "apply", file)
	if i, _ := l.queueIssue(t, 1); !i.Has(changeRules.Approved) {
		t.Errorf("labels %q", i.Labels)
	}
}

// The plan of a confidential change is not printed where others read it.
func TestShownPlanIsWithheld(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{seed: func(s *fakegitlab.Seed) {
		s.Projects[1].Labels = append(s.Projects[1].Labels, fakegitlab.SeedLabel{Name: "change"}, fakegitlab.SeedLabel{Name: "C2"})
		s.Projects[1].Issues = append(s.Projects[1].Issues, fakegitlab.SeedIssue{Title: "Hidden", Description: "Rotate the leaked key.", Confidential: true, Labels: []string{"change", "C2"}})
	}})
	for _, args := range [][]string{{"change", "show", "1"}, {"change", "show", "1", "-o", "json"}, {"change", "show", "1", "-o", "csv"}} {
		if r := l.must(t, args...); strings.Contains(r.out, "leaked") {
			t.Errorf("%q:\n%s", args, r.out)
		}
	}
	if r := l.runOn(term.Modes{}, "", "change", "show", "1", "-o", "md", "--include-confidential"); !strings.Contains(r.out, "leaked") {
		t.Errorf("--include-confidential:\n%s", r.out)
	}
}

// A plan that is edited right after an approval that was not the last one: the approval is what it was for, and a note says so.
func TestApproveBeforeAnEdit(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.runAll(t, scheduledAt("C1", "16:00"))
	plain := l.wire
	edited := false
	l.wire = roundTripper(func(r *http.Request) (*http.Response, error) {
		resp, err := plain.RoundTrip(r)
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/notes") && !edited {
			edited = true
			editedNow(l.server, "plan", func(d string) string { return "Drop the backups too.\n\n" + d })
		}
		return resp, err
	})
	r := l.run("change", "approve", "1")
	if _, notes := l.queueIssue(t, 1); r.code != 0 || !strings.Contains(r.out+r.errors, "The plan was edited after you read it: your approval does not count for it") || len(verbsOf(notes, change.Kind)) != 1 {
		t.Errorf("exit %d\n%s%s", r.code, r.out, r.errors)
	}
	if r := l.run("change", "show", "1", "--jq", ".approvals.ignored[].reason"); !strings.Contains(r.out, "the plan was edited after this approval") {
		t.Errorf("exit %d\n%s%s", r.code, r.out, r.errors)
	}
}
