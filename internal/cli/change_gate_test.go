package cli_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/pkg/change"
)

const hardLock = "locks:\n  - {name: fairs, kind: hard, from: '2018-08-24 12:00', to: '2018-08-24 20:00', reason: the fairs}\n"

var (
	activeS2   = says("mara", "incident", "open", "Registry returns 500s", "-s", "S2")
	unknownSev = says("mara", "incident", "open", "Something is slow")
	activeS3   = says("mara", "incident", "open", "A page is slow", "-s", "S3")
)

// scheduledAt opens a change of a criticality for the service db at a time of day.
func scheduledAt(class, at string) invocation {
	return says("rep", "change", "open", "Move the database", "--criticality", class, "--start", "2018-08-24 "+at, "--duration", "30m", "--rollback", "move it back", "--service", "db")
}

// gateDoc is the JSON document of a gate.
type gateDoc struct {
	Open          bool
	FailedOpen    bool `json:"failed_open"`
	WaitedSeconds int  `json:"waited_seconds"`
	Change, Key   string
	Reasons       []struct{ Kind, Ref, Text, Title string }
}

func (r ran) gate(t *testing.T) (doc gateDoc) {
	t.Helper()
	if err := json.Unmarshal([]byte(r.out), &doc); err != nil {
		t.Fatalf("%v in %s%s", err, r.out, r.errors)
	}
	return doc
}

// kinds returns the kinds of the reasons, sorted.
func (d gateDoc) kinds() (list []string) {
	for _, r := range d.Reasons {
		list = append(list, r.Kind)
	}
	slices.Sort(list)
	return list
}

// A start and a gate list every reason once, and --override records why the change was started anyway.
func TestReasonsAgainstAChange(t *testing.T) {
	t.Parallel()
	approve := says("mara", "change", "approve", "1")
	inProgress := []invocation{says("dev", "change", "open", "Another one", "--criticality", "C2", "--start", "2018-08-24 16:05", "--duration", "30m", "--rollback", "back", "--service", "db"),
		says("mara", "change", "approve", "2"), says("rep", "change", "start", "2", "--override", "agreed with the others")}
	for name, c := range map[string]struct {
		config string
		story  []invocation
		kinds  []string
	}{
		"nothing":             {"", []invocation{scheduledAt("C2", "16:00"), approve}, nil},
		"no approval":         {"", []invocation{scheduledAt("C2", "16:00")}, []string{"approval"}},
		"too early":           {"", []invocation{scheduledAt("C2", "23:00"), approve}, []string{"window"}},
		"a lock":              {hardLock, []invocation{scheduledAt("C2", "16:00"), approve}, []string{"lock"}},
		"an incident":         {"", []invocation{scheduledAt("C2", "16:00"), approve, activeS2}, []string{"incident"}},
		"an unknown severity": {"", []invocation{scheduledAt("C2", "16:00"), approve, unknownSev}, []string{"incident"}},
		"a minor incident":    {"", []invocation{scheduledAt("C2", "16:00"), approve, activeS3}, nil},
		"everything":          {hardLock, []invocation{scheduledAt("C2", "23:00"), activeS2}, []string{"approval", "incident", "lock", "window"}},
		"another change":      {"", append([]invocation{scheduledAt("C2", "16:00"), approve}, inProgress...), []string{"change"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{config: c.config})
			l.runAll(t, c.story...)
			l.now = time.Date(2018, 8, 24, 16, 10, 0, 0, time.UTC)
			r := l.run("change", "gate", "--change", "1", "-o", "json")
			doc := r.gate(t)
			if !slices.Equal(doc.kinds(), c.kinds) || doc.Open != (len(c.kinds) == 0) || r.code != map[bool]int{true: 0, false: 5}[doc.Open] || doc.Change != prod+"#1" {
				t.Errorf("gate: exit %d, %+v", r.code, doc)
			}
			l.user = "rep"
			r = l.run("change", "start", "1")
			if (r.code == 0) != (len(c.kinds) == 0) {
				t.Errorf("start: exit %d\n%s%s", r.code, r.out, r.errors)
			}
			for _, reason := range doc.Reasons {
				if strings.Count(r.errors, reason.Text) != 1 || strings.Contains(reason.Text, "\n") {
					t.Errorf("start does not name %q once:\n%s", reason.Text, r.errors)
				}
			}
			if len(c.kinds) == 0 {
				return
			}
			l.must(t, "change", "start", "1", "--override", "it fixes /close the incident @all")
			i, _ := l.queueIssue(t, 1)
			rec := change.Read(i.Description, i.CreatedAt)
			if !i.Has(changeRules.InProgress) || len(rec.Overrides) != 1 || !strings.Contains(rec.Overrides[0], "rep: it fixes") || !i.Open() {
				t.Errorf("overridden: %q, %q", i.Labels, rec.Overrides)
			}
		})
	}
}

// onWire calls before for each request.
type onWire struct {
	inner  http.RoundTripper
	before func(*http.Request)
}

func (w onWire) RoundTrip(r *http.Request) (*http.Response, error) {
	w.before(r)
	return w.inner.RoundTrip(r)
}

// A waiting gate checks every 30 seconds, no more often, and returns as soon as it is open.
func TestGateWaits(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		wait     string
		resolved time.Duration // when the incident is over, after the first check
		code     int
		waited   int // seconds
	}{
		"until it opens":       {"30m", 95 * time.Second, 0, 120},
		"until the time is up": {"100s", time.Hour, 5, 100},
		"not at all":           {"0s", time.Hour, 5, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newCrowd(t, func(*fakegitlab.Options) {})
			if r := l.as("mara", nil, 0, activeS2.args...); r.code != 0 {
				t.Fatal(r.errors)
			}
			start, inner := l.clock(), l.wire
			checks := map[time.Time]bool{}
			var over sync.Once
			l.wire = onWire{inner, func(*http.Request) {
				now := l.clock()
				l.mu.Lock()
				checks[now] = true
				l.mu.Unlock()
				if now.Sub(start) >= c.resolved {
					over.Do(func() { l.relabelled(`{"add_labels":"Incident::Resolved","remove_labels":"Incident::Active"}`) })
				}
			}}
			r := l.as("mara", nil, 0, "change", "gate", "--criticality", "C3", "--wait", c.wait, "-o", "json")
			doc := r.gate(t)
			if want := (c.waited+29)/30 + 1; r.code != c.code || doc.Open != (c.code == 0) || doc.WaitedSeconds != c.waited || len(checks) != want {
				t.Errorf("exit %d, %d checks and not %d, %+v", r.code, len(checks), want, doc)
			}
		})
	}
}

// The gate is closed if GitLab does not answer; --fail-open opens it, with a note. Other errors do not open it.
func TestGateWithoutGitLab(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fault    string
		failOpen bool
		code     int
		open     bool
	}{{"status=502", false, 7, false}, {"status=502", true, 0, true}, {"drop-before", false, 7, false}, {"drop-before", true, 0, true}, {"status=403", true, 4, false}} {
		t.Run(fmt.Sprint(c.fault, c.failOpen), func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{})
			f, err := fakegitlab.ParseFault("GET /projects/*/issues " + c.fault)
			if err != nil {
				t.Fatal(err)
			}
			l.server.AddFault(f)
			args := []string{"change", "gate", "--criticality", "C4", "-o", "json"}
			if c.failOpen {
				args = append(args, "--fail-open")
			}
			r := l.run(args...)
			if r.code != c.code {
				t.Fatalf("exit %d\n%s%s", r.code, r.out, r.errors)
			}
			if doc := r.gate(t); doc.Open != c.open || doc.FailedOpen != c.open || !slices.Equal(doc.kinds(), []string{"unknown"}) || strings.Contains(r.errors, "--fail-open") {
				t.Errorf("%+v\n%s", doc, r.errors)
			}
		})
	}
}
