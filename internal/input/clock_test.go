package input

import (
	"errors"
	"slices"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/manifest"
)

// With times: team a time without an offset is in the team's zone, in every input that is a time. What that zone's clocks show twice or
// never is refused with both readings.
func TestTimesInTheTeamsZone(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	c := friday()
	c.Now = time.Date(2018, 10, 28, 9, 0, 0, 0, time.UTC)
	c.Config.Timezone, c.Config.Times = berlin, manifest.TimesTeam
	for raw, want := range map[string]string{
		"9:30": "2018-10-28T08:30:00Z", "yesterday 23:50": "2018-10-27T21:50:00Z", "2018-08-24 10:02": "2018-08-24T08:02:00Z",
		"8:30 UTC": "2018-10-28T08:30:00Z", "2018-10-28T02:30:00+02:00": "2018-10-28T00:30:00Z", "10:04": "2018-10-28T09:00:00Z",
	} {
		for name, in := range map[string]interface {
			Set(string) error
			Resolve(Context) error
			UTC() time.Time
		}{"time": new(Time), "moment": new(Moment), "instant": new(Instant), "point in time": new(PastTime), "since": new(Since)} {
			if raw == "10:04" && (name == "moment" || name == "instant") {
				continue // these may be in the future
			}
			_ = in.Set(raw)
			if err := in.Resolve(c); err != nil || in.UTC().Format(time.RFC3339) != want {
				t.Errorf("%s %q: %v, %v; want %s", name, raw, in.UTC(), err, want)
			}
		}
	}
	twice, never := []string{"2018-10-28T02:30:00+02:00", "2018-10-28T02:30:00+01:00"}, []string{"2018-03-25T02:30:00+01:00", "2018-03-25T02:30:00+02:00"}
	for raw, forms := range map[string][]string{"2:30": twice, "2018-10-28 02:30": twice, "2018-03-25 2:30": never} {
		for _, in := range []interface {
			Set(string) error
			Resolve(Context) error
		}{new(Time), new(Moment), new(Instant)} {
			_ = in.Set(raw)
			wrong, ok := errors.AsType[*Invalid](in.Resolve(c))
			if !ok || !slices.Equal(wrong.Forms, forms) || wrong.Note != "times without an offset are in Europe/Berlin" {
				t.Errorf("%T %q: %+v", in, raw, wrong)
			}
		}
	}
	var late Time
	_ = late.Set("18:00")
	if wrong, ok := errors.AsType[*Invalid](late.Resolve(c)); !ok || !slices.Equal(wrong.Forms, []string{`"yesterday 18:00"`}) {
		t.Errorf("in the future: %+v", wrong)
	}
}
