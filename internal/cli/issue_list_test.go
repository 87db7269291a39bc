package cli_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// backlog is a tracker with one issue for each filter.
func backlog() setup {
	return work(
		fakegitlab.SeedIssue{Title: "Plain", Labels: []string{"Planning"}},                                                                  // 2
		fakegitlab.SeedIssue{Title: "Rated", Labels: []string{"Ready", "AP2", "weight::3"}, Description: criteria},                          // 3
		fakegitlab.SeedIssue{Title: "Goal", Labels: []string{"Planning", "goal"}, Description: criteria},                                    // 4
		fakegitlab.SeedIssue{Title: "Meta goal", Labels: []string{"goal", "meta"}},                                                          // 5
		fakegitlab.SeedIssue{Title: "Outage", Labels: []string{"outage", "AP3", "In Progress", "weight::1"}},                                // 6
		fakegitlab.SeedIssue{Title: "Urgent", Labels: []string{"Ready", "AP1", "toil", "weight::2", "carried-over"}, Description: criteria}, // 7
		fakegitlab.SeedIssue{Title: "Over", Labels: []string{"critical"}, Closed: true},                                                     // 8
		fakegitlab.SeedIssue{Title: "Hidden", Labels: []string{"toil"}, Confidential: true},                                                 // 9
	)
}

// listed are the numbers of the listed issues, in their order.
func listed(doc jsonv1.Issues) (iids []string) {
	for _, i := range doc.Issues {
		iids = append(iids, strings.TrimPrefix(i.Ref, infra+"#"))
	}
	return iids
}

// The highest prioritized label comes first, then AP1 to AP3, then the oldest; every filter narrows the list down, with one request.
func TestIssueList(t *testing.T) {
	t.Parallel()
	start := newLab(t, backlog())
	for args, want := range map[string]string{
		"":                               "6 4 5 7 3 1 2 9",
		"--column ready":                 "7 3",
		"--column in-progress":           "6",
		"--label toil":                   "7 9",
		"--label toil,AP1":               "7",
		"--label ~toil --label AP1":      "7",
		"--ready":                        "7 3",
		"--goal":                         "4 5",
		"--unweighted":                   "4 5 1 2 9",
		"--unweighted --column planning": "4 2",
		"--label nothing":                "",
	} {
		l := start.copy()
		doc := document[jsonv1.Issues](t, l, 0, append([]string{"issue", "list"}, strings.Fields(args)...)...)
		if got := strings.Join(listed(doc), " "); got != want {
			t.Errorf("%s: %s, want %s", args, got, want)
		}
		if reads, writes := l.count(); reads != 1 || writes != 0 {
			t.Errorf("%s: %d reads and %d writes", args, reads, writes)
		}
	}
	r := start.must(t, "issue", "list", "--label", "nothing", "--unweighted")
	if want := "prodctl: No issues found (label nothing, without weight)\n"; r.out != "" || r.errors != want {
		t.Errorf("%q %q, want %q", r.out, r.errors, want)
	}
}

func TestIssueListRefusals(t *testing.T) {
	t.Parallel()
	l := newLab(t, backlog())
	for args, says := range map[string]string{
		"--column nowhere":   `invalid column "nowhere"`,
		"--column completed": "the list is of open issues",
		"--carried 0":        "too small",
		"--stale soon":       `invalid date or duration "soon"`,
		"--label ,":          "contains no label",
	} {
		if r := l.run(append([]string{"issue", "list"}, strings.Fields(args)...)...); r.code != 6 || !strings.Contains(r.errors, says) {
			t.Errorf("%s: exit %d: %s", args, r.code, r.errors)
		}
	}
	if len(l.requests()) > 0 {
		t.Errorf("%q", l.requests())
	}
}

// Stale is what nobody has updated for the time, to the second.
func TestIssueListStale(t *testing.T) {
	t.Parallel()
	start := newLab(t, backlog()) // created on 1 and 2 August
	l := start.copyWith(func(o *fakegitlab.Options) { o.Now = func() time.Time { return start.now } })
	l.do(http.MethodPut, "/issues/3", `{"add_labels":"S3"}`)
	for stale, want := range map[string]string{"14d": "6 4 5 7 1 2 9", "23d": "", "22d": "6 4 5 7 1 2 9", "2018-08-02": "1"} {
		doc := document[jsonv1.Issues](t, l, 0, "issue", "list", "--stale", stale)
		if got := strings.Join(listed(doc), " "); stale != "23d" && got != want || stale == "23d" && got != "1" {
			t.Errorf("%s: %s, want %s", stale, got, want)
		}
	}
}

// roll lets timeboxes pass: each roll carries over what is open.
func (l *lab) roll(t testing.TB, days ...string) *lab {
	t.Helper()
	for _, day := range days {
		at, err := time.Parse(time.RFC3339, day+"T16:00:00Z")
		if err != nil {
			t.Fatal(err)
		}
		l = l.copyWith(func(o *fakegitlab.Options) { o.Now = func() time.Time { return at } })
		l.now = at
		l.must(t, "milestone", "roll", "--yes", "-q")
	}
	l.server.ResetRequests()
	return l
}

// How often an issue was carried over comes from its milestone events, which are read only for issues with the label.
func TestIssueListCarried(t *testing.T) {
	t.Parallel()
	s := setup{carried: 2}
	l := newLab(t, s).roll(t, "2018-08-24")
	l.do(http.MethodPost, "/issues", `{"title":"New","milestone_id":%d}`, l.current(t))
	l = l.roll(t, "2018-09-07", "2018-09-21")
	for carried, want := range map[string]string{"1": "1 2 3 4", "2": "1 2 3 4", "3": "1 2", "4": ""} {
		l.server.ResetRequests()
		doc := document[jsonv1.Issues](t, l, 0, "issue", "list", "--carried", carried)
		got := listed(doc)
		slices.Sort(got)
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %s, want %s", carried, got, want)
		}
		for _, i := range doc.Issues {
			if i.Carried == nil || fmt.Sprint(*i.Carried) < carried {
				t.Errorf("%s: %s was carried over %v times", carried, i.Ref, i.Carried)
			}
		}
		if reads, writes := l.count(); reads != 2+4 || writes != 0 {
			t.Errorf("%d reads and %d writes, want the list, the milestones and the events of four issues\n%s", reads, writes, strings.Join(l.requests(), "\n"))
		}
	}
}

// current is the id of the Current Milestone.
func (l *lab) current(t testing.TB) (id int) {
	t.Helper()
	for _, m := range l.milestoneRows(t, "/projects/acme%2Finfrastructure/milestones") {
		if m.Title == "Current Milestone" {
			return m.ID
		}
	}
	t.Fatal("no Current Milestone")
	return 0
}

// The content of a confidential issue is only on a terminal, and with --include-confidential.
func TestIssueListWithholds(t *testing.T) {
	t.Parallel()
	l := newLab(t, backlog())
	for _, line := range []string{"issue list", "issue list -o json", "issue list -o md", "issue show 9", "issue ready 9 -o csv", "issue show 9 -o yaml"} {
		if r := l.must(t, strings.Fields(line)...); strings.Contains(r.out, "Hidden") || !strings.Contains(r.out, infra+"#9") {
			t.Errorf("%s:\n%s", line, r.out)
		}
		if r := l.must(t, append(strings.Fields(line), "--include-confidential")...); !strings.Contains(r.out, "Hidden") {
			t.Errorf("%s --include-confidential:\n%s", line, r.out)
		}
	}
}
