package cli_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// incidentOf is an incident with a record or other text, opened on a day of August 2018 at noon and resolved by hand.
func incidentOf(day int, title, text string, labels ...string) fakegitlab.SeedIssue {
	return fakegitlab.SeedIssue{Title: title, Author: "dev", Labels: append(labels, "incident"), Description: text, Closed: true,
		CreatedAt: time.Date(2018, 8, day, 12, 0, 0, 0, time.UTC), ClosedAt: time.Date(2018, 8, day, 18, 0, 0, 0, time.UTC)}
}

func queueOf(issues ...fakegitlab.SeedIssue) func(*fakegitlab.Seed) {
	return func(s *fakegitlab.Seed) { s.Projects[1].Issues = issues }
}

func recorded(lines ...string) string {
	return "```yaml prodctl/incident\n" + strings.Join(lines, "\n") + "\n```\n"
}

func (l *lab) budget(t testing.TB, args ...string) (doc jsonv1.Budget) {
	t.Helper()
	out := l.must(t, append([]string{"budget", "-o", "json"}, args...)...).out
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// Every minute has its evidence, and only an incident without an end costs a request.
func TestBudgetShowsTheEvidence(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{config: "budget: {services: {registry: {team: storage, slo: \"99.9\"}}}\n", seed: queueOf(
		incidentOf(10, "By record", recorded("started_at: 2018-08-10T10:00:00Z", "mitigated_at: 2018-08-10T10:04:00Z", "impact: 0.5", "services: [registry]"), "Incident::Resolved"),
		incidentOf(11, "By text", "Service(s) affected : registry\nMinutes downtime or degradation : 3\n", "Incident::Resolved"),
		incidentOf(12, "By label", recorded("started_at: 2018-08-24T15:50:00Z", "services: [registry]")),
		incidentOf(13, "Unknown", recorded("mitigated_at: 2018-08-13T10:04:00Z"), "Incident::Resolved"),
		incidentOf(14, "Nothing", "", "Incident::Resolved"),
	)})
	l.web("plan", "PUT", "/issues/3", `{"add_labels": "Incident::Mitigated"}`) // at 16:00
	l.server.ResetRequests()
	doc := l.budget(t, "--explain")
	var got []string
	for _, o := range doc.Outages {
		got = append(got, fmt.Sprintf("%s %s %s-%s %s", strings.TrimPrefix(o.Ref, "acme/production"), o.Minutes, o.FromEvidence, o.ToEvidence, o.Unknown))
	}
	if want := []string{"#1 4 record-record ", "#2 3 opened-text ", "#3 10 record-label ", "#4  -record start unknown", "#5  - start and end unknown"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	a := doc.Accounts[0]
	if a.Spent != "17" || a.Weighted != "15" || a.Allowed != "20.16" || a.Remaining != "3.16" || len(a.Unknown) != 2 || a.IsSpent {
		t.Errorf("%+v", a)
	}
	if s := doc.Accounts[1]; s.Scope != "service" || s.Name != "registry" || s.SLO != "99.9" || s.Spent != "17" || s.Allowed != "40.32" {
		t.Errorf("%+v", s)
	}
	if team := doc.Of(jsonv1.BudgetTeam); len(team) != 1 || team[0].Name != "storage" || team[0].Spent != "17" {
		t.Errorf("%+v", team)
	}
	// Five lists of incidents, the label events of #2, whose place in time is unknown, of #3 and of #5, and two lists of changes.
	if reads, writes := l.count(); reads != 10 || writes != 0 {
		t.Errorf("%d reads, %d writes\n%s", reads, writes, strings.Join(l.requests(), "\n"))
	}
	page := l.must(t, "budget", "--explain", "-o", "md").out
	for _, want := range []string{"3.16 of 20.16 min left", "| acme/production#3 | 10 | 2018-08-24 15:50 UTC | record |", "start and end unknown", "### Evidence"} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is missing in\n%s", want, page)
		}
	}
}

// Without incidents there is one sentence, five requests, and nothing to find.
func TestBudgetOfAQuietTime(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	r := l.must(t, "budget", "--exit-code", "-o", "md")
	if want := "No incidents: all 20.16 min of the error budget of production are left, 2018-07-28 to 2018-08-24\n"; r.out != want || len(l.requests()) != 5 {
		t.Errorf("%q, %d requests", r.out, len(l.requests()))
	}
	for args, want := range map[string]string{
		"--window month": "22.32", "--window quarter": "66.24", "--window 7d": "5.04", "--slo 99.9": "40.32", "--service registry --slo 99.99": "4.032",
	} {
		if doc := l.budget(t, strings.Fields(args)...); doc.Accounts[0].Allowed != want {
			t.Errorf("%s: %s minutes, want %s", args, doc.Accounts[0].Allowed, want)
		}
	}
	for args, about := range map[string]string{"--window 4w": "invalid window", "--slo 100": "leaves no budget", "--slo 1/2": "invalid objective",
		"--team storage": "not found in budget.services", "--team x --service y": "", "--verify prometheus=http://127.0.0.1:1 --query=": "--query is empty"} {
		if r := l.run(append([]string{"budget"}, strings.Fields(args)...)...); r.code != 6 || !strings.Contains(r.errors, about) {
			t.Errorf("%s: exit %d: %s", args, r.code, r.errors)
		}
	}
}

// A name that is not a service is not a service without incidents.
func TestBudgetOfAnUnknownService(t *testing.T) {
	t.Parallel()
	const old = "services: [old-db]"
	queue := queueOf(incidentOf(10, "Retired", recorded("started_at: 2018-08-10T10:00:00Z", "mitigated_at: 2018-08-10T10:04:00Z", old), "Incident::Resolved"))
	listed := newLab(t, setup{seed: queue, config: "incidents: {services: [registry, API.v2]}\nbudget: {services: {API.v2: {team: storage}}}\n"})
	if r := listed.run("budget", "--service", "registri", "--exit-code"); r.code != 6 || !strings.Contains(r.errors, "Did you mean registry?") {
		t.Errorf("exit %d: %s", r.code, r.errors)
	}
	for _, name := range []string{"api.V2", "registry", "old-db"} {
		if doc := listed.budget(t, "--service", name); len(doc.Notes) != 0 || !strings.EqualFold(doc.Accounts[0].Name, name) {
			t.Errorf("%s: %q", name, doc.Notes)
		}
	}
	open := newLab(t, setup{seed: queue})
	if doc := open.budget(t, "--service", "registri"); len(doc.Notes) != 1 || !strings.Contains(doc.Notes[0], "no incident of the window has it") {
		t.Errorf("%q", doc.Notes)
	}
	if md := open.must(t, "budget", "--service", "registri", "-o", "md").out; !strings.Contains(md, "no incident of the window has it") {
		t.Errorf("%s", md)
	}
	if doc := open.budget(t, "--service", "old-db"); len(doc.Notes) != 0 {
		t.Errorf("%q", doc.Notes)
	}
}

// The days of a window are the team's, and a quarter begins when the team's does.
func TestBudgetInTheTeamsZone(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{config: "timezone: Pacific/Auckland\nplanning: {quarter_start: 2}\n"})
	doc := l.budget(t, "--window", "quarter")
	if doc.FirstDay != "2018-08-01" || doc.LastDay != "2018-10-31" || doc.From != "2018-07-31T12:00:00Z" || doc.To != "2018-10-31T11:00:00Z" || doc.Accounts[0].Allowed != "66.21" {
		t.Errorf("%s to %s, %s minutes", doc.From, doc.To, doc.Accounts[0].Allowed) // an hour less than 92 days
	}
}

// A spent budget is a finding, and so is an unknown duration if the team says that it blocks.
func TestBudgetExitCode(t *testing.T) {
	t.Parallel()
	unknown := incidentOf(14, "Nothing", "", "Incident::Resolved")
	spent := incidentOf(10, "Long", recorded("started_at: 2018-08-10T10:00:00Z", "mitigated_at: 2018-08-10T11:00:00Z"), "Incident::Resolved")
	for name, c := range map[string]struct {
		config string
		seed   fakegitlab.SeedIssue
		code   int
	}{
		"spent": {"", spent, 8}, "unknown, listed": {"", unknown, 0}, "unknown, which blocks": {"budget: {unknown: block}\n", unknown, 8},
	} {
		l := newLab(t, setup{config: c.config, seed: queueOf(c.seed)})
		if r := l.run("budget", "--exit-code"); r.code != c.code {
			t.Errorf("%s: exit %d: %s", name, r.code, r.errors)
		}
		l.must(t, "budget")
	}
}

// Confidential incidents count, and show no times, titles or services to strangers.
func TestBudgetOfConfidentialIncidents(t *testing.T) {
	t.Parallel()
	secret := incidentOf(10, "Leaked data", recorded("started_at: 2018-08-10T10:07:00Z", "mitigated_at: 2018-08-10T10:49:00Z", "services: [leaked-db]"), "Incident::Resolved", "S1")
	secret.Confidential = true
	l := newLab(t, setup{seed: queueOf(secret, incidentOf(11, "Slow", recorded("started_at: 2018-08-11T10:00:00Z", "mitigated_at: 2018-08-11T10:01:00Z", "services: [web]"), "Incident::Resolved"))})
	for _, form := range []string{"table", "csv", "md", "json", "yaml", "html"} {
		for _, explain := range []string{"--explain=false", "--explain"} {
			r := l.must(t, "budget", explain, "-o", form)
			if out := strings.ToLower(r.out + r.errors); strings.Contains(out, "leaked") || strings.Contains(out, "10:07") || strings.Contains(out, "10:49") || strings.Contains(out, "10:27") {
				t.Errorf("-o %s %s leaks\n%s", form, explain, r.out)
			}
		}
		if r := l.must(t, "budget", "--explain", "-o", form, "--include-confidential"); !strings.Contains(r.out, "leaked-db") || !strings.Contains(r.out, "10:49") {
			t.Errorf("-o %s with --include-confidential is redacted\n%s", form, r.out)
		}
	}
	within := incidentOf(10, "Leaked again", recorded("started_at: 2018-08-10T10:00:00Z", "mitigated_at: 2018-08-10T10:30:00Z"), "Incident::Resolved")
	within.Confidential = true
	covered := newLab(t, setup{seed: queueOf(within, incidentOf(10, "Down", recorded("started_at: 2018-08-10T10:00:00Z", "mitigated_at: 2018-08-10T11:00:00Z"), "Incident::Resolved"))})
	if large := covered.budget(t).Accounts[0].Large; !slices.Equal(large, []string{"acme/production#2"}) {
		t.Errorf("above 20 %%: %q shows how long a confidential incident lasted", large)
	}
	doc, open := l.budget(t), l.budget(t, "--include-confidential")
	if doc.Accounts[0].Spent != "43" || open.Accounts[0].Spent != "43" || !doc.Accounts[0].Hides || open.Accounts[0].Hides {
		t.Errorf("spent %s and %s", doc.Accounts[0].Spent, open.Accounts[0].Spent)
	}
}

// Approved downtime is counted apart: in the window of a change that was started, while its plan is the one that was approved.
func TestApprovedDowntime(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.runAll(t, says("rep", "change", "open", "Move the database", "--criticality", "C2", "--start", "2018-08-24 16:00", "--duration", "30m", "--rollback", "move it back",
		"--service", "db", "--downtime", "approved"))
	l.must(t, "incident", "open", "Database is down", "--started", "2018-08-24 15:50", "--service", "db")
	l.must(t, "incident", "mitigate", "2", "--at", "16:00")
	l.web("plan", "PUT", "/issues/2", `{"description": %q}`, recorded("started_at: 2018-08-24T15:50:00Z", "mitigated_at: 2018-08-24T16:10:00Z", "services: [db]"))
	spent := func() string {
		t.Helper()
		doc := l.budget(t, "--now", "2018-08-24T16:30:00Z")
		return doc.Accounts[0].Spent + " " + doc.Accounts[0].Excluded + " " + strings.Join(doc.Notes, "; ")
	}
	if got, want := spent(), "20 0 Downtime of acme/production#1 is not excluded: the change was not started"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	l.must(t, "change", "approve", "1")
	l.as("dev").must(t, "change", "start", "1", "--override", "the incident is the change")
	if got, want := spent(), "10 10 "; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if doc := l.budget(t, "--now", "2018-08-24T16:30:00Z"); len(doc.Excluded) != 1 || !slices.Equal(doc.Excluded[0].ApprovedBy, []string{"mara"}) || doc.Outages[0].Minutes != "10" || doc.Outages[0].Excluded != "10" {
		t.Errorf("%+v", doc)
	}
	text, _ := l.queueIssue(t, 1)
	l.web("plan", "PUT", "/issues/1", `{"description": %q}`, strings.Replace(text.Description, "move it back", "hope", 1))
	if got := spent(); !strings.HasPrefix(got, "20 0 Downtime of acme/production#1 is not excluded: 1 approval needed") {
		t.Errorf("%s", got)
	}
	for _, wrong := range [][]string{{"--criticality", "C3", "--service", "db"}, {"--criticality", "C2"}} {
		args := append([]string{"change", "open", "Other", "--start", "2018-08-30 10:00", "--duration", "30m", "--rollback", "x", "--downtime", "approved"}, wrong...)
		if r := l.run(args...); r.code != 6 || !strings.Contains(r.errors, "downtime") {
			t.Errorf("%q: exit %d: %s", wrong, r.code, r.errors)
		}
	}
}

// Objectives of services come from an OpenSLO document, exactly.
func TestBudgetFromOpenSLO(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{config: "budget: {services: {registry: {team: storage, slo: \"99.9\"}}}\n"})
	l.ownDir(t)
	l.file(t, "slo.yaml", "apiVersion: openslo/v1\nkind: SLO\nspec:\n  service: Registry\n  objectives: [{target: 0.9995}]\n---\napiVersion: openslo/v1\nkind: SLO\nspec: {service: git, objectives: [{targetPercent: 99.99}]}\n")
	doc := l.budget(t, "--openslo", "slo.yaml")
	var got []string
	for _, a := range doc.Of(jsonv1.BudgetService) {
		got = append(got, a.Name+" "+a.Team+" "+a.SLO)
	}
	if want := []string{"git  99.99", "registry storage 99.95"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	l.file(t, "bad.yaml", "apiVersion: openslo/v1\nkind: SLO\nspec:\n  service: Registry\n  objectives: [{target: 5}]\n")
	for args, about := range map[string]string{"--openslo bad.yaml": "bad.yaml:5:25: target 5 is not above 0 and below 100 %", "--openslo none.yaml": "file none.yaml not found", "--openslo slo.yaml --slo 99": ""} {
		if r := l.run(append([]string{"budget"}, strings.Fields(args)...)...); r.code != 6 || !strings.Contains(r.errors, about) {
			t.Errorf("%s: exit %d: %s", args, r.code, r.errors)
		}
	}
}

// The hand-off, the weekly report and the budget agree.
func TestReportsHaveTheSameAccount(t *testing.T) {
	t.Parallel()
	for _, window := range []string{"28d", "month", "quarter"} {
		l := newLab(t, setup{config: rotations + "budget: {window: " + window + "}\n", seed: queueOf(
			incidentOf(2, "By record", recorded("started_at: 2018-07-30T10:00:00Z", "mitigated_at: 2018-07-30T10:04:00Z"), "Incident::Resolved"),
			incidentOf(11, "By text", "Minutes downtime or degradation : 3\n", "Incident::Resolved"),
			incidentOf(12, "By label", recorded("started_at: 2018-08-24T15:50:00Z")),
			incidentOf(14, "Unknown", "", "Incident::Resolved"),
		)})
		l.web("plan", "PUT", "/issues/3", `{"add_labels": "Incident::Mitigated"}`)
		account := func(of string, args ...string) string {
			return l.must(t, append(args, "--jq", of+` | [.slo, .allowed_minutes, .spent_minutes, .remaining_minutes, (.charged | join(" ")), (.unknown | join(" "))] | join(", ")`)...).out
		}
		want := account(".accounts[0]", "budget")
		for _, command := range []string{"handoff", "report weekly"} {
			if got := account(".budget", strings.Fields(command)...); got != want {
				t.Errorf("%s, %s: %s, want %s", window, command, got, want)
			}
		}
	}
}
