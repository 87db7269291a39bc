package input

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/fault"
)

func TestTimes(t *testing.T) {
	t.Parallel()
	c := team("")
	for raw, want := range map[string]string{
		"": "", "10m": "2018-08-24T15:50:00Z", "1h30m": "2018-08-24T14:30:00Z", "10:02": "2018-08-24T10:02:00Z", "23:50": "error", "16:05": "2018-08-24T16:00:00Z", "16:06": "error",
		"yesterday 23:50": "2018-08-23T23:50:00Z", "Yesterday 1:05": "2018-08-23T01:05:00Z", "2018-08-24 10:02 +02:00": "2018-08-24T08:02:00Z",
		"2018-08-24T10:02:00Z": "2018-08-24T10:02:00Z", "2018-08-25 10:00": "error", "yesterday": "error", "soon": "error",
	} {
		var in Time
		_ = in.Set(raw)
		checkTime(t, raw, in.Resolve(c), in.Time, want)
	}
	for raw, want := range map[string]string{
		"30d": "2018-07-25T16:00:00Z", "12h": "2018-08-24T04:00:00Z", "2018-08-01": "2018-08-01T00:00:00Z", "2018-09-01": "error", "never": "error",
	} {
		var in Since
		_ = in.Set(raw)
		checkTime(t, raw, in.Resolve(c), in.Time.Time, want)
	}
	var future Since
	_ = future.Set("2018-09-01")
	if err := future.Resolve(c); err == nil || err.Error() != "2018-09-01 is in the future" {
		t.Errorf("a future date: %v", err)
	}
	for raw, want := range map[string]string{
		"2018-08-30 10:00": "2018-08-30T10:00:00Z", "18:00": "2018-08-24T18:00:00Z", "tomorrow 9:30": "2018-08-25T09:30:00Z", "2018-08-30": "error",
	} {
		var in Moment
		_ = in.Set(raw)
		checkTime(t, raw, in.Resolve(c), in.Time.Time, want)
	}
}

func checkTime(t *testing.T, raw string, err error, got time.Time, want string) {
	t.Helper()
	switch {
	case want == "error":
		wrong, ok := errors.AsType[*Invalid](err)
		if !ok || len(wrong.Forms) == 0 || fault.KindOf(err) != fault.Usage {
			t.Errorf("%q is taken as %v, %v", raw, got, err)
		}
	case err != nil || want == "" && !got.IsZero() || want != "" && got.Format(time.RFC3339) != want:
		t.Errorf("%q is %v, %v, want %s", raw, got, err, want)
	}
}

func TestWordsAndLists(t *testing.T) {
	t.Parallel()
	var severity Severity
	var severities Severities
	var states IncidentStates
	var share Share
	var users Users
	ages := OneOf("active", "all", "none")
	for _, tt := range []struct {
		in   pflag.Value
		raw  string
		want string // "!text" is an error with that text
	}{
		{&severity, "sev2", "S2"},
		{&severity, "S5", `!invalid severity "S5" (use S1, S2, S3 or S4)`},
		{&severities, "s1, unknown", "S1,"},
		{&severities, "S9", "!unknown"},
		{&states, "activ", "!did you mean active?"},
		{&share, "25%", "0.25"},
		{&share, "2", "!"},
		{&users, "@ines, tomas", "ines,tomas"},
		{&ages, "ALL", "all"},
		{&ages, "some", `!invalid value "some" (use active, all or none)`},
	} {
		err := tt.in.Set(tt.raw)
		if text, wrong := strings.CutPrefix(tt.want, "!"); wrong {
			if err == nil || !strings.Contains(err.Error(), text) {
				t.Errorf("%s %q: %v, want an error with %q", tt.in.Type(), tt.raw, err, text)
			}
			continue
		}
		if err != nil || tt.in.String() != tt.want {
			t.Errorf("%s %q is %q, %v, want %q", tt.in.Type(), tt.raw, tt.in.String(), err, tt.want)
		}
	}
}

func TestServicesAreThoseOfTheConfiguration(t *testing.T) {
	t.Parallel()
	c := team("")
	var free Services
	_ = free.Set("anything")
	if err := free.Resolve(c); err != nil {
		t.Errorf("no service is configured: %v", err)
	}
	c.Config.Incidents = config.Incidents{Services: []string{"registry", "web"}}
	var wrong Services
	_ = wrong.Set("web,registri")
	if err := wrong.Resolve(c); err == nil || !strings.Contains(err.Error(), "did you mean registry?") {
		t.Errorf("got %v", err)
	}
	list, err := wrong.Candidates(t.Context(), Source{Config: c.Config}, "web,re")
	if err != nil || len(list) != 1 || list[0].Word != "web,registry" {
		t.Errorf("got %v, %v", list, err)
	}
}

func TestCounts(t *testing.T) {
	t.Parallel()
	atLeast, between := AtLeast(1, 6), Between(1, 52, 2)
	for raw, ok := range map[string][2]bool{"1": {true, true}, "0": {}, "53": {true, false}, "x": {}, "-1": {}} {
		if err := atLeast.Set(raw); (err == nil) != ok[0] {
			t.Errorf("at least 1: %q: %v", raw, err)
		}
		if err := between.Set(raw); (err == nil) != ok[1] {
			t.Errorf("1 to 52: %q: %v", raw, err)
		}
	}
	for _, missing := range []Count{Optional(1), AtLeast(1, 0)} { // the form in the hint is a valid one
		if wrong, ok := errors.AsType[*Invalid](missing.Set("0")); !ok || len(wrong.Forms) != 1 || missing.Set(wrong.Forms[0]) != nil {
			t.Errorf("0: %+v", wrong)
		}
	}
}

// A message does not list dozens of words: it has their number, a few of them, and the closest one.
func TestManyWordsAreNotListed(t *testing.T) {
	t.Parallel()
	var rule LintRule
	err := rule.Set("two-colums")
	if err == nil || len(err.Error()) > 160 || !strings.Contains(err.Error(), "such as ") || !strings.Contains(err.Error(), "did you mean two-columns?") {
		t.Error(err)
	}
}
