package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/label"
)

// encounter is several people who act on one issue of the production tracker at the same time.
type encounter struct {
	name  string
	story []typed
	typed []typed                           // at once
	edit  func(description string) string   // by another person, at any point; nil: no edit
	stale bool                              // the person saves a text that was read earlier
	exits map[int][]int                     // by the index in typed: allowed exit codes besides 0
	words []string                          // that must be in the description once, in the end
	check func(*testing.T, *outcome) string // what is wrong in the end; may be nil
}

// outcome is how an encounter ended.
type outcome struct {
	*lab
	results []ran
	issue   issue.Issue // the first of the queue
	notes   []issue.Note
}

var (
	changeRules   = change.LabelsOf(label.Spelling{})
	incidentRules = incident.LabelsOf(label.Spelling{}, "service:{service}")
)

// says is a command line of a user.
func says(user string, args ...string) typed { return typed{user, append(args, "-q")} }

func (e typed) act(own *lab) ran {
	own.user = e.user
	return own.runIn(context.Background(), e.args...)
}

// editing is a person who edits the first issue's description in the browser: the text is read, and saved as a whole at the same moment or
// later.
func (e encounter) editing(own *lab) ran {
	g := own.wire.(gate)
	if !e.stale {
		g.wait(g.run, nil)
		editedNow(own.server, e.edit)
		return ran{}
	}
	send := func(method string, body any) (text string) {
		data, _ := json.Marshal(body)
		r, err := http.NewRequest(method, "https://gitlab.example.test/api/v4/projects/acme%2Fproduction/issues/1", bytes.NewReader(data))
		if err != nil {
			return ""
		}
		r.Header.Set("PRIVATE-TOKEN", "sandbox-plan")
		r.Header.Set("Content-Type", "application/json")
		resp, err := g.RoundTrip(r)
		if err != nil {
			return ""
		}
		defer resp.Body.Close()
		data, _ = io.ReadAll(resp.Body)
		var w struct{ Description string }
		_ = json.Unmarshal(data, &w)
		return w.Description
	}
	if text := send(http.MethodGet, nil); text != "" {
		send(http.MethodPut, map[string]string{"description": e.edit(text)})
	}
	return ran{}
}

// editedNow edits the first issue's description at one moment.
func editedNow(server *fakegitlab.Server, edit func(string) string) {
	var w struct{ Description string }
	const path = "/projects/acme%2Fproduction/issues/1"
	if err := json.Unmarshal([]byte(server.MustDo("plan", http.MethodGet, path, "")), &w); err != nil {
		panic(err)
	}
	body, _ := json.Marshal(map[string]string{"description": edit(w.Description)})
	server.MustDo("plan", http.MethodPut, path, string(body))
}

// meet runs an encounter in every order in which one of two is interrupted once, at each point, by everything that the other does; and in a
// number of other random orders, the same ones each time.
func (e encounter) meet(t *testing.T, edition fakegitlab.Edition, others int) {
	var actors []actor
	for _, c := range e.typed {
		actors = append(actors, c.act)
	}
	if e.edit != nil {
		actors = append(actors, e.editing)
	}
	start := newLab(t, setup{config: oneAtATime, edition: edition})
	for _, c := range e.story {
		own := *start
		own.user = c.user
		own.must(t, c.args...)
	}
	points := 0
	for first := range actors {
		for cut := 0; len(actors) == 2; cut++ {
			turns := 0
			e.runOrder(t, start.copy(), actors, func(waiting []int) int {
				own := slices.Index(waiting, first)
				if own >= 0 && (turns < cut || len(waiting) == 1) {
					turns++
					return own
				}
				return slices.IndexFunc(waiting, func(run int) bool { return run != first })
			})
			points++
			if turns < cut {
				break
			}
		}
	}
	draw := rand.New(rand.NewPCG(1, uint64(len(e.name))))
	for n := range others {
		last, stays := -1, []float64{0, 0.5, 0.8}[n%3]
		e.runOrder(t, start.copy(), actors, func(waiting []int) int {
			at := slices.Index(waiting, last)
			if at < 0 || draw.Float64() >= stays {
				at = draw.IntN(len(waiting))
			}
			last = waiting[at]
			return at
		})
	}
	t.Logf("%d orders with one interruption, %d random ones", points, others)
	if len(actors) == 2 && points < 8 {
		t.Errorf("only %d points at which one is interrupted", points)
	}
}

// runOrder runs one order of requests, as choose decides, and checks the outcome.
func (e encounter) runOrder(t *testing.T, l *lab, actors []actor, choose func([]int) int) {
	var path []int
	results, _ := l.play(newTurnstile(l.wire), actors, func(waiting []int) int {
		n := choose(waiting)
		path = append(path, waiting[n])
		return n
	})
	end := &outcome{lab: l, results: results}
	end.issue, end.notes = l.queueIssue(t, 1)
	if trouble := e.trouble(t, end); trouble != "" {
		var output []string
		for _, r := range results {
			output = append(output, fmt.Sprintf("exit %d: %s", r.code, r.errors))
		}
		t.Fatalf("order %v: %s\n%s\n%q %s\n%s\n%s", path, trouble, strings.Join(output, "\n"), end.issue.Labels, end.issue.State, end.issue.Description, strings.Join(l.requests(), "\n"))
	}
}

func (e encounter) trouble(t *testing.T, end *outcome) string {
	lost := false
	for n, r := range end.results[:len(e.typed)] {
		warned := r.code == 3 && strings.Contains(r.errors, "was edited by @plan")
		lost = lost || warned
		if r.code != 0 && !slices.Contains(e.exits[n], r.code) && !(warned && e.edit != nil) {
			return fmt.Sprintf("run %d ends with %d", n, r.code)
		}
	}
	if e.edit != nil && !lost && !strings.Contains(end.issue.Description, "by hand") {
		return "the edit is lost without a warning"
	}
	if e.stale { // saving an older text removes the words of others; the next run restores them
		end.again(t, e)
	}
	kind, reconciler, states := incident.Kind, eventlog.Reconciler(incident.Reconciler{Labels: incidentRules}), 0
	for _, s := range []string{incidentRules.Active, incidentRules.Mitigated, incidentRules.Resolved, incidentRules.Reviewed} {
		if end.issue.Has(s) {
			states++
		}
	}
	if end.issue.Has(changeRules.Change) {
		kind, reconciler = change.Kind, change.Reconciler{Labels: changeRules}
		for _, s := range change.States() {
			if name := changeRules.State(s); name != "" && end.issue.Has(name) {
				states++
			}
		}
	}
	if left, err := reconciler.Reconcile(end.issue, end.notes); err != nil || !left.Empty() {
		return fmt.Sprintf("the issue does not agree with its comments: %+v, %v", left, err)
	}
	if duplicates := eventlog.Duplicates(end.notes, kind); len(duplicates) != 0 {
		return fmt.Sprintf("duplicates %+v", duplicates)
	}
	if e.edit == nil && !slices.ContainsFunc(end.results, func(r ran) bool { return r.code == 0 }) {
		return "all are refused"
	}
	if states != 1 {
		return fmt.Sprintf("%d state labels", states)
	}
	for _, w := range e.words {
		if strings.Count(end.issue.Description, w) != 1 {
			return fmt.Sprintf("%q is not there exactly once", w)
		}
	}
	if e.check != nil {
		return e.check(t, end)
	}
	return ""
}

// again runs the first command once more.
func (o *outcome) again(t *testing.T, e encounter) {
	own := *o.lab
	own.user = e.typed[0].user
	if r := own.run(e.typed[0].args...); r.code != 0 && !slices.Contains(e.exits[0], r.code) {
		t.Errorf("retried: exit %d: %s", r.code, r.errors)
	}
	o.issue, o.notes = o.queueIssue(t, 1)
}

// record is the record of a change.
func (o *outcome) record() change.Record { return change.Read(o.issue.Description, o.issue.CreatedAt) }

// events are the events of a verb.
func (o *outcome) events(verb change.Verb) (list []eventlog.Event) {
	for _, e := range eventlog.Events(o.notes, change.Kind) {
		if change.Verb(e.Verb) == verb {
			list = append(list, e)
		}
	}
	return list
}

// editsOf are edits of a person, by place.
func editsOf() map[string]func(string) string {
	return map[string]func(string) string{
		"prose": func(d string) string { return "Looked at by hand.\n\n" + d },
		"record": func(d string) string {
			for _, key := range []string{"cause:", "environment:"} {
				if head, tail, ok := strings.Cut(d, "\n"+key); ok {
					_, tail, _ = strings.Cut(tail, "\n")
					return head + "\n" + key + " found by hand\n" + tail
				}
			}
			return d
		},
		"timeline": func(d string) string {
			head, tail, ok := strings.Cut(d, "<!-- prodctl:timeline end")
			if !ok {
				return "Looked at by hand.\n\n" + d
			}
			return head + "- 16:00 restarted by hand\n<!-- prodctl:timeline end" + tail
		},
	}
}

func queueEncounters() []encounter {
	opened := says("mara", "incident", "open", "Registry returns 500s", "-s", "S2", "--started", "40m")
	mitigated := says("mara", "incident", "mitigate", "1", "-m", "Failed over")
	planned := func(class string) typed {
		return says("rep", "change", "open", "Move the database", "--criticality", class, "--start", "2018-08-24 16:00", "--duration", "30m", "--rollback", "move it back",
			"--environment", "production", "--service", "db")
	}
	state := func(want incident.State) func(*testing.T, *outcome) string {
		return func(_ *testing.T, o *outcome) string {
			if got := incident.Of(o.issue, incidentRules).State; got != want {
				return fmt.Sprintf("it is %s", got)
			}
			return ""
		}
	}
	changeState := func(want change.State) func(*testing.T, *outcome) string {
		return func(_ *testing.T, o *outcome) string {
			if got := change.Of(o.issue, changeRules).State; got != want {
				return fmt.Sprintf("it is %s", got)
			}
			return ""
		}
	}
	return []encounter{
		{name: "update and update", story: []typed{opened}, words: []string{"First words.", "Second words."}, check: state(incident.Active),
			typed: []typed{says("mara", "incident", "update", "1", "-m", "First words.", "-s", "S1"), says("dev", "incident", "update", "1", "-m", "Second words.", "--service", "web")}},
		{name: "update twice", story: []typed{opened}, words: []string{"The same words."},
			typed: []typed{says("mara", "incident", "update", "1", "-m", "The same words."), says("mara", "incident", "update", "1", "-m", "The same words.")}},
		{name: "update and mitigate", story: []typed{opened}, words: []string{"First words.", "Failed over."}, check: state(incident.Mitigated),
			typed: []typed{says("mara", "incident", "update", "1", "-m", "First words."), says("rep", "incident", "mitigate", "1", "-m", "Failed over.")}},
		{name: "mitigate and resolve", story: []typed{opened}, check: state(incident.Resolved), exits: map[int][]int{0: {5}},
			typed: []typed{says("mara", "incident", "mitigate", "1", "-m", "Failed over."), says("dev", "incident", "resolve", "1", "-m", "Disk replaced.")}},
		{name: "resolve and reopen", story: []typed{opened, mitigated}, exits: map[int][]int{1: {5}},
			typed: []typed{says("mara", "incident", "resolve", "1", "-m", "Disk replaced."), says("dev", "incident", "reopen", "1", "-m", "They are back.")}},
		{name: "approve and approve", story: []typed{planned("C1")}, check: approvedByBoth,
			typed: []typed{says("mara", "change", "approve", "1"), says("dev", "change", "approve", "1")}},
		{name: "approve twice", story: []typed{planned("C2")}, check: changeState(change.Approved),
			typed: []typed{says("mara", "change", "approve", "1"), says("mara", "change", "approve", "1")}},
		{name: "start and start", story: []typed{planned("C2"), says("mara", "change", "approve", "1")}, check: changeState(change.InProgress),
			exits: map[int][]int{0: {5}, 1: {5}},
			typed: []typed{says("rep", "change", "start", "1"), says("dev", "change", "start", "1")}},
		{name: "start and abort", story: []typed{planned("C2"), says("mara", "change", "approve", "1")}, check: changeState(change.Aborted), exits: map[int][]int{0: {5}},
			typed: []typed{says("rep", "change", "start", "1"), says("dev", "change", "abort", "1", "-m", "Not tonight")}},
		{name: "finish and abort", story: []typed{planned("C3"), says("mara", "change", "approve", "1"), says("rep", "change", "start", "1")},
			exits: map[int][]int{0: {5}, 1: {5}}, check: endedOnce,
			typed: []typed{says("rep", "change", "finish", "1"), says("dev", "change", "abort", "1", "-m", "Not tonight")}},
	}
}

// creations are two or three people who create the same at once.
func creations() []encounter {
	opened := says("mara", "incident", "open", "Registry returns 500s", "-s", "S2")
	record := func(user, outcome string) typed {
		return says(user, "change", "record", "--type", "deployment", "--key", "deploy-7", "--environment", "production", "--outcome", outcome)
	}
	attempts := func(want int) func(*testing.T, *outcome) string {
		return func(t *testing.T, o *outcome) string {
			got := max(1, o.record().Attempts)
			if got < want || got != 1+len(o.events(change.Recorded)) || o.issue.Open() {
				return fmt.Sprintf("%d attempts, and the record is %s", got, o.issue.State)
			}
			return oneIssue(t, o)
		}
	}
	words := []string{"First words.", "Second words.", "Third words."}
	return []encounter{
		{name: "open and open", check: oneIssue, typed: []typed{opened, says("dev", "incident", "open", "Registry returns 500s", "-s", "S2")}},
		{name: "record twice", check: attempts(1), typed: []typed{record("mara", "success"), record("dev", "success")}},
		{name: "record success and failure", check: attempts(2), typed: []typed{record("mara", "success"), record("dev", "failure")}},
		{name: "three open", check: oneIssue, typed: []typed{opened, says("dev", "incident", "open", "Registry returns 500s", "-s", "S2"), opened}},
		{name: "three record", check: attempts(2), typed: []typed{record("mara", "success"), record("dev", "failure"), record("dev", "success")}},
		{name: "three update", story: []typed{opened}, words: words, typed: []typed{says("mara", "incident", "update", "1", "-m", words[0]),
			says("dev", "incident", "update", "1", "-m", words[1], "-s", "S1"), says("rep", "incident", "mitigate", "1", "-m", words[2])}},
	}
}

// oneIssue wants one issue that is not retired, which all runs print.
func oneIssue(_ *testing.T, o *outcome) string {
	live := 0
	for _, i := range o.server.Snapshot().Project(prod).Issues {
		if !retired(i.State, i.Description, i.Labels) {
			live++
		}
	}
	if live != 1 {
		return fmt.Sprintf("%d issues", live)
	}
	for n, r := range o.results {
		if !strings.Contains(r.out, "acme/production/-/issues/1\n") {
			return fmt.Sprintf("run %d prints another one: %s", n, r.out)
		}
	}
	return ""
}

// What several people create at once is created once.
func TestConcurrentCreation(t *testing.T) {
	t.Parallel()
	for n, e := range creations() {
		for _, edition := range []fakegitlab.Edition{fakegitlab.Free, fakegitlab.Premium} {
			t.Run(e.name+" on "+string(edition), func(t *testing.T) {
				t.Parallel()
				slow(t, n)
				e.meet(t, edition, 24)
			})
		}
	}
}

// approvedByBoth wants a C1 that both approved.
func approvedByBoth(_ *testing.T, o *outcome) string {
	if got := change.Of(o.issue, changeRules).State; got != change.Approved {
		return fmt.Sprintf("it is %s", got)
	}
	by := o.record().ApprovedBy
	slices.Sort(by)
	if !slices.Equal(by, []string{"dev", "mara"}) {
		return fmt.Sprintf("approved by %q", by)
	}
	return ""
}

// approvedAsItIs wants that a change that can be started was approved with its current text.
func approvedAsItIs(_ *testing.T, o *outcome) string {
	own := *o.lab
	own.user = "rep"
	if change.Of(o.issue, changeRules).State != change.Approved || own.run("change", "start", "1", "-q").code != 0 {
		return ""
	}
	digest := change.PlanDigest(o.issue.Title, o.issue.Description)
	for _, e := range o.events(change.Approve) {
		if e.Fields[change.FieldPlan] == digest {
			return ""
		}
	}
	return "it was started, but nobody approved its current text"
}

// endedOnce wants a change that is either complete or aborted, by label and record.
func endedOnce(_ *testing.T, o *outcome) string {
	r := o.record()
	switch s := change.Of(o.issue, changeRules).State; {
	case o.issue.Open():
		return "it is open"
	case s == change.Complete && !r.FinishedAt.IsZero() && r.AbortedAt.IsZero(), s == change.Aborted && r.FinishedAt.IsZero() && !r.AbortedAt.IsZero():
		return ""
	default:
		return fmt.Sprintf("it is %s, finished at %s, aborted at %s", s, r.FinishedAt, r.AbortedAt)
	}
}

// Two people act on one issue at once: no message is lost, and labels, record and timeline agree with the comments.
func TestTwoWritersOnOneIssue(t *testing.T) {
	t.Parallel()
	for n, e := range queueEncounters() {
		for _, edition := range []fakegitlab.Edition{fakegitlab.Free, fakegitlab.Premium} {
			t.Run(e.name+" on "+string(edition), func(t *testing.T) {
				t.Parallel()
				slow(t, n)
				e.meet(t, edition, 16)
			})
		}
	}
}

// slow skips all but the first encounter under the race detector.
func slow(t *testing.T, n int) {
	t.Helper()
	if raceEnabled && n > 0 {
		t.Skip("hundreds of orders take too long under the race detector")
	}
}

// A person edits the description while two others record events: the edit is there in the end, or whoever overwrote it got a warning.
func TestManualEditAtAnyPoint(t *testing.T) {
	t.Parallel()
	for n, e := range queueEncounters() {
		for place, edit := range editsOf() {
			t.Run(e.name+", "+place, func(t *testing.T) {
				t.Parallel()
				slow(t, n)
				both := e
				both.edit = edit
				if strings.HasPrefix(e.typed[0].args[0], "change") { // an edit of the plan needs a new approval
					both.exits, both.check = map[int][]int{0: {5}, 1: {5}}, approvedAsItIs
				}
				both.meet(t, fakegitlab.Free, 8)
				alone := both
				alone.typed, alone.words = e.typed[:1], e.words[:min(1, len(e.words))]
				if e.typed[0].args[0] == "incident" {
					alone.exits, alone.check = nil, nil
				}
				alone.meet(t, fakegitlab.Premium, 0)
				alone.stale = true
				alone.meet(t, fakegitlab.Free, 0)
			})
		}
	}
}
