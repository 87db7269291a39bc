package contract

import (
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/testkit/recording"
)

// recorded is when the recordings began: dates in them are due, overdue or upcoming as seen from this day.
var recorded = time.Date(2026, 11, 28, 22, 36, 0, 0, time.UTC)

const folder = "../../testdata/gitlab/"

// newEmbedded is an embedded GitLab with the world of the recordings, and a replayer for it.
func newEmbedded(t *testing.T, edition fakegitlab.Edition) *Replayer {
	t.Helper()
	s, tokens := serverOf(t, edition, readWorld(t))
	return &Replayer{Base: embedded, Tokens: tokens, Client: &http.Client{Transport: fakegitlab.Transport(s)}}
}

// embedded is the address of an embedded GitLab that is not served.
const embedded = "http://gitlab.example.test"

// readWorld is the world before the first request of the recordings.
func readWorld(t *testing.T) (world fakegitlab.Seed) {
	t.Helper()
	data, err := os.ReadFile(folder + "seed.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := manifest.Decode("seed.yaml", data, &world); err != nil {
		t.Fatal(err)
	}
	return world
}

// serverOf is an embedded GitLab with a world, and the tokens of its users.
func serverOf(t *testing.T, edition fakegitlab.Edition, world fakegitlab.Seed) (*fakegitlab.Server, map[string]string) {
	t.Helper()
	s := fakegitlab.New(fakegitlab.Options{Edition: edition, ClockFrom: recorded, URL: embedded, NoRequestLog: true})
	if err := s.Apply(world); err != nil {
		t.Fatal(err)
	}
	tokens := map[string]string{}
	for _, a := range s.Accounts() {
		tokens[a.Username] = a.Token
	}
	return s, tokens
}

// TestEmbeddedEqualsRecording sends each recording to the embedded GitLab of the same edition, whole and in order.
func TestEmbeddedEqualsRecording(t *testing.T) {
	t.Parallel()
	for edition, name := range map[fakegitlab.Edition]string{fakegitlab.Community: "tour-18.9-ce", fakegitlab.Free: "tour-18.9-ee-free"} {
		t.Run(string(edition), func(t *testing.T) {
			t.Parallel()
			compareAll(t, newEmbedded(t, edition), name, none)
		})
	}
}

// compareAll sends a whole recording. Only the expected differences may be found.
func compareAll(t *testing.T, r *Replayer, name string, expected func(step string, d Difference) bool) {
	t.Helper()
	steps, err := recording.Load(folder + name + ".jsonl.gz")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range steps {
		a, err := r.Do(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		found := slices.DeleteFunc(Compare(s, a), func(d Difference) bool { return expected(s.Name, d) })
		if len(found) > 0 {
			report(t, s, found)
		}
	}
}

// none expects no difference.
func none(string, Difference) bool { return false }

// report prints the first differences of a step.
func report(t *testing.T, s recording.Step, found []Difference) {
	t.Helper()
	const most = 12
	var b strings.Builder
	for _, d := range found[:min(len(found), most)] {
		fmt.Fprintf(&b, "\n  %s", d)
	}
	if len(found) > most {
		fmt.Fprintf(&b, "\n  and %d more", len(found)-most)
	}
	t.Errorf("%q: %s %s%s", s.Name, s.Method, s.Path, b.String())
}

// paid lists what the paid editions answer otherwise than Free, from documentation: by step, or by path of the difference.
var paid = []struct {
	edition fakegitlab.Edition // the lowest that has it
	steps   string             // pattern; "" for all
	path    string             // pattern of the kind and path of the difference
	reason  string
}{
	{fakegitlab.Premium, "", `^extra .*\.(weight|epic|epic_iid|iteration)$`, "issues have weights, epics and iterations"},
	{fakegitlab.Ultimate, "", `^extra .*\.health_status$`, "issues have a health status"},
	{fakegitlab.Premium, "", `^extra .*\.(approvals_before_merge|issues_template|merge_requests_template)$`, "projects have approval rules and templates"},
	{fakegitlab.Premium, `^bd `, `^extra .*\.(assignee|labels|milestone|weight|limit_metric|max_issue_count|max_issue_weight)$`,
		"boards have a scope, and their lists have limits"},
	{fakegitlab.Premium, "", `^length .*\.assignees$`, "several assignees"},
	{fakegitlab.Premium, `^list assignee_username\[\]=dev&`, `^status `, "several assignees can be searched for"},
	{fakegitlab.Premium, `^list weight=5$|^list order_by=weight$`, `^(length|order|header) `, "weights can be set and searched for"},
	{fakegitlab.Premium, `^ln blocks$`, `^status `, "an issue can block another"},
	{fakegitlab.Premium, "", `^value .*\.blocking_issues_count$`, "the issue blocks the other one since then"},
	{fakegitlab.Premium, `^ln list$|^mv source notes$`, `^(length|header) `, "that link and its system note"},
	{fakegitlab.Premium, `^gq iterations$`, `^(type|missing) `, "a licensed feature"},
	{fakegitlab.Premium, `^(approvals rules|iterations|epics|burndown)$`, `^status `, "licensed features"},
	{fakegitlab.Premium, `^mr approvals settings$`, `^value \.reset_approvals_on_push$`, "on by default"},
}

// TestPaidEditionsEqualRecordingOfFree sends the recording of Free to the paid editions. Exactly what the table above lists may
// differ.
func TestPaidEditionsEqualRecordingOfFree(t *testing.T) {
	t.Parallel()
	for rank, edition := range []fakegitlab.Edition{fakegitlab.Premium, fakegitlab.Ultimate} {
		t.Run(string(edition), func(t *testing.T) {
			t.Parallel()
			used := make([]bool, len(paid))
			expected := func(step string, d Difference) bool {
				for n, row := range paid {
					applies := row.edition == fakegitlab.Premium || rank > 0
					if applies && regexp.MustCompile(row.steps).MatchString(step) && regexp.MustCompile(row.path).MatchString(d.Kind+" "+d.Path) {
						used[n] = true
						return true
					}
				}
				return false
			}
			compareAll(t, newEmbedded(t, edition), "tour-18.9-ee-free", expected)
			for n, row := range paid {
				if !used[n] && (row.edition == fakegitlab.Premium || rank > 0) {
					t.Errorf("%s %s: %s: no difference; remove the row", row.steps, row.path, row.reason)
				}
			}
		})
	}
}
