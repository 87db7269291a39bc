package render_test

import (
	"strings"
	"testing"
	"time"

	"github.com/clipperhouse/displaywidth"
	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/render"
	rules "gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

func TestEmptyQueue(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		show func(*render.View) error
		want string
	}{
		{"incidents", func(v *render.View) error { return v.Incidents(jsonv1.NewIncidents(nil, nil)) }, "No incidents found\n"},
		{"incidents asked for", func(v *render.View) error {
			return v.Incidents(jsonv1.NewIncidents([]string{"active", "severity S1 or S2"}, nil))
		}, "No incidents found (active, severity S1 or S2)\n"},
		{"changes", func(v *render.View) error { return v.Changes(jsonv1.NewChanges([]string{"in progress"}, nil)) }, "No changes found (in progress)\n"},
		{"timeline", func(v *render.View) error { return v.Timeline(jsonv1.NewTimeline("acme/production#12", "Mail", nil)) },
			"acme/production#12 Mail\nNo events in acme/production#12\n"},
		{"changes before", func(v *render.View) error {
			doc := jsonv1.NewIncidentChanges("acme/production#12", "Mail")
			doc.BeganAt, doc.From = "2018-08-20T10:00:00Z", "2018-08-20T08:00:00Z"
			return v.IncidentChanges(doc)
		}, "acme/production#12 Mail\nBegan 2018-08-20 10:00 UTC; changes since 2018-08-20 08:00 UTC\n\nNo changes found from 2018-08-20 08:00 UTC to 2018-08-20 10:00 UTC\n"},
		{"locks", func(v *render.View) error { return v.Locks(jsonv1.NewLocks("2018-08-20T10:00:00Z", nil)) }, "No locks found\n"},
		{"audit", func(v *render.View) error { return v.ApprovalAudit(jsonv1.NewApprovalAudit(nil)) }, "No repositories listed in approvals.repositories\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, page(t, 80, tt.show)); diff != "" {
				t.Errorf("page (-want +got):\n%s", diff)
			}
			if got := written(t, document{name: tt.name, show: tt.show}, render.Options{}); got != "" {
				t.Errorf("in a pipe it is %q", got)
			}
		})
	}
}

// The URL of an opened incident is the last line, never wrapped, with and without a terminal.
func TestURLIsTheLastLine(t *testing.T) {
	t.Parallel()
	const address = "https://gitlab.example.com/acme/production/-/issues/12"
	for _, name := range []string{"opened", "opened_adopted"} {
		for _, o := range []render.Options{{TTY: true, Width: 20}, {TTY: true, Width: 80}, {TTY: true, Quiet: true}, {}} {
			got := written(t, calm(name), o)
			if !strings.HasSuffix(got, "\n"+address+"\n") {
				t.Errorf("%s with %+v has another last line:\n%s", name, o, got)
			}
		}
	}
	doc := jsonv1.NewOpened("change", "acme/production#40", "", jsonv1.FoundCreated)
	if got := page(t, 80, func(v *render.View) error { return v.Opened(doc) }); got != "Opened acme/production#40\nacme/production#40\n" {
		t.Errorf("without an address it is\n%s", got)
	}
}

func TestOpenedOutcomes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		what    string
		outcome jsonv1.Found
		want    string
	}{
		{"incident", jsonv1.FoundCreated, "Opened acme/production#12: Mail\n"},
		{"record", jsonv1.FoundCreated, "Recorded acme/production#12: Mail\n"},
		{"incident", jsonv1.FoundExisting, "Already opened: acme/production#12: Mail\n"},
		{"record", jsonv1.FoundExisting, "Already recorded: acme/production#12: Mail\n"},
	} {
		doc := jsonv1.NewOpened(tt.what, "acme/production#12", "Mail", tt.outcome)
		got := written(t, document{name: "opened", show: func(v *render.View) error { return v.Opened(doc) }}, render.Options{})
		if want := tt.want + "acme/production#12\n"; got != want {
			t.Errorf("%s %s:\n%swant\n%s", tt.what, tt.outcome, got, want)
		}
	}
}

func TestEventLine(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		verb, at, before, state string
		outcome                 jsonv1.Outcome
		minutes                 *int
		want                    string
	}{
		{"mitigate", "2018-08-20T09:58:00Z", "active", "mitigated", jsonv1.OutcomeDone, new(28), "Mitigated a/b#1 at 09:58 UTC (28m after the start)\n"},
		{"resolve", "2018-08-19T09:58:00Z", "active", "resolved", jsonv1.OutcomeDone, nil, "Resolved a/b#1 at 2018-08-19 09:58 UTC\n"},
		{"reopen", "", "resolved", "active", jsonv1.OutcomeDone, nil, "Reopened a/b#1; now active\n"},
		{"approve", "", "scheduled", "scheduled", jsonv1.OutcomeDone, nil, "Approved a/b#1; still scheduled\n"},
		{"approve", "", "scheduled", "approved", jsonv1.OutcomeDone, nil, "Approved a/b#1\n"},
		{"finish", "", "", "complete", jsonv1.OutcomeDone, nil, "Finished a/b#1; state complete\n"},
		{"update", "2018-08-20T09:58:00Z", "", "active", jsonv1.OutcomeDone, nil, "Added update to a/b#1 at 09:58 UTC; state active\n"},
		{"mark", "", "", "", jsonv1.OutcomeDone, nil, "Marked a/b#1 as ready to hand off\n"},
		{"mitigate", "2018-08-20T09:58:00Z", "", "mitigated", jsonv1.OutcomeUnchanged, nil, "Already mitigated: a/b#1 at 09:58 UTC\n"},
		{"annotate", "", "", "", jsonv1.OutcomeDone, nil, "Annotate a/b#1\n"},
	} {
		doc := jsonv1.NewEvent("incident", "a/b#1", "Mail", tt.verb, tt.outcome)
		doc.At, doc.Before, doc.State, doc.Minutes = tt.at, tt.before, tt.state, tt.minutes
		if got := page(t, 80, func(v *render.View) error { return v.Event(doc) }); got != tt.want {
			t.Errorf("got %swant %s", got, tt.want)
		}
	}
}

// Windows are in UTC, followed by the reader's local time if that is different.
func TestWindowsOnTheReadersClock(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		start, end string
		in         *time.Location
		want       string
	}{
		{"2018-08-30T10:00:00Z", "2018-08-30T11:30:00Z", nil, "2018-08-30 10:00-11:30 UTC\n"},
		{"2018-08-30T10:00:00Z", "2018-08-30T11:30:00Z", berlin, "2018-08-30 10:00-11:30 UTC, 12:00-13:30 in Europe/Berlin\n"},
		{"2018-08-30T21:30:00Z", "2018-08-30T23:00:00Z", berlin, "2018-08-30 21:30-23:00 UTC, 2018-08-30 23:30 to 2018-08-31 01:00 in Europe/Berlin\n"},
		{"2018-08-30T22:30:00Z", "2018-08-30T23:00:00Z", berlin, "2018-08-30 22:30-23:00 UTC, 2018-08-31 00:30-01:00 in Europe/Berlin\n"},
		{"2018-08-30T10:00:00Z", "", berlin, "2018-08-30 10:00 UTC, 12:00 in Europe/Berlin\n"},
		{"2018-08-30T10:00:00Z", "2018-08-30T11:30:00Z", time.FixedZone("WET", 0), "2018-08-30 10:00-11:30 UTC\n"},
		{"2018-08-30T10:00:00+02:00", "2018-09-01T11:30:00Z", nil, "2018-08-30 08:00 to 2018-09-01 11:30 UTC\n"},
		{"about ten", "2018-08-30T11:30:00Z", berlin, "about ten\n"},
	} {
		doc := jsonv1.NewChange(failover(same))
		doc.Start, doc.WindowEnd = tt.start, tt.end
		d := document{name: "change", show: func(v *render.View) error { return v.Change(doc) }}
		got := written(t, d, render.Options{TTY: true, Location: tt.in})
		if !strings.Contains(got, "  Window       "+tt.want) {
			t.Errorf("%s to %s is not %q in\n%s", tt.start, tt.end, tt.want, got)
		}
	}
}

func TestAges(t *testing.T) {
	t.Parallel()
	for minutes, want := range map[int]string{
		-5: "0m", 0: "0m", 59: "59m", 60: "1h", 61: "1h 1m", 2879: "1d 23h", 2880: "2d", 2941: "2d 1h", 100000: "69d 10h",
	} {
		doc := jsonv1.NewIncident(registryDown(same))
		doc.AgeMinutes = &minutes
		if got := page(t, 80, func(v *render.View) error { return v.Incident(doc) }); !strings.Contains(got, "("+want+" ago)") {
			t.Errorf("%d minutes are not %q in\n%s", minutes, want, got)
		}
	}
}

// What nobody has recorded is called unknown, and no time is made up.
func TestUnknownIsShown(t *testing.T) {
	t.Parallel()
	doc := jsonv1.NewIncident(jsonv1.Incident{Ref: "acme/production#12", State: jsonv1.IncidentUnknown, Open: true})
	want := "acme/production#12\nunknown, severity unknown\n  Started  unknown\n  Issue    open\n"
	if diff := cmp.Diff(want, page(t, 80, func(v *render.View) error { return v.Incident(doc) })); diff != "" {
		t.Errorf("incident (-want +got):\n%s", diff)
	}
	change := jsonv1.NewChange(jsonv1.Change{Ref: "acme/production#40", State: jsonv1.ChangeUnknown})
	want = "acme/production#40\nunknown, criticality unknown\n  Services  all (none specified)\n  Issue     closed\n"
	if diff := cmp.Diff(want, page(t, 80, func(v *render.View) error { return v.Change(change) })); diff != "" {
		t.Errorf("change (-want +got):\n%s", diff)
	}
}

func TestReviewWithReason(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		due          *bool
		reason, want string
	}{
		{new(true), "S2 that lasted 45m", "Review        due: S2 that lasted 45m\n"},
		{new(false), "", "Review        not due\n"},
		{nil, "duration unknown", "Review        unknown whether due: duration unknown\n"},
	} {
		doc := jsonv1.NewIncident(registryDown(same))
		doc.ReviewDue, doc.ReviewDueReason = tt.due, tt.reason
		if got := page(t, 80, func(v *render.View) error { return v.Incident(doc) }); !strings.Contains(got, tt.want) {
			t.Errorf("%q is not in\n%s", tt.want, got)
		}
	}
}

// The first word is the answer, in a log and on a terminal.
func TestFirstWordIsTheAnswer(t *testing.T) {
	t.Parallel()
	open := jsonv1.NewGate("2018-08-20T10:00:00Z", nil)
	failed := open
	failed.FailedOpen = true
	failed.Reasons = jsonv1.List[jsonv1.Reason]{{Kind: "unknown", Text: rules.NothingRead}}
	partly := failed
	partly.Reasons = jsonv1.List[jsonv1.Reason]{{Kind: "unknown", Text: "read project acme/production: GitLab answered 502 Bad Gateway"}}
	free := jsonv1.NewLockCheck("2018-08-20T10:00:00Z", nil)
	approved, needless := approval(same), approval(same)
	approved.Pass, needless.Pass, needless.Required = true, true, false
	for _, tt := range []struct {
		want string
		show func(*render.View) error
	}{
		{"Open: all checks passed\n", func(v *render.View) error { return v.Gate(open) }},
		{"Open: GitLab did not answer (--fail-open); only locks were checked\n", func(v *render.View) error { return v.Gate(failed) }},
		{"Open: GitLab did not answer everything (--fail-open); the rest was checked\n- unknown: read project", func(v *render.View) error { return v.Gate(partly) }},
		{"Closed for acme/production#40: 4 reasons\n", func(v *render.View) error { return v.Gate(gate(same)) }},
		{"Not locked at 2018-08-20 10:00 UTC\n", func(v *render.View) error { return v.LockCheck(free) }},
		{"Locked for C2: 2018-08-20 10:00-11:30 UTC\n", func(v *render.View) error { return v.LockCheck(lockCheck(same)) }},
		{"Approved: acme/oauth2-proxy-cookbook!4: ", func(v *render.View) error { return v.Approval(approved) }},
		{"No approval needed: acme/oauth2-proxy-cookbook!4: ", func(v *render.View) error { return v.Approval(needless) }},
		{"Not approved: acme/oauth2-proxy-cookbook!4: ", func(v *render.View) error { return v.Approval(approval(same)) }},
	} {
		d := document{name: "verdict", show: tt.show}
		for _, o := range []render.Options{{}, {TTY: true, Width: 120}} {
			if got := written(t, d, o); !strings.HasPrefix(got, tt.want) {
				t.Errorf("with %+v it starts with\n%.100s\nwant\n%s", o, got, tt.want)
			}
		}
		if got := written(t, d, render.Options{Format: render.CSV}); strings.Count(got, "\r\n") < 2 {
			t.Errorf("%q has no row in CSV: %q", tt.want, got)
		}
	}
}

func TestGateShowsWaitingTime(t *testing.T) {
	t.Parallel()
	for seconds, want := range map[int]string{0: "Checked 2018-08-20 10:00 UTC\n", 45: "Checked 2018-08-20 10:00 UTC, waited 45s\n", 1800: "Checked 2018-08-20 10:00 UTC, waited 30m\n"} {
		doc := jsonv1.NewGate("2018-08-20T10:00:00Z", nil)
		doc.WaitedSeconds = seconds
		if got := page(t, 80, func(v *render.View) error { return v.Gate(doc) }); !strings.HasSuffix(got, want) {
			t.Errorf("after %d s it does not end with %q:\n%s", seconds, want, got)
		}
	}
}

// The Markdown timeline has one heading for each date, HH:MM in UTC, and mentions nobody.
func TestTimelinePost(t *testing.T) {
	t.Parallel()
	doc := jsonv1.NewTimeline("acme/production#12", "Mail", []jsonv1.TimelineLine{
		{At: "2018-08-19T23:58:00Z", Text: "@all look", Source: "note"},
		{At: "2018-08-20T02:05:00+02:00", Text: "two\n/close", Source: "note"},
		{At: "2018-08-20T01:00:00Z", Text: "# <b> | end", Source: "note", Author: "bo"},
	})
	want := "All times UTC\n\n### 2018-08-19\n\n- 23:58 @\u200ball look\n\n### 2018-08-20\n\n- 00:05 two␊/close\n- 01:00 # &lt;b&gt; &#124; end\n"
	got := written(t, document{name: "timeline", show: func(v *render.View) error { return v.Timeline(doc) }}, render.Options{Format: render.Markdown})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestLocksHaveTheirActiveTimes(t *testing.T) {
	t.Parallel()
	lock := jsonv1.Lock{Name: "weekend", Kind: "soft", Weekly: "Sat 01:00 to Sun 21:00", Zone: "Europe/Berlin"}
	period := jsonv1.List[jsonv1.Period]{{From: "2018-08-25T01:00:00Z", To: "2018-08-26T21:00:00Z"}}
	for _, tt := range []struct {
		active bool
		next   jsonv1.List[jsonv1.Period]
		want   string
	}{
		{true, period, "soft  now, until 2018-08-26 21:00 UTC  Sat 01:00 to Sun 21:00 Europe/Berlin\n"},
		{false, period, "soft  from 2018-08-25 01:00 UTC  Sat 01:00 to Sun 21:00 Europe/Berlin\n"},
		{true, nil, "soft  now     Sat 01:00 to Sun 21:00 Europe/Berlin\n"},
		{false, nil, "soft  over    Sat 01:00 to Sun 21:00 Europe/Berlin\n"},
	} {
		lock.Active, lock.Next = tt.active, tt.next
		doc := jsonv1.NewLocks("2018-08-20T10:00:00Z", []jsonv1.Lock{lock})
		if got := page(t, 120, func(v *render.View) error { return v.Locks(doc) }); !strings.HasSuffix(got, tt.want) {
			t.Errorf("%q is not in\n%s", tt.want, got)
		}
	}
}

// A column is never narrower than its header, which is never cut. Otherwise lines would be wider than the terminal.
func TestHeadersFit(t *testing.T) {
	t.Parallel()
	d := document{name: "incidents", show: func(v *render.View) error {
		return v.Incidents(incidents(func(string) string { return strings.Repeat("0", 23) }))
	}}
	for width := 60; width <= 130; width++ {
		for line := range strings.Lines(written(t, d, render.Options{TTY: true, Width: width})) {
			if n := displaywidth.String(strings.TrimSuffix(line, "\n")); n > width {
				t.Errorf("a line of %d cells on %d: %q", n, width, line)
			}
		}
	}
}
