package cli_test

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// caller is a user who runs a command, with the exit codes of writing and of reading commands.
type caller struct {
	name  string
	user  string
	seed  func(*fakegitlab.Seed)
	write int
	read  int
	hint  string // part of a refusal and its hint
}

// callers returns users with all roles, and users whom GitLab refuses for any other reason. For a project that is hidden from the
// token the exit code is 1, since GitLab answers as for a wrong path.
func callers() []caller {
	account := func(name string, u fakegitlab.SeedUser) func(*fakegitlab.Seed) {
		return func(s *fakegitlab.Seed) {
			u.Username = name
			s.Users = append(s.Users, u)
			s.Groups[0].Members = append(s.Groups[0].Members, fakegitlab.SeedMember{User: name, Role: "maintainer"})
		}
	}
	return []caller{
		{name: "maintainer", user: "mara"},
		{name: "developer", user: "dev"},
		{name: "reporter", user: "rep"},
		{name: "planner", user: "plan"},
		{name: "guest", user: "guest", write: 4, hint: "the Planner or Reporter role"},
		{name: "stranger", user: "stranger", write: 1, read: 1, hint: "that the token may see it"},
		{name: "archived", user: "mara", write: 4, hint: "prodctl doctor", seed: func(s *fakegitlab.Seed) {
			s.Projects[0].Archived, s.Projects[1].Archived = true, true
		}},
		{name: "read_api", user: "reader", write: 4, hint: "Create a token with the scope api", seed: account("reader", fakegitlab.SeedUser{Scopes: []string{"read_api"}})},
		{name: "no scope", user: "scopeless", write: 4, read: 4, hint: "Create a token with the scope api", seed: account("scopeless", fakegitlab.SeedUser{Scopes: []string{"read_user"}})},
		{name: "expired", user: "late", write: 4, read: 4, hint: "prodctl auth login", seed: account("late", fakegitlab.SeedUser{Expires: "2018-08-24"})},
		{name: "revoked", user: "gone", write: 4, read: 4, hint: "prodctl auth login", seed: account("gone", fakegitlab.SeedUser{Revoked: true})},
		{name: "blocked", user: "barred", write: 4, read: 4, hint: "prodctl doctor", seed: account("barred", fakegitlab.SeedUser{Blocked: true})},
		{name: "unknown token", user: "nobody", write: 4, read: 4, hint: "prodctl auth login"},
	}
}

// errand is a command, in a GitLab where it has something to do.
type errand struct {
	name  string
	setup setup
	args  []string
	plan  []string // command that saves the file PLAN first, as a maintainer
	about []string // a refusal names one of these
}

func writingErrands() []errand {
	ended := setup{carried: 2, done: 1}
	byGroup := setup{carried: 2, done: 1, group: true}
	bare := setup{seed: func(s *fakegitlab.Seed) { s.Projects[0].Milestones, s.Projects[0].Issues = nil, nil }}
	messy := setup{config: "labels:\n  builtin: false\n  declare: [{name: toil, color: '#aabbcc'}, {name: 'weight::3', color: '#001122'}]\n",
		seed: func(s *fakegitlab.Seed) {
			s.Projects[0].Labels = append(s.Projects[0].Labels, fakegitlab.SeedLabel{Name: "nobody's"})
		}}
	return []errand{
		{"milestone ensure", bare, []string{"milestone", "ensure", "--yes"}, nil, []string{"milestone"}},
		{"milestone roll", ended, []string{"milestone", "roll", "--yes"}, nil, []string{"milestone"}},
		{"milestone sweep", sweepWorld, []string{"milestone", "sweep", "--yes"}, nil, []string{"milestone", "issue"}},
		{"milestone plan --fill", fillWorld, []string{"milestone", "plan", "--fill", "--yes"}, nil, []string{"milestone", "issue"}},
		{"milestone plan --fill, late", fillWorld, []string{"milestone", "plan", "--fill", "--current", "--yes"}, nil, []string{"milestone", "issue"}},
		{"milestone roll of a group", byGroup, []string{"milestone", "roll", "--yes"}, nil, []string{"milestone"}},
		{"milestone roll from a plan", ended, []string{"apply", "PLAN", "--yes"}, []string{"milestone", "roll"}, []string{"milestone"}},
		{"label apply", messy, []string{"label", "apply", "--yes"}, nil, []string{"label"}},
		{"label apply --prune", messy, []string{"label", "apply", "--prune", "--yes"}, nil, []string{"label", "board"}},
		{"label apply on a group", byGroup, []string{"label", "apply", "--yes"}, nil, []string{"label"}},
		{"board init", setup{}, []string{"board", "init", "--yes"}, nil, []string{"label", "board"}},
		{"board move", ended, []string{"board", "move", "1", "waiting"}, nil, []string{"issue", "role"}},
		{"board move to completed", ended, []string{"board", "move", "1", "completed"}, nil, []string{"issue", "role"}},
		{"issue priority", ended, []string{"issue", "priority", "1", "--urgency", "U1", "--impact", "I3"}, nil, []string{"issue", "role"}},
		{"lint --fix", fixable(), []string{"lint", "--fix", "--yes"}, nil, []string{"label", "board", "issue", "milestone", "role"}},
	}
}

func readingErrands() []errand {
	world := setup{carried: 1, done: 2}
	list := []errand{
		{"roll --dry-run of a group", setup{carried: 1, group: true}, []string{"milestone", "roll", "--dry-run"}, nil, []string{"milestone"}},
	}
	for _, line := range []string{"milestone list", "milestone show", "milestone velocity", "milestone plan", "milestone roll --dry-run", "milestone ensure --dry-run",
		"label list --counts", "label plan --prune", "board show --ages all", "board init --dry-run", "issue ready 1", "issue list", "goal list",
		"issue show 1", "lint"} {
		args := strings.Fields(line)
		list = append(list, errand{line, world, args, nil, []string{"milestone", "label", "board", "issue"}})
	}
	return list
}

// as returns the errand's GitLab for the caller, and the arguments of the command.
func (e errand) as(t *testing.T, c caller) (*lab, []string) {
	t.Helper()
	world, own := e.setup, e.setup.seed
	world.seed = func(s *fakegitlab.Seed) {
		if own != nil {
			own(s)
		}
		if c.seed != nil {
			c.seed(s)
		}
	}
	l := newLab(t, world)
	args := slices.Clone(e.args)
	if e.plan != nil {
		file := filepath.Join(t.TempDir(), "plan.json")
		l.must(t, append(slices.Clone(e.plan), "--plan-file", file)...)
		args[slices.Index(args, "PLAN")] = file
		l.server.ResetRequests()
	}
	l.user = c.user
	return l, args
}

// Every writing command by every caller: users with a sufficient role get the same result as a maintainer, others a clear refusal
// before anything is written.
func TestWritingCommandsByRole(t *testing.T) {
	t.Parallel()
	for _, e := range writingErrands() {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			l, args := e.as(t, caller{user: "mara"})
			l.must(t, args...)
			want := l.picture()
			for _, c := range callers() {
				if c.name == "archived" && e.setup.group {
					continue // groups are not archived: see TestGroupRollLeavesArchivedProjectsAlone
				}
				l, args := e.as(t, c)
				before := l.picture()
				r := l.run(append(args, "-o", "json")...)
				if c.write == 0 {
					if diff := cmp.Diff(want, l.picture()); r.code != 0 || diff != "" {
						t.Errorf("%s: exit %d (-maintainer +%s)\n%s%s", c.name, r.code, c.name, diff, r.errors)
					}
					continue
				}
				l.refused(t, c, e, r, c.write)
				if diff := cmp.Diff(before, l.picture()); diff != "" {
					t.Errorf("%s: refused, but it changed\n%s", c.name, diff)
				}
			}
		})
	}
}

// Every reading command by every caller. A guest can read.
func TestReadingCommandsByRole(t *testing.T) {
	t.Parallel()
	for _, e := range readingErrands() {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			l, args := e.as(t, caller{user: "mara"})
			want := l.must(t, append(args, "-o", "json")...).out
			for _, c := range callers() {
				l, args := e.as(t, c)
				r := l.run(append(args, "-o", "json")...)
				if c.read != 0 {
					l.refused(t, c, e, r, c.read)
				} else if diff := cmp.Diff(want, r.out); r.code != 0 || diff != "" && c.name != "archived" {
					t.Errorf("%s: exit %d (-maintainer +%s)\n%s%s", c.name, r.code, c.name, diff, r.errors)
				}
				if _, writes := l.count(); writes != 0 {
					t.Errorf("%s: a reading command writes:\n%s", c.name, strings.Join(l.requests(), "\n"))
				}
			}
		})
	}
}

// refused checks the exit code of a run, that its error says what was refused and its hint what to do, and that GitLab carried out
// no write.
func (l *lab) refused(t *testing.T, c caller, e errand, r ran, code int) {
	t.Helper()
	doc := lastError(t, r)
	named := slices.ContainsFunc(e.about, func(word string) bool { return strings.Contains(doc.Message, word) }) ||
		strings.HasPrefix(doc.Message, "project acme/") && strings.HasSuffix(doc.Message, " not found") || doc.Message == "group acme not found"
	if r.code != code || doc.Code != code || !named || !strings.Contains(doc.Message, "acme") {
		t.Errorf("%s: exit %d, want %d and something about %q:\n%s", c.name, r.code, code, e.about, r.errors)
	}
	if !strings.Contains(doc.Message+doc.Hint, c.hint) {
		t.Errorf("%s: the hint is %q, want %q", c.name, doc.Hint, c.hint)
	}
	for _, sent := range l.server.Requests() {
		if sent.Method != http.MethodGet && sent.Status < 300 {
			t.Errorf("%s: refused after %s %s was carried out", c.name, sent.Method, sent.Path)
		}
	}
}

// lastError returns the error object of a failed run in JSON mode.
func lastError(t *testing.T, r ran) jsonv1.Error {
	t.Helper()
	var doc jsonv1.Error
	if err := json.Unmarshal([]byte(r.errors), &doc); err != nil || doc.Kind != jsonv1.KindError {
		t.Fatalf("exit %d; standard error is not one error object (%v):\n%s", r.code, err, r.errors)
	}
	return doc
}

// GitLab ignores fields that a caller may not set, and still answers 200: an author can close an issue, but not change its labels or its
// milestone. So the role is checked before.
func TestAuthorWithoutRole(t *testing.T) {
	t.Parallel()
	own := func(s *fakegitlab.Seed) {
		for n := range s.Projects[0].Issues {
			s.Projects[0].Issues[n].Author = "guest"
		}
	}
	t.Run("board move", func(t *testing.T) {
		t.Parallel()
		l := newLab(t, setup{carried: 1, seed: own})
		l.user = "guest"
		before := l.picture()
		r := l.run("board", "move", "1", "waiting", "-o", "json")
		if doc := lastError(t, r); r.code != 4 || !strings.Contains(doc.Message, "role in "+infra) {
			t.Errorf("exit %d: %s", r.code, r.errors)
		}
		if diff := cmp.Diff(before, l.picture()); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("the rest of a roll", func(t *testing.T) {
		t.Parallel()
		l := newLab(t, setup{carried: 2, seed: own})
		fault, err := fakegitlab.ParseFault("PUT /projects/*/issues/* every=1 status=503")
		if err != nil {
			t.Fatal(err)
		}
		l.server.AddFault(fault)
		if r := l.run("milestone", "roll", "--yes"); r.code != 3 {
			t.Fatalf("exit %d: %s", r.code, r.errors)
		}
		l.calm()
		l.user = "guest"
		before := l.picture()
		r := l.run("milestone", "roll", "--yes", "-o", "json")
		if doc := lastError(t, r); r.code != 4 || !strings.Contains(doc.Message, "role in "+infra) {
			t.Errorf("exit %d: %s", r.code, r.errors)
		}
		if diff := cmp.Diff(before, l.picture()); diff != "" {
			t.Error(diff)
		}
	})
}

// A member of the project only cannot change milestones of the group above it.
func TestProjectMemberAndGroupMilestones(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{group: true, carried: 1, seed: func(s *fakegitlab.Seed) {
		s.Users = append(s.Users, fakegitlab.SeedUser{Username: "local"})
		s.Projects[0].Members = []fakegitlab.SeedMember{{User: "local", Role: "owner"}}
	}})
	l.user = "local"
	before := l.picture()
	l.must(t, "milestone", "roll", "--dry-run")
	r := l.run("milestone", "roll", "--yes", "-o", "json")
	if doc := lastError(t, r); r.code != 4 || !strings.Contains(doc.Hint, "in group acme") {
		t.Errorf("exit %d: %s", r.code, r.errors)
	}
	if diff := cmp.Diff(before, l.picture()); diff != "" {
		t.Error(diff)
	}
}

// Issues of an archived project are not moved, and do not block the roll of the group's milestones.
func TestGroupRollIgnoresArchivedProjects(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{group: true, carried: 1, seed: func(s *fakegitlab.Seed) {
		s.Projects = append(s.Projects, fakegitlab.SeedProject{Path: "acme/attic", Archived: true,
			Issues: []fakegitlab.SeedIssue{{Title: "Old", Milestone: "Current Milestone"}}})
	}})
	l.must(t, "milestone", "roll", "--yes")
	shot := l.server.Snapshot()
	if got := shot.Project("acme/attic").Issues[0].Milestone; got != "2018-08-24 Milestone" {
		t.Errorf("the archived issue is in %q", got)
	}
	if got := shot.Project(infra).Issues[0].Milestone; got != "Current Milestone" {
		t.Errorf("the carried issue is in %q", got)
	}
	l.server.ResetRequests()
	l.must(t, "milestone", "roll", "--yes")
	if _, writes := l.count(); writes != 0 {
		t.Errorf("it is tried again:\n%s", strings.Join(l.requests(), "\n"))
	}
}

// With a role in one of two projects, the steps in the first are done and the others are reported.
func TestRoleInOnePlaceOnly(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{config: oneAtATime + "labels:\n  builtin: false\n  declare: [{name: ours, color: '#aabbcc'}]\nboard:\n  columns: [{name: ours, label: ours}]\n",
		seed: func(s *fakegitlab.Seed) {
			s.Projects[0].Members = []fakegitlab.SeedMember{{User: "guest", Role: "reporter"}}
		}})
	l.user = "guest"
	r := l.run("label", "apply", "--yes", "-o", "json")
	doc := lastError(t, r)
	if r.code != 3 || !strings.Contains(doc.Message, "acme/production") || !strings.Contains(doc.Hint, "in project acme/production") {
		t.Errorf("exit %d: %s", r.code, r.errors)
	}
	if !strings.Contains(r.out, `"done"`) || !strings.Contains(r.out, `"failed"`) {
		t.Errorf("the result does not list the steps:\n%s", r.out)
	}
}

// Disabled issues are hidden from everybody: the milestones roll without them, a move is refused before anything is written, and
// doctor reports it.
func TestIssuesDisabled(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{carried: 1, seed: func(s *fakegitlab.Seed) { s.Projects[0].IssuesDisabled = true }})
	before := l.picture()
	for _, column := range []string{"waiting", "completed"} {
		r := l.run("board", "move", "1", column, "-o", "json")
		if doc := lastError(t, r); r.code != 1 || !strings.Contains(doc.Message, infra+"#1") || doc.Hint == "" {
			t.Errorf("board move 1 %s: exit %d: %s", column, r.code, r.errors)
		}
	}
	if r := l.run("doctor"); r.code != 1 || !strings.Contains(r.out, "issues") {
		t.Errorf("doctor: exit %d\n%s", r.code, r.out)
	}
	for _, line := range []string{"milestone show", "board show", "milestone roll --dry-run"} {
		l.must(t, strings.Fields(line)...)
	}
	if diff := cmp.Diff(before, l.picture()); diff != "" {
		t.Error(diff)
	}
	l.must(t, "milestone", "roll", "--yes")
	if got := l.server.Snapshot().Project(infra); got.Issues[0].Milestone != "2018-08-24 Milestone" || len(got.Milestones) != 4 {
		t.Errorf("after the roll: %+v", got)
	}
}

// Doctor and auth status report to every caller what is wrong, with the exit code of a refusal, and write nothing.
func TestDoctorByRole(t *testing.T) {
	t.Parallel()
	for _, c := range callers() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l, _ := errand{setup: setup{config: "labels:\n  builtin: false\n", seed: func(s *fakegitlab.Seed) {
				s.Projects[0].Labels, s.Projects[0].Boards = nil, nil
			}}}.as(t, c)
			before := l.picture()
			r := l.run("doctor", "-o", "json")
			if c.write == 0 && r.code != 0 || c.write != 0 && r.code == 0 {
				t.Errorf("doctor: exit %d\n%s%s", r.code, r.out, r.errors)
			}
			if c.write != 0 && (!strings.Contains(r.out, `"fail"`) || !strings.Contains(r.out, `"fix"`)) {
				t.Errorf("doctor finds nothing to fix:\n%s", r.out)
			}
			want := 0
			if c.read == 4 && c.name != "no scope" { // read_user is enough to identify the user
				want = 4
			}
			if r := l.run("auth", "status", "-o", "json"); r.code != want {
				t.Errorf("auth status: exit %d, want %d\n%s%s", r.code, want, r.out, r.errors)
			}
			if diff := cmp.Diff(before, l.picture()); diff != "" {
				t.Error(diff)
			}
			for _, sent := range l.server.Requests() {
				if sent.Method != http.MethodGet && sent.Status < 300 {
					t.Errorf("%s %s was carried out", sent.Method, sent.Path)
				}
			}
		})
	}
}
