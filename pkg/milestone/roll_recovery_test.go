package milestone

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// killedAnywhere compares an undisturbed roll with rolls that are killed after any action and then run again.
func killedAnywhere(t *testing.T, start *world, day string, o RollOptions) {
	t.Helper()
	whole := start.clone()
	actions := whole.roll(t, date(day), o).Actions
	for k := range len(actions) + 1 {
		half := start.clone()
		half.do(t, actions[:k])
		again, err := half.plan(t, date(day), o)
		if err != nil {
			t.Errorf("killed after %d of %d: %v", k, len(actions), err)
			continue
		}
		half.do(t, again.Actions)
		if diff := cmp.Diff(whole.picture(), half.picture()); diff != "" {
			t.Errorf("killed after %d of %d (-want +got):\n%s", k, len(actions), diff)
		}
	}
}

func august() *world { return teamAt(Handbook().At(date("2018-08-24")), 2, 1) }

// withArchive gives the team a timebox that is already finished.
func withArchive(w *world) *world {
	old := Handbook().At(date("2018-08-10"))
	w.ms[0] = Milestone{ID: 1, IID: 1, Title: "2018-08-10 Milestone", State: Closed, Start: old.Start, Due: old.Due}
	return w
}

func TestKilledWithoutNext(t *testing.T) {
	w := august()
	w.ms, w.issues = w.ms[:2], w.issues[:3]
	killedAnywhere(t, w, "2018-08-24", RollOptions{Carry: CarryToCurrent})
}

func TestRollAndEnsureDoNotPointAtEachOther(t *testing.T) {
	w := august()
	w.ms, w.issues = w.ms[:2], w.issues[:3]
	w.do(t, w.clone().roll(t, date("2018-08-24"), RollOptions{Carry: CarryToCurrent}).Actions[:1])
	_, err := w.plan(t, date("2018-08-24"), RollOptions{Carry: CarryToCurrent})
	_, err2 := PlanEnsure(testRules(), Observation{Milestones: w.ms, Today: date("2018-08-24")}, false)
	var roll, ensure *Refusal
	if errors.As(err, &roll) && errors.As(err2, &ensure) {
		t.Errorf("roll: %s → %s\nensure: %s → %s", roll.Reason, roll.Hint, ensure.Reason, ensure.Hint)
	}
}

func TestFromByTitleOfAnEmptyTimebox(t *testing.T) {
	w := teamAt(Handbook().At(date("2018-08-24")), 0, 0)
	w.ms[1].Title, w.ms[2].Title = "Sprint 12", "Sprint 13"
	killedAnywhere(t, w, "2018-08-24", RollOptions{From: "Sprint 12", To: "Sprint 13", Carry: CarryToCurrent})
}

func TestRealignOfAnExtendedCurrentIsResumable(t *testing.T) {
	w := august()
	w.ms[1].Due = date("2018-08-29")
	killedAnywhere(t, w, "2018-08-29", RollOptions{Realign: true, Carry: CarryToCurrent})
}

func TestRealignOfAnExtendedCurrentSkipsNoTimebox(t *testing.T) {
	w := august()
	w.ms[1].Due = date("2018-08-27") // from the Friday to the Monday
	w.roll(t, date("2018-08-27"), RollOptions{Realign: true, Carry: CarryToCurrent})
	if s, _ := testRules().Survey(w.ms); s.Current.Start != date("2018-08-27") {
		t.Errorf("on 2018-08-27 Current is %s", s.Current.Box())
	}
}

func TestEnsureKeepsTheTimeboxOfAnExtendedCurrent(t *testing.T) {
	w := august()
	w.ms[1].Due = date("2018-08-27")
	r, err := PlanEnsure(testRules(), Observation{Milestones: w.ms, Today: date("2018-08-20")}, false)
	if err != nil || r.Current.Start != date("2018-08-13") {
		t.Errorf("on 2018-08-20 the running Current was moved to %s, %v", r.Current.Box(), err)
	}
}

func TestToThatIsNotFound(t *testing.T) {
	if r, err := withArchive(august()).plan(t, date("2018-08-24"), RollOptions{To: "Sprnt 13", Carry: CarryToCurrent}); err == nil {
		t.Errorf("--to \"Sprnt 13\" is ignored, %d actions", len(r.Actions))
	}
}

func TestToAClosedMilestone(t *testing.T) {
	w := august()
	w.ms[2].Title, w.ms[2].State = "Sprint 13", Closed
	r, err := w.plan(t, date("2018-08-24"), RollOptions{To: "3", Carry: CarryToCurrent})
	if err != nil {
		return
	}
	w.do(t, r.Actions)
	if s, _ := testRules().Survey(w.ms); s.Current == nil {
		t.Errorf("no open Current:\n%s", strings.Join(w.picture(), "\n"))
	}
}

func TestLeftoversFindTheirHomeAfterAnEditOfItsDates(t *testing.T) {
	w, o := august(), RollOptions{Carry: CarryToCurrent}
	w.do(t, w.clone().roll(t, date("2018-08-24"), o).Actions[:4]) // killed before the moves
	for i, m := range w.ms {
		if m.Title == "Current Milestone" {
			w.ms[i].Due = date("2018-09-08") // somebody gives it a day more
		}
	}
	r := w.roll(t, date("2018-08-25"), o)
	for _, i := range w.issues {
		if i.Open() && i.MilestoneID == 2 {
			t.Errorf("%s stays in the closed milestone; %d actions, notes %q", i.Ref, len(r.Actions), r.Notes)
		}
	}
}

func TestIssueThatArrivesDuringARollWithNothingCarried(t *testing.T) {
	w, o := teamAt(Handbook().At(date("2018-08-24")), 0, 2), RollOptions{Carry: CarryToCurrent}
	actions := w.clone().roll(t, date("2018-08-24"), o).Actions
	w.do(t, actions[:1])
	w.issues = append(w.issues, issue.Issue{Ref: issue.Ref{Project: "acme/infrastructure", IID: 50}, State: issue.Opened, MilestoneID: 2})
	w.do(t, actions[1:2])
	for _, day := range []string{"2018-08-24", "2018-08-25", "2018-09-07", "2018-09-21"} {
		w.roll(t, date(day), o)
	}
	for _, i := range w.issues {
		if i.Ref.IID == 50 && i.MilestoneID == 2 {
			t.Error("after four more rolls it is open in a closed milestone")
		}
	}
}

func TestMovedIssueIsNotDone(t *testing.T) {
	m := Measure([]issue.Issue{{State: issue.Closed, MovedToID: 77, Weight: new(5)}}, testRules().Labels, func(issue.Issue) bool { return true })
	if m.Done != (Tally{}) {
		t.Errorf("an issue that went to another project counts as done: %+v", m.Done)
	}
}

func TestCurrentClosedOrDeletedByHand(t *testing.T) {
	closed, deleted := withArchive(august()), withArchive(august())
	closed.ms[1].State = Closed
	deleted.ms = append(deleted.ms[:1:1], deleted.ms[2])
	for name, w := range map[string]*world{"closed": closed, "deleted": deleted} {
		_, err := PlanEnsure(testRules(), Observation{Milestones: w.ms, Today: date("2018-08-20")}, false)
		if err != nil && strings.Contains(err.Error(), "interrupted") {
			t.Errorf("%s: ensure says %v", name, err)
		}
	}
	_, err := closed.plan(t, date("2018-08-24"), RollOptions{Carry: CarryToCurrent})
	var r *Refusal
	if errors.As(err, &r) && strings.Contains(r.Hint, "--realign") {
		t.Errorf("closed: roll says %s → %s, which cannot work", r.Reason, r.Hint)
	}
}

func TestCopiedRecordMakesNoFinishedTimebox(t *testing.T) {
	w, o := august(), RollOptions{Carry: CarryToCurrent}
	copied := WriteRecord("", Record{Due: date("2018-07-27"), Carry: CarryToCurrent, To: date("2018-08-10"), Open: 2}, "| t |")
	w.ms = append(w.ms, Milestone{ID: 40, Title: "Launch", Description: copied, State: Active, Start: date("2018-08-01"), Due: date("2018-08-26")})
	w.do(t, w.clone().roll(t, date("2018-08-24"), o).Actions[:1])
	w.roll(t, date("2018-08-24"), o)
	if !w.ms[3].Open() {
		t.Error("the roll closed somebody's milestone \"Launch\"")
	}
}

func TestDuplicateWithAnEditedDescriptionStays(t *testing.T) {
	w := august()
	duplicate := w.ms[2]
	duplicate.ID, duplicate.IID, duplicate.Description = 7, 7, duplicate.Description+"\n\nOur goal: no pages at night."
	w.ms = append(w.ms, duplicate)
	w.roll(t, date("2018-08-20"), RollOptions{Carry: CarryToCurrent})
	if !strings.Contains(strings.Join(w.picture(), "\n"), "no pages at night") {
		t.Error("the description was deleted with the duplicate")
	}
}

func TestAnotherTimeboxsNameInATextStays(t *testing.T) {
	text := "What remained from\nAugust Milestone 1 - ending 2018-08-10\ncomes first."
	if got := HandbookNames().Describe(text, Handbook().At(date("2018-09-07")), Handbook()); !strings.Contains(got, "ending 2018-08-10") {
		t.Errorf("a person's line is gone: %q", got)
	}
}

func TestCatchUpOfATypoInTheYear(t *testing.T) {
	w := teamAt(Handbook().At(date("1918-08-23")), 0, 0)
	if r, err := w.plan(t, date("2018-08-24"), RollOptions{CatchUp: true, Carry: CarryToCurrent}); err == nil {
		t.Errorf("%d actions are planned without a warning", len(r.Actions))
	}
}

func TestDatesFarAway(t *testing.T) {
	if got := calendar.NewDate(9999, 12, 27).DaysSince(calendar.NewDate(2018, 8, 13)); got < 2_900_000 {
		t.Errorf("%d days from 2018 to 9999", got)
	}
	if box := Handbook().At(date("9999-12-27")); box.Start.Weekday() != time.Monday {
		t.Errorf("a timebox begins on a %s: %s", box.Start.Weekday(), box)
	}
}
