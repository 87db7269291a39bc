package handoff

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
)

const shiftID = "2018-08-24T04:00Z/EMEA"

func TestReceipts(t *testing.T) {
	t.Parallel()
	mine := written(6, "chris", 2, NewReceipt(noon, shiftID, "", "watch the registry @all"))
	bot := written(7, "bot", 9, NewReceipt(noon, shiftID, "dee", ""))
	stranger := written(5, "guest", 8, NewReceipt(noon, shiftID, "", ""))
	stranger.Trusted = false
	other := written(4, "ana", 1, NewReceipt(noon, "2018-08-23T16:00Z/AMER", "", ""))
	r := ReceiptOf([]issue.Note{other, stranger, bot, mine}, shiftID)
	if !r.Accepted() || r.By != "chris" || r.Author != "chris" || r.Text != "watch the registry @\u2060all" && r.Text != Safe("watch the registry @all") || !r.At.Equal(mine.CreatedAt) {
		t.Errorf("%+v", r)
	}
	if r := ReceiptOf([]issue.Note{other, stranger, bot}, shiftID); r.By != "dee" || r.Author != "bot" {
		t.Errorf("%+v", r)
	}
	if r := ReceiptOf([]issue.Note{other, stranger}, shiftID); r.Accepted() || r.By != "" {
		t.Errorf("%+v", r)
	}
	holder, _ := Acceptance{shiftID}.Claims([]issue.Note{bot})
	if got := (Acceptance{shiftID}).Refusal(holder); got != "already accepted by @dee at 2018-08-24 16:05 UTC" {
		t.Error(got)
	}
}

// Whatever is posted, in whatever order, one receipt counts, and removing those that lost changes nothing.
func TestOneReceiptCounts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var notes []issue.Note
		for id := range int64(rapid.IntRange(0, 6).Draw(t, "comments")) {
			e := NewReceipt(noon, rapid.SampledFrom([]string{shiftID, "other"}).Draw(t, "shift"), rapid.SampledFrom([]string{"", "dee"}).Draw(t, "for"), "")
			n := written(id+1, "x", rapid.Int64Range(1, 3).Draw(t, "user"), e)
			if rapid.Bool().Draw(t, "keyed") {
				n.Body += "\n\n<!-- prodctl:key=handoff-accept/" + shiftID + " -->"
			}
			n.Trusted = rapid.IntRange(0, 4).Draw(t, "trusted") > 0
			notes = append(notes, n)
		}
		holder, lost := Acceptance{shiftID}.Claims(notes)
		if (holder.NoteID == 0) && len(lost) > 0 {
			t.Fatalf("nobody has it, and %+v lost", lost)
		}
		left := slices.DeleteFunc(slices.Clone(notes), func(n issue.Note) bool {
			return slices.ContainsFunc(lost, func(e eventlog.Event) bool { return e.NoteID == n.ID })
		})
		slices.Reverse(left)
		if again, none := (Acceptance{shiftID}).Claims(left); again.NoteID != holder.NoteID || len(none) > 0 {
			t.Fatalf("%d instead of %d; lost %+v", again.NoteID, holder.NoteID, none)
		}
	})
}

func TestNeededReceipts(t *testing.T) {
	t.Parallel()
	previous := oncall.Shift{Region: "AMER", From: noon.Add(-24 * time.Hour), To: noon.Add(-12 * time.Hour)}
	shift := oncall.Shift{Region: "EMEA", From: previous.To, To: noon}
	if got := HandedOver(shift, previous, noon.Add(-time.Second)); got.Region != "AMER" {
		t.Errorf("before its end: %v", got)
	}
	if got := HandedOver(shift, previous, noon); got.Region != "EMEA" {
		t.Errorf("at its end: %v", got)
	}
	r := Receipt{Shift: shift.ID(), Ended: shift.To}
	if !r.Needed(noon.Add(-time.Second)) || r.Needed(noon) || (Receipt{Shift: "x", Ended: noon, NoteID: 1}).Needed(shift.From) || (Receipt{}).Needed(shift.From) {
		t.Error("what began before the hand-off, and only that, needs a receipt")
	}
}

func TestNamesOfComments(t *testing.T) {
	t.Parallel()
	for n := 1; n < 30; n++ {
		if got := CommentOf(NameOfComment(shiftID, n), shiftID); got != n {
			t.Errorf("comment %d is %d", n, got)
		}
	}
	for _, name := range []string{"", shiftID + "/", shiftID + "/x", shiftID + "/02", shiftID + "/1", shiftID + "/-2", "2018-08-24T04:00Z", shiftID + "/2/2"} {
		if got := CommentOf(name, shiftID); got != 0 {
			t.Errorf("%q is comment %d", name, got)
		}
	}
}
