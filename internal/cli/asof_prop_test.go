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

// always is what a report of the past says whatever happened.
var always = []string{
	"locks, rotations and the objective of the budget are those of today's configuration",
	"issues and comments that were deleted since are not known",
}

// handoffAt is the report as somebody sees it now, or with --as-of.
func (s *story) handoffAt(args ...string) jsonv1.Handoff {
	own := *s.lab
	own.user = "mara"
	r := own.run(append([]string{"handoff", "-o", "json", "-q"}, args...)...)
	var doc jsonv1.Handoff
	if err := json.Unmarshal([]byte(r.out), &doc); err != nil || r.code != 0 {
		s.rt.Fatalf("%s\nhandoff %q: exit %d, %v\n%s%s", strings.Join(s.log, "\n"), args, r.code, err, r.out, r.errors)
	}
	return doc
}

// TestAsOfIsTheReportOfThen: of a random history the report that --as-of rebuilds of a moment is the one that was made at that moment. Where nothing happens of which
// GitLab keeps no trace it is so to the byte; else what differs is said to be unknown.
func TestAsOfIsTheReportOfThen(t *testing.T) {
	t.Parallel()
	for name, honest := range map[string]bool{"traces": true, "all": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkSome(t, 25, func(rt *rapid.T) {
				s := newStory(t, rt, honest, "budget: {slo: \"99.5\", window: 7d}\n")
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

// sameReport wants the report that was made live, but for what the rebuilt one says is not known.
func (s *story) sameReport(at time.Time, live, rebuilt jsonv1.Handoff) {
	unknown := slices.DeleteFunc(slices.Clone(rebuilt.Unknown), func(said string) bool { return slices.Contains(always, said) })
	if !rebuilt.Historical || live.Historical || s.traceable && len(unknown) > 0 || len(rebuilt.Unknown) != len(always)+len(unknown) {
		s.rt.Fatalf("%s\nat %s: past %v, unknown %q", strings.Join(s.log, "\n"), at, rebuilt.Historical, rebuilt.Unknown)
	}
	want, got := compared(live, unknown), compared(rebuilt, unknown)
	if diff := cmp.Diff(want, got); diff != "" {
		s.rt.Fatalf("%s\nat %s, unknown %q (-live +rebuilt):\n%s", strings.Join(s.log, "\n"), at.Format("02 15:04:05"), unknown, diff)
	}
}

// compared is a report without what is said to be unknown.
func compared(doc jsonv1.Handoff, unknown []string) string {
	doc.Historical, doc.Unknown, doc.Notes = false, nil, nil
	for n := range doc.Sections {
		section := &doc.Sections[n]
		for _, said := range unknown {
			ref, what, _ := strings.Cut(said, ": ")
			section.Entries = slices.DeleteFunc(section.Entries, func(e jsonv1.HandoffEntry) bool { return e.Ref == ref && hides(what) })
			for at := range section.Entries {
				if e := &section.Entries[at]; e.Ref == ref {
					conceal(e, what)
				}
			}
		}
		if len(unknown) > 0 { // their order may hang on it
			slices.SortFunc(section.Entries, func(a, b jsonv1.HandoffEntry) int { return strings.Compare(a.Ref, b.Ref) })
		}
	}
	if slices.ContainsFunc(unknown, func(said string) bool { return hides(said) || strings.Contains(said, "its record said") }) {
		doc.Budget = nil
	}
	text, err := json.MarshalIndent(doc, "", " ")
	if err != nil {
		panic(err)
	}
	return string(text)
}

// hides reports whether it hangs on something unknown in which section an issue stands, if in any.
func hides(what string) bool {
	return strings.Contains(what, "a label that it may have carried") || strings.Contains(what, "edited by hand") ||
		strings.Contains(what, "its record said") && (strings.Contains(what, "_at") && !strings.Contains(what, "of started_at is") || strings.Contains(what, "data_loss"))
}

// conceal takes the cells out of an entry that are unknown.
func conceal(e *jsonv1.HandoffEntry, what string) {
	switch {
	case strings.Contains(what, "its title"):
		e.Title = ""
	case strings.Contains(what, "its assignees"):
		e.Assignees = nil
	case strings.Contains(what, "comment was edited"):
		e.LastUpdate = nil
	case strings.Contains(what, "made confidential since"):
		*e = jsonv1.HandoffEntry{Ref: e.Ref, Kind: e.Kind, Severity: e.Severity, Criticality: e.Criticality, State: e.State}
	case strings.Contains(what, "its record said"):
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

// The report of a past moment costs one request for each issue that was changed since, and two more where the report tells of it; not the tracker's size.
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
		t.Errorf("%d requests where 7 issues have changed since that are not told of, want %d", got, quiet+7)
	}
	for n := range 3 {
		l.server.MustDo("dev", "PUT", fmt.Sprintf("/projects/acme%%2Finfrastructure/issues/%d", n+1), `{"add_labels":"oncall","created_at":"2018-08-01T09:00:00Z"}`)
	}
	if got := cost("--as-of", before); got != quiet+7 {
		t.Errorf("%d requests where 3 of them are on call since, want %d", got, quiet+7)
	}
	l.now = l.now.Add(time.Minute)
	told := cost("--as-of", l.now.Format(time.RFC3339))
	t.Logf("live %d, nothing since %d, of now %d", live, quiet, told)
	if now := cost(); told > now+2+7+2*3 {
		t.Errorf("%d requests where 3 of 7 are told of, %d live", told, now)
	}
}

func TestAsOfOfTheFuture(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	if r := l.run("handoff", "--as-of", l.now.Add(time.Second).Format(time.RFC3339)); r.code != 6 || !strings.Contains(r.errors, "is in the future") {
		t.Errorf("exit %d\n%s", r.code, r.errors)
	}
	l.must(t, "handoff", "--as-of", l.now.Format(time.RFC3339))
}
