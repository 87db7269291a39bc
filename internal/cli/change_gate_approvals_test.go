package cli_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
)

// election is what the gate may count, by a model of its own: who approved which version of the plan, in a comment that is unedited, and who
// started which version with an override.
type election struct {
	version    int // of plan, criticality, executor and reopening
	class      string
	gravest    string         // of the classes that somebody approved or started
	approved   map[string]int // version by approver
	started    map[string]bool
	overridden int // version, 0: none
}

// enough reports whether the approvals are those of the handbook, without those of the author and whoever started the change.
func (m election) enough() bool {
	total, managers := 0, 0
	for who, version := range m.approved {
		if version != m.version || m.started[who] || who == "rep" {
			continue
		}
		total++
		if who != "dev" {
			managers++
		}
	}
	class := m.class
	if class == "C4" && m.gravest != "" {
		class = m.gravest
	}
	switch class {
	case "C1":
		return total >= 2 && managers >= 1
	case "C2":
		return managers >= 1
	case "C3":
		return total >= 1
	}
	return true // opened as C4
}

// seen notes the class of the change when somebody approved or started it.
func (m *election) seen() {
	if m.gravest == "" || m.class < m.gravest {
		m.gravest = m.class
	}
}

// Whatever people do, in whatever order: the gate of a change opens only with enough approvals of what it is now, by others, in comments that
// nobody edited, or if a Developer started just that with an override.
func TestGateOpensOnlyWithApprovals(t *testing.T) {
	t.Parallel()
	const notes = "/projects/acme%2Fproduction/issues/1/notes"
	opened, closed := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		pick := func(what string, from ...string) string { return rapid.SampledFrom(from).Draw(rt, what) }
		l := newLab(t, setup{seed: secondLead})
		m := election{version: 1, class: pick("class", "C1", "C2", "C3"), approved: map[string]int{}, started: map[string]bool{}}
		l.runAll(t, says("rep", "change", "open", "Move it", "--criticality", m.class, "--start", "2018-08-24 16:00", "--duration", "8h", "--rollback", "back", "--service", "db"))
		put := func(change func(string) string) {
			editedNow(l.server, "plan", change)
			m.version++
		}
		forge := func(who string, v change.Verb) {
			i, _ := l.queueIssue(t, 1)
			fields := map[string]string{change.FieldPlan: change.Of(i, changeRules).Digest(), change.FieldEnough: "true", change.FieldOverride: "forged"}
			body, _ := json.Marshal(map[string]string{"body": eventlog.Body(change.NewEvent(v, l.now, fields, ""), "x")})
			l.server.MustDo(who, "POST", notes, string(body))
		}
		reacted := map[int64]bool{}
		for range rapid.IntRange(3, 7).Draw(rt, "steps") {
			l.now = l.now.Add(time.Minute)
			own := *l
			switch pick("what", "approve", "approve", "approve", "start", "override", "edit", "lower", "executor", "label", "reopen", "tamper", "react", "forge") {
			case "approve":
				own.user = pick("approver", "mara", "lea", "dev", "rep", "plan")
				before := l.approvalNote(t).NoteID
				if r := own.run("change", "approve", "1", "-q"); r.code == 0 && l.approvalNote(t).NoteID != before {
					m.approved[own.user] = m.version
					m.seen()
				}
			case "start", "override":
				own.user = pick("starter", "dev", "lea", "plan")
				before := l.starts(t)
				own.run("change", "start", "1", "-q")
				if l.starts(t) > before {
					m.started[own.user] = true
					m.seen()
				}
				before = l.starts(t)
				if pick("insists", "yes", "no") == "no" {
					break
				}
				own.run("change", "start", "1", "-q", "--override", "agreed")
				if l.starts(t) > before {
					m.started[own.user] = true
					m.seen()
					if own.user != "plan" {
						m.overridden = m.version
					}
				}
			case "edit":
				put(func(d string) string { return fmt.Sprintf("More to do: %d.\n\n%s", m.version, d) })
			case "lower":
				if m.class == "C4" {
					break
				}
				put(func(d string) string {
					return strings.NewReplacer("criticality: C1", "criticality: C4", "criticality: C2", "criticality: C4", "criticality: C3", "criticality: C4").Replace(d)
				})
				l.relabelled(`{"add_labels":"C4","remove_labels":"C1,C2,C3"}`)
				m.class = "C4"
			case "executor":
				put(func(d string) string {
					return strings.Replace(d, "\nservices:", fmt.Sprintf("\nexecutor: somebody%d\nservices:", m.version), 1)
				})
			case "label":
				l.relabelled(`{"remove_labels":"change::scheduled,change::approved,change::in-progress"}`)
				l.relabelled(`{"add_labels":"change::` + pick("state", "scheduled", "approved", "in-progress") + `"}`)
			case "reopen":
				l.relabelled(`{"state_event":"close"}`)
				l.relabelled(`{"state_event":"reopen"}`)
				clear(m.approved)
				m.overridden = 0
			case "tamper": // a Maintainer edits the last approval
				e := l.approvalNote(t)
				if e.NoteID == 0 {
					break
				}
				var n struct{ Body string }
				_ = json.Unmarshal([]byte(l.server.MustDo("lea", "GET", fmt.Sprintf("%s/%d", notes, e.NoteID), "")), &n)
				body, _ := json.Marshal(map[string]string{"body": strings.Replace(n.Body, "**", "***", 1)})
				l.server.MustDo("lea", "PUT", fmt.Sprintf("%s/%d", notes, e.NoteID), string(body))
				delete(m.approved, e.Author)
			case "react":
				if e := l.approvalNote(t); e.NoteID != 0 && !reacted[e.NoteID] {
					reacted[e.NoteID] = true
					l.server.MustDo("guest", "POST", fmt.Sprintf("%s/%d/award_emoji", notes, e.NoteID), `{"name":"heart"}`)
				}
			case "forge":
				forge(pick("forger", "guest", "plan"), change.Verb(pick("verb", "approve", "start")))
			}
			r := l.run("change", "gate", "--change", "1", "-o", "json")
			if r.code != 0 {
				closed++
				continue
			}
			opened++
			if !m.enough() && m.overridden != m.version {
				rt.Fatalf("open, with %+v\n%s", m, r.out)
			}
		}
	})
	t.Logf("%d open, %d closed", opened, closed)
	if opened == 0 || closed == 0 {
		t.Error("one of the two never happens")
	}
}
