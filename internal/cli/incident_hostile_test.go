package cli_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// mentions are those that would notify somebody; an escaped one has an invisible character after the @.
var mentions = []string{"@all", "@acme", "@mara", "@group", "&#64;all"}

// labelText returns the part of a text that can be in the name of a label. Other names are refused, see TestInputsThatCrashGitLab.
func labelText(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || strings.ContainsRune("\"<&", r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
}

// Any title, message, service, cause or key, and any CI variable, is plain text: nothing is executed, nobody is notified, and no record or
// timeline is broken.
func TestHostileIncident(t *testing.T) {
	t.Parallel()
	for n, text := range nasty {
		if strings.TrimSpace(text) == "" || strings.Contains(text, "\x00") {
			continue
		}
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{})
			l.env = map[string]string{"CI": "true", "CI_PROJECT_ID": text, "CI_PIPELINE_ID": text, "CI_JOB_NAME": text}
			open := []string{"incident", "open", "-m=" + text, "--service=x" + cutTo(labelText(text), 60), "-s", "S2", "--started", "2h", "--", text}
			l.must(t, open...)
			l.must(t, open...)
			l.must(t, "incident", "update", "1", "-m="+text, "--cause="+text)
			l.must(t, "incident", "mitigate", "1", "-m=x\n"+text)
			l.must(t, "incident", "resolve", "1", "-m="+text+"\n/reopen")
			l.must(t, "incident", "action", "1", "-m="+text, "--", text)
			l.must(t, "incident", "review", "1")
			l.checkEscaped(t, text)
			i := l.incident(t, 1)
			if len(l.incidents()) != 1 || i.State != "opened" || i.Milestone != "" || i.Confidential || len(i.Assignees) != 0 || field(i.Description, "resolved_at") != "2018-08-24T16:00:00Z" {
				t.Errorf("something was executed: %+v", i)
			}
			for _, label := range []string{"incident", "Incident::Resolved", "S2"} {
				if !slices.Contains(i.Labels, label) {
					t.Errorf("labels %q", i.Labels)
				}
			}
			if lines := timelineOf(i.Description); len(lines) < 5 {
				t.Errorf("the timeline lost lines: %q", lines)
			}
			for _, view := range screens() {
				for _, args := range [][]string{{"incident", "show", "1"}, {"incident", "list", "--all"}, {"incident", "timeline", "1"}} {
					r := l.runOn(view.modes, "", append(args, view.flags...)...)
					if r.code != 0 || strings.ContainsAny(strings.ReplaceAll(r.out, "\x1b[", ""), "\x07\x08\x7f") || strings.Contains(r.out, "\x1b]") || strings.Contains(r.out, "\u202e") {
						t.Errorf("%s, %q: exit %d, %q %s", view.name, args, r.code, r.out, r.errors)
					}
				}
			}
		})
	}
}

// checkEscaped wants no quick action and no mention in any text of the production tracker and the corrective actions.
func (l *lab) checkEscaped(t *testing.T, from string) {
	t.Helper()
	shot := l.server.Snapshot()
	for _, i := range append(shot.Project(prod).Issues, shot.Project(infra).Issues[1:]...) {
		for _, n := range i.Notes {
			if n.System && !strings.HasPrefix(n.Body, "changed the description") && !strings.HasPrefix(n.Body, "marked this issue as related to") && !strings.HasPrefix(n.Body, "mentioned in") && !strings.HasPrefix(n.Body, "changed due date") {
				t.Errorf("%q made GitLab add %q", from, n.Body)
			}
		}
		text, record, _ := strings.Cut(i.Description, "```yaml prodctl/incident\n") // nothing in a code block notifies anybody
		_, tail, _ := strings.Cut(record, "\n```\n")
		for _, text := range append(commentsOf(i), i.Title, text, tail) {
			for line := range strings.Lines(text) {
				if strings.HasPrefix(line, "/") && text != i.Title { // titles run no quick actions
					t.Errorf("%q became the command %q", from, line)
				}
			}
			for _, mention := range mentions {
				if at := strings.Index(text, mention); at >= 0 && !afterLetter(text[:at]) {
					t.Errorf("%q mentions: %q", from, text[at:min(len(text), at+20)])
				}
			}
		}
	}
}

// cutTo is at most so many bytes of a text.
func cutTo(s string, most int) string { return strings.ToValidUTF8(s[:min(len(s), most)], "") }

// afterLetter reports whether an @ that follows is part of an address.
func afterLetter(before string) bool {
	if before == "" {
		return false
	}
	c := before[len(before)-1]
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// forgedEvent is a comment with an event, as anybody can write it.
func forgedEvent(verb, fields string) string {
	return fmt.Sprintf("Words.\n\n<!-- prodctl:entry {\"kind\":\"incident\",\"verb\":%q,\"at\":\"2018-08-24T15:00:00Z\",\"fields\":{%s}} -->\n\n<!-- prodctl:key=incident-%s/x -->", verb, fields, verb)
}

// Events count if their authors may edit the issue anyway: not those of guests and strangers, who may only comment.
func TestForgedEvents(t *testing.T) {
	t.Parallel()
	for user, counts := range map[string]bool{"guest": false, "stranger": false, "plan": true, "rep": true, "dev": true} {
		t.Run(user, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{seed: func(s *fakegitlab.Seed) { s.Groups[0].Visibility, s.Projects[1].Visibility = "public", "public" }})
			l.must(t, "incident", "open", "Registry", "-s", "S1", "--started", "2h")
			for _, body := range []string{forgedEvent("resolve", `"severity":"S4","cause":"nothing","close":"true"`), forgedEvent("relate", `"related":"a/b#1"`)} {
				text, _ := json.Marshal(body)
				l.web(user, "POST", "/issues/1/notes", `{"body":%s}`, text)
			}
			l.must(t, "incident", "update", "1", "-m", "Still down")
			i := l.incident(t, 1)
			resolved := slices.Contains(i.Labels, "Incident::Resolved")
			if resolved != counts || (i.State == "closed") != counts || (field(i.Description, "cause") == "nothing") != counts || (field(i.Description, "severity") == "S4") != counts || strings.Contains(i.Description, "a/b#1") != counts {
				t.Errorf("counts %v; %s %q\n%s", counts, i.State, i.Labels, i.Description)
			}
			if !strings.Contains(i.Description, "- 16:00 Still down") {
				t.Errorf("the line is missing:\n%s", i.Description)
			}
			state := l.must(t, "incident", "show", "1", "--jq", ".state").out
			if (state == "resolved\n") != counts {
				t.Errorf("it is %s", state)
			}
			if shown := l.must(t, "incident", "timeline", "1", "-o", "md").out; !strings.Contains(shown, "Still down") || strings.Contains(shown, "prodctl:entry") {
				t.Errorf("the timeline is\n%s", shown)
			}
		})
	}
}

// A key in the issue of a user who may not edit issues blocks no incident, and does not count as its key.
func TestForgedIncidentKeys(t *testing.T) {
	t.Parallel()
	for user, adopted := range map[string]bool{"guest": false, "plan": true, "rep": true, "dev": true} {
		t.Run(user, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{})
			l.web("mara", "POST", "/labels", `{"name":"incident","color":"#ff0000"}`)
			l.web(user, "POST", "/issues", `{"title":"Mine","description":%q}`, trailer("incident/pager-7"))
			l.web("mara", "PUT", "/issues/1", `{"add_labels":"incident"}`)
			r := l.must(t, "incident", "open", "Registry", "--key", "pager-7")
			if strings.HasSuffix(r.out, "/issues/1\n") != adopted {
				t.Errorf("adopted: want %v\n%s", adopted, r.out)
			}
			if again := l.must(t, "incident", "open", "Registry", "--key", "pager-7"); r.out[strings.LastIndex(r.out, "/"):] != again.out[strings.LastIndex(again.out, "/"):] {
				t.Errorf("first %s, then %s", r.out, again.out)
			}
		})
	}
	t.Run("in the message", func(t *testing.T) {
		t.Parallel()
		l := newLab(t, setup{})
		l.must(t, "incident", "open", "One", "-m", "x\n\n<!-- prodctl:key=incident/pager-7 -->")
		if r := l.must(t, "incident", "open", "Two", "--key", "pager-7"); !strings.HasSuffix(r.out, "/issues/2\n") {
			t.Errorf("the message of another one counts as a key: %s", r.out)
		}
		l.must(t, "incident", "update", "2", "-m", "x\n\n"+forgedEvent("resolve", `"severity":"S4"`))
		if i := l.incident(t, 2); !slices.Equal(i.Labels, []string{"Incident::Active", "incident"}) || field(i.Description, "severity") != "" {
			t.Errorf("the message counts as an event: %q\n%s", i.Labels, i.Description)
		}
	})
}
