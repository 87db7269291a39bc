package record

import (
	"testing"
	"time"
)

func TestParseTime(t *testing.T) {
	t.Parallel()
	day := time.Date(2018, 8, 25, 1, 30, 0, 0, time.FixedZone("", 7200)) // still the 24th in UTC
	const want = "2018-08-24T10:02:00Z"
	for in, want := range map[string]string{
		"2018-08-24T10:02:00Z": want, "2018-08-24t10:02z": want, "2018-08-24T12:02:00+02:00": want, "2018-08-24T10:02:00.999Z": want, "2018-08-24T10:02": want,
		"2018-08-24 10:02": want, "2018-08-24  10:02:00": want, "2018-08-24, 10:02": want, "2018-08-24 10:02 UTC": want, "2018-08-24 10:02Z": want, "2018-08-24 10:02 gmt": want, "2018-08-24 12:02 +0200": want, " 10:02 ": want,
		"10:02 UTC": want, "10:02Z": want, "10:02:00": want, "08:02 -02:00": want, "9:05": "2018-08-24T09:05:00Z", "00:00": "2018-08-24T00:00:00Z", "10:02:59": "2018-08-24T10:02:59Z",
		"01:00 +02:00": "2018-08-23T23:00:00Z", "2020-02-29 23:59:59": "2020-02-29T23:59:59Z", "2018-08-24T00:30:00+05:30": "2018-08-23T19:00:00Z",
	} {
		got, err := ParseTime(in, day)
		if err != nil || FormatTime(got) != want || got.Location() != time.UTC || got.Nanosecond() != 0 {
			t.Errorf("%q is %v, %v, want %s", in, got, err, want)
		}
	}
	for in, want := range map[string]string{
		"":                        `invalid time "" (use 2018-08-24T10:02:00Z, 2018-08-24 10:02 or 10:02, in UTC)`,
		"24:00":                   `invalid time "24:00": date or hour out of range`,
		"10:60":                   `invalid time "10:60": date or hour out of range`,
		"2018-02-29 10:02":        `invalid time "2018-02-29 10:02": date or hour out of range`,
		"2018-08-24":              `invalid time "2018-08-24" (use 2018-08-24T10:02:00Z, 2018-08-24 10:02 or 10:02, in UTC)`,
		"10:02 CEST":              `invalid time "10:02 CEST" (use 2018-08-24T10:02:00Z, 2018-08-24 10:02 or 10:02, in UTC)`,
		"10:02 pm":                `invalid time "10:02 pm" (use 2018-08-24T10:02:00Z, 2018-08-24 10:02 or 10:02, in UTC)`,
		"2018-08-24 10:02 +25:00": `invalid time "2018-08-24 10:02 +25:00": date or hour out of range`,
		"x 10:02":                 `invalid time "x 10:02" (use 2018-08-24T10:02:00Z, 2018-08-24 10:02 or 10:02, in UTC)`,
	} {
		if got, err := ParseTime(in, day); err == nil || err.Error() != want {
			t.Errorf("%q is %v, %v, want %s", in, got, err, want)
		}
	}
}

func TestFormatTime(t *testing.T) {
	t.Parallel()
	if got := FormatTime(time.Date(2018, 8, 24, 12, 2, 0, 7, time.FixedZone("", 7200))); got != "2018-08-24T10:02:00Z" {
		t.Error(got)
	}
}
