package gitlab

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// A 409 to an update of an issue may have done its work. So the issue is read before anything is sent again, and what is missing then is
// sent: a label that somebody else has set meanwhile would be stored twice.
func TestLookAfterConflict(t *testing.T) {
	t.Parallel()
	full := issue.Change{AddLabels: []string{"a", "b"}, RemoveLabels: []string{"old"}, NotLabels: []string{"other"}, State: new(issue.Closed),
		Due: new(day("2018-09-01"))}
	for name, c := range map[string]struct {
		change     issue.Change
		carriedOut bool
		meanwhile  string
		resent     string // part of the second request; empty: there is none
		not        string // not in it
	}{
		"it did its work":             {full, true, "", "", ""},
		"nothing was done":            {full, false, "", `"add_labels":"a,b"`, "x"},
		"a label was set by others":   {full, false, `{"add_labels":"a"}`, `"add_labels":"b"`, `a,b`},
		"all but the state is there":  {full, false, `{"add_labels":"a,b","remove_labels":"old","due_date":"2018-09-01"}`, `"state_event":"close"`, "add_labels"},
		"a rival label was set since": {full, true, `{"add_labels":"other"}`, `"remove_labels":"other"`, "state_event"},
		"due date and description":    {issue.Change{Due: new(day("2018-09-01")), Description: new("D2")}, false, `{"due_date":"2018-09-01"}`, `"description":"D2"`, "due_date"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, nil)
			l.create("/projects/acme%2Finfra/issues", `{"title":"Card","labels":"old"}`)
			ref := issue.Ref{Project: "acme/infra", IID: 1}
			act := func() {
				if c.meanwhile != "" {
					l.MustDo("owner", "PUT", "/projects/acme%2Finfra/issues/1", c.meanwhile)
				}
			}
			var puts []string
			count := func(o *Options) {
				afterPut(l, c.carriedOut, http.StatusConflict, act)(o)
				inner := o.Transport
				o.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
					if r.Method == http.MethodPut {
						body, _ := io.ReadAll(r.Body)
						puts = append(puts, string(body))
						r.Body = io.NopCloser(strings.NewReader(string(body)))
					}
					return inner.RoundTrip(r)
				})
			}
			got, err := l.as(t, "developer", count).UpdateIssue(t.Context(), ref, c.change)
			if err != nil || len(issueDrops(c.change, got)) > 0 || len(got.Doubled) > 0 || slices.ContainsFunc(c.change.NotLabels, got.Has) {
				t.Errorf("%+v, %v", got, err)
			}
			if len(puts) != 1+map[bool]int{true: 1}[c.resent != ""] {
				t.Fatalf("requests: %s", fmt.Sprint(puts))
			}
			if c.resent != "" && (!strings.Contains(puts[1], c.resent) || strings.Contains(puts[1], c.not)) {
				t.Errorf("sent again: %s", puts[1])
			}
		})
	}
}
