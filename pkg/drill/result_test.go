package drill_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/drill"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestSizes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in          string
		want        drill.Size
		long, short string
	}{
		{"412GiB", 412 << 30, "412 GiB", "412 GiB"},
		{"1.5 tb", 1_500_000_000_000, "1.5 TB", "1.4 TiB"},
		{"900 MB", 900_000_000, "900 MB", "858 MiB"},
		{"12", 12, "12 B", "12 B"},
		{"1024", 1024, "1 KiB", "1 KiB"},
		{"0.5KiB", 512, "512 B", "512 B"},
		{"9.96GiB", 10694468567, "10694468567 B", "10 GiB"},
		{"", 0, "", ""},
	} {
		got, err := drill.ParseSize(tt.in)
		if err != nil || got != tt.want || got.String() != tt.long || got.Short() != tt.short {
			t.Errorf("%q: %d %q %q, %v", tt.in, got, got, got.Short(), err)
		}
	}
	for _, in := range []string{"big", "-1GiB", "0", "1.GiB", ".5GiB", "1e3", "9999999999 TiB", "GiB", "1 2 x"} {
		if got, err := drill.ParseSize(in); err == nil {
			t.Errorf("%q is %d", in, got)
		}
	}
}

func sizes() *rapid.Generator[drill.Size] {
	return rapid.Custom(func(t *rapid.T) drill.Size {
		return drill.Size(rapid.Int64Range(1, 1<<50).Draw(t, "bytes"))
	})
}

func TestSizesRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := sizes().Draw(t, "size")
		if again, err := drill.ParseSize(s.String()); err != nil || again != s {
			t.Fatalf("%d is %q, which is %d, %v", s, s, again, err)
		}
	})
}

func results() *rapid.Generator[drill.Result] {
	return rapid.Custom(func(t *rapid.T) drill.Result {
		r := drill.Result{Target: rapid.SampledFrom([]string{"db", "db-replica", "nfs_1", "a.b"}).Draw(t, "target"),
			Start:    at("2018-08-02T09:00:00Z").Add(time.Duration(rapid.IntRange(0, 1e6).Draw(t, "start")) * time.Second),
			Verified: rapid.Bool().Draw(t, "verified"), By: rapid.SampledFrom([]string{"", "maria"}).Draw(t, "by")}
		r.End = r.Start.Add(time.Duration(rapid.IntRange(0, 1e5).Draw(t, "length")) * time.Second)
		if rapid.Bool().Draw(t, "sized") {
			r.Size = sizes().Draw(t, "size")
		}
		r.Notes = rapid.SampledFrom([]string{"", "all rows; 3 tables", "failed; by hand; notes: 412 GiB", "12:00 to 13:00"}).Draw(t, "notes")
		return r
	})
}

func TestResultsRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := results().Draw(t, "result")
		again, err := drill.ParseResult(r.String(), time.Time{})
		if diff := cmp.Diff(r, again); err != nil || diff != "" {
			t.Fatalf("%s: %v %s", r, err, diff)
		}
	})
}

func TestResultsAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	day := at("2018-08-02T00:00:00Z")
	want := drill.Result{Target: "db", Start: at("2018-08-02T09:10:00Z"), End: at("2018-08-02T10:42:00Z"), Verified: true}
	for _, line := range []string{"db; verified; 09:10 to 10:42", "db;9:10 to 10:42 UTC;  Verified ;", "db; 2018-08-02 09:10 to 10:42; VERIFIED"} {
		got, err := drill.ParseResult(line, day)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%q: %v %s", line, err, diff)
		}
	}
	for line, text := range map[string]string{
		"":                                 "invalid target",
		"my db; verified; 09:10 to 10:42":  "invalid target",
		"db; 09:10 to 10:42":               "neither verified nor failed",
		"db; failed":                       "has no times",
		"db; failed; 10:42 to 09:10":       "ends before it starts",
		"db; failed; 25:00 to 26:00":       "out of range",
		"db; failed; 09:10 to 09:20; huge": "invalid size",
	} {
		if r, err := drill.ParseResult(line, day); err == nil || !strings.Contains(err.Error(), text) {
			t.Errorf("%q: %v, %v, want %q", line, r, err, text)
		}
	}
}

// opened is the issue of a drill with two targets.
func opened() issue.Issue {
	days := drill.Days{Rule: drill.Handbook()}
	o, _ := days.Find("2018-08")
	text := "Notes by the team.\n\n" + drill.Checklist([]drill.Target{{Name: "db", Kind: "database", Size: 412 << 30, Verify: "count the rows"},
		{Name: "db-replica"}}) + "\n\n" + drill.Record(o, []string{"maria", "sam"}) + "\n\n<!-- prodctl:key=drill/2018-08 -->"
	return issue.Issue{ID: 1, Ref: issue.Ref{Project: "acme/infrastructure", IID: 9}, State: issue.Opened, Description: text,
		CreatedAt: at("2018-08-02T06:00:00Z")}
}

func note(id int64, r drill.Result, text string) issue.Note {
	e := drill.Event(r, text)
	return issue.Note{ID: id, Body: eventlog.Body(e, drill.Heading(r, date("2018-08-02"))), Author: "maria", CreatedAt: r.End, Trusted: true}
}

func TestReconcileRecordsAndTicks(t *testing.T) {
	t.Parallel()
	i := opened()
	failed := drill.Result{Target: "db", Start: at("2018-08-02T09:10:00Z"), End: at("2018-08-02T09:30:00Z")}
	passed := drill.Result{Target: "db", Start: at("2018-08-02T10:00:00Z"), End: at("2018-08-02T11:32:00Z"), Size: 412 << 30, Verified: true}
	notes := []issue.Note{note(7, failed, "Disk full"), note(8, passed, "All rows\nare there")}
	change, err := drill.Reconciler{}.Reconcile(i, notes)
	if err != nil || change.Description == nil {
		t.Fatal(change, err)
	}
	want := strings.Replace(i.Description, "- [ ] `db` (", "- [x] `db` (", 1)
	want = strings.Replace(want, "people: [maria, sam]\n", "people: [maria, sam]\n"+
		`restore_1: "db; failed; 2018-08-02T09:10:00Z to 2018-08-02T09:30:00Z; by maria; notes: Disk full"`+"\n"+
		`restore_2: "db; verified; 2018-08-02T10:00:00Z to 2018-08-02T11:32:00Z; 412 GiB; by maria; notes: All rows are there"`+"\n"+
		"notes: [7, 8]\n", 1)
	got := *change.Description
	if got != want {
		t.Error(cmp.Diff(want, got))
	}
	i.Description = got
	d := drill.Read(i)
	if len(d.Problems) > 0 || d.Occurrence != "2018-08" || d.Day != date("2018-08-02") || len(d.Results) != 2 || d.Results[1].Attempt != 2 ||
		d.Results[1].Duration() != 92*time.Minute {
		t.Errorf("%+v", d)
	}
	if again, err := (drill.Reconciler{}).Reconcile(i, notes); err != nil || !again.Empty() {
		t.Errorf("a second time: %+v, %v", again, err)
	}
	untrusted := note(9, passed, "")
	untrusted.Trusted = false
	if again, _ := (drill.Reconciler{}).Reconcile(i, append(notes, untrusted)); !again.Empty() {
		t.Errorf("an event of a stranger: %+v", again)
	}
}

// TestReconcileKeepsPeoplesEdits checks that what people changed in the record and the checklist stays.
func TestReconcileKeepsPeoplesEdits(t *testing.T) {
	t.Parallel()
	i := opened()
	passed := drill.Result{Target: "db", Start: at("2018-08-02T10:00:00Z"), End: at("2018-08-02T11:32:00Z"), Verified: true}
	notes := []issue.Note{note(7, passed, "")}
	change, _ := drill.Reconciler{}.Reconcile(i, notes)
	edited := strings.Replace(*change.Description, "11:32:00Z", "11:40:00Z", 1)
	i.Description = strings.Replace(edited, "- [x] `db`", "- [ ] `db`", 1) + "\n\nMore by the team."
	other := drill.Result{Target: "db-replica", Start: at("2018-08-02T12:00:00Z"), End: at("2018-08-02T12:30:00Z"), Verified: true}
	change, _ = drill.Reconciler{}.Reconcile(i, append(notes, note(9, other, "")))
	got := *change.Description
	for _, part := range []string{"11:40:00Z", "- [ ] `db` (", "- [x] `db-replica`", "by maria\"\nnotes: [7, 9]", "More by the team."} {
		if !strings.Contains(got, part) {
			t.Errorf("%q is missing in\n%s", part, got)
		}
	}
}

// TestReconcileInAnyOrder checks that several writers, who see more and more comments in any order, lose no result and write none twice.
func TestReconcileInAnyOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var notes []issue.Note
		for n := range rapid.IntRange(1, 5).Draw(t, "notes") {
			notes = append(notes, note(int64(100+n), results().Draw(t, "result"), "text"))
		}
		i, visible := opened(), []issue.Note(nil)
		for _, n := range rapid.Permutation(notes).Draw(t, "order") {
			visible = append(visible, n)
			if change, err := (drill.Reconciler{}).Reconcile(i, visible); err == nil && change.Description != nil {
				i.Description = *change.Description
			}
		}
		if d := drill.Read(i); len(eventlog.Duplicates(notes, drill.Kind)) == 0 && (len(d.Results) != len(notes) || len(d.Problems) > 0) {
			t.Fatalf("%d results of %d comments, %v\n%s", len(d.Results), len(notes), d.Problems, i.Description)
		}
	})
}

func TestOnlyTheNamedTaskIsTicked(t *testing.T) {
	t.Parallel()
	passed := drill.Result{Target: "db", Start: at("2018-08-02T10:00:00Z"), End: at("2018-08-02T11:32:00Z"), Verified: true}
	for description, want := range map[string]string{
		"- [ ] `db-old`\n- [ ] `db`\n":             "- [ ] `db-old`\n- [x] `db`\n",
		"- [ ] dbx\n* [ ] **db**: all\n":           "- [ ] dbx\n* [x] **db**: all\n",
		"```\n- [ ] `db`\n```\n\n  - [ ] db. Yes":  "```\n- [ ] `db`\n```\n\n  - [x] db. Yes",
		"> - [ ] `db`\n\n- [ ] Restore the db\n":   "> - [ ] `db`\n\n- [ ] Restore the db\n",
		"- [x] `db`\n- [ ] `db` again\r\n- [ ] db": "- [x] `db`\n- [x] `db` again\r\n- [ ] db",
	} {
		i := opened()
		i.Description = description
		change, _ := drill.Reconciler{}.Reconcile(i, []issue.Note{note(7, passed, "")})
		if got, _, _ := strings.Cut(*change.Description, "```yaml"); strings.TrimRight(got, "\r\n") != strings.TrimRight(want, "\r\n") {
			t.Errorf("%q became %q, want %q", description, got, want)
		}
	}
}

func TestUnreadableRecord(t *testing.T) {
	t.Parallel()
	d := drill.Read(issue.Issue{Description: "```yaml prodctl/drill\noccurrence: 2018-08\nday: soon\nrestore_1: db\nrestore_x: other\nrestore_2:\n```"})
	if len(d.Results) != 0 || len(d.Problems) != 2 || d.Problems[0].Line != 3 || d.Problems[1].Line != 4 {
		t.Errorf("%+v", d)
	}
	if d := drill.Read(issue.Issue{Description: "text"}); d.Exists {
		t.Errorf("%+v", d)
	}
}

// A drill stays the one of its day when the rule gets several days a month; of two on one day each keeps its own.
func TestDrillOfAnOccurrence(t *testing.T) {
	t.Parallel()
	day := calendar.NewDate(2018, 9, 3)
	opened := drill.Drill{Occurrence: "2018-09", Day: day}
	for id, want := range map[string]bool{"2018-09": true, "2018-09-02": true, "2018-10": false} {
		if got := opened.Of(drill.Occurrence{ID: id, Day: day}); got != want {
			t.Errorf("2018-09 is %s: %t", id, got)
		}
	}
	if opened.Of(drill.Occurrence{ID: "2018-09-16", Day: day.AddDays(14)}) {
		t.Error("another day")
	}
	if (drill.Drill{Occurrence: "2018-09-15", Day: day}).Of(drill.Occurrence{ID: "2018-09-16", Day: day}) {
		t.Error("two on one day")
	}
}
