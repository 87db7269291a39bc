package change_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/lock"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]change.Criticality{"C2": change.C2, "c2": change.C2, " 2 ": change.C2, "criticality 2": change.C2, "criticality::C2": change.C2, "~C4": change.C4} {
		if got, err := change.ParseCriticality(typed); err != nil || got != want {
			t.Errorf("criticality %q is %s, %v, want %s", typed, got, err, want)
		}
	}
	for typed, want := range map[string]change.ImpactType{"client-facing": change.ClientFacing, "Client facing": change.ClientFacing, "client_facing": change.ClientFacing, "clientfacing": change.ClientFacing, "INTERNAL": change.Internal, "none": change.NoImpact} {
		if got, err := change.ParseImpact(typed); err != nil || got != want {
			t.Errorf("impact %q is %s, %v, want %s", typed, got, err, want)
		}
	}
	for typed, want := range map[string]change.State{"in progress": change.InProgress, "In-Progress": change.InProgress, "in_progress": change.InProgress, "ABORTED": change.Aborted, "unknown": change.UnknownState} {
		if got, err := change.ParseState(typed); err != nil || got != want {
			t.Errorf("state %q is %s, %v, want %s", typed, got, err, want)
		}
	}
	for typed, want := range map[string]change.Outcome{"success": change.Success, "Passed": change.Success, "failed": change.Failure, "failure": change.Failure} {
		if got, err := change.ParseOutcome(typed); err != nil || got != want {
			t.Errorf("outcome %q is %s, %v, want %s", typed, got, err, want)
		}
	}
	for typed, want := range map[string]time.Duration{"90m": 90 * time.Minute, "1h30m": 90 * time.Minute, "1h 30m": 90 * time.Minute, "2 hours": 2 * time.Hour, "45": 45 * time.Minute, "45 min": 45 * time.Minute, "1h5": 65 * time.Minute, "0": 0} {
		if got, err := change.ParseMinutes(typed); err != nil || got != want {
			t.Errorf("length %q is %s, %v, want %s", typed, got, err, want)
		}
	}
	for _, typed := range []string{"", "C5", "c", "S1", "1.5h", "-5m", "5d", "m", "h", "soon", "success?"} {
		_, c := change.ParseCriticality(typed)
		_, i := change.ParseImpact(typed)
		_, s := change.ParseState(typed)
		_, o := change.ParseOutcome(typed)
		_, m := change.ParseMinutes(typed)
		if c == nil || i == nil || s == nil || o == nil || m == nil {
			t.Errorf("%q is read: %v %v %v %v %v", typed, c, i, s, o, m)
		}
	}
	if got := change.FormatMinutes(90*time.Minute + time.Second); got != "91m" {
		t.Errorf("a started minute is %s", got)
	}
}

func TestUnknownCountsAsHighest(t *testing.T) {
	t.Parallel()
	for c, want := range map[change.Criticality][3]bool{ // grave, locked by a soft lock, locked by a hard one
		change.C1: {true, true, true}, change.C2: {true, true, true}, change.C3: {false, false, true}, change.C4: {false, false, true}, change.UnknownCriticality: {true, true, true},
	} {
		if got := [3]bool{c.Grave(), c.LockedBy(lock.Soft), c.LockedBy(lock.Hard)}; got != want {
			t.Errorf("%s: %v, want %v", c, got, want)
		}
	}
	if change.Graver(change.C3, change.C1) != change.C1 || change.Graver(change.UnknownCriticality, change.C4) != change.C4 {
		t.Error("Graver is not the higher one")
	}
	if got := (change.Rules{change.C4: {}}).Of(change.UnknownCriticality); got.Count != 2 {
		t.Errorf("without a criticality the rule is %+v", got)
	}
}

// listed joins verbs: approve, start or abort.
func listed(verbs string) string {
	last := strings.LastIndex(verbs, " ")
	return strings.ReplaceAll(verbs[:last], " ", ", ") + " or " + verbs[last+1:]
}

func TestNext(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		from change.State
		free bool
		want string // the verbs that are possible
	}{
		{change.Scheduled, false, "approve abort"},
		{change.Scheduled, true, "approve start abort"},
		{change.UnknownState, false, "approve abort"},
		{change.UnknownState, true, "approve start abort"},
		{change.Approved, false, "approve start abort"},
		{change.InProgress, false, "approve finish abort"},
		{change.Complete, true, ""},
		{change.Aborted, true, ""},
	} {
		var can []string
		for _, v := range []change.Verb{change.Approve, change.Start, change.Finish, change.Abort} {
			to, err := change.Next(tc.from, v, tc.free)
			switch {
			case err == nil && tc.from == change.InProgress && v == change.Approve && to == change.InProgress:
				can = append(can, string(v))
			case err == nil && to != change.After(v):
				t.Errorf("%s leads from %s to %s", v, tc.from, to)
			case err == nil:
				can = append(can, string(v))
			case to != tc.from:
				t.Errorf("%s, refused, leads from %s to %s", v, tc.from, to)
			case tc.want != "" && !strings.HasSuffix(err.Error(), "(use "+listed(tc.want)+")"):
				t.Errorf("%s from %s: %v", v, tc.from, err)
			}
		}
		if got := strings.Join(can, " "); got != tc.want {
			t.Errorf("from %s: %q, want %q", tc.from, got, tc.want)
		}
		for _, v := range []change.Verb{change.Recorded, change.Override, change.Relate} {
			if to, err := change.Next(tc.from, v, tc.free); err != nil || to != tc.from {
				t.Errorf("%s leads from %s to %s, %v", v, tc.from, to, err)
			}
		}
	}
	if _, err := change.Next(change.Aborted, change.Start, true); err == nil || err.Error() != "already aborted" {
		t.Errorf("starting an aborted change: %v", err)
	}
	if _, err := change.Next(change.Scheduled, "dance", true); err == nil {
		t.Error("an unknown verb is allowed")
	}
}

func TestOf(t *testing.T) {
	t.Parallel()
	block := func(lines ...string) string {
		return "```yaml prodctl/change\n" + strings.Join(lines, "\n") + "\n```"
	}
	for _, tc := range []struct {
		name, labels, text string
		state              change.State
		criticality        change.Criticality
		gaps               []string // parts
	}{
		{"as opened", "change::scheduled C1", request().Record(), change.Scheduled, change.C1, nil},
		{"nothing at all", "", "", change.UnknownState, "", []string{"no state label", "criticality unknown"}},
		{"by the record alone", "", block("criticality: 3", "started_at: 2018-08-24 10:00"), change.InProgress, change.C3, []string{"no state label: in-progress according to the record"}},
		{"the record alone, finished", "", block("criticality: 3", "started_at: 10:00", "finished_at: 09:00", "outcome: ok"), change.Complete, change.C3, []string{"no state label", "finished before it started"}},
		{"the record alone, aborted", "C4", block("aborted_at: 10:00"), change.Aborted, change.C4, []string{"no state label"}},
		{"label and record disagree", "change::scheduled C4", block("criticality: C2", "start: 2018-08-25 10:00", "duration: 1h"), change.Scheduled, change.C2, []string{"criticality is C4 by label and C2 in the record, treated as C2"}},
		{"two states: the one that blocks others counts", "change::in-progress change::complete C3", block("started_at: 10:00"), change.InProgress, change.C3, []string{"several state labels (in-progress, complete), treated as in-progress"}},
		{"two states: an approval has to be certain", "change::scheduled Change::Go C3", "", change.Scheduled, change.C3, []string{"several state labels"}},
		{"two states: what is over is not started", "Change::Go change::aborted C3", block("aborted_at: 10:00"), change.Aborted, change.C3, []string{"several state labels"}},
		{"no window", "Change::Go C2", "", change.Approved, change.C2, []string{"no window"}},
		{"a window the wrong way round", "change::scheduled C2", block("start: 2018-08-25 10:00", "window_end: 2018-08-24 10:00"), change.Scheduled, change.C2, []string{"window ends before it starts"}},
		{"complete, without times", "change::complete C3", "", change.Complete, change.C3, []string{"the finish time is unknown", "the outcome is unknown"}},
		{"in progress, since when", "change::in-progress C3", "", change.InProgress, change.C3, []string{"the start time is unknown"}},
		{"aborted, when", "change::aborted C3", "", change.Aborted, change.C3, []string{"the time is unknown"}},
	} {
		for _, state := range []issue.State{issue.Opened, issue.Closed} {
			i := issue.Issue{Labels: strings.Fields(tc.labels), Description: tc.text, State: state, CreatedAt: at("08:00")}
			got := change.Of(i, labels)
			well := slices.EqualFunc(got.Gaps, tc.gaps, func(gap, part string) bool { return strings.Contains(gap, part) })
			if got.State != tc.state || got.Criticality != tc.criticality || !well {
				t.Errorf("%s, %s: %s, %s, gaps %q; want %s, %s, %q", tc.name, state, got.State, got.Criticality, got.Gaps, tc.state, tc.criticality, tc.gaps)
			}
		}
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	text := "Text\n\n```yaml prodctl/change\ncriticality: c2\nstart: 2018-08-24 12:00 # UTC\nduration: an hour\nservices: api, web\nimpact: Client facing\ndowntime: 5\n" +
		"executor: @ines\n  started_at: 25:00\nattempts: many\nunknown_key: kept\noverrides:\n  - one: reason\n  - two\nrelated: []\noutcome: unknown\n```\n"
	r := change.Read(text, at("08:00"))
	var problems []string
	for _, p := range r.Problems {
		problems = append(problems, p.String())
	}
	want := []string{
		`line 6, column 11: duration: invalid duration "an hour" (use 45m or 1h30m)`,
		`line 11, column 15: started_at: invalid time "25:00": date or hour out of range`,
		`line 12, column 11: attempts: invalid number "many"`,
	}
	if !cmp.Equal(problems, want) {
		t.Error(cmp.Diff(want, problems))
	}
	if r.Criticality != change.C2 || !r.Start.Equal(at("12:00")) || r.Duration != 0 || !cmp.Equal(r.Services, []string{"api", "web"}) || r.Impact != change.ClientFacing ||
		r.Downtime == nil || *r.Downtime != 5*time.Minute || r.Executor != "ines" || !r.StartedAt.IsZero() || r.Attempts != 0 || !cmp.Equal(r.Overrides, []string{"one: reason", "two"}) || len(r.Related) > 0 || r.Outcome != "" {
		t.Errorf("%+v", r)
	}
	if none := change.Read("Text", at("08:00")); none.Exists || none.Downtime != nil || len(none.Problems) > 0 {
		t.Errorf("without a record %+v", none)
	}
}

func TestLabels(t *testing.T) {
	t.Parallel()
	l := change.LabelsOf(label.Spelling{"C1": "criticality::1", "change": "chg"})
	if got, want := l.Opening(change.Scheduled, change.C1), []string{"chg", "change::scheduled", "criticality::1"}; !cmp.Equal(got, want) {
		t.Errorf("a change is opened with %q, want %q", got, want)
	}
	if got, want := l.Opening(change.UnknownState, change.UnknownCriticality), []string{"chg"}; !cmp.Equal(got, want) {
		t.Errorf("with nothing known %q, want %q", got, want)
	}
	for _, s := range change.States() {
		if _, known := label.Builtin().Find(change.LabelsOf(nil).State(s)); !known {
			t.Errorf("the label of %s is not in the built-in set", s)
		}
	}
	for _, c := range change.Criticalities() {
		if _, known := label.Builtin().Find(change.LabelsOf(nil).Criticality(c)); !known {
			t.Errorf("the label of %s is not in the built-in set", c)
		}
	}
}
