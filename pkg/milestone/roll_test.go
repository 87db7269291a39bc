package milestone

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// world is a tracker that applies actions as GitLab does, for tests of the rules.
type world struct {
	ms     []Milestone
	issues []issue.Issue
	nextID int64
}

func testRules() Rules {
	return Rules{Cadence: Handbook(), Names: HandbookNames(), Zone: time.UTC,
		Labels: Labels{Unscheduled: "unscheduled", Toil: "toil", CarriedOver: "carried-over"}}
}

// teamAt returns a team whose Current Milestone runs in box, with open and closed issues in it and some elsewhere.
func teamAt(box Timebox, open, closed int) *world {
	w := &world{nextID: 100}
	next := Handbook().Next(box)
	w.ms = []Milestone{
		{ID: 1, IID: 1, Title: "2001-01-01 Milestone", State: Closed},
		{ID: 2, IID: 2, Title: "Current Milestone", Description: Dated.Of(box, Handbook()) + "\n\nour words", State: Active, Start: box.Start, Due: box.Due},
		{ID: 3, IID: 3, Title: "Next Milestone", Description: Dated.Of(next, Handbook()), State: Active, Start: next.Start, Due: next.Due},
	}
	for n := range open + closed {
		state := issue.Opened
		if n >= open {
			state = issue.Closed
		}
		w.issues = append(w.issues, issue.Issue{Ref: issue.Ref{Project: "acme/infrastructure", IID: int64(n + 1)}, State: state, MilestoneID: 2, Milestone: "Current Milestone"})
	}
	w.issues = append(w.issues, issue.Issue{Ref: issue.Ref{Project: "acme/infrastructure", IID: 900}, State: issue.Opened, MilestoneID: 3},
		issue.Issue{Ref: issue.Ref{Project: "acme/infrastructure", IID: 901}, State: issue.Opened})
	return w
}

func (w *world) clone() *world {
	return &world{slices.Clone(w.ms), slices.Clone(w.issues), w.nextID}
}

// plan answers the rule's wants until it decides.
func (w *world) plan(t rapid.TB, today calendar.Date, o RollOptions) (Roll, error) {
	t.Helper()
	obs := Observation{Milestones: w.ms, Issues: map[int64][]issue.Issue{}, Today: today}
	for range 10 {
		roll, err := PlanRoll(testRules(), obs, o)
		if err != nil || len(roll.Wants) == 0 {
			return roll, err
		}
		for _, want := range roll.Wants {
			if !slices.Contains(w.ms, want.Milestone) {
				t.Fatalf("wants the issues of %q (%d), which is not called so now", want.Milestone.Title, want.Milestone.ID)
			}
			obs.Issues[want.Milestone.ID] = []issue.Issue{}
			for _, i := range w.issues {
				if i.MilestoneID == want.Milestone.ID && (i.Open() || !want.OpenOnly) {
					obs.Issues[want.Milestone.ID] = append(obs.Issues[want.Milestone.ID], i)
				}
			}
		}
	}
	t.Fatal("the rule never has enough")
	return Roll{}, nil
}

// do carries actions out.
func (w *world) do(t rapid.TB, actions []Action) {
	t.Helper()
	ids := map[int64]int64{}
	real := func(id int64) int64 {
		if made, ok := ids[id]; ok {
			return made
		}
		return id
	}
	for _, action := range actions {
		switch a := action.(type) {
		case Create:
			w.nextID++
			ids[a.ID] = w.nextID
			w.titleIsFree(t, a.Draft.Title, 0)
			w.ms = append(w.ms, Milestone{ID: w.nextID, IID: w.nextID, Title: a.Draft.Title, Description: a.Draft.Description, State: Active, Start: a.Draft.Start, Due: a.Draft.Due})
		case Update:
			at := slices.IndexFunc(w.ms, func(m Milestone) bool { return m.ID == real(a.Before.ID) })
			if a.Change.Title != nil {
				w.titleIsFree(t, *a.Change.Title, w.ms[at].ID)
			}
			if a.Change.State != nil && a.Change.Title != nil {
				t.Fatal("one request changes state and title")
			}
			w.ms[at] = a.Change.Of(w.ms[at])
		case Delete:
			for _, i := range w.issues {
				if i.MilestoneID == a.Milestone.ID {
					t.Fatalf("%s is still in the duplicate that is deleted", i.Ref)
				}
			}
			w.ms = slices.DeleteFunc(w.ms, func(m Milestone) bool { return m.ID == a.Milestone.ID })
		case Move:
			at := slices.IndexFunc(w.issues, func(i issue.Issue) bool { return i.Ref == a.Issue.Ref })
			w.issues[at].MilestoneID = real(a.To.ID)
			if a.Label != "" && !w.issues[at].Has(a.Label) {
				w.issues[at].Labels = append(slices.Clone(w.issues[at].Labels), a.Label)
			}
		}
	}
}

func (w *world) titleIsFree(t rapid.TB, title string, except int64) {
	t.Helper()
	if m, taken := holder(w.ms, title, except); taken {
		t.Fatalf("title %q is taken by %d", title, m.ID)
	}
}

// roll plans and applies all actions.
func (w *world) roll(t rapid.TB, today calendar.Date, o RollOptions) Roll {
	t.Helper()
	r, err := w.plan(t, today, o)
	if err != nil {
		t.Fatalf("roll on %s: %v", today, err)
	}
	w.do(t, r.Actions)
	return r
}

// picture returns the world without the ids of created milestones, for comparison.
func (w *world) picture() []string {
	var lines []string
	title := map[int64]string{}
	for _, m := range w.ms {
		title[m.ID] = m.Title
		lines = append(lines, fmt.Sprintf("%s %s %s %q", m.Title, m.State, m.Box(), m.Description))
	}
	for _, i := range w.issues {
		lines = append(lines, fmt.Sprintf("%s %s in %q %v", i.Ref, i.State, title[i.MilestoneID], i.Labels))
	}
	slices.Sort(lines)
	return lines
}

func TestRollFinishesTheTimebox(t *testing.T) {
	box := Handbook().At(date("2018-08-24"))
	w := teamAt(box, 2, 3)
	r := w.roll(t, date("2018-08-24"), RollOptions{Carry: CarryToCurrent})
	want := []string{
		`2001-01-01 Milestone closed  to  ""`,
		"2018-08-24 Milestone closed 2018-08-13 to 2018-08-24 " + fmt.Sprintf("%q", "August Milestone 2 - ending 2018-08-24\n\nour words\n\n"+
			"<!-- prodctl:roll due=2018-08-24 carry-over=current to=2018-09-07 open=2 -->\n"+
			"| | issues | weight |\n| --- | ---: | ---: |\n| done | 3 (60 %) | 0 (0 %) |\n| carried over to September Milestone 1 - ending 2018-09-07 | 2 (40 %) | 0 (0 %) |\n"+
			"| scheduled | 5 (100 %) | 0 (0 %) |\n| unscheduled | 0 (0 %) | 0 (0 %) |\n| toil | 0 (0 %) | 0 (0 %) |\n| all | 5 | 0 |\n<!-- /prodctl:roll -->"),
		`Current Milestone active 2018-08-27 to 2018-09-07 "September Milestone 1 - ending 2018-09-07"`,
		`Next Milestone active 2018-09-10 to 2018-09-21 "September Milestone 2 - ending 2018-09-21"`,
		`acme/infrastructure#1 opened in "Current Milestone" [carried-over]`,
		`acme/infrastructure#2 opened in "Current Milestone" [carried-over]`,
		`acme/infrastructure#3 closed in "2018-08-24 Milestone" []`,
		`acme/infrastructure#4 closed in "2018-08-24 Milestone" []`,
		`acme/infrastructure#5 closed in "2018-08-24 Milestone" []`,
		`acme/infrastructure#900 opened in "Current Milestone" []`,
		`acme/infrastructure#901 opened in "" []`,
	}
	if diff := cmp.Diff(want, w.picture()); diff != "" {
		t.Errorf("after the roll (-want +got):\n%s", diff)
	}
	if len(r.Actions) != 4+2 {
		t.Errorf("%d actions, want 4 on milestones and 2 on issues", len(r.Actions))
	}
}

func anyOptions(t *rapid.T) RollOptions {
	return RollOptions{CatchUp: true, Carry: rapid.SampledFrom([]CarryOver{CarryToCurrent, CarryToNext, CarryKeep}).Draw(t, "carry")}
}

// However far a run got, running the same command again has the result of an undisturbed run (promise W2).
func TestRollFromEveryHalfDoneState(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		box := Handbook().At(anyDay(t))
		today := box.Due.AddDays(rapid.IntRange(0, 60).Draw(t, "late"))
		o := anyOptions(t)
		start := teamAt(box, rapid.IntRange(0, 3).Draw(t, "open"), rapid.IntRange(0, 2).Draw(t, "closed"))
		whole := start.clone()
		actions := whole.roll(t, today, o).Actions
		if again := whole.clone().roll(t, today, o).Actions; len(again) != 0 {
			t.Fatalf("a roll of a roll does %v", again)
		}
		for k := range actions {
			half := start.clone()
			half.do(t, actions[:k])
			half.roll(t, today, o)
			if diff := cmp.Diff(whole.picture(), half.picture()); diff != "" {
				t.Fatalf("killed after %d of %d actions and run again (-want +got):\n%s", k, len(actions), diff)
			}
		}
	})
}

// withoutSummaries leaves out the tables: timely rolls count an issue in every timebox that it was carried through, a catch-up counts it
// once.
func (w *world) withoutSummaries() []string {
	bare := w.clone()
	for i, m := range bare.ms {
		bare.ms[i].Description, _, _ = strings.Cut(m.Description, "\n\n<!-- prodctl:roll ")
	}
	return bare.picture()
}

func TestCatchUpOfKEqualsKRolls(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		box := Handbook().At(anyDay(t))
		missed := rapid.IntRange(1, 8).Draw(t, "missed")
		open := rapid.IntRange(0, 3).Draw(t, "open")
		o := anyOptions(t)
		at := teamAt(box, open, 1)
		one := at.clone()
		last := box
		for n := range missed {
			if n > 0 {
				last = Handbook().Next(last)
			}
			one.roll(t, last.Due, RollOptions{Carry: o.Carry})
		}
		at.roll(t, last.Due.AddDays(rapid.IntRange(0, 13).Draw(t, "late")), o)
		if diff := cmp.Diff(one.withoutSummaries(), at.withoutSummaries()); diff != "" {
			t.Fatalf("%d rolls in time against one that catches up (-want +got):\n%s", missed, diff)
		}
	})
}

func TestRollLosesNoIssueAndSkipsNoTimebox(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		box := Handbook().At(anyDay(t))
		today := box.Due.AddDays(rapid.IntRange(-20, 100).Draw(t, "late"))
		w := teamAt(box, 3, 2)
		w.roll(t, today, anyOptions(t))
		s, err := testRules().Survey(w.ms)
		if err != nil || s.Current == nil || s.Next == nil || len(s.Duplicates) > 0 || len(s.Unclosed) > 0 {
			t.Fatalf("survey after the roll: %+v, %v", s, err)
		}
		if !s.Current.Due.After(today) || s.Next.Box() != Handbook().Next(s.Current.Box()) {
			t.Fatalf("on %s Current runs %s and Next %s", today, s.Current.Box(), s.Next.Box())
		}
		boxes := map[Timebox]bool{}
		for _, m := range w.ms {
			boxes[m.Box()] = true
		}
		for b := box; b != s.Next.Box(); b = Handbook().Next(b) {
			if !boxes[b] {
				t.Fatalf("the timebox %s was skipped", b)
			}
		}
		if len(w.issues) != 7 {
			t.Fatalf("%d issues", len(w.issues))
		}
		for _, i := range w.issues {
			if i.Ref.IID != 901 && !slices.ContainsFunc(w.ms, func(m Milestone) bool { return m.ID == i.MilestoneID }) {
				t.Fatalf("%s has lost its milestone", i.Ref)
			}
		}
	})
}

func TestRollRefusesWithReasonAndHint(t *testing.T) {
	box := Handbook().At(date("2018-08-24"))
	in := func(change func(*world)) *world {
		w := teamAt(box, 1, 1)
		change(w)
		return w
	}
	for name, c := range map[string]struct {
		world        *world
		today        string
		options      RollOptions
		reason, hint string
	}{
		"several have ended": {in(func(*world) {}), "2018-09-20", RollOptions{Carry: CarryToCurrent},
			"2 timeboxes have ended since 2018-08-13", "--catch-up"},
		"block": {in(func(*world) {}), "2018-08-24", RollOptions{Carry: CarryBlock},
			`"Current Milestone" has 1 open issue: acme/infrastructure#1`, "--carry-over"},
		"title taken by a closed one": {in(func(w *world) { w.ms[0].Title = "2018-08-24 Milestone" }), "2018-08-24", RollOptions{Carry: CarryKeep},
			`title "2018-08-24 Milestone" is taken by the closed milestone 1`, "archive_title"},
		"title taken by a group": {in(func(w *world) {
			w.ms = append(w.ms, Milestone{ID: 50, Group: true, Title: "Next Milestone", State: Closed})
		}), "2018-08-24", RollOptions{Carry: CarryKeep},
			`title "Next Milestone" is taken by the closed milestone 50 in a parent group`, "Rename"},
		"off the cadence": {in(func(w *world) { w.ms[1].Start, w.ms[1].Due = date("2018-08-14"), date("2018-08-23") }), "2018-08-24", RollOptions{Carry: CarryKeep},
			`the dates of "Current Milestone" (2018-08-14 to 2018-08-23) do not fit the cadence (expected 2018-08-13 to 2018-08-24)`, "--realign"},
		"next elsewhere": {in(func(w *world) { w.ms[2].Start, w.ms[2].Due = date("2018-09-03"), date("2018-09-14") }), "2018-08-24", RollOptions{Carry: CarryKeep},
			`the dates of "Next Milestone" (2018-09-03 to 2018-09-14) do not follow the previous timebox (expected 2018-08-27 to 2018-09-07)`, "--realign"},
		"two could be current": {in(func(w *world) {
			w.ms = append(w.ms, Milestone{ID: 9, Title: "Current Milestone", State: Active, Start: date("2018-08-20"), Due: date("2018-08-31")})
		}), "2018-08-24", RollOptions{Carry: CarryKeep},
			`two open milestones are named "Current Milestone": 2 (2018-08-13 to 2018-08-24) and 9 (2018-08-20 to 2018-08-31)`, "--from 2 or --from 9"},
		"none is current": {in(func(w *world) { w.ms = w.ms[:1] }), "2018-08-24", RollOptions{Carry: CarryKeep},
			`no open milestone is named "Current Milestone"`, "milestone ensure"},
		"no dates": {in(func(w *world) { w.ms[1].Due = calendar.Date{} }), "2018-08-24", RollOptions{Carry: CarryKeep},
			`"Current Milestone" has no due date`, "milestone ensure"},
		"from not found": {in(func(*world) {}), "2018-08-24", RollOptions{Carry: CarryKeep, From: "Sprint 12"},
			`--from: open milestone "Sprint 12" not found`, "milestone list"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.world.plan(t, date(c.today), c.options)
			var r *Refusal
			if !errors.As(err, &r) {
				t.Fatalf("error %v, want a refusal", err)
			}
			if r.Reason != c.reason || !strings.Contains(r.Hint, c.hint) {
				t.Errorf("refused with %q, %q\nwant %q, …%q…", r.Reason, r.Hint, c.reason, c.hint)
			}
		})
	}
}

func TestEarlyRollIsRolledOnce(t *testing.T) {
	box := Handbook().At(date("2018-08-24"))
	w := teamAt(box, 1, 1)
	o := RollOptions{Early: true, Carry: CarryToNext}
	if n := len(w.clone().roll(t, date("2018-08-22"), RollOptions{Carry: CarryToNext}).Actions); n != 0 {
		t.Fatalf("before the due date %d actions", n)
	}
	actions := w.clone().roll(t, date("2018-08-22"), o).Actions
	for k := range len(actions) + 1 {
		half := w.clone()
		half.do(t, actions[:k])
		half.roll(t, date("2018-08-22"), o)
		if n := len(half.roll(t, date("2018-08-22"), o).Actions); n != 0 {
			t.Errorf("killed after %d, run twice again: %d more actions", k, n)
		}
		if s, _ := testRules().Survey(half.ms); s.Current.Due != date("2018-09-07") {
			t.Errorf("killed after %d: Current is due %s", k, s.Current.Due)
		}
	}
}

func TestRealignFollowsTheCadence(t *testing.T) {
	w := teamAt(Handbook().At(date("2018-08-24")), 1, 1)
	w.ms[1].Start, w.ms[1].Due = date("2018-08-15"), date("2018-08-23")
	w.ms[2].Start, w.ms[2].Due = date("2018-09-01"), date("2018-09-30")
	o := RollOptions{Realign: true, Carry: CarryToCurrent}
	actions := w.clone().roll(t, date("2018-08-24"), o).Actions
	for k := range len(actions) + 1 {
		half := w.clone()
		half.do(t, actions[:k])
		half.roll(t, date("2018-08-24"), o)
		s, err := testRules().Survey(half.ms)
		if err != nil || s.Current.Box() != Handbook().At(date("2018-09-07")) || s.Next.Box() != Handbook().At(date("2018-09-21")) {
			t.Errorf("killed after %d: %v, %+v", k, err, s)
		}
		if !strings.Contains(s.Current.Description, "September Milestone 1 - ending 2018-09-07") {
			t.Errorf("killed after %d: description %q", k, s.Current.Description)
		}
	}
}

func TestFromAndToSelectTheMilestones(t *testing.T) {
	start := teamAt(Handbook().At(date("2018-08-24")), 2, 1)
	start.ms[1].Title, start.ms[2].Title = "Sprint 12", "Sprint 13"
	for _, o := range []RollOptions{
		{From: "Sprint 12", To: "Sprint 13", Carry: CarryToCurrent},
		{From: "2", To: "3", Carry: CarryToNext},
	} {
		whole := start.clone()
		actions := whole.roll(t, date("2018-08-25"), o).Actions
		for k := range len(actions) + 1 {
			half := start.clone()
			half.do(t, actions[:k])
			half.roll(t, date("2018-08-25"), o)
			if diff := cmp.Diff(whole.picture(), half.picture()); diff != "" {
				t.Errorf("%+v killed after %d (-want +got):\n%s", o, k, diff)
			}
		}
	}
}

func TestDuplicatesAreMerged(t *testing.T) {
	w := teamAt(Handbook().At(date("2018-08-24")), 1, 1)
	duplicate := w.ms[2]
	duplicate.ID, duplicate.IID = 7, 7
	w.ms = append(w.ms, duplicate)
	w.issues = append(w.issues, issue.Issue{Ref: issue.Ref{Project: "acme/infrastructure", IID: 77}, State: issue.Opened, MilestoneID: 7})
	start := w.clone()
	actions := w.roll(t, date("2018-08-24"), RollOptions{Carry: CarryToCurrent}).Actions
	for k := range actions {
		half := start.clone()
		half.do(t, actions[:k])
		half.roll(t, date("2018-08-24"), RollOptions{Carry: CarryToCurrent})
		if diff := cmp.Diff(w.picture(), half.picture()); diff != "" {
			t.Errorf("killed after %d (-want +got):\n%s", k, diff)
		}
	}
	if at := w.issues[len(w.issues)-1].MilestoneID; at != 3 {
		t.Errorf("the issue of the duplicate is in %d, want 3", at)
	}
}

// TestEnsureKeepsDatesOfPeople draws milestones with both dates, one or none: those that somebody set stay, the others are filled, and the
// second run changes nothing. With realign both milestones follow the cadence.
func TestEnsureKeepsDatesOfPeople(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		today := anyDay(t)
		w := &world{nextID: 10}
		for n, title := range []string{"Current Milestone", "Next Milestone"} {
			if !rapid.Bool().Draw(t, "has "+title) {
				continue
			}
			m := Milestone{ID: int64(n + 4), Title: title, Description: "ours", State: Active}
			begin := today.AddDays(14*n - 3 + rapid.IntRange(-5, 5).Draw(t, "start"))
			if rapid.Bool().Draw(t, "has a start") {
				m.Start = begin
			}
			if rapid.Bool().Draw(t, "has a due date") {
				m.Due = begin.AddDays(rapid.IntRange(1, 20).Draw(t, "length"))
			}
			w.ms = append(w.ms, m)
		}
		before, realign := slices.Clone(w.ms), rapid.Bool().Draw(t, "realign")
		r, err := PlanEnsure(testRules(), Observation{Milestones: w.ms, Today: today}, realign)
		if err != nil {
			t.Fatal(err)
		}
		w.do(t, r.Actions)
		s, err := testRules().Survey(w.ms)
		if err != nil || s.Current == nil || s.Next == nil {
			t.Fatalf("on %s: %+v, %v", today, s, err)
		}
		if realign && (!Handbook().Fits(s.Current.Box()) || s.Next.Box() != Handbook().Next(s.Current.Box())) {
			t.Fatalf("on %s: %s, then %s", today, s.Current.Box(), s.Next.Box())
		}
		for _, m := range w.ms {
			old, _ := holder(before, m.Title, -1)
			if m.Title == "Current Milestone" && old.ID == 0 && m.ID == 5 { // Next was promoted
				old, _ = holder(before, "Next Milestone", -1)
			}
			if !realign && (!old.Start.IsZero() && m.Start != old.Start || !old.Due.IsZero() && m.Due != old.Due) || !m.Start.Before(m.Due) {
				t.Fatalf("on %s: %q was %s and is %s", today, m.Title, old.Box(), m.Box())
			}
		}
		if again, err := PlanEnsure(testRules(), Observation{Milestones: w.ms, Today: today}, realign); err != nil || len(again.Actions) != 0 {
			t.Fatalf("ensure again: %v, %v", again.Actions, err)
		}
	})
}

func TestEnsureLeavesAnInterruptedRollToTheRoll(t *testing.T) {
	w := teamAt(Handbook().At(date("2018-08-24")), 0, 0)
	actions := w.clone().roll(t, date("2018-08-24"), RollOptions{Carry: CarryToCurrent}).Actions
	for k := 1; k <= 2; k++ {
		half := w.clone()
		half.do(t, actions[:k])
		_, err := PlanEnsure(testRules(), Observation{Milestones: half.ms, Today: date("2018-08-24")}, false)
		var r *Refusal
		if !errors.As(err, &r) || !strings.Contains(r.Hint, "milestone roll") {
			t.Errorf("after %d actions ensure says %v", k, err)
		}
	}
}

func FuzzRecord(f *testing.F) {
	f.Add("words\n<!-- prodctl:roll due=2018-08-24 carry-over=current to=2018-09-07 open=3 was=Sprint+12 -->\n| table |\n<!-- /prodctl:roll -->\nmore")
	f.Add("<!-- prodctl:roll due=2018-02-30 carry-over=keep open=0 -->")
	f.Add("<!-- prodctl:roll due=2018-08-24 carry-over=keep open=0 -->\n| own |\n<!-- /prodctl:roll -->\n<!-- prodctl:roll due=2018-08-24 carry-over=keep open=1 -->\nwords\n<!-- /prodctl:roll -->")
	f.Add("")
	f.Fuzz(func(t *testing.T, description string) {
		r := Record{Due: date("2018-08-24"), Carry: CarryToNext, To: date("2018-09-21"), Open: 7, PreviousTitle: "Sprint «12» -->"}
		written := WriteRecord(description, r, "| table |")
		got, ok := ReadRecord(written, r.Due)
		if !ok || got != r {
			t.Fatalf("written into %q and read back: %+v, %v", description, got, ok)
		}
		if again := WriteRecord(written, r, "| table |"); again != written {
			t.Fatalf("writing twice changes %q to %q", written, again)
		}
		if _, ok := ReadRecord(written, date("2018-09-07")); ok && !strings.Contains(description, "due=2018-09-07") {
			t.Fatalf("%q has a record of another timebox", written)
		}
	})
}
