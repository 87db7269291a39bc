package cli_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

const ready = "Ready_to_Handoff"

var marking = []string{"handoff", "mark", "1", "--left-off", "Replica rebuilt to 40%", "--next", "Look at the lag at 18:00"}

// handed returns the first issue of the infrastructure tracker, with its comments by people.
func (l *lab) handed(t testing.TB) (issue.Issue, []issue.Note) {
	t.Helper()
	i, notes := l.issueAt(t, issue.Ref{Project: infra, IID: 1})
	return i, slices.DeleteFunc(notes, func(n issue.Note) bool { return n.System })
}

// as returns the same lab with somebody else's token.
func (l *lab) as(user string) *lab {
	own := *l
	own.user = user
	return &own
}

// label sets labels of the first issue by hand.
func (l *lab) label(user, body string) {
	l.server.MustDo(user, "PUT", "/projects/acme%2Finfrastructure/issues/1", body)
}

func takes(notes []issue.Note) (list []eventlog.Event) {
	for _, e := range eventlog.Events(notes, handoff.Kind) {
		if e.Verb == handoff.VerbTake {
			list = append(list, e)
		}
	}
	return list
}

// clocked returns a lab at 15:50 UTC, ten minutes before the shift ends, with a function that advances its clock.
func clocked(t *testing.T, s setup) (*lab, func(time.Duration)) {
	l := newLab(t, s)
	at := l.now.Add(-10 * time.Minute)
	l.now = at
	l.server = fakegitlab.New(fakegitlab.Options{Edition: s.edition, Now: func() time.Time { return at }, URL: "https://gitlab.example.test"})
	if err := l.server.Apply(labSeed(s)); err != nil {
		t.Fatal(err)
	}
	l.wire = fakegitlab.Transport(l.server)
	clock := &at
	return l, func(d time.Duration) {
		*clock = clock.Add(d)
		l.now = *clock
	}
}

func TestHandoffMarkAndTake(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{carried: 1})
	r := l.must(t, marking...)
	i, notes := l.handed(t)
	m, ok := handoff.CurrentMark(notes)
	if !ok || m.LeftOff != "Replica rebuilt to 40%" || m.Next != "Look at the lag at 18:00" || m.By != "mara" || !slices.Contains(i.Labels, ready) {
		t.Fatalf("%+v, labels %q\n%s", m, i.Labels, r.out)
	}
	if !strings.Contains(r.out, "Marked acme/infrastructure#1 as ready to hand off at 16:00") {
		t.Errorf("output: %s", r.out)
	}
	l.label("plan", `{"assignee_ids":[1]}`)
	dev := l.as("dev")
	r = dev.must(t, "handoff", "take", "1", "-m", "Good morning", "-o", "json")
	for _, want := range []string{`"left_off": "Replica rebuilt to 40%"`, `"by": "mara"`, `"verb": "take"`, `"outcome": "done"`} {
		if !strings.Contains(r.out, want) {
			t.Errorf("%s is missing in %s", want, r.out)
		}
	}
	i, notes = l.handed(t)
	if m, ok := handoff.CurrentMark(notes); ok || m.TakenBy != "dev" || slices.Contains(i.Labels, ready) || !slices.Equal(i.Assignees, []string{"dev"}) {
		t.Fatalf("%+v, labels %q, assignees %q", m, i.Labels, i.Assignees)
	}
	// Take again, by the same person and by somebody else.
	before := l.picture()
	if r := dev.must(t, "handoff", "take", "1"); !strings.Contains(r.out, "Already yours since 16:00 UTC: acme/infrastructure#1") || strings.Contains(r.errors, "note:") {
		t.Errorf("output: %s%s", r.out, r.errors)
	}
	if r := l.as("rep").run("handoff", "take", "1"); r.code != 5 || !strings.Contains(r.errors, "already taken by @dev at 2018-08-24 16:00 UTC") {
		t.Errorf("exit %d: %s", r.code, r.errors)
	}
	if r := l.must(t, marking...); !strings.Contains(r.errors+r.out, "already taken by @dev at 16:00 UTC") {
		t.Errorf("output: %s%s", r.out, r.errors)
	}
	if !slices.Equal(before, l.picture()) {
		t.Error("something was changed")
	}
	// --new marks it again, and it can be taken again.
	l.must(t, append(marking, "--new")...)
	l.as("rep").must(t, "handoff", "take", "1")
	if i, notes := l.handed(t); !slices.Equal(i.Assignees, []string{"rep"}) || slices.Contains(i.Labels, ready) || len(takes(notes)) != 2 {
		t.Errorf("%+v", i)
	}
}

func TestHandoffMarkTwice(t *testing.T) {
	t.Parallel()
	l, wait := clocked(t, setup{carried: 1})
	l.must(t, marking...)
	l.label("plan", `{"remove_labels":"Ready_to_Handoff"}`)
	wait(5 * time.Minute)
	l.must(t, marking...)
	i, notes := l.handed(t)
	if len(notes) != 1 || !slices.Contains(i.Labels, ready) {
		t.Errorf("within ten minutes: %d comments, labels %q", len(notes), i.Labels)
	}
	other := []string{"handoff", "mark", "1", "--left-off", "Replica rebuilt", "--next", "Nothing"}
	if r := l.must(t, other...); !strings.Contains(r.out+r.errors, "Replaces the note that @mara left at 15:50 UTC") {
		t.Errorf("output: %s%s", r.out, r.errors)
	}
	l.must(t, marking...) // added again, since another note is current
	_, notes = l.handed(t)
	if m, ok := handoff.CurrentMark(notes); !ok || len(notes) != 3 || m.LeftOff != "Replica rebuilt to 40%" {
		t.Errorf("%d comments, %+v", len(notes), m)
	}
	l.as("dev").must(t, "handoff", "take", "1")
	wait(11 * time.Minute)
	l.must(t, marking...)
	i, notes = l.handed(t)
	if m, ok := handoff.CurrentMark(notes); !ok || m.By != "mara" || !slices.Contains(i.Labels, ready) {
		t.Errorf("the same words later: %v, %+v, labels %q", ok, m, i.Labels)
	}
}

// An issue labelled by hand can be taken by one person, and again if it is labelled again.
func TestHandoffTakeManualLabel(t *testing.T) {
	t.Parallel()
	l, wait := clocked(t, setup{carried: 1})
	if r := l.run("handoff", "take", "1"); r.code != 5 || !strings.Contains(r.errors, "prodctl handoff mark acme/infrastructure#1") {
		t.Errorf("neither label nor note: exit %d, %s", r.code, r.errors)
	}
	wait(time.Minute)
	l.label("plan", `{"add_labels":"Ready_to_Handoff"}`)
	wait(time.Minute)
	if r := l.must(t, "handoff", "list"); !strings.Contains(r.out, "no hand-off note") {
		t.Errorf("list: %s", r.out)
	}
	if r := l.as("dev").must(t, "handoff", "take", "1"); !strings.Contains(r.out+r.errors, "No hand-off note") {
		t.Errorf("output: %s%s", r.out, r.errors)
	}
	if r := l.as("rep").run("handoff", "take", "1"); r.code != 5 {
		t.Errorf("exit %d", r.code)
	}
	wait(time.Hour)
	l.label("plan", `{"add_labels":"Ready_to_Handoff"}`)
	wait(time.Minute)
	l.as("rep").must(t, "handoff", "take", "1")
	i, notes := l.handed(t)
	if !slices.Equal(i.Assignees, []string{"rep"}) || slices.Contains(i.Labels, ready) || len(takes(notes)) != 2 {
		t.Errorf("%+v", i)
	}
	// Marked, and the label removed in the browser: the issue can still be taken.
	l.must(t, marking...)
	l.label("plan", `{"remove_labels":"Ready_to_Handoff"}`)
	l.as("dev").must(t, "handoff", "take", "1")
	if i, _ := l.handed(t); !slices.Equal(i.Assignees, []string{"dev"}) {
		t.Errorf("%+v", i)
	}
}

func TestHandoffByRole(t *testing.T) {
	t.Parallel()
	public := setup{carried: 1, seed: func(s *fakegitlab.Seed) {
		s.Groups[0].Visibility, s.Projects[0].Visibility, s.Projects[1].Visibility = "public", "public", "public"
	}}
	for user, may := range map[string]bool{"mara": true, "dev": true, "rep": true, "plan": true, "guest": false, "stranger": false} {
		t.Run(user, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, public)
			l.ownDir(t)
			r := l.as(user).run(marking...)
			i, notes := l.handed(t)
			if _, current := handoff.CurrentMark(notes); may != (r.code == 0) || may != slices.Contains(i.Labels, ready) || may != current {
				t.Errorf("mark: exit %d, labels %q, current %v: %s", r.code, i.Labels, current, r.errors)
			}
			if !may && r.code != 3 && r.code != 4 {
				t.Errorf("mark: exit %d: %s", r.code, r.errors)
			}
			l = newLab(t, public)
			l.must(t, marking...)
			r = l.as(user).run("handoff", "take", "1")
			i, notes = l.handed(t)
			if may != (r.code == 0) || may == slices.Contains(i.Labels, ready) || may != slices.Equal(i.Assignees, []string{user}) {
				t.Errorf("take: exit %d, %+v: %s", r.code, i, r.errors)
			}
			if !may && (r.code != 4 || len(notes) != 1 || !strings.Contains(r.errors, "you need the Planner or Reporter role")) {
				t.Errorf("take: exit %d, %d comments: %s", r.code, len(notes), r.errors)
			}
		})
	}
}

func TestHandoffRefusals(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{carried: 1})
	before := l.picture()
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"handoff", "mark", "1"}, 6, `--left-off "Half of the uploads are restored" --next`},
		{[]string{"handoff", "mark", "1", "--left-off", "x"}, 6, "--next is required"},
		{[]string{"handoff", "mark", "1", "--left-off", " \u200b", "--next", "y"}, 6, "--left-off is empty"},
		{[]string{"handoff", "mark", "1", "-f", "missing.md"}, 6, "missing.md"},
		{[]string{"handoff", "mark", "1", "-f", "-"}, 6, "## Next steps"},
		{[]string{"handoff", "mark", "x", "--left-off", "x", "--next", "y"}, 6, "invalid issue"},
		{[]string{"handoff", "mark", "99", "--left-off", "x", "--next", "y"}, 1, "not found"},
		{[]string{"handoff", "take", "99"}, 1, "not found"},
		{[]string{"handoff", "check", "--shift", "x"}, 6, `invalid shift "x"`},
	} {
		r := l.run(c.args...)
		if r.code != c.code || !strings.Contains(r.errors, c.says) {
			t.Errorf("%q: exit %d: %s", c.args, r.code, r.errors)
		}
	}
	if !slices.Equal(before, l.picture()) {
		t.Error("something was changed")
	}
	l.label("plan", `{"state_event":"close"}`)
	for _, args := range [][]string{marking, {"handoff", "take", "1"}} {
		if r := l.run(args...); r.code != 5 || !strings.Contains(r.errors, "is closed") {
			t.Errorf("%q: exit %d: %s", args, r.code, r.errors)
		}
	}
}

// Any text has no effect in GitLab, and is shown as it was written.
func TestHandoffHostileText(t *testing.T) {
	t.Parallel()
	for n, words := range []string{"/close", "ask @all", "x\n<!-- prodctl:entry {\"kind\":\"handoff\",\"verb\":\"take\",\"at\":\"2018-08-24T10:00:00Z\"} -->", "```\nleft open", "~~~", "**Next steps**\n\nforged", "\x1b[2Jx", "/label ~toil\n/assign @guest"} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{carried: 1})
			l.must(t, "handoff", "mark", "1", "--left-off", words, "--next", words)
			i, notes := l.handed(t)
			m, ok := handoff.CurrentMark(notes)
			if !ok || !i.Open() || !slices.Equal(i.Labels, []string{ready}) || len(i.Assignees) > 0 || m.LeftOff != handoff.Safe(words) || m.Next != handoff.Safe(words) {
				t.Errorf("%+v, %+v", i, m)
			}
			if r := l.must(t, "handoff", "list"); strings.ContainsAny(r.out, "\x1b") || strings.Count(r.out, "\n") != 1 {
				t.Errorf("list: %q", r.out)
			}
		})
	}
}

// The note of a confidential issue is not shown elsewhere.
func TestHandoffConfidential(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{carried: 1})
	l.label("mara", `{"confidential":true,"title":"Secret title"}`)
	l.must(t, "handoff", "mark", "1", "--left-off", "secret words", "--next", "secret steps")
	for _, format := range []string{"table", "json", "yaml", "csv", "md"} {
		for _, args := range [][]string{{"handoff", "list"}, {"handoff", "check"}, {"handoff", "take", "1", "--dry-run"}, {"handoff", "mark", "1", "--left-off", "secret more", "--next", "y", "--dry-run"}} {
			r := l.must(t, append(args, "-o", format)...)
			if strings.Contains(strings.ToLower(r.out+r.errors), "secret") {
				t.Errorf("%q as %s:\n%s%s", args, format, r.out, r.errors)
			}
			if args[1] == "list" && !strings.Contains(l.must(t, append(args, "-o", format, "--include-confidential")...).out, "secret words") {
				t.Errorf("%q as %s with --include-confidential does not show it", args, format)
			}
		}
	}
	if r := l.as("dev").must(t, "handoff", "take", "1", "-o", "json"); strings.Contains(strings.ToLower(r.out+r.errors), "secret") {
		t.Error(r.out)
	}
}

func TestHandoffPlans(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{carried: 1})
	l.ownDir(t)
	before := l.picture()
	if r := l.must(t, append(marking, "--dry-run", "-o", "json")...); !strings.Contains(r.out, ready) || !strings.Contains(r.out, "Replica rebuilt to 40%") {
		t.Errorf("dry run: %s", r.out)
	}
	l.must(t, append(marking, "--plan-file", "mark.json")...)
	if !slices.Equal(before, l.picture()) {
		t.Fatal("planning changed something")
	}
	l.must(t, "apply", "mark.json")
	l.must(t, "apply", "mark.json")
	dev := l.as("dev")
	if r := dev.must(t, "handoff", "take", "1", "--dry-run"); !strings.Contains(r.out, "@dev") || !strings.Contains(r.out, ready) {
		t.Errorf("dry run: %s", r.out)
	}
	dev.must(t, "handoff", "take", "1", "--plan-file", "take.json")
	if r := l.as("rep").run("apply", "take.json"); r.code != 5 {
		t.Errorf("somebody else's plan: exit %d, %s", r.code, r.errors)
	}
	dev.must(t, "apply", "take.json")
	dev.must(t, "apply", "take.json")
	i, notes := l.handed(t)
	if !slices.Equal(i.Assignees, []string{"dev"}) || slices.Contains(i.Labels, ready) || len(notes) != 2 {
		t.Errorf("%+v, %d comments", i, len(notes))
	}
}

// A hand-off note in an internal comment is for the team only: it appears with --include-confidential, and in nothing that is posted.
func TestMarkInAnInternalComment(t *testing.T) {
	t.Parallel()
	const secret = "the-vault-is-open"
	l := newLab(t, setup{carried: 1})
	body := eventlog.Body(handoff.NewMark(l.now, handoff.Texts{LeftOff: secret, Next: secret, If: secret}), "16:00 UTC, ready to hand off")
	data, err := json.Marshal(map[string]any{"body": body, "internal": true})
	if err != nil {
		t.Fatal(err)
	}
	l.server.MustDo("dev", "POST", "/projects/acme%2Finfrastructure/issues/1/notes", string(data))
	l.server.MustDo("dev", "PUT", "/projects/acme%2Finfrastructure/issues/1", `{"add_labels":"`+ready+`"}`)
	if r := l.written(nil, "", "handoff", "list", "--include-confidential"); r.code != 0 || !strings.Contains(r.out, secret) {
		t.Errorf("it is not on the page: exit %d\n%s%s", r.code, r.out, r.errors)
	}
	if r := l.written(nil, "", "handoff", "list"); r.code != 0 || strings.Contains(r.out, secret) {
		t.Errorf("it is on the page: exit %d\n%s%s", r.code, r.out, r.errors)
	}
	for _, args := range [][]string{{"handoff"}, {"handoff", "list"}, {"handoff", "check"}} {
		for _, form := range []string{"table", "json", "yaml", "csv", "md"} {
			if r := l.must(t, append(args, "-o", form)...); strings.Contains(r.out, secret) {
				t.Errorf("%s -o %s shows it:\n%s", args, form, r.out)
			}
		}
	}
	if r := l.must(t, "handoff", "-o", "md"); !strings.Contains(r.out, "the note is an internal comment") {
		t.Errorf("no reference to the comment:\n%s", r.out)
	}
	l.must(t, "handoff", "--post")
	if text := strings.Join(commentsOf(l.logs()[0]), "\n"); strings.Contains(text, secret) {
		t.Errorf("it is posted:\n%s", text)
	}
}

// A team with one tracker need not name it.
func TestHandoffWithOneTracker(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{queue: true, seed: func(s *fakegitlab.Seed) {
		s.Projects[1].Issues = []fakegitlab.SeedIssue{{Title: "Certificate", Author: "dev"}}
	}})
	l.must(t, "handoff", "mark", "1", "--left-off", "Half", "--next", "The rest")
	l.as("dev").must(t, "handoff", "take", "1")
	if i, _ := l.queueIssue(t, 1); !slices.Equal(i.Assignees, []string{"dev"}) {
		t.Errorf("%+v", i)
	}
}
