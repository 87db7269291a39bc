package cli_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// move moves an issue by hand and returns its number in the other project.
func (l *lab) move(t testing.TB, from string, iid int, to string) int {
	t.Helper()
	var project struct{ ID int }
	var moved struct{ IID int }
	path := func(project string) string { return "/projects/" + strings.ReplaceAll(project, "/", "%2F") }
	answer := l.server.MustDo("mara", "GET", path(to), "")
	if err := json.Unmarshal([]byte(answer), &project); err != nil {
		t.Fatal(err)
	}
	answer = l.server.MustDo("mara", "POST", fmt.Sprintf("%s/issues/%d/move", path(from), iid), fmt.Sprintf(`{"to_project_id":%d}`, project.ID))
	if err := json.Unmarshal([]byte(answer), &moved); err != nil {
		t.Fatal(err)
	}
	return moved.IID
}

// at returns an issue of a project.
func (l *lab) at(t testing.TB, project string, iid int) fakegitlab.IssueState {
	t.Helper()
	for _, i := range l.server.Snapshot().Project(project).Issues {
		if i.IID == iid {
			return i
		}
	}
	t.Fatalf("%s#%d not found", project, iid)
	return fakegitlab.IssueState{}
}

// movingCase is a command that acts on the first issue of a project, which is moved to another one.
type movingCase struct {
	scenario
	from, to string
}

// movingCases are all commands that act on one issue.
func movingCases() (all []movingCase) {
	for _, s := range queueScenarios() {
		if len(s.args) > 2 && s.args[2] == "1" && s.setup.edition != fakegitlab.Premium && !s.setup.noLinks {
			all = append(all, movingCase{s, prod, infra})
		}
	}
	for _, s := range handoffScenarios() {
		if s.setup.edition != fakegitlab.Premium {
			all = append(all, movingCase{s, infra, prod})
		}
	}
	move := scenario{name: "board move", args: []string{"board", "move", "1", "in-progress", "-q"}, setup: setup{carried: 1}}
	close := scenario{name: "board move to Completed", args: []string{"board", "move", "1", "completed", "-q"}, setup: setup{carried: 1}}
	rate := scenario{name: "issue priority", args: []string{"issue", "priority", "1", "--urgency", "U1", "--impact", "I3", "-q"}, setup: setup{carried: 1}}
	return append(all, movingCase{move, infra, prod}, movingCase{close, infra, prod}, movingCase{rate, infra, prod})
}

var (
	noteNumber = regexp.MustCompile(`\b70\d{4}\b(:[0-9a-f]{4}\b)?|\bprodctl:id=p[0-9a-f]{20}\b`)
	reference  = regexp.MustCompile(`(?:acme/)?(?:infrastructure|production)?#\d+`)
)

// leftOf is what the command leaves of an issue, without the numbers that a move changes.
func leftOf(i fakegitlab.IssueState) string {
	var comments []string
	for _, c := range commentsOf(i) {
		comments = append(comments, reference.ReplaceAllString(noteNumber.ReplaceAllString(c, "N"), "REF"))
	}
	numbers := map[string]bool{}
	text := noteNumber.ReplaceAllStringFunc(reference.ReplaceAllString(i.Description, "REF"), func(id string) string {
		if id, _, _ = strings.Cut(id, ":"); id != "prodctl" {
			numbers[id] = true
		}
		return "N"
	})
	return fmt.Sprintf("%s %q %q\n%d comments in the record\n%s\n%s", i.State, i.Labels, i.Assignees, len(numbers), text, strings.Join(comments, "\n--\n"))
}

// movingSeed adds the issue of a case that no earlier command opens.
func movingSeed(name string) func(*fakegitlab.Seed) {
	if name == "incident adopt" {
		return openedByHand
	}
	return func(*fakegitlab.Seed) {}
}

// prepareIn prepares a lab in which both trackers have the same labels.
func (c movingCase) prepareIn(t testing.TB) (*lab, []string) {
	t.Helper()
	own := movingSeed(c.name)
	c.setup.seed = func(s *fakegitlab.Seed) {
		own(s)
		for _, name := range []string{"incident", "change", "change request", "S1", "S2", "C2", "Incident::Active", "Incident::Mitigated", "Incident::Resolved",
			"Incident::Reviewed", "change::scheduled", "Change::Go", "change::in-progress", "change::complete", "change::aborted", "service:registry",
			"service:web", "service:db", "Ready_to_Handoff", "In Progress", "AP2"} {
			s.Groups[0].Labels = append(s.Groups[0].Labels, fakegitlab.SeedLabel{Name: name, Color: "#c0c0c0"})
		}
	}
	return c.prepare(t)
}

// Every command on an issue that was moved does there what it would have done here, once, and says where.
func TestMovedIssueIsFollowed(t *testing.T) {
	t.Parallel()
	for _, c := range movingCases() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			stays, args := c.prepareIn(t)
			moves := stays.copy()
			stays.must(t, args...)
			want := leftOf(stays.at(t, c.from, 1))
			iid := moves.move(t, c.from, 1, c.to)
			source := moves.at(t, c.from, 1)
			loud := loud(args)
			dry := moves.copy()
			if r := dry.run(append(loud, "--dry-run")...); r.code != 0 || !strings.Contains(r.errors, fmt.Sprintf("moved to %s#%d", c.to, iid)) {
				t.Errorf("--dry-run: exit %d\n%s%s", r.code, r.out, r.errors)
			}
			for range 2 { // the second time nothing changes
				r := moves.must(t, loud...)
				if says := fmt.Sprintf("%s#1 was moved to %s#%d", c.from, c.to, iid); !strings.Contains(r.out+r.errors, says) {
					t.Errorf("it does not say %q:\n%s%s", says, r.out, r.errors)
				}
				if diff := cmp.Diff(want, leftOf(moves.at(t, c.to, iid))); diff != "" {
					t.Errorf("(-not moved +moved):\n%s", diff)
				}
			}
			if diff := cmp.Diff(source, moves.at(t, c.from, 1), cmpLinks); diff != "" {
				t.Errorf("the closed one has changed:\n%s", diff)
			}
		})
	}
}

// loud is a command line without -q.
func loud(args []string) []string {
	return slices.DeleteFunc(slices.Clone(args), func(arg string) bool { return arg == "-q" })
}

// cmpLinks ignores the links, which a moved issue shares with the closed one that stays.
var cmpLinks = cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".Links" }, cmp.Ignore())

// An issue that is moved between any two requests of a command gets all of what the command does where it is then.
func TestMovedMeanwhile(t *testing.T) {
	t.Parallel()
	points := 0
	var mu sync.Mutex
	t.Run("group", func(t *testing.T) {
		for _, c := range movingCases() {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				start, args := c.prepareIn(t)
				stays := start.copy()
				stays.server.ResetRequests()
				stays.must(t, args...)
				want := leftOf(stays.at(t, c.from, 1))
				for at := 1; at <= len(stays.requests()); at++ {
					l := start.copy()
					iid := 0
					l.wire = &before{inner: l.wire, nth: at, act: func() { iid = l.move(t, c.from, 1, c.to) }}
					r := l.run(loud(args)...)
					if iid == 0 { // a read that is given up, such as that of the role, may not be sent
						if at < len(stays.requests())-1 {
							t.Fatalf("no request %d", at)
						}
						break
					}
					if says := fmt.Sprintf("%s#%d", c.to, iid); at < len(stays.requests()) && !strings.Contains(r.out+r.errors, says) {
						t.Errorf("moved before request %d: it does not name %s:\n%s%s", at, says, r.out, r.errors)
					}
					if diff := cmp.Diff(want, leftOf(l.at(t, c.to, iid))); diff != "" || r.code != 0 {
						t.Errorf("moved before request %d: exit %d %s\n(-not moved +moved):\n%s\n%s", at, r.code, r.errors, diff, strings.Join(l.requests(), "\n"))
					}
					mu.Lock()
					points++
					mu.Unlock()
				}
			})
		}
	})
	t.Logf("%d cases", points)
}

// before is a transport that does something before the nth request.
type before struct {
	inner   http.RoundTripper
	nth     int
	act     func()
	request *string // is set to that request; may be nil

	mu   sync.Mutex
	seen int
}

func (b *before) RoundTrip(r *http.Request) (*http.Response, error) {
	b.mu.Lock()
	b.seen++
	if b.seen == b.nth {
		b.act()
		if b.request != nil {
			*b.request = r.Method + " " + r.URL.EscapedPath()
		}
	}
	b.mu.Unlock()
	return b.inner.RoundTrip(r)
}

// elsewhere prepares a moving case with more projects: one that only mara can read, one without a name in the configuration, and a public one
// that is a tracker.
func (c movingCase) elsewhere(t testing.TB) (*lab, []string) {
	t.Helper()
	c.setup.config = "  everybody: acme/everybody\n"
	own := movingSeed(c.name)
	c.setup.seed = func(s *fakegitlab.Seed) {
		own(s)
		s.Groups[0].Visibility = "public"
		s.Groups = append(s.Groups, fakegitlab.SeedGroup{Path: "own", Members: []fakegitlab.SeedMember{{User: "mara", Role: "owner"}}})
		s.Projects = append(s.Projects, fakegitlab.SeedProject{Path: "acme/other"}, fakegitlab.SeedProject{Path: "own/notes"},
			fakegitlab.SeedProject{Path: "acme/everybody", Visibility: "public"})
	}
	return c.prepare(t)
}

// writes are the requests since the last reset that may have changed something.
func (l *lab) writes() (all []string) {
	for _, r := range l.requests() {
		if !strings.HasPrefix(r, "GET ") && !strings.HasSuffix(r, "/graphql") {
			all = append(all, r)
		}
	}
	return all
}

// An issue is not followed to where its words may get to others, unless the command says so.
func TestMovedIssueGoesNoFurther(t *testing.T) {
	t.Parallel()
	for _, c := range movingCases() {
		for _, tc := range []struct {
			to, why string
			code    int
			move    func(t *testing.T, l *lab)
		}{
			{to: "own/notes", code: 4, why: "was moved, and this token cannot see where"},
			{to: "acme/other", code: 5, why: "which is not in a tracker of the configuration"},
			{to: "acme/everybody", code: 5, why: "where more people can read it"},
		} {
			t.Run(c.name+" to "+tc.to, func(t *testing.T) {
				t.Parallel()
				l, args := c.elsewhere(t)
				iid := l.move(t, c.from, 1, tc.to)
				if l.user == "mara" && tc.code == 4 { // whoever moved it can see it
					l.user = "dev"
				}
				l.server.ResetRequests()
				r := l.run(args...)
				if r.code != tc.code || !strings.Contains(r.errors, tc.why) || len(l.writes()) > 0 {
					t.Errorf("exit %d, want %d: %s%s\n%v", r.code, tc.code, r.out, r.errors, l.writes())
				}
				if tc.code == 4 {
					return
				}
				ref := fmt.Sprintf("%s#%d", tc.to, iid)
				if !strings.Contains(r.errors, ref) {
					t.Errorf("it does not name %s: %s", ref, r.errors)
				}
				named := l.copy()
				direct := slices.Clone(args)
				direct[slices.Index(args, "1")] = ref
				if r := named.run(direct...); strings.Contains(r.errors, "moved") || len(named.writes()) == 0 && !strings.Contains(r.errors, "has no label") {
					t.Errorf("with its full reference: exit %d: %s", r.code, r.errors)
				}
				l.must(t, append(slices.Clone(args), "--include-confidential")...)
			})
		}
	}
}

// A confidential issue that is not confidential where it is now gets no words.
func TestMovedIssueNoLongerConfidential(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.must(t, "incident", "open", "Leak", "--confidential", "-q")
	iid := l.move(t, prod, 1, infra)
	if r := l.run("incident", "update", "1", "-m", "Keys rotated"); r.code != 0 {
		t.Errorf("while it is confidential: %s", r.errors)
	}
	l.server.MustDo("mara", "PUT", fmt.Sprintf("/projects/acme%%2Finfrastructure/issues/%d", iid), `{"confidential":false}`)
	l.server.ResetRequests()
	r := l.run("incident", "update", "1", "-m", "The key was 1234")
	if r.code != 5 || !strings.Contains(r.errors, "where more people can read it") || len(l.writes()) > 0 {
		t.Errorf("exit %d %s, %v", r.code, r.errors, l.writes())
	}
}

// Where an issue is now is also known without GraphQL, from GitLab's comment about the move, and after several moves.
func TestMovedSeveralTimes(t *testing.T) {
	t.Parallel()
	for _, fault := range []string{"", "POST /api/graphql status=403", "POST /api/graphql status=404", "POST /api/graphql status=500",
		"POST /api/graphql html", "POST /api/graphql nonsense", "POST /api/graphql other"} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{config: "  team: acme/team/tools\n", seed: func(s *fakegitlab.Seed) {
				s.Groups = append(s.Groups, fakegitlab.SeedGroup{Path: "acme/team"})
				s.Projects = append(s.Projects, fakegitlab.SeedProject{Path: "acme/team/tools"})
			}})
			l.must(t, "incident", "open", "Registry returns 500s", "-q")
			l.must(t, "incident", "update", "1", "-m", "One", "-q")
			at := l.move(t, prod, 1, infra)
			at = l.move(t, infra, at, "acme/team/tools")
			at = l.move(t, "acme/team/tools", at, prod)
			if fault != "" {
				l.fault(t, fault)
			}
			r := l.run("incident", "update", "1", "-m", "Two")
			comments := strings.Join(commentsOf(l.at(t, prod, at)), "\n")
			if r.code != 0 || strings.Count(comments, "Two") != 1 || !strings.Contains(r.errors, fmt.Sprintf("%s#1 was moved to %s#%d", prod, prod, at)) {
				t.Errorf("exit %d %s%s\n%s", r.code, r.out, r.errors, comments)
			}
			lines := l.at(t, prod, at).Description
			if strings.Count(lines, "16:00 One") != 1 || strings.Count(lines, "16:00 Two") != 1 {
				t.Errorf("the timeline:\n%s", lines)
			}
		})
	}
}

// The closed issue that stays after a move is not taken for the incident: not by the same command again, the gate or a list.
func TestMovedIncidentIsTheSame(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"incident", "open", "Registry returns 500s", "-s", "S1"}, {"incident", "open", "Registry returns 500s", "-s", "S1", "--key", "pager-9"}} {
		l := newLab(t, setup{seed: func(s *fakegitlab.Seed) {
			s.Groups[0].Labels = append(s.Groups[0].Labels, fakegitlab.SeedLabel{Name: "incident", Color: "#c0c0c0"})
		}})
		l.must(t, args...)
		gate := func() int { return l.run("change", "gate", "--criticality", "C2", "--service", "x").code }
		if code := gate(); code != 5 {
			t.Errorf("%q: the gate is open during an S1: %d", args, code)
		}
		iid := l.move(t, prod, 1, infra)
		r := l.must(t, args...)
		if ref := fmt.Sprintf("Already opened: %s#%d", infra, iid); !strings.Contains(r.out, ref) || len(l.server.Snapshot().Project(prod).Issues) != 1 {
			t.Errorf("%q: %s%s", args, r.out, r.errors)
		}
		if code := gate(); code != 5 {
			t.Errorf("%q: the move opened the gate: %d", args, code)
		}
		l.must(t, "incident", "resolve", "1", "-m", "Done")
		if code := gate(); code != 0 {
			t.Errorf("%q: after it was resolved the gate is closed: %d", args, code)
		}
		if r := l.must(t, "incident", "list"); strings.Contains(r.out, prod+"#1") {
			t.Errorf("%q: the closed one is listed: %s", args, r.out)
		}
	}
	l := newLab(t, setup{seed: func(s *fakegitlab.Seed) {
		s.Groups = append(s.Groups, fakegitlab.SeedGroup{Path: "own", Members: []fakegitlab.SeedMember{{User: "mara", Role: "owner"}}})
		s.Projects = append(s.Projects, fakegitlab.SeedProject{Path: "own/notes"})
	}})
	l.user = "dev"
	l.must(t, "incident", "open", "Registry returns 500s", "-s", "S1")
	l.move(t, prod, 1, "own/notes")
	l.server.ResetRequests()
	if r := l.run("incident", "open", "Registry returns 500s", "-s", "S1"); r.code != 4 || len(l.writes()) > 0 {
		t.Errorf("moved out of sight: exit %d %s%s", r.code, r.out, r.errors)
	}
	if r := l.run("change", "gate", "--criticality", "C2", "--service", "x"); r.code != 5 {
		t.Errorf("moved out of sight: the gate answers %d", r.code)
	}
}

// An issue that is closed between any two requests of a mark or a take is not reported as marked or taken.
func TestClosedWhileHandedOff(t *testing.T) {
	t.Parallel()
	for _, c := range movingCases() {
		if c.args[0] != "handoff" {
			continue
		}
		start, args := c.prepareIn(t)
		stays := start.copy()
		stays.must(t, args...)
		for at := 2; at <= len(stays.requests()); at++ {
			l := start.copy()
			l.wire = &before{inner: l.wire, nth: at, act: func() {
				l.server.MustDo("mara", "PUT", "/projects/acme%2Finfrastructure/issues/1", `{"state_event":"close"}`)
			}}
			r := l.run(loud(args)...)
			written := len(l.writes()) > 0
			if r.code != 5 && !written || r.code != 3 && written || !strings.Contains(r.errors, "closed") || r.out != "" {
				t.Errorf("%s, closed before request %d: exit %d\n%s%s", c.name, at, r.code, r.out, r.errors)
			}
		}
	}
}

// What acts on an issue that was closed as a duplicate, or became an epic, says so and what to do, and writes nothing.
func TestReplacedIssueGetsNothing(t *testing.T) {
	t.Parallel()
	for _, c := range movingCases() {
		if c.name == "incident reopen" { // who reopens it wants it back
			continue
		}
		for _, tc := range []struct{ note, says, hint string }{
			{"marked this issue as a duplicate of #2", c.from + "#1 was closed as a duplicate of " + c.from + "#2", "Run the same command with " + c.from + "#2"},
			{"marked this issue as a duplicate of other/team#5", "a duplicate of other/team#5", "Run the same command with other/team#5"},
			{"promoted to epic &3", c.from + "#1 was promoted to epic &3", "Go on in the epic"},
		} {
			l, args := c.prepareIn(t)
			l.server.MustDo("mara", "PUT", "/projects/"+strings.ReplaceAll(c.from, "/", "%2F")+"/issues/1", `{"state_event":"close"}`)
			l.wire = noted{l.wire, tc.note}
			l.server.ResetRequests()
			if c.args[0] == "board" && c.args[3] == "completed" {
				continue // it is there
			}
			r := l.run(args...)
			if r.code != 5 || !strings.Contains(r.errors, tc.says) || !strings.Contains(r.errors, tc.hint) || len(l.writes()) > 0 {
				t.Errorf("%s, %q: exit %d\n%s%s%v", c.name, tc.note, r.code, r.out, r.errors, l.writes())
			}
		}
	}
	l := newLab(t, setup{})
	l.must(t, "incident", "open", "Registry returns 500s", "-q")
	l.must(t, "incident", "open", "Registry is slow", "-q")
	l.web("mara", "POST", "/issues/2/notes", `{"body":"/duplicate #1"}`)
	if r := l.run("incident", "update", "2", "-m", "x"); r.code != 5 || !strings.Contains(r.errors, "acme/production#2 was closed as a duplicate of acme/production#1") {
		t.Errorf("a real duplicate: exit %d %s", r.code, r.errors)
	}
	if r := l.run("incident", "reopen", "2", "-m", "x"); r.code != 5 || !strings.Contains(r.errors, "a duplicate of acme/production#1") {
		t.Errorf("an active one is not reopened: exit %d %s", r.code, r.errors)
	}
	l.web("mara", "PUT", "/issues/2", `{"state_event":"reopen"}`)
	l.must(t, "incident", "update", "2", "-m", "x")
}

// noted adds a comment of GitLab's to the comments of the first issue.
type noted struct {
	inner http.RoundTripper
	text  string
}

func (n noted) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := n.inner.RoundTrip(r)
	if err != nil || r.Method != http.MethodGet || !strings.HasSuffix(r.URL.Path, "/issues/1/notes") {
		return resp, err
	}
	defer resp.Body.Close()
	var notes []any
	if err := json.NewDecoder(resp.Body).Decode(&notes); err != nil {
		return nil, err
	}
	body, err := json.Marshal(append(notes, map[string]any{"id": 990001, "body": n.text, "system": true, "created_at": "2018-08-24T16:00:00Z", "noteable_iid": 1}))
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	resp.Header.Del("Content-Length")
	return resp, err
}

// An issue that is deleted between any two requests of a command is reported, never as done.
func TestDeletedMeanwhile(t *testing.T) {
	t.Parallel()
	for _, c := range movingCases() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			start, args := c.prepareIn(t)
			stays := start.copy()
			stays.must(t, args...)
			for at := 1; at <= len(stays.requests()); at++ {
				l := start.copy()
				gone := false
				l.wire = &before{inner: l.wire, nth: at, act: func() {
					l.server.MustDo("plan", "DELETE", "/projects/"+strings.ReplaceAll(c.from, "/", "%2F")+"/issues/1", "")
					gone = true
				}}
				r := l.run(args...)
				written := len(l.writes()) > 0
				if !gone && at > 3 { // a read that is given up may not be sent
					break
				}
				if want := map[bool][]int{true: {1, 3}, false: {1}}[written]; !gone || !slices.Contains(want, r.code) || !strings.Contains(strings.ToLower(r.errors), "not found") {
					t.Errorf("deleted before request %d: exit %d\n%s%s%s", at, r.code, r.out, r.errors, strings.Join(l.requests(), "\n"))
				}
			}
		})
	}
}

// The role that counts is the one where the issue is now, and it is needed before the first write.
func TestMovedIssueNeedsTheRoleThere(t *testing.T) {
	t.Parallel()
	for _, c := range movingCases() {
		if c.args[0] == "board" || c.name == "incident review" || c.args[1] == "take" { // these write what GitLab refuses, or check the role themselves
			continue
		}
		for role, code := range map[string]int{"guest": 4, "reporter": 0} {
			own := movingSeed(c.name)
			c.setup.config = "  elsewhere: other/tracker\n"
			c.setup.seed = func(s *fakegitlab.Seed) {
				own(s)
				s.Groups = append(s.Groups, fakegitlab.SeedGroup{Path: "other", Members: []fakegitlab.SeedMember{{User: "mara", Role: "owner"}, {User: "rep", Role: role}}})
				s.Projects = append(s.Projects, fakegitlab.SeedProject{Path: "other/tracker"})
			}
			l, args := c.prepare(t)
			l.user = "rep"
			l.move(t, c.from, 1, "other/tracker")
			l.server.ResetRequests()
			if r := l.run(args...); code == 4 && (r.code != 4 || len(l.writes()) > 0) || code == 0 && r.code == 4 {
				t.Errorf("%s as %s there: exit %d %s\n%v", c.name, role, r.code, r.errors, l.writes())
			}
		}
	}
}
