package cli_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// tasks returns who has something to do because of a mention or an assignment, as "user action project#number", and marks it as done.
func (l *lab) tasks() (list []string) {
	for _, user := range []string{"mara", "dev", "rep", "plan", "guest"} {
		for _, state := range []string{"pending", "done"} {
			var todos []struct {
				Action string `json:"action_name"`
				Target struct {
					References struct{ Full string }
				}
			}
			answer := l.server.MustDo(user, "GET", "/todos?per_page=100&state="+state, "")
			if err := json.Unmarshal([]byte(answer), &todos); err != nil {
				panic(err)
			}
			for _, t := range todos {
				list = append(list, user+" "+strings.Replace(t.Action, "directly_addressed", "mentioned", 1)+" "+t.Target.References.Full)
			}
		}
		l.server.MustDo(user, "POST", "/todos/mark_as_done", "")
	}
	return list
}

// activity returns the number of people's comments and the state of each issue.
func (l *lab) activity() map[string]string {
	all := map[string]string{}
	for _, p := range l.server.Snapshot().Projects {
		for _, i := range p.Issues {
			all[fmt.Sprintf("%s#%d", p.Path, i.IID)] = fmt.Sprintf("%s, %d comments", i.State, len(commentsOf(i)))
		}
	}
	return all
}

// notifying are commands that mention or assign people, or notify an issue's participants.
func notifying() []scenario {
	list := slices.Concat(queueScenarios(), handoffScenarios(), handoffPostScenarios(), reportScenarios(), workScenarios())
	add := func(name string, args []string, story ...invocation) {
		list = append(list, scenario{name: name, args: args, story: story})
	}
	opened := says("mara", "incident", "open", "Registry returns 500s", "-s", "S2")
	add("incident open for somebody", []string{"incident", "open", "Registry returns 500s", "-s", "S1", "--assign", "dev,@rep", "-m", "@guest saw it, see `@plan`"})
	list[len(list)-1].setup.edition = fakegitlab.Premium // has several assignees
	for n := range list {
		if list[n].name == "rad open" {
			list[n].setup.edition = fakegitlab.Premium // it has two assignees
		}
	}
	add("incident open again for somebody", []string{"incident", "open", "Registry returns 500s", "-s", "S2", "--assign", "dev"}, opened)
	add("incident action for somebody", []string{"incident", "action", "1", "Alert before the disk is full", "--owner", "rep"}, opened)
	add("change open for somebody", []string{"change", "open", "Restart @dev", "--criticality", "C3", "--start", "2018-08-30 10:00", "--duration", "20m", "--executor", "rep"})
	add("board move to the last column", []string{"board", "move", "infrastructure#1", "Completed", "--yes"})
	add("roll", []string{"milestone", "roll", "--yes"})
	list[len(list)-1].setup = setup{carried: 5, done: 1}
	return list
}

// TestDryRunSaysWhoIsNotified compares what --dry-run announces with what GitLab does when the same command runs.
func TestDryRunSaysWhoIsNotified(t *testing.T) {
	t.Parallel()
	mentions, assigned := 0, 0
	for _, s := range notifying() {
		t.Run(s.name, func(t *testing.T) {
			l, args := s.prepare(t)
			l.tasks()
			old, before := l.tasks(), l.activity()
			var doc jsonv1.Plan
			dry := l.run(append(slices.Clone(args), "--dry-run", "-o", "json", "--quiet=false")...)
			if dry.code != 0 || json.Unmarshal([]byte(dry.out), &doc) != nil {
				t.Fatalf("exit %d, no plan: %s%s", dry.code, dry.out, dry.errors)
			}
			table := l.run(append(slices.Clone(args), "--dry-run", "-o", "md", "--quiet=false")...)
			l.must(t, args...)
			announced := announcedIn(doc, l.activity(), before)
			var done []string
			for _, task := range l.tasks() {
				if !slices.Contains(old, task) && !slices.Contains(done, task) {
					done = append(done, task)
				}
			}
			for _, task := range done {
				if !slices.Contains(announced, task) {
					t.Errorf("not announced: %s\nannounced: %q", task, announced)
				}
			}
			for _, task := range announced {
				who, what, _ := strings.Cut(task, " ")
				if !strings.HasPrefix(task, l.user+" ") && !slices.Contains(done, task) {
					t.Errorf("announced, and did not happen: %s\nhappened: %q", task, done)
				}
				if !strings.Contains(strings.ReplaceAll(table.out+table.errors, "\u200b", ""), "@"+who) {
					t.Errorf("the table does not name @%s:\n%s%s", who, table.out, table.errors)
				}
				mentions += strings.Count(what, "mentioned")
				assigned += strings.Count(what, "assigned")
			}
			if !s.setup.noLinks { // without links, prodctl adds comments instead; only GitLab's answer shows that
				checkParticipants(t, doc, before, l.activity())
			}
		})
	}
	if mentions < 2 || assigned < 4 {
		t.Errorf("only %d mentions and %d assignments: the scenarios show nothing", mentions, assigned)
	}
}

// announcedIn returns what the plan announces, in the form of tasks. A new issue is the one that exists afterwards.
func announcedIn(doc jsonv1.Plan, after, before map[string]string) (list []string) {
	for _, n := range doc.Notifies {
		object := n.Object
		if n.New {
			object = ""
			for ref := range after {
				if before[ref] == "" && strings.HasPrefix(ref, n.Object+"#") {
					object = ref
				}
			}
		}
		for _, name := range n.Mentions {
			list = append(list, strings.ToLower(name)+" mentioned "+object)
		}
		for _, name := range n.Assignees {
			list = append(list, name+" assigned "+object)
		}
	}
	return list
}

// checkParticipants requires that the participants of every issue that gets a comment, or another state, are announced.
func checkParticipants(t *testing.T, doc jsonv1.Plan, before, after map[string]string) {
	t.Helper()
	for ref, now := range after {
		was := before[ref]
		if was == now {
			continue
		}
		project, _, _ := strings.Cut(ref, "#")
		if !slices.ContainsFunc(doc.Notifies, func(n jsonv1.Notice) bool {
			return n.Participants && (n.Object == ref || was == "" && n.New && n.Object == project)
		}) {
			t.Errorf("%s was %q and is %q; announced: %+v", ref, was, now, doc.Notifies)
		}
	}
}

// TestDryRunNamesMentionsOfATemplate announces whom the team's own template mentions, in every format.
func TestDryRunNamesMentionsOfATemplate(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{config: "incidents:\n  template: incident.md\n"})
	l.ownDir(t)
	l.file(t, "incident.md", "{summary}\n\nAsk @dev and `@rep`.\n\n{timeline}\n\n{record}\n")
	for _, format := range []string{"table", "json", "md", "yaml"} {
		r := l.must(t, "incident", "open", "Registry returns 500s", "-m", "@guest saw it", "--dry-run", "-o", format)
		text := strings.ReplaceAll(r.out+r.errors, "\u200b", "")
		if !strings.Contains(text, "mentions @dev\n") && !strings.Contains(text, "mentions @dev\"") && !strings.Contains(text, "mentions @dev'") {
			t.Errorf("%s does not name @dev, or names more:\n%s", format, text)
		}
	}
}
