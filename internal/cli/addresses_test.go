package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// address is an input that names something in GitLab: a command line with IT in its place, and which kind of thing that is.
type address struct {
	kind string // issue, work (an issue of the team), milestone, project, group, place, mr
	line string
}

// addresses are all arguments and flags that name an issue, a milestone, a project, a group or a merge request.
var addresses = []address{
	{"issue", "incident show IT"},
	{"issue", "incident timeline IT"},
	{"issue", "incident changes IT"},
	{"issue", "incident update IT -m x --dry-run"},
	{"issue", "incident adopt IT --dry-run"},
	{"issue", "incident mitigate IT --dry-run"},
	{"issue", "incident resolve IT --dry-run"},
	{"issue", "incident reopen IT --dry-run"},
	{"issue", "incident review IT --dry-run"},
	{"issue", "incident action IT Title --dry-run"},
	{"issue", "incident actions IT"},
	{"issue", "incident open Title --link IT --dry-run"},
	{"issue", "change show IT"},
	{"issue", "change approve IT --digest 00 --dry-run"},
	{"issue", "change start IT --dry-run"},
	{"issue", "change finish IT --dry-run"},
	{"issue", "change abort IT -m x --dry-run"},
	{"issue", "change gate --change IT"},
	{"issue", "change open Title --criticality C3 --start 2018-08-30T10:00:00Z --duration 20m --rollback x --link IT --dry-run"},
	{"issue", "change open Title --criticality C3 --start 2018-08-30T10:00:00Z --duration 20m --rollback x --retry-of IT --dry-run"},
	{"issue", "handoff mark IT --left-off x --next y --dry-run"},
	{"issue", "handoff take IT --dry-run"},
	{"issue", "board move IT ready --dry-run"},
	{"issue", "issue show IT"},
	{"issue", "issue ready IT"},
	{"issue", "goal slice IT x --dry-run"},
	{"issue", "issue priority IT --urgency U1 --impact I1 --dry-run"},
	{"milestone", "milestone show IT"},
	{"milestone", "milestone roll --early --from IT --dry-run"},
	{"milestone", "milestone roll --to IT --dry-run"},
	{"milestone", "board show --milestone IT"},
	{"project", "lock sync --project IT --dry-run"},
	{"project", "report site site --project IT --jq .audience"},
	{"place", "label list --in IT"},
	{"place", "label plan --in IT"},
	{"place", "label apply --in IT --dry-run"},
	{"project", "queue merge --from IT --into infrastructure --dry-run"},
	{"project", "queue merge --from infrastructure --into IT --dry-run"},
	{"project", "approval check --mr 1 --project IT"},
	{"project", "init --production IT --infrastructure acme/infrastructure --force --dry-run"},
	{"project", "init --infrastructure IT --production none --force --dry-run"},
	{"group", "init --infrastructure acme/infrastructure --production none --group IT --force --dry-run"},
	{"mr", "approval check --mr IT"},
}

// ownAddresses are the forms of an address, the first of which is the plain one; ROOT is GitLab's address.
func ownAddresses(kind string) []string {
	pages := func(paths ...string) (all []string) {
		for _, path := range paths {
			for _, root := range []string{"https://gitlab.example.test", "http://gitlab.example.test", "https://GitLab.Example.TEST", "https://gitlab.example.test.",
				"https://gitlab.example.test:443", "https://www.example.test"} {
				for _, end := range []string{"", "?a=b&c=%2F", "#note_7", "?x=1#y"} {
					all = append(all, root+path+end)
				}
			}
		}
		return all
	}
	switch kind {
	case "issue":
		return append([]string{"acme/production#1", "production#1", "acme/production#1+", "acme/production#1+s"}, pages("/acme/production/-/issues/1",
			"/acme/production/-/issues/incident/1", "/acme/production/-/issues/incident/1/timeline", "/acme/production/-/work_items/1", "/acme/production/issues/1",
			"/acme/production/-/issues/1/", "/acme/production/-/issues/1/designs")...)
	case "milestone":
		return append([]string{"Current Milestone", `%"Current Milestone"`, "MILESTONE_ID", "%MILESTONE_ID"}, pages("/acme/infrastructure/-/milestones/2",
			"/acme/infrastructure/-/milestones/2/", "/acme/infrastructure/milestones/2")...)
	case "mr":
		return append([]string{"acme/infrastructure!1", "acme/infrastructure!1+", "acme/infrastructure!1+s"}, pages("/acme/infrastructure/-/merge_requests/1",
			"/acme/infrastructure/-/merge_requests/1/diffs", "/acme/infrastructure/merge_requests/1")...)
	case "group":
		return append([]string{"acme", "/acme/"}, pages("/acme", "/groups/acme", "/groups/acme/-/milestones", "/groups/acme/-/issues/")...)
	}
	return append([]string{"acme/production", "/acme/production/"}, append(pages("/acme/production", "/acme/production/", "/acme/production.git", "/acme/production/-/issues",
		"/acme/production/-/tree/main/docs", "/acme/production/issues/8"), "git@gitlab.example.test:acme/production.git", "ssh://git@gitlab.example.test:2222/acme/production.git")...)
}

// foreignAddresses are pages of other hosts, which look alike.
func foreignAddresses(kind string) (all []string) {
	page := map[string]string{"issue": "/acme/production/-/issues/1", "milestone": "/acme/infrastructure/-/milestones/2", "mr": "/acme/infrastructure/-/merge_requests/1",
		"group": "/groups/acme", "project": "/acme/production", "place": "/acme/production"}[kind]
	for _, root := range []string{"https://ops.example", "https://gitlab.example.test.evil.example", "https://gitlab.example.test@evil.example", "https://gitlab.example.test:8443",
		"https://evil.example/https://gitlab.example.test", "https://gitlab.example.tes", "ftp://gitlab.example.test", "https://gitlab.example.test%2eevil.example"} {
		all = append(all, root+page)
	}
	if kind == "project" || kind == "group" || kind == "place" {
		all = append(all, "git@evil.example:acme/production.git", "ssh://git@evil.example/acme/production.git")
	}
	return all
}

func addressLab(t *testing.T) *lab {
	l := newLab(t, setup{carried: 1, config: "web_hosts: [https://www.example.test]\napprovals:\n  repositories: [{project: acme/infrastructure}]\n  teams: {production: {users: [mara]}}\n",
		seed: func(s *fakegitlab.Seed) {
			s.Projects[1].Issues = []fakegitlab.SeedIssue{{Title: "Both", Author: "dev", Labels: []string{"incident", "change", "Incident::Resolved"}}}
			s.Projects[0].MergeRequests = []fakegitlab.SeedMergeRequest{{Title: "Let Ines in", Author: "guest", ApprovedBy: []string{"rep", "mara"}}}
		}})
	return l
}

// Every input that names something in GitLab takes all forms that GitLab and people write, with the same requests and result, and refuses the
// address of another host before the first request.
func TestAddresses(t *testing.T) {
	t.Parallel()
	tried := 0
	start := addressLab(t)
	id := ""
	for _, m := range start.milestoneRows(t, "/projects/acme%2Finfrastructure/milestones") {
		if m.Title == "Current Milestone" {
			id = fmt.Sprint(m.ID)
		}
	}
	empty := t.TempDir()
	for _, a := range addresses {
		run := func(form string) (ran, []string) {
			l := start.copy()
			l.env = map[string]string{"PRODCTL_CONFIG": filepath.Join(l.dir, ".prodctl.yaml")} // which is trusted
			if strings.HasPrefix(a.line, "init") {
				l.dir, l.env = empty, nil
			}
			l.server.ResetRequests()
			words := strings.Fields(a.line)
			for n := range words {
				if words[n] == "IT" {
					words[n] = strings.ReplaceAll(form, "MILESTONE_ID", id)
				}
			}
			r := l.run(words...)
			all := l.requests()
			slices.Sort(all)
			return r, all
		}
		forms := ownAddresses(a.kind)
		want, requests := run(forms[0])
		if want.code == 6 || len(requests) == 0 && !strings.Contains(a.line, "open") {
			t.Errorf("%s: %s: exit %d %s", a.line, forms[0], want.code, want.errors)
		}
		for n, form := range forms[1:] {
			if n > 6 && !sampled(4, a.line, n) {
				continue
			}
			if strings.HasPrefix(a.line, "init") && strings.Contains(form, "//www.") { // it reads no file
				continue
			}
			tried++
			got, all := run(form)
			others := want.code != 0 || strings.Contains(a.line, "board show") // after an error reads are given up; a page takes one more
			if got != want || !others && !slices.Equal(all, requests) {
				t.Errorf("%s: %s: exit %d, want %d\n%s%s\n%s", a.line, form, got.code, want.code, got.errors, cmp.Diff(want.out, got.out), cmp.Diff(requests, all))
			}
		}
		for _, form := range foreignAddresses(a.kind) {
			tried++
			if got, all := run(form); got.code != 6 || len(all) > 0 || got.out != "" {
				t.Errorf("%s: %s: exit %d, want 6: %s\n%v", a.line, form, got.code, got.errors, all)
			}
		}
	}
	t.Logf("%d cases", tried)
}

// The table above has every argument and flag of such a kind.
func TestAddressesAreComplete(t *testing.T) {
	t.Parallel()
	arg := regexp.MustCompile(`[<\[](incident|change|issue|milestone|project|group)[>\]]`)
	has := func(line string) bool {
		return slices.ContainsFunc(addresses, func(a address) bool {
			command, flag, _ := strings.Cut(line, " --")
			return strings.HasPrefix(a.line, command+" ") && (flag == "" || strings.Contains(a.line, "--"+flag+" IT"))
		})
	}
	found := 0
	walk(newTree(), func(cmd *cobra.Command) {
		path := strings.TrimPrefix(cmd.CommandPath(), "prodctl ")
		if arg.MatchString(cmd.Use) {
			found++
			if !has(path) {
				t.Errorf("%s takes an address", cmd.Use)
			}
		}
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			kind := strings.TrimSuffix(f.Value.Type(), "s")
			if !slices.Contains([]string{"issue", "milestone", "project", "group", "place", "mr", "tracker"}, kind) && f.Name != "group" {
				return
			}
			found++
			if !has(path + " --" + f.Name) {
				t.Errorf("%s --%s takes an address", path, f.Name)
			}
		})
	})
	if found < 25 {
		t.Errorf("found only %d", found)
	}
}

// The configuration takes the same addresses of projects and groups, and refuses those of another host.
func TestAddressesInTheConfiguration(t *testing.T) {
	t.Parallel()
	start := addressLab(t)
	const file = "version: 1\nhost: https://gitlab.example.test\nweb_hosts: [https://www.example.test]\ntrackers:\n  infrastructure: acme/infrastructure\n  production: %s\n" +
		"milestones: {scope: group, group: %s}\napprovals:\n  repositories: [{project: %s}]\n  teams: {production: {users: [mara]}}\n"
	run := func(production, group string) (ran, []string) {
		l := start.copy()
		l.dir = t.TempDir()
		l.env = map[string]string{"PRODCTL_CONFIG": filepath.Join(l.dir, ".prodctl.yaml")} // which is trusted
		text := fmt.Sprintf(file, quoted(production), quoted(group), quoted(production))
		if err := os.WriteFile(filepath.Join(l.dir, ".prodctl.yaml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		l.server.ResetRequests()
		r := l.run("incident", "list", "--all")
		return r, l.requests()
	}
	want, requests := run("acme/production", "acme")
	if want.code != 0 || len(requests) != 2 {
		t.Fatalf("%d %s %v", want.code, want.errors, requests)
	}
	for _, form := range ownAddresses("project") {
		if got, all := run(form, "acme"); got != want || !slices.Equal(all, requests) {
			t.Errorf("trackers: %s: %+v %v", form, got, all)
		}
	}
	for _, form := range ownAddresses("group") {
		if got, all := run("acme/production", form); got != want || !slices.Equal(all, requests) {
			t.Errorf("milestones.group: %s: %+v %v", form, got, all)
		}
	}
	for _, form := range foreignAddresses("project") {
		if got, all := run(form, "acme"); got.code != 6 || len(all) > 0 || !strings.Contains(got.errors, "trackers.production") || !strings.Contains(got.errors, "approvals.repositories") {
			t.Errorf("trackers: %s: %+v", form, got)
		}
	}
	for _, form := range foreignAddresses("group") {
		if got, all := run("acme/production", form); got.code != 6 || len(all) > 0 || !strings.Contains(got.errors, "milestones.group") {
			t.Errorf("milestones.group: %s: %+v", form, got)
		}
	}
}

func quoted(s string) string { return "'" + s + "'" }
