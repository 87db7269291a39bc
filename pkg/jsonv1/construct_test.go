package jsonv1_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

var today = calendar.NewDate(2018, time.August, 20)

func TestMilestones(t *testing.T) {
	t.Parallel()
	due := calendar.NewDate(2018, time.August, 24)
	for _, tt := range []struct {
		name  string
		in    milestone.Milestone
		today calendar.Date
		want  string
	}{
		{"open", milestone.Milestone{ID: 4, IID: 2, Title: "Current Milestone", State: milestone.Active, Start: due.AddDays(-11), Due: due}, today,
			`{"id":4,"iid":2,"title":"Current Milestone","state":"active","start":"2018-08-13","due":"2018-08-24","days_left":4,"group":false}`},
		{"on its last day", milestone.Milestone{State: milestone.Active, Due: due}, due,
			`{"id":0,"iid":0,"title":"","state":"active","due":"2018-08-24","days_left":0,"group":false}`},
		{"over", milestone.Milestone{State: milestone.Active, Due: due}, due.AddDays(3),
			`{"id":0,"iid":0,"title":"","state":"active","due":"2018-08-24","days_left":-3,"group":false}`},
		{"closed", milestone.Milestone{State: milestone.Closed, Due: due, Group: true, WebURL: "https://x/1"}, today,
			`{"id":0,"iid":0,"title":"","state":"closed","due":"2018-08-24","group":true,"web_url":"https://x/1"}`},
		{"without dates", milestone.Milestone{State: milestone.Active}, today, `{"id":0,"iid":0,"title":"","state":"active","group":false}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			list := jsonv1.NewMilestones(tracker, []milestone.Milestone{tt.in}, tt.today)
			wantJSON(t, list, `{"version":1,"kind":"milestones","target":{"kind":"project","path":"acme/infrastructure"},"milestones":[`+tt.want+`]}`)
			tt.in.Description = "words"
			one := jsonv1.NewMilestone(target.GroupAt("acme"), tt.in, tt.today)
			wantJSON(t, one, `{"version":1,"kind":"milestone","target":{"kind":"group","path":"acme"},`+tt.want[1:len(tt.want)-1]+`,"description":"words"}`)
		})
	}
}

func TestVelocity(t *testing.T) {
	t.Parallel()
	box := func(done, weight, all, noWeight int) milestone.Velocity {
		return milestone.Velocity{
			Milestone: milestone.Milestone{ID: 9, Title: "2018-08-10 Milestone", Due: calendar.NewDate(2018, time.August, 10)},
			Measured: milestone.Measured{All: milestone.Tally{Issues: all}, Done: milestone.Tally{Issues: done, Weight: weight},
				Scheduled: milestone.Tally{Issues: all / 2}, Unscheduled: milestone.Tally{Issues: all - all/2}, NoWeight: noWeight},
			Carried: milestone.Tally{Issues: all - done},
		}
	}
	want := jsonv1.Timebox{ID: 9, Title: "2018-08-10 Milestone", Due: "2018-08-10", Issues: 2, Weight: new(5), Total: 3,
		Scheduled: 1, Unscheduled: 2, ScheduledPercent: new(33), UnscheduledPercent: new(67), ToilPercent: new(0), Carried: 1, WithoutWeight: 1}
	bare := want
	bare.Weight, bare.WithoutWeight = nil, 3
	idle := jsonv1.Timebox{ID: 9, Title: "2018-08-10 Milestone", Due: "2018-08-10"}
	for _, tt := range []struct {
		name  string
		in    []milestone.Velocity
		boxes jsonv1.List[jsonv1.Timebox]
		mean  *jsonv1.Mean
	}{
		{"none", nil, nil, nil},
		{"one", []milestone.Velocity{box(2, 5, 3, 1)}, jsonv1.List[jsonv1.Timebox]{want},
			&jsonv1.Mean{Issues: 2, Weight: new(5.0), ScheduledPercent: new(33)}},
		{"nobody weighs", []milestone.Velocity{box(2, 0, 3, 3)}, jsonv1.List[jsonv1.Timebox]{bare}, &jsonv1.Mean{Issues: 2, ScheduledPercent: new(33)}},
		{"nothing in it", []milestone.Velocity{box(0, 0, 0, 0)}, jsonv1.List[jsonv1.Timebox]{idle}, &jsonv1.Mean{}},
		{"two", []milestone.Velocity{box(2, 5, 3, 1), box(0, 0, 0, 0)}, jsonv1.List[jsonv1.Timebox]{want, idle},
			&jsonv1.Mean{Issues: 1, Weight: new(2.5), ScheduledPercent: new(33)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			doc := jsonv1.NewVelocity(tracker, tt.in)
			if diff := cmp.Diff(tt.boxes, doc.Timeboxes); diff != "" {
				t.Errorf("timeboxes (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.mean, doc.Mean); diff != "" {
				t.Errorf("mean (-want +got):\n%s", diff)
			}
			if doc.Goal != (jsonv1.Goal{LowPercent: 50, HighPercent: 60}) {
				t.Errorf("goal %v", doc.Goal)
			}
		})
	}
}

func TestLabelOf(t *testing.T) {
	t.Parallel()
	declared := label.Set{
		{Name: "toil", Color: "#a0522d", Description: "By hand"},
		{Name: "oncall", Color: "#8a5a00", Priority: new(8), RenamedFrom: []string{"on-call"}},
		{Name: "goal", Color: "#1f6b2e", Priority: new(6)},
	}
	actual := []label.Label{
		{ID: 1, Name: "on-call", Color: "#8a5a00", Description: "For them", Open: 2, Closed: 3},
		{ID: 2, Name: "goal", Color: "#000000", Priority: new(1)},
		{ID: 3, Name: "mine", Color: "#ffffff"},
		{ID: 4, Name: "theirs", Color: "#ffffff", FromGroup: true},
	}
	where := `"target":{"kind":"project","path":"acme/infrastructure"}`
	want := map[string]string{
		"toil": `{` + where + `,"name":"toil","color":"#a0522d","description":"By hand","state":"missing","differences":[]}`,
		"oncall": `{` + where + `,"name":"oncall","color":"#8a5a00","description":"For them","state":"renamed","renamed_from":"on-call","differences":[` +
			`{"field":"name","actual":"on-call","declared":"oncall"},{"field":"priority","declared":"8"}],"open_issues":2,"closed_issues":3}`,
		"goal": `{` + where + `,"name":"goal","color":"#000000","priority":1,"state":"differs","differences":[` +
			`{"field":"color","actual":"#000000","declared":"#1f6b2e"},{"field":"priority","actual":"1","declared":"6"}],"open_issues":0,"closed_issues":0}`,
		"mine": `{` + where + `,"name":"mine","color":"#ffffff","state":"extra","differences":[],"open_issues":0,"closed_issues":0}`,
	}
	for _, d := range label.Compare(declared, actual, label.Options{}) {
		if text, ok := want[d.Name()]; ok {
			wantJSON(t, jsonv1.LabelOf(tracker, d, true), text)
			delete(want, d.Name())
		}
		if doc := jsonv1.LabelOf(tracker, d, false); doc.OpenIssues != nil || doc.ClosedIssues != nil {
			t.Errorf("%s has counts that nobody asked for", d.Name())
		}
	}
	for name := range want {
		t.Errorf("%s was not compared", name)
	}
}

func TestColumnOf(t *testing.T) {
	t.Parallel()
	now := time.Date(2018, time.August, 20, 10, 0, 0, 0, time.UTC)
	ref := func(iid int64) issue.Ref { return issue.Ref{Project: "acme/infrastructure", IID: iid} }
	lane := board.Lane{Column: board.Column{Name: "Doing", Label: "In Progress", Limit: 1}, Cards: []board.Card{
		{Issue: issue.Issue{Ref: ref(1), Title: "Drill", Assignees: []string{"bo"}, Weight: new(8), Labels: []string{"In Progress", "Ready_to_Handoff"}},
			OtherColumns: []string{"Ready"}, Since: now.Add(-49 * time.Hour)},
		{Issue: issue.Issue{Ref: ref(2), Confidential: true, Labels: []string{"weight::3"}}, Since: now.Add(time.Hour)},
		{Issue: issue.Issue{Ref: ref(3)}},
	}}
	wantJSON(t, jsonv1.ColumnOf(lane, now, "Ready_to_Handoff"), `{"title":"Doing","label":"In Progress","limit":1,"count":3,"over_limit":true,"issues":[`+
		`{"ref":"acme/infrastructure#1","title":"Drill","assignees":["bo"],"weight":8,"age_days":2,"handoff":true,"confidential":false,"withheld":false,"other_columns":["Ready"]},`+
		`{"ref":"acme/infrastructure#2","title":"","assignees":[],"weight":3,"age_days":0,"handoff":false,"confidential":true,"withheld":false},`+
		`{"ref":"acme/infrastructure#3","title":"","assignees":[],"handoff":false,"confidential":false,"withheld":false}]}`)
	wantJSON(t, jsonv1.ColumnOf(board.Lane{Column: board.Column{Name: "Completed"}}, now, ""),
		`{"title":"Completed","count":0,"over_limit":false,"issues":[]}`)
}

func TestDoctorIsWellUnlessACheckFailed(t *testing.T) {
	t.Parallel()
	for status, want := range map[jsonv1.CheckStatus]bool{
		jsonv1.CheckOK: true, jsonv1.CheckWarn: true, jsonv1.CheckSkip: true, jsonv1.CheckFail: false,
	} {
		doc := jsonv1.NewDoctor("https://gitlab.example.com", []jsonv1.Check{{ID: "a", Status: jsonv1.CheckOK}, {ID: "b", Status: status}})
		if doc.OK != want {
			t.Errorf("with %s it is %v", status, doc.OK)
		}
	}
}

func TestErrorNamesSeveralCausesOnly(t *testing.T) {
	t.Parallel()
	wantJSON(t, jsonv1.NewError("no such label", []string{"no such label"}, "prodctl label list", 6, "usage"),
		`{"version":1,"kind":"error","message":"no such label","causes":[],"hint":"prodctl label list","code":6,"reason":"usage"}`)
	wantJSON(t, jsonv1.NewError("a\nb", []string{"a", "b"}, "", 1, "failed"),
		`{"version":1,"kind":"error","message":"a\nb","causes":["a","b"],"code":1,"reason":"failed"}`)
}

// Text is not escaped, so that a reader in a pipeline sees the original text.
func TestMarshal(t *testing.T) {
	t.Parallel()
	got, err := jsonv1.Marshal(jsonv1.NewLabels([]jsonv1.Label{{Name: "<a> & b", State: jsonv1.LabelOK}}))
	if err != nil {
		t.Fatal(err)
	}
	want := `{
  "version": 1,
  "kind": "labels",
  "labels": [
    {
      "target": {
        "kind": "",
        "path": ""
      },
      "name": "<a> & b",
      "state": "ok",
      "differences": []
    }
  ],
  "notes": []
}
`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
	if _, err := jsonv1.Marshal(jsonv1.NewConfig("", []jsonv1.Setting{{Name: "x", Value: func() {}}})); err == nil {
		t.Error("a value that JSON cannot hold is not an error")
	}
}

// A plan file gives back the plan, also values that are empty and mean something.
func TestPlanComesBack(t *testing.T) {
	t.Parallel()
	doc := jsonv1.NewPlan()
	doc.Command, doc.Args, doc.Inputs = "milestone roll", jsonv1.List[string]{"milestone", "roll"}, json.RawMessage(`{"early":true}`)
	doc.Steps = jsonv1.List[jsonv1.Step]{{Key: "a", Action: jsonv1.IssueUpdate, Needs: jsonv1.List[string]{"b"}, Object: jsonv1.Object{IID: 3, CreatedBy: "b"},
		Board: &jsonv1.Object{ID: 1}, Before: &jsonv1.Fields{Title: new("x")},
		After: &jsonv1.Fields{Due: new(""), MilestoneID: new(int64(0)), Priority: new(0), Position: new(0), NoPriority: true, AddLabels: []string{"l"}}}}
	data, err := jsonv1.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	var back jsonv1.Plan
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	compact := cmp.Transformer("compact", func(m json.RawMessage) string { s, _ := jsonv1.Marshal(m); return string(s) })
	empty := cmp.FilterValues(func(a, b jsonv1.List[string]) bool { return len(a)+len(b) == 0 }, cmp.Ignore())
	none := cmp.FilterValues(func(a, b jsonv1.List[jsonv1.Fingerprint]) bool { return len(a)+len(b) == 0 }, cmp.Ignore())
	nobody := cmp.FilterValues(func(a, b jsonv1.List[jsonv1.Notice]) bool { return len(a)+len(b) == 0 }, cmp.Ignore())
	if diff := cmp.Diff(doc, back, compact, empty, none, nobody); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func wantJSON(t *testing.T, doc any, want string) {
	t.Helper()
	pretty, err := jsonv1.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	wanted, err := jsonv1.Marshal(json.RawMessage(want))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(wanted), string(pretty)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
