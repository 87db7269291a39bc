package drill_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/drill"
	"gitlab.com/prodctl/prodctl/pkg/planning"
)

func mustRule(t interface{ Fatal(...any) }, s string) drill.Rule {
	r, err := drill.ParseRule(s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func date(s string) calendar.Date {
	d, err := calendar.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func TestOccurrenceDays(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		rule     string
		from, to string
		want     string
		holiday  string
		formal   string // the rule in its usual form; empty: as it is
	}{
		{rule: "day:2", from: "2018-08-01", to: "2018-10-31", want: "2018-08 2018-08-02, 2018-09 2018-09-03, 2018-10 2018-10-02"},
		{rule: "DAY:2  weekend:keep", from: "2018-09-01", to: "2018-09-30", want: "2018-09 2018-09-02", formal: "day:2 weekend:keep"},
		{rule: "day:2 weekend:previous", from: "2018-08-30", to: "2018-09-30", want: "2018-09 2018-08-31"},
		{rule: "day:2", from: "2018-09-01", to: "2018-09-30", holiday: "2018-09-03", want: "2018-09 2018-09-04"},
		{rule: "last:friday", from: "2017-10-01", to: "2017-12-31", want: "2017-10 2017-10-27, 2017-11 2017-11-24, 2017-12 2017-12-29"},
		{rule: "first:monday", from: "2018-10-01", to: "2018-11-30", want: "2018-10 2018-10-01, 2018-11 2018-11-05"},
		{rule: "fourth:sunday", from: "2018-09-01", to: "2018-09-30", want: "2018-09 2018-09-23"},
		{rule: "fourth:sunday weekend:next", from: "2018-09-01", to: "2018-09-30", want: "2018-09 2018-09-24"},
		{rule: "day:31", from: "2020-02-01", to: "2020-03-31", want: "2020-02 2020-03-02, 2020-03 2020-03-31", formal: "day:last"},
		{rule: "day:2,16 month:1,7", from: "2018-01-01", to: "2018-12-31",
			want: "2018-01-02 2018-01-02, 2018-01-16 2018-01-16, 2018-07-02 2018-07-02, 2018-07-16 2018-07-16"},
		{rule: "day:1-2 month:*/6", from: "2018-01-01", to: "2018-12-31",
			want: "2018-01-01 2018-01-01, 2018-01-02 2018-01-02, 2018-07-01 2018-07-02, 2018-07-02 2018-07-02", formal: "day:1,2 month:1,7"},
		{rule: "day:last month:12", from: "2016-12-01", to: "2017-12-30", want: "2016-12 2017-01-02"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			days := drill.Days{Rule: mustRule(t, tt.rule)}
			if tt.holiday != "" {
				days.Holidays = []calendar.Date{date(tt.holiday)}
			}
			var got []string
			for _, o := range days.Between(date(tt.from), date(tt.to)) {
				got = append(got, o.ID+" "+o.Day.String())
				if found, err := days.Find(o.ID); err != nil || found != o {
					t.Errorf("Find(%s): %v, %v", o.ID, found, err)
				}
				if found, err := days.Find(o.Rule.String()); err != nil || found != o {
					t.Errorf("Find(%s): %v, %v", o.Rule, found, err)
				}
			}
			if got := strings.Join(got, ", "); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
			formal := tt.formal
			if formal == "" {
				formal = tt.rule
			}
			if got := days.Rule.String(); got != formal {
				t.Errorf("String: %q, want %q", got, formal)
			}
		})
	}
}

func TestInvalidRules(t *testing.T) {
	t.Parallel()
	for rule, want := range map[string]string{
		"":                        "use day:2",
		"2":                       "use day:2",
		"day:":                    "use day:2",
		"day:0":                   "use 1 to 31",
		"day:32":                  "use 1 to 31",
		"day:+2":                  "use 1 to 31",
		"day:9-2":                 "use 9 to 31",
		"day:30,31":               "the same day in February",
		"day:2 day:3":             "two words for the day",
		"day:2 last:friday":       "two words for the day",
		"month:1":                 "use day:2",
		"day:2 month:13":          "use 1 to 12",
		"last:freitag":            "use monday to sunday",
		"fifth:monday":            `unknown word "fifth"`,
		"day:2 weekend:skip":      "use next, previous or keep",
		"day:2 weekend:next zone": "use day:2",
	} {
		if r, err := drill.ParseRule(rule); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, %v, want an error with %q", rule, r, err, want)
		}
	}
}

func TestFindsNoOtherOccurrence(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ rule, id, want string }{
		{"day:2", "soon", "invalid occurrence"},
		{"day:2", "2018-9", "invalid occurrence"},
		{"day:2", "2018-09-10", "no restore drill is on 2018-09-10"},
		{"day:2 month:1", "2018-09", "no restore drill is in 2018-09"},
		{"day:2,16", "2018-09", "2018-09 has 2 restore drills: use a day such as 2018-09-02"},
	} {
		days := drill.Days{Rule: mustRule(t, tt.rule)}
		if o, err := days.Find(tt.id); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s %s: %v, %v", tt.rule, tt.id, o, err)
		}
	}
	days := drill.Days{Rule: mustRule(t, "day:2")}
	if o, err := days.Find("2018-09-03"); err != nil || o.ID != "2018-09" || !o.Moved() {
		t.Errorf("by the day on which it takes place: %v, %v", o, err)
	}
}

// rules generates valid rules.
func rules() *rapid.Generator[drill.Rule] {
	return rapid.Custom(func(t *rapid.T) drill.Rule {
		s := rapid.SampledFrom([]string{"day:1", "day:2", "day:15", "day:29", "day:30", "day:last", "day:2,16", "day:1-3", "day:*/10", "day:5,31",
			"first:monday", "second:tuesday", "third:saturday", "fourth:sunday", "last:friday", "last:sunday"}).Draw(t, "days")
		s += rapid.SampledFrom([]string{"", " month:1,4,7,10", " month:2", " month:*/2"}).Draw(t, "months")
		s += rapid.SampledFrom([]string{"", " weekend:keep", " weekend:previous", " weekend:next"}).Draw(t, "weekend")
		r, err := drill.ParseRule(s)
		if err != nil {
			r = drill.Handbook()
		}
		return r
	})
}

func days(t *rapid.T) drill.Days {
	d := drill.Days{Rule: rules().Draw(t, "rule")}
	for range rapid.IntRange(0, 3).Draw(t, "holidays") {
		d.Holidays = append(d.Holidays, anyDay(t))
	}
	return d
}

func anyDay(t *rapid.T) calendar.Date {
	return calendar.NewDate(2016, time.January, 1).AddDays(rapid.IntRange(0, 5*366).Draw(t, "day"))
}

func TestRulesRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := rules().Draw(t, "rule")
		if again := mustRule(t, r.String()); again.String() != r.String() || again.Weekend != r.Weekend || again.Nth != r.Nth ||
			!slices.Equal(again.Days, r.Days) || !slices.Equal(again.Months, r.Months) {
			t.Fatalf("%q became %v", r, again)
		}
	})
}

// TestEveryMonthHasAnOccurrence checks that no month of a rule is left out, whatever its length, and that an occurrence does not change
// its month by the rule.
func TestEveryMonthHasAnOccurrence(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d, at := days(t), anyDay(t)
		list := d.In(at.Year(), at.Month())
		if named := len(d.Rule.Months) == 0 || slices.Contains(d.Rule.Months, int(at.Month())); named != (len(list) > 0) {
			t.Fatalf("%s has %d occurrences by %s", at, len(list), d.Rule)
		}
		for _, o := range list {
			if o.Rule.Month() != at.Month() || !strings.HasPrefix(o.Rule.String(), o.ID) {
				t.Fatalf("%+v is not in %s", o, at)
			}
			if d.Rule.Weekend != drill.KeepDay && (o.Day.Weekday() == time.Saturday || o.Day.Weekday() == time.Sunday ||
				slices.Contains(d.Holidays, o.Day)) {
				t.Fatalf("nobody works on %s", o.Day)
			}
		}
	})
}

// TestOccurrencesAreInOrder checks that their days and numbers never go back, and that each has a number of its own.
func TestOccurrencesAreInOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d, from := days(t), anyDay(t)
		list := d.Between(from, from.AddDays(800))
		for n := 1; n < len(list); n++ {
			a, b := list[n-1], list[n]
			if b.Day.Before(a.Day) || b.Number != a.Number+1 || a.ID == b.ID {
				t.Fatalf("%+v is followed by %+v", a, b)
			}
		}
		if len(list) == 0 {
			t.Fatalf("%s has no occurrence in two years", d.Rule)
		}
	})
}

func TestAroundIsNextToToday(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d, today := days(t), anyDay(t)
		last, next := d.Around(today)
		if last.ID == "" || next.ID == "" || last.Day.After(today) || !next.Day.After(today) || next.Number != last.Number+1 {
			t.Fatalf("%s is between %+v and %+v", today, last, next)
		}
		if again, after := d.Around(last.Day); again != last || after != next {
			t.Fatalf("on the day itself: %+v and %+v, want %+v and %+v", again, after, last, next)
		}
	})
}

func rota(t *rapid.T) drill.Rota {
	names := []string{"ana", "bo", "cleo", "dan", "eve", "finn", "gus"}
	r := drill.Rota{People: names[:rapid.IntRange(1, len(names)).Draw(t, "people")]}
	for range rapid.IntRange(0, 3).Draw(t, "absences") {
		from := anyDay(t)
		r.Absences = append(r.Absences, planning.Absence{Person: rapid.SampledFrom(r.People).Draw(t, "person"), From: from,
			To: from.AddDays(rapid.IntRange(0, 60).Draw(t, "length"))})
	}
	return r
}

// TestTurnsAreFair checks that everybody has the same number of turns over as many occurrences as there are people.
func TestTurnsAreFair(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d, r, from := days(t), rota(t), anyDay(t)
		r.Absences = nil
		turns := map[string]int{}
		list := d.Between(from, from.AddDays(366*len(r.People)+40))[:len(r.People)]
		for _, o := range list {
			for _, name := range r.InTurn(o) {
				turns[name]++
			}
		}
		for _, name := range r.People {
			if want := min(drill.Pair, len(r.People)); turns[name] != want {
				t.Fatalf("%s has %d turns of %d occurrences, want %d", name, turns[name], len(list), want)
			}
		}
	})
}

// TestTurnsSkipWhoIsAbsent checks that two different people are chosen while two are there, that absences of others change nothing, and
// that the result depends on the occurrence alone.
func TestTurnsSkipWhoIsAbsent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d, r, at := days(t), rota(t), anyDay(t)
		o, _ := d.Around(at)
		present, absent := r.Order(o)
		pair := r.InTurn(o)
		if len(present)+len(absent) != len(r.People) || len(pair) != min(drill.Pair, len(present)) {
			t.Fatalf("%v of %v present and %v absent", pair, present, absent)
		}
		if len(pair) == 2 && pair[0] == pair[1] {
			t.Fatalf("%v is one person", pair)
		}
		for _, name := range pair {
			if slices.Contains(absent, name) {
				t.Fatalf("%s is absent", name)
			}
		}
		full := drill.Rota{People: r.People}.InTurn(o)
		if !slices.ContainsFunc(full, func(name string) bool { return slices.Contains(absent, name) }) && !slices.Equal(full, pair) {
			t.Fatalf("%v, although %v are there", pair, full)
		}
		if again := r.InTurn(o); !slices.Equal(again, pair) {
			t.Fatalf("%v, then %v", pair, again)
		}
	})
}
