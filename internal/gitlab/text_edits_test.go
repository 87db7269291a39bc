package gitlab

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
)

// afterPut answers the first PUT with a failure, after it was carried out or not, and lets a person act then.
func afterPut(l *lab, carriedOut bool, status int, act func()) func(*Options) {
	return func(o *Options) {
		direct, failed := o.Transport, false
		o.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
			if r.Method != http.MethodPut || failed {
				return direct.RoundTrip(r)
			}
			failed = true
			if carriedOut {
				if resp, err := direct.RoundTrip(r); err == nil {
					resp.Body.Close()
				}
			}
			if act != nil {
				act()
			}
			return overHandler(answering(status, `{"message":"409 Conflict: Resource lock"}`))(r)
		})
	}
}

// An attempt to edit a milestone that failed is made again from what the milestone is then.
func TestEditMilestoneReadsBeforeEachAttempt(t *testing.T) {
	t.Parallel()
	text := milestone.Text{Names: milestone.HandbookNames(), Cadence: milestone.Handbook(), Dated: true,
		Box: milestone.Timebox{Start: day("2018-08-13"), Due: day("2018-08-24")}}
	for _, status := range []int{409, 429, 500, 502, 503} {
		for _, carriedOut := range []bool{false, true} {
			if carriedOut && status < 500 {
				continue
			}
			for edit, want := range map[string]struct {
				outdated    bool
				title, text string
			}{
				"":                              {false, "2018-08-24 Milestone", "August Milestone 2 - ending 2018-08-24\n\nGoal."},
				`{"description":"Goal. More."}`: {false, "2018-08-24 Milestone", "August Milestone 2 - ending 2018-08-24\n\nGoal. More."},
				`{"title":"Sprint 12"}`:         {true, "Sprint 12", "Goal."},
				`{"due_date":"2018-08-25"}`:     {true, "", ""},
			} {
				name := fmt.Sprintf("%d, carried out %v, then %s", status, carriedOut, edit)
				l := newLab(t, nil)
				path := fmt.Sprintf("/projects/acme%%2Finfra/milestones/%d", l.create("/projects/acme%2Finfra/milestones",
					`{"title":"Current","description":"Goal.","start_date":"2018-08-13","due_date":"2018-08-23"}`))
				act := func() {
					if edit != "" {
						l.MustDo("owner", "PUT", path, edit)
					}
				}
				c := l.as(t, "developer", afterPut(l, carriedOut, status, act))
				all, err := c.Milestones(t.Context(), infra, milestone.Query{Title: "Current"})
				if err != nil || len(all) != 1 {
					t.Fatal(err)
				}
				description := text.Of(all[0].Description)
				got, changed, err := c.EditMilestone(t.Context(), infra, all[0].ID, milestone.Edit{Before: all[0], Text: text, Change: milestone.Change{
					Title: new("2018-08-24 Milestone"), Description: &description, Due: new(day("2018-08-24")), Start: new(day("2018-08-13"))}})
				switch {
				case want.outdated && !errors.Is(err, fault.Outdated):
					t.Errorf("%s: %+v, %v", name, got, err)
				case want.outdated:
				case err != nil || !changed || got.Title != want.title || got.Description != want.text || got.Due != day("2018-08-24"):
					t.Errorf("%s: %+v, changed %v, %v", name, got, changed, err)
				}
			}
		}
	}
}

// A label that somebody else renamed, before the first attempt or after a failed one, keeps that name.
func TestRenameLabelReadsBeforeEachAttempt(t *testing.T) {
	t.Parallel()
	for _, status := range []int{0, 409, 429, 500, 502} {
		for _, carriedOut := range []bool{false, true} {
			for _, theirs := range []string{"", "pager"} {
				l := newLab(t, nil)
				l.MustDo("owner", "POST", "/projects/acme%2Finfra/labels", `{"name":"on-call","color":"#ff0000"}`)
				all, err := l.as(t, "developer", nil).Labels(t.Context(), infra, false)
				if all = slices.DeleteFunc(all, func(l label.Label) bool { return l.Name != "on-call" }); err != nil || len(all) != 1 {
					t.Fatal(all, err)
				}
				rename := func() {
					if theirs != "" {
						l.MustDo("owner", "PUT", fmt.Sprintf("/projects/acme%%2Finfra/labels/%d", all[0].ID), `{"new_name":"`+theirs+`"}`)
					}
				}
				opt := afterPut(l, carriedOut, status, rename)
				if status == 0 {
					opt = nil
					rename()
				}
				got, err := l.as(t, "developer", opt).UpdateLabel(t.Context(), infra, all[0].ID, label.Change{Before: "on-call", Name: new("oncall")})
				now := l.MustDo("owner", "GET", "/projects/acme%2Finfra/labels", "")
				if theirs != "" && (!errors.Is(err, fault.Outdated) || !strings.Contains(now, `"pager"`)) || theirs == "" && (err != nil || got.Name != "oncall") {
					t.Errorf("%d, carried out %v, renamed to %q: %+v, %v\n%s", status, carriedOut, theirs, got, err, now)
				}
			}
		}
	}
}

// A comment that somebody edited after a failed attempt is left alone.
func TestUpsertNoteReadsBeforeEachAttempt(t *testing.T) {
	t.Parallel()
	for _, status := range []int{409, 429, 500, 502} {
		for _, carriedOut := range []bool{false, true} {
			for _, edit := range []bool{false, true} {
				l := newLab(t, nil)
				l.create("/projects/acme%2Finfra/issues", `{"title":"Log"}`)
				ref, key := issue.Ref{Project: "acme/infra", IID: 1}, issue.IdempotencyKey{Kind: "shift", Name: "s1"}
				old, _, err := l.as(t, "developer", nil).UpsertNote(t.Context(), ref, issue.NoteDraft{Body: "Old."}, key)
				if err != nil {
					t.Fatal(err)
				}
				act := func() {
					if edit {
						l.MustDo("owner", "PUT", fmt.Sprintf("/projects/acme%%2Finfra/issues/1/notes/%d", old.ID), `{"body":"Theirs.\n\n`+
							strings.ReplaceAll(old.Body[strings.Index(old.Body, "<!--"):], "\n", `\n`)+`"}`)
					}
				}
				kept, changed, err := l.as(t, "developer", afterPut(l, carriedOut, status, act)).UpsertNote(t.Context(), ref, issue.NoteDraft{Body: "New."}, key)
				body := l.MustDo("owner", "GET", "/projects/acme%2Finfra/issues/1/notes", "")
				if edit && (!errors.Is(err, fault.Outdated) || !strings.Contains(body, "Theirs.")) || !edit && (err != nil || !changed || !strings.HasPrefix(kept.Body, "New.")) {
					t.Errorf("%d, carried out %v, edited %v: %q, %v, %v\n%s", status, carriedOut, edit, kept.Body, changed, err, body)
				}
			}
		}
	}
}
