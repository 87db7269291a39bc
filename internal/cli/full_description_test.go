package cli_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// fill appends words of a person to the first issue's description until it has room for no more than some bytes.
func (l *lab) fill(t *testing.T, room int) (filler string) {
	t.Helper()
	i, _ := l.queueIssue(t, 1)
	filler = strings.Repeat("ü", (issue.MaxDescription-room-len(i.Description)-1)/2)
	filler += strings.Repeat("!", issue.MaxDescription-room-len(i.Description)-len(filler)-1) + "\n"
	body, _ := json.Marshal(map[string]string{"description": filler + i.Description})
	l.server.MustDo("mara", http.MethodPut, "/projects/acme%2Fproduction/issues/1", string(body))
	return filler
}

// TestFullDescription records the life of an incident whose description has no room left: record and labels follow, the timeline is
// shortened and the command says so, and what people wrote stays.
func TestFullDescription(t *testing.T) {
	t.Parallel()
	for _, room := range []int{0, 60, 110, 500} {
		for _, lines := range []int{0, 3} {
			if lines > 0 && room > 0 {
				continue
			}
			if !whole && room > 60 {
				continue // each writes a description of a megabyte several times
			}
			t.Run(fmt.Sprint(room, " bytes, ", lines, " lines"), func(t *testing.T) {
				t.Parallel()
				l := newLab(t, setup{})
				l.must(t, "incident", "open", "Registry", "-s", "S2", "--started", "40m")
				for n := range lines {
					l.must(t, "incident", "update", "1", "-m", fmt.Sprint("Update ", n))
				}
				filler, short := l.fill(t, room), false
				for _, args := range [][]string{{"mitigate", "1", "-m", "Failed over"}, {"update", "1", "-s", "S1", "-m", "Others too"}, {"resolve", "1", "-m", "Fixed"}} {
					r := l.run(append([]string{"incident"}, args...)...)
					i, _ := l.queueIssue(t, 1)
					if r.code != 0 || !strings.HasPrefix(i.Description, filler) || len(i.Description) > issue.MaxDescription {
						t.Fatalf("%q: exit %d, %d bytes\n%s%s", args, r.code, len(i.Description), r.out, r.errors)
					}
					short = short || strings.Contains(r.out+r.errors, "The description is full")
				}
				i, _ := l.queueIssue(t, 1)
				inc := incident.Of(i, incidentRules)
				if r := inc.Record; inc.State != incident.Resolved || r.MitigatedAt.IsZero() || r.ResolvedAt.IsZero() || r.Severity != incident.S1 || !i.Has("S1") {
					t.Errorf("labels %q, record %+v", i.Labels, r)
				}
				if !short && room < 200 {
					t.Error("nobody said that lines are left out")
				}
				timeline := l.must(t, "incident", "timeline", "1").out
				for _, words := range []string{"Failed over", "Others too", "Fixed"} {
					if !strings.Contains(timeline, words) {
						t.Errorf("the timeline lacks %q:\n%s", words, timeline)
					}
				}
			})
		}
	}
}

// TestNoRoomForTheRecord fills a description with words of people up to a record that cannot be shortened. The comment and the state label
// are there, the description is as it was, and once somebody has followed the hint, the same command ends well.
func TestNoRoomForTheRecord(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.must(t, "change", "open", "Move the database", "--criticality", "C4", "--start", "2018-08-24 16:00", "--duration", "30m", "--rollback", "move it back",
		"--environment", "production", "--service", "db")
	l.fill(t, 5)
	before, _ := l.queueIssue(t, 1)
	r := l.run("change", "start", "1")
	i, _ := l.queueIssue(t, 1)
	if r.code != 3 || i.Description != before.Description || !i.Has(changeRules.InProgress) || i.Has(changeRules.Scheduled) {
		t.Fatalf("exit %d, labels %q\n%s", r.code, i.Labels, r.errors)
	}
	if !strings.Contains(r.errors, "the description of acme/production#1 is full") || !strings.Contains(r.errors, "Shorten the description of https://") {
		t.Errorf("errors %s", r.errors)
	}
	for _, sent := range l.server.Requests() {
		if sent.Method == http.MethodPut && sent.Status >= 400 {
			t.Errorf("GitLab refused %s %s", sent.Method, sent.Path)
		}
	}
	body, _ := json.Marshal(map[string]string{"description": i.Description[1000:]})
	l.server.MustDo("mara", http.MethodPut, "/projects/acme%2Fproduction/issues/1", string(body))
	l.must(t, "change", "start", "1")
	i, _ = l.queueIssue(t, 1)
	if r := change.Of(i, changeRules).Record; r.StartedAt.IsZero() {
		t.Errorf("record %+v", r)
	}
}

// TestTextsThatAreTooLong passes texts that GitLab refuses to every command that writes one: nothing is written, and the error has the
// number and the way out.
func TestTextsThatAreTooLong(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("word ", issue.MaxNote/5)
	for name, args := range map[string][]string{
		"update":   {"incident", "update", "1", "-m", long},
		"mitigate": {"incident", "mitigate", "1", "-m", long},
		"resolve":  {"incident", "resolve", "1", "-m", long},
		"abort":    {"change", "abort", "2", "-m", long},
		"mark":     {"handoff", "mark", infra + "#1", "--left-off", long, "--next", "Restore"},
		"open":     {"incident", "open", "Web", "-m", long + long},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{})
			l.must(t, "incident", "open", "Registry", "-s", "S2")
			l.must(t, "change", "open", "Move the database", "--criticality", "C4", "--start", "2018-08-24 16:00", "--duration", "30m", "--rollback", "move it back",
				"--environment", "production", "--service", "db")
			l.server.ResetRequests()
			r := l.run(args...)
			if _, writes := l.count(); r.code != 6 || writes != 0 || !strings.Contains(r.errors, "is too long: ") || !strings.Contains(r.errors, "Shorten the text") {
				t.Errorf("exit %d, %d writes\n%.300s", r.code, writes, r.errors)
			}
		})
	}
}
