package gitlab

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// Whatever happens to the requests, the issue is reconciled in the end, and reconciling again changes nothing.
func TestReconcileSurvivesFaults(t *testing.T) {
	t.Parallel()
	requests := []string{"GET /projects/*/issues/*/notes", "GET /projects/*/members/all", "GET /projects/*/issues/*", "PUT /projects/*/issues/*"}
	for _, request := range requests {
		for _, kind := range append(kinds, "nothing") {
			for nth := 1; nth <= 2; nth++ {
				if nth == 2 && kind == "html" && request[:3] == "GET" {
					continue // a page that comes twice is not a transient failure
				}
				t.Run(fmt.Sprintf("%s/%s/%d", request, kind, nth), func(t *testing.T) {
					t.Parallel()
					l := newLab(t, nil)
					ref := l.createToyIssue(t)
					l.addNote(t, "owner", ref, newEvent("a").Body)
					l.addNote(t, "planner", ref, newEvent("b").Body)
					for n := 1; n <= nth && kind != "nothing"; n++ {
						l.fault(t, fmt.Sprintf("%s nth=%d %s", request, n, kind))
					}
					reconciled, changed, err := l.as(t, "developer", nil).ReconcileIssue(t.Context(), ref, toy{states})
					if now := l.checkReconciled(t, ref, 2); err != nil || !changed || reconciled.Description != now.Description {
						t.Errorf("changed %v, %v; %+v", changed, err, reconciled)
					}
					second, changed, err := l.as(t, "reporter", nil).ReconcileIssue(t.Context(), ref, toy{states})
					if err != nil || changed || second.Ref != ref {
						t.Errorf("second run: changed %v, %v", changed, err)
					}
				})
			}
		}
	}
}

func TestRequestsOfReconcile(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	ref := l.createToyIssue(t)
	c := l.as(t, "developer", nil)
	created, existed, err := c.CreateNote(t.Context(), ref, newEvent("a"), issue.IdempotencyKey{Kind: "note", Name: "x", Unique: true})
	if err != nil || existed || created.ID == 0 {
		t.Fatalf("%+v, %v, %v", created, existed, err)
	}
	checkRequests(t, l, c, ref, true, "GET notes, GET all, GET 1, PUT 1, GET notes, GET 1")
	checkRequests(t, l, c, ref, false, "GET notes, GET 1")
}

func checkRequests(t *testing.T, l *lab, c *Client, ref issue.Ref, wantChanged bool, want string) {
	t.Helper()
	l.ResetRequests()
	if _, changed, err := c.ReconcileIssue(t.Context(), ref, toy{states}); err != nil || changed != wantChanged {
		t.Errorf("changed %v, %v", changed, err)
	}
	var got []string
	for _, e := range l.Requests() {
		got = append(got, e.Method+" "+e.Path[strings.LastIndex(e.Path, "/")+1:])
	}
	if s := strings.Join(got, ", "); s != want {
		t.Errorf("requests %s, want %s", s, want)
	}
}

// A failed PUT is not retried as it is: the next one includes what somebody wrote in the meantime.
func TestFailedChangeIsRebuiltFromNewReads(t *testing.T) {
	t.Parallel()
	for _, kind := range append(kinds, "lock") {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, nil)
			ref := l.createToyIssue(t)
			l.addNote(t, "owner", ref, newEvent("a").Body)
			failed := false
			c := l.as(t, "developer", func(o *Options) {
				inner := o.Transport
				o.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
					lock := answering(409, `{"message":"409 Conflict: Resource lock"}`)
					if r.Method == http.MethodPut && !failed && kind == "lock" {
						failed = true
						l.edit(t, "maintainer", ref, "words of a person")
						return overHandler(lock).RoundTrip(r)
					}
					return inner.RoundTrip(r)
				})
				o.Trace = func(e Exchange) {
					if e.Method == http.MethodPut && !failed {
						failed = true
						l.edit(t, "maintainer", ref, "words of a person")
					}
				}
			})
			if kind != "lock" {
				l.fault(t, "PUT /projects/*/issues/* nth=1 "+kind)
			}
			_, _, err := c.ReconcileIssue(t.Context(), ref, toy{states})
			if now := l.checkReconciled(t, ref, 1); err != nil || !strings.Contains(now.Description, "words of a person") {
				t.Errorf("%v; %q", err, now.Description)
			}
		})
	}
}

func TestReconcileGivesUp(t *testing.T) {
	t.Parallel()
	for faults, tt := range map[string]struct {
		kind    fault.Kind
		unknown bool
		changed bool
		puts    int
	}{
		"PUT /projects/*/issues/* status=502":       {fault.Unreachable, true, true, 5},
		"PUT /projects/*/issues/* status=429":       {fault.Unreachable, false, false, 5},
		"PUT /projects/*/issues/* status=403":       {fault.Auth, false, false, 1},
		"GET /projects/*/issues/*/notes status=500": {fault.Unreachable, false, false, 0},
		"GET /projects/*/issues/* nth=2 status=404": {fault.Failed, false, true, 1},
	} {
		l := newLab(t, nil)
		ref := l.createToyIssue(t)
		l.addNote(t, "owner", ref, newEvent("a").Body)
		l.fault(t, faults)
		l.ResetRequests()
		_, changed, err := l.as(t, "developer", nil).ReconcileIssue(t.Context(), ref, toy{states})
		if err == nil || fault.KindOf(err) != tt.kind || errors.Is(err, fault.Unknown) != tt.unknown || changed != tt.changed || l.sent("PUT") != tt.puts {
			t.Errorf("%s: kind %v, changed %v after %d PUTs: %v", faults, fault.KindOf(err), changed, l.sent("PUT"), err)
		}
	}
}

// What GitLab drops is tried once more, in case somebody else interfered, and then reported.
func TestReconcileReportsDroppedParts(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	l.MustDo("outsider", "POST", "/projects/acme%2Finfra/issues", "title=theirs")
	ref := issue.Ref{Project: "acme/infra", IID: 1}
	l.addNote(t, "owner", ref, newEvent("a").Body)
	l.ResetRequests()
	_, changed, err := l.as(t, "outsider", nil).ReconcileIssue(t.Context(), ref, toy{states}) // may edit the text, but not label
	if !errors.Is(err, fault.Dropped) || !changed || l.sent("PUT") != 2 || !strings.Contains(err.Error(), `the label "State::a" is not set`) {
		t.Errorf("changed %v after %d PUTs: %v", changed, l.sent("PUT"), err)
	}
}

// neverDone always wants another change.
type neverDone struct{ n int }

func (r *neverDone) Reconcile(i issue.Issue, _ []issue.Note) (issue.Change, error) {
	r.n++
	return issue.Change{Description: new(fmt.Sprint(r.n))}, nil
}

func TestReconcileIsBounded(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	ref := l.createToyIssue(t)
	l.ResetRequests()
	reconciled, changed, err := l.as(t, "developer", nil).ReconcileIssue(t.Context(), ref, &neverDone{})
	if fault.KindOf(err) != fault.Partial || fault.HintOf(err) == "" || !changed || l.sent("PUT") != reconcileRounds || reconciled.Description != "12" {
		t.Errorf("%+v, changed %v after %d PUTs: %v", reconciled, changed, l.sent("PUT"), err)
	}
}

// refusing is a reconciler that cannot read the record.
type refusing struct{}

func (refusing) Reconcile(issue.Issue, []issue.Note) (issue.Change, error) {
	return issue.Change{}, fault.New(fault.Refused, "", "the record cannot be read")
}

func TestReconcilerThatRefuses(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	ref := l.createToyIssue(t)
	reconciled, changed, err := l.as(t, "developer", nil).ReconcileIssue(t.Context(), ref, refusing{})
	if fault.KindOf(err) != fault.Refused || changed || l.sent("PUT") != 0 || reconciled.Ref != ref {
		t.Errorf("%+v, %v, %v", reconciled, changed, err)
	}
}

func TestReconcileIsInterrupted(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	ref := l.createToyIssue(t)
	l.addNote(t, "owner", ref, newEvent("a").Body)
	l.fault(t, "PUT /projects/*/issues/* nth=1 drop-after")
	ctx, cancel := context.WithCancel(t.Context())
	c := l.as(t, "developer", func(o *Options) {
		o.Sleep = func(ctx context.Context, _ time.Duration) error { cancel(); return ctx.Err() }
	})
	_, changed, err := c.ReconcileIssue(ctx, ref, toy{states})
	if !errors.Is(err, fault.Unknown) || !changed || l.sent("PUT") != 1 {
		t.Errorf("changed %v after %d PUTs: %v", changed, l.sent("PUT"), err)
	}
}

// Which system notes mean that an edit may be lost. Comment 1 was read before the change; the description sent was "ours".
func TestLostEdits(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	const me, ines, olav = 1, 2, 3
	systemNote := func(id, author int64, body string) issue.Note {
		return issue.Note{ID: id, Body: body, Author: fmt.Sprint("user", author), AuthorID: author, CreatedAt: at, System: true}
	}
	edited := func(id, author int64) issue.Note { return systemNote(id, author, "changed the description") }
	wrote := func(author int64, ago time.Duration, trusted bool) issue.Note {
		return issue.Note{ID: 1, Body: "x\n\n" + eventlog.Mark + "{} -->", AuthorID: author, CreatedAt: at.Add(-ago), Trusted: trusted}
	}
	for name, tt := range map[string]struct {
		notes []issue.Note
		now   string // the description
		lost  int
	}{
		"nobody else":                     {[]issue.Note{edited(2, me)}, "ours", 0},
		"in the browser, before ours":     {[]issue.Note{edited(2, me), edited(3, me)}, "ours", 1},
		"in the browser, after ours":      {[]issue.Note{edited(2, me), edited(3, me)}, "theirs", 0},
		"in the browser, then others":     {[]issue.Note{edited(2, me), edited(3, me), edited(4, ines)}, "theirs", 1},
		"twice in the browser":            {[]issue.Note{edited(2, me), edited(3, me), edited(4, me)}, "ours", 2},
		"another run of ours":             {[]issue.Note{wrote(me, time.Minute, true), {ID: 2, Body: wrote(me, 0, true).Body, AuthorID: me, CreatedAt: at, Trusted: true}, edited(3, me), edited(4, me)}, "ours", 0},
		"our own event":                   {[]issue.Note{wrote(me, time.Minute, true), edited(2, me), edited(3, me)}, "ours", 1},
		"the same change by another one":  {[]issue.Note{edited(2, ines), edited(3, olav)}, "ours", 0},
		"an edit that was read before":    {[]issue.Note{edited(1, ines), edited(2, me)}, "ours", 0},
		"an edit before ours":             {[]issue.Note{edited(2, ines), edited(3, me)}, "ours", 1},
		"and another change after it":     {[]issue.Note{edited(2, ines), edited(3, me)}, "others", 1},
		"two edits":                       {[]issue.Note{edited(2, ines), edited(3, olav), edited(4, me)}, "ours", 2},
		"an edit after ours":              {[]issue.Note{edited(2, me), edited(3, ines)}, "theirs", 0},
		"only its note came after":        {[]issue.Note{edited(2, me), edited(3, ines)}, " ours\r\n", 1},
		"between two of ours":             {[]issue.Note{edited(2, me), edited(3, ines), edited(4, me)}, "others", 1},
		"ours was not carried out":        {[]issue.Note{edited(2, ines)}, "theirs", 0},
		"a box was ticked":                {[]issue.Note{systemNote(2, ines, "marked the checklist item **x** as completed"), edited(3, me)}, "ours", 1},
		"a box was ticked, older wording": {[]issue.Note{systemNote(2, ines, "marked the task **x** as incomplete"), edited(3, me)}, "ours", 1},
		"another system note":             {[]issue.Note{systemNote(2, ines, "assigned to @ines"), edited(3, me)}, "ours", 0},
		"reconciling the same issue":      {[]issue.Note{wrote(ines, 9*time.Minute, true), edited(2, ines), edited(3, me)}, "ours", 0},
		"reconciling it earlier":          {[]issue.Note{wrote(ines, 11*time.Minute, true), edited(2, ines), edited(3, me)}, "ours", 1},
		"with an untrusted event":         {[]issue.Note{wrote(ines, time.Minute, false), edited(2, ines), edited(3, me)}, "ours", 1},
		"somebody else is reconciling":    {[]issue.Note{wrote(olav, time.Minute, true), edited(2, ines), edited(3, me)}, "ours", 1},
		"written by a person":             {[]issue.Note{{ID: 2, Body: "changed the description", AuthorID: ines, CreatedAt: at}, edited(3, me)}, "ours", 0},
	} {
		c := mustNew(t, options("https://gitlab.example.test", newClock()))
		c.rememberSelf(me)
		sent := &sentDescription{text: "ours", notes: slices.DeleteFunc(slices.Clone(tt.notes), func(n issue.Note) bool { return n.ID > 1 }), after: 1}
		s := reconciliation{client: c, reconciler: toy{states}, sent: sent, now: issue.Issue{Description: tt.now}}
		if err := s.detectLostEdits(t.Context(), tt.notes); err != nil || len(s.lost) != tt.lost {
			t.Errorf("%s: %+v, %v; want %d", name, s.lost, err, tt.lost)
		}
		if err := s.lostEdits(); (err != nil) != (tt.lost > 0) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
