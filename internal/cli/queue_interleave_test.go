package cli_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/label"
)

// encounter is several people who act on one issue of the production queue at the same time.
type encounter struct {
	name     string
	story    []invocation
	commands []invocation                      // concurrent commands
	edit     func(description string) string   // an edit by another person, at any point; nil: none
	editor   string                            // who edits; empty: plan
	midway   bool                              // updates of issues are interrupted also between their check and their save
	stale    bool                              // the edit is based on an older text than the one it replaces
	exits    map[int][]int                     // allowed exit codes other than 0, by index in commands
	words    []string                          // texts that are in the description exactly once, in the end
	check    func(*testing.T, *outcome) string // returns what is wrong in the end; may be nil
}

// outcome is the result of an encounter.
type outcome struct {
	*lab
	results []ran
	issue   issue.Issue // the first issue of the queue
	notes   []issue.Note
}

var (
	changeRules   = change.LabelsOf(label.Spelling{})
	incidentRules = incident.LabelsOf(label.Spelling{}, "service:{service}")
)

// says returns a command of a user.
func says(user string, args ...string) invocation { return invocation{user, append(args, "-q")} }

func (e invocation) act(own *lab) ran {
	own.user = e.user
	return own.runIn(context.Background(), e.args...)
}

// editing edits the first issue's description in the web interface: the text is read and saved at the same moment,
// or saved later.
func (e encounter) editing(own *lab) ran {
	g := own.wire.(gate)
	if !e.stale {
		g.wait(g.run, nil)
		editedNow(own.server, e.who(), e.edit)
		return ran{}
	}
	send := func(method string, body any) (text string) {
		data, _ := json.Marshal(body)
		r, err := http.NewRequest(method, "https://gitlab.example.test/api/v4/projects/acme%2Fproduction/issues/1", bytes.NewReader(data))
		if err != nil {
			return ""
		}
		r.Header.Set("PRIVATE-TOKEN", "sandbox-"+e.who())
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

// who is the user who edits.
func (e encounter) who() string { return cmp.Or(e.editor, "plan") }

// editedNow edits the first issue's description immediately.
func editedNow(server *fakegitlab.Server, who string, edit func(string) string) {
	var w struct{ Description string }
	const path = "/projects/acme%2Fproduction/issues/1"
	if err := json.Unmarshal([]byte(server.MustDo(who, http.MethodGet, path, "")), &w); err != nil {
		panic(err)
	}
	body, _ := json.Marshal(map[string]string{"description": edit(w.Description)})
	server.MustDo(who, http.MethodPut, path, string(body))
}

// meet runs an encounter in every order in which one of two is interrupted once, at each point, by everything the
// other does, and in a number of random orders, which are the same in each run.
func (e encounter) meet(t *testing.T, edition fakegitlab.Edition, others int) {
	var actors []actor
	for _, cmd := range e.commands {
		actors = append(actors, cmd.act)
	}
	if e.edit != nil {
		actors = append(actors, e.editing)
	}
	start := newLab(t, setup{config: oneAtATime, edition: edition})
	for _, cmd := range e.story {
		own := *start
		own.user = cmd.user
		own.must(t, cmd.args...)
	}
	later := start.now.Add(5 * time.Minute) // the runs of the story are over
	start = start.copyWith(func(o *fakegitlab.Options) { o.Now = func() time.Time { return later } })
	start.now = later
	points := 0
	for first := range actors {
		for cut := 0; len(actors) == 2; cut++ {
			turns := 0
			e.once(t, start.copy(), actors, func(waiting []int) int {
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
		e.once(t, start.copy(), actors, func(waiting []int) int {
			at := slices.Index(waiting, last)
			if at < 0 || draw.Float64() >= stays {
				at = draw.IntN(len(waiting))
			}
			last = waiting[at]
			return at
		})
	}
	t.Logf("%d orders with one interruption, %d others by chance", points, others)
	if len(actors) == 2 && points < 8 {
		t.Errorf("only %d points at which one is interrupted", points)
	}
}

// once runs one order of requests, as chosen by choose, and checks the result.
func (e encounter) once(t *testing.T, l *lab, actors []actor, choose func([]int) int) {
	var path []int
	turns := newTurnstile(nil)
	if e.midway {
		turns.middle = "/issues/"
		l = l.copyWith(func(o *fakegitlab.Options) { o.BetweenCheckAndSave = turns.between })
	}
	turns.inner = l.wire
	results, _ := l.play(turns, actors, func(waiting []int) int {
		n := choose(waiting)
		path = append(path, waiting[n])
		return n
	})
	end := &outcome{lab: l, results: results}
	end.issue, end.notes = l.queueIssue(t, 1)
	if trouble := e.trouble(t, end); trouble != "" {
		var messages []string
		for _, r := range results {
			messages = append(messages, fmt.Sprintf("exit %d: %s", r.code, r.errors))
		}
		t.Fatalf("order %v: %s\n%s\n%q %s\n%s\n%s", path, trouble, strings.Join(messages, "\n"), end.issue.Labels, end.issue.State, end.issue.Description, strings.Join(l.requests(), "\n"))
	}
}

func (e encounter) trouble(t *testing.T, end *outcome) string {
	lost := false
	for n, r := range end.results[:len(e.commands)] {
		reported := r.code == 3 && strings.Contains(r.errors, "was edited by @"+e.who())
		lost = lost || reported
		outdated := r.code == 3 && strings.Contains(r.errors, "is not the one that you read") // it was approved before the edit
		if r.code != 0 && !slices.Contains(e.exits[n], r.code) && !((reported || outdated) && e.edit != nil) {
			return fmt.Sprintf("run %d ends with %d", n, r.code)
		}
	}
	if e.edit != nil && !lost && !strings.Contains(end.issue.Description, "by hand") {
		return "what a person wrote is lost, and not reported"
	}
	if e.stale { // a person who saves a stale text removes what others wrote; the next run restores it
		end.rerun(t, e)
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
	if len(end.issue.Doubled) > 0 {
		return fmt.Sprintf("%q are there twice", end.issue.Doubled)
	}
	if states != 1 {
		return fmt.Sprintf("%d state labels", states)
	}
	for _, w := range e.words {
		if strings.Count(end.issue.Description, w) != 1 {
			return fmt.Sprintf("%q does not stand there once", w)
		}
	}
	if e.check != nil {
		return e.check(t, end)
	}
	return ""
}

// rerun runs the first command once more. If it is refused, because the plan of a change has been edited, the next command on the issue is
// another one.
func (o *outcome) rerun(t *testing.T, e encounter) {
	own := *o.lab
	own.user = e.commands[0].user
	r := own.run(e.commands[0].args...)
	if r.code != 0 && !slices.Contains(e.exits[0], r.code) {
		t.Errorf("rerun: exit %d: %s", r.code, r.errors)
	}
	if r.code == 5 && e.commands[0].args[0] == "change" {
		own.run("change", "abort", "1", "-m", "Not tonight")
	}
	o.issue, o.notes = o.queueIssue(t, 1)
}

// record returns the record of a change.
func (o *outcome) record() change.Record { return change.Read(o.issue.Description, o.issue.CreatedAt) }

// entries returns the events of a verb.
func (o *outcome) entries(verb change.Verb) (list []eventlog.Event) {
	for _, e := range eventlog.Events(o.notes, change.Kind) {
		if change.Verb(e.Verb) == verb {
			list = append(list, e)
		}
	}
	return list
}

// editsOf are the places where a person may write.
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
	planned := func(class string) invocation {
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
	stands := func(want change.State) func(*testing.T, *outcome) string {
		return func(_ *testing.T, o *outcome) string {
			if got := change.Of(o.issue, changeRules).State; got != want {
				return fmt.Sprintf("it is %s", got)
			}
			return ""
		}
	}
	return []encounter{
		{name: "update and update", story: []invocation{opened}, words: []string{"First words.", "Second words."}, check: state(incident.Active),
			commands: []invocation{says("mara", "incident", "update", "1", "-m", "First words.", "-s", "S1"), says("dev", "incident", "update", "1", "-m", "Second words.", "--service", "web")}},
		{name: "update twice", story: []invocation{opened}, words: []string{"The same words."},
			commands: []invocation{says("mara", "incident", "update", "1", "-m", "The same words."), says("mara", "incident", "update", "1", "-m", "The same words.")}},
		{name: "update and mitigate", story: []invocation{opened}, words: []string{"First words.", "Failed over."}, check: state(incident.Mitigated),
			commands: []invocation{says("mara", "incident", "update", "1", "-m", "First words."), says("rep", "incident", "mitigate", "1", "-m", "Failed over.")}},
		{name: "mitigate and resolve", story: []invocation{opened}, check: bothTimes, exits: map[int][]int{0: {5}},
			commands: []invocation{says("mara", "incident", "mitigate", "1", "-m", "Failed over."), says("dev", "incident", "resolve", "1", "-m", "Disk replaced.")}},
		{name: "resolve and reopen", story: []invocation{opened, mitigated}, exits: map[int][]int{1: {5}},
			commands: []invocation{says("mara", "incident", "resolve", "1", "-m", "Disk replaced."), says("dev", "incident", "reopen", "1", "-m", "They are back.")}},
		{name: "approve and approve", story: []invocation{planned("C1")}, check: approvedByBoth,
			commands: []invocation{says("mara", "change", "approve", "1"), says("dev", "change", "approve", "1")}},
		{name: "approve twice", story: []invocation{planned("C2")}, check: stands(change.Approved),
			commands: []invocation{says("mara", "change", "approve", "1"), says("mara", "change", "approve", "1")}},
		{name: "start and start", story: []invocation{planned("C2"), says("mara", "change", "approve", "1")}, check: stands(change.InProgress),
			exits:    map[int][]int{0: {5}, 1: {5}},
			commands: []invocation{says("rep", "change", "start", "1"), says("dev", "change", "start", "1")}},
		{name: "start and abort", story: []invocation{planned("C2"), says("mara", "change", "approve", "1")}, check: stands(change.Aborted), exits: map[int][]int{0: {5}},
			commands: []invocation{says("rep", "change", "start", "1"), says("dev", "change", "abort", "1", "-m", "Not tonight")}},
		{name: "finish and abort", story: []invocation{planned("C3"), says("mara", "change", "approve", "1"), says("rep", "change", "start", "1")},
			exits: map[int][]int{0: {5}, 1: {5}}, check: endedOnce,
			commands: []invocation{says("rep", "change", "finish", "1"), says("dev", "change", "abort", "1", "-m", "Not tonight")}},
	}
}

// makings are two, and sometimes three, people who create the same thing at the same time.
func makings() []encounter {
	opened := says("mara", "incident", "open", "Registry returns 500s", "-s", "S2")
	record := func(user, outcome string) invocation {
		return says(user, "change", "record", "--type", "deployment", "--key", "deploy-7", "--environment", "production", "--outcome", outcome)
	}
	attempts := func(want int) func(*testing.T, *outcome) string {
		return func(t *testing.T, o *outcome) string {
			attempts := max(1, o.record().Attempts)
			if attempts < want || attempts != 1+len(o.entries(change.Recorded)) || o.issue.Open() {
				return fmt.Sprintf("%d attempts, and the record is %s", attempts, o.issue.State)
			}
			return oneIssue(t, o)
		}
	}
	words := []string{"First words.", "Second words.", "Third words."}
	return []encounter{
		{name: "open and open", check: oneIssue, commands: []invocation{opened, says("dev", "incident", "open", "Registry returns 500s", "-s", "S2")}},
		{name: "record twice", check: attempts(1), commands: []invocation{record("mara", "success"), record("dev", "success")}},
		{name: "record success and failure", check: attempts(2), commands: []invocation{record("mara", "success"), record("dev", "failure")}},
		{name: "two deployments again", story: []invocation{redeploy("mara", 1, "success")}, check: recordedJobs(3),
			commands: []invocation{redeploy("mara", 2, "success"), redeploy("dev", 3, "success")}},
		{name: "one deployment again, reported twice", story: []invocation{redeploy("mara", 1, "success")}, check: recordedJobs(2),
			commands: []invocation{redeploy("mara", 2, "success"), redeploy("dev", 2, "success")}},
		{name: "a failure and a success of one job", story: []invocation{redeploy("mara", 1, "success")}, check: recordedJobs(2),
			commands: []invocation{redeploy("mara", 2, "failure"), redeploy("dev", 2, "success")}},
		{name: "three open", check: oneIssue, commands: []invocation{opened, says("dev", "incident", "open", "Registry returns 500s", "-s", "S2"), opened}},
		{name: "three record", check: attempts(2), commands: []invocation{record("mara", "success"), record("dev", "failure"), record("dev", "success")}},
		{name: "three update", story: []invocation{opened}, words: words, commands: []invocation{says("mara", "incident", "update", "1", "-m", words[0]),
			says("dev", "incident", "update", "1", "-m", words[1], "-s", "S1"), says("rep", "incident", "mitigate", "1", "-m", words[2])}},
	}
}

// oneIssue requires one visible issue, which all runs have reported.
func oneIssue(_ *testing.T, o *outcome) string {
	live := 0
	for _, i := range o.server.Snapshot().Project(prod).Issues {
		if !retired(i.State, i.Description, i.Labels) {
			live++
		}
	}
	if live != 1 {
		return fmt.Sprintf("%d issues in sight", live)
	}
	for n, r := range o.results {
		if !strings.Contains(r.out, "acme/production/-/issues/1\n") {
			return fmt.Sprintf("run %d names another one: %s", n, r.out)
		}
	}
	return ""
}

// TestConcurrentCreatesOpenOneIssue checks that people who create the same thing at the same time create it once.
func TestConcurrentCreatesOpenOneIssue(t *testing.T) {
	t.Parallel()
	for n, e := range makings() {
		for _, edition := range []fakegitlab.Edition{fakegitlab.Free, fakegitlab.Premium} {
			t.Run(e.name+" on "+string(edition), func(t *testing.T) {
				t.Parallel()
				if raceEnabled && n > 0 || !sampled(4, "24 of "+e.name, int(n), len(edition)) {
					slow(t)
				}
				e.meet(t, edition, 24)
			})
		}
	}
}

// bothTimes requires a resolved incident with the times of all that was recorded.
func bothTimes(_ *testing.T, o *outcome) string {
	inc := incident.Of(o.issue, incidentRules)
	recorded := func(v incident.Verb) bool {
		return slices.ContainsFunc(eventlog.Events(o.notes, incident.Kind), func(e eventlog.Event) bool { return incident.Verb(e.Verb) == v })
	}
	if inc.State != incident.Resolved || inc.Record.ResolvedAt.IsZero() || inc.Record.MitigatedAt.IsZero() == recorded(incident.Mitigate) {
		return fmt.Sprintf("it is %s, mitigated at %s, resolved at %s", inc.State, inc.Record.MitigatedAt, inc.Record.ResolvedAt)
	}
	return ""
}

// approvedByBoth requires a C1 that both have approved.
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

// approvedAsItIs requires that a change that can be started was approved with its current text.
func approvedAsItIs(_ *testing.T, o *outcome) string {
	own := *o.lab
	own.user = "rep"
	if change.Of(o.issue, changeRules).State != change.Approved || own.run("change", "start", "1", "-q").code != 0 {
		return ""
	}
	digest := change.Of(o.issue, changeRules).Digest()
	for _, e := range o.entries(change.Approve) {
		if e.Fields[change.FieldPlan] == digest {
			return ""
		}
	}
	return "it was started, though nobody has approved it as it is"
}

// endedOnce requires a change that ended in one way, with the times of all that was recorded.
func endedOnce(_ *testing.T, o *outcome) string {
	r := o.record()
	switch s := change.Of(o.issue, changeRules).State; {
	case o.issue.Open():
		return "it is open"
	case r.FinishedAt.IsZero() != (len(o.entries(change.Finish)) == 0), r.AbortedAt.IsZero() != (len(o.entries(change.Abort)) == 0):
		return fmt.Sprintf("finished at %s, aborted at %s: not what was recorded", r.FinishedAt, r.AbortedAt)
	case s == change.Complete && !r.FinishedAt.IsZero(), s == change.Aborted && !r.AbortedAt.IsZero():
		return ""
	default:
		return fmt.Sprintf("it is %s, finished at %s, aborted at %s", s, r.FinishedAt, r.AbortedAt)
	}
}

// TestTwoOnOneIssueAtOnce runs two commands on one issue concurrently: nobody's text is lost, and labels, record and
// timeline agree with the comments.
func TestTwoOnOneIssueAtOnce(t *testing.T) {
	t.Parallel()
	for n, e := range queueEncounters() {
		for _, edition := range []fakegitlab.Edition{fakegitlab.Free, fakegitlab.Premium} {
			t.Run(e.name+" on "+string(edition), func(t *testing.T) {
				t.Parallel()
				if raceEnabled && n > 0 || edition == fakegitlab.Premium && !sampled(3, e.name) {
					slow(t)
				}
				e.meet(t, edition, 16)
			})
		}
	}
}

// TestTwoUpdatesAtOnce runs two commands on one issue whose updates of the issue overlap in GitLab, which then stores labels twice or
// answers 409: in the end each label is there once.
func TestTwoUpdatesAtOnce(t *testing.T) {
	t.Parallel()
	opened := says("mara", "incident", "open", "Registry returns 500s", "-s", "S2", "--started", "40m")
	same := func(verb string) encounter {
		return encounter{name: verb + " and " + verb, story: []invocation{opened}, commands: []invocation{
			says("mara", "incident", verb, "1", "-m", "First words.", "-s", "S1"), says("dev", "incident", verb, "1", "-m", "Second words.", "--service", "web")}}
	}
	for n, e := range append(queueEncounters(), same("mitigate"), same("resolve")) {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			if raceEnabled && n > 0 || !sampled(6, e.name) {
				slow(t)
			}
			e.midway = true
			e.meet(t, fakegitlab.Community, 8)
		})
	}
}

// TestEditAtAnyPoint edits the description while two others write: the person's text is still there in the end, or
// the run that overwrote it reported so.
func TestEditAtAnyPoint(t *testing.T) {
	t.Parallel()
	for n, e := range queueEncounters() {
		for place, edit := range editsOf() {
			t.Run(e.name+", "+place, func(t *testing.T) {
				t.Parallel()
				if raceEnabled && n > 0 || !sampled(6, e.name+place) {
					slow(t)
				}
				both := e
				both.edit = edit
				if strings.HasPrefix(e.commands[0].args[0], "change") { // an edit may change the plan, which must then be approved again
					both.exits, both.check = map[int][]int{0: {5}, 1: {5}}, approvedAsItIs
				}
				both.meet(t, fakegitlab.Free, 8)
				alone := both
				alone.commands, alone.words = e.commands[:1], e.words[:min(1, len(e.words))]
				if e.commands[0].args[0] == "incident" {
					alone.exits, alone.check = nil, nil
				}
				alone.meet(t, fakegitlab.Premium, 0)
				inBrowser := alone
				inBrowser.editor = e.commands[0].user
				inBrowser.meet(t, fakegitlab.Free, 0)
				alone.stale = true
				alone.meet(t, fakegitlab.Free, 0)
			})
		}
	}
}
