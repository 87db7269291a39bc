package cli_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

func withCards(s *fakegitlab.Seed) {
	at := time.Date(2018, 8, 20, 9, 0, 0, 0, time.UTC)
	s.Projects[0].Issues = append(s.Projects[0].Issues,
		fakegitlab.SeedIssue{IID: 11, Title: "Move cron", Labels: []string{"Planning"}, CreatedAt: at},
		fakegitlab.SeedIssue{IID: 12, Title: "Rotate keys", Labels: []string{"In Progress", "toil"}, Description: "Done when both are new.", CreatedAt: at, Milestone: "Current Milestone"},
		fakegitlab.SeedIssue{IID: 13, Title: "Sharpen alerts", Labels: []string{"Planning", "weight::2"}, Description: "Done when nobody wakes up.", CreatedAt: at})
}

func TestBoardInitEndToEnd(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{config: "board:\n  name: Ours\n  columns:\n    - {name: Planning, label: Planning}\n    - {name: Doing, label: 'wf::doing', limit: 2}\n"})
	l.must(t, "board", "init", "--yes")
	boards := l.server.Snapshot().Project(infra).Boards
	if len(boards) != 1 || boards[0].Name != "Ours" || !cmp.Equal(boards[0].Lists, []string{"Planning", "wf::doing"}) {
		t.Errorf("the boards are %+v", boards)
	}
	l.server.ResetRequests()
	l.must(t, "board", "init", "--yes")
	if reads, writes := l.count(); reads != 2 || writes != 0 {
		t.Errorf("nothing to do took %d reads and %d writes, want 2 and 0", reads, writes)
	}
	if r := l.run("label", "plan", "--in", "infrastructure", "--jq", `.steps[] | select(.object.title == "wf::doing")`); r.code != 0 || r.out != "" {
		t.Errorf("label plan does not know the column's label: exit %d, %s%s", r.code, r.out, r.errors)
	}
}

func TestBoardShowEndToEnd(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{seed: withCards})
	query := `.columns[] | .title + ":" + ([.issues[] | .ref + " " + (.age_days // "-" | tostring)] | join(","))`
	r := l.must(t, "board", "show", "--jq", query)
	want := "Planning:acme/infrastructure#11 -,acme/infrastructure#13 -\nReady:\nWaiting:\nIn Progress:acme/infrastructure#12 4\n"
	if diff := cmp.Diff(want, r.out); diff != "" {
		t.Error(diff)
	}
	r = l.must(t, "board", "show", "--milestone", "current", "--ages", "none", "--jq", query)
	want = "Planning:\nReady:\nWaiting:\nIn Progress:acme/infrastructure#12 -\nCompleted:\n"
	if diff := cmp.Diff(want, r.out); diff != "" {
		t.Error(diff)
	}
	if r := l.run("board", "show", "--milestone", "foo"); r.code != 1 || !strings.Contains(r.errors, `milestone "foo" not found in project acme/infrastructure`) {
		t.Errorf("--milestone foo: exit %d, %s%s", r.code, r.out, r.errors)
	}
	if r := l.run("board", "show", "--ages", "some"); r.code != 6 {
		t.Errorf("--ages some: exit %d", r.code)
	}
}

func TestBoardMoveEndToEnd(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{seed: withCards})
	labels := func(iid int) string {
		for _, i := range l.server.Snapshot().Project(infra).Issues {
			if i.IID == iid {
				return i.State + " " + strings.Join(i.Labels, ",")
			}
		}
		return ""
	}
	steps := []struct {
		args []string
		code int
		iid  int
		want string
	}{
		{[]string{"11", "ready"}, 5, 11, "opened Planning"},
		{[]string{"11", "ready", "--dry-run", "--force"}, 0, 11, "opened Planning"},
		{[]string{"11", "ready", "--force"}, 0, 11, "opened Ready"},
		{[]string{"infrastructure#13", "Ready"}, 0, 13, "opened Ready,weight::2"},
		{[]string{"acme/infrastructure#12", "completed"}, 0, 12, "closed toil"},
		{[]string{"https://gitlab.example.test/acme/infrastructure/-/issues/12", "in-progress"}, 0, 12, "opened In Progress,toil"},
		{[]string{"12", "in-progress"}, 0, 12, "opened In Progress,toil"},
		{[]string{"12", "nowhere"}, 6, 12, "opened In Progress,toil"},
		{[]string{"nowhere", "ready"}, 6, 12, "opened In Progress,toil"},
		{[]string{"999", "ready"}, 1, 12, "opened In Progress,toil"},
	}
	for _, s := range steps {
		r := l.run(append([]string{"board", "move"}, s.args...)...)
		if got := labels(s.iid); r.code != s.code || got != s.want {
			t.Errorf("board move %q: exit %d, want %d; it is %q, want %q\n%s", s.args, r.code, s.code, got, s.want, r.errors)
		}
	}
}

// The plan of a move is refused if the issue was moved in the meantime.
func TestBoardMovePlanFile(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{seed: withCards})
	file := t.TempDir() + "/move.json"
	l.must(t, "board", "move", "12", "waiting", "--plan-file", file)
	l.server.MustDo("dev", "PUT", "/projects/acme%2Finfrastructure/issues/12", `{"add_labels":"outage"}`)
	if r := l.run("apply", file); r.code != 5 {
		t.Errorf("stale: exit %d %s", r.code, r.errors)
	}
	l.server.MustDo("dev", "PUT", "/projects/acme%2Finfrastructure/issues/12", `{"remove_labels":"outage"}`)
	l.must(t, "apply", file)
	l.must(t, "apply", file)
	l.must(t, "board", "init", "--plan-file", file)
	l.must(t, "apply", file, "--yes")
	if boards := l.server.Snapshot().Project(infra).Boards; len(boards) != 1 || len(boards[0].Lists) != 4 {
		t.Errorf("the boards are %+v", boards)
	}
}
