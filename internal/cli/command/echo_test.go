package command

import (
	"testing"
	"time"
)

func TestTimesAreEchoedAsUnderstood(t *testing.T) {
	t.Parallel()
	kolkata, err := time.LoadLocation("Asia/Kolkata")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2018, 8, 24, 9, 52, 0, 0, time.UTC)
	for _, c := range []struct {
		at   string
		zone *time.Location
		want string
	}{
		{"2018-08-24T09:30:00Z", kolkata, "09:30 UTC (15:00 Asia/Kolkata), 22m ago"},
		{"2018-08-24T09:30:00Z", time.UTC, "09:30 UTC, 22m ago"},
		{"2018-08-24T09:51:30Z", time.UTC, "09:51 UTC"},
		{"2018-08-23T18:00:00Z", time.UTC, "2018-08-23 18:00 UTC, 15h 52m ago"},
		{"2018-08-23T20:00:00Z", kolkata, "2018-08-23 20:00 UTC (2018-08-24 01:30 Asia/Kolkata), 13h 52m ago"},
		{"2018-08-30T10:00:00Z", time.UTC, "2018-08-30 10:00 UTC, in 6d"},
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := understood(at, now, c.zone); got != c.want {
			t.Errorf("%s: %q, want %q", c.at, got, c.want)
		}
	}
}
