package oncall_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/oncall"
)

func TestParseHours(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"09:00-17:00": "09:00-17:00", "9:30 - 18:00": "09:30-18:00", "22:00-06:00": "22:00-06:00"} {
		if h, err := oncall.ParseHours(text); err != nil || h.String() != want {
			t.Errorf("%q: %v, %v", text, h, err)
		}
	}
	for _, text := range []string{"", "9", "09:00", "09:00-09:00", "09:00-24:00", "09:00-17:00-18:00", "9am-5pm"} {
		if h, err := oncall.ParseHours(text); err == nil {
			t.Errorf("%q is %v", text, h)
		}
	}
}

func TestWorkingHours(t *testing.T) {
	t.Parallel()
	berlin, usual := zone(t, "Europe/Berlin"), oncall.UsualHours()
	nights := oncall.Hours{From: 22 * 60, To: 6 * 60}
	for _, c := range []struct {
		name     string
		working  oncall.Working
		from, to string
		inside   time.Duration
	}{
		{"a Friday", oncall.Working{Zone: time.UTC, Hours: usual}, "2018-08-24 00:00", "2018-08-25 00:00", 8 * time.Hour},
		{"a weekend", oncall.Working{Zone: time.UTC, Hours: usual}, "2018-08-25 00:00", "2018-08-27 00:00", 0},
		{"a week in Berlin", oncall.Working{Zone: berlin, Hours: usual}, "2018-08-20 00:00", "2018-08-27 00:00", 40 * time.Hour},
		{"the EMEA shift in Berlin", oncall.Working{Zone: berlin, Hours: usual}, "2018-08-24 04:00", "2018-08-24 16:00", 8 * time.Hour},
		{"part of it", oncall.Working{Zone: berlin, Hours: usual}, "2018-08-24 14:30", "2018-08-24 16:00", 30 * time.Minute},
		{"a Friday night belongs to Friday", oncall.Working{Zone: time.UTC, Hours: nights}, "2018-08-25 00:00", "2018-08-26 00:00", 6 * time.Hour},
		{"the clocks go back on a Sunday", oncall.Working{Zone: berlin, Hours: nights}, "2018-10-27 12:00", "2018-10-28 12:00", 0},
		{"nothing", oncall.Working{Zone: berlin, Hours: usual}, "2018-08-24 12:00", "2018-08-24 12:00", 0},
	} {
		from, to := on(t, c.from), on(t, c.to)
		inside, outside := c.working.Split(from, to)
		if inside != c.inside || inside+outside != to.Sub(from) {
			t.Errorf("%s: %s inside, %s outside", c.name, inside, outside)
		}
	}
}

func TestWorkingOf(t *testing.T) {
	t.Parallel()
	berlin := zone(t, "Europe/Berlin")
	s := oncall.Schedule{Regions: []oncall.Region{region(t, "EMEA", "04:00-16:00", "Europe/Paris"), {Name: "AMER"}},
		Working: map[string]oncall.Working{"Ana": {Zone: berlin}, "bo": {Hours: oncall.Hours{From: 60, To: 120}}}}
	for _, c := range []struct{ person, region, want string }{
		{"ana", "EMEA", "Europe/Berlin 09:00-17:00"}, {"bo", "EMEA", "Europe/Paris 01:00-02:00"}, {"bo", "AMER", "Asia/Tokyo 01:00-02:00"}, {"", "AMER", "Asia/Tokyo 09:00-17:00"},
	} {
		w := s.WorkingOf(c.person, c.region, zone(t, "Asia/Tokyo"))
		if got := w.Zone.String() + " " + w.Hours.String(); got != c.want {
			t.Errorf("%s in %s: %s, want %s", c.person, c.region, got, c.want)
		}
	}
}

// The parts of a period add up to the whole, in any zone and across clock changes, and no part is negative.
func TestWorkingHoursAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := oncall.Working{Zone: aZone(t, "zone"), Hours: oncall.Hours{From: aMinute(t, "from"), To: aMinute(t, "to")}}
		if w.Zone == nil {
			w.Zone = time.UTC
		}
		a := anInstant(t, "begin").Truncate(time.Second)
		b := a.Add(time.Duration(rapid.Int64Range(0, 20*24*3600).Draw(t, "first")) * time.Second)
		c := b.Add(time.Duration(rapid.Int64Range(0, 20*24*3600).Draw(t, "second")) * time.Second)
		in1, out1 := w.Split(a, b)
		in2, out2 := w.Split(b, c)
		in, out := w.Split(a, c)
		if in1 < 0 || out1 < 0 || in1+out1 != b.Sub(a) || in1+in2 != in || out1+out2 != out {
			t.Fatalf("%s, %s: %s + %s is not %s", a, c, in1, in2, in)
		}
		if w.Contains(a) && b.Sub(a) > 0 && in1 == 0 {
			t.Fatalf("%s is inside, and nothing of the period from it is", a)
		}
	})
}
