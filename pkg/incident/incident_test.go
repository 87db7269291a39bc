package incident_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/record"
)

func block(lines ...string) string {
	return "Down.\n\n```yaml prodctl/incident\n" + strings.Join(lines, "\n") + "\n```\n"
}

func TestReadIsLenient(t *testing.T) {
	t.Parallel()
	text := block("# what we know", "severity: sev 2", "started_at: 10:02", `detected_at: "2018-08-24 10:05 UTC"`, "mitigated_at: soon", "impact: 2", "services:", "  - web", "  - api",
		"data_loss: perhaps", "cause: disk: full", "related: infra#1, infra#2", "as_of_note: 12", "owner: ines")
	r := incident.Read(text, at("09:00"))
	want := incident.Record{Exists: true, StartedAt: at("10:02"), DetectedAt: at("10:05"), Severity: incident.S2, Services: []string{"web", "api"}, Cause: "disk: full",
		Related: []string{"infra#1", "infra#2"}, AsOfNote: 12, Problems: []record.Problem{
			{Line: 8, Column: 15, Text: `mitigated_at: invalid time "soon" (use 2018-08-24T10:02:00Z, 2018-08-24 10:02 or 10:02, in UTC)`},
			{Line: 9, Column: 9, Text: `impact: invalid share "2" (use a number from 0 to 1, such as 0.25, or 25%)`},
			{Line: 13, Column: 12, Text: `data_loss: invalid value "perhaps" (use true or false)`},
		}}
	if diff := cmp.Diff(want, r); diff != "" {
		t.Error(diff)
	}
	if r := incident.Read(block("as_of_note: many"), day); r.AsOfNote != 0 || len(r.Problems) != 1 || r.Problems[0].Line != 4 {
		t.Errorf("%+v", r)
	}
	if r := incident.Read("nothing", day); r.Exists || r.Problems != nil {
		t.Errorf("%+v", r)
	}
}

func TestOf(t *testing.T) {
	t.Parallel()
	full := []string{"severity: S2", "started_at: 10:00", "detected_at: 10:05", "services: [web]"}
	for name, tt := range map[string]struct {
		labels   []string
		text     string
		state    incident.State
		severity incident.Severity
		gaps     []string
	}{
		"all known":        {[]string{"Incident::Active", "severity::2"}, block(full...), incident.Active, incident.S2, nil},
		"nothing known":    {nil, "", incident.UnknownState, "", []string{"no record", "severity unknown", "state unknown: no state label, no end time in the record", "no start time", "no services"}},
		"by the record":    {nil, block(append(full, "mitigated_at: 10:20")...), incident.Mitigated, incident.S2, []string{"no state label; the record says mitigated"}},
		"record, resolved": {nil, block(append(full, "resolved_at: 10:30")...), incident.Resolved, incident.S2, []string{"no state label; the record says resolved"}},
		"two states":       {[]string{"Incident::Active", "Incident::Resolved"}, block(full...), incident.Active, incident.S2, []string{"several state labels: active, resolved"}},
		"two severities":   {[]string{"Incident::Active", "S3", "severity::2"}, block(full...), incident.Active, incident.S2, []string{"several severity labels: S2, S3"}},
		"they disagree":    {[]string{"Incident::Active", "S1"}, block(full...), incident.Active, incident.S1, []string{"the label says S1, the record S2"}},
		"no times":         {[]string{"Incident::Reviewed"}, block(full...), incident.Reviewed, incident.S2, []string{"reviewed, but the record has no resolution time"}},
		"out of order": {[]string{"Incident::Resolved"}, block(append(full, "mitigated_at: 09:00", "resolved_at: 08:00")...), incident.Resolved, incident.S2,
			[]string{"mitigated before it started", "resolved before it started", "resolved before it was mitigated"}},
		"a problem": {[]string{"Incident::Mitigated"}, block(append(full, "mitigated_at: soon")...), incident.Mitigated, incident.S2,
			[]string{"mitigated, but the record has no mitigation time", `record, line 8, column 15: mitigated_at: invalid time "soon" (use 2018-08-24T10:02:00Z, 2018-08-24 10:02 or 10:02, in UTC)`}},
		"still resolved": {[]string{"Incident::Active"}, block(append(full, "resolved_at: 11:00")...), incident.Active, incident.S2, []string{"the label says active, but the record has a resolution time"}},
	} {
		for _, open := range []issue.State{issue.Opened, issue.Closed} { // makes no difference
			i := incident.Of(issue.Issue{Labels: tt.labels, Description: tt.text, CreatedAt: at("09:00"), State: open}, labels)
			if i.State != tt.state || i.Severity != tt.severity || !cmp.Equal(i.Gaps, tt.gaps) {
				t.Errorf("%s: %s, %s, %q", name, i.State, i.Severity, i.Gaps)
			}
		}
	}
	i := incident.Of(issue.Issue{Labels: []string{"service:api", "service:web", "service:"}, Description: block(full...), CreatedAt: at("09:00")}, labels)
	if !cmp.Equal(i.Services, []string{"web", "api"}) {
		t.Errorf("services %q", i.Services)
	}
}

func TestDurations(t *testing.T) {
	t.Parallel()
	i := incident.Incident{Record: incident.Record{StartedAt: at("10:00"), DetectedAt: at("10:05"), ResolvedAt: at("09:00")}}
	if d, known := i.ToDetect(); d != 5*time.Minute || !known {
		t.Errorf("to detect: %v, %v", d, known)
	}
	if d, known := i.ToMitigate(); known {
		t.Errorf("to mitigate: %v", d)
	}
	if d, known := i.ToResolve(); known {
		t.Errorf("resolved before the start: %v", d)
	}
}

func TestLabels(t *testing.T) {
	t.Parallel()
	if got, want := labels.Opening(incident.S2, []string{"web", "web"}, true), []string{"outage report", "Incident::Active", "severity::2", "service:web", label.DataLoss}; !cmp.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := incident.LabelsOf(nil, "").Opening("", []string{"web"}, false), []string{"incident", "Incident::Active"}; !cmp.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if labels.Action != "corrective action" || labels.State(incident.UnknownState) != "" || labels.Severity("") != "" || labels.State(incident.Mitigated) != "Incident::Mitigated" {
		t.Errorf("%+v", labels)
	}
}

// A team may have one label for two states. Reconciling still ends, and keeps the label.
func TestOneLabelForTwoStates(t *testing.T) {
	t.Parallel()
	own := labels
	own.Reviewed = own.Resolved
	notes := []issue.Note{eventNote(1, incident.Resolve, "11:00", ""), eventNote(2, incident.Review, "12:00", "")}
	change, _ := incident.Reconciler{Labels: own}.Reconcile(opened(), notes)
	i := apply(opened(), change)
	if again, _ := (incident.Reconciler{Labels: own}).Reconcile(i, notes); !again.Empty() || !i.Has(own.Resolved) || len(states(i)) != 1 {
		t.Errorf("%q, %+v", i.Labels, again)
	}
}

func TestHeading(t *testing.T) {
	t.Parallel()
	today := calendar.DateOf(day)
	for want, e := range map[string]eventlog.Event{
		"10:30 UTC, mitigated":                            incident.NewEvent(incident.Mitigate, at("10:30"), nil, "x"),
		"10:30 UTC, update":                               incident.NewEvent(incident.Update, at("10:30"), nil, "x"),
		"2018-08-23 23:00 UTC, reopened":                  incident.NewEvent(incident.Reopen, at("23:00").AddDate(0, 0, -1), nil, ""),
		"10:30 UTC, severity S1, data may have been lost": incident.NewEvent(incident.Update, at("10:30"), map[string]string{incident.KeySeverity: "1", incident.KeyDataLoss: "yes"}, ""),
		"related: acme/a#1":                               relation("acme/a#1"),
		"10:30 UTC, corrective action acme/a#1":           incident.NewEvent(incident.Action, at("10:30"), map[string]string{incident.KeyRelated: "acme/a#1"}, "Alert"),
		"10:30 UTC, started 2018-08-24 09:50 UTC":         incident.NewEvent(incident.Update, at("10:30"), map[string]string{incident.KeyStarted: "2018-08-24T09:50:00Z"}, ""),
	} {
		if got := incident.Heading(e, today); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// story is an incident with everything a timeline is made from.
func story(t *testing.T) (incident.Incident, []issue.Note, []issue.Event, []issue.Event) {
	t.Helper()
	events := []issue.Note{
		eventNote(101, incident.Update, "10:20", "Restarted"), eventNote(102, incident.Mitigate, "10:30", "Failed over", incident.KeySeverity, "S3"), eventNote(103, incident.Resolve, "10:50", "", incident.KeyClose, "true"),
	}
	i := reconcile(t, opened(), events...)
	i.Description = strings.Replace(i.Description, "- 10:20 Restarted", "- 10:25 customers @all call\n- 10:20 Restarted twice", 1)
	i.Labels = append(i.Labels, "service:api")
	notes := append(events,
		issue.Note{ID: 110, Body: "## Is it **over**, @all?\n\nMore", Author: "mara", CreatedAt: at("10:52")},
		issue.Note{ID: 111, Body: "changed the description", Author: "ines", CreatedAt: at("10:53"), System: true},
		issue.Note{ID: 112, Body: "<!-- prodctl:key=note/x -->", Author: "ines", CreatedAt: at("10:54")},
	)
	stranger := eventNote(113, incident.Reopen, "10:55", "It is back")
	stranger.Trusted, stranger.Author = false, "eve"
	notes = append(notes, stranger)
	add := func(name, user, clock string) issue.Event {
		return issue.Event{At: at(clock), User: user, Action: "add", Name: name}
	}
	labelled := []issue.Event{
		add("Incident::Active", "ines", "10:10"), add("severity::2", "ines", "10:10"), // as it was opened
		add("Incident::Mitigated", "ines", "10:31"), add("S3", "ines", "10:31"), {At: at("10:31"), User: "ines", Action: "remove", Name: "severity::2"}, // as recorded
		add("service:api", "mara", "10:58"), add("Incident::Active", "", "11:30"), {At: at("11:31"), User: "mara", Action: "remove", Name: "service:api"}, add("mine", "mara", "11:31"), add("", "mara", "11:32"),
		add("S1", "mara", "11:33"),
	}
	states := []issue.Event{{At: at("10:51"), User: "ines", Action: "closed"}, {At: at("11:29"), User: "mara", Action: "reopened"}}
	return incident.Of(i, labels), notes, labelled, states
}

func TestTimeline(t *testing.T) {
	t.Parallel()
	inc, notes, labelled, states := story(t)
	lines := incident.Timeline(inc, labels, eventlog.Events(notes, incident.Kind), notes, labelled, states)
	var got []string
	for _, l := range lines {
		got = append(got, l.At.Format("15:04")+" "+string(l.Source)+" "+l.Author+": "+l.Text)
	}
	want := []string{
		"10:02 record : started",
		"10:10 declared ines: incident declared, S2",
		"10:20 note ines: Restarted twice",
		"10:25 record : customers @\u200ball call",
		"10:30 note ines: mitigated, severity S3: Failed over",
		"10:50 note ines: resolved",
		"10:52 note mara: Is it **over**, @\u200ball? …",
		"10:55 note eve: It is back",
		"10:58 label mara: service api set by mara",
		"11:29 state mara: issue reopened by mara",
		"11:30 label : active",
		"11:31 label mara: service api removed by mara",
		"11:33 label mara: S1 set by mara",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	wantText := "### 2018-08-24\n\n- 10:02 started\n- 10:10 incident declared, S2\n- 10:20 Restarted twice\n"
	if text := incident.Markdown(lines); !strings.HasPrefix(text, wantText) || strings.Contains(text, "<!--") || strings.HasSuffix(text, "\n\n") {
		t.Errorf("%s", text)
	}
	if incident.Markdown(nil) != "" {
		t.Error("no lines")
	}
}

func TestTimelineDoesNotDependOnOrder(t *testing.T) {
	t.Parallel()
	inc, notes, labelled, states := story(t)
	events := eventlog.Events(notes, incident.Kind)
	want := incident.Timeline(inc, labels, events, notes, labelled, states)
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		e, n, l, s := slices.Clone(events), slices.Clone(notes), slices.Clone(labelled), slices.Clone(states)
		r.Shuffle(len(e), func(i, j int) { e[i], e[j] = e[j], e[i] })
		r.Shuffle(len(n), func(i, j int) { n[i], n[j] = n[j], n[i] })
		r.Shuffle(len(l), func(i, j int) { l[i], l[j] = l[j], l[i] })
		r.Shuffle(len(s), func(i, j int) { s[i], s[j] = s[j], s[i] })
		if got := incident.Timeline(inc, labels, e, n, l, s); !cmp.Equal(got, want) {
			t.Fatal(cmp.Diff(want, got))
		}
	})
}

// GitLab's own incident that was closed without a record is resolved, and what records its end is to adopt it.
func TestClosedInGitLab(t *testing.T) {
	t.Parallel()
	i := incident.Of(issue.Issue{Incident: true, State: issue.Closed, CreatedAt: at("09:00"), ClosedAt: at("10:00")}, labels)
	want := []string{`GitLab's own incident, without the label "outage report"`, "no record", "severity unknown", "no start time", "no services",
		"resolved because it is closed in GitLab: no state label, no end time in the record"}
	if i.State != incident.Resolved || !cmp.Equal(i.Gaps, want) {
		t.Errorf("%s, %q", i.State, i.Gaps)
	}
	found := i.Check(at("11:00"), incident.Limits{}, labels, incident.Facts{})
	if len(found) == 0 || found[0].Rule != incident.StateMismatch || found[0].Fix[1] != "adopt" {
		t.Errorf("%+v", found)
	}
}
