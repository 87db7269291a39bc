package gitlab

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// kinds are faults of a request, as the embedded GitLab names them.
var kinds = []string{"status=429", "status=500", "status=502", "drop-before", "drop-after", "error-after=502", "error-after=500", "truncate", "html"}

var draft = milestone.Draft{Title: "Current Milestone", Description: "August\r\nMilestone 2 ", Start: day("2018-08-13"), Due: day("2018-08-24")}

// Whatever happens to a create, once or twice in a row, there is one object in the end, and it is returned.
func TestCreatesEndInOneObject(t *testing.T) {
	t.Parallel()
	creates := []struct {
		name, fault string
		run         func(context.Context, *Client, *lab) (id int64, err error)
		count       func(fakegitlab.Contents) int
	}{
		{"milestone", "POST /projects/*/milestones", func(ctx context.Context, c *Client, _ *lab) (int64, error) {
			m, _, err := c.CreateMilestone(ctx, infra, draft)
			return m.ID, err
		}, func(p fakegitlab.Contents) int { return len(p.Milestones) }},
		{"label", "POST /projects/*/labels", func(ctx context.Context, c *Client, _ *lab) (int64, error) {
			l, _, err := c.CreateLabel(ctx, infra, label.Label{Name: "S::1 (x/y) ü", Color: "#FF0000", Description: "d", Priority: new(0)})
			return l.ID, err
		}, func(p fakegitlab.Contents) int { return len(p.Labels) - 1 }},
		{"board", "POST /projects/*/boards", func(ctx context.Context, c *Client, _ *lab) (int64, error) {
			b, _, err := c.CreateBoard(ctx, infra, "Weekly")
			return b.ID, err
		}, func(p fakegitlab.Contents) int { return len(p.Boards) }},
		{"board list", "POST /projects/*/boards/*/lists", func(ctx context.Context, c *Client, l *lab) (int64, error) {
			board := l.create("/projects/acme%2Finfra/boards", "name=b")
			list, _, err := c.CreateBoardList(ctx, infra, board, l.create("/projects/acme%2Finfra/labels", "name=Ready&color=red"))
			return list.ID, err
		}, func(p fakegitlab.Contents) int { return len(p.Boards[0].Lists) }},
	}
	for _, tt := range creates {
		for _, kind := range append(kinds, "nothing") {
			for nth := 1; nth <= 2; nth++ { // 2: the first and the second
				t.Run(fmt.Sprintf("%s/%s/%d", tt.name, kind, nth), func(t *testing.T) {
					t.Parallel()
					l := newLab(t, nil)
					for n := 1; n <= nth && kind != "nothing"; n++ {
						l.fault(t, fmt.Sprintf("%s nth=%d %s", tt.fault, n, kind))
					}
					got, err := tt.run(t.Context(), l.as(t, "developer", nil), l)
					if err != nil || got == 0 {
						t.Errorf("id %d, %v", got, err)
					}
					if n := tt.count(l.Snapshot().Project("acme/infra")); n != 1 {
						t.Errorf("%d objects", n)
					}
				})
			}
		}
	}
}

// When the lookup fails too, nothing is sent again and the outcome is unknown.
func TestCreateFailsClosed(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	l.fault(t, "POST /projects/*/milestones error-after=502")
	l.fault(t, "GET /projects/*/milestones status=503")
	_, _, err := l.as(t, "developer", nil).CreateMilestone(t.Context(), infra, draft)
	if !errors.Is(err, fault.Unknown) || fault.KindOf(err) != fault.Unreachable || l.sent("POST") != 1 {
		t.Errorf("kind %v after %d POSTs: %v", fault.KindOf(err), l.sent("POST"), err)
	}
}

func TestCreateThatNeverSucceedsIsGivenUp(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	l.fault(t, "POST /projects/*/milestones drop-before")
	_, _, err := l.as(t, "developer", nil).CreateMilestone(t.Context(), infra, draft)
	if !errors.Is(err, fault.Unknown) || l.sent("POST") != createTries {
		t.Errorf("%d POSTs: %v", l.sent("POST"), err)
	}
}

func TestMilestoneTitlesInUse(t *testing.T) {
	t.Parallel()
	const in = "title=Current+Milestone&start_date=2018-08-13&due_date=2018-08-24"
	tests := []struct {
		name, place, body, then string
		existed                 bool
		says                    string // part of the error
	}{
		{"open, same dates", "/projects/acme%2Finfra", in, "", true, ""},
		{"open, other dates", "/projects/acme%2Finfra", "title=Current+Milestone&due_date=2018-09-07", "", false, "is already used by milestone %d (no start to 2018-09-07) of project acme/infra"},
		{"closed", "/projects/acme%2Finfra", in, "state_event=close", false, "is already used by closed milestone %d (2018-08-13 to 2018-08-24) of project acme/infra"},
		{"in the parent group", "/groups/acme", in, "", false, "is already used by milestone %d (2018-08-13 to 2018-08-24) of a parent group of project acme/infra"},
		{"in another letter case", "/projects/acme%2Finfra", "title=current+milestone", "", false, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, nil)
			held := l.create(tt.place+"/milestones", tt.body)
			if tt.then != "" {
				l.MustDo("owner", "PUT", tt.place+"/milestones/"+id(held), tt.then)
			}
			m, existed, err := l.as(t, "developer", nil).CreateMilestone(t.Context(), infra, draft)
			if tt.says == "" {
				if err != nil || existed != tt.existed || existed && m.ID != held {
					t.Errorf("%+v, existed %v, %v", m, existed, err)
				}
				return
			}
			if says := fmt.Sprintf(tt.says, held); !errors.Is(err, fault.Taken) || !strings.Contains(err.Error(), says) || fault.HintOf(err) == "" {
				t.Errorf("got  %v\nwant %s", err, says)
			}
		})
	}
}

// A group's milestone title may be used by a project below, which the group's list does not show.
func TestGroupMilestoneTitleUsedInSubproject(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	l.create("/projects/acme%2Fsub%2Fdeep/milestones", "title=Current+Milestone")
	_, _, err := l.as(t, "developer", nil).CreateMilestone(t.Context(), acme, draft)
	if !errors.Is(err, fault.Taken) || !strings.Contains(fault.HintOf(err), "a subproject") {
		t.Errorf("%v; hint %q", err, fault.HintOf(err))
	}
}

// Two simultaneous creates can create duplicates; the lookup returns the older one.
func TestOldestDuplicateMilestoneWins(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	duplicate := fakegitlab.SeedMilestone{Title: "Current Milestone", StartDate: "2018-08-13", DueDate: "2018-08-24"}
	project := fakegitlab.SeedProject{Path: "acme/duplicates", Milestones: []fakegitlab.SeedMilestone{duplicate, duplicate}}
	if err := l.Apply(fakegitlab.Seed{Projects: []fakegitlab.SeedProject{project}}); err != nil {
		t.Fatal(err)
	}
	older := l.Snapshot().Project("acme/duplicates").Milestones[0].ID
	m, existed, err := l.as(t, "developer", nil).CreateMilestone(t.Context(), target.ProjectAt("acme/duplicates"), draft)
	if err != nil || !existed || m.ID != int64(older) {
		t.Errorf("got %+v, %v, %v; want %d", m, existed, err, older)
	}
}

func TestUpdateMilestone(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	c := l.as(t, "developer", nil)
	m, _, err := c.CreateMilestone(t.Context(), infra, draft)
	if err != nil {
		t.Fatal(err)
	}
	other := l.create("/projects/acme%2Finfra/milestones", "title=Other")
	got, err := c.UpdateMilestone(t.Context(), infra, m.ID, milestone.Change{Title: new(" 2018-08-24 Milestone "), Description: new(""), Start: new(calendar.Date{}), Due: new(day("2018-08-25"))})
	if err != nil || got.Title != "2018-08-24 Milestone" || got.Description != "" || !got.Start.IsZero() || got.Due != day("2018-08-25") {
		t.Errorf("%+v, %v", got, err)
	}
	for _, state := range []milestone.State{milestone.Closed, milestone.Closed, milestone.Active} {
		if got, err := c.UpdateMilestone(t.Context(), infra, m.ID, milestone.Change{State: &state}); err != nil || got.State != state {
			t.Errorf("%+v, %v", got, err)
		}
	}
	if same, err := c.UpdateMilestone(t.Context(), infra, m.ID, milestone.Change{}); err != nil || same != got {
		t.Errorf("no change: %+v, %v", same, err)
	}
	if _, err := c.UpdateMilestone(t.Context(), infra, other, milestone.Change{Title: new("2018-08-24 Milestone")}); !errors.Is(err, fault.Taken) {
		t.Errorf("title in use: %v", err)
	}
	l.ResetRequests()
	if _, err := c.UpdateMilestone(t.Context(), infra, other, milestone.Change{State: new(milestone.Closed), Title: new("x")}); err == nil || len(l.Requests()) != 0 {
		t.Errorf("state and title at once: %v", err)
	}
	if got, err := c.UpdateMilestone(t.Context(), infra, other, milestone.Change{Title: new("a <b>x</b>")}); err != nil || got.Title != "a <b>x</b>" {
		t.Errorf("title with tags: %+v, %v", got, err)
	}
	if _, err := l.as(t, "guest", nil).UpdateMilestone(t.Context(), infra, other, milestone.Change{Title: new("y")}); fault.KindOf(err) != fault.Auth || !strings.Contains(fault.HintOf(err), "Planner") {
		t.Errorf("without permission: %v", err)
	}
}

func TestDeletes(t *testing.T) {
	t.Parallel()
	for _, kind := range append(kinds, "nothing") {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, nil)
			c := l.as(t, "developer", nil)
			m := l.create("/projects/acme%2Finfra/milestones", "title=M")
			toil, err := c.Labels(t.Context(), infra, false)
			if err != nil {
				t.Fatal(err)
			}
			if kind != "nothing" {
				l.fault(t, "DELETE /projects/*/milestones/* nth=1 "+kind)
				l.fault(t, "DELETE /projects/*/labels/* nth=1 "+kind)
			}
			for range 2 { // what no longer exists counts as deleted
				if err := c.DeleteMilestone(t.Context(), infra, m); err != nil {
					t.Error(err)
				}
				if err := c.DeleteLabel(t.Context(), infra, toil[1].ID); err != nil {
					t.Error(err)
				}
			}
			p := l.Snapshot().Project("acme/infra")
			if len(p.Milestones) != 0 || len(p.Labels) != 0 {
				t.Errorf("left: %+v", p)
			}
		})
	}
	l := newLab(t, nil)
	if err := l.as(t, "developer", nil).DeleteLabel(t.Context(), target.ProjectAt("acme/nothing"), 1); !errors.Is(err, fault.NotFound) {
		t.Errorf("in a project that does not exist: %v", err)
	}
	if err := l.as(t, "guest", nil).DeleteMilestone(t.Context(), infra, l.create("/projects/acme%2Finfra/milestones", "title=M")); fault.KindOf(err) != fault.Auth {
		t.Errorf("without permission: %v", err)
	}
}

func TestUpdateIssue(t *testing.T) {
	t.Parallel()
	for _, edition := range []fakegitlab.Edition{fakegitlab.Free, fakegitlab.Premium} {
		l := newLab(t, func(o *fakegitlab.Options) { o.Edition = edition })
		c := l.as(t, "developer", nil)
		m := l.create("/projects/acme%2Finfra/milestones", "title=M")
		l.create("/projects/acme%2Finfra/issues", `{"title":"x","labels":"toil,S::1,ü (b/c) d"}`)
		ref := issue.Ref{Project: "acme/infra", IID: 1}
		got, err := c.UpdateIssue(t.Context(), ref, issue.Change{
			MilestoneID: &m, AddLabels: []string{"S::2", "new one", "a&b=c?%"}, RemoveLabels: []string{"S::1", "toil", "not there"}, State: new(issue.Closed),
		})
		if err != nil {
			t.Fatalf("%s: %v", edition, err)
		}
		if diff := cmp.Diff([]string{"a&b=c?%", "new one", "S::2", "ü (b/c) d"}, got.Labels, sorted); diff != "" || got.MilestoneID != m || got.Open() {
			t.Errorf("%s: %+v %s", edition, got, diff)
		}
		got, err = c.UpdateIssue(t.Context(), ref, issue.Change{MilestoneID: new(int64(0)), State: new(issue.Opened), AddLabels: []string{"S::3", "S::4"}})
		if err != nil || got.MilestoneID != 0 || !got.Open() {
			t.Errorf("%s: %+v, %v", edition, got, err)
		}
		l.ResetRequests()
		if same, err := c.UpdateIssue(t.Context(), ref, issue.Change{}); err != nil || same.Title != "x" || l.sent("PUT") != 0 {
			t.Errorf("%s: no change: %+v, %v", edition, same, err)
		}
	}
}

func TestUpdateTextAndPeople(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	l.create("/projects/acme%2Finfra/issues", "title=x&description=old")
	ref := issue.Ref{Project: "acme/infra", IID: 1}
	c := l.as(t, "developer", nil)
	var ids []int64
	for _, name := range []string{"reporter", "owner"} {
		u, err := c.UserByName(t.Context(), infra, name)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, u.ID)
	}
	l.ResetRequests()
	got, err := c.UpdateIssue(t.Context(), ref, issue.Change{Description: new("new\r\ntext\n"), AssigneeIDs: ids, Due: new(day("2026-04-01")), AddLabels: []string{"toil"}})
	if err != nil || got.Title != "x" || got.Description != "new\ntext" || got.Assignees[0] != "reporter" || got.Due != day("2026-04-01") || len(l.Requests()) != 1 {
		t.Errorf("%+v, %v after %d requests", got, err, len(l.Requests()))
	}
	if got, err := c.UpdateIssue(t.Context(), ref, issue.Change{Description: new(""), Due: new(calendar.Date{})}); err != nil || got.Description != "" || !got.Due.IsZero() || got.Title != "x" || len(got.Assignees) != 1 {
		t.Errorf("emptied: %+v, %v", got, err)
	}
	for says, ch := range map[string]issue.Change{
		"the description differs": {Description: new("text\n/due tomorrow")},
		"the assignee is not set": {AssigneeIDs: []int64{4711}},
	} {
		if _, err := c.UpdateIssue(t.Context(), ref, ch); !errors.Is(err, fault.Dropped) || !strings.Contains(err.Error(), says) {
			t.Errorf("got  %v\nwant %s", err, says)
		}
	}
	l.MustDo("outsider", "POST", "/projects/acme%2Finfra/issues", "title=theirs")
	_, err = l.as(t, "outsider", nil).UpdateIssue(t.Context(), issue.Ref{Project: "acme/infra", IID: 2}, issue.Change{Due: new(day("2026-04-01"))})
	if !errors.Is(err, fault.Dropped) || !strings.Contains(err.Error(), "the due date is none") || strings.Contains(err.Error(), "title") {
		t.Errorf("without permission: %v", err)
	}
}

var sameDay = cmp.Comparer(func(a, b calendar.Date) bool { return a == b })

var sorted = cmp.Transformer("sorted", func(s []string) map[string]bool {
	set := map[string]bool{}
	for _, v := range s {
		set[v] = true
	}
	return set
})

func TestDroppedPartsAreReported(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	closed := l.create("/projects/acme%2Finfra/milestones", "title=Closed")
	l.MustDo("owner", "PUT", "/projects/acme%2Finfra/milestones/"+id(closed), "state_event=close")
	l.create("/projects/acme%2Finfra/issues", "title=x")
	ref := issue.Ref{Project: "acme/infra", IID: 1}
	l.MustDo("outsider", "POST", "/projects/acme%2Finfra/issues", "title=theirs")
	theirs := issue.Ref{Project: "acme/infra", IID: 2}
	tests := []struct {
		user   string
		ref    issue.Ref
		change issue.Change
		says   string
	}{
		{"developer", ref, issue.Change{MilestoneID: &closed}, "the milestone is none, not " + id(closed)},
		{"developer", ref, issue.Change{MilestoneID: new(int64(4711))}, "the milestone is none, not 4711"},
		{"outsider", theirs, issue.Change{AddLabels: []string{"toil", "unknown"}}, `the label "toil" is not set; the label "unknown" is not set`},
	}
	for _, tt := range tests {
		got, err := l.as(t, tt.user, nil).UpdateIssue(t.Context(), tt.ref, tt.change)
		if !errors.Is(err, fault.Dropped) || !strings.Contains(err.Error(), tt.says) || got.Ref != tt.ref || fault.HintOf(err) == "" {
			t.Errorf("got  %v\nwant %s", err, tt.says)
		}
	}
	created, err := l.as(t, "outsider", nil).postIssue(t.Context(), "acme/infra", issue.Draft{Title: "t", Labels: []string{"toil"}, MilestoneID: closed, Due: day("2026-01-01"), AssigneeIDs: []int64{1}})
	if !errors.Is(err, fault.Dropped) || created.Ref.IID != 3 {
		t.Errorf("%+v, %v", created, err)
	}
	for _, part := range []string{"label", "milestone", "assigned", "due date"} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%v does not mention the %s", err, part)
		}
	}
}

func TestLabelDrops(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ add, got, want []string }{
		{[]string{"a", "b"}, []string{"a"}, []string{`the label "b" is not set`}},
		{[]string{"S::1", "S::2"}, []string{"S::2"}, nil},
		{[]string{"S::1", "T::2"}, []string{"T::2"}, []string{`the label "S::1" is not set`}},
		{[]string{"a::b::1", "a::c::1"}, []string{"a::c::1"}, []string{`the label "a::b::1" is not set`}},
		{[]string{"Bug"}, []string{"bug"}, []string{`the label "Bug" is not set`}},
		{[]string{" a "}, []string{"a"}, nil},
	} {
		if diff := cmp.Diff(tt.want, missingLabels(tt.add, issue.Issue{Labels: tt.got})); diff != "" {
			t.Errorf("%v, got %v: %s", tt.add, tt.got, diff)
		}
	}
}

func TestCreateIssueAndNote(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	c := l.as(t, "developer", nil)
	u, err := c.UserByName(t.Context(), infra, "reporter")
	if err != nil {
		t.Fatal(err)
	}
	m := l.create("/projects/acme%2Finfra/milestones", "title=M")
	got, err := c.postIssue(t.Context(), "acme/infra", issue.Draft{Title: " t ", Description: "a\r\nb\n", Labels: []string{"toil", "ü (b/c)"}, MilestoneID: m,
		AssigneeIDs: []int64{u.ID}, Confidential: true, Due: day("2026-04-01")})
	want := issue.Issue{Ref: issue.Ref{Project: "acme/infra", IID: 1}, ID: got.ID, Title: "t", Description: "a\nb", State: issue.Opened, Labels: []string{"toil", "ü (b/c)"},
		MilestoneID: m, Milestone: "M", Assignees: []string{"reporter"}, AssigneeIDs: []int64{u.ID}, Author: "developer", AuthorID: got.AuthorID, Confidential: true, Due: day("2026-04-01"),
		CreatedAt: got.CreatedAt, UpdatedAt: got.UpdatedAt, WebURL: got.WebURL}
	if diff := cmp.Diff(want, got, sameDay); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	n, err := c.postNote(t.Context(), got.Ref, issue.NoteDraft{Body: "text\r\n", Internal: true})
	if err != nil || n.Body != "text" || !n.Internal || n.Author != "developer" || n.ID == 0 {
		t.Errorf("%+v, %v", n, err)
	}
	if n, err := c.postNote(t.Context(), got.Ref, issue.NoteDraft{Body: "/close"}); !errors.Is(err, fault.Dropped) || n.ID != 0 || !strings.Contains(err.Error(), "quick actions") {
		t.Errorf("commands only: %+v, %v", n, err)
	}
	if n, err := c.postNote(t.Context(), got.Ref, issue.NoteDraft{Body: "text\n/reopen", Actions: []string{"/reopen"}}); err != nil || n.Body != "text" { // as in a team's template
		t.Errorf("text with a command: %+v, %v", n, err)
	}
}

// A line that GitLab ran as a quick action is reported, unless it comes from the team's own template.
func TestLinesThatGitLabRan(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	c, ref := l.as(t, "developer", nil), l.createToyIssue(t)
	const text = "words\n\n/label ~toil\n\nmore words"
	for name, actions := range map[string][]string{"from a template": {"/label ~toil"}, "of people": nil, "another template": {"/label ~x"}} {
		want := name != "from a template"
		_, err := c.postNote(t.Context(), ref, issue.NoteDraft{Body: text, Actions: actions})
		if errors.Is(err, fault.Dropped) != want {
			t.Errorf("comment, %s: %v", name, err)
		}
		_, err = c.postIssue(t.Context(), "acme/infra", issue.Draft{Title: name, Description: text, Actions: actions})
		if errors.Is(err, fault.Dropped) != want {
			t.Errorf("issue, %s: %v", name, err)
		}
	}
}
