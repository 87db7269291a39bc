package plan

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

func (j *diary) CreateIssue(_ context.Context, project string, d issue.Draft, o issue.IdempotencyKey) (issue.Issue, bool, error) {
	err := j.note("open %s", d.Title)
	if err != nil && !errors.Is(err, fault.Dropped) {
		return issue.Issue{}, false, err
	}
	return issue.Issue{ID: 900, Ref: issue.Ref{Project: project, IID: 12}}, j.taken, err
}

func (j *diary) CreateNote(_ context.Context, on issue.Ref, d issue.NoteDraft, o issue.IdempotencyKey) (issue.Note, bool, error) {
	return issue.Note{ID: 1}, j.taken, j.note("note on %s: %s", on, strings.SplitN(d.Body, "\n", 2)[0])
}

func (j *diary) UpsertNote(_ context.Context, on issue.Ref, d issue.NoteDraft, o issue.IdempotencyKey) (issue.Note, bool, error) {
	return issue.Note{ID: 1}, !j.taken, j.note("keep on %s: %s", on, d.Body)
}

func (j *diary) CreateLink(_ context.Context, from, to issue.Ref) (bool, error) {
	return false, j.note("link %s %s", from, to)
}

func (j *diary) ReconcileIssue(_ context.Context, ref issue.Ref, _ eventlog.Reconciler) (issue.Issue, bool, error) {
	return issue.Issue{Ref: ref}, !j.taken, j.note("settle %s", ref)
}

func (j *diary) UserByName(_ context.Context, name string) (instance.User, error) {
	return instance.User{ID: int64(len(name))}, j.note("who is %s", name)
}

// opening is a plan in the shape of an incident's: it exists first, all else needs it.
func opening() Plan {
	new := IssueRef{Ref: issue.Ref{Project: "acme/production"}, Created: "open"}
	return Plan{Steps: []Step{
		CreateIssue{Base: Base{ID: "open"}, In: here, Draft: issue.Draft{Title: "It burns"}},
		CreateLink{Base: Base{"link", []string{"open"}}, From: new, To: issue.Ref{Project: "acme/infrastructure", IID: 3}},
		CreateNote{Base: Base{"note", []string{"open"}}, On: new, Note: issue.NoteDraft{Body: "said"}},
		ReconcileIssue{Base: Base{"settle", []string{"note"}}, On: new, Kind: "incident"},
	}}
}

func TestStepsOnAnIssueThatIsMade(t *testing.T) {
	j := &diary{}
	r := Apply(t.Context(), opening(), j, Settings{Parallel: 1})
	want := []string{"open It burns", "link acme/infrastructure#12 acme/infrastructure#3", "note on acme/infrastructure#12: said", "settle acme/infrastructure#12"}
	if diff := cmp.Diff(want, j.calls); diff != "" || r.Err() != nil {
		t.Errorf("calls (-want +got):\n%s\n%v", diff, r.Err())
	}
	j = &diary{taken: true}
	r = Apply(t.Context(), opening(), j, Settings{Parallel: 1})
	if got := outcomes(r); r.Err() != nil || strings.Join(got, ", ") != "open: unchanged, link: done, note: unchanged, settle: unchanged" {
		t.Errorf("%v, %v", got, r.Err())
	}
}

// An issue that was made without its labels is there: what follows it goes on, and what is missing is said.
func TestMadeWithAPartLeftOut(t *testing.T) {
	j := &diary{fail: map[string]error{"open It burns": fault.Wrap(fault.Auth, fault.Dropped, "", "the label is not set")}}
	r := Apply(t.Context(), opening(), j, Settings{Parallel: 1})
	if len(j.calls) != 4 || r.Results[0].Outcome != Done || r.Results[0].Issue.Ref.IID != 12 || !errors.Is(r.Err(), fault.Dropped) || fault.KindOf(r.Err()) != fault.Partial {
		t.Errorf("%v, %v, %v", j.calls, outcomes(r), r.Err())
	}
}

// A failing link holds up nothing but itself.
func TestFollowUpsDoNotHoldEachOtherUp(t *testing.T) {
	j := &diary{fail: map[string]error{"link acme/infrastructure#12 acme/infrastructure#3": errors.New("500")}}
	r := Apply(t.Context(), opening(), j, Settings{Parallel: 1})
	if len(j.calls) != 4 || fault.KindOf(r.Err()) != fault.Partial {
		t.Errorf("%v, %v", j.calls, r.Err())
	}
}

// Where there are no links each issue names the other, and the record does.
func TestReferencesInsteadOfALink(t *testing.T) {
	j := &diary{fail: map[string]error{"link acme/infrastructure#12 acme/infrastructure#3": fault.NotOffered}}
	r := Apply(t.Context(), Plan{Steps: opening().Steps[:2]}, j, Settings{Parallel: 1})
	want := []string{"open It burns", "link acme/infrastructure#12 acme/infrastructure#3", "note on acme/infrastructure#3: **Related to acme/infrastructure#12**",
		"note on acme/infrastructure#12: **Related to acme/infrastructure#3**", "settle acme/infrastructure#12"}
	if diff := cmp.Diff(want, j.calls); diff != "" || r.Err() != nil {
		t.Errorf("calls (-want +got):\n%s\n%v", diff, r.Err())
	}
}

func TestAssigning(t *testing.T) {
	j := &assigner{diary: diary{}}
	s := AssignIssue{Base: Base{ID: "assign"}, On: IssueRef{Ref: issue.Ref{Project: here.Path, IID: 4}}, Users: []string{"mara", "olav2"}}
	if r := Apply(t.Context(), Plan{Steps: []Step{s}}, j, Settings{}); r.Err() != nil || !cmp.Equal(j.given.AssigneeIDs, []int64{4, 5}) {
		t.Errorf("%v, %v", j.given, r.Err())
	}
}

// What was written and taken back because somebody else was first has not changed the world.
func TestBeatenIsRefused(t *testing.T) {
	j := &diary{fail: map[string]error{"settle acme/infrastructure#12": fault.Wrap(fault.Refused, fault.Conflict, "look", "taken by @dev")}}
	r := Apply(t.Context(), opening(), j, Settings{Parallel: 1})
	if err := r.Err(); fault.KindOf(err) != fault.Refused || !errors.Is(err, fault.Conflict) || fault.HintOf(err) != "look" {
		t.Errorf("%v, %v", outcomes(r), err)
	}
}

type assigner struct {
	diary
	given issue.Change
}

func (a *assigner) UpdateIssue(_ context.Context, _ issue.Ref, c issue.Change) (issue.Issue, error) {
	a.given = c
	return issue.Issue{}, nil
}
