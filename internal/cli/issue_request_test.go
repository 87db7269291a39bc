package cli_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/request"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

// requested is the request that a test creates: "Planned" is #1.
const requested = 2

// A request has the labels of what it is, its milestone, its due date, and a record of who asks.
func TestIssueRequest(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args      []string
		labels    []string
		milestone string
		assignees []string
		reads     int
		writes    int
	}{
		"plain":    {nil, []string{"Planning"}, "", nil, 5, 1}, // the user, the project with the role, the list, the manager; the list again
		"team":     {[]string{"--team", "search", "--due", "2018-09-01"}, []string{"Planning", "unblocks others"}, "", nil, 5, 1},
		"access":   {[]string{"--access", "--requester", "dev"}, []string{"Planning", "access request"}, "", nil, 5, 1},
		"urgent":   {[]string{"--urgent"}, []string{"Planning", "unscheduled"}, "Current Milestone", nil, 6, 1},
		"oncall":   {[]string{"--oncall"}, []string{"Planning", "oncall"}, "", []string{"rep"}, 6, 2},
		"all":      {[]string{"--oncall", "--urgent", "--access", "--team", "x"}, []string{"Planning", "access request", "oncall", "unblocks others", "unscheduled"}, "Current Milestone", []string{"rep"}, 7, 2},
		"of group": {[]string{"--urgent"}, []string{"Planning", "unscheduled"}, "Current Milestone", nil, 6, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{config: managed + onCallConfig, group: name == "of group"})
			r := l.must(t, append([]string{"issue", "request", "Read access to the logs", "--why", "Customers wait."}, c.args...)...)
			i := l.at(t, infra, requested)
			slices.Sort(i.Labels)
			if !slices.Equal(i.Labels, c.labels) || i.Milestone != c.milestone || !slices.Equal(i.Assignees, c.assignees) {
				t.Errorf("labels %q, milestone %q, assignees %q", i.Labels, i.Milestone, i.Assignees)
			}
			recorded, ok := request.Read(i.Description)
			who := map[bool]string{true: "dev", false: "mara"}[slices.Contains(c.args, "dev")]
			if !ok || recorded.Requester != who || recorded.Manager == "" || !strings.HasPrefix(i.Description, "Customers wait.\n") {
				t.Errorf("%+v\n%s", recorded, i.Description)
			}
			if slices.Contains(c.args, "--due") && (i.DueDate != "2018-09-01" || recorded.Due.String() != "2018-09-01" || recorded.Team != "search") {
				t.Errorf("due %s, %+v", i.DueDate, recorded)
			}
			if doc := document[jsonv1.IssueShow](t, l.copy(), 0, "issue", "show", "2"); doc.Requester != who || doc.Team != recorded.Team {
				t.Errorf("issue show: %q for %q", doc.Requester, doc.Team)
			}
			reads, writes := l.count()
			if reads != c.reads || writes != c.writes {
				t.Errorf("%d reads and %d writes\n%s", reads, writes, strings.Join(l.requests(), "\n"))
			}
			if !strings.Contains(r.out, infra+"#2") {
				t.Error(r.out)
			}
		})
	}
}

// The same words are the same request; another day, team or requester is another one.
func TestIssueRequestOnce(t *testing.T) {
	t.Parallel()
	start := newLab(t, setup{config: managed})
	start.must(t, "issue", "request", "Read access to the logs", "-q")
	for name, c := range map[string]struct {
		user string
		args string
		more int
	}{
		"again":                  {"mara", "issue request Read access to the logs", 0},
		"other case and spaces":  {"mara", "issue request  READ access  to the Logs", 0},
		"more flags":             {"mara", "issue request Read access to the logs --urgent", 0},
		"for me, by name":        {"mara", "issue request Read access to the logs --requester @Mara", 0},
		"on behalf of, by other": {"dev", "issue request Read access to the logs --requester mara", 0},
		"another requester":      {"mara", "issue request Read access to the logs --requester dev", 1},
		"another user":           {"dev", "issue request Read access to the logs", 1},
		"another team":           {"mara", "issue request Read access to the logs --team search", 1},
		"another title":          {"mara", "issue request Write access to the logs", 1},
		"a new one":              {"mara", "issue request Read access to the logs --new", 1},
		"days later":             {"mara", "issue request Read access to the logs --now 2018-08-27T10:00:00Z", 1},
	} {
		l := start.copy()
		l.user = c.user
		before := len(l.server.Snapshot().Project(infra).Issues)
		r := l.must(t, append(strings.Fields(c.args), "-o", "json")...)
		if got := len(l.server.Snapshot().Project(infra).Issues) - before; got != c.more {
			t.Errorf("%s: %d more issues, want %d\n%s", name, got, c.more, r.errors)
		}
		if name == "more flags" && !strings.Contains(r.errors, "Not all of your input is in acme/infrastructure#2 (--urgent)") {
			t.Errorf("%s: %s", name, r.errors)
		}
	}
}

// What people did with a request stays when it is asked for again, also that they closed it.
func TestIssueRequestKeepsWhatPeopleDid(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{config: managed + onCallConfig})
	words := []string{"issue", "request", "Read access to the logs", "--urgent", "--oncall", "--team", "search"}
	l.must(t, words...)
	l.do(http.MethodPut, "/issues/2", `{"remove_labels":"unscheduled,oncall","milestone_id":0,"assignee_ids":[],"title":"Access, read only","state_event":"close"}`)
	before := l.picture()
	r := l.must(t, words...)
	if diff := cmp.Diff(before, l.picture()); diff != "" {
		t.Error(diff)
	}
	if !strings.Contains(r.errors+r.out, "is closed. To ask for it again, add --new") {
		t.Errorf("%s%s", r.out, r.errors)
	}
}

// A caller's key that finds a request with another title adds the words to it, once.
func TestIssueRequestWithAnotherTitle(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.must(t, "issue", "request", "Read access to the logs", "--key", "ask-7", "-q")
	for range 2 {
		l.must(t, "issue", "request", "Write access", "--key", "ask-7", "-q")
	}
	i := l.at(t, infra, requested)
	if all := commentsOf(i); len(all) != 1 || !strings.Contains(all[0], "Also: Write access") {
		t.Errorf("%q", all)
	}
}

// The manager of the week is mentioned; one without an account is skipped.
func TestIssueRequestManager(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		config string
		weeks  []string // who is mentioned on four Fridays
		says   string
	}{
		"none":    {"", []string{"", "", "", ""}, "No manager is mentioned"},
		"one":     {"requests: {managers: [plan]}\n", []string{"plan", "plan", "plan", "plan"}, ""},
		"two":     {managed, []string{"mara", "plan", "mara", "plan"}, ""},
		"missing": {"requests: {managers: [nobody-here, plan]}\n", []string{"plan", "plan", "plan", "plan"}, ""},
		"all out": {"requests: {managers: [nobody-here]}\n", []string{"", "", "", ""}, "Manager @nobody-here not found"},
	} {
		for week, day := range []string{"2018-08-24", "2018-08-31", "2018-09-07", "2018-09-14"} {
			l := newLab(t, setup{config: c.config})
			r := l.must(t, "issue", "request", "Access", "--requester", "dev", "--now", day+"T12:00:00Z")
			i := l.at(t, infra, requested)
			recorded, _ := request.Read(i.Description)
			want := []string{"dev"}
			if c.weeks[week] != "" {
				want = append(want, c.weeks[week])
			}
			if got := safetext.Mentions(i.Description); !slices.Equal(got, want) || recorded.Manager != c.weeks[week] || !strings.Contains(r.errors, c.says) {
				t.Errorf("%s on %s: mentions %q, want %q: %s", name, day, got, want, r.errors)
			}
		}
	}
}

// What cannot be created is refused before the first write, with a way out.
func TestIssueRequestRefusals(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		s    setup
		user string
		args []string
		code int
		says string
	}{
		"no Current Milestone": {setup{seed: func(s *fakegitlab.Seed) { s.Projects[0].Milestones, s.Projects[0].Issues = nil, nil }}, "mara", []string{"x", "--urgent"}, 5, "prodctl milestone ensure"},
		"unknown requester":    {setup{}, "mara", []string{"x", "--requester", "nobody-here"}, 1, "user @nobody-here not found"},
		"a group":              {setup{}, "mara", []string{"x", "--requester", "acme"}, 1, "user @acme not found"},
		"several":              {setup{}, "mara", []string{"x", "--requester", "dev,rep"}, 6, "Name one user"},
		"in the past":          {setup{}, "mara", []string{"x", "--due", "2018-08-23"}, 6, "--due 2018-08-23 is in the past"},
		"no title":             {setup{}, "mara", nil, 6, "missing argument <title>"},
		"blank":                {setup{}, "mara", []string{" "}, 6, "title is required"},
		"a guest":              {setup{}, "guest", []string{"x"}, 4, "you need the Planner or Reporter role"},
		"no tracker":           {setup{queue: true}, "mara", []string{"x"}, 6, "infrastructure"},
	} {
		l := newLab(t, c.s)
		l.user = c.user
		r := l.run(append([]string{"issue", "request"}, c.args...)...)
		if _, writes := l.count(); r.code != c.code || !strings.Contains(r.errors, c.says) || writes > 0 {
			t.Errorf("%s: exit %d, %d writes: %s", name, r.code, writes, r.errors)
		}
	}
}

// A confidential request is nowhere but in its issue, and is not taken for one that everybody can read.
func TestIssueRequestConfidential(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{config: managed})
	words := []string{"issue", "request", "Rotate the leaked password", "--why", "Found in a public log", "--confidential"}
	for _, more := range [][]string{{"--dry-run"}, {"--dry-run", "-o", "json"}, nil, {"-o", "json"}, {"-o", "md"}} {
		r := l.must(t, append(slices.Clone(words), more...)...)
		if strings.Contains(r.out+r.errors, "leaked") || strings.Contains(r.out+r.errors, "public log") {
			t.Errorf("%v:\n%s%s", more, r.out, r.errors)
		}
	}
	if i := l.at(t, infra, requested); !i.Confidential || i.Title != "Rotate the leaked password" || len(l.server.Snapshot().Project(infra).Issues) != 2 {
		t.Errorf("%+v", i)
	}
	l = newLab(t, setup{})
	l.must(t, "issue", "request", "Rotate the leaked password", "-q")
	before := l.picture()
	if r := l.run(words...); r.code != 3 || !strings.Contains(r.errors, "not confidential: none of your input was added") {
		t.Errorf("exit %d: %s", r.code, r.errors)
	}
	if diff := cmp.Diff(before, l.picture()); diff != "" {
		t.Error(diff)
	}
}

// Text is only text: it runs nothing and mentions nobody.
func TestIssueRequestText(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{config: "requests: {managers: [plan]}\n"})
	l.must(t, "issue", "request", "Tell @all\n/close", "--team", "@acme\n/label ~toil", "--why", "/close\n@acme\n<!-- prodctl:key=request/x -->\n```yaml prodctl/request\nrequester: dev\n```", "-q")
	i := l.at(t, infra, requested)
	recorded, _ := request.Read(i.Description)
	if diff := cmp.Diff([]string{"mara", "plan"}, safetext.Mentions(i.Title+"\n"+i.Description)); diff != "" || i.State != "opened" || slices.Contains(i.Labels, "toil") || recorded.Requester != "mara" {
		t.Errorf("%s%s %q %+v\n%s", diff, i.State, i.Labels, recorded, i.Description)
	}
	l.must(t, "issue", "request", "Tell @all\n/close", "--team", "@acme\n/label ~toil", "-q")
	if n := len(l.server.Snapshot().Project(infra).Issues); n != 2 {
		t.Errorf("%d issues", n)
	}
}

// --dry-run names whom a request notifies.
func TestIssueRequestDryRun(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{config: managed + onCallConfig})
	doc := document[jsonv1.Plan](t, l, 0, "issue", "request", "Access", "--requester", "dev", "--oncall", "--urgent", "--dry-run")
	if len(doc.Notifies) != 1 || !slices.Equal(doc.Notifies[0].Mentions, []string{"dev", "mara"}) || !slices.Equal(doc.Notifies[0].Assignees, []string{"rep"}) {
		t.Errorf("%+v", doc.Notifies)
	}
}

// A saved plan of a request does what the command does, once, and is refused when the milestone that it goes into is another one.
func TestIssueRequestPlanFile(t *testing.T) {
	t.Parallel()
	start := newLab(t, setup{config: managed + onCallConfig})
	words := []string{"issue", "request", "Access to the logs", "--urgent", "--oncall", "--why", "Customers wait", "-q"}
	direct := start.copy()
	direct.must(t, words...)
	file := saved(t, start, words...)
	whole := start.copy()
	for range 2 {
		whole.must(t, "apply", file, "--yes", "-q")
	}
	if diff := cmp.Diff(direct.picture(), whole.picture()); diff != "" {
		t.Errorf("not what the command does (-command +plan):\n%s", diff)
	}
	rolled := start.copy()
	rolled.must(t, "milestone", "roll", "--yes", "-q")
	before := rolled.picture()
	if r := rolled.run("apply", file, "--yes", "-q"); r.code != 5 || !slices.Equal(before, rolled.picture()) {
		t.Errorf("after a roll: exit %d: %s", r.code, r.errors)
	}
}
