package plan

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

func maybe[T any](t *rapid.T, name string, g *rapid.Generator[T]) *T {
	if !rapid.Bool().Draw(t, name+"?") {
		return nil
	}
	return new(g.Draw(t, name))
}

func anyDate(t *rapid.T) calendar.Date {
	return calendar.NewDate(2000, 1, 1).AddDays(rapid.IntRange(0, 20000).Draw(t, "date"))
}

func anyLabel(t *rapid.T) label.Label {
	return label.Label{ID: rapid.Int64Range(1, 99).Draw(t, "id"), Name: rapid.String().Draw(t, "name"), Color: "#aabbcc",
		Description: rapid.String().Draw(t, "description"), Priority: maybe(t, "priority", rapid.IntRange(0, 9)),
		FromGroup: rapid.Bool().Draw(t, "group"), Open: rapid.IntRange(0, 3).Draw(t, "open"), Closed: rapid.IntRange(0, 3).Draw(t, "closed")}
}

// anyStep draws a step of any kind, which may refer to earlier steps.
func anyStep(t *rapid.T, key string, before []string) Step {
	base := Base{ID: key}
	created := ""
	if len(before) > 0 && rapid.Bool().Draw(t, "needs") {
		base.After = []string{rapid.SampledFrom(before).Draw(t, "need")}
		created = base.After[0]
	}
	in := rapid.SampledFrom([]target.Target{here, target.GroupAt("acme")}).Draw(t, "in")
	text := rapid.String()
	id := rapid.Int64Range(1, 99).Draw(t, "ref")
	if created != "" {
		id = 0
	}
	start, due := anyDate(t), anyDate(t)
	ref := MilestoneRef{ID: id, Created: created, Title: text.Draw(t, "title")}
	switch rapid.IntRange(0, 16).Draw(t, "kind") {
	case 0:
		return CreateMilestone{base, in, milestone.Draft{Title: text.Draw(t, "t"), Description: text.Draw(t, "d"), Start: start, Due: due}, id}
	case 1:
		c := milestone.Change{Title: maybe(t, "t", text), Description: maybe(t, "d", text), State: maybe(t, "s", rapid.Just(milestone.Closed))}
		if rapid.Bool().Draw(t, "dates") {
			c.Start, c.Due = &start, &due
		}
		return UpdateMilestone{Base: base, In: in, Ref: ref, Change: c, Before: milestone.Milestone{ID: id, Title: text.Draw(t, "w"), State: milestone.Active, Start: start}}
	case 2:
		return DeleteMilestone{base, in, ref, due}
	case 3:
		s := UpdateIssue{Base: base, Ref: issue.Ref{Project: here.Path, IID: 7}, Title: text.Draw(t, "t"), From: text.Draw(t, "f"),
			Change: issue.Change{State: maybe(t, "s", rapid.Just(issue.Closed)), AddLabels: []string{"a"}, RemoveLabels: []string{"b, c"}}}
		if rapid.Bool().Draw(t, "to") {
			s.Milestone = &ref
		}
		if created != "" {
			s.Ref.IID, s.Created = 0, created
		}
		return s
	case 4:
		return CreateLabel{base, in, anyLabel(t)}
	case 5:
		c := label.Change{Name: maybe(t, "n", text), Color: maybe(t, "c", text), Description: maybe(t, "d", text), Priority: maybe(t, "p", rapid.IntRange(0, 9))}
		c.SetPriority = c.Priority != nil || rapid.Bool().Draw(t, "drop")
		return UpdateLabel{base, in, 7, anyLabel(t), c}
	case 6:
		return DeleteLabel{base, in, anyLabel(t)}
	case 7:
		return CreateBoard{base, in, text.Draw(t, "n")}
	case 8:
		return CreateBoardList{base, in, BoardRef{id, created}, text.Draw(t, "l"), id, created}
	case 9:
		return DeleteBoard{base, in, rapid.Int64Range(1, 99).Draw(t, "board"), text.Draw(t, "n")}
	case 10:
		d, into := issue.Draft{Title: text.Draw(t, "t"), Description: text.Draw(t, "d"), Labels: []string{"incident"}, Confidential: rapid.Bool().Draw(t, "confidential")}, ""
		if rapid.Bool().Draw(t, "dates") {
			d.Due, d.MilestoneID, d.AssigneeIDs, into = due, 4, []int64{1, 2}, text.Draw(t, "milestone")
		}
		return CreateIssue{base, here, d, anyOnce(t), rapid.SampledFrom([][]string{nil, {"mara", "dev"}}).Draw(t, "assignees"), into}
	case 11:
		return CreateNote{base, anyIssueRef(t, created), text.Draw(t, "t"), issue.NoteDraft{Body: text.Draw(t, "b"), Internal: rapid.Bool().Draw(t, "internal")}, anyOnce(t)}
	case 12:
		return CreateLink{Base: base, From: anyIssueRef(t, created), To: issue.Ref{Project: "acme/production", IID: 3}}
	case 13:
		return AssignIssue{Base: base, On: anyIssueRef(t, created), Users: []string{"mara"}}
	case 14:
		return ReconcileIssue{Base: base, On: anyIssueRef(t, created), Title: text.Draw(t, "t"), Kind: "incident",
			Outlook: rapid.SampledFrom([]Outlook{{}, {AddLabels: []string{"a"}}, {RemoveLabels: []string{"a", "b"}, Assignees: []string{"mara"}}}).Draw(t, "outlook")}
	case 15:
		return UpsertNote{base, anyIssueRef(t, created), text.Draw(t, "t"), text.Draw(t, "w"), issue.NoteDraft{Body: text.Draw(t, "b"), Internal: rapid.Bool().Draw(t, "internal")}, anyOnce(t)}
	default:
		return MoveBoardList{base, in, BoardRef{id, created}, text.Draw(t, "l"), id, created, rapid.IntRange(0, 9).Draw(t, "p")}
	}
}

func anyIssueRef(t *rapid.T, created string) IssueRef {
	if created != "" {
		return IssueRef{Ref: issue.Ref{Project: here.Path}, Created: created}
	}
	return IssueRef{Ref: issue.Ref{Project: here.Path, IID: rapid.Int64Range(1, 99).Draw(t, "iid")}}
}

func anyOnce(t *rapid.T) issue.IdempotencyKey {
	o := issue.IdempotencyKey{Kind: "incident", Name: rapid.String().Draw(t, "key"), Unique: rapid.Bool().Draw(t, "fresh"), Label: "incident"}
	if rapid.Bool().Draw(t, "bound") {
		o.Since = time.Unix(rapid.Int64Range(1, 1<<32).Draw(t, "since"), 0).UTC()
	}
	return o
}

func TestPlanFileSurvivesARoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Plan{Command: "milestone roll", Inputs: json.RawMessage(`{"a":1}`), Origin: Origin{Args: []string{"milestone", "roll"}, Host: "https://gitlab.example.test", Today: anyDate(t)},
			Observed: []Fingerprint{{"milestone 4", "0f"}}, Notes: []string{"note"}, Destructive: rapid.Bool().Draw(t, "destructive")}
		var keys []string
		for _, key := range []string{"one", "two", "three"}[:rapid.IntRange(1, 3).Draw(t, "steps")] {
			p.Steps = append(p.Steps, anyStep(t, key, keys))
			keys = append(keys, key)
		}
		data, err := jsonv1.Marshal(p.Document())
		if err != nil {
			t.Fatal(err)
		}
		got, err := Decode(data)
		if err != nil {
			t.Fatalf("%v in\n%s", err, data)
		}
		got.Inputs = json.RawMessage(`{"a":1}`) // white space is the only difference
		if diff := cmp.Diff(p, got, cmpopts.EquateEmpty(), cmp.Comparer(func(a, b calendar.Date) bool { return a == b })); diff != "" {
			t.Fatalf("read back (-want +got):\n%s", diff)
		}
	})
}

func TestDecodeRefusesInvalidPlans(t *testing.T) {
	step := `{"key":"a","action":"board.create","needs":[],"target":{"kind":"project","path":"a/b"},"object":{"title":"x"}}`
	for name, text := range map[string]string{
		"empty":          ``,
		"other document": `{"version":1,"kind":"labels"}`,
		"newer version":  `{"version":2,"kind":"plan"}`,
		"bad date":       `{"version":1,"kind":"plan","today":"2026-02-30"}`,
		"twice one key":  `{"version":1,"kind":"plan","steps":[` + step + `,` + step + `]}`,
		"unknown action": `{"version":1,"kind":"plan","steps":[{"key":"a","action":"rm -rf","target":{"kind":"group","path":"a"}}]}`,
		"needs nothing":  `{"version":1,"kind":"plan","steps":[{"key":"a","needs":["b"],"action":"board.create","target":{"kind":"group","path":"a"}}]}`,
		"created later":  `{"version":1,"kind":"plan","steps":[{"key":"a","action":"milestone.delete","object":{"created_by":"b"},"target":{"kind":"group","path":"a"}}]}`,
		"bad target":     `{"version":1,"kind":"plan","steps":[{"key":"a","action":"board.create","target":{"kind":"user","path":"a"}}]}`,
	} {
		if p, err := Decode([]byte(text)); fault.KindOf(err) != fault.Usage {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	data, err := jsonv1.Marshal(rolling().Document())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"version":1,"kind":"plan","steps":[{"key":"a","action":"issue.update","after":{"milestone":{"created_by":"a"}}}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Decode(data)
		if err != nil {
			return
		}
		second, err := jsonv1.Marshal(p.Document())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Decode(second); err != nil {
			t.Fatalf("a decoded and encoded plan cannot be decoded: %v", err)
		}
	})
}
