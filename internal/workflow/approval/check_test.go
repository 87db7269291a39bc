package approval_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/testkit"
	"gitlab.com/prodctl/prodctl/internal/testkit/team"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/approval"
	"gitlab.com/prodctl/prodctl/pkg/approval"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/mergerequest"
)

const (
	proxyCookbook = "acme/oauth2-proxy-cookbook"
	usersCookbook = "acme/users-cookbook"
)

// cookbooks returns the handbook team's repositories with authentication in them, with the token of its manager or of the given user.
func cookbooks(t *testing.T, o fakegitlab.Options, user string) *team.Team {
	t.Helper()
	clock := testkit.At("2018-08-24T16:00:00Z")
	o.Now = clock.Now
	tm := &team.Team{Server: fakegitlab.New(o), Clock: clock}
	if err := tm.Server.Apply(fakegitlab.HandbookSeed(clock.Now())); err != nil {
		t.Fatal(err)
	}
	tm.Client = tm.As(t, "sandbox-"+user)
	return tm
}

// signIn returns the rule for authentication changes with the handbook team's names.
func signIn(paths ...string) approval.Rule {
	groups := func(list ...string) approval.People { return approval.People{Groups: list} }
	return approval.Rule{
		Repositories: []approval.Repository{{Project: proxyCookbook, Paths: paths}, {Project: usersCookbook, Paths: []string{"**"}}},
		Teams: []approval.Team{
			{Name: "production", People: groups("acme/sre")}, {Name: "security", People: groups("acme/security")},
			{Name: "backend", People: groups("acme/backend")},
		},
		Approving: []string{"production", "security"}, Staff: groups("acme/staff"),
	}
}

// fails makes requests for a path fail.
func fails(tm *team.Team, t *testing.T, spec string) {
	t.Helper()
	f, err := fakegitlab.ParseFault(spec)
	if err != nil {
		t.Fatal(err)
	}
	tm.Server.AddFault(f)
}

func TestApprovalCheck(t *testing.T) {
	t.Parallel()
	some := signIn("attributes/**", "recipes/*.rb")
	byName := signIn("**")
	byName.Teams[1].Users = []string{"Sven"}
	for name, c := range map[string]struct {
		rule         approval.Rule
		project      string
		iid          int64
		needed, pass bool
		by, why      string
		approved     []string
		requests     int
	}{
		"security approved":                        {signIn("**"), proxyCookbook, 1, true, true, "sven", "@sven is a member of security", []string{"sven"}, 3 + 2},
		"a member by name needs no look at groups": {byName, proxyCookbook, 1, true, true, "sven", "@sven is a member of security", []string{"sven"}, 3},
		"nobody who counts": {signIn("**"), proxyCookbook, 2, true, false, "", "no approval counts: @felix is not a member of production or security and not a staff developer",
			[]string{"felix"}, 3 + 2 + 2 + 3},
		"staff of another team":      {signIn("**"), proxyCookbook, 3, true, true, "noor", "@noor is a staff developer of another team (backend)", []string{"noor"}, 3 + 2 + 2 + 3},
		"nobody":                     {signIn("**"), proxyCookbook, 4, true, false, "", "no approvals", nil, 3},
		"only words":                 {some, proxyCookbook, 5, false, true, "", "no changed file is covered by the approval rule", []string{"tomas"}, 4},
		"a file of the rule":         {some, proxyCookbook, 4, true, false, "", "no approvals", nil, 4},
		"the author alone":           {signIn("**"), usersCookbook, 1, true, false, "", "no approval counts: @tomas is the author", []string{"tomas"}, 3},
		"staff of the own team":      {signIn("**"), usersCookbook, 2, true, false, "", "no approval counts: @noor is a staff developer of the author's team backend", []string{"noor"}, 10},
		"another repository":         {signIn("**"), team.Infrastructure.Path, 1, false, true, "", team.Infrastructure.Path + " is not covered by the approval rule", nil, 1},
		"a repository in upper case": {signIn("**"), strings.ToUpper(usersCookbook), 1, true, false, "", "no approval counts: @tomas is the author", []string{"tomas"}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tm := cookbooks(t, fakegitlab.Options{}, "maria")
			doc, err := flow.Check{Read: tm.Client, Rule: c.rule, Project: c.project, IID: c.iid}.Document(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			got := fmt.Sprint(doc.Required, doc.Pass, doc.By, doc.Reason, doc.ApprovedBy)
			if want := fmt.Sprint(c.needed, c.pass, c.by, c.why, c.approved); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
			if reads, writes := tm.Requests(); reads != c.requests || writes != 0 {
				t.Errorf("%d reads and %d writes, want %d reads", reads, writes, c.requests)
			}
		})
	}
}

func TestApprovalCheckListsWhoCanApprove(t *testing.T) {
	t.Parallel()
	tm := cookbooks(t, fakegitlab.Options{}, "maria")
	doc, err := flow.Check{Read: tm.Client, Rule: signIn("**"), Project: usersCookbook, IID: 2}.Document(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := jsonv1.NewApproval(usersCookbook+"!2", true, false, doc.Reason)
	want.Author, want.ApprovedBy, want.WebURL = "felix", jsonv1.List[string]{"noor"}, doc.WebURL
	want.Eligible = jsonv1.List[string]{"a member of production", "a member of security", "a staff developer of a team other than backend"}
	if diff := cmp.Diff(want, doc); diff != "" || !strings.HasSuffix(doc.WebURL, usersCookbook+"/-/merge_requests/2") {
		t.Errorf("(-want +got)\n%s%s", diff, doc.WebURL)
	}
}

// A merge request that is already merged is judged all the same.
func TestApprovalCheckInCommunityEdition(t *testing.T) {
	t.Parallel()
	for _, edition := range []fakegitlab.Edition{fakegitlab.Community, fakegitlab.Free} {
		tm := cookbooks(t, fakegitlab.Options{Edition: edition}, "maria")
		doc, err := flow.Check{Read: tm.Client, Rule: signIn("attributes/**"), Project: proxyCookbook, IID: 1}.Document(t.Context())
		if err != nil || !doc.Pass {
			t.Errorf("%s: pass %t, %v", edition, doc.Pass, err)
		}
	}
}

func TestApprovalCheckOfAMergedRequest(t *testing.T) {
	t.Parallel()
	tm := cookbooks(t, fakegitlab.Options{}, "maria")
	doc, err := flow.Check{Read: tm.Client, Rule: signIn("**"), Project: proxyCookbook, IID: 5}.Document(t.Context())
	if err != nil || !doc.Pass || !slices.Equal(doc.Notes, []string{"The merge request is already merged"}) {
		t.Errorf("pass %t, notes %q, %v", doc.Pass, doc.Notes, err)
	}
}

// Data that cannot be read is an error of the right kind, and never passes.
func TestApprovalCheckFailsClosed(t *testing.T) {
	t.Parallel()
	const approvals, diffs = "GET /projects/*/merge_requests/*/approvals ", "GET /projects/*/merge_requests/*/diffs "
	for name, c := range map[string]struct {
		options fakegitlab.Options
		user    string
		project string
		iid     int64
		fault   string
		kind    fault.Kind
		says    string
	}{
		"no such merge request":    {project: proxyCookbook, iid: 77, kind: fault.Failed, says: "not found"},
		"nor in another project":   {project: team.Infrastructure.Path, iid: 77, kind: fault.Failed, says: "not found"},
		"a project that is hidden": {user: "oskar", project: proxyCookbook, iid: 1, kind: fault.Failed, says: "not found"},
		"a GitLab of 2019":         {project: proxyCookbook, iid: 1, fault: approvals + "status=404", kind: fault.Failed, says: "no merge request approvals"},
		"no such one there either": {options: fakegitlab.Options{Edition: fakegitlab.Community}, project: proxyCookbook, iid: 77, kind: fault.Failed, says: "not found"},
		"a wrong token":            {user: "nobody", project: proxyCookbook, iid: 1, kind: fault.Auth, says: "401"},
		"approvals out of reach":   {project: proxyCookbook, iid: 1, fault: approvals + "status=502", kind: fault.Unreachable, says: "502"},
		"cut off":                  {project: proxyCookbook, iid: 1, fault: approvals + "drop-before", kind: fault.Unreachable, says: "approvals"},
		"files out of reach":       {project: proxyCookbook, iid: 1, fault: diffs + "status=503", kind: fault.Unreachable, says: "503"},
		"a sign-on page":           {project: proxyCookbook, iid: 1, fault: approvals + "html", kind: fault.Auth, says: "approvals"},
		"members out of reach":     {project: proxyCookbook, iid: 1, fault: "GET /groups/acme%2Fsecurity/members/* status=500", kind: fault.Unreachable, says: "500"},
		"members that are hidden": {project: proxyCookbook, iid: 1, fault: "GET /groups/acme%2Fsecurity/members/* status=403", kind: fault.Auth,
			says: "members of acme/security are hidden from this token"},
		"groups that are hidden": {user: "felix", project: proxyCookbook, iid: 1, kind: fault.Auth, says: "members of acme/security and acme/sre and acme/staff are hidden"},
		"another team's that is hidden": {project: proxyCookbook, iid: 3, fault: "GET /groups/acme%2Fbackend/members/* status=403", kind: fault.Auth,
			says: "members of acme/backend are hidden"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.user == "" {
				c.user = "maria"
			}
			tm := cookbooks(t, c.options, c.user)
			if c.fault != "" {
				fails(tm, t, c.fault)
			}
			rule := signIn("attributes/**")
			doc, err := flow.Check{Read: tm.Client, Rule: rule, Project: c.project, IID: c.iid}.Document(t.Context())
			if err == nil || fault.KindOf(err) != c.kind || !strings.Contains(err.Error(), c.says) || doc.Pass {
				t.Errorf("pass %t, exit %d, %v", doc.Pass, fault.KindOf(err), err)
			}
		})
	}
}

// Staff counts only if the author is known not to be in the same team.
func TestApprovalCheckKnowsTheAuthorsTeams(t *testing.T) {
	t.Parallel()
	rule := signIn("**")
	rule.Teams = append(rule.Teams, approval.Team{Name: "database", People: approval.People{Users: []string{"noor"}, Groups: []string{"acme/managers"}}})
	check := func(tm *team.Team) (jsonv1.Approval, error) {
		return flow.Check{Read: tm.Client, Rule: rule, Project: proxyCookbook, IID: 3}.Document(t.Context())
	}
	tm := cookbooks(t, fakegitlab.Options{}, "maria")
	if doc, err := check(tm); err != nil || !doc.Pass {
		t.Fatalf("pass %t, %v", doc.Pass, err)
	}
	fails(tm, t, "GET /groups/acme%2Fmanagers/members/* status=403")
	if doc, err := check(tm); fault.KindOf(err) != fault.Auth || doc.Pass {
		t.Errorf("kate may be in noor's team: pass %t, %v", doc.Pass, err)
	}
}

// An approval that is enough by itself passes although other groups are hidden.
func TestApprovalCheckPassesWithHiddenGroups(t *testing.T) {
	t.Parallel()
	tm := cookbooks(t, fakegitlab.Options{}, "maria")
	fails(tm, t, "GET /groups/acme%2Fsre/members/* status=403")
	fails(tm, t, "GET /projects/*/merge_requests/*/diffs status=422")
	doc, err := flow.Check{Read: tm.Client, Rule: signIn("attributes/**"), Project: proxyCookbook, IID: 1}.Document(t.Context())
	if err != nil || !doc.Pass || doc.By != "sven" {
		t.Fatalf("pass %t by %s, %v", doc.Pass, doc.By, err)
	}
	if len(doc.Notes) != 1 || !strings.HasPrefix(doc.Notes[0], "Changed files unknown, treated as all files: ") {
		t.Errorf("notes %q", doc.Notes)
	}
	tm = cookbooks(t, fakegitlab.Options{}, "maria") // staff of another team; somebody who shares a hidden approving team with the author counts anyway
	fails(tm, t, "GET /groups/acme%2Fsecurity/members/* status=403")
	doc, err = flow.Check{Read: tm.Client, Rule: signIn("**"), Project: proxyCookbook, IID: 3}.Document(t.Context())
	if err != nil || !doc.Pass || doc.By != "noor" {
		t.Errorf("pass %t by %s, %v", doc.Pass, doc.By, err)
	}
}

func TestApprovalCheckIsInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	tm := cookbooks(t, fakegitlab.Options{}, "maria")
	_, err := flow.Check{Read: tm.Client, Rule: signIn(), Project: proxyCookbook, IID: 1}.Document(ctx)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// world is a merge request and the members of groups, with some groups hidden from the token.
type world struct {
	author    int64
	approvers []int64
	in        map[string][]int64
	hidden    []string
}

func user(id int64) instance.User {
	return instance.User{ID: id, Username: string(rune('a' + id))}
}

func (w world) MergeRequest(_ context.Context, project string, iid int64) (mergerequest.MergeRequest, error) {
	return mergerequest.MergeRequest{Project: project, IID: iid, Author: user(w.author).Username, AuthorID: w.author}, nil
}

func (w world) ChangedPaths(context.Context, string, int64) ([]string, error) { return nil, nil }

var pushed = testkit.At("2018-08-24T12:00:00Z").Now()

func (w world) Approvals(context.Context, string, int64) (list []mergerequest.Approval, _ error) {
	for _, id := range w.approvers {
		list = append(list, mergerequest.Approval{By: user(id), At: pushed.Add(time.Minute)})
	}
	return list, nil
}

func (w world) LastPush(context.Context, string, int64) (time.Time, error) { return pushed, nil }

func (w world) ApprovalTimes(context.Context, string, int64) (map[int64]time.Time, error) {
	return nil, errors.New("all times are known")
}

func (w world) ApprovalSettings(context.Context, string) (mergerequest.Settings, error) {
	return mergerequest.Settings{}, errors.New("all times are known")
}

func (w world) GroupMember(_ context.Context, group string, id int64) (bool, error) {
	if slices.Contains(w.hidden, group) {
		return false, fault.NotFound
	}
	return slices.Contains(w.in[group], id), nil
}

// truth is the verdict if everything is known.
func (w world) truth(r approval.Rule) approval.Verdict {
	person := func(id int64) approval.Person {
		p := approval.Person{Name: user(id).Username}
		for group, members := range w.in {
			if slices.Contains(members, id) {
				p.Groups = append(p.Groups, group)
			}
		}
		return p
	}
	var approvers []approval.Person
	for _, id := range w.approvers {
		approvers = append(approvers, person(id))
	}
	return approval.Judge(r, approval.Change{Project: proxyCookbook, Author: person(w.author)}, approvers)
}

// Reading the minimum leads to the same verdict as reading everything; with hidden groups, to the same verdict or an error.
func TestApprovalCheckReadsEnough(t *testing.T) {
	t.Parallel()
	groups := []string{"acme/sre", "acme/security", "acme/backend", "acme/database", "acme/staff"}
	ids := rapid.SliceOfNDistinct(rapid.Int64Range(0, 2), 0, 3, rapid.ID[int64])
	rapid.Check(t, func(t *rapid.T) {
		w := world{author: rapid.Int64Range(0, 2).Draw(t, "author"), approvers: ids.Draw(t, "approvers"), in: map[string][]int64{}}
		rule := signIn("**")
		rule.Teams = append(rule.Teams, approval.Team{Name: "database", People: approval.People{Groups: []string{"acme/database"}}})
		for _, g := range groups {
			w.in[g] = ids.Draw(t, g)
		}
		for n := range rule.Teams {
			if rapid.Bool().Draw(t, "named") {
				rule.Teams[n].Users = []string{user(rapid.Int64Range(0, 2).Draw(t, "user of "+rule.Teams[n].Name)).Username}
			}
		}
		switch rapid.IntRange(0, 3).Draw(t, "rule") {
		case 0:
			rule.Staff = approval.People{}
		case 1, 2: // the teams of staff decide
			rule.Approving, rule.Staff.Users = nil, []string{"a", "b", "c"}
		}
		w.hidden = rapid.SliceOfNDistinct(rapid.SampledFrom(groups), 0, 2, rapid.ID[string]).Draw(t, "hidden")
		want := w.truth(rule)
		doc, err := flow.Check{Read: w, Rule: rule, Project: proxyCookbook, IID: 1}.Document(t.Context())
		switch {
		case err != nil && len(w.hidden) == 0:
			t.Fatalf("nothing is hidden: %v", err)
		case err == nil && doc.Pass != want.Pass:
			t.Fatalf("pass is %t (%s), want %t (%s)", doc.Pass, doc.Reason, want.Pass, want.Reason)
		case doc.Pass && doc.By == user(w.author).Username:
			t.Fatalf("the author's own approval counted: %s", doc.Reason)
		}
	})
}

// Only approvals that were given after the last push count. What is unknown is an error, unless the project removes approvals on a push.
func TestApprovalsAfterTheLastPush(t *testing.T) {
	t.Parallel()
	const versions, notes, settings = "GET /projects/*/merge_requests/*/versions ", "GET /projects/*/merge_requests/*/notes ", "GET /projects/*/approvals "
	at := func(clock string) time.Time { return testkit.At("2018-08-24T" + clock + ":00Z").Now() }
	noted := func(clock, body string) fakegitlab.SeedNote {
		return fakegitlab.SeedNote{Body: body, Author: "sven", System: true, CreatedAt: at(clock)}
	}
	const approved, unapproved = "approved this merge request", "unapproved this merge request"
	for name, c := range map[string]struct {
		pushes   []time.Time
		approved time.Time
		notes    []fakegitlab.SeedNote
		reset    bool
		untimed  bool // GitLab does not report the times of approvals
		faults   []string
		pass     bool
		kind     fault.Kind // of the error; 0: none
		says     string
		requests int
	}{
		"after the last push":                  {pushes: []time.Time{at("09:00"), at("11:00")}, approved: at("12:00"), pass: true, requests: 3},
		"before the last push":                 {pushes: []time.Time{at("09:00"), at("13:00")}, approved: at("12:00"), says: "The approval by @sven is from before the last push", requests: 3},
		"at the same moment":                   {pushes: []time.Time{at("12:00")}, approved: at("12:00"), says: "The approval by @sven is from before the last push", requests: 3},
		"before, but such approvals are reset": {pushes: []time.Time{at("13:00")}, approved: at("12:00"), reset: true, says: "The approval by @sven is from before the last push", requests: 3},
		"noted after the last push":            {pushes: []time.Time{at("11:00")}, untimed: true, notes: []fakegitlab.SeedNote{noted("12:00", approved)}, pass: true, requests: 4},
		"noted before the last push":           {pushes: []time.Time{at("13:00")}, untimed: true, notes: []fakegitlab.SeedNote{noted("12:00", approved)}, says: "from before the last push", requests: 4},
		"withdrawn and given again":            {pushes: []time.Time{at("11:00")}, untimed: true, notes: []fakegitlab.SeedNote{noted("10:00", approved), noted("10:30", unapproved), noted("12:00", approved)}, pass: true, requests: 4},
		"only noted as withdrawn":              {pushes: []time.Time{at("09:00")}, untimed: true, notes: []fakegitlab.SeedNote{noted("10:00", approved), noted("10:30", unapproved)}, kind: fault.Unreachable, says: "cannot tell", requests: 5},
		"words of a person":                    {pushes: []time.Time{at("09:00")}, untimed: true, notes: []fakegitlab.SeedNote{{Body: approved, Author: "sven", CreatedAt: at("10:00")}}, kind: fault.Unreachable, says: "cannot tell", requests: 5},
		"no time at all":                       {pushes: []time.Time{at("09:00")}, untimed: true, kind: fault.Unreachable, says: "cannot tell if the approval by @sven was given after the last push", requests: 5},
		"no time, but approvals are reset":     {pushes: []time.Time{at("09:00")}, untimed: true, reset: true, pass: true, requests: 5},
		"notes are refused":                    {pushes: []time.Time{at("09:00")}, untimed: true, faults: []string{notes + "status=403"}, kind: fault.Unreachable, says: "cannot tell", requests: 5},
		"versions are refused":                 {pushes: []time.Time{at("09:00")}, approved: at("12:00"), faults: []string{versions + "status=403"}, kind: fault.Unreachable, says: "403", requests: 4},
		"versions are out of reach":            {pushes: []time.Time{at("09:00")}, approved: at("12:00"), faults: []string{versions + "status=502"}, kind: fault.Unreachable, says: "502", requests: 8},
		"versions are refused, and reset":      {pushes: []time.Time{at("09:00")}, approved: at("12:00"), reset: true, faults: []string{versions + "status=403"}, pass: true, requests: 4},
		"nor are the settings readable":        {pushes: []time.Time{at("09:00")}, approved: at("12:00"), reset: true, faults: []string{versions + "status=403", settings + "status=403"}, kind: fault.Unreachable, says: "cannot tell", requests: 4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := testkit.At("2018-08-24T16:00:00Z")
			tm := &team.Team{Server: fakegitlab.New(fakegitlab.Options{Edition: fakegitlab.Premium, Now: clock.Now}), Clock: clock}
			err := tm.Server.Apply(fakegitlab.Seed{
				Users:  []fakegitlab.SeedUser{{Username: "felix"}, {Username: "sven"}, {Username: "maria"}},
				Groups: []fakegitlab.SeedGroup{{Path: "acme", Members: []fakegitlab.SeedMember{{User: "maria", Role: "maintainer"}}}},
				Projects: []fakegitlab.SeedProject{{Path: proxyCookbook, Approvals: fakegitlab.SeedApprovals{KeepOnPush: !c.reset}, MergeRequests: []fakegitlab.SeedMergeRequest{{
					Title: "Sign in", Author: "felix", CreatedAt: at("08:00"), PushedAt: c.pushes, ApprovedBy: []string{"sven"}, ApprovedAt: []time.Time{c.approved}, Notes: c.notes,
				}}}},
			})
			if err != nil {
				t.Fatal(err)
			}
			tm.Client = tm.As(t, "sandbox-maria")
			for _, f := range c.faults {
				fails(tm, t, f)
			}
			rule := approval.Rule{Repositories: []approval.Repository{{Project: proxyCookbook}}, Approving: []string{"security"},
				Teams: []approval.Team{{Name: "security", People: approval.People{Users: []string{"sven"}}}}}
			var read flow.Reader = tm.Client
			if c.untimed {
				read = untimed{tm.Client}
			}
			doc, err := flow.Check{Read: read, Rule: rule, Project: proxyCookbook, IID: 1}.Document(t.Context())
			text := fmt.Sprint(err, doc.Notes)
			if doc.Pass != c.pass || (err != nil) != (c.kind != 0) || err != nil && fault.KindOf(err) != c.kind || !strings.Contains(text, c.says) {
				t.Errorf("pass %t, exit %d, %v, notes %q", doc.Pass, fault.KindOf(err), err, doc.Notes)
			}
			if reads, _ := tm.Requests(); reads != c.requests {
				t.Errorf("%d reads, want %d", reads, c.requests)
			}
		})
	}
}

// untimed is a GitLab that does not report when an approval was given.
type untimed struct{ flow.Reader }

func (u untimed) Approvals(ctx context.Context, project string, iid int64) ([]mergerequest.Approval, error) {
	list, err := u.Reader.Approvals(ctx, project, iid)
	for n := range list {
		list[n].At = time.Time{}
	}
	return list, err
}
