package approval_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/approval"
	"gitlab.com/prodctl/prodctl/pkg/mergerequest"
)

var rule = approval.Rule{
	Repositories: []approval.Repository{
		{Project: "acme/users-cookbook"},
		{Project: "acme/api", Paths: []string{"lib/auth/**", "**/*.pem"}},
	},
	Teams: []approval.Team{
		{Name: "production", People: approval.People{Groups: []string{"acme/sre"}, Users: []string{"mara"}}},
		{Name: "security", People: approval.People{Groups: []string{"acme/security"}}},
		{Name: "backend", People: approval.People{Groups: []string{"acme/backend"}}},
		{Name: "frontend", People: approval.People{Groups: []string{"acme/frontend"}}},
	},
	Approving: []string{"production", "security"},
	Staff:     approval.People{Users: []string{"sven"}, Groups: []string{"acme/staff"}},
}

func person(name string, groups ...string) approval.Person {
	return approval.Person{Name: name, Groups: groups}
}

func TestJudge(t *testing.T) {
	t.Parallel()
	author := person("ada", "acme/backend")
	for _, tc := range []struct {
		name      string
		author    approval.Person
		approvers []approval.Person
		by        string // empty: it does not pass
		why       string // a part
	}{
		{"nobody", author, nil, "", "no approvals"},
		{"a member of production by name", author, []approval.Person{person("Mara")}, "Mara", "@Mara is a member of production"},
		{"a member of production by group", author, []approval.Person{person("olga", "Acme/SRE")}, "olga", "a member of production"},
		{"a member of security", author, []approval.Person{person("olga", "acme/security")}, "olga", "a member of security"},
		{"production, for an author of production", person("ada", "acme/sre"), []approval.Person{person("mara")}, "mara", "a member of production"},
		{"the author, of production", person("Mara"), []approval.Person{person("mara")}, "", "@mara is the author"},
		{"a staff developer of another team", author, []approval.Person{person("sven", "acme/frontend")}, "sven", "a staff developer of another team (frontend)"},
		{"a staff developer of the same team", author, []approval.Person{person("sven", "acme/backend")}, "", "@sven is a staff developer of the author's team backend"},
		{"a staff developer of the same team and another", author, []approval.Person{person("sven", "acme/frontend", "acme/backend")}, "", "author's team backend"},
		{"a staff developer of no team", author, []approval.Person{person("sven")}, "", "without a known team"},
		{"a staff developer, for an author of no team", person("ada"), []approval.Person{person("olga", "acme/staff", "acme/backend")}, "olga", "another team (backend)"},
		{"a developer of another team", author, []approval.Person{person("olga", "acme/frontend")}, "", "@olga is not a member of production or security and not a staff developer"},
		{"the author, staff", author, []approval.Person{person("ada", "acme/staff", "acme/frontend")}, "", "@ada is the author"},
		{"a deleted account", author, []approval.Person{person("", "acme/sre")}, "", "account was deleted"},
		{"one of several", author, []approval.Person{person("zoe"), person("ada"), person("mara")}, "mara", "a member of production"},
		{"none of several", author, []approval.Person{person("zoe"), person("Ada")}, "", "no approval counts: @Ada is the author; @zoe is not a member"},
	} {
		got := approval.Judge(rule, approval.Change{Project: "Acme/Users-Cookbook", Author: tc.author, Paths: []string{"README.md"}}, tc.approvers)
		if !got.Needed || got.Pass != (tc.by != "") || got.By != tc.by || !strings.Contains(got.Reason, tc.why) {
			t.Errorf("%s: %+v, want %q, %q", tc.name, got, tc.by, tc.why)
		}
	}
	got := approval.Judge(rule, approval.Change{Project: "acme/users-cookbook", Author: author}, nil).Eligible
	if want := []string{"a member of production", "a member of security", "a staff developer of a team other than backend"}; !cmp.Equal(got, want) {
		t.Errorf("can approve: %q, want %q", got, want)
	}
	if got := approval.Judge(rule, approval.Change{Project: "acme/users-cookbook", Author: person("x")}, nil).Eligible; got[2] != "a staff developer of a team other than the author's" {
		t.Errorf("can approve: %q", got)
	}
	noStaff := rule
	noStaff.Staff = approval.People{}
	if got := approval.Judge(noStaff, approval.Change{Project: "acme/users-cookbook", Author: author}, nil).Eligible; len(got) != 2 {
		t.Errorf("without staff can approve: %q", got)
	}
}

func TestNeeded(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		project string
		paths   []string
		want    bool
	}{
		{"acme/users-cookbook", []string{"README.md"}, true},
		{"acme/users-cookbook-fork", []string{"README.md"}, false},
		{"acme/api", []string{"README.md", "lib/authors.rb"}, false},
		{"acme/api", []string{"README.md", "lib/auth/token.rb"}, true},
		{"acme/api", []string{"config/keys/a.pem"}, true},
		{"acme/api", []string{"a.pem"}, true},
		{"acme/api", nil, true}, // unknown
	} {
		got := approval.Judge(rule, approval.Change{Project: tc.project, Author: person("ada"), Paths: tc.paths}, nil)
		if got.Needed != tc.want || got.Pass == tc.want || got.Reason == "" {
			t.Errorf("%s %q: %+v, want needed: %t", tc.project, tc.paths, got, tc.want)
		}
	}
}

// The author's approval never counts, and further approvals never make a verdict fail.
func TestTheAuthorNeverApproves(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		draw := func() approval.Person {
			groups := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"acme/sre", "acme/security", "acme/backend", "acme/frontend", "acme/staff"}), 0, 5, rapid.ID).Draw(t, "groups")
			return person(rapid.SampledFrom([]string{"ada", "Ada", "mara", "sven", "olga"}).Draw(t, "name"), groups...)
		}
		c := approval.Change{Project: "acme/users-cookbook", Author: draw()}
		var approvers []approval.Person
		for range rapid.IntRange(0, 4).Draw(t, "approvers") {
			approvers = append(approvers, draw())
		}
		got := approval.Judge(rule, c, approvers)
		if got.Pass && strings.EqualFold(got.By, c.Author.Name) {
			t.Fatalf("%s approved their own: %+v", c.Author.Name, got)
		}
		if got.Pass != (got.By != "") {
			t.Fatalf("%+v", got)
		}
		if more := approval.Judge(rule, c, append(slices.Clone(approvers), draw())); got.Pass && !more.Pass {
			t.Fatalf("a further approval made it fail: %+v", more)
		}
	})
}

func TestMatch(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		glob, file string
		want       bool
	}{
		{"**", "a/b/c", true}, {"**", "a", true}, {"*", "a", true}, {"*", "a/b", false}, {"*.rb", "a.rb", true}, {"*.rb", "lib/a.rb", false},
		{"**/*.rb", "a.rb", true}, {"**/*.rb", "lib/x/a.rb", true}, {"**/*.rb", "a.rbx", false}, {"lib/**", "lib/a/b", true}, {"lib/**", "lib2/a", false}, {"lib/**", "x/lib/a", false},
		{"lib/**/keys/*", "lib/keys/a", true}, {"lib/**/keys/*", "lib/a/b/keys/c", true}, {"lib/**/keys/*", "lib/a/keys/b/c", false},
		{"**/**/**/a", "a", true}, {"a?.rb", "ab.rb", true}, {"[a-c].rb", "b.rb", true}, {"[a-c].rb", "d.rb", false}, {"/x", "x", false}, {"x", "/x", true},
		{"[", "anything", true}, {"", "a", false}, {strings.Repeat("**/", 40) + "x", strings.Repeat("a/", 40) + "y", false},
	} {
		if got := approval.Match(tc.glob, tc.file); got != tc.want {
			t.Errorf("%q matches %q: %t, want %t", tc.glob, tc.file, got, tc.want)
		}
	}
}

func TestAudit(t *testing.T) {
	t.Parallel()
	well := approval.Project{
		Path: "acme/users-cookbook", Offered: true, Settings: mergerequest.Settings{ResetOnPush: true},
		Rules:  []mergerequest.Rule{{Name: "auth", Type: "regular", Required: 1, Groups: []string{"acme/sre", "acme/security"}}},
		People: []approval.Person{person("olga", "acme/security"), person("sven")},
	}
	edit := func(f func(r *mergerequest.Rule)) func(*approval.Project) {
		return func(p *approval.Project) { f(&p.Rules[0]) }
	}
	for _, tc := range []struct {
		name string
		edit func(*approval.Project)
		want []string // findings, with a part of the text
	}{
		{"well", func(*approval.Project) {}, nil},
		{"Free", func(p *approval.Project) { p.Offered = false }, []string{"not-offered: nothing is enforced"}},
		{"settings", func(p *approval.Project) {
			p.Settings = mergerequest.Settings{AuthorMayApprove: true, CommittersMayApprove: true, RulesMayBeChanged: true}
		}, []string{"author-approves: authors", "committers-approve: commits", "rules-editable: each merge request", "no-reset: commits are added"}},
		{"no rule", func(p *approval.Project) { p.Rules = nil }, []string{"rule-missing: "}},
		{"anybody", func(p *approval.Project) { p.Rules = []mergerequest.Rule{{Type: "any_approver", Required: 2}} }, []string{"rule-missing: anybody can approve"}},
		{"0 required", edit(func(r *mergerequest.Rule) { r.Required = 0 }), []string{`none-required: "auth"`}},
		{"one branch", edit(func(r *mergerequest.Rule) { r.Branches = []string{"main"} }), []string{"some-branches: some branches only"}},
		{"other people", edit(func(r *mergerequest.Rule) { r.Groups, r.Users = []string{"acme/backend"}, []string{"zoe"} }), []string{"teams-missing: no approval rule includes production and security"}},
		{"one team lacks", edit(func(r *mergerequest.Rule) { r.Groups = []string{"ACME/SRE"} }), []string{`teams-missing: "auth" does not include security`}},
		{"one team by a member's name", edit(func(r *mergerequest.Rule) { r.Groups, r.Users = []string{"acme/sre"}, []string{"Olga"} }), nil},
		{"staff", edit(func(r *mergerequest.Rule) {
			r.Groups, r.Users = append(r.Groups, "acme/staff"), []string{"sven"}
		}), nil},
		{"others too", edit(func(r *mergerequest.Rule) {
			r.Groups, r.Users = append(r.Groups, "acme/backend"), []string{"zoe", "mara"}
		}), []string{"outsiders: members of acme/backend, zoe"}},
		{"the better of two rules", func(p *approval.Project) {
			p.Rules = append([]mergerequest.Rule{{Name: "old", Type: "regular", Required: 1, Groups: []string{"acme/sre", "acme/backend"}}}, p.Rules...)
		}, nil},
		{"the one that requires", func(p *approval.Project) {
			p.Rules = append(p.Rules, mergerequest.Rule{Name: "old", Type: "regular", Groups: []string{"acme/sre"}})
		}, nil},
	} {
		p := well
		p.Rules = []mergerequest.Rule{well.Rules[0]}
		p.Rules[0].Groups = slices.Clone(well.Rules[0].Groups)
		tc.edit(&p)
		got := approval.Audit(rule, p)
		fits := slices.EqualFunc(got, tc.want, func(f approval.Finding, want string) bool {
			id, part, _ := strings.Cut(want, ": ")
			return f.ID == id && strings.Contains(f.Text, part) && f.Fix != ""
		})
		if !fits {
			t.Errorf("%s: %+v, want %q", tc.name, got, tc.want)
		}
	}
}
