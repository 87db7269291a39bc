package handoff

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

const ready = "Ready_to_Handoff"

func TestReconcile(t *testing.T) {
	t.Parallel()
	mark := written(5, "mara", 1, NewMark(noon, Texts{LeftOff: "one", Next: "two"}))
	take := written(6, "dev", 2, NewTake(noon, Offer{Mark: Mark{NoteID: 5}}, ""))
	open := func(labels []string, assignees ...int64) issue.Issue {
		return issue.Issue{State: issue.Opened, Labels: labels, AssigneeIDs: assignees}
	}
	for _, c := range []struct {
		name  string
		issue issue.Issue
		notes []issue.Note
		want  issue.Change
	}{
		{name: "no events", issue: open(nil)},
		{name: "labelled by hand", issue: open([]string{ready}, 7)},
		{name: "marked", issue: open([]string{"toil"}, 7), notes: []issue.Note{mark}, want: issue.Change{AddLabels: []string{ready}}},
		{name: "marked and labelled", issue: open([]string{ready}, 7), notes: []issue.Note{mark}},
		{name: "taken", issue: open([]string{ready}, 7), notes: []issue.Note{mark, take}, want: issue.Change{RemoveLabels: []string{ready}, AssigneeIDs: []int64{2}}},
		{name: "taken by one of two", issue: open(nil, 2, 7), notes: []issue.Note{mark, take}, want: issue.Change{AssigneeIDs: []int64{2}}},
		{name: "taken and assigned", issue: open(nil, 2), notes: []issue.Note{mark, take}},
		{name: "closed", issue: issue.Issue{State: issue.Closed, Labels: []string{ready}}, notes: []issue.Note{mark, take}},
	} {
		got, err := Reconciler{ready}.Reconcile(c.issue, c.notes)
		if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", c.name, err, diff)
		}
	}
}

// A label set by hand is an offer of its own, with the same name for everybody who takes it.
func TestManualOffer(t *testing.T) {
	t.Parallel()
	mark := written(5, "mara", 1, NewMark(noon, Texts{LeftOff: "one", Next: "two"}))
	take := written(6, "dev", 2, NewTake(noon, Latest([]issue.Note{mark}), ""))
	set := noon.Add(time.Hour)
	hand := Latest([]issue.Note{mark, take}).Manual(set)
	if hand.Taken() || hand.Mark.NoteID != 0 || hand.Name() == "" || hand.Name() != (Offer{}).Manual(set.In(time.FixedZone("", 3600))).Name() {
		t.Fatalf("%+v", hand)
	}
	second := written(7, "rep", 3, NewTake(noon, hand, ""))
	late := written(8, "dev", 2, NewTake(noon, hand, ""))
	o := Latest([]issue.Note{mark, take, second, late})
	if o.Take.Author != "rep" || o.Name() != hand.Name() || o.Manual(set).Take.Author != "rep" || o.Manual(set.Add(time.Minute)).Taken() {
		t.Errorf("%+v", o)
	}
	if m, ok := CurrentMark([]issue.Note{mark, take, second}); ok || m.TakenBy != "rep" {
		t.Errorf("%v, %+v", ok, m)
	}
	if _, lost := (Claim{}).Claims([]issue.Note{mark, take, second, late}); len(lost) != 1 || lost[0].NoteID != 8 {
		t.Errorf("lost: %+v", lost)
	}
	before := written(9, "rep", 3, NewTake(noon, Offer{}.Manual(noon), "")) // of an earlier manual offer
	if o := Latest([]issue.Note{mark, take, second, before}); o.Take.NoteID != 7 {
		t.Errorf("%+v", o)
	}
	if !hand.Since().Equal(set) || !Latest([]issue.Note{mark}).Since().Equal(mark.CreatedAt) || !(Offer{}).Since().IsZero() {
		t.Errorf("made at %s", hand.Since())
	}
	if (Offer{}).Name() != "" {
		t.Error("an empty offer has a name")
	}
}

// Who set the label, and when, decides whether it is a new offer.
func TestOffered(t *testing.T) {
	t.Parallel()
	mark := written(5, "mara", 1, NewMark(noon, Texts{LeftOff: "one", Next: "two"}))
	take := written(6, "dev", 2, NewTake(noon, Latest([]issue.Note{mark}), ""))
	set := func(minute int, user, label string) issue.Event {
		return issue.Event{At: noon.Add(time.Duration(minute) * time.Minute), User: user, Action: "add", Name: label}
	}
	hand := Offer{}.Manual(noon.Add(30 * time.Minute)).Name()
	for _, c := range []struct {
		name   string
		notes  []issue.Note
		events []issue.Event
		want   string
		taken  bool
	}{
		{"set by hand", nil, []issue.Event{set(10, "mara", ready), set(30, "mara", ready), set(40, "mara", "toil")}, hand, false},
		{"without an event", nil, nil, Offer{}.Manual(noon).Name(), false},
		{"marked", []issue.Note{mark}, []issue.Event{set(30, "mara", ready)}, "5", false},
		{"taken, the label not removed yet", []issue.Note{mark, take}, []issue.Event{set(5, "mara", ready)}, "5", true},
		{"label of the mark set after the take", []issue.Note{mark, take}, []issue.Event{set(7, "mara", ready)}, "5", true},
		{"taken, and set again by hand", []issue.Note{mark, take}, []issue.Event{set(5, "mara", ready), set(30, "mara", ready)}, hand, false},
		{"set by somebody else at once", []issue.Note{mark, take}, []issue.Event{set(7, "rep", ready)}, Offer{}.Manual(noon.Add(7 * time.Minute)).Name(), false},
	} {
		if o := Latest(c.notes).Offered(ready, c.events, noon); o.Name() != c.want || o.Taken() != c.taken {
			t.Errorf("%s: %q, taken %v", c.name, o.Name(), o.Taken())
		}
	}
}

// If two runs of one person take an issue at once, the duplicate loses.
func TestDuplicateTakeLoses(t *testing.T) {
	t.Parallel()
	const key = "\n\n<!-- prodctl:key=handoff-take/5 -->"
	mark := written(5, "mara", 1, NewMark(noon, Texts{LeftOff: "one", Next: "two"}))
	var notes []issue.Note
	for id := range int64(3) {
		n := written(6+id, "dev", 2, NewTake(noon, Latest([]issue.Note{mark}), ""))
		n.Body += key
		notes = append(notes, n)
	}
	holder, lost := Claim{}.Claims(append(notes, mark))
	var ids []int64
	for _, e := range lost {
		ids = append(ids, e.NoteID)
	}
	if slices.Sort(ids); holder.NoteID != 6 || !slices.Equal(ids, []int64{7, 8}) {
		t.Errorf("held by %d, lost %v", holder.NoteID, ids)
	}
}

// For any events in any order, at most one person has the issue, everybody agrees on who, all others lose, and a reconciled issue needs no
// further change.
func TestExactlyOneTakeWins(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var notes []issue.Note
		for id := range int64(rapid.IntRange(0, 8).Draw(t, "entries")) {
			user := rapid.Int64Range(1, 3).Draw(t, "user")
			e := NewMark(noon, Texts{LeftOff: "one", Next: "two"})
			switch rapid.IntRange(0, 3).Draw(t, "verb") {
			case 0:
				e = NewTake(noon, Latest(notes), "")
			case 1:
				e = NewTake(noon, Latest(notes).Manual(noon.Add(time.Duration(rapid.IntRange(0, 2).Draw(t, "set"))*time.Minute)), "")
			case 2:
				e = NewTake(noon, Offer{Mark: Mark{NoteID: 1}}, "") // of the first mark, read late
			}
			n := written(id+1, "x", user, e)
			n.Trusted = rapid.IntRange(0, 4).Draw(t, "trusted") > 0
			notes = append(notes, n)
		}
		holder, lost := Claim{}.Claims(notes)
		last := Latest(notes).Mark.NoteID
		for _, e := range lost {
			if e.NoteID == holder.NoteID || e.NoteID <= last || !e.Trusted || e.Verb != VerbTake {
				t.Fatalf("lost: %+v", e)
			}
		}
		left := slices.DeleteFunc(slices.Clone(notes), func(n issue.Note) bool {
			return slices.ContainsFunc(lost, func(e eventlog.Event) bool { return e.NoteID == n.ID })
		})
		slices.Reverse(left)
		if other, none := (Claim{}).Claims(left); other.NoteID != holder.NoteID || len(none) > 0 {
			t.Fatalf("without lost takes: held by %d, not %d; lost %v", other.NoteID, holder.NoteID, none)
		}
		i := issue.Issue{State: issue.Opened, Labels: []string{ready}[:rapid.IntRange(0, 1).Draw(t, "labels")], AssigneeIDs: []int64{9}}
		c, _ := Reconciler{ready}.Reconcile(i, notes)
		i.Labels = slices.DeleteFunc(slices.Concat(i.Labels, c.AddLabels), func(l string) bool { return slices.Contains(c.RemoveLabels, l) })
		if len(c.AssigneeIDs) > 0 {
			i.AssigneeIDs = c.AssigneeIDs
		}
		if c, _ := (Reconciler{ready}).Reconcile(i, notes); !c.Empty() {
			t.Fatalf("reconciled, it still needs %+v", c)
		}
		if _, current := CurrentMark(notes); current && !i.Has(ready) || holder.NoteID != 0 && (i.Has(ready) || i.AssigneeIDs[0] != holder.AuthorID) {
			t.Fatalf("current %v, held by %d: %+v", current, holder.AuthorID, i)
		}
	})
}
