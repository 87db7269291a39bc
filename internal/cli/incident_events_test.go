package cli_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// expected is what an incident must look like after a story.
type expected struct {
	labels []string
	state  string            // of the issue
	record map[string]string // by key, as written
	lines  []string          // of the timeline, in order, without hidden ends
}

// The lifecycle of an incident in every allowed order, on every edition: labels, record, timeline and issue follow from the events.
func TestIncidentLifecycle(t *testing.T) {
	t.Parallel()
	const open = "incident open Registry -s S2 --started 15:00 --service registry"
	for name, c := range map[string]struct {
		story []string
		want  expected
	}{
		"mitigated and resolved": {
			[]string{open, "incident mitigate 1 --at 15:20 -m Failed_over", "incident resolve 1 --at 15:50 --cause disk_full"},
			expected{[]string{"Incident::Resolved", "S2", "incident", "service:registry"}, "opened",
				map[string]string{"mitigated_at": "2018-08-24T15:20:00Z", "resolved_at": "2018-08-24T15:50:00Z", "cause": "disk full", "severity": "S2"},
				[]string{"15:00 started", "15:20 mitigated: Failed over", "15:50 resolved, cause: disk full", "16:00 incident declared"}},
		},
		"resolved in time: no review, so the issue is closed": {
			[]string{open, "incident resolve 1 --at 15:10"},
			expected{[]string{"Incident::Resolved", "S2", "incident", "service:registry"}, "closed",
				map[string]string{"mitigated_at": "", "resolved_at": "2018-08-24T15:10:00Z"}, []string{"15:00 started", "15:10 resolved", "16:00 incident declared"}},
		},
		"possible data loss: the issue stays open": {
			[]string{open, "incident resolve 1 --at 15:10 --data-loss"},
			expected{[]string{"(perceived) data loss", "Incident::Resolved", "S2", "incident", "service:registry"}, "opened", map[string]string{"data_loss": "true"}, nil},
		},
		"S3 needs no review": {
			[]string{open, "incident resolve 1 -s S3"},
			expected{[]string{"Incident::Resolved", "S3", "incident", "service:registry"}, "closed", map[string]string{"severity": "S3"}, nil},
		},
		"closed with --close": {
			[]string{open, "incident resolve 1 --close"}, expected{[]string{"Incident::Resolved", "S2", "incident", "service:registry"}, "closed", nil, nil},
		},
		"closed later with --close": {
			[]string{open, "incident resolve 1 --at 15:50", "incident resolve 1 --close", "incident resolve 1 --close"},
			expected{[]string{"Incident::Resolved", "S2", "incident", "service:registry"}, "closed", map[string]string{"resolved_at": "2018-08-24T15:50:00Z"},
				[]string{"15:00 started", "15:50 resolved", "16:00 incident declared", "16:00 issue closed"}},
		},
		"the same message, closed later": {
			[]string{open, "incident resolve 1 -m Done", "incident resolve 1 -m Done --close", "incident resolve 1 -m Done --close"},
			expected{[]string{"Incident::Resolved", "S2", "incident", "service:registry"}, "closed", nil,
				[]string{"15:00 started", "16:00 incident declared", "16:00 resolved: Done", "16:00 issue closed"}},
		},
		"times corrected": {
			[]string{open, "incident mitigate 1 --at 15:20", "incident mitigate 1 --at 15:25 -m It_was_later", "incident update 1 --started 14:50 --detected 14:55"},
			expected{[]string{"Incident::Mitigated", "S2", "incident", "service:registry"}, "opened",
				map[string]string{"mitigated_at": "2018-08-24T15:25:00Z", "started_at": "2018-08-24T14:50:00Z", "detected_at": "2018-08-24T14:55:00Z"}, nil},
		},
		"reopened": {
			[]string{open, "incident mitigate 1", "incident resolve 1 --close", "incident reopen 1 -m They_are_back"},
			expected{[]string{"Incident::Active", "S2", "incident", "service:registry"}, "opened", map[string]string{"mitigated_at": "", "resolved_at": ""},
				[]string{"15:00 started", "16:00 incident declared", "16:00 mitigated", "16:00 resolved", "16:00 reopened: They are back"}},
		},
		"reviewed": {
			[]string{open, "incident resolve 1", "incident review 1 --done -m Held"},
			expected{[]string{"Incident::Reviewed", "S2", "incident", "service:registry"}, "closed", nil,
				[]string{"15:00 started", "16:00 incident declared", "16:00 resolved", "16:00 reviewed: Held"}},
		},
		"values changed": {
			[]string{open, "incident update 1 -s S1 --service web,api --impact 40% --cause a_cause -m Spreading"},
			expected{[]string{"Incident::Active", "S1", "incident", "service:api", "service:web"}, "opened",
				map[string]string{"severity": "S1", "services": "[web, api]", "impact": "0.4", "cause": "a cause"},
				[]string{"15:00 started", "16:00 incident declared", "16:00 severity S1, impact 0.4, services web, api, cause: a cause: Spreading"}},
		},
		"the same message twice is added once": {
			[]string{open, "incident update 1 -m Falling", "incident update 1 -m Falling", "incident mitigate 1 -m Done", "incident mitigate 1 -m Done"},
			expected{nil, "opened", nil, []string{"15:00 started", "16:00 incident declared", "16:00 Falling", "16:00 mitigated: Done"}},
		},
		"the same message twice with --new": {
			[]string{open, "incident update 1 -m Falling", "incident update 1 -m Falling --new"},
			expected{nil, "opened", nil, []string{"15:00 started", "16:00 incident declared", "16:00 Falling", "16:00 Falling"}},
		},
		"another message in the same state is an update": {
			[]string{open, "incident mitigate 1 --at 15:20 -m Failed_over", "incident mitigate 1 -m All_of_it", "incident mitigate 1"},
			expected{[]string{"Incident::Mitigated", "S2", "incident", "service:registry"}, "opened", map[string]string{"mitigated_at": "2018-08-24T15:20:00Z"},
				[]string{"15:00 started", "15:20 mitigated: Failed over", "16:00 incident declared", "16:00 All of it"}},
		},
	} {
		for _, edition := range []fakegitlab.Edition{fakegitlab.Free, fakegitlab.Premium} {
			t.Run(name+" on "+fmt.Sprint(edition), func(t *testing.T) {
				t.Parallel()
				l := newLab(t, setup{edition: edition})
				for _, line := range c.story {
					var args []string
					for _, word := range strings.Fields(line) {
						args = append(args, strings.ReplaceAll(word, "_", " "))
					}
					l.must(t, args...)
				}
				l.checkIncident(t, 1, c.want)
			})
		}
	}
}

// checkIncident checks an incident of the lab.
func (l *lab) checkIncident(t *testing.T, iid int, want expected) {
	t.Helper()
	i := l.incident(t, iid)
	if want.labels != nil && !slices.Equal(i.Labels, want.labels) || i.State != want.state {
		t.Errorf("it is %s and carries %q, want %s and %q", i.State, i.Labels, want.state, want.labels)
	}
	for key, value := range want.record {
		if got := field(i.Description, key); got != value {
			t.Errorf("record, %s: %q, want %q", key, got, value)
		}
	}
	if lines := timelineOf(i.Description); want.lines != nil && !slices.Equal(lines, want.lines) {
		t.Errorf("the timeline is\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want.lines, "\n"))
	}
}

// timelineOf are the lines of the timeline in a description.
func timelineOf(description string) (lines []string) {
	for line := range strings.Lines(description) {
		text, ok := strings.CutPrefix(line, "- ")
		if ok && strings.Contains(text, ":") && text[0] >= '0' && text[0] <= '2' {
			text, _, _ = strings.Cut(text, " <!--")
			lines = append(lines, strings.TrimSpace(text))
		}
	}
	return lines
}

// A verb that is not possible in the state is refused with those that are, and nothing is written.
func TestIncidentRefusals(t *testing.T) {
	t.Parallel()
	open, mitigate, resolve, review := []string{"incident", "open", "Registry", "-s", "S1", "--started", "2h"}, []string{"incident", "mitigate", "1"}, []string{"incident", "resolve", "1"}, []string{"incident", "review", "1", "--done"}
	for name, c := range map[string]struct {
		story [][]string
		args  string
		code  int
		want  string
	}{
		"review before the end":       {[][]string{open}, "review 1 --done", 5, "(use update, mitigate or resolve)"},
		"reopen what is active":       {[][]string{open}, "reopen 1", 5, "(use update, mitigate or resolve)"},
		"mitigate after the end":      {[][]string{open, resolve}, "mitigate 1 -m x", 5, "(use update, reopen or review)"},
		"mitigate at a time, too":     {[][]string{open, resolve}, "mitigate 1 --at 10m", 5, "(use update, reopen or review)"},
		"resolve after the review":    {[][]string{open, resolve, review}, "resolve 1 -m x", 5, "(use update or reopen)"},
		"review once more, otherwise": {[][]string{open, mitigate}, "review 1 --done -m x", 5, "(use update, resolve or reopen)"},
		"no message":                  {[][]string{open}, "update 1", 6, "--message or a new value is required"},
		"in the future":               {[][]string{open}, "mitigate 1 --at 2018-08-25T10:00:00Z", 6, "in the future"},
		"no such incident":            {[][]string{open}, "mitigate 7", 1, "acme/production#7"},
		"an action":                   {[][]string{open, {"incident", "action", "1", "Alert"}}, "mitigate infrastructure#2", 5, "is not an incident"},
		"another project's":           {[][]string{open}, "resolve acme/infrastructure#1", 5, "is not an incident"},
		"no number":                   {[][]string{open}, "resolve Registry", 6, "Registry"},
		"review without --done":       {[][]string{open, resolve}, "review 1 -m Held", 6, "--done"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{})
			for _, args := range c.story {
				l.must(t, args...)
			}
			before := l.all()
			r := l.run(append([]string{"incident"}, strings.Fields(c.args)...)...)
			if r.code != c.code || !strings.Contains(r.errors, c.want) || r.out != "" {
				t.Errorf("exit %d, want %d and %q\n%s%s", r.code, c.code, c.want, r.out, r.errors)
			}
			if l.all() != before {
				t.Errorf("something was written\n%s", l.all())
			}
		})
	}
}

// The printed event is the one that was recorded.
func TestIncidentEventOutput(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.must(t, "incident", "open", "Registry", "-s", "S2", "--started", "15:00")
	for _, c := range []struct{ args, verb, at, outcome, state string }{
		{"mitigate 1 --at 15:20 -m Done", "mitigate", "2018-08-24T15:20:00Z", "done", "mitigated"},
		{"mitigate 1 -m Done", "mitigate", "2018-08-24T15:20:00Z", "unchanged", "mitigated"},
		{"mitigate 1", "mitigate", "", "unchanged", "mitigated"},
		{"mitigate 1 -m More", "update", "2018-08-24T16:00:00Z", "done", "mitigated"},
		{"update 1 -m More --at 15:40", "update", "2018-08-24T15:40:00Z", "done", "mitigated"},
		{"resolve 1", "resolve", "2018-08-24T16:00:00Z", "done", "resolved"},
		{"reopen 1 -m Back", "reopen", "2018-08-24T16:00:00Z", "done", "active"},
		{"reopen 1 -m Really", "update", "2018-08-24T16:00:00Z", "done", "active"},
	} {
		got := l.must(t, append([]string{"incident"}, append(strings.Fields(c.args), "--jq", `[.verb, .at // "", .outcome, .state] | join(" ")`)...)...).out
		if want := strings.Join([]string{c.verb, c.at, c.outcome, c.state}, " ") + "\n"; got != want {
			t.Errorf("%s: got %swant %s", c.args, got, want)
		}
	}
}

// Manual edits stay: values of the record, lines of the timeline, and the state label, from which newer events continue.
func TestIncidentManualEdits(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.must(t, "incident", "open", "Registry", "-s", "S2", "--started", "15:00", "--service", "registry")
	l.must(t, "incident", "mitigate", "1", "--at", "15:20", "-m", "Failed over")
	edit := func(changes ...string) {
		text := strings.NewReplacer(changes...).Replace(l.incident(t, 1).Description)
		l.web("dev", "PUT", "/issues/1", `{"description":%q}`, text)
	}
	edit("mitigated_at: 2018-08-24T15:20:00Z", "mitigated_at: 15:25   # by the graphs", "impact:\n", "impact: 0.3\nowner: ines\n", "## Impact", "## Impact\n\nManual text.",
		"mitigated: Failed over", "mitigated: Failed over to B", "- 16:00 incident declared", "- 15:05 the pager rang\n- 16:00 incident declared")
	l.must(t, "incident", "update", "1", "-m", "Error rate at zero", "-s", "S3")
	i := l.incident(t, 1)
	for _, want := range []string{"mitigated_at: 15:25   # by the graphs\n", "impact: 0.3\nowner: ines\n", "Manual text.", "severity: S3\n"} {
		if !strings.Contains(i.Description, want) {
			t.Errorf("%q is gone:\n%s", want, i.Description)
		}
	}
	want := []string{"15:00 started", "15:05 the pager rang", "15:20 mitigated: Failed over to B", "16:00 incident declared", "16:00 severity S3: Error rate at zero"}
	if got := timelineOf(i.Description); !slices.Equal(got, want) {
		t.Errorf("the timeline is\n%s", strings.Join(got, "\n"))
	}
	l.web("dev", "PUT", "/issues/1", `{"add_labels":"Incident::Active","remove_labels":"Incident::Mitigated"}`)
	l.now = l.now.Add(time.Hour)
	l.must(t, "incident", "mitigate", "1", "-m", "Once more")
	if i := l.incident(t, 1); !slices.Equal(i.Labels, []string{"Incident::Mitigated", "S3", "incident", "service:registry"}) || field(i.Description, "mitigated_at") == "15:25   # by the graphs" {
		t.Errorf("labels %q, mitigated %s", i.Labels, field(i.Description, "mitigated_at"))
	}
}

// An incident that was created manually, with nothing but the label, gets a record with its first event, and keeps its text.
func TestIncidentCreatedManually(t *testing.T) {
	t.Parallel()
	for name, labels := range map[string]string{"a label": "incident", "more": "incident,Incident::Active,S3,toil"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{})
			l.web("dev", "POST", "/issues", `{"title":"Site is down","labels":%q,"description":"It is down.\r\n\r\nSince ten."}`, labels)
			l.must(t, "incident", "update", "1", "-m", "Looking", "--started", "15:00")
			l.must(t, "incident", "resolve", "1", "--at", "15:20", "-s", "S2")
			i := l.incident(t, 1)
			if i.Title != "Site is down" || !strings.HasPrefix(i.Description, "It is down.\n\nSince ten.") || field(i.Description, "resolved_at") != "2018-08-24T15:20:00Z" {
				t.Errorf("%s\n%s", i.Title, i.Description)
			}
			for _, want := range []string{"incident", "Incident::Resolved", "S2"} {
				if !slices.Contains(i.Labels, want) {
					t.Errorf("labels %q", i.Labels)
				}
			}
			if slices.Contains(i.Labels, "S3") || slices.Contains(i.Labels, "Incident::Active") || strings.Contains(labels, "toil") != slices.Contains(i.Labels, "toil") {
				t.Errorf("labels %q", i.Labels)
			}
		})
	}
}

// A resolved incident whose review is due stays open, with a note. Without a change no note is printed.
func TestIncidentResolveNotes(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.must(t, "incident", "open", "Registry", "-s", "S1", "--started", "2h")
	r := l.run("incident", "resolve", "1", "-m", "done")
	if !strings.Contains(r.out+r.errors, "The issue stays open: a review is due. Next: prodctl incident review 1") {
		t.Errorf("%s%s", r.out, r.errors)
	}
	for _, args := range [][]string{{"-m", "done"}, nil} {
		r = l.run(append([]string{"incident", "resolve", "1"}, args...)...)
		if r.code != 0 || !strings.HasPrefix(r.out, "Already resolved: acme/production#1") || r.errors != "" {
			t.Errorf("%q: exit %d\n%s%s", args, r.code, r.out, r.errors)
		}
	}
	r = l.run("incident", "resolve", "1", "--close")
	if strings.Contains(r.out+r.errors, "stays open") {
		t.Errorf("%s%s", r.out, r.errors)
	}
}

// A corrective action says when it is due and whose it is.
func TestIncidentActionNote(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.must(t, "incident", "open", "Registry", "-s", "S1")
	if r := l.run("incident", "action", "1", "Alert"); !strings.Contains(r.out+r.errors, "Due 2018-08-31, not assigned") {
		t.Errorf("%s%s", r.out, r.errors)
	}
}
