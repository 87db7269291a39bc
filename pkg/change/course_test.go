package change_test

import (
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// A change is in progress by a start of somebody who may start it, until it is finished, aborted or reopened.
func TestCourseOf(t *testing.T) {
	t.Parallel()
	start := eventNote(1, "dev", change.Start, "12:00", change.FieldPlan, "p", change.FieldCriticality, "C2", change.FieldOverride, "agreed")
	byReporter := eventNote(2, "rep", change.Start, "12:01")
	finish, abort := eventNote(3, "rep", change.Finish, "12:02"), eventNote(4, "rep", change.Abort, "12:03")
	untrusted := finish
	untrusted.Trusted = false
	again := eventNote(6, "lea", change.Start, "12:05", change.FieldPlan, "q")
	for name, c := range map[string]struct {
		notes    []issue.Note
		reopened int64 // minutes after the beginning of the day
		by       string
		over     change.State
	}{
		"nothing":                           {nil, 0, "", change.UnknownState},
		"started":                           {[]issue.Note{start}, 0, "dev", change.UnknownState},
		"started by a Reporter":             {[]issue.Note{byReporter}, 0, "", change.UnknownState},
		"a Reporter after a Developer":      {[]issue.Note{start, byReporter}, 0, "dev", change.UnknownState},
		"started anew":                      {[]issue.Note{start, again}, 0, "lea", change.UnknownState},
		"finished":                          {[]issue.Note{start, finish}, 0, "dev", change.Complete},
		"finished by somebody without role": {[]issue.Note{start, untrusted}, 0, "dev", change.UnknownState},
		"finished before any start":         {[]issue.Note{finish, again}, 0, "lea", change.UnknownState},
		"aborted before any start":          {[]issue.Note{abort, again}, 0, "", change.Aborted},
		"reopened":                          {[]issue.Note{start, finish}, 5, "", change.UnknownState},
		"reopened at that moment":           {[]issue.Note{start}, 1, "", change.UnknownState},
		"started after it was reopened":     {[]issue.Note{start, finish, again}, 5, "lea", change.UnknownState},
	} {
		var reopened time.Time
		if c.reopened > 0 {
			reopened = day.Add(time.Duration(c.reopened) * time.Minute)
		}
		got := change.CourseOf(eventlog.Events(c.notes, change.Kind), reopened, func(e eventlog.Event) bool { return e.Author != "rep" })
		if got.Began.By != c.by || got.Over != c.over || got.Began.At.IsZero() != (c.by == "") {
			t.Errorf("%s: %+v, over %s", name, got.Began, got.Over)
		}
		if c.by == "dev" && (got.Began.Plan != "p" || got.Began.Criticality != change.C2 || got.Began.Override != "agreed" || got.Began.NoteID != 1) {
			t.Errorf("%s: %+v", name, got.Began)
		}
	}
}
