package incident_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// world is a GitLab with one issue. Comments get their number before they can be read.
type world struct {
	issue  issue.Issue
	notes  []issue.Note
	lastID int64
}

// writer records one event and reconciles the issue, one request at a time.
type writer struct {
	event  eventlog.Event
	step   int
	id     int64
	notes  []issue.Note
	change issue.Change
	puts   int
}

const done = 5

// advance is the next request of a writer: number the comment, create it, read comments, read the issue, then change it or be done.
func (w world) advance(t tester, wr writer) (world, writer) {
	switch wr.step {
	case 0:
		w.lastID++
		wr.id = w.lastID
	case 1:
		w.notes = append(slices.Clone(w.notes), note(wr.id, wr.event))
	case 2:
		wr.notes = w.notes
	case 3:
		change, err := (incident.Reconciler{Labels: labels}).Reconcile(w.issue, wr.notes)
		if err != nil {
			t.Fatalf("reconcile: %v", err)
		}
		if wr.change = change; change.Empty() {
			wr.step = done
			return w, wr
		}
	case 4:
		w.issue = apply(w.issue, wr.change)
		wr.puts++
		wr.step = 2
		return w, wr
	}
	wr.step++
	return w, wr
}

// check wants the issue that results from all comments, whatever the order of writers.
func (w world) check(t tester, begin issue.Issue) {
	t.Helper()
	want := reconcile(t, begin, w.notes...)
	if w.issue.Description != want.Description || !gocmp.Equal(w.issue.Labels, want.Labels) || w.issue.State != want.State {
		t.Fatalf("labels %q, want %q; the issue is %s, want %s\n%s", w.issue.Labels, want.Labels, w.issue.State, want.State, gocmp.Diff(want.Description, w.issue.Description))
	}
	if on := states(w.issue); len(on) != 1 {
		t.Fatalf("state labels %q", on)
	}
}

func states(i issue.Issue) []string {
	return slices.DeleteFunc(slices.Clone(i.Labels), func(l string) bool { return !strings.HasPrefix(l, "Incident::") })
}

// orders runs writers through all orders of their requests. A situation that another order reached before is skipped.
type orders struct {
	begin issue.Issue
	seen  map[string]bool
	ends  int
}

func (o *orders) from(t tester, w world, writers []writer) {
	if key := situation(w, writers); o.seen[key] {
		return
	} else {
		o.seen[key] = true
	}
	open := false
	for n, wr := range writers {
		if wr.step == done {
			continue
		}
		open = true
		next, moved := w.advance(t, wr)
		with := slices.Clone(writers)
		with[n] = moved
		o.from(t, next, with)
	}
	if !open {
		o.ends++
		w.check(t, o.begin)
	}
}

// situation is all that decides what happens next.
func situation(w world, writers []writer) string {
	ids := func(notes []issue.Note) (list []int64) {
		for _, n := range notes {
			list = append(list, n.ID)
		}
		slices.Sort(list)
		return list
	}
	key := fmt.Sprint(w.issue.Description, w.issue.Labels, w.issue.State, w.lastID, ids(w.notes))
	for _, wr := range writers {
		key += fmt.Sprint("|", wr.step, wr.id)
		if wr.step == 3 {
			key += fmt.Sprint(ids(wr.notes))
		}
		if wr.step == 4 {
			key += fmt.Sprint(*wr.change.Description, wr.change.AddLabels, wr.change.RemoveLabels, wr.change.State != nil && *wr.change.State == issue.Closed, wr.change.State == nil)
		}
	}
	return key
}

func TestTwoWritersInEveryOrder(t *testing.T) {
	t.Parallel()
	event := func(v incident.Verb, clock, text string, fields map[string]string) eventlog.Event {
		return incident.NewEvent(v, at(clock), fields, text)
	}
	closing := map[string]string{incident.KeyClose: "true"}
	mitigate, resolve := event(incident.Mitigate, "10:30", "Failed over", nil), event(incident.Resolve, "10:40", "Fixed", closing)
	for name, pair := range map[string][2]eventlog.Event{
		"updates":              {event(incident.Update, "10:20", "one", nil), event(incident.Update, "10:15", "two", nil)},
		"severities":           {event(incident.Update, "10:20", "", map[string]string{incident.KeySeverity: "S1"}), event(incident.Update, "10:15", "", map[string]string{incident.KeySeverity: "S3"})},
		"mitigate and resolve": {mitigate, resolve},
		"resolve and reopen":   {resolve, event(incident.Reopen, "10:50", "Back", nil)},
		"mitigate twice":       {mitigate, event(incident.Mitigate, "10:29", "No, earlier", nil)},
		"services":             {event(incident.Update, "10:20", "", map[string]string{incident.KeyServices: "web"}), event(incident.Update, "10:20", "", map[string]string{incident.KeyServices: "api", incident.KeyDataLoss: "true"})},
		"relations":            {relation("acme/a#1"), relation("acme/b#1")},
	} {
		begin := opened()
		o := orders{begin: begin, seen: map[string]bool{}}
		o.from(t, world{issue: begin}, []writer{{event: pair[0]}, {event: pair[1]}})
		if len(o.seen) < 100 || o.ends < 2 {
			t.Errorf("%s: %d situations, %d ends", name, len(o.seen), o.ends)
		}
		t.Logf("%s: %d situations, %d ends", name, len(o.seen), o.ends)
	}
}

var verbs = []incident.Verb{incident.Update, incident.Mitigate, incident.Resolve, incident.Reopen, incident.Review, incident.Relate, incident.Action}

var anyEvent = rapid.Custom(func(t *rapid.T) eventlog.Event {
	fields := map[string]string{}
	add := func(key string, values ...string) {
		if rapid.IntRange(0, 4).Draw(t, "has "+key) == 0 {
			fields[key] = rapid.SampledFrom(values).Draw(t, key)
		}
	}
	add(incident.KeySeverity, "S1", "S2", "S3", "s4", "bad")
	add(incident.KeyServices, "web", "web, api", "registry")
	add(incident.KeyCause, "disk: full", "- x #1", "\"quoted\"")
	add(incident.KeyImpact, "0.5", "1", "40%")
	add(incident.KeyDataLoss, "true", "false")
	add(incident.KeyClose, "true")
	add(incident.KeyMitigated, "2018-08-24T10:31:00Z")
	verb := rapid.SampledFrom(verbs).Draw(t, "verb")
	if verb == incident.Relate {
		return relation(rapid.SampledFrom([]string{"acme/a#1", "acme/b#2"}).Draw(t, "ref"))
	}
	if verb == incident.Action {
		fields[incident.KeyRelated] = rapid.SampledFrom([]string{"acme/a#1", "acme/c#3"}).Draw(t, "ref")
	}
	when := day.Add(time.Duration(rapid.IntRange(0, 3*24*60).Draw(t, "minute")) * time.Minute)
	return incident.NewEvent(verb, when, fields, rapid.SampledFrom([]string{"", "Restarted", "two\nlines", "/close @all <!-- x", "- 10:00 y <!-- 1:abcd -->"}).Draw(t, "text"))
})

func TestManyWritersInAnyOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		begin := opened()
		w := world{issue: begin}
		var writers []writer
		for range rapid.IntRange(2, 6).Draw(t, "writers") {
			writers = append(writers, writer{event: anyEvent.Draw(t, "event")})
		}
		for {
			var open []int
			for n := range writers {
				if writers[n].step != done {
					open = append(open, n)
				}
			}
			if len(open) == 0 {
				break
			}
			n := rapid.SampledFrom(open).Draw(t, "writer")
			w, writers[n] = w.advance(t, writers[n])
			if writers[n].puts > 3*len(writers) {
				t.Fatalf("writer %d never ends", n)
			}
		}
		w.check(t, begin)
	})
}

// The result is the same whatever was reconciled in between, with exactly one state label.
func TestReconcileInPieces(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var notes []issue.Note
		i := opened()
		for n := range rapid.IntRange(1, 12).Draw(t, "events") {
			notes = append(notes, note(int64(100+n), anyEvent.Draw(t, "event")))
			if rapid.Bool().Draw(t, "reconcile") {
				i = reconcile(t, i, notes...)
				if on := states(i); len(on) != 1 {
					t.Fatalf("state labels %q", on)
				}
			}
		}
		world{issue: reconcile(t, i, notes...), notes: notes}.check(t, opened())
		checkTimeline(t, reconcile(t, i, notes...), notes)
	})
}

// checkTimeline wants every event with a time once, under its date, in the order of times.
func checkTimeline(t tester, i issue.Issue, notes []issue.Note) {
	t.Helper()
	lines := timelineOf(i)
	for _, e := range eventlog.Events(notes, incident.Kind) {
		want := 1
		if e.At.Equal(eventlog.Undated) {
			want = 0
		}
		if got := strings.Count(lines, fmt.Sprintf("<!-- %d:", e.NoteID)); got != want {
			t.Fatalf("the line of %d is there %d times in\n%s", e.NoteID, got, lines)
		}
	}
	date, last := "", ""
	for _, line := range strings.Split(lines, "\n") {
		if d, ok := strings.CutPrefix(line, "### "); ok {
			date = d
		}
		if rest, ok := strings.CutPrefix(line, "- "); ok {
			if now := date + " " + rest[:5]; now < last {
				t.Fatalf("%s comes after %s in\n%s", now, last, lines)
			} else {
				last = now
			}
		}
	}
}

// edits are manual edits of an issue.
var edits = map[string]func(*rapid.T, *issue.Issue){
	"a sentence":  func(_ *rapid.T, i *issue.Issue) { i.Description = "By a person.\n\n" + i.Description },
	"a last line": func(_ *rapid.T, i *issue.Issue) { i.Description += "\nBy a person." },
	"carriage": func(_ *rapid.T, i *issue.Issue) {
		i.Description = strings.ReplaceAll(strings.ReplaceAll(i.Description, "\r", ""), "\n", "\r\n")
	},
	"a comment": func(_ *rapid.T, i *issue.Issue) {
		i.Description = strings.Replace(i.Description, "data_loss:", "# by a person\nowner: By a person\ndata_loss:", 1)
	},
	"a value": func(_ *rapid.T, i *issue.Issue) {
		i.Description = strings.Replace(i.Description, "severity: ", "severity: sev-2 # was ", 1)
	},
	"their line": func(_ *rapid.T, i *issue.Issue) {
		i.Description = strings.Replace(i.Description, "\n- 1", "\n- 10:17 By a person\n  who called\n- 1", 1)
	},
	"our line": func(_ *rapid.T, i *issue.Issue) {
		i.Description = strings.Replace(i.Description, " <!-- 10", " By a person <!-- 10", 1)
	},
	"no lines": func(t *rapid.T, i *issue.Issue) {
		deleteLine(t, i, func(l string) bool { return strings.Contains(l, "<!-- 10") })
	},
	"a broken mark": func(t *rapid.T, i *issue.Issue) {
		deleteLine(t, i, func(l string) bool { return strings.HasPrefix(l, "<!-- prodctl") })
	},
	"any line": func(t *rapid.T, i *issue.Issue) { deleteLine(t, i, func(string) bool { return true }) },
	"a label": func(t *rapid.T, i *issue.Issue) {
		i.Labels = append(slices.Clone(i.Labels), rapid.SampledFrom([]string{"Incident::Active", "Incident::Resolved", "S1", "S4", "service:api", "mine"}).Draw(t, "label"))
		slices.Sort(i.Labels)
		i.Labels = slices.Compact(i.Labels)
	},
	"no label": func(t *rapid.T, i *issue.Issue) {
		n := rapid.IntRange(0, max(0, len(i.Labels)-1)).Draw(t, "n")
		i.Labels = slices.Concat(i.Labels[:min(n, len(i.Labels))], i.Labels[min(n+1, len(i.Labels)):])
	},
	"nothing left": func(_ *rapid.T, i *issue.Issue) { i.Description = "" },
}

func deleteLine(t *rapid.T, i *issue.Issue, which func(string) bool) {
	lines := strings.Split(i.Description, "\n")
	var found []int
	for n, l := range lines {
		if which(l) {
			found = append(found, n)
		}
	}
	if len(found) > 0 {
		n := rapid.SampledFrom(found).Draw(t, "line")
		i.Description = strings.Join(slices.Delete(lines, n, n+1), "\n")
	}
}

func TestManualEditsBetweenEvents(t *testing.T) {
	t.Parallel()
	var names []string
	for name := range edits {
		names = append(names, name)
	}
	slices.SortFunc(names, cmp.Compare[string])
	rapid.Check(t, func(t *rapid.T) {
		i := opened()
		var notes []issue.Note
		for n := range rapid.IntRange(1, 8).Draw(t, "events") {
			for range rapid.IntRange(0, 2).Draw(t, "edits") {
				edits[rapid.SampledFrom(names).Draw(t, "edit")](t, &i)
			}
			theirs := strings.Count(i.Description, "By a person")
			notes = append(notes, note(int64(100+n), anyEvent.Draw(t, "event")))
			i = reconcile(t, i, notes...)
			if got := strings.Count(i.Description, "By a person"); got != theirs {
				t.Fatalf("%d of %d words of people are left in\n%s", got, theirs, i.Description)
			}
			if len(states(i)) > 1 {
				t.Fatalf("labels %q", i.Labels)
			}
			checkRecord(t, i, notes[n])
		}
	})
}

// checkRecord wants the last event in the record.
func checkRecord(t tester, i issue.Issue, last issue.Note) {
	t.Helper()
	e, _ := eventlog.Read(last)
	r := incident.Read(i.Description, i.CreatedAt)
	if !r.Exists || r.AsOfNote != last.ID {
		t.Fatalf("the record follows %d, want %d, in\n%s", r.AsOfNote, last.ID, i.Description)
	}
	if s, err := incident.ParseSeverity(e.Fields[incident.KeySeverity]); err == nil && (r.Severity != s || !i.Has(labels.Severity(s))) {
		t.Fatalf("severity %v, want %v, labels %q", r.Severity, s, i.Labels)
	}
}
