package plan

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// fakeStore is a store that records its calls and fails on demand.
type fakeStore struct {
	Store // the methods that a test does not use

	mu    sync.Mutex
	calls []string
	fail  map[string]error
	hook  func(call string)
	iid   int64
	taken bool
}

func (j *fakeStore) note(format string, args ...any) error {
	call := fmt.Sprintf(format, args...)
	j.mu.Lock()
	j.calls = append(j.calls, call)
	err := j.fail[call]
	j.mu.Unlock()
	if j.hook != nil {
		j.hook(call)
	}
	return err
}

func (j *fakeStore) CreateMilestone(_ context.Context, _ target.Target, d milestone.Draft) (milestone.Milestone, bool, error) {
	err := j.note("create %s", d.Title)
	return milestone.Milestone{ID: 77, IID: j.iid, Title: d.Title}, j.taken, err
}

func (j *fakeStore) UpdateMilestone(_ context.Context, _ target.Target, id int64, _ milestone.Change) (milestone.Milestone, error) {
	return milestone.Milestone{}, j.note("update %d", id)
}

func (j *fakeStore) EditMilestone(_ context.Context, _ target.Target, id int64, _ milestone.Edit) (milestone.Milestone, bool, error) {
	err := j.note("update %d", id)
	return milestone.Milestone{}, err == nil, err
}

func (j *fakeStore) UpdateIssue(ctx context.Context, ref issue.Ref, c issue.Change) (issue.Issue, error) {
	err := j.note("issue %d to %d", ref.IID, *c.MilestoneID)
	if err == nil {
		err = ctx.Err()
	}
	return issue.Issue{}, err
}

func (j *fakeStore) CreateLabel(_ context.Context, _ target.Target, l label.Label) (label.Label, bool, error) {
	return label.Label{ID: 5}, false, j.note("label %s", l.Name)
}

func (j *fakeStore) CreateBoard(context.Context, target.Target, string) (board.Board, bool, error) {
	return board.Board{ID: 6}, true, j.note("board")
}

func (j *fakeStore) CreateBoardList(_ context.Context, _ target.Target, boardID, labelID int64) (board.List, bool, error) {
	return board.List{ID: 8}, false, j.note("list of %d on %d", labelID, boardID)
}

func (j *fakeStore) MoveBoardList(_ context.Context, _ target.Target, boardID, listID int64, at int) (board.List, error) {
	return board.List{}, j.note("move %d of %d to %d", listID, boardID, at)
}

var here = target.ProjectAt("acme/infrastructure")

func move(iid int64, needs ...string) UpdateIssue {
	return UpdateIssue{Base: Base{fmt.Sprint("move ", iid), needs}, Ref: issue.Ref{Project: here.Path, IID: iid}, Milestone: &MilestoneRef{Created: "create"}}
}

// rolling returns a plan like that of a roll: a chain, then issues that depend on its end.
func rolling() Plan {
	return Plan{Steps: []Step{
		UpdateMilestone{Base: Base{ID: "rename"}, In: here, Ref: MilestoneRef{ID: 2}},
		CreateMilestone{Base: Base{"create", []string{"rename"}}, In: here, Draft: milestone.Draft{Title: "Next"}, ObservedIID: 9},
		move(1, "create"), move(2, "create"), move(3, "create"),
	}}
}

func outcomes(r Report) []string {
	var out []string
	for _, result := range r.Results {
		out = append(out, result.Step.Key()+": "+string(result.Outcome))
	}
	return out
}

func TestApplyResolvesCreatedObjects(t *testing.T) {
	j := &fakeStore{iid: 10}
	r := Apply(t.Context(), rolling(), j, Settings{Parallel: 1})
	want := []string{"update 2", "create Next", "issue 1 to 77", "issue 2 to 77", "issue 3 to 77"}
	if diff := cmp.Diff(want, j.calls); diff != "" || r.Err() != nil || r.Contended {
		t.Errorf("calls (-want +got):\n%s\nerror %v, contended %v", diff, r.Err(), r.Contended)
	}
	b := &fakeStore{}
	Apply(t.Context(), Plan{Steps: []Step{
		CreateLabel{Base: Base{ID: "label"}, In: here, Label: label.Label{Name: "Ready"}},
		CreateBoard{Base: Base{ID: "board"}, In: here, Name: "Team"},
		CreateBoardList{Base: Base{"list", []string{"label", "board"}}, In: here, Board: BoardRef{Created: "board"}, LabelCreated: "label"},
		MoveBoardList{Base: Base{"order", []string{"list"}}, In: here, Board: BoardRef{Created: "board"}, ListCreated: "list", Position: 1},
	}}, b, Settings{Parallel: 1})
	if diff := cmp.Diff([]string{"label Ready", "board", "list of 5 on 6", "move 8 of 6 to 1"}, b.calls); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

// A step that GitLab refuses stops only the steps that need it.
func TestApplyContinuesAfterAFailure(t *testing.T) {
	j := &fakeStore{iid: 10, fail: map[string]error{"issue 2 to 77": errors.New("no")}}
	r := Apply(t.Context(), rolling(), j, Settings{Parallel: 1})
	want := []string{"rename: done", "create: done", "move 1: done", "move 2: failed", "move 3: done"}
	if diff := cmp.Diff(want, outcomes(r)); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
	if kind := fault.KindOf(r.Err()); kind != fault.Partial {
		t.Errorf("kind %d, want Partial", kind)
	}
	j = &fakeStore{iid: 10, fail: map[string]error{"update 2": fault.New(fault.Auth, "log in", "403")}}
	r = Apply(t.Context(), rolling(), j, Settings{Parallel: 1})
	if kind := fault.KindOf(r.Err()); kind != fault.Auth || len(j.calls) != 1 || fault.HintOf(r.Err()) != "log in" {
		t.Errorf("kind %d after %v, want Auth after one call, with the hint", kind, j.calls)
	}
}

// If GitLab does not answer, the remaining two hundred requests are not sent.
func TestApplyStopsWhenGitLabIsUnreachable(t *testing.T) {
	for _, err := range []error{fault.New(fault.Unreachable, "", "gone"), fault.New(fault.Auth, "", "revoked"), context.Canceled} {
		j := &fakeStore{iid: 10, fail: map[string]error{"issue 1 to 77": err}}
		r := Apply(t.Context(), rolling(), j, Settings{Parallel: 1})
		want := []string{"rename: done", "create: done", "move 1: failed", "move 2: not_started", "move 3: not_started"}
		if diff := cmp.Diff(want, outcomes(r)); diff != "" {
			t.Errorf("%v: outcomes (-want +got):\n%s", err, diff)
		}
	}
}

func TestUnknownOutcomeIsNotFailed(t *testing.T) {
	j := &fakeStore{iid: 10, fail: map[string]error{"create Next": fmt.Errorf("answer lost: %w", fault.Unknown)}}
	r := Apply(t.Context(), rolling(), j, Settings{Parallel: 1})
	if got := r.Results[1].Outcome; got != OutcomeUnknown || r.Results[2].Outcome != NotStarted {
		t.Errorf("outcomes %v", outcomes(r))
	}
}

// A title that is taken in the meantime means that the plan is outdated, not that it failed.
func TestConflictStopsThePlan(t *testing.T) {
	taken := fmt.Errorf("held by 4: %w", fault.Taken)
	j := &fakeStore{iid: 10, fail: map[string]error{"create Next": taken}}
	r := Apply(t.Context(), rolling(), j, Settings{Parallel: 4})
	want := []string{"rename: done", "create: not_started", "move 1: not_started", "move 2: not_started", "move 3: not_started"}
	if diff := cmp.Diff(want, outcomes(r)); diff != "" || !r.Contended || !errors.Is(r.Conflict, taken) || r.ConflictKey != "create" || r.Err() != nil {
		t.Errorf("%+v (-want +got):\n%s", r, diff)
	}
}

// Both signs of another run that does the same work stop the plan without an error: the command must plan again.
func TestApplyDetectsContention(t *testing.T) {
	for name, j := range map[string]*fakeStore{"an iid was skipped": {iid: 11}, "it was there already": {iid: 10, taken: true}} {
		r := Apply(t.Context(), rolling(), j, Settings{Parallel: 4})
		if !r.Contended || r.Err() != nil || r.Count(NotStarted) != 3 {
			t.Errorf("%s: contended %v, error %v, %v", name, r.Contended, r.Err(), outcomes(r))
		}
	}
}

func TestApplyRunsIndependentStepsInParallel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		now, most := 0, 0
		j := &fakeStore{iid: 10, hook: func(call string) {
			mu.Lock()
			now++
			most = max(most, now)
			mu.Unlock()
			time.Sleep(time.Second) // of the bubble's clock
			mu.Lock()
			now--
			mu.Unlock()
		}}
		p := rolling()
		for n := range int64(17) {
			p.Steps = append(p.Steps, move(10+n, "create"))
		}
		begin := time.Now()
		Apply(t.Context(), p, j, Settings{Parallel: 5})
		if took := time.Since(begin); took != (2+4)*time.Second || most != 5 {
			t.Errorf("20 moves after 2 steps, 5 at once: took %v with %d at once", took, most)
		}
	})
}

// An interruption lets the request in flight finish, starts no other, and reports what was done.
func TestInterruption(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, interrupt := context.WithCancel(t.Context())
		j := &fakeStore{iid: 10}
		j.hook = func(call string) {
			if call == "issue 1 to 77" {
				interrupt()
				time.Sleep(time.Second)
			}
		}
		r := Apply(ctx, rolling(), j, Settings{Parallel: 1, Grace: 5 * time.Second})
		want := []string{"rename: done", "create: done", "move 1: done", "move 2: not_started", "move 3: not_started"}
		if diff := cmp.Diff(want, outcomes(r)); diff != "" {
			t.Errorf("within the grace (-want +got):\n%s", diff)
		}
		ctx, interrupt = context.WithCancel(t.Context())
		j = &fakeStore{iid: 10}
		j.hook = func(call string) {
			if call == "issue 1 to 77" {
				interrupt()
				time.Sleep(time.Minute)
			}
		}
		r = Apply(ctx, rolling(), j, Settings{Parallel: 1, Grace: 5 * time.Second})
		if fault.KindOf(r.Err()) != fault.Interrupted || r.Results[2].Outcome != Failed {
			t.Errorf("after the grace: %v, %v", r.Err(), outcomes(r))
		}
	})
}

type watcher struct {
	mu   sync.Mutex
	seen []string
}

func (w *watcher) Started(s Step) { w.add("started " + s.Key()) }
func (w *watcher) Finished(r Result) {
	w.add(string(r.Outcome) + " " + r.Step.Key())
}

func (w *watcher) add(s string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen = append(w.seen, s)
}

func TestObserverSeesEveryStep(t *testing.T) {
	w := &watcher{}
	Apply(t.Context(), rolling(), &fakeStore{iid: 10}, Settings{Parallel: 3, Observer: w})
	if len(w.seen) != 10 || !slices.Contains(w.seen, "done move 3") || !strings.HasPrefix(w.seen[0], "started rename") {
		t.Errorf("observed %v", w.seen)
	}
}
