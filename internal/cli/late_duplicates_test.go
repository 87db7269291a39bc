package cli_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// meanwhile runs something once, before the first request after some time.
func (l *lab) meanwhile(after time.Duration, do func()) {
	inner, at, done := l.wire, l.clock.Now().Add(after), false
	l.wire = lateTripper(func(r *http.Request) (*http.Response, error) {
		if !done && !l.clock.Now().Before(at) {
			done = true
			do()
		}
		return inner.RoundTrip(r)
	})
}

type lateTripper func(*http.Request) (*http.Response, error)

func (f lateTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// The address is printed before the run watches for a late copy, which is announced with how to stop it.
func TestOpenWatchesForALateCopy(t *testing.T) {
	t.Parallel()
	open := []string{"incident", "open", "Registry returns 500s", "-s", "S2"}
	for _, tt := range []struct {
		name      string
		late      string
		interrupt bool
		args      []string
		want      []string // on standard error, in this order
		not       string
		live      int
	}{
		{"late", "late=33s", false, nil, []string{"checking in 2s whether it was carried out", "checking in 8s", "/issues/1",
			"watching for 55s", "^C is safe", "acme/production#2 was a duplicate of acme/production#1 and is closed"}, "Stopped", 1},
		{"never", "drop-before", false, nil, []string{"/issues/1", "watching for 55s"}, "Stopped", 1},
		{"quiet", "late=33s", false, []string{"-q"}, nil, "watching", 1},
		{"interrupted", "late=33s", true, nil, []string{"watching for 55s", "Stopped watching"}, "error", 2},
		{"nothing lost", "delay=20s", false, nil, []string{"/issues/1"}, "watching", 1},
		{"lost at once, found at once", "drop-after", false, nil, []string{"outcome unknown; checking whether it was carried out", "/issues/1"},
			"watching", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{}).moving()
			l.fault(t, "POST /projects/*/issues nth=1 "+tt.late)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if tt.interrupt {
				l.meanwhile(25*time.Second, cancel)
			}
			r := l.runIn(ctx, append(open, tt.args...)...)
			l.clock.pass(time.Minute)
			all := r.out + r.errors
			if r.code != 0 || strings.Contains(all, tt.not) || len(l.incidents()) != tt.live {
				t.Errorf("exit %d, %d incidents\n%s", r.code, len(l.incidents()), all)
			}
			for at := 0; len(tt.want) > 0; tt.want = tt.want[1:] {
				n := strings.Index(all[at:], tt.want[0])
				if n < 0 && strings.Contains(all, tt.want[0]) && strings.HasPrefix(tt.want[0], "/issues") { // on the other stream
					n = 0
				}
				if n < 0 {
					t.Fatalf("%q is missing or too early\n%s", tt.want[0], all)
				}
				at += n
			}
			next := l.run(open...)
			if next.code != 0 || len(l.incidents()) != 1 {
				t.Errorf("the next run: exit %d, %d incidents\n%s", next.code, len(l.incidents()), next.errors)
			}
			l.checkRetired(t, tt.name)
		})
	}
}

// What colleagues do with a late duplicate of an incident is carried over to the one that stays: events, comments, labels, links and an
// assignee. What cannot be carried over keeps both, with exit code 3.
func TestLateDuplicateThatPeopleUse(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		do    func(l *lab, dev func(...string))
		stays string                           // why both stay; empty: the duplicate is retired
		want  func(kept, retired string) error // the description and comments of both
	}{
		{"mitigated", func(_ *lab, dev func(...string)) {
			dev("incident", "update", "2", "-m", "Disk full on node 3")
			dev("incident", "mitigate", "2", "-m", "Failed over")
		}, "", contains("Incident::Mitigated", "Disk full on node 3", "Failed over", "mitigated_at: 2018-08-24T16:00:00Z")},
		{"another severity", func(_ *lab, dev func(...string)) { dev("incident", "update", "2", "-m", "Worse", "-s", "S1") }, "",
			contains("S1", "Worse", "-S2")},
		{"resolved", func(_ *lab, dev func(...string)) { dev("incident", "resolve", "2", "-m", "Fixed", "--close") }, "",
			contains("Incident::Resolved", "closed", "Fixed")},
		{"comment", func(l *lab, _ func(...string)) {
			l.web("dev", "POST", "/issues/2/notes", `{"body": "I see @mara's graph.\n\nDisk is full."}`)
		}, "", contains("> Disk is full.", "where dev wrote it")},
		{"labels", func(l *lab, _ func(...string)) {
			l.web("dev", "PUT", "/issues/2", `{"add_labels": "network,S1", "remove_labels": "S2"}`)
		}, "", contains("network", "S1", "-S2")},
		{"link", func(l *lab, _ func(...string)) {
			l.web("dev", "POST", "/issues/2/links", `{"target_project_id": "acme/infrastructure", "target_issue_iid": 1}`)
		}, "", contains("acme/infrastructure#1")},
		{"assignee", func(l *lab, _ func(...string)) { l.web("dev", "POST", "/issues/2/notes", `{"body": "/assign @dev"}`) }, "",
			contains("assigned to dev")},
		{"nothing", func(*lab, func(...string)) {}, "", contains()},
		{"description edited", func(l *lab, _ func(...string)) {
			l.web("dev", "PUT", "/issues/2", `{"description": %q}`, "The disk is full\n\n"+l.server.Snapshot().Project(prod).Issues[1].Description)
		},
			"@dev edited its description", nil},
		{"title changed", func(l *lab, _ func(...string)) { l.web("dev", "PUT", "/issues/2", `{"title": "Disk full on node 3"}`) },
			"@dev changed its title", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{}).moving()
			l.fault(t, "POST /projects/*/issues nth=1 late=33s")
			wire := l.wire
			l.meanwhile(34*time.Second, func() {
				own := *l
				own.user, own.wire = "dev", wire
				tt.do(&own, func(args ...string) { own.must(t, append(args, "--now", "2018-08-24T16:00:00Z")...) })
			})
			r := l.run("incident", "open", "Registry returns 500s", "-s", "S2")
			open := l.incidents()
			if tt.stays != "" {
				if r.code != 3 || !strings.Contains(r.errors, tt.stays) || len(open) != 2 || !slices.Contains(open[1].Labels, "incident") {
					t.Errorf("exit %d, %d open\n%s%s", r.code, len(open), r.out, r.errors)
				}
				return
			}
			if r.code != 0 || len(open) != 1 {
				t.Fatalf("exit %d, %d open\n%s%s", r.code, len(open), r.out, r.errors)
			}
			if err := tt.want(shown(l, 1), shown(l, 2)); err != nil {
				t.Errorf("%v\nkept: %s\nretired: %s\n%s", err, shown(l, 1), shown(l, 2), r.errors)
			}
			l.checkRetired(t, tt.name)
		})
	}
}

// shown is an incident as text.
func shown(l *lab, iid int) string {
	for _, i := range l.server.Snapshot().Project(prod).Issues {
		if i.IID == iid {
			return fmt.Sprintf("%s %s %q %v assigned to %s\n%s\n%s", i.State, i.Title, i.Labels, i.Links, strings.Join(i.Assignees, ","), i.Description,
				strings.Join(commentsOf(i), "\n--\n"))
		}
	}
	return ""
}

// contains checks the issue that stays for texts, and that those after a dash are missing.
func contains(texts ...string) func(kept, retired string) error {
	return func(kept, retired string) error {
		for _, text := range texts {
			label, not := strings.CutPrefix(text, "-")
			if not && strings.Contains(kept, fmt.Sprintf("%q", label)) || !not && !strings.Contains(kept, text) {
				return fmt.Errorf("%q", text)
			}
		}
		if !strings.Contains(retired, "Duplicate of acme/production#1") || len(texts) > 0 && !strings.Contains(retired, "Carried over: ") {
			return fmt.Errorf("the comment on the duplicate")
		}
		return nil
	}
}

// A late copy of a comment is deleted only if nobody edited it, replied to it or reacted to it.
func TestLateCommentThatPeopleUse(t *testing.T) {
	t.Parallel()
	for _, command := range [][]string{
		{"incident", "review", "1"}, {"incident", "update", "1", "-m", "Disk full"}, {"incident", "mitigate", "1", "-m", "Failed over"},
	} {
		for name, do := range map[string]func(l *lab, note string){
			"nothing": func(*lab, string) {},
			"filled in": func(l *lab, note string) {
				all := commentsOf(l.incident(t, 1))
				l.web("mara", "PUT", "/issues/1/notes/"+note, `{"body": %q}`, "Nobody watched the disk.\n\n"+all[len(all)-1])
			},
			"reply": func(l *lab, note string) {
				for _, d := range l.discussions() {
					if d.Notes[0].ID.String() == note {
						l.web("dev", "POST", "/issues/1/discussions/"+d.ID+"/notes", `{"body": "Really?"}`)
					}
				}
			},
			"reaction": func(l *lab, note string) {
				l.web("dev", "POST", "/issues/1/notes/"+note+"/award_emoji", `{"name": "eyes"}`)
			},
		} {
			t.Run(command[1]+"/"+name, func(t *testing.T) {
				t.Parallel()
				l := newLab(t, setup{})
				l.must(t, "incident", "open", "Registry returns 500s", "-q")
				if command[1] == "review" {
					l.must(t, "incident", "resolve", "1", "-m", "Fixed", "-q")
				}
				l = l.moving()
				before := len(commentsOf(l.incident(t, 1)))
				l.fault(t, "POST /projects/*/issues/*/notes nth=1 late=33s")
				l.meanwhile(34*time.Second, func() { do(l, l.lastNote()) })
				r := l.run(command...)
				added := len(commentsOf(l.incident(t, 1))) - before
				switch {
				case name == "nothing" && (r.code != 0 || added != 1):
					t.Errorf("exit %d, %d comments added\n%s", r.code, added, r.errors)
				case name != "nothing" && (r.code != 3 || added < 2 || !strings.Contains(r.errors, "both stay")):
					t.Errorf("exit %d, %d comments added\n%s", r.code, added, r.errors)
				}
			})
		}
	}
}

// discussion is a thread of an issue as GitLab shows it.
type discussion struct {
	ID    string
	Notes []struct{ ID json.Number }
}

func (l *lab) discussions() (all []discussion) {
	if err := json.Unmarshal([]byte(l.web("dev", "GET", "/issues/1/discussions", "")), &all); err != nil {
		panic(err)
	}
	return all
}

// lastNote is the id of the last comment on the incident.
func (l *lab) lastNote() (id string) {
	for _, d := range l.discussions() {
		for _, n := range d.Notes {
			id = n.ID.String()
		}
	}
	return id
}

// Commands that read report what is there twice, with the command that retires it; they change nothing.
func TestReadersReportDuplicates(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{}).moving()
	l.fault(t, "POST /projects/*/issues again=1s")
	l.must(t, "incident", "open", "Registry's 500s", "--key", "pager-9911", "-q")
	l.clock.pass(time.Second)
	l.must(t, "change", "open", "Restart the workers", "--criticality", "C3", "--start", "2018-08-30 10:00", "--duration", "20m", "--key", "workers-1", "-q")
	l.clock.pass(time.Second)
	l.must(t, "incident", "open", "Elsewhere", "--key", strings.Repeat("long", 40), "--confidential", "-q")
	l.clock.pass(time.Second)
	l.server.ClearFaults()
	live := l.incidents()
	if len(live) != 6 {
		t.Fatalf("%d issues", len(live))
	}
	before := l.picture()
	for _, tt := range []struct {
		args []string
		want []string
	}{
		{[]string{"incident", "list"}, []string{"acme/production#2 is a duplicate of acme/production#1. To retire it, run: prodctl incident open 'Registry'\\''s 500s' --key pager-9911",
			"acme/production#6 is a duplicate of acme/production#5. To retire it, run the command that opened it again\n"}},
		{[]string{"incident", "show", "1"}, []string{"acme/production#2 is a duplicate of acme/production#1"}},
		{[]string{"incident", "show", "2"}, []string{"acme/production#2 is a duplicate of acme/production#1"}},
		{[]string{"incident", "list", "-o", "json"}, []string{"is a duplicate of"}},
		{[]string{"change", "list"}, []string{"acme/production#4 is a duplicate of acme/production#3. To retire it, run the command that opened it again with --key workers-1"}},
		{[]string{"change", "show", "4"}, []string{"acme/production#4 is a duplicate of acme/production#3"}},
	} {
		r := l.must(t, tt.args...)
		for _, want := range tt.want {
			if !strings.Contains(r.out+r.errors, want) {
				t.Errorf("%v: %q is missing\n%s%s", tt.args, want, r.out, r.errors)
			}
		}
	}
	l.run("change", "gate", "--key", "workers-1")
	if diff := cmp.Diff(before, l.picture()); diff != "" {
		t.Errorf("a reading command changed something:\n%s", diff)
	}
	l.must(t, "incident", "open", "Registry's 500s", "--key", "pager-9911", "-q")
	if r := l.must(t, "incident", "show", "1"); len(l.incidents()) != 5 || strings.Contains(r.out+r.errors, "duplicate") {
		t.Errorf("%d issues\n%s%s", len(l.incidents()), r.out, r.errors)
	}
}
