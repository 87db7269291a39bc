package cli_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// plannable lists the commands whose plans can be saved, in worlds in which they have many steps.
func plannable() []errand {
	bare := setup{seed: func(s *fakegitlab.Seed) { s.Projects[0].Milestones, s.Projects[0].Issues = nil, nil }}
	messy := setup{config: "labels:\n  builtin: false\n  declare:\n    - {name: oncall, color: '#aabbcc', renamed_from: [on-call], priority: 1}\n    - {name: toil, color: '#ccbbaa', description: Work}\n    - {name: new, color: '#001122'}\n" +
		"board:\n  columns: [{name: Planning, label: Planning}, {name: Doing, label: oncall}, {name: Waiting, label: toil}]\n",
		seed: func(s *fakegitlab.Seed) {
			s.Projects[0].Labels = []fakegitlab.SeedLabel{{Name: "on-call", Color: "#ff0000"}, {Name: "toil"}, {Name: "nobody's"}}
			s.Projects[0].Boards = []fakegitlab.SeedBoard{{Name: "Team board", Lists: []string{"toil", "on-call"}}, {Name: "Team board"}}
		}}
	return []errand{
		{name: "roll", setup: setup{carried: 2, done: 1}, args: []string{"milestone", "roll"}},
		{name: "roll of a group", setup: setup{carried: 2, done: 1, group: true}, args: []string{"milestone", "roll", "--carry-over", "next"}},
		{name: "roll that keeps", setup: setup{carried: 2}, args: []string{"milestone", "roll", "--carry-over", "keep"}},
		{name: "roll that catches up", setup: setup{carried: 2}, args: []string{"milestone", "roll", "--catch-up", "--now", "2018-09-21"}},
		{name: "ensure", setup: bare, args: []string{"milestone", "ensure"}},
		{name: "label apply", setup: messy, args: []string{"label", "apply"}},
		{name: "label apply --prune", setup: messy, args: []string{"label", "apply", "--prune"}},
		{name: "board init", setup: messy, args: []string{"board", "init"}},
		{name: "board move", setup: setup{carried: 1}, args: []string{"board", "move", "1", "completed"}},
		{name: "sweep", setup: sweepWorld, args: []string{"milestone", "sweep"}},
		{name: "fill", setup: fillWorld, args: []string{"milestone", "plan", "--fill"}},
		{name: "fill, late", setup: fillWorld, args: []string{"milestone", "plan", "--fill", "--current"}},
		{name: "issue priority", setup: setup{carried: 1}, args: []string{"issue", "priority", "1", "--urgency", "U1", "--impact", "I3"}},
		{name: "lint --fix", setup: fixable(), args: []string{"lint", "--fix"}},
		{name: "lock sync", setup: lockWorld(), args: []string{"lock", "sync"}},
		{name: "lock sync --remove", setup: lockWorld(), args: []string{"lock", "sync", "--remove", "15001"}},
		{name: "queue merge", setup: publicMerge(), args: []string{"queue", "merge", "--from", "database"}},
		{name: "incident adopt", setup: setup{seed: openedByHand}, args: []string{"incident", "adopt", "1"}},
		{name: "incident actions --remind", setup: followUps(), args: []string{"incident", "actions", "--remind"}},
	}
}

// saved returns the errand's world with the command's plan in a file.
func (e errand) saved(t *testing.T) (l *lab, file string) {
	t.Helper()
	l = newLab(t, e.setup)
	file = filepath.Join(t.TempDir(), "plan.json")
	l.must(t, append(slices.Clone(e.args), "--plan-file", file, "-q")...)
	l.server.ResetRequests()
	return l, file
}

// --plan-file writes one file that only its owner can read, and nothing to GitLab.
func TestPlanFileWritesOnlyTheFile(t *testing.T) {
	t.Parallel()
	for _, e := range plannable() {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, e.setup)
			before := l.picture()
			file := filepath.Join(t.TempDir(), "plan.json")
			if err := os.WriteFile(file, []byte("an older plan, which everybody could read"), 0o644); err != nil {
				t.Fatal(err)
			}
			r := l.must(t, append(slices.Clone(e.args), "--plan-file", file, "-o", "json")...)
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			info, err := os.Stat(file)
			if err != nil {
				t.Fatal(err)
			}
			if mode := info.Mode().Perm(); mode != 0o600 && runtime.GOOS != "windows" {
				t.Errorf("the file has mode %o", mode)
			}
			var saved, shown map[string]any
			if json.Unmarshal(text, &saved) != nil || json.Unmarshal([]byte(r.out), &shown) != nil || !cmp.Equal(withoutNotices(saved), withoutNotices(shown)) {
				t.Errorf("the file is not what was shown:\n%s", cmp.Diff(string(text), r.out))
			}
			if _, writes := l.count(); writes != 0 || !cmp.Equal(before, l.picture()) {
				t.Errorf("GitLab was written to:\n%s", strings.Join(l.requests(), "\n"))
			}
		})
	}
}

// withoutNotices removes the notes about whom GitLab notifies, which are made for the reader.
func withoutNotices(plan map[string]any) map[string]any {
	notes, _ := plan["notes"].([]any)
	plan["notes"] = slices.DeleteFunc(notes, func(note any) bool { return strings.HasPrefix(fmt.Sprint(note), "GitLab notifies ") })
	return plan
}

// Applying a fresh plan has the same result as the command. The second time there is nothing to do.
func TestApplyAFreshPlan(t *testing.T) {
	t.Parallel()
	for _, e := range plannable() {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			direct := newLab(t, e.setup)
			direct.must(t, append(slices.Clone(e.args), "--yes")...)
			l, file := e.saved(t)
			if r := l.run("apply", file); r.code != 5 && e.name != "board move" && e.name != "issue priority" && e.name != "incident adopt" { // those have one step
				t.Errorf("without --yes: exit %d\n%s", r.code, r.errors)
			}
			l.must(t, "apply", file, "--yes")
			if diff := cmp.Diff(direct.picture(), l.picture()); diff != "" {
				t.Errorf("(-command +plan)\n%s", diff)
			}
			l.nothingMore(t, "apply", file, "--yes")
		})
	}
}

// nothingMore runs a command that must succeed without writes.
func (l *lab) nothingMore(t *testing.T, args ...string) {
	t.Helper()
	l.server.ResetRequests()
	l.must(t, args...)
	if _, writes := l.count(); writes != 0 {
		t.Errorf("%q writes again:\n%s", args, strings.Join(l.requests(), "\n"))
	}
}

// If apply was killed before or after any of its requests, applying the plan again finishes it.
func TestApplyResumesFromEveryPrefix(t *testing.T) {
	t.Parallel()
	for _, e := range plannable() {
		e.setup.config += oneAtATime
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			l, file := e.saved(t)
			l.must(t, "apply", file, "--yes", "-q")
			want, requests := l.picture(), len(l.requests())
			for nth := 1; nth <= requests; nth++ {
				for _, kind := range troubles() {
					if !kind.kills || !sampled(6, "prefix of "+e.name, nth) {
						continue
					}
					l, file := e.saved(t)
					l.disturbed(kind, nth, []string{"apply", file, "--yes", "-q"})
					if r := l.run("apply", file, "--yes", "-q"); r.code != 0 {
						t.Errorf("%s at request %d: then exit %d: %s", kind.name, nth, r.code, r.errors)
					}
					l.compare(t, want, kind, nth, "the second apply")
					l.nothingMore(t, "apply", file, "--yes", "-q")
				}
			}
		})
	}
}

// intrusion is a change between the plan and its application.
type intrusion struct {
	name   string
	errand string
	by     func(l *lab)
	about  string // the object that the refusal names
}

func api(method, path, body string) func(*lab) {
	return func(l *lab) { l.server.MustDo("mara", method, path, body) }
}

// reconfigured gives the lab another configuration.
func reconfigured(lines string) func(*lab) {
	return func(l *lab) { l.dir = sharedDir(nil, setup{config: lines}) }
}

func intrusions() []intrusion {
	const (
		project = "/projects/acme%2Finfrastructure"
		current = project + "/milestones/402"
		next    = project + "/milestones/403"
	)
	return []intrusion{
		{"a title", "roll", api("PUT", current, `{"title":"Our Milestone"}`), "stale"},
		{"a description", "roll", api("PUT", current, `{"description":"Our goal: none."}`), "milestone 402"},
		{"a description of the next one", "roll", api("PUT", next, `{"description":"Our goal: none."}`), "milestone 403"},
		{"a due date", "roll", api("PUT", next, `{"due_date":"2018-09-06"}`), "Next Milestone"},
		{"a start date", "roll", api("PUT", next, `{"start_date":"2018-08-28"}`), "Next Milestone"},
		{"a state", "roll", api("PUT", current, `{"state_event":"close"}`), "stale"},
		{"a finished one was opened", "roll", api("PUT", project+"/milestones/401", `{"state_event":"activate"}`), "milestone 401"},
		{"another milestone", "roll", api("POST", project+"/milestones", `{"title":"Launch"}`), "milestone 404"},
		{"a milestone is gone", "roll", api("DELETE", project+"/milestones/401", ""), "milestone 401"},
		{"an issue was closed", "roll", api("PUT", project+"/issues/1", `{"state_event":"close"}`), infra + "#1"},
		{"an issue was opened", "roll", api("PUT", project+"/issues/3", `{"state_event":"reopen"}`), infra + "#3"},
		{"an issue's labels", "roll", api("PUT", project+"/issues/1", `{"add_labels":"toil"}`), infra + "#1"},
		{"an issue left", "roll", api("PUT", project+"/issues/1", `{"milestone_id":403}`), infra + "#1"},
		{"an issue left what is kept", "roll that keeps", api("PUT", project+"/issues/1", `{"milestone_id":403}`), infra + "#1"},
		{"an issue came", "roll", api("POST", project+"/issues", `{"title":"New","milestone_id":402}`), infra + "#5"},
		{"other names", "roll", reconfigured("milestones:\n  current: Sprint\n"), "stale"},
		{"another archive title", "roll", reconfigured("milestones:\n  archive_title: dated\n"), "configuration"},
		{"another label for toil", "roll", reconfigured("labels:\n  names: {toil: chore}\n"), "configuration"},
		{"a colour", "label apply", api("PUT", project+"/labels/toil", `{"color":"#123456"}`), `label "toil"`},
		{"a text", "label apply", api("PUT", project+"/labels/on-call", `{"description":"Somebody's words"}`), `label "on-call"`},
		{"a priority", "label apply", api("PUT", project+"/labels/on-call", `{"priority":7}`), `label "on-call"`},
		{"a label is gone", "label apply", api("DELETE", project+"/labels/toil", ""), `label "toil"`},
		{"a label of that name", "label apply", api("POST", project+"/labels", `{"name":"new","color":"#ffffff"}`), `label "new"`},
		{"one more to prune", "label apply --prune", api("POST", project+"/labels", `{"name":"other","color":"#ffffff"}`), `label "other"`},
		{"fewer are declared", "label apply", reconfigured("labels:\n  builtin: false\n  declare: [{name: oncall, color: '#aabbcc', renamed_from: [on-call], priority: 1}]\n"), "configuration"},
		{"more are declared", "label apply", reconfigured("labels:\n  builtin: false\n  declare: [{name: more, color: '#aabbcc'}]\n"), "configuration"},
		{"a column on the board", "board init", api("POST", project+"/boards/301/lists", `{"label_id":2003}`), "board 301"},
		{"fewer columns", "board init", reconfigured("board:\n  columns: [{name: Planning, label: Planning}]\n"), "configuration"},
		{"a milestone for ensure", "ensure", api("POST", project+"/milestones", `{"title":"Launch"}`), "milestone 401"},
		{"a closed issue was labelled", "board move", api("PUT", project+"/issues/1", `{"add_labels":"toil"}`), infra + "#1"},
		{"a freeze period is gone", "lock sync", api("DELETE", project+"/freeze_periods/15002", ""), "freeze period 0 12 * * 3 to 0 13 * * 3 (UTC)"},
		{"a freeze period was changed", "lock sync --remove", api("PUT", project+"/freeze_periods/15001", `{"cron_timezone":"Asia/Tokyo"}`), "freeze period 15001"},
		{"fewer locks", "lock sync", reconfigured("locks: []\nincidents:\n  deployments: [{project: acme/infrastructure}, {project: acme/production}]\n"), "configuration"},
		{"another last column", "board move", reconfigured("board:\n  columns: [{name: toil, label: toil}]\n"), "configuration"},
	}
}

// If an object that a plan was made from has changed, nothing is written, the exit code is 5, and the error names the object.
func TestApplyRefusesStalePlans(t *testing.T) {
	t.Parallel()
	byName := map[string]errand{}
	for _, e := range plannable() {
		byName[e.name] = e
	}
	for _, i := range intrusions() {
		t.Run(i.errand+"/"+i.name, func(t *testing.T) {
			t.Parallel()
			l, file := byName[i.errand].saved(t)
			i.by(l)
			l.refusesPlan(t, file, 5, i.about)
		})
	}
}

// The hint has the whole command that saves a new plan.
func TestStalePlanHintCanBePasted(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{carried: 1})
	l.must(t, "board", "move", "1", "in progress", "--plan-file", "move.json", "-q")
	api("PUT", "/projects/acme%2Finfrastructure/issues/1", `{"add_labels":"toil"}`)(l)
	if r := l.run("apply", "move.json", "--yes"); r.code != 5 || !strings.Contains(r.errors, "Save a new plan: prodctl board move 1 'in progress' --plan-file move.json -q\n") {
		t.Errorf("exit %d: %s", r.code, r.errors)
	}
}

// refusesPlan applies a plan that must be refused before anything is written.
func (l *lab) refusesPlan(t *testing.T, file string, code int, about string) {
	t.Helper()
	before := l.picture()
	r := l.run("apply", file, "--yes", "-o", "json")
	if r.code == 0 {
		t.Errorf("it was applied:\n%s", cmp.Diff(before, l.picture()))
		return
	}
	if e := lastError(t, r); r.code != code || !strings.Contains(e.Message, about) || e.Hint == "" {
		t.Errorf("exit %d, want %d and something about %q:\n%s", r.code, code, about, r.errors)
	}
	if diff := cmp.Diff(before, l.picture()); diff != "" {
		t.Errorf("it was refused, and something was written:\n%s", diff)
	}
}

// A plan file with any changed value in any step, or with a step that was removed, duplicated or added, is refused, and nothing is written.
func TestApplyRefusesEditedSteps(t *testing.T) {
	t.Parallel()
	for _, e := range plannable() {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			l, file := e.saved(t)
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			before, cases := l.picture(), 0
			for what, edited := range edits(t, text) {
				if strings.HasPrefix(what, "without step") && (e.name == "lock sync" || e.name == "incident adopt" || slices.ContainsFunc([]string{"sweep", "fill", "lint", "incident actions"}, func(name string) bool { return strings.HasPrefix(e.name, name) })) {
					continue // see TestApplyEveryPartOfAPlan and TestApplySomeReminders
				}
				cases++
				if !sampled(4, e.name+what) {
					continue
				}
				if err := os.WriteFile(file, edited, 0o600); err != nil {
					t.Fatal(err)
				}
				if r := l.run("apply", file, "--yes", "-o", "json"); r.code != 5 && r.code != 6 {
					t.Errorf("%s: exit %d\n%s%s", what, r.code, r.out, r.errors)
				}
				if diff := cmp.Diff(before, l.picture()); diff != "" {
					t.Fatalf("%s: something was written:\n%s", what, diff)
				}
			}
			if cases < 10 {
				t.Errorf("only %d edits were tried", cases)
			}
		})
	}
}

// edits returns changed versions of a plan file, by the change.
func edits(t *testing.T, text []byte) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	parse := func() (doc map[string]any, steps []any) {
		if err := json.Unmarshal(text, &doc); err != nil {
			t.Fatal(err)
		}
		return doc, doc["steps"].([]any)
	}
	keep := func(what string, doc map[string]any) {
		data, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		out[what] = data
	}
	_, steps := parse()
	for n := range steps {
		_, all := parse()
		for leaf := range leaves(all[n]) {
			action := all[n].(map[string]any)["action"]
			if strings.HasSuffix(leaf, ".object.title") && (action == "issue.update" || action == "issue.move") {
				continue // an issue's title is for the reader, and people change it
			}
			doc, steps := parse()
			leaves(steps[n])[leaf]()
			keep(fmt.Sprintf("step %d: another%s", n, leaf), doc)
		}
		doc, steps := parse()
		doc["steps"] = slices.Delete(steps, n, n+1)
		keep(fmt.Sprintf("without step %d", n), doc)
		doc, steps = parse()
		doc["steps"] = append(steps, steps[n])
		keep(fmt.Sprintf("step %d twice", n), doc)
	}
	for name, added := range map[string]string{
		"a label that goes":     `{"key":"delete label","action":"label.delete","needs":[],"target":{"kind":"project","path":"acme/infrastructure"},"object":{"id":2001,"title":"toil"},"before":{"id":2001,"title":"toil"}}`,
		"a milestone that goes": `{"key":"roll/delete duplicate 401","action":"milestone.delete","needs":[],"target":{"kind":"project","path":"acme/infrastructure"},"object":{"id":401},"before":{"due":""}}`,
		"a closed issue":        `{"key":"close","action":"issue.update","needs":[],"target":{"kind":"project","path":"acme/infrastructure"},"object":{"iid":1},"after":{"state":"closed"}}`,
	} {
		doc, steps := parse()
		var step any
		if err := json.Unmarshal([]byte(added), &step); err != nil {
			t.Fatal(err)
		}
		doc["steps"] = append(steps, step)
		keep("added: "+name, doc)
	}
	return out
}

// leaves returns the ways to change a single value below v, by its path.
func leaves(v any) map[string]func() {
	out := map[string]func(){}
	visit := func(path string, v any, set func(any)) {
		switch v := v.(type) {
		case string:
			out[path] = func() { set(v + "7") }
		case float64:
			out[path] = func() { set(v + 1) }
		case bool:
			out[path] = func() { set(!v) }
		default:
			for p, change := range leaves(v) {
				out[path+p] = change
			}
		}
	}
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			visit("."+name, v[name], func(changed any) { v[name] = changed })
		}
	case []any:
		for n := range v {
			visit(fmt.Sprintf("[%d]", n), v[n], func(changed any) { v[n] = changed })
		}
	}
	return out
}

// A plan file with other changed fields is refused.
func TestApplyRefusesEditedFiles(t *testing.T) {
	t.Parallel()
	e := plannable()[0]
	for name, c := range map[string]struct {
		old, new string
		code     int
	}{
		"another host":         {`"host": "https://gitlab.example.test"`, `"host": "https://evil.example.test"`, 5},
		"another version":      {`"version": 1`, `"version": 2`, 6},
		"another kind":         {`"kind": "plan"`, `"kind": "applied"`, 6},
		"another command":      {`"command": "milestone roll"`, `"command": "milestone ensure"`, 5},
		"an unknown command":   {`"command": "milestone roll"`, `"command": "rm -rf"`, 6},
		"other options":        {`"Carry": "current"`, `"Carry": "keep"`, 5},
		"options of no kind":   {`"Carry": "current"`, `"Carry": 7`, 6},
		"another day":          {`"today": "2018-08-24"`, `"today": "2018-08-25"`, 5},
		"no day":               {`"today": "2018-08-24"`, `"today": "2018-02-30"`, 6},
		"another fingerprint":  {`"digest": "`, `"digest": "0`, 5},
		"an unknown action":    {`"action": "milestone.update"`, `"action": "milestone.explode"`, 6},
		"another project":      {`"path": "acme/infrastructure"`, `"path": "acme/production"`, 5},
		"a path of no project": {`"path": "acme/infrastructure"`, `"path": "../../etc"`, 6},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, file := e.saved(t)
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			edited := strings.Replace(string(text), c.old, c.new, 1)
			if edited == string(text) {
				t.Fatalf("the file has no %s:\n%s", c.old, text)
			}
			if err := os.WriteFile(file, []byte(edited), 0o600); err != nil {
				t.Fatal(err)
			}
			l.refusesPlan(t, file, c.code, "")
		})
	}
}

// A truncated file, or one that is not a plan file, is refused.
func TestApplyRefusesInvalidFiles(t *testing.T) {
	t.Parallel()
	l, file := plannable()[0].saved(t)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for cut := 0; cut < len(text)-2; cut += len(text)/40 + 1 {
		if err := os.WriteFile(file, text[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		l.refusesPlan(t, file, 6, "plan.json")
	}
	for _, other := range []string{"", "{}", "null", "[]", "milestone: roll\n", "\x00\x01", string(text) + "{}"} {
		if err := os.WriteFile(file, []byte(other), 0o600); err != nil {
			t.Fatal(err)
		}
		l.refusesPlan(t, file, 6, "plan.json")
	}
	l.refusesPlan(t, filepath.Join(t.TempDir(), "nothing.json"), 6, "nothing.json")
	l.refusesPlan(t, t.TempDir(), 6, "")
	if sent := l.requests(); len(sent) > 0 {
		t.Errorf("GitLab was asked: %s", strings.Join(sent, "\n"))
	}
}

// A plan is for one GitLab instance. Another one gets no request.
func TestApplyRefusesAnotherHost(t *testing.T) {
	t.Parallel()
	l, file := plannable()[0].saved(t)
	r := l.run("apply", file, "--yes", "--host", "https://other.example.test")
	if r.code != 5 || !strings.Contains(r.errors, "https://gitlab.example.test") || !strings.Contains(r.errors, "https://other.example.test") {
		t.Errorf("exit %d\n%s", r.code, r.errors)
	}
	if sent := l.requests(); len(sent) > 0 {
		t.Errorf("the other GitLab was asked: %s", strings.Join(sent, "\n"))
	}
}

// Unrelated changes between the plan and its application do not block it.
func TestApplyIgnoresUnrelatedChanges(t *testing.T) {
	t.Parallel()
	const project = "/projects/acme%2Finfrastructure"
	for _, e := range plannable() {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			l, file := e.saved(t)
			api("POST", "/projects/acme%2Fproduction/issues", `{"title":"Elsewhere"}`)(l)
			api("POST", project+"/issues", `{"title":"In no timebox"}`)(l)
			if strings.HasPrefix(e.name, "roll") || e.name == "board move" || e.name == "issue priority" {
				api("PUT", project+"/issues/1", `{"title":"Said better"}`)(l)
				api("POST", project+"/issues/1/notes", `{"body":"Soon."}`)(l)
			}
			l.must(t, "apply", file, "--yes")
			l.nothingMore(t, "apply", file, "--yes")
		})
	}
}

// A plan file may be shared with people who may not see confidential issues (promise W7).
func TestPlanFileHoldsNoConfidentialTitle(t *testing.T) {
	t.Parallel()
	world := setup{carried: 2, seed: func(s *fakegitlab.Seed) {
		s.Projects[0].Issues[0].Confidential = true
		s.Projects[0].Issues[0].Title = "Acquisition of Initech"
		s.Projects[0].Issues[0].Description = "Done when Initech is ours."
	}}
	for _, line := range []string{"milestone roll", "milestone roll --carry-over next", "board move 1 waiting", "board move 1 completed", "board move 1 ready --force",
		"issue priority 1 --urgency U1 --impact I3"} {
		l := newLab(t, world)
		file := filepath.Join(t.TempDir(), "plan.json")
		l.must(t, append(strings.Fields(line), "--plan-file", file)...)
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "Initech") {
			t.Errorf("%s: the file reveals it:\n%s", line, text)
		}
		if !strings.Contains(string(text), `"iid": 1`) {
			t.Errorf("%s: the file does not name the issue:\n%s", line, text)
		}
		l.must(t, "apply", file, "--yes")
	}
}

// A saved plan of a corrective action is applied to its end, which a later round plans: the comment on the incident names the action. A run
// that was killed after any request is completed by the next one.
func TestIncidentActionPlanFile(t *testing.T) {
	t.Parallel()
	start := newLab(t, setup{config: oneAtATime})
	start.must(t, "incident", "open", "Registry returns 500s", "-s", "S2", "-q")
	words := []string{"incident", "action", "1", "Alert before the disk is full", "--owner", "rep", "-q"}
	direct := start.copy()
	direct.must(t, words...)
	file := saved(t, start, words...)
	whole := start.copy()
	whole.must(t, "apply", file, "--yes", "-q")
	if diff := cmp.Diff(direct.picture(), whole.picture()); diff != "" {
		t.Errorf("not what the command does (-command +plan):\n%s", diff)
	}
	for nth := range len(whole.methods()) {
		for _, trouble := range troubles()[2:4] { // killed before and after
			l := start.copy()
			l.disturbed(trouble, nth+1, []string{"apply", file, "--yes", "-q"})
			if r := l.run("apply", file, "--yes", "-q"); r.code != 0 {
				t.Errorf("%s at request %d, then exit %d: %s", trouble.name, nth+1, r.code, r.errors)
			}
			if diff := cmp.Diff(direct.picture(), l.picture()); diff != "" {
				t.Errorf("%s at request %d (-command +plan):\n%s", trouble.name, nth+1, diff)
			}
		}
	}
}
