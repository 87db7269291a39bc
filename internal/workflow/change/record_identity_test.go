package change_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/change"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/label"
)

var noon = time.Date(2018, 8, 24, 12, 0, 0, 0, time.UTC)

// thing is what is recorded: its parts as people mean them, and the services as a set.
type thing struct {
	parts    [5]string
	services []string
}

func drawThing(t *rapid.T, name string) thing {
	word := rapid.SampledFrom([]string{"", "a", "b", "ab", "cart", "a b", "job", "é"})
	w := thing{}
	for n := range w.parts {
		w.parts[n] = word.Draw(t, name+" part")
	}
	w.parts[0] = "deploy" + w.parts[0]
	w.services = slices.DeleteFunc(rapid.SliceOfNDistinct(word, 0, 3, rapid.ID[string]).Draw(t, name+" services"), func(s string) bool { return s == "" })
	return w
}

// spelled returns inputs for the thing in one of many spellings: services in any order and repeated, with blanks around every value.
func (w thing) spelled(t *rapid.T, name string) flow.RecordInputs {
	pad := func(s string) string {
		blank := rapid.SampledFrom([]string{"", " ", "\t", "\n "})
		return blank.Draw(t, name+" before") + strings.ReplaceAll(s, " ", rapid.SampledFrom([]string{" ", "  "}).Draw(t, name+" gap")) + blank.Draw(t, name+" after")
	}
	services := append(slices.Clone(w.services), w.services[:rapid.IntRange(0, len(w.services)).Draw(t, name+" repeated")]...)
	services = rapid.Permutation(services).Draw(t, name+" order")
	for n, s := range services {
		services[n] = pad(s)
	}
	return flow.RecordInputs{Project: "acme/production", Automation: change.Automation{
		Type: pad(w.parts[0]), Environment: pad(w.parts[1]), Stage: pad(w.parts[2]), Source: pad(w.parts[3]), Commit: pad(w.parts[4]), Services: services,
		Outcome: rapid.SampledFrom([]change.Outcome{change.Success, change.Failure}).Draw(t, name+" outcome"), FinishedAt: noon,
	}}
}

func (w thing) equal(o thing) bool {
	a, b := slices.Clone(w.services), slices.Clone(o.services)
	slices.Sort(a)
	slices.Sort(b)
	return w.parts == o.parts && slices.Equal(a, b)
}

// TestRecordIdentity checks that two different things never share a key, and that one thing never has two, however it is spelled.
func TestRecordIdentity(t *testing.T) {
	t.Parallel()
	for name, keys := range map[string]workflow.Keys{
		"in a job":       {Now: noon, Job: workflow.Job{Project: "7", Pipeline: "900", Name: "deploy"}},
		"outside of one": {Now: noon},
	} {
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			one, other := drawThing(t, "one"), drawThing(t, "other")
			if rapid.Bool().Draw(t, "near") { // differs in at most one part
				kept := other
				other = one
				switch n := rapid.IntRange(0, 6).Draw(t, "where"); n {
				case 5:
					other.services = kept.services
				case 6:
				default:
					other.parts[n] = kept.parts[n]
				}
			}
			a, b := one.spelled(t, "one"), other.spelled(t, "other")
			for _, in := range []*flow.RecordInputs{&a, &b} {
				if err := in.Check(keys, change.LabelsOf(label.Spelling{})); err != nil {
					t.Fatal(err)
				}
			}
			if same := a.IdempotencyKey.Name == b.IdempotencyKey.Name; same != one.equal(other) {
				t.Fatalf("%+v and %+v share a key: %v", one, other, same)
			}
			// The record that is read back is about the same thing, and only about that.
			if r := change.Read(a.Automation.Description(nil), noon); b.Automation.About(r) != one.equal(other) {
				t.Fatalf("%+v is about the record of %+v: %v", other, one, !one.equal(other))
			}
		}))
	}
}

func TestTimesOfRecords(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		started, want time.Time
		refused       bool
	}{
		{noon.Add(-time.Hour), noon.Add(-time.Hour), false},
		{noon, noon, false},
		{noon.Add(5 * time.Minute), noon, false}, // a few minutes ahead means now
		{noon.Add(6 * time.Minute), time.Time{}, true},
		{noon.Add(24 * time.Hour), time.Time{}, true},
		{time.Time{}, time.Time{}, false},
	} {
		in := flow.RecordInputs{Project: "acme/production", Automation: change.Automation{Type: "deployment", Outcome: change.Success,
			StartedAt: tt.started, FinishedAt: noon}}
		err := in.Check(workflow.Keys{Now: noon}, change.LabelsOf(label.Spelling{}))
		if (err != nil) != tt.refused || tt.refused && fault.KindOf(err) != fault.Usage || err == nil && !in.Automation.StartedAt.Equal(tt.want) {
			t.Errorf("started at %s: %s, %v", tt.started, in.Automation.StartedAt, err)
		}
	}
}
