package change_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/pkg/change"
)

func TestValidate(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		edit func(*change.Request)
		want []string // fields
	}{
		{"well", func(*change.Request) {}, nil},
		{"C1 without downtime", func(r *change.Request) { r.Impact.Downtime = 0 }, nil},
		{"C1 without a rollback", func(r *change.Request) { r.Rollback = change.Rollback{Minutes: 5} }, []string{"rollback"}},
		{"C1 with blank steps back", func(r *change.Request) { r.Rollback = change.Rollback{Text: " ", Steps: []change.Step{{" ", 1}}} }, []string{"rollback.steps[0]", "rollback"}},
		{"C2 without a window", func(r *change.Request) { r.Criticality, r.Start, r.Steps = change.C2, time.Time{}, nil }, []string{"start", "duration"}},
		{"C2 with an estimate of its own", func(r *change.Request) {
			r.Criticality, r.Steps, r.Duration = change.C2, []change.Step{{"Do it", 0}}, time.Hour
		}, nil},
		{"C4 and client-facing, without either", func(r *change.Request) {
			*r = change.Request{Title: "x", Criticality: change.C4, Impact: change.Impact{Type: change.ClientFacing}}
		}, []string{"start", "duration", "rollback"}},
		{"C3 with little", func(r *change.Request) { *r = change.Request{Title: "x", Criticality: change.C3} }, nil},
		{"C3 with a start and no estimate", func(r *change.Request) {
			*r = change.Request{Title: "x", Criticality: change.C3, Start: at("12:00")}
		}, []string{"duration"}},
		{"in the past", func(r *change.Request) { r.Start = at("08:59") }, []string{"start"}},
		{"now", func(r *change.Request) { r.Start = at("09:00") }, nil},
		{"no title, no class", func(r *change.Request) { r.Title, r.Criticality = " ", "" }, []string{"title", "criticality"}},
		{"a long title, which is cut", func(r *change.Request) { r.Title = strings.Repeat("ä", 256) }, nil},
		{"no such class, no such impact", func(r *change.Request) { r.Criticality, r.Impact.Type = "C9", "much" }, []string{"criticality", "impact.type"}},
		{"negative", func(r *change.Request) {
			r.Duration, r.Impact.Downtime, r.Rollback.Minutes, r.Steps[1].Minutes = -time.Hour, -time.Minute, -1, -2
		}, []string{"duration", "impact.downtime", "steps[1].minutes", "rollback.minutes"}},
		{"no impact and a downtime", func(r *change.Request) { r.Impact.Type = change.NoImpact }, []string{"impact.type"}},
		{"a month", func(r *change.Request) { r.Duration = 30 * 24 * time.Hour }, []string{"duration"}},
		{"a step that says nothing", func(r *change.Request) { r.Preparation = []change.Step{{"", 3}, {"Tell support", 0}} }, []string{"preparation[0]"}},
	} {
		r := request()
		tc.edit(&r)
		var got []string
		for _, f := range r.Validate(at("09:00")) {
			got = append(got, f.Field)
			if f.Text == "" || strings.HasSuffix(f.Text, ".") {
				t.Errorf("%s: %s: %q is not a sentence without a full stop", tc.name, f.Field, f.Text)
			}
		}
		if !cmp.Equal(got, tc.want) {
			t.Errorf("%s: faults %q, want %q: %v", tc.name, got, tc.want, r.Validate(at("09:00")))
		}
	}
}

func TestWindowIsTwiceTheEstimate(t *testing.T) {
	t.Parallel()
	if w := request().Window(); !w.From.Equal(at("12:00")) || !w.To.Equal(at("13:00")) { // 10 and 20 minutes
		t.Errorf("the window is %v", w)
	}
	r := request()
	r.Duration = 90 * time.Minute
	if w := r.Window(); !w.To.Equal(at("15:00")) {
		t.Errorf("the given estimate counts, not the sum of the steps: %v", w)
	}
	if w := (change.Request{Start: at("12:00")}).Window(); !w.From.IsZero() {
		t.Errorf("without an estimate the window is %v", w)
	}
}

// The record of a request has the same values.
func TestRecordOfARequest(t *testing.T) {
	t.Parallel()
	five, none := 5*time.Minute, time.Duration(0)
	r := request()
	r.RetryOf = "acme/production#3"
	want := change.Record{Criticality: change.C1, Start: at("12:00"), Duration: 30 * time.Minute, WindowEnd: at("13:00"), Services: []string{"api", "web"}, Impact: change.ClientFacing,
		Downtime: &five, Executor: "ines", Environment: "production", RetryOf: "acme/production#3", Exists: true}
	if got := change.Read(r.Record(), day); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	small := change.Request{Title: "x", Criticality: change.C4, Duration: time.Hour, Impact: change.Impact{Type: change.NoImpact}}
	want = change.Record{Criticality: change.C4, Duration: time.Hour, Impact: change.NoImpact, Downtime: &none, Exists: true}
	if got := change.Read(small.Record(), day); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	hostile := "x\"\n```\n/close @all: {a}\n# \u2028"
	nasty := change.Read(change.Request{Criticality: change.C4, Services: []string{hostile, "b"}, Environment: hostile, Executor: hostile}.Record(), day)
	if len(nasty.Services) != 2 || nasty.Services[1] != "b" || !strings.Contains(nasty.Environment, "/close @all: {a}") || len(nasty.Problems) > 0 {
		t.Errorf("hostile text: %+v", nasty)
	}
	if lines := fmt.Sprintf("\n%s", change.Request{Environment: hostile}.Record()); strings.Contains(lines, "\n/") {
		t.Errorf("a line begins with a slash: %s", lines)
	}
}
