package cli_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// always lists the sentences of every historical report.
var always = []string{
	"Locks, rotations and the SLO are those of today's configuration",
	"Issues and comments that were deleted since then are missing",
}

// handoffAt returns the current report, or one with --as-of.
func (s *story) handoffAt(args ...string) jsonv1.Handoff {
	own := *s.lab
	own.user = "mara"
	r := own.run(append([]string{"handoff", "-o", "json", "-q"}, args...)...)
	var doc jsonv1.Handoff
	if err := json.Unmarshal([]byte(r.out), &doc); err != nil || r.code != 0 {
		s.rt.Fatalf("%s\nhandoff %q: exit %d, %v\n%s%s", strings.Join(s.trace, "\n"), args, r.code, err, r.out, r.errors)
	}
	return doc
}

// TestAsOfEqualsLiveReport checks that --as-of rebuilds the report that was made at that time. If GitLab keeps a trace of every step, both are
// byte for byte the same; else every difference is reported as unknown.
func TestAsOfEqualsLiveReport(t *testing.T) {
	t.Parallel()
	for name, traceable := range map[string]bool{"traces": true, "all": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkSome(t, 25, func(rt *rapid.T) {
				s := newStory(t, rt, traceable, "budget: {slo: \"99.5\", window: 7d}\n")
				saved := map[time.Time]jsonv1.Handoff{}
				for range rapid.IntRange(2, 10).Draw(rt, "steps") {
					s.step()
					saved[s.now] = s.handoffAt()
					s.wait()
				}
				for _, at := range slices.SortedFunc(maps.Keys(saved), time.Time.Compare) {
					s.sameReport(at, saved[at], s.handoffAt("--as-of", at.Format(time.RFC3339)))
				}
			})
		})
	}
}

// sameReport compares a live report with a rebuilt one, except for what the latter reports as unknown.
func (s *story) sameReport(at time.Time, live, rebuilt jsonv1.Handoff) {
	unknown := slices.DeleteFunc(slices.Clone(rebuilt.Unknown), func(sentence string) bool { return slices.Contains(always, sentence) })
	if !rebuilt.Historical || live.Historical || s.traceable && len(unknown) > 0 || len(rebuilt.Unknown) != len(always)+len(unknown) {
		s.rt.Fatalf("%s\nat %s: past %v, unknown %q", strings.Join(s.trace, "\n"), at, rebuilt.Historical, rebuilt.Unknown)
	}
	want, got := compared(live, unknown), compared(rebuilt, unknown)
	if diff := cmp.Diff(want, got); diff != "" {
		s.rt.Fatalf("%s\nat %s, unknown %q (-live +rebuilt):\n%s", strings.Join(s.trace, "\n"), at.Format("02 15:04:05"), unknown, diff)
	}
}

// compared returns a report without what is reported as unknown.
func compared(doc jsonv1.Handoff, unknown []string) string {
	doc.Historical, doc.Unknown, doc.Notes = false, nil, nil
	for n := range doc.Sections {
		section := &doc.Sections[n]
		for _, sentence := range unknown {
			ref, what, _ := strings.Cut(sentence, ": ")
			section.Entries = slices.DeleteFunc(section.Entries, func(e jsonv1.HandoffEntry) bool { return e.Ref == ref && hides(what) })
			for at := range section.Entries {
				if e := &section.Entries[at]; e.Ref == ref {
					conceal(e, what)
				}
			}
		}
		if len(unknown) > 0 { // their order may depend on it
			slices.SortFunc(section.Entries, func(a, b jsonv1.HandoffEntry) int { return strings.Compare(a.Ref, b.Ref) })
		}
	}
	if slices.ContainsFunc(unknown, func(sentence string) bool {
		return hides(sentence) || strings.Contains(sentence, "record values unknown")
	}) {
		doc.Budget = nil
	}
	text, err := json.MarshalIndent(doc, "", " ")
	if err != nil {
		panic(err)
	}
	return string(text)
}

// hides reports whether something unknown decides in which section an issue belongs, if any.
func hides(what string) bool {
	return strings.Contains(what, "a label it may have had") || strings.Contains(what, "edited by hand") ||
		strings.Contains(what, "record values unknown") && (strings.Contains(what, "_at") && what != "record values unknown: started_at" || strings.Contains(what, "data_loss"))
}

// conceal removes the unknown fields from an entry.
func conceal(e *jsonv1.HandoffEntry, what string) {
	switch {
	case strings.Contains(what, "title unknown"):
		e.Title = ""
	case strings.Contains(what, "assignees unknown"):
		e.Assignees = nil
	case strings.Contains(what, "comment was edited"):
		e.LastUpdate = nil
	case strings.Contains(what, "made confidential later"):
		*e = jsonv1.HandoffEntry{Ref: e.Ref, Kind: e.Kind, Severity: e.Severity, Criticality: e.Criticality, State: e.State}
	case strings.Contains(what, "record values unknown"):
		if strings.Contains(what, "started_at") {
			e.Since, e.AgeMinutes = "", nil
		}
		if strings.Contains(what, "services") {
			e.Services = nil
		}
		if strings.Contains(what, "severity") {
			e.Severity, e.Missing = "", nil
		}
	}
}

// A historical report costs one request for each issue that changed since, and two more if it is in the report. The size of the tracker does not matter.
func TestAsOfRequests(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{carried: 300})
	before := l.now.Add(-time.Hour).Format(time.RFC3339)
	cost := func(args ...string) int {
		l.server.ResetRequests()
		l.must(t, append([]string{"handoff", "-o", "json"}, args...)...)
		return len(l.server.Requests())
	}
	live, quiet := cost(), cost("--as-of", before)
	if quiet != live+2 {
		t.Errorf("%d requests where nothing has changed since, %d live", quiet, live)
	}
	for n := range 7 {
		l.server.MustDo("dev", "PUT", fmt.Sprintf("/projects/acme%%2Finfrastructure/issues/%d", n+1), `{"title":"Another title"}`)
	}
	if got := cost("--as-of", before); got != quiet+7 {
		t.Errorf("%d requests where 7 issues outside the report have changed since, want %d", got, quiet+7)
	}
	for n := range 3 {
		l.server.MustDo("dev", "PUT", fmt.Sprintf("/projects/acme%%2Finfrastructure/issues/%d", n+1), `{"add_labels":"oncall","created_at":"2018-08-01T09:00:00Z"}`)
	}
	if got := cost("--as-of", before); got != quiet+7 {
		t.Errorf("%d requests where 3 of them got the oncall label since, want %d", got, quiet+7)
	}
	l.now = l.now.Add(time.Minute)
	full := cost("--as-of", l.now.Format(time.RFC3339))
	t.Logf("live %d, nothing since %d, of now %d", live, quiet, full)
	if now := cost(); full > now+2+7+2*3 {
		t.Errorf("%d requests where 3 of 7 are in the report, %d live", full, now)
	}
}

func TestAsOfInTheFuture(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	if r := l.run("handoff", "--as-of", l.now.Add(6*time.Minute).Format(time.RFC3339)); r.code != 6 || !strings.Contains(r.errors, "is in the future") {
		t.Errorf("exit %d\n%s", r.code, r.errors)
	}
	l.must(t, "handoff", "--as-of", l.now.Format(time.RFC3339))
	l.must(t, "handoff", "--as-of", l.now.Add(5*time.Minute).Format(time.RFC3339)) // clocks differ a little
}
