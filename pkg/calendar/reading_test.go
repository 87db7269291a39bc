package calendar_test

import (
	"errors"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
)

func TestOnClock(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, wall, want string }{
		{"UTC", "2018-10-28 02:30", "2018-10-28T02:30:00Z"},
		{"Europe/Berlin", "2018-08-24 10:02", "2018-08-24T08:02:00Z"},
		{"Europe/Berlin", "2018-10-28 01:59", "2018-10-27T23:59:00Z"},
		{"Europe/Berlin", "2018-10-28 02:30", "occurs twice in Europe/Berlin: 2018-10-28T02:30:00+02:00 or 2018-10-28T02:30:00+01:00"},
		{"Europe/Berlin", "2018-10-28 03:00", "2018-10-28T02:00:00Z"},
		{"Europe/Berlin", "2018-03-25 02:30", "does not exist in Europe/Berlin: 2018-03-25T02:30:00+01:00 or 2018-03-25T02:30:00+02:00"},
		{"Europe/Berlin", "2018-03-25 03:00", "2018-03-25T01:00:00Z"},
		{"America/New_York", "2018-11-04 01:30", "occurs twice"},
		{"Australia/Lord_Howe", "2018-04-01 01:45", "occurs twice"}, // half an hour
		{"Australia/Lord_Howe", "2018-10-07 02:15", "does not exist"},
		{"Pacific/Apia", "2011-12-30 12:00", "does not exist"}, // a day
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		wall, _ := time.Parse("2006-01-02 15:04", c.wall)
		got, err := calendar.OnClock(wall, zone)
		wrong, ambiguous := errors.AsType[*calendar.ClockError](err)
		switch {
		case ambiguous && (!strings.Contains(err.Error(), c.want) || len(wrong.Forms()) != 2), !ambiguous && (err != nil || got.Format(time.RFC3339) != c.want):
			t.Errorf("%s in %s: %v, %v; want %s", c.wall, c.zone, got, err, c.want)
		}
	}
}
