package history_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/history"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/label"
)

// clock returns a time on the test day. Issues are rebuilt as of noon.
func clock(hour, minute int) time.Time { return time.Date(2018, 8, 24, hour, minute, 0, 0, time.UTC) }

var noon = clock(12, 0)

func event(hour, minute int, action, name string) issue.Event {
	return issue.Event{At: clock(hour, minute), Action: action, Name: name}
}

// made returns an issue from 10:00 with edits.
func made(edit ...func(*issue.Issue)) issue.Issue {
	i := issue.Issue{Ref: issue.Ref{Project: "acme/production", IID: 5}, ID: 5, Title: "Web is down", State: issue.Opened, CreatedAt: clock(10, 0), UpdatedAt: clock(18, 0)}
	for _, e := range edit {
		e(&i)
	}
	return i
}

// systemNotes returns system notes, a minute apart.
func systemNotes(first time.Time, bodies ...string) history.History {
	var h history.History
	for n, body := range bodies {
		at := first.Add(time.Duration(n) * time.Minute)
		h.Notes = append(h.Notes, issue.Note{ID: int64(n + 1), Body: body, Author: "ana", AuthorID: 7, System: true, CreatedAt: at, UpdatedAt: at})
	}
	return h
}

func TestExisted(t *testing.T) {
	t.Parallel()
	for at, want := range map[time.Time]bool{clock(9, 59): false, clock(10, 0): true} {
		if _, existed, unknown := history.Issue(made(), history.History{}, at); existed != want || len(unknown) != 0 {
			t.Errorf("at %s: %v, %q", at, existed, unknown)
		}
	}
}

func TestLabels(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		now    string
		events []issue.Event
		want   string
		gone   bool
	}{
		"no events":                   {now: "b a", want: "a b"},
		"added later":                 {now: "a b", events: []issue.Event{event(10, 0, "add", "a"), event(13, 0, "add", "b")}, want: "a"},
		"removed later":               {now: "", events: []issue.Event{event(10, 0, "add", "a"), event(13, 0, "remove", "a")}, want: "a"},
		"at exactly that time":        {now: "a", events: []issue.Event{event(12, 0, "add", "a")}, want: "a"},
		"removed and added again":     {now: "a", events: []issue.Event{event(10, 0, "add", "a"), event(13, 0, "remove", "a"), event(14, 0, "add", "a")}, want: "a"},
		"added and removed at once":   {now: "", events: []issue.Event{event(13, 0, "add", "a"), event(13, 0, "remove", "a")}, want: ""},
		"removed and added at once":   {now: "a", events: []issue.Event{event(10, 0, "add", "a"), event(13, 0, "remove", "a"), event(13, 0, "add", "a")}, want: "a"},
		"a deleted label":             {now: "a", events: []issue.Event{event(10, 0, "add", ""), event(10, 0, "add", "a")}, want: "a", gone: true},
		"deleted, removed before":     {now: "", events: []issue.Event{event(10, 0, "add", ""), event(11, 0, "remove", "")}, want: ""},
		"deleted, added later":        {now: "", events: []issue.Event{event(13, 0, "add", "")}, want: ""},
		"a missing event":             {now: "a", events: []issue.Event{event(13, 0, "remove", "a")}, want: "a"},
		"a label that is not visible": {now: "", events: []issue.Event{event(13, 0, "add", "a")}, want: ""},
	} {
		past, _, unknown := history.Issue(made(func(i *issue.Issue) { i.Labels = strings.Fields(c.now) }), history.History{Labels: c.events}, noon)
		if got := strings.Join(past.Labels, " "); got != c.want || (len(unknown) > 0) != c.gone {
			t.Errorf("%s: %q, %q; want %q", name, got, unknown, c.want)
		}
	}
}

func TestState(t *testing.T) {
	t.Parallel()
	closedAt := func(at time.Time) func(*issue.Issue) {
		return func(i *issue.Issue) { i.State, i.ClosedAt = issue.Closed, at }
	}
	for name, c := range map[string]struct {
		now    issue.Issue
		events []issue.Event
		closed time.Time
	}{
		"open all the time":             {now: made()},
		"closed later":                  {now: made(closedAt(clock(13, 0))), events: []issue.Event{event(13, 0, "closed", "")}},
		"closed before":                 {now: made(closedAt(clock(11, 0))), events: []issue.Event{event(11, 0, "closed", "")}, closed: clock(11, 0)},
		"closed at exactly that time":   {now: made(closedAt(noon)), events: []issue.Event{event(12, 0, "closed", "")}, closed: noon},
		"reopened later":                {now: made(), events: []issue.Event{event(11, 0, "closed", ""), event(13, 0, "reopened", "")}, closed: clock(11, 0)},
		"closed again later":            {now: made(closedAt(clock(14, 0))), events: []issue.Event{event(11, 0, "closed", ""), event(13, 0, "reopened", ""), event(14, 0, "closed", "")}, closed: clock(11, 0)},
		"closed without an event":       {now: made(closedAt(clock(11, 0))), closed: clock(11, 0)},
		"closed later without an event": {now: made(closedAt(clock(13, 0)))},
	} {
		past, _, _ := history.Issue(c.now, history.History{States: c.events}, noon)
		if !past.ClosedAt.Equal(c.closed) || past.Open() != c.closed.IsZero() {
			t.Errorf("%s: %s, %s", name, past.State, past.ClosedAt)
		}
	}
}

func TestSystemNotes(t *testing.T) {
	t.Parallel()
	now := made(func(i *issue.Issue) {
		i.Assignees, i.AssigneeIDs, i.Due, i.MovedToID = []string{"ana", "bo"}, []int64{7, 8}, calendar.NewDate(2018, 9, 1), 44
	})
	for name, c := range map[string]struct {
		h       history.History
		want    func(*issue.Issue)
		unknown string
	}{
		"nothing": {},
		"earlier ones": {h: systemNotes(clock(11, 0), "assigned to @ana and @bo", "changed title from **{-x-}** to **Web is down**", "made the issue visible to everyone",
			"changed due date to September 1, 2018", "moved to acme/other#4")},
		"assigned": {h: systemNotes(clock(13, 0), "assigned to @bo"), want: func(i *issue.Issue) { i.Assignees, i.AssigneeIDs = []string{"ana"}, []int64{7} }},
		"assigned twice": {h: systemNotes(clock(13, 0), "assigned to @ana and unassigned @zoe", "assigned to @bo"),
			want: func(i *issue.Issue) { i.Assignees, i.AssigneeIDs = []string{"zoe"}, nil }},
		"three people": {h: systemNotes(clock(13, 0), "assigned to @ana and @bo and unassigned @c, @d-d, and @e.e"),
			want: func(i *issue.Issue) { i.Assignees, i.AssigneeIDs = []string{"c", "d-d", "e.e"}, nil }},
		"unassigned, and assigned again": {h: systemNotes(clock(13, 0), "unassigned @ana", "assigned to @ana")},
		"contradictory":                  {h: systemNotes(clock(13, 0), "unassigned @ana"), unknown: "assignees"},
		"somebody who is not assigned":   {h: systemNotes(clock(13, 0), "assigned to @zoe"), unknown: "assignees"},
		"without a name":                 {h: systemNotes(clock(13, 0), "removed assignee"), unknown: "assignees"},
		"renamed twice": {h: systemNotes(clock(13, 0), "changed title from **{-Mail-}** to **{+Web+}**", "changed title from **Web** to **Web{+ is down+}**"),
			want: func(i *issue.Issue) { i.Title = "Mail" }},
		"renamed to something else": {h: systemNotes(clock(13, 0), "changed title from **{-a-}** to **{+b+}**"), unknown: "title"},
		"made public":               {h: systemNotes(clock(13, 0), "made the issue confidential", "made the issue visible to everyone")},
		"was confidential":          {h: systemNotes(clock(13, 0), "made the issue visible to everyone"), want: func(i *issue.Issue) { i.Confidential = true }},
		"date set":                  {h: systemNotes(clock(13, 0), "changed due date to September 1, 2018"), want: func(i *issue.Issue) { i.Due = calendar.Date{} }},
		"date removed":              {h: systemNotes(clock(13, 0), "removed due date August 30, 2018"), want: func(i *issue.Issue) { i.Due = calendar.NewDate(2018, 8, 30) }},
		"date removed, of which the earlier note is known": {h: history.History{Notes: slices.Concat(systemNotes(clock(11, 0), "changed due date to August 30, 2018").Notes,
			systemNotes(clock(13, 0), "", "removed due date August 30, 2018").Notes[1:])}, want: func(i *issue.Issue) { i.Due = calendar.NewDate(2018, 8, 30) }},
		"another date": {h: history.History{Notes: slices.Concat(systemNotes(clock(11, 0), "changed due date to August 30, 2018").Notes, systemNotes(clock(13, 0), "", "changed due date to September 1, 2018").Notes[1:])},
			want: func(i *issue.Issue) { i.Due = calendar.NewDate(2018, 8, 30) }},
		"moved away":                   {h: systemNotes(clock(13, 0), "moved to acme/other#4"), want: func(i *issue.Issue) { i.MovedToID = 0 }},
		"a comment with the same text": {h: history.History{Notes: []issue.Note{{ID: 1, Body: "unassigned @ana", CreatedAt: clock(13, 0)}}}},
	} {
		want := now
		want.UpdatedAt = now.CreatedAt
		for _, n := range c.h.Notes {
			if !n.CreatedAt.After(noon) {
				want.UpdatedAt = n.CreatedAt
			}
		}
		if c.want != nil {
			c.want(&want)
		}
		past, _, unknown := history.Issue(now, c.h, noon)
		if diff := cmp.Diff(want, past, cmp.Comparer(func(a, b calendar.Date) bool { return a == b })); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if len(unknown) > 1 || c.unknown == "" && len(unknown) > 0 || !strings.Contains(strings.Join(unknown, ""), c.unknown) {
			t.Errorf("%s: unknown %q", name, unknown)
		}
	}
	secret := made(func(i *issue.Issue) { i.Confidential = true })
	past, _, unknown := history.Issue(secret, systemNotes(clock(13, 0), "made the issue confidential"), noon)
	if want := []string{"acme/production#5: made confidential later: treated as confidential"}; !past.Confidential || !slices.Equal(unknown, want) {
		t.Errorf("confidential %v, %q", past.Confidential, unknown)
	}
}

func TestMilestone(t *testing.T) {
	t.Parallel()
	with := func(hour int, action string, id int64) issue.Event {
		return issue.Event{At: clock(hour, 0), Action: action, Name: fmt.Sprint("M", id), ID: id}
	}
	now := made(func(i *issue.Issue) { i.Milestone, i.MilestoneID = "M3", 3 })
	for name, c := range map[string]struct {
		events []issue.Event
		want   string
	}{
		"events not read":                   {nil, "M3"},
		"set before":                        {[]issue.Event{with(11, "add", 3)}, "M3"},
		"replaced another":                  {[]issue.Event{with(11, "add", 2), with(13, "add", 3)}, "M2"},
		"set later":                         {[]issue.Event{with(13, "add", 3)}, ""},
		"removed before":                    {[]issue.Event{with(10, "add", 2), with(11, "remove", 2), with(13, "add", 3)}, ""},
		"set before GitLab recorded events": {[]issue.Event{with(13, "remove", 1), with(14, "add", 3)}, "M1"},
	} {
		if past, _, _ := history.Issue(now, history.History{Milestones: c.events}, noon); past.Milestone != c.want || (past.MilestoneID != 0) != (c.want != "") {
			t.Errorf("%s: %q %d, want %q", name, past.Milestone, past.MilestoneID, c.want)
		}
	}
}

func TestNotes(t *testing.T) {
	t.Parallel()
	notes := []issue.Note{
		{ID: 1, CreatedAt: clock(11, 0), UpdatedAt: clock(11, 0)},
		{ID: 2, CreatedAt: clock(11, 1), UpdatedAt: clock(11, 59)},
		{ID: 3, CreatedAt: clock(11, 2), UpdatedAt: clock(12, 1)},
		{ID: 4, CreatedAt: clock(11, 3), UpdatedAt: clock(12, 1), System: true},
		{ID: 5, CreatedAt: noon, UpdatedAt: noon.Add(20 * time.Millisecond)},
		{ID: 6, CreatedAt: clock(12, 1), UpdatedAt: clock(12, 1)},
	}
	if existing, edited := history.Notes(notes, noon); len(existing) != 5 || edited != 1 {
		t.Errorf("%d notes, %d edited", len(existing), edited)
	}
	_, _, unknown := history.Issue(made(), history.History{Notes: notes}, noon)
	if want := []string{"acme/production#5: a comment was edited later: its current text is used"}; !slices.Equal(unknown, want) {
		t.Errorf("unknown %q", unknown)
	}
}

var (
	incidents = incident.LabelsOf(label.Spelling{}, "service:{service}")
	changes   = change.LabelsOf(label.Spelling{})
)

// world is an issue with everything that GitLab records as it changes.
type world struct {
	history.History
	issue issue.Issue
	now   time.Time
	last  int64
}

func newWorld(description string, labels ...string) *world {
	w := &world{now: clock(10, 0), History: history.History{Incident: incidents, Change: changes}}
	w.issue = made(func(i *issue.Issue) { i.Description = description })
	w.relabel(labels, nil)
	return w
}

func (w *world) relabel(add, remove []string) {
	for _, name := range add {
		if !w.issue.Has(name) {
			w.issue.Labels = append(slices.Clone(w.issue.Labels), name)
			w.Labels = append(w.Labels, issue.Event{At: w.now, Action: "add", Name: name})
		}
	}
	for _, name := range remove {
		if w.issue.Has(name) {
			w.issue.Labels = slices.DeleteFunc(slices.Clone(w.issue.Labels), func(l string) bool { return l == name })
			w.Labels = append(w.Labels, issue.Event{At: w.now, Action: "remove", Name: name})
		}
	}
	slices.Sort(w.issue.Labels)
}

func (w *world) note(body string, system bool) {
	w.last++
	w.Notes = append(w.Notes, issue.Note{ID: w.last, Body: body, Author: "ana", AuthorID: 7, System: system, CreatedAt: w.now, UpdatedAt: w.now, Trusted: !system})
}

// record adds an event and reconciles the issue.
func (w *world) record(l eventlog.Reconciler, e eventlog.Event) {
	w.note(eventlog.Body(e, "x"), false)
	c, err := l.Reconcile(w.issue, w.Notes)
	if err != nil {
		panic(err)
	}
	w.relabel(c.AddLabels, c.RemoveLabels)
	w.describe(c.Description)
	if c.State != nil && *c.State != w.issue.State {
		w.turn()
	}
}

func (w *world) describe(text *string) {
	if text != nil && *text != w.issue.Description {
		w.issue.Description = *text
		w.note("changed the description", true)
	}
}

func (w *world) turn() {
	action := "reopened"
	w.issue.ClosedAt = time.Time{}
	if w.issue.State, action = issue.Opened, "reopened"; w.States == nil || w.States[len(w.States)-1].Action == "reopened" {
		w.issue.State, w.issue.ClosedAt, action = issue.Closed, w.now, "closed"
	}
	w.States = append(w.States, issue.Event{At: w.now, Action: action})
}

func (w *world) incident(v incident.Verb, fields map[string]string) {
	w.record(incident.Reconciler{Labels: incidents}, incident.NewEvent(v, w.now, fields, ""))
}

const key = "\n\n<!-- prodctl:key=incident/auto-1 -->"

func opened(o incident.Opening, declared time.Time) string {
	return incident.NewTimeline(o.Started, o.Detected, declared) + "\n\n" + incident.NewRecord(o) + key
}

func TestRecordOfAnIncident(t *testing.T) {
	t.Parallel()
	started := map[string]string{incident.KeyStarted: "2018-08-24T09:00:00Z"}
	for name, c := range map[string]struct {
		description   string
		before, since func(w *world)
		want          string
		unknown       string
	}{
		"ended later": {opened(incident.Opening{Severity: incident.S2}, clock(10, 0)), nil, func(w *world) { w.incident(incident.Mitigate, nil); w.incident(incident.Resolve, nil) },
			"S2, started 00:00, mitigated 00:00, resolved 00:00, false", ""},
		"ended before, and reopened": {opened(incident.Opening{}, clock(10, 0)), func(w *world) { w.incident(incident.Resolve, nil) }, func(w *world) { w.incident(incident.Reopen, nil) },
			", started 00:00, mitigated 00:00, resolved 11:00, false", ""},
		"recorded twice": {opened(incident.Opening{}, clock(10, 0)), func(w *world) { w.incident(incident.Update, started) },
			func(w *world) {
				w.incident(incident.Update, map[string]string{incident.KeyStarted: "2018-08-24T08:00:00Z"})
			}, ", started 09:00, mitigated 00:00, resolved 00:00, false", ""},
		"first recorded later": {opened(incident.Opening{}, clock(10, 0)), nil, func(w *world) { w.incident(incident.Update, started) }, ", started 00:00, mitigated 00:00, resolved 00:00, false", ""},
		"replaced later": {opened(incident.Opening{Started: clock(9, 30)}, clock(10, 0)), nil, func(w *world) { w.incident(incident.Update, started) },
			", started 00:00, mitigated 00:00, resolved 00:00, false", "record values unknown: started_at"},
		"severity by its label": {opened(incident.Opening{Severity: incident.S3}, clock(10, 0)), nil, func(w *world) { w.incident(incident.Update, map[string]string{incident.KeySeverity: "S1"}) },
			"S3, started 00:00, mitigated 00:00, resolved 00:00, false", ""},
		"data loss by its label": {opened(incident.Opening{}, clock(10, 0)), nil, func(w *world) { w.incident(incident.Update, map[string]string{incident.KeyDataLoss: "true"}) },
			", started 00:00, mitigated 00:00, resolved 00:00, false", ""},
		"edited by hand before": {opened(incident.Opening{}, clock(10, 0)), func(w *world) {
			w.incident(incident.Update, started)
			w.now = clock(11, 30)
			w.describe(new(strings.Replace(w.issue.Description, "09:00", "09:15", 1)))
		}, func(w *world) {
			w.incident(incident.Update, map[string]string{incident.KeyStarted: "2018-08-24T08:00:00Z"})
		},
			", started 00:00, mitigated 00:00, resolved 00:00, false", "record values unknown: started_at"},
		"edited by hand since": {opened(incident.Opening{}, clock(10, 0)), nil, func(w *world) { w.describe(new("By hand.\n\n" + w.issue.Description)) },
			", started 00:00, mitigated 00:00, resolved 00:00, false", "description edited by hand later: the record may show current values"},
		"a record that somebody wrote": {"```yaml prodctl/incident\nstarted_at: 09:30\n```", nil, func(w *world) { w.incident(incident.Update, started) },
			", started 00:00, mitigated 00:00, resolved 00:00, false", "record values unknown: started_at"},
		"no record yet": {"It is down.", nil, func(w *world) { w.incident(incident.Update, started) }, "none", ""},
	} {
		w := newWorld(c.description, "incident", "Incident::Active")
		if s := incident.Read(c.description, clock(10, 0)).Severity; s != incident.UnknownSeverity {
			w.relabel([]string{incidents.Severity(s)}, nil)
		}
		for n, act := range []func(*world){c.before, c.since} {
			if w.now = clock(11+2*n, 0); act != nil {
				act(w)
			}
		}
		past, _, unknown := history.Issue(w.issue, w.History, noon)
		r := incident.Of(past, incidents).Record
		got := fmt.Sprintf("%s, started %s, mitigated %s, resolved %s, %v", string(r.Severity), r.StartedAt.Format("15:04"), r.MitigatedAt.Format("15:04"), r.ResolvedAt.Format("15:04"), r.DataLoss)
		if !r.Exists {
			got = "none"
		}
		if text := strings.TrimPrefix(strings.Join(unknown, "; "), "acme/production#5: "); got != c.want || text != c.unknown {
			t.Errorf("%s: %s, unknown %q; want %s, %q\n%s", name, got, text, c.want, c.unknown, past.Description)
		}
	}
}

func TestRecordOfAChange(t *testing.T) {
	t.Parallel()
	plan := "```yaml prodctl/change\ncriticality: C3\nstart: 2018-08-24T18:00:00Z\nexecutor: bo\n```\n\n<!-- prodctl:key=change/auto-1 -->"
	done := "```yaml prodctl/change\nfinished_at: 2018-08-24T10:00:00Z\noutcome: failure\n```"
	record := func(w *world, v change.Verb, fields map[string]string) {
		w.record(change.Reconciler{Labels: changes}, change.NewEvent(v, w.now, fields, ""))
	}
	start := func(w *world) { record(w, change.Start, map[string]string{change.FieldExecutor: "ana"}) }
	finish := func(w *world) { record(w, change.Finish, map[string]string{change.FieldOutcome: "success"}) }
	approve := func(w *world) { record(w, change.Approve, map[string]string{change.FieldEnough: "true"}) }
	for name, c := range map[string]struct {
		description   string
		before, since func(w *world)
		want          string
		unknown       string
	}{
		"nothing since":   {plan, start, nil, "in-progress by ana, started 11:00, finished 00:00 , approved []", ""},
		"all of it since": {plan, nil, func(w *world) { approve(w); start(w); finish(w) }, "scheduled by bo, started 00:00, finished 00:00 , approved []", ""},
		"approved before": {plan, approve, func(w *world) { start(w); finish(w) }, "approved by bo, started 00:00, finished 00:00 , approved [ana]", ""},
		"finished since":  {plan, func(w *world) { approve(w); start(w) }, finish, "in-progress by ana, started 11:00, finished 00:00 , approved [ana]", ""},
		"approved since":  {plan, nil, approve, "scheduled by bo, started 00:00, finished 00:00 , approved []", ""},
		"aborted since":   {plan, start, func(w *world) { record(w, change.Abort, nil) }, "in-progress by ana, started 11:00, finished 00:00 , approved []", ""},
		"recorded by an automation": {done, nil, func(w *world) { record(w, change.Recorded, map[string]string{change.FieldOutcome: "success"}) },
			"scheduled by , started 00:00, finished 00:00 , approved []", "record values unknown: finished_at, outcome"},
	} {
		w := newWorld(c.description, "change", "change::scheduled")
		for n, act := range []func(*world){c.before, c.since} {
			if w.now = clock(11+2*n, 0); act != nil {
				act(w)
			}
		}
		past, _, unknown := history.Issue(w.issue, w.History, noon)
		chg := change.Of(past, changes)
		r := chg.Record
		got := fmt.Sprintf("%s by %s, started %s, finished %s %s, approved %v", chg.State, r.ExecutedBy(), r.StartedAt.Format("15:04"), r.FinishedAt.Format("15:04"), string(r.Outcome), r.ApprovedBy)
		if text := strings.TrimPrefix(strings.Join(unknown, "; "), "acme/production#5: "); got != c.want || text != c.unknown {
			t.Errorf("%s: %s, unknown %q; want %s, %q\n%s", name, got, text, c.want, c.unknown, past.Description)
		}
	}
}

// TestRebuildsEveryState checks that an issue is rebuilt as it was at every point of a random history.
func TestRebuildsEveryState(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(opened(incident.Opening{Severity: incident.S3}, clock(10, 0)), "incident", "Incident::Active", "S3")
		saved := map[time.Time]issue.Issue{w.now: w.issue}
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			w.now = w.now.Add(rapid.SampledFrom([]time.Duration{0, time.Second, time.Hour}).Draw(t, "wait"))
			name := rapid.SampledFrom([]string{"a", "b", "Incident::Mitigated", "outage"}).Draw(t, "label")
			switch rapid.IntRange(0, 5).Draw(t, "what") {
			case 0:
				w.relabel([]string{name}, nil)
			case 1:
				w.relabel(nil, []string{name})
			case 2:
				w.turn()
			case 3:
				w.incident(rapid.SampledFrom([]incident.Verb{incident.Update, incident.Mitigate, incident.Resolve, incident.Reopen, incident.Review}).Draw(t, "verb"), nil)
			case 4:
				if who := rapid.SampledFrom([]string{"ana", "bo"}).Draw(t, "who"); slices.Contains(w.issue.Assignees, who) {
					w.issue.Assignees = slices.DeleteFunc(slices.Clone(w.issue.Assignees), func(a string) bool { return a == who })
					w.note("unassigned @"+who, true)
				} else {
					w.issue.Assignees = append(slices.Clone(w.issue.Assignees), who)
					w.note("assigned to @"+who, true)
				}
			case 5:
				title := rapid.SampledFrom([]string{"Mail", "Web"}).Draw(t, "title")
				if title != w.issue.Title {
					w.note("changed title from **{-"+w.issue.Title+"-}** to **{+"+title+"+}**", true)
				}
				w.issue.Title = title
			}
			saved[w.now] = w.issue
		}
		for at, want := range saved {
			got, existed, unknown := history.Issue(w.issue, w.History, at)
			r, past := incident.Of(want, incidents), incident.Of(got, incidents)
			slices.Sort(want.Assignees)
			slices.Sort(got.Assignees)
			if !existed || len(unknown) > 0 || want.Title != got.Title || want.State != got.State || !want.ClosedAt.Equal(got.ClosedAt) || !slices.Equal(want.Labels, got.Labels) ||
				!slices.Equal(want.Assignees, got.Assignees) || r.State != past.State || !cmp.Equal(r.Record, past.Record) {
				t.Fatalf("at %s: %q\n%s", at.Format("15:04:05"), unknown, cmp.Diff(fmt.Sprintf("%+v", r), fmt.Sprintf("%+v", past)))
			}
		}
	})
}
