package incident_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/template"
)

// trailer is how prodctl ends the text of what it creates.
const trailer = "<!-- prodctl:key=incident/k -->\n<!-- prodctl:id=p0123456789abcdef0123 -->"

var (
	labels = incident.LabelsOf(label.Spelling{"incident": "outage report", "S2": "severity::2"}, "service:{service}")
	day    = time.Date(2018, 8, 24, 0, 0, 0, 0, time.UTC)
)

func at(clock string) time.Time {
	t, err := time.Parse("15:04", clock)
	if err != nil {
		panic(err)
	}
	return day.Add(t.Sub(time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)))
}

// opened is an incident as `incident open` creates it.
func opened() issue.Issue {
	text := template.Incident().Fill(map[string]string{
		"summary": "Pulls fail.", "severity": "S2", "services": "registry", "impact": "",
		"timeline": incident.NewTimeline(at("10:02"), time.Time{}, at("10:10")),
		"record":   incident.NewRecord(incident.Opening{Started: at("10:02"), Severity: incident.S2, Services: []string{"registry"}}),
	})
	i := issue.Issue{Ref: issue.Ref{Project: "acme/production", IID: 7}, ID: 70, Title: "2018-08-24: Registry returns 500s", State: issue.Opened, CreatedAt: at("10:10"),
		Author: "ines", Labels: labels.Opening(incident.S2, []string{"registry"}, false), Description: strings.TrimSpace(text) + "\n\n" + trailer}
	slices.Sort(i.Labels)
	return i
}

// note is a comment with an event, as GitLab returns it.
func note(id int64, e eventlog.Event) issue.Note {
	return issue.Note{ID: id, Body: eventlog.Body(e, incident.Heading(e, calendar.DateOf(day))) + "\n\n<!-- prodctl:key=note/x" + strconv.FormatInt(id, 10) + " -->", Author: "ines", AuthorID: 5, Trusted: true, CreatedAt: e.At}
}

// eventNote is a comment with an event of this verb, time, text and fields.
func eventNote(id int64, v incident.Verb, clock, text string, fields ...string) issue.Note {
	var values map[string]string
	for n := 0; n < len(fields); n += 2 {
		if values == nil {
			values = map[string]string{}
		}
		values[fields[n]] = fields[n+1]
	}
	return note(id, incident.NewEvent(v, at(clock), values, text))
}

// apply applies a change to an issue as GitLab does.
func apply(i issue.Issue, c issue.Change) issue.Issue {
	list := slices.Clone(i.Labels)
	for _, l := range c.AddLabels {
		if !slices.Contains(list, l) {
			list = append(list, l)
		}
	}
	i.Labels = slices.DeleteFunc(list, func(l string) bool { return slices.Contains(c.RemoveLabels, l) })
	slices.Sort(i.Labels)
	if c.Description != nil {
		i.Description = strings.TrimRight(strings.ReplaceAll(*c.Description, "\r", ""), " \t\n")
	}
	if c.State != nil {
		i.State = *c.State
	}
	return i
}

type tester interface {
	Helper()
	Fatalf(string, ...any)
}

// reconcile reconciles an issue, and wants it to need no change after that.
func reconcile(t tester, i issue.Issue, notes ...issue.Note) issue.Issue {
	t.Helper()
	reconciler := incident.Reconciler{Labels: labels}
	change, err := reconciler.Reconcile(i, notes)
	if err != nil {
		t.Fatalf("reconcile: %v", err)
	}
	if both := overlap(change.AddLabels, change.RemoveLabels); len(both) > 0 {
		t.Fatalf("added and removed at once: %q", both)
	}
	after := apply(i, change)
	again, err := reconciler.Reconcile(after, notes)
	if err != nil || !again.Empty() {
		text := ""
		if again.Description != nil {
			text = cmp.Diff(after.Description, *again.Description)
		}
		t.Fatalf("not reconciled: %+v, %v\n%s\nbefore:\n%s", again, err, text, i.Description)
	}
	return after
}

func overlap(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return !slices.Contains(b, s) })
}

// part is the text between two lines of a description.
func part(description, from, to string) string {
	_, rest, _ := strings.Cut(description, from+"\n")
	inner, _, _ := strings.Cut(rest, "\n"+to)
	return inner
}

func timelineOf(i issue.Issue) string {
	return part(i.Description, "<!-- prodctl:timeline -->", "<!-- prodctl:timeline end")
}
func recordOf(i issue.Issue) string { return part(i.Description, "```yaml prodctl/incident", "```") }

func TestLifeOfAnIncident(t *testing.T) {
	t.Parallel()
	notes := []issue.Note{
		eventNote(101, incident.Update, "10:20", "Error rate\nrises to 40%", incident.KeyImpact, "0.40"),
		eventNote(102, incident.Mitigate, "10:30", "Failed over", incident.KeySeverity, "S3"),
		eventNote(103, incident.Update, "10:15", "First alert"),
		eventNote(104, incident.Resolve, "00:05", "", incident.KeyCause, "disk: full", incident.KeyServices, "registry, web", incident.KeyClose, "true"),
	}
	late := incident.NewEvent(incident.Resolve, day.Add(24*time.Hour+5*time.Minute), map[string]string{incident.KeyCause: "disk: full", incident.KeyServices: "registry, web", incident.KeyClose: "true"}, "")
	notes[3] = note(104, late)
	i := reconcile(t, opened(), notes[:2]...)
	if want := []string{"Incident::Mitigated", "S3", "outage report", "service:registry"}; !cmp.Equal(i.Labels, want) {
		t.Errorf("labels %q, want %q", i.Labels, want)
	}
	i = reconcile(t, i, notes...)
	if want := []string{"Incident::Resolved", "S3", "outage report", "service:registry", "service:web"}; !cmp.Equal(i.Labels, want) {
		t.Errorf("labels %q, want %q", i.Labels, want)
	}
	if i.State != issue.Closed {
		t.Errorf("the issue is %s", i.State)
	}
	wantRecord := `started_at: 2018-08-24T10:02:00Z
detected_at:
mitigated_at: 2018-08-24T10:30:00Z
resolved_at: 2018-08-25T00:05:00Z
severity: S3
impact: 0.4
services: [registry, web]
cause: "disk: full"
data_loss: false
related: []
as_of_note: 104`
	if diff := cmp.Diff(wantRecord, recordOf(i)); diff != "" {
		t.Error(diff)
	}
	wantTimeline := `### 2018-08-24

- 10:02 started
- 10:10 incident declared
- 10:15 First alert <!-- 103: -->
- 10:20 impact 0.4: Error rate … <!-- 101: -->
- 10:30 mitigated, severity S3: Failed over <!-- 102: -->

### 2018-08-25

- 00:05 resolved, services registry, web, cause: disk: full <!-- 104: -->
`
	if diff := cmp.Diff(wantTimeline, hashless(timelineOf(i))); diff != "" {
		t.Error(diff)
	}
	if all := reconcile(t, opened(), notes...); all.Description != i.Description || !cmp.Equal(all.Labels, i.Labels) {
		t.Errorf("reconciled all at once it differs:\n%s", cmp.Diff(i.Description, all.Description))
	}
	if !strings.HasSuffix(i.Description, "\n\n"+trailer) || !strings.Contains(i.Description, "<!-- prodctl:timeline end 101 102 103 104 -->") {
		t.Errorf("the hidden lines:\n%s", i.Description)
	}
	reopened := reconcile(t, i, append(notes, note(105, incident.NewEvent(incident.Reopen, day.Add(25*time.Hour), nil, "back again")))...)
	inc := incident.Of(reopened, labels)
	if inc.State != incident.Active || reopened.State != issue.Opened || !inc.Record.MitigatedAt.IsZero() || !inc.Record.ResolvedAt.IsZero() || inc.Record.Cause != "disk: full" {
		t.Errorf("reopened: %+v", inc)
	}
}

// hashless removes the digests by which edited lines are found.
func hashless(text string) string {
	lines := strings.Split(text, "\n")
	for n, line := range lines {
		if head, ok := strings.CutSuffix(line, " -->"); ok && len(head) > 4 {
			lines[n] = head[:len(head)-4] + " -->"
		}
	}
	return strings.Join(lines, "\n")
}

func TestEventsThatDoNotCount(t *testing.T) {
	t.Parallel()
	stranger := eventNote(101, incident.Resolve, "10:20", "all is well")
	stranger.Trusted = false
	of := func(n issue.Note, change func(*issue.Note)) issue.Note { change(&n); return n }
	for name, n := range map[string]issue.Note{
		"a stranger's": stranger,
		"of a change":  note(102, eventlog.Event{Kind: "change", Verb: "resolve", At: at("10:00")}),
		"quoted":       of(eventNote(103, incident.Resolve, "10:20", ""), func(n *issue.Note) { n.Body = "> " + strings.ReplaceAll(n.Body, "\n", "\n> ") }),
		"GitLab's own": of(eventNote(104, incident.Resolve, "10:20", ""), func(n *issue.Note) { n.System = true }),
		"no event":     {ID: 105, Body: "hello", Trusted: true},
	} {
		if change, err := (incident.Reconciler{Labels: labels}).Reconcile(opened(), []issue.Note{n}); err != nil || !change.Empty() {
			t.Errorf("%s: %+v, %v", name, change, err)
		}
	}
	// An event that counted still counts after its author left the project.
	kept := eventNote(106, incident.Mitigate, "10:30", "Failed over")
	i := reconcile(t, opened(), kept)
	kept.Trusted = false
	if again := reconcile(t, i, kept); again.Description != i.Description || !cmp.Equal(again.Labels, i.Labels) {
		t.Errorf("%q\n%s", again.Labels, cmp.Diff(i.Description, again.Description))
	}
}

func TestImpossibleTransitions(t *testing.T) {
	t.Parallel()
	i := reconcile(t, opened(), eventNote(1, incident.Resolve, "11:00", ""), eventNote(2, incident.Mitigate, "11:05", "too late", incident.KeySeverity, "S1"), eventNote(3, incident.Review, "12:00", ""),
		eventNote(4, incident.Resolve, "10:50", "no, earlier"))
	inc := incident.Of(i, labels)
	if inc.State != incident.Reviewed || !inc.Record.MitigatedAt.Equal(at("11:05")) || !inc.Record.ResolvedAt.Equal(at("10:50")) || inc.Severity != incident.S1 || !strings.Contains(i.Description, "too late") {
		t.Errorf("%+v\n%s", inc, i.Description)
	}
	i = reconcile(t, opened(), eventNote(1, incident.Mitigate, "11:00", ""), eventNote(2, incident.Mitigate, "10:50", "no, earlier"))
	if got := incident.Of(i, labels).Record.MitigatedAt; !got.Equal(at("10:50")) {
		t.Errorf("corrected to %v", got)
	}
}

func TestManualEditsStay(t *testing.T) {
	t.Parallel()
	first := []issue.Note{eventNote(101, incident.Update, "10:20", "Restarted", incident.KeyImpact, "0.4"), eventNote(102, incident.Update, "10:40", "Nothing helps")}
	i := reconcile(t, opened(), first...)
	edit := func(old, now string) {
		t.Helper()
		if !strings.Contains(i.Description, old) {
			t.Fatalf("%q is not in\n%s", old, i.Description)
		}
		i.Description = strings.Replace(i.Description, old, now, 1)
	}
	edit("- 10:40 Nothing helps", "- 10:41 Nothing helps so far")
	edit("- 10:10 incident declared\n", "- 10:25 customers call\n  many of them\n- 10:12 declared in chat\n")
	edit("detected_at:", "detected_at: 10:05 # the first page\nowner: ines")
	edit("impact: 0.4", "impact: 0.25")
	edit("## Impact", "## Impact on users")
	i.Labels = []string{"Incident::Mitigated", "mine", "outage report", "severity::2"}
	i = reconcile(t, i, append(first, eventNote(103, incident.Resolve, "10:50", "Fixed"))...)
	want := `### 2018-08-24

- 10:02 started
- 10:12 declared in chat
- 10:20 impact 0.4: Restarted <!-- 101: -->
- 10:25 customers call
  many of them
- 10:41 Nothing helps so far <!-- 102: -->
- 10:50 resolved: Fixed <!-- 103: -->
`
	if diff := cmp.Diff(want, hashless(timelineOf(i))); diff != "" {
		t.Error(diff)
	}
	for _, kept := range []string{"detected_at: 10:05 # the first page\nowner: ines\n", "impact: 0.25\n", "resolved_at: 2018-08-24T10:50:00Z", "## Impact on users"} {
		if !strings.Contains(i.Description, kept) {
			t.Errorf("%q is gone:\n%s", kept, i.Description)
		}
	}
	if want := []string{"Incident::Resolved", "mine", "outage report", "severity::2"}; !cmp.Equal(i.Labels, want) {
		t.Errorf("labels %q, want %q", i.Labels, want)
	}
	if later := reconcile(t, i, append(first, eventNote(103, incident.Resolve, "10:50", "Fixed"), eventNote(104, incident.Update, "10:55", "", incident.KeyImpact, "0.3"))...); !strings.Contains(later.Description, "impact: 0.3\n") {
		t.Errorf("the later event does not count:\n%s", later.Description)
	}
}

func TestLinesFollowTheirComments(t *testing.T) {
	t.Parallel()
	notes := []issue.Note{eventNote(101, incident.Update, "10:20", "Restarted"), eventNote(102, incident.Update, "10:40", "Nothing helps"), eventNote(103, incident.Update, "10:45", "Gone")}
	i := reconcile(t, opened(), notes...)
	i.Description = strings.Replace(i.Description, "- 10:40 Nothing helps", "- 10:40 Nothing seems to help", 1)
	begin := strings.Index(i.Description, "- 10:45 Gone")
	i.Description = i.Description[:begin] + i.Description[begin+strings.Index(i.Description[begin:], "\n")+1:]
	notes[0] = eventNote(101, incident.Update, "10:20", "Restarted all pods")
	notes[1] = eventNote(102, incident.Update, "10:40", "Other words")
	notes[2] = eventNote(103, incident.Update, "10:45", "Gone for good")
	got := hashless(timelineOf(reconcile(t, i, append(notes, eventNote(104, incident.Update, "10:30", "Waiting"))...)))
	for text, want := range map[string]bool{"- 10:20 Restarted all pods": true, "- 10:40 Nothing seems to help": true, "Other words": false, "Gone": false, "- 10:30 Waiting": true} {
		if strings.Contains(got, text) != want {
			t.Errorf("%q: %v, want %v in\n%s", text, !want, want, got)
		}
	}
}

func TestManuallyCreatedIssues(t *testing.T) {
	t.Parallel()
	n := eventNote(101, incident.Mitigate, "10:30", "Failed over")
	i := issue.Issue{Description: "It is **down**.\r\n\r\nHelp!\r\n", Labels: []string{"outage report"}, State: issue.Opened, CreatedAt: at("10:00")}
	after := reconcile(t, i, n)
	if !strings.HasPrefix(after.Description, "It is **down**.\n\nHelp!\n\n<!-- prodctl:timeline -->\n### 2018-08-24\n\n- 10:30 mitigated: Failed over <!-- 101:") ||
		!strings.Contains(after.Description, " -->\n\n```yaml prodctl/incident\nstarted_at:\n") || !after.Has("Incident::Mitigated") {
		t.Errorf("%q, %q", after.Description, after.Labels)
	}
	empty := reconcile(t, issue.Issue{Description: ""}, n)
	if !strings.HasPrefix(empty.Description, "<!-- prodctl:timeline -->\n") {
		t.Errorf("%q", empty.Description)
	}
	if change, _ := (incident.Reconciler{Labels: labels}).Reconcile(i, nil); !change.Empty() {
		t.Errorf("without events: %+v", change)
	}
	keyed := reconcile(t, issue.Issue{Description: "down\n\n" + trailer}, n)
	if !strings.HasSuffix(keyed.Description, "```\n\n"+trailer) {
		t.Errorf("%q", keyed.Description)
	}
}

func TestWhatPeopleRemove(t *testing.T) {
	t.Parallel()
	notes := []issue.Note{eventNote(101, incident.Mitigate, "10:30", "Failed over", incident.KeySeverity, "S1"), eventNote(102, incident.Resolve, "10:50", "Fixed")}
	i := reconcile(t, opened(), notes...)
	next := append(slices.Clone(notes), eventNote(103, incident.Update, "11:00", "Calm"))

	without := i
	begin, end := strings.Index(i.Description, "<!-- prodctl:timeline -->"), strings.Index(i.Description, "## Record")
	without.Description = i.Description[:begin] + "Moved to a document.\n\n" + i.Description[end:]
	if got := reconcile(t, without, next...); strings.Contains(got.Description, "Calm") || !strings.Contains(got.Description, "as_of_note: 103") {
		t.Errorf("the timeline was removed:\n%s", got.Description)
	}

	without = i
	without.Description = i.Description[:strings.Index(i.Description, "```yaml")] + "<!-- prodctl:key=incident/k -->"
	got := reconcile(t, without, next...)
	if r := incident.Read(got.Description, got.CreatedAt); !r.MitigatedAt.Equal(at("10:30")) || !r.ResolvedAt.Equal(at("10:50")) || r.AsOfNote != 103 || strings.Count(got.Description, "Failed over") != 1 {
		t.Errorf("the record was removed:\n%s", got.Description)
	}

	without = i
	without.Description = "All gone"
	if got := reconcile(t, without, notes...); !strings.Contains(got.Description, "mitigated_at: 2018-08-24T10:30:00Z") || !strings.Contains(got.Description, "- 10:50 resolved: Fixed") || !got.Has("Incident::Resolved") {
		t.Errorf("everything was removed:\n%s", got.Description)
	}

	without = i
	without.Labels = []string{"outage report"} // GitLab left labels out, or somebody removed them
	if got := reconcile(t, without, notes...); !got.Has("Incident::Resolved") || !got.Has("S1") || got.Description != i.Description {
		t.Errorf("labels were removed: %q", got.Labels)
	}
	without.Labels = nil // not an incident any more: a duplicate
	if got := reconcile(t, without, notes...); len(got.Labels) != 0 {
		t.Errorf("a duplicate: %q", got.Labels)
	}
}

func TestOtherIssues(t *testing.T) {
	t.Parallel()
	e := relation("acme/infrastructure#12")
	link := eventlog.Event{Kind: "link", Verb: "relate", At: eventlog.Undated, Fields: map[string]string{incident.KeyRelated: "acme/infrastructure#14"}}
	i := reconcile(t, opened(), note(101, e), eventNote(102, incident.Action, "11:00", "Add a disk alert", incident.KeyRelated, "acme/infrastructure#13"), note(103, e), note(104, link))
	if r := incident.Read(i.Description, i.CreatedAt); !cmp.Equal(r.Related, []string{"acme/infrastructure#12", "acme/infrastructure#13", "acme/infrastructure#14"}) {
		t.Errorf("related %q\n%s", r.Related, i.Description)
	}
	if got := timelineOf(i); strings.Contains(got, "#12") || !strings.Contains(got, "- 11:00 corrective action acme/infrastructure#13: Add a disk alert") {
		t.Error(got)
	}
}

func TestDataLossAndServices(t *testing.T) {
	t.Parallel()
	notes := []issue.Note{eventNote(101, incident.Update, "10:20", "", incident.KeyDataLoss, "true", incident.KeyServices, "web,api")}
	i := reconcile(t, opened(), notes...)
	if !i.Has(label.DataLoss) || i.Has("service:registry") || !i.Has("service:web") || !i.Has("service:api") {
		t.Errorf("%q", i.Labels)
	}
	i.Labels = append(i.Labels, "service:registry")
	i = reconcile(t, i, append(notes, eventNote(102, incident.Update, "10:30", "", incident.KeyDataLoss, "false"))...)
	if i.Has(label.DataLoss) || !i.Has("service:registry") || !i.Has("service:web") {
		t.Errorf("%q", i.Labels)
	}
}

func TestHostileEvents(t *testing.T) {
	t.Parallel()
	e := incident.NewEvent(incident.Update, at("10:20"), map[string]string{
		incident.KeyCause: "<!-- prodctl:timeline end --> @all\n/close | `x`", incident.KeySeverity: "S9", incident.KeyImpact: "7", incident.KeyStarted: "yesterday", "other": "x",
	}, "/close\n@all")
	n := note(101, e)
	n.Body = strings.Replace(n.Body, `\/close`, "<!-- prodctl:timeline -->\n- 10:00 x <!-- 5:abcd -->", 1)
	i := reconcile(t, opened(), n)
	got := timelineOf(i)
	if strings.Count(i.Description, "\n<!-- prodctl:timeline") != 2 || strings.Contains(got, "@all") || strings.Contains(i.Description, "\n/close") || !strings.Contains(got, "- 10:20 cause: &lt;!-- prodctl") {
		t.Errorf("%s", i.Description)
	}
	r := incident.Read(i.Description, i.CreatedAt)
	if r.Severity != incident.S2 || r.Impact != nil || len(r.Problems) > 0 || !r.StartedAt.Equal(at("10:02")) {
		t.Errorf("%+v", r)
	}
}

func FuzzReconcile(f *testing.F) {
	whole := opened().Description
	f.Add(whole)
	f.Add(strings.ReplaceAll(whole, "\n", "\r\n"))
	f.Add("<!-- prodctl:timeline -->\n<!-- prodctl:timeline end 101 -->")
	f.Add("<!-- prodctl:timeline -->\n### 2018-08-24\n- 10:00 x <!-- 101:abcd -->\n* 2018-08-24 25:00 UTC\n<!-- prodctl:timeline end 9 -->")
	f.Add("```yaml prodctl/incident\nas_of_note: 102\nseverity: [")
	f.Add("~~~\n```yaml prodctl/incident\n~~~\n<!-- prodctl:key=a/b -->\nx")
	notes := []issue.Note{eventNote(101, incident.Mitigate, "10:30", "Failed over", incident.KeySeverity, "S3"), eventNote(102, incident.Update, "10:20", "two\nlines"), eventNote(103, incident.Resolve, "10:50", "")}
	f.Fuzz(func(t *testing.T, description string) {
		windows := strings.Contains(description, "\r\n")
		if description = strings.ReplaceAll(description, "\r", ""); windows { // GitLab stores none within a line
			description = strings.ReplaceAll(description, "\n", "\r\n")
		}
		i := issue.Issue{Description: "By a person.\n" + description, Labels: []string{labels.Incident, labels.Active}, State: issue.Opened, CreatedAt: at("10:00")}
		i = reconcile(t, i, notes[:2]...)
		i = reconcile(t, i, notes...)
		if !strings.HasPrefix(i.Description, "By a person.") || len(states(i)) != 1 {
			t.Errorf("%q, %q", i.Labels, i.Description)
		}
	})
}

// relation is the event that references another issue; it is the same whenever it is made.
func relation(ref string) eventlog.Event {
	return incident.NewEvent(incident.Relate, eventlog.Undated, map[string]string{incident.KeyRelated: ref}, "")
}
