package cli_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/term"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/incident"
)

// internalWord is in every internal comment.
const internalWord = "vault-is-open"

// internally adds an internal comment by a member.
func (l *lab) internally(t testing.TB, project string, iid int, body string) {
	t.Helper()
	data, err := json.Marshal(map[string]any{"body": body, "internal": true})
	if err != nil {
		t.Fatal(err)
	}
	l.server.MustDo("dev", "POST", fmt.Sprintf("/projects/%s/issues/%d/notes", strings.ReplaceAll(project, "/", "%2F"), iid), string(data))
}

// internalEvent is the comment of an event whose text and fields are for the team only.
func (l *lab) internalEvent(verb incident.Verb, before time.Duration) string {
	fields := map[string]string{incident.KeyCause: internalWord, incident.KeyServices: internalWord, incident.KeySeverity: "S1"}
	return eventlog.Body(incident.NewEvent(verb, l.now.Add(-before), fields, internalWord), internalWord+", mitigated")
}

// leaks lists where the word is although people who may not read internal comments can read it.
func leaksOf(shot fakegitlab.Snapshot, word string) (list []string) {
	for _, path := range []string{infra, prod} {
		for _, i := range shot.Project(path).Issues {
			open := fmt.Sprint(i.Title, i.Description, i.Labels)
			for _, n := range i.Notes {
				if !n.Internal {
					open += n.Body
				}
			}
			if strings.Contains(open, word) {
				list = append(list, fmt.Sprintf("%s#%d: %s", path, i.IID, open))
			}
		}
	}
	return list
}

// The words of internal comments stay in them: not in descriptions, labels, the review, the hand-off, the weekly report or any output,
// whether the issue is confidential or not. Their times and states count.
func TestInternalCommentsStayInternal(t *testing.T) {
	t.Parallel()
	for _, flags := range [][]string{nil, {"--confidential"}} {
		t.Run(fmt.Sprint(flags), func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{})
			l.must(t, append([]string{"incident", "open", "Registry returns 500s", "-s", "S2", "--started", "3h"}, flags...)...)
			l.internally(t, prod, 1, l.internalEvent(incident.Mitigate, 2*time.Hour))
			l.internally(t, prod, 1, "By hand: "+internalWord)
			story := [][]string{
				{"incident", "update", "1", "-m", "Dashboards are back"}, {"incident", "timeline", "1"}, {"incident", "show", "1"}, {"incident", "list"},
				{"handoff"}, {"handoff", "--post"}, {"handoff", "check"}, {"incident", "resolve", "1", "-m", "Done"}, {"incident", "review", "1", "--dry-run"},
				{"incident", "review", "1"}, {"incident", "review", "1", "--done"}, {"report", "weekly", "--post"}, {"report", "weekly"}, {"report", "incidents"},
			}
			for n, args := range story {
				modes := term.Modes{}
				if n%2 == 0 {
					modes = term.Modes{OutTTY: true, ErrTTY: true, Width: 120}
				}
				if r := l.runOn(modes, "", args...); r.code != 0 && args[1] != "check" || strings.Contains(r.out+r.errors, internalWord) {
					t.Errorf("%q: exit %d\n%s%s", args, r.code, r.out, r.errors)
				}
			}
			if list := leaksOf(l.server.Snapshot(), internalWord); len(list) > 0 {
				t.Errorf("readable by guests:\n%s", strings.Join(list, "\n"))
			}
			i := l.incident(t, 1)
			for _, want := range []string{"14:00 internal event", "mitigated_at: 2018-08-24T14:00:00Z", "severity: S1"} {
				if !strings.Contains(i.Description, want) {
					t.Errorf("no %q in\n%s", want, i.Description)
				}
			}
			if form := strings.Join(commentsOf(i), "\n"); !strings.Contains(form, "- 14:00 internal event") || !strings.Contains(form, "Dashboards are back") {
				t.Errorf("the review has no line of the internal comment:\n%s", form)
			}
			if r := l.must(t, "incident", "timeline", "1", "--include-confidential"); strings.Count(r.out, internalWord) < 2 {
				t.Errorf("--include-confidential shows nothing:\n%s", r.out)
			}
		})
	}
}

// With --include-confidential the form of a review has the words, and is an internal comment.
func TestReviewWithInternalWords(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.must(t, "incident", "open", "Registry returns 500s", "-s", "S1", "--started", "3h")
	l.internally(t, prod, 1, l.internalEvent(incident.Resolve, time.Hour))
	l.must(t, "incident", "update", "1", "-m", "Over") // the labels follow from all events
	l.ownDir(t)
	l.must(t, "incident", "review", "1", "--include-confidential", "--plan-file", "review.json")
	l.must(t, "apply", "review.json")
	notes := l.incident(t, 1).Notes
	at := slices.IndexFunc(notes, func(n fakegitlab.NoteState) bool { return strings.Contains(n.Body, "prodctl:key=review/") })
	if at < 0 || !notes[at].Internal || !strings.Contains(notes[at].Body, internalWord) {
		t.Errorf("comments %+v", notes)
	}
	if list := leaksOf(l.server.Snapshot(), internalWord); len(list) > 0 {
		t.Errorf("readable by guests:\n%s", strings.Join(list, "\n"))
	}
	l.must(t, "incident", "review", "1")
	if got := l.incident(t, 1).Notes; len(got) != len(notes) {
		t.Errorf("a second form: %+v", got)
	}
}

// No label is created for a service of a confidential incident, also if it was made confidential later or by hand. The record has the service.
func TestNoLabelForAConfidentialService(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.must(t, "incident", "open", "Customer data shown", "-s", "S1", "--confidential", "--service", "vault-one")
	l.must(t, "incident", "update", "1", "--service", "vault-two", "-m", "More")
	l.must(t, "incident", "open", "Registry returns 500s", "-s", "S1", "--service", "registry")
	l.web("mara", "PUT", "/issues/2", `{"confidential":true}`)
	l.must(t, "incident", "update", "2", "--service", "registry,vault-three", "-m", "More")
	l.web("mara", "POST", "/issues", `{"title":"2018-08-24: By hand","confidential":true}`)
	l.must(t, "incident", "open", "By hand", "--service", "vault-four", "--confidential")
	if names := labelNames(l.server.Snapshot().Project(prod)); strings.Contains(fmt.Sprint(names), "vault") || !slices.Contains(names, "service:registry") {
		t.Errorf("labels %q", names)
	}
	for iid, want := range map[int]string{1: "vault-two", 2: "vault-three", 3: "vault-four"} {
		if i := l.incident(t, iid); !strings.Contains(field(i.Description, "services"), want) {
			t.Errorf("the record of %d has no %s:\n%s", iid, want, i.Description)
		}
	}
	if r := l.must(t, "incident", "list", "--service", "vault-two", "--include-confidential"); !strings.Contains(r.out, "production#1") {
		t.Errorf("not found by its service: %s%s", r.out, r.errors)
	}
}
