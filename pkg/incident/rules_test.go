package incident_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/incident"
)

func TestParseSeverity(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"S2", "s2", "2", "sev2", "SEV-2", "severity 2", "severity::2", "Severity::S2", "~severity::2", " S 2 "} {
		if got, err := incident.ParseSeverity(s); got != incident.S2 || err != nil {
			t.Errorf("%q: %v, %v", s, got, err)
		}
	}
	for _, s := range []string{"", "S", "S0", "S5", "S22", "high", "sev", "2 3", "S-2"} {
		if got, err := incident.ParseSeverity(s); err == nil || got != incident.UnknownSeverity {
			t.Errorf("%q: %v, want an error", s, got)
		}
	}
	if incident.S2.Rank() >= incident.S3.Rank() {
		t.Error("the order of severities")
	}
	if !incident.S2.Grave() || incident.S3.Grave() || incident.UnknownSeverity.String() != "unknown" {
		t.Error("grave or unknown severities")
	}
}

func TestNext(t *testing.T) {
	t.Parallel()
	allowed := map[incident.State]map[incident.Verb]incident.State{
		incident.Active:       {incident.Mitigate: incident.Mitigated, incident.Resolve: incident.Resolved},
		incident.Mitigated:    {incident.Resolve: incident.Resolved, incident.Reopen: incident.Active},
		incident.Resolved:     {incident.Reopen: incident.Active, incident.Review: incident.Reviewed},
		incident.Reviewed:     {incident.Reopen: incident.Active},
		incident.UnknownState: {incident.Mitigate: incident.Mitigated, incident.Resolve: incident.Resolved, incident.Reopen: incident.Active},
	}
	for from, to := range allowed {
		for _, v := range verbs {
			want, ok := to[v]
			if stays := v == incident.Update || v == incident.Relate || v == incident.Action; stays {
				want, ok = from, true
			}
			got, err := incident.Next(from, v)
			if ok && (got != want || err != nil) || !ok && (err == nil || got != from) {
				t.Errorf("%s when %s: %s, %v", v, from, got, err)
			}
		}
	}
	_, err := incident.Next(incident.Resolved, incident.Mitigate)
	if err == nil || err.Error() != "cannot be mitigated: it is resolved (use update, reopen or review)" {
		t.Errorf("%v", err)
	}
	if _, err := incident.Next(incident.Active, "vanish"); err == nil {
		t.Error("an unknown verb")
	}
	for _, s := range append(incident.States(), incident.UnknownState) {
		if got, err := incident.ParseState(" " + strings.ToUpper(s.String())); got != s || err != nil {
			t.Errorf("%q: %v, %v", s, got, err)
		}
	}
	if _, err := incident.ParseState("open"); err == nil {
		t.Error("open counts as a state of an incident")
	}
}

func TestTitle(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Registry  returns\n500s":     "2018-08-24: Registry returns 500s",
		"2018-08-23: since yesterday": "2018-08-23: since yesterday",
		"2018 was bad":                "2018-08-24: 2018 was bad",
	} {
		got := incident.Title(in, at("23:59").In(time.FixedZone("", 7200)))
		if got != want || incident.Title(got, at("00:00").AddDate(0, 0, 9)) != got {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestReviewDue(t *testing.T) {
	t.Parallel()
	now := at("12:00")
	inc := func(s incident.Severity, state incident.State, start, resolved string) incident.Incident {
		i := incident.Incident{Severity: s, State: state}
		if start != "" {
			i.Record.StartedAt = at(start)
		}
		if resolved != "" {
			i.Record.ResolvedAt = at(resolved)
		}
		return i
	}
	lossy := inc(incident.S4, incident.Resolved, "", "")
	lossy.Record.DataLoss = true
	held := inc(incident.S1, incident.Reviewed, "09:00", "11:00")
	held.Record.DataLoss = true
	for name, tt := range map[string]struct {
		inc    incident.Incident
		want   incident.Answer
		reason string
	}{
		"long S1":                  {inc(incident.S1, incident.Resolved, "10:00", "10:31"), incident.Yes, "S1 lasted 31m, longer than 30m"},
		"just half an hour":        {inc(incident.S2, incident.Resolved, "10:00", "10:30"), incident.No, "it lasted 30m, not longer than 30m"},
		"ongoing":                  {inc(incident.S2, incident.Active, "10:00", ""), incident.Yes, "S2 has lasted longer than 30m"},
		"mitigated, ongoing":       {inc(incident.S2, incident.Mitigated, "11:45", ""), incident.No, "S2 has not lasted longer than 30m yet"},
		"no start":                 {inc(incident.S1, incident.Resolved, "", "10:31"), incident.Maybe, "severity S1, but duration unknown"},
		"no end":                   {inc(incident.S1, incident.Resolved, "10:00", ""), incident.Maybe, "severity S1, but duration unknown"},
		"ends before it starts":    {inc(incident.S1, incident.Resolved, "10:00", "09:00"), incident.Maybe, "severity S1, but duration unknown"},
		"S3":                       {inc(incident.S3, incident.Resolved, "00:00", "11:00"), incident.No, "severity S3"},
		"data loss":                {lossy, incident.Yes, "data may have been lost"},
		"held":                     {held, incident.No, "already reviewed"},
		"unknown severity, long":   {inc("", incident.Resolved, "10:00", "11:00"), incident.Maybe, "severity unknown"},
		"unknown severity, short":  {inc("", incident.Resolved, "10:00", "10:05"), incident.No, "it lasted 5m, not longer than 30m"},
		"unknown severity, active": {inc("", incident.Active, "11:55", ""), incident.Maybe, "severity unknown"},
	} {
		if got := tt.inc.ReviewDue(now, 30*time.Minute); got != (incident.Due{Answer: tt.want, Reason: tt.reason}) {
			t.Errorf("%s: %+v, want %s, %s", name, got, tt.want, tt.reason)
		}
	}
	for answer, closes := range map[incident.Answer]bool{incident.Yes: false, incident.No: true, incident.Maybe: false} {
		due := incident.Due{Answer: answer}
		if incident.CloseOnResolve(false, due) != closes || !incident.CloseOnResolve(true, due) {
			t.Errorf("closing when a review is due: %s", answer)
		}
	}
}

func TestActionDue(t *testing.T) {
	t.Parallel()
	today, days := calendar.NewDate(2018, 8, 24), incident.ActionDays{S1: 7, S2: 30, S3: 60, S4: 90}
	for s, want := range map[incident.Severity]string{incident.S1: "2018-08-31", incident.S2: "2018-09-23", incident.S3: "2018-10-23", incident.S4: "2018-11-22", incident.UnknownSeverity: "2018-11-22"} {
		if got := days.Due(s, today); got.String() != want {
			t.Errorf("%s: %s, want %s", s, got, want)
		}
	}
	if got := (incident.ActionDays{S1: 1}).Due(incident.S1, today); got.String() != "2018-08-25" {
		t.Errorf("a team's own days: %s", got)
	}
	for d, want := range map[time.Duration]string{0: "0m", 59 * time.Second: "0m", 90 * time.Minute: "1h 30m", 2 * time.Hour: "2h", 48 * time.Hour: "2d", 76 * time.Hour: "3d 4h"} {
		if got := incident.Span(d); got != want {
			t.Errorf("%v: %s, want %s", d, got, want)
		}
	}
}

func TestParseWhen(t *testing.T) {
	t.Parallel()
	now := time.Date(2018, 8, 24, 12, 30, 15, 999, time.FixedZone("CEST", 7200)) // 10:30:15 UTC
	for in, want := range map[string]string{
		"10m": "2018-08-24T10:20:15Z", "1h30m": "2018-08-24T09:00:15Z", "90s": "2018-08-24T10:28:45Z", "2d ago": "2018-08-22T10:30:15Z", "5 min ago": "2018-08-24T10:25:15Z", "1h 30m": "2018-08-24T09:00:15Z",
		"10:02": "2018-08-24T10:02:00Z", "10:02 utc": "2018-08-24T10:02:00Z", "10:31": "2018-08-24T10:30:15Z", "10:35": "2018-08-24T10:30:15Z", "yesterday 23:50": "2018-08-23T23:50:00Z", "today 9:05": "2018-08-24T09:05:00Z", "yesterday 2018-08-20 10:00": "",
		"9:05": "2018-08-24T09:05:00Z", "2018-08-24 10:02": "2018-08-24T10:02:00Z", "2018-08-24T12:02:00+02:00": "2018-08-24T10:02:00Z", "2018-08-24 10:02 UTC": "2018-08-24T10:02:00Z",
		"2018-08-24T10:02:00Z": "2018-08-24T10:02:00Z", "11:31 +02:00": "2018-08-24T09:31:00Z",
		"": "", "ago": "", "10": "", "m": "", "25:00": "", "10:60": "", "2018-02-30 10:00": "", "2018-08-24": "", "yesterday": "", "-10m": "", "10m5": "", "0001-01-01 10:00": "",
	} {
		got, err := incident.ParseWhen(in, now, time.UTC)
		switch {
		case want == "" && (err == nil || !strings.Contains(err.Error(), "(use 10m or 1h30m (ago)")):
			t.Errorf("%q: %v, %v", in, got, err)
		case want != "" && (err != nil || got.Format(time.RFC3339Nano) != want):
			t.Errorf("%q: %v, %v, want %s", in, got, err, want)
		}
	}
	for _, in := range []string{"10:36", "23:50", "tomorrow 9:00", "2018-08-24 10:36", "2019-01-01T00:00:00Z", "2018-08-24T12:36:00+02:00"} {
		if _, err := incident.ParseWhen(in, now, time.UTC); err == nil || !strings.Contains(err.Error(), "is in the future (now: 2018-08-24 10:30 UTC)") {
			t.Errorf("%q: %v", in, err)
		}
	}
}

func FuzzParseWhen(f *testing.F) {
	for _, s := range []string{"10m", "10:02", "2018-08-24 10:02", "2018-08-24T10:02:00+02:00", "99999d"} {
		f.Add(s)
	}
	now := at("10:30")
	f.Fuzz(func(t *testing.T, s string) {
		got, err := incident.ParseWhen(s, now, time.UTC)
		if err != nil {
			return
		}
		if got.After(now) || got.Location() != time.UTC || got.Nanosecond() != 0 {
			t.Errorf("%q is %v", s, got)
		}
		if again, err := incident.ParseWhen(got.Format(time.RFC3339), now, time.UTC); got.Year() >= 1970 && (err != nil || !again.Equal(got)) {
			t.Errorf("%q is %v, read again %v, %v", s, got, again, err)
		}
	})
}

func TestParseImpact(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"0": "0", "1": "1", "0.40": "0.4", ".5": "0.5", "1.": "1", "0,25": "0.25", "25%": "0.25", "12.5 %": "0.125", "100%": "1", "1.000": "1",
		"0.1": "0.1", "0.00000000000000000001": "0.00000000000000000001", "0.00000000000000000001%": "0.0000000000000000000001",
		"": "?", "1.01": "?", "101%": "?", "-1": "?", "1e-1": "?", "0x1": "?", "1/2": "?", "half": "?", ".": "?", "0..1": "?", "NaN": "?",
	} {
		got, err := incident.ParseImpact(in)
		if want == "?" && err == nil || want != "?" && (got != want || err != nil) {
			t.Errorf("%q: %q, %v, want %q", in, got, err, want)
		}
	}
}

func TestCycle(t *testing.T) {
	t.Parallel()
	list := []eventlog.Event{{NoteID: 1, Verb: "mitigate", Trusted: true}, {NoteID: 2, Verb: "reopen", Trusted: true}, {NoteID: 3, Verb: "mitigate", Trusted: true}, {NoteID: 4, Verb: "reopen"}}
	if got := incident.Cycle(list); !cmp.Equal(got, list[2:]) {
		t.Errorf("%+v", got)
	}
	if got := incident.Cycle(list[:1]); len(got) != 1 {
		t.Errorf("never reopened: %+v", got)
	}
}

// No path of verbs leads out of the known states.
func TestNoPathLeavesTheStates(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		state := rapid.SampledFrom(append(incident.States(), incident.UnknownState)).Draw(t, "state")
		for _, v := range rapid.SliceOfN(rapid.SampledFrom(verbs), 1, 20).Draw(t, "verbs") {
			next, err := incident.Next(state, v)
			if err != nil && next != state || err == nil && incident.After(v) != incident.UnknownState && next != incident.After(v) {
				t.Fatalf("%s when %s leads to %s", v, state, next)
			}
			if _, known := incident.ParseState(next.String()); known != nil || next == incident.UnknownState && state != incident.UnknownState {
				t.Fatalf("%s when %s leads to %s", v, state, next)
			}
			state = next
		}
	})
}
