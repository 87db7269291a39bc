package board_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/testkit/team"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/board"
	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/label"
)

func show(tm *team.Team) flow.Show {
	return flow.Show{
		Read: tm.Client, In: tm.In, Layout: board.Builtin(), Set: label.Builtin(), Handoff: label.Handoff,
		Ages: flow.AgesActive, Now: tm.Clock.Now(),
	}
}

func shown(t *testing.T, b flow.Show) jsonv1.Board {
	t.Helper()
	doc, err := b.Document(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// cards are the columns with their issues, as "title age".
func cards(doc jsonv1.Board) map[string][]string {
	out := map[string][]string{}
	for _, c := range doc.Columns {
		out[c.Title] = nil
		for _, i := range c.Issues {
			out[c.Title] = append(out[c.Title], strings.TrimSpace(i.Title+" "+days(i.AgeDays)))
		}
	}
	return out
}

func days(n *int) string {
	if n == nil {
		return ""
	}
	return strings.Repeat("+", *n)
}

func onBoard() fakegitlab.SeedProject {
	at := func(day int) time.Time { return time.Date(2018, 8, day, 9, 0, 0, 0, time.UTC) }
	three := 3
	return fakegitlab.SeedProject{
		Milestones: []fakegitlab.SeedMilestone{{Title: "Current Milestone", StartDate: "2018-08-13", DueDate: "2018-08-24"}},
		Issues: []fakegitlab.SeedIssue{
			{Title: "idea", Labels: []string{"Planning"}, CreatedAt: at(1)},
			{Title: "small", Labels: []string{"Ready"}, CreatedAt: at(20), Weight: &three},
			{Title: "urgent", Labels: []string{"Ready", "outage", "weight::2"}, CreatedAt: at(23), Assignees: []string{"dev"}},
			{Title: "both", Labels: []string{"Waiting", "In Progress"}, CreatedAt: at(22), Milestone: "Current Milestone"},
			{Title: "handed", Labels: []string{"In Progress", "Ready_to_Handoff"}, CreatedAt: at(10), Events: []fakegitlab.SeedEvent{
				{At: at(11), AddLabel: "In Progress"}, {At: at(12), RemoveLabel: "In Progress"}, {At: at(21), AddLabel: "In Progress"},
			}},
			{Title: "off"},
			{Title: "done", Closed: true, CreatedAt: at(14), ClosedAt: at(22), Milestone: "Current Milestone"},
			{Title: "done before", Closed: true, CreatedAt: at(2), ClosedAt: at(9)},
		},
	}
}

func TestBoardShow(t *testing.T) {
	t.Parallel()
	tm := team.NewTeam(t, onBoard(), fakegitlab.SeedGroup{})
	b := show(tm)
	b.Layout.Columns[1].Limit = 1
	doc := shown(t, b)
	if reads, writes := tm.Requests(); reads != 1+5 || writes != 0 {
		t.Errorf("%d reads and %d writes, want one for the issues and one for each of 5 cards behind Planning", reads, writes)
	}
	want := map[string][]string{
		"Planning": {"idea"}, "Ready": {"urgent +", "small ++++"}, "Waiting": {"both ++"}, "In Progress": {"both ++", "handed +++"},
	}
	if diff := cmp.Diff(want, cards(doc)); diff != "" {
		t.Error(diff)
	}
	ready, progress := doc.Columns[1], doc.Columns[3]
	if !ready.OverLimit || ready.Limit == nil || *ready.Limit != 1 || ready.Count != 2 || doc.Columns[0].Limit != nil {
		t.Errorf("Ready is %+v", ready)
	}
	if w := ready.Issues[0].Weight; w == nil || *w != 2 || !cmp.Equal([]string(ready.Issues[0].Assignees), []string{"dev"}) {
		t.Errorf("the urgent card is %+v", ready.Issues[0])
	}
	if i := progress.Issues[1]; !i.Handoff || i.Ref != "acme/infrastructure#5" || progress.Issues[0].Handoff {
		t.Errorf("In Progress is %+v", progress.Issues)
	}
	if !team.AnyHas(doc.Notes, "acme/infrastructure#4 is in 2 columns") || !team.AnyHas(doc.Notes, "1 open issue is in no column") || len(doc.Notes) != 2 {
		t.Errorf("notes are %q", doc.Notes)
	}
}

func TestBoardShowMilestone(t *testing.T) {
	t.Parallel()
	tm := team.NewTeam(t, onBoard(), fakegitlab.SeedGroup{})
	b := show(tm)
	b.Milestone, b.Ages = "Current Milestone", flow.AgesNone
	doc := shown(t, b)
	if reads, _ := tm.Requests(); reads != 1 {
		t.Errorf("%d reads, want 1", reads)
	}
	want := map[string][]string{
		"Planning": nil, "Ready": nil, "Waiting": {"both"}, "In Progress": {"both"}, "Completed": {"done ++"},
	}
	if diff := cmp.Diff(want, cards(doc)); diff != "" {
		t.Error(diff)
	}
}

func TestBoardShowAllAges(t *testing.T) {
	t.Parallel()
	tm := team.NewTeam(t, onBoard(), fakegitlab.SeedGroup{})
	b := show(tm)
	b.Ages = flow.AgesAll
	doc := shown(t, b)
	if reads, _ := tm.Requests(); reads != 1+6 {
		t.Errorf("%d reads, want 7", reads)
	}
	if got := doc.Columns[0].Issues[0].AgeDays; got == nil || *got != 23 {
		t.Errorf("the idea is in Planning for %v days, want 23", got)
	}
}

// On a GitLab without label events the board is shown without ages, with a note.
func TestBoardShowWithoutEvents(t *testing.T) {
	t.Parallel()
	tm := team.NewTeam(t, onBoard(), fakegitlab.SeedGroup{})
	f, err := fakegitlab.ParseFault("GET /projects/*/issues/*/resource_label_events every=1 status=404")
	if err != nil {
		t.Fatal(err)
	}
	tm.Server.AddFault(f)
	doc := shown(t, show(tm))
	if diff := cmp.Diff([]string{"both", "handed"}, cards(doc)["In Progress"]); diff != "" || !team.AnyHas(doc.Notes, "Ages are unknown") {
		t.Errorf("%s notes %q", diff, doc.Notes)
	}
}
