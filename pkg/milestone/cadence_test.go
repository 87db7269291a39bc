package milestone

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
)

func date(s string) calendar.Date {
	d, err := calendar.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// The handbook's own example, and the months around it: three timeboxes end in November 2018.
func TestDatedNamesCountByTheMonthTheyEndIn(t *testing.T) {
	for due, want := range map[string]string{
		"2018-08-10": "August Milestone 1 - ending 2018-08-10",
		"2018-08-24": "August Milestone 2 - ending 2018-08-24",
		"2018-09-07": "September Milestone 1 - ending 2018-09-07",
		"2018-11-02": "November Milestone 1 - ending 2018-11-02",
		"2018-11-16": "November Milestone 2 - ending 2018-11-16",
		"2018-11-30": "November Milestone 3 - ending 2018-11-30",
		"2019-01-11": "January Milestone 1 - ending 2019-01-11",
	} {
		box := Handbook().At(date(due))
		if box.Due != date(due) {
			t.Errorf("the timebox of %s ends on %s", due, box.Due)
		}
		if got := Dated.Of(box, Handbook()); got != want {
			t.Errorf("name of %s = %q, want %q", due, got, want)
		}
	}
}

func anyDay(t *rapid.T) calendar.Date {
	return calendar.NewDate(2000, 1, 1).AddDays(rapid.IntRange(0, 40000).Draw(t, "day"))
}

func anyCadence(t *rapid.T) Cadence {
	length := rapid.IntRange(2, 60).Draw(t, "length")
	return Cadence{Anchor: anyDay(t), Length: length, Every: length + rapid.IntRange(0, 30).Draw(t, "gap")}
}

func TestHandbookTimeboxesRunMondayToFriday(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		today := anyDay(t)
		box := Handbook().At(today)
		if box.Start.Weekday() != time.Monday || box.Due.Weekday() != time.Friday || box.Due.DaysSince(box.Start) != 11 {
			t.Fatalf("the timebox of %v is %v", today, box)
		}
	})
}

func TestCadenceHasNoGapAndNoOverlap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, today := anyCadence(t), anyDay(t)
		if err := c.Validate(); err != nil {
			t.Fatal(err)
		}
		box := c.At(today)
		next := c.Next(box)
		switch {
		case !c.Fits(box), !c.Fits(next):
			t.Fatalf("%v or %v does not fit", box, next)
		case today.Before(box.Start), !today.Before(next.Start):
			t.Fatalf("%v is put into %v", today, box)
		case next.Start.DaysSince(box.Start) != c.Every, !next.Start.After(box.Due):
			t.Fatalf("%v follows %v", next, box)
		case c.Previous(next) != box, c.After(today) != next, c.At(box.Start) != box:
			t.Fatalf("the timeboxes around %v do not agree", today)
		case c.Fits(Timebox{box.Start.AddDays(1), box.Due}) && c.Every > 1, c.Fits(Timebox{box.Start, box.Due.AddDays(1)}):
			t.Fatalf("a timebox off the cadence fits")
		}
	})
}

func TestOrdinalCountsTimeboxesThatEndInTheMonth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyCadence(t)
		box := c.At(anyDay(t))
		want := 1
		for earlier := c.Previous(box); earlier.Due.Month() == box.Due.Month() && earlier.Due.Year() == box.Due.Year(); earlier = c.Previous(earlier) {
			want++
		}
		if got := c.Ordinal(box); got != want {
			t.Fatalf("%v is number %d of its month, counted %d", box, got, want)
		}
	})
}

// A due date is a civil date: the timebox of a day does not depend on the zone or the hour in which the day is asked for.
func TestSummerTimeNeverMovesATimebox(t *testing.T) {
	zones := []string{"UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu", "America/Sao_Paulo"}
	rapid.Check(t, func(t *rapid.T) {
		loc, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		now := time.Unix(rapid.Int64Range(946684800, 4102444800).Draw(t, "now"), 0).In(loc)
		today := calendar.DateOf(now)
		box := Handbook().At(today)
		if box.Start.Weekday() != time.Monday || today.DaysSince(box.Start) > 13 || today.Before(box.Start) {
			t.Fatalf("at %v the timebox is %v", now, box)
		}
		if begin := box.Start.Midnight(loc); begin.After(now) || calendar.DateOf(begin) != box.Start {
			t.Fatalf("at %v the timebox %v begins at %v", now, box, begin)
		}
	})
}

func TestTemplates(t *testing.T) {
	for _, bad := range []Template{"", "  ", "Sprint", "{month} {n}", "{date} {week}", "{Date} Milestone", "{year} {n}"} {
		if bad.Validate() == nil {
			t.Errorf("template %q is accepted", bad)
		}
	}
	for _, good := range []Template{Dated, ArchiveByDate, "{year} {month} {n}", "from {start}"} {
		if err := good.Validate(); err != nil {
			t.Errorf("template %q: %v", good, err)
		}
	}
}

func TestDescribeTouchesNothingButItsOwnLine(t *testing.T) {
	c := Handbook()
	box := c.At(date("2018-08-24"))
	const name = "August Milestone 2 - ending 2018-08-24"
	for _, test := range []struct{ description, want string }{
		{"", name},
		{" \n", name},
		{name, name},
		{"our words\n" + name + "\nmore", "our words\n" + name + "\nmore"},
		{"our words", name + "\n\nour words"},
		{"August Milestone 1 - ending 2018-08-10\nour words", name + "\nour words"},
		{"\r\nJuly Milestone 2 - ending 2018-07-27\r\nmore\r\n", "\r\n" + name + "\r\nmore\r\n"},
		{"worse than\nJuly Milestone 2 - ending 2018-07-27\n", name + "\n\nworse than\nJuly Milestone 2 - ending 2018-07-27\n"},
		{"see August Milestone 1 - ending 2018-08-10", name + "\n\nsee August Milestone 1 - ending 2018-08-10"},
	} {
		got := HandbookNames().Describe(test.description, box, c)
		if got != test.want {
			t.Errorf("Describe(%q) = %q, want %q", test.description, got, test.want)
		}
		if again := HandbookNames().Describe(got, box, c); again != got {
			t.Errorf("Describe twice: %q, then %q", got, again)
		}
	}
}
