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
	"gitlab.com/prodctl/prodctl/pkg/target"
)

func (j *fakeStore) CreateIssue(_ context.Context, project string, d issue.Draft, o issue.IdempotencyKey) (issue.Issue, bool, error) {
	err := j.note("open %s", d.Title)
	if err != nil && !errors.Is(err, fault.Dropped) {
		return issue.Issue{}, false, err
	}
	return issue.Issue{ID: 900, Ref: issue.Ref{Project: project, IID: 12}}, j.taken, err
}

func (j *fakeStore) CreateNote(_ context.Context, on issue.Ref, d issue.NoteDraft, o issue.IdempotencyKey) (issue.Note, bool, error) {
	return issue.Note{ID: 1}, j.taken, j.note("note on %s: %s", on, strings.SplitN(d.Body, "\n", 2)[0])
}

func (j *fakeStore) UpsertNote(_ context.Context, on issue.Ref, d issue.NoteDraft, o issue.IdempotencyKey) (issue.Note, bool, error) {
	return issue.Note{ID: 1}, !j.taken, j.note("keep on %s: %s", on, d.Body)
}

func (j *fakeStore) CreateLink(_ context.Context, from, to issue.Ref) (bool, error) {
	return false, j.note("link %s %s", from, to)
}

func (j *fakeStore) ReconcileIssue(_ context.Context, ref issue.Ref, _ eventlog.Reconciler) (issue.Issue, bool, error) {
	return issue.Issue{Ref: ref}, !j.taken, j.note("reconcile %s", ref)
}

func (j *fakeStore) UserByName(_ context.Context, _ target.Target, name string) (instance.User, error) {
	return instance.User{ID: int64(len(name))}, j.note("who is %s", name)
}

func (j *fakeStore) MemberByName(ctx context.Context, in target.Target, name string) (instance.User, error) {
	return j.UserByName(ctx, in, name)
}

// opening returns a plan like that of an incident: the issue is created first, and all other steps need it.
func opening() Plan {
	new := IssueRef{Ref: issue.Ref{Project: "acme/production"}, Created: "open"}
	return Plan{Steps: []Step{
		CreateIssue{Base: Base{ID: "open"}, In: here, Draft: issue.Draft{Title: "It burns"}},
		CreateLink{Base: Base{"link", []string{"open"}}, From: new, To: issue.Ref{Project: "acme/infrastructure", IID: 3}},
		CreateNote{Base: Base{"note", []string{"open"}}, On: new, Note: issue.NoteDraft{Body: "Looking"}},
		ReconcileIssue{Base: Base{"reconcile", []string{"note"}}, On: new, Kind: "incident"},
	}}
}

func TestStepsOnACreatedIssue(t *testing.T) {
	j := &fakeStore{}
	r := Apply(t.Context(), opening(), j, Settings{Parallel: 1})
	want := []string{"open It burns", "link acme/infrastructure#12 acme/infrastructure#3", "note on acme/infrastructure#12: Looking", "reconcile acme/infrastructure#12"}
	if diff := cmp.Diff(want, j.calls); diff != "" || r.Err() != nil {
		t.Errorf("calls (-want +got):\n%s\n%v", diff, r.Err())
	}
	j = &fakeStore{taken: true}
	r = Apply(t.Context(), opening(), j, Settings{Parallel: 1})
	if got := outcomes(r); r.Err() != nil || strings.Join(got, ", ") != "open: unchanged, link: done, note: unchanged, reconcile: unchanged" {
		t.Errorf("%v, %v", got, r.Err())
	}
}

// If an issue was created without its labels, the following steps run, and the missing labels are reported.
func TestIssueCreatedWithoutLabels(t *testing.T) {
	j := &fakeStore{fail: map[string]error{"open It burns": fault.Wrap(fault.Auth, fault.Dropped, "", "the label is not set")}}
	r := Apply(t.Context(), opening(), j, Settings{Parallel: 1})
	if len(j.calls) != 4 || r.Results[0].Outcome != Done || r.Results[0].Issue.Ref.IID != 12 || !errors.Is(r.Err(), fault.Dropped) || fault.KindOf(r.Err()) != fault.Partial {
		t.Errorf("%v, %v, %v", j.calls, outcomes(r), r.Err())
	}
}

// A failing link does not stop other steps.
func TestFollowUpsAreIndependent(t *testing.T) {
	j := &fakeStore{fail: map[string]error{"link acme/infrastructure#12 acme/infrastructure#3": errors.New("500")}}
	r := Apply(t.Context(), opening(), j, Settings{Parallel: 1})
	if len(j.calls) != 4 || fault.KindOf(r.Err()) != fault.Partial {
		t.Errorf("%v, %v", j.calls, r.Err())
	}
}

// Without links, each issue gets a comment that names the other, and so does the record.
func TestCommentsInsteadOfALink(t *testing.T) {
	j := &fakeStore{fail: map[string]error{"link acme/infrastructure#12 acme/infrastructure#3": fault.NotOffered}}
	r := Apply(t.Context(), Plan{Steps: opening().Steps[:2]}, j, Settings{Parallel: 1})
	want := []string{"open It burns", "link acme/infrastructure#12 acme/infrastructure#3", "note on acme/infrastructure#3: **Related to acme/infrastructure#12**",
		"note on acme/infrastructure#12: **Related to acme/infrastructure#3**", "reconcile acme/infrastructure#12"}
	if diff := cmp.Diff(want, j.calls); diff != "" || r.Err() != nil {
		t.Errorf("calls (-want +got):\n%s\n%v", diff, r.Err())
	}
}

func TestAssigning(t *testing.T) {
	j := &assigner{fakeStore: fakeStore{}}
	s := AssignIssue{Base: Base{ID: "assign"}, On: IssueRef{Ref: issue.Ref{Project: here.Path, IID: 4}}, Users: []string{"mara", "olav2"}}
	if r := Apply(t.Context(), Plan{Steps: []Step{s}}, j, Settings{}); r.Err() != nil || !cmp.Equal(j.given.AssigneeIDs, []int64{4, 5}) {
		t.Errorf("%v, %v", j.given, r.Err())
	}
}

// A write that was undone because somebody else was first is not a partial change.
func TestConflictIsRefused(t *testing.T) {
	j := &fakeStore{fail: map[string]error{"reconcile acme/infrastructure#12": fault.Wrap(fault.Refused, fault.Conflict, "look", "taken by @dev")}}
	r := Apply(t.Context(), opening(), j, Settings{Parallel: 1})
	if err := r.Err(); fault.KindOf(err) != fault.Refused || !errors.Is(err, fault.Conflict) || fault.HintOf(err) != "look" {
		t.Errorf("%v, %v", outcomes(r), err)
	}
}

type assigner struct {
	fakeStore
	given issue.Change
}

func (a *assigner) UpdateIssue(_ context.Context, _ issue.Ref, c issue.Change) (issue.Issue, error) {
	a.given = c
	return issue.Issue{}, nil
}
