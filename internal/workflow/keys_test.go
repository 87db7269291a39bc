package workflow_test

import (
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/workflow"
)

func TestKeys(t *testing.T) {
	t.Parallel()
	now := time.Date(2018, 8, 24, 23, 50, 1, 0, time.UTC)
	once := func(k workflow.Keys, words ...string) string {
		t.Helper()
		o, err := k.Key("incident", "incident", words...)
		if err != nil {
			t.Fatal(err)
		}
		since := "-"
		if !o.Since.IsZero() {
			since = o.Since.Format(time.RFC3339)
		}
		return o.Name + " since " + since
	}
	words := workflow.Keys{Now: now}
	if a, b := once(words, "open", "It burns"), once(workflow.Keys{Now: now.Add(time.Minute)}, "open", "It burns"); a != b || !strings.HasPrefix(a, "auto-20180824-") || !strings.HasSuffix(a, " since 2018-08-23T00:00:00Z") {
		t.Errorf("the same words are %s and %s", a, b)
	}
	if a, b := once(words, "open", "It burns"), once(words, "openIt", "burns"); a == b {
		t.Errorf("other words have the same key %s", a)
	}
	job := workflow.Keys{Now: now, Job: workflow.Job{Project: "31", Pipeline: "900", Name: "deploy 1/3", Started: now.Add(-time.Hour)}}
	if got := once(job, "x"); !strings.HasPrefix(got, "ci-31-900-deploy 1/3-") || !strings.HasSuffix(got, " since 2018-08-23T00:00:00Z") {
		t.Errorf("a job's key is %s", got)
	}
	fresh := workflow.Keys{Now: now, New: true, Job: job.Job}
	if a, b := once(fresh, "x"), once(fresh, "x"); a == b || !strings.HasPrefix(a, "run-20180824t235001z-") || !strings.HasSuffix(a, " since 2018-08-23T23:50:01Z") {
		t.Errorf("new keys are %s and %s", a, b)
	}
	for given, want := range map[string]string{
		"deploy-7":               "deploy-7 since -",
		"auto-20180824-0a0a":     "auto-20180824-0a0a since 2018-08-23T00:00:00Z",
		"run-20180824t235001z-x": "run-20180824t235001z-x since 2018-08-23T23:50:01Z",
		"run-2018-x":             "run-2018-x since -",
		"auto-99999999-x":        "auto-99999999-x since -",
	} {
		if got := once(workflow.Keys{Given: given, Now: now, New: true}, "x"); got != want {
			t.Errorf("%s is %s, want %s", given, got, want)
		}
	}
	day := func(s string) time.Time { at, _ := time.Parse(time.DateOnly, s); return at }
	for given, want := range map[string]string{"2018-08-20": "deploy-7 since 2018-08-19T00:00:00Z", "2018-08-25": "deploy-7 since 2018-08-24T00:00:00Z"} {
		if got := once(workflow.Keys{Given: "deploy-7", Since: day(given), Now: now, Job: job.Job}, "x"); got != want {
			t.Errorf("a key of %s is %s, want %s", given, got, want)
		}
	}
	for _, k := range []workflow.Keys{{Since: day("2018-08-20"), Now: now}, {Given: "deploy-7", Since: day("2018-08-27"), Now: now}} {
		if o, err := k.Key("incident", "", "x"); fault.KindOf(err) != fault.Usage {
			t.Errorf("%+v: %+v, %v", k, o, err)
		}
	}
	note, err := words.Note("note", "x")
	if err != nil || note.Since != time.Date(2018, 8, 24, 23, 40, 1, 0, time.UTC) {
		t.Errorf("a comment's key is bound to %s, %v", note.Since, err)
	}
	if _, err := (workflow.Keys{Given: " ", Now: now}).Key("incident", ""); err == nil {
		t.Error("a blank key is taken")
	}
}
