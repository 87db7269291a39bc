package workflow_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
)

// work is a command with a step for each issue that is not done, each of which needs some of the earlier ones.
type work struct {
	workflow.Verified
	needs [][]int
	done  []bool
	other string // what somebody else changed
}

func (w *work) ref(n int) issue.Ref {
	return issue.Ref{Project: "acme/infrastructure", IID: int64(n + 1)}
}

// Plan plans what is not done.
func (w *work) Plan(context.Context) (p plan.Plan, err error) {
	p = workflow.NewPlan(plan.Origin{Host: "https://gitlab.example.com"}, "work", struct{}{}, nil)
	for n, needs := range w.needs {
		name := workflow.IssueName(w.ref(n))
		digest := w.other
		if !strings.HasSuffix(name, "#1") {
			digest = ""
		}
		p.Observed = append(p.Observed, workflow.Fingerprint(name, w.done[n], digest))
		if w.done[n] {
			continue
		}
		step := plan.UpdateIssue{Base: plan.Base{ID: key(n)}, Ref: w.ref(n), Change: issue.Change{AddLabels: []string{"done"}}}
		for _, need := range needs {
			if !w.done[need] {
				step.After = append(step.After, key(need))
			}
		}
		p.Steps = append(p.Steps, step)
	}
	p.Observed = workflow.SortObserved(p.Observed)
	return p, nil
}

func key(n int) string { return fmt.Sprintf("step %c", 'a'+n) }

// Whatever steps are left out, by name or by deleting them from the file: if no other step needs one of them, exactly the rest is planned,
// also when a part of it was applied; otherwise the missing step is named. What somebody else changes makes the rest stale.
func TestEverySubsetOfAPlan(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(1, 7).Draw(t, "size")
		w := &work{done: make([]bool, size)}
		for n := range size {
			var needs []int
			for earlier := range n {
				if rapid.IntRange(0, 3).Draw(t, "need") == 0 {
					needs = append(needs, earlier)
				}
			}
			w.needs = append(w.needs, needs)
		}
		saved, _ := w.Plan(t.Context())
		var except, kept []string
		for n := range size {
			if rapid.Bool().Draw(t, "left out") {
				except = append(except, key(n))
			} else {
				kept = append(kept, key(n))
			}
		}
		deleted := rapid.Bool().Draw(t, "deleted from the file")
		if deleted {
			saved.Steps = slices.DeleteFunc(saved.Steps, func(s plan.Step) bool { return slices.Contains(except, s.Key()) })
			except = nil
		}
		if len(kept) == 0 {
			return // see TestAFileWithoutSteps
		}
		open := missing(w, kept)
		subset, rest, err := workflow.SubsetOf(w, saved, except)
		if err == nil {
			err = apply(t, w, subset, rest, kept, open)
		}
		if open != "" && (fault.KindOf(err) != fault.Usage || !strings.Contains(err.Error(), "needs step")) {
			t.Fatalf("%v of %v without what it needs: %v", kept, w.needs, err)
		}
		if open == "" && err != nil {
			t.Fatalf("%v of %v: %v", kept, w.needs, err)
		}
	})
}

// apply plans a subset, applies a part of it, and plans again.
func apply(t *rapid.T, w *work, subset *workflow.Subset, rest plan.Plan, kept []string, open string) error {
	now, err := subset.Plan(t.Context())
	if err != nil {
		return err
	}
	if open != "" {
		t.Fatalf("%v was planned without %s", kept, open)
	}
	for {
		if err := workflow.Stale(rest, now); err != nil {
			return err
		}
		var keys []string
		for _, s := range now.Steps {
			keys = append(keys, s.Key())
		}
		if want := slices.DeleteFunc(slices.Clone(kept), func(k string) bool { return w.done[k[5]-'a'] }); !slices.Equal(keys, want) {
			t.Fatalf("planned %v, want %v", keys, want)
		}
		if len(now.Steps) == 0 {
			return nil
		}
		if len(now.Steps) < len(kept) && rapid.Bool().Draw(t, "somebody else changes something") && !w.done[0] {
			w.other = "changed"
			again, err := subset.Plan(t.Context())
			if err == nil {
				err = workflow.Stale(rest, again)
			}
			if !workflow.IsStale(err) {
				t.Fatalf("not stale: %v", err)
			}
			w.other = ""
		}
		w.done[now.Steps[0].Key()[5]-'a'] = true
		if now, err = subset.Plan(t.Context()); err != nil {
			return err
		}
	}
}

// missing returns a step that a kept one needs and that is not kept.
func missing(w *work, kept []string) string {
	for _, k := range kept {
		for _, need := range w.needs[k[5]-'a'] {
			if !slices.Contains(kept, key(need)) {
				return key(need)
			}
		}
	}
	return ""
}

// A file without any step is not a part of a plan.
func TestAFileWithoutSteps(t *testing.T) {
	t.Parallel()
	w := &work{needs: [][]int{nil, nil}, done: make([]bool, 2)}
	saved, _ := w.Plan(t.Context())
	saved.Steps = nil
	subset, rest, err := workflow.SubsetOf(w, saved, nil)
	if err != nil {
		t.Fatal(err)
	}
	now, err := subset.Plan(t.Context())
	if err != nil || !workflow.IsStale(workflow.Stale(rest, now)) {
		t.Errorf("%v, %v", now.Steps, err)
	}
}

// Deletes, new names and new states belong together; new dates, colors and issues do not.
func TestWholePlans(t *testing.T) {
	t.Parallel()
	text, closed := "x", milestone.Closed
	for name, c := range map[string]struct {
		plan  plan.Plan
		whole bool
	}{
		"an issue":    {plan.Plan{Steps: []plan.Step{plan.UpdateIssue{}}}, false},
		"a roll":      {plan.Plan{Indivisible: true}, true},
		"a deletion":  {plan.Plan{Steps: []plan.Step{plan.DeleteLabel{}}}, true},
		"destructive": {plan.Plan{Destructive: true}, true},
		"a new title": {plan.Plan{Steps: []plan.Step{plan.UpdateMilestone{Change: milestone.Change{Title: &text}}}}, true},
		"a closing":   {plan.Plan{Steps: []plan.Step{plan.UpdateMilestone{Change: milestone.Change{State: &closed}}}}, true},
		"a text":      {plan.Plan{Steps: []plan.Step{plan.UpdateMilestone{Change: milestone.Change{Description: &text}}}}, false},
	} {
		if got := c.plan.Whole(); (got != "") != c.whole {
			t.Errorf("%s: %q", name, got)
		}
	}
}
