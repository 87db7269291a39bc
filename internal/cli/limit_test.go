package cli_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/term"
)

// limited are the commands with --limit: an example with several rows, and the list in its document.
var limited = map[string]struct{ line, list string }{
	"change list":       {"change list --all", "changes"},
	"goal check":        {"goal check", "goals"},
	"goal list":         {"goal list", "goals"},
	"handoff list":      {"handoff list", "entries"},
	"incident actions":  {"incident actions", "actions"},
	"incident changes":  {"incident changes 8 --before 48h", "changes"},
	"incident check":    {"incident check", "findings"},
	"incident list":     {"incident list", "incidents"},
	"incident timeline": {"incident timeline 8", "lines"},
	"issue list":        {"issue list", "issues"},
	"label list":        {"label list", "labels"},
	"lint":              {"lint", "findings"},
	"milestone list":    {"milestone list --all", "milestones"},
	"oncall schedule":   {"oncall schedule", "duties"},
}

// unlimited are the commands that read and have no --limit, with the reason.
var unlimited = map[string]string{
	"approval audit": "one row for a repository of the configuration", "approval check": "one answer", "apply": "applies a plan",
	"auth status": "one row for a host", "board show": "columns: --milestone shortens them", "budget": "one row for a service",
	"change gate": "all reasons count", "change show": "one change", "doctor": "a list of fixed length", "goal slice": "writes",
	"handoff check": "a verdict, which is cut on a page", "incident show": "one incident",
	"issue priority": "a table of fixed size", "issue ready": "the arguments", "issue show": "one issue", "label plan": "a plan is not cut",
	"lock check": "all locks count", "lock list": "the configuration's", "milestone plan": "one timebox", "milestone show": "one milestone",
	"milestone velocity": "--last is what the mean is made of", "oncall check": "the configuration's", "oncall next": "one answer",
	"oncall now": "one answer", "rad status": "one row for a target of the configuration", "report flow": "measures",
	"report incidents": "statistics", "report labels": "measures", "report readiness": "one row for a target",
	"report site": "one row for a page", "report weekly": "a report", "status": "one screen",
	"config get": "one value", "config path": "one value", "config set": "writes", "config show": "settings", "config trust": "writes",
	"config validate": "one answer", "config edit": "writes",
	"auth login": "no list", "auth logout": "no list", "config schema": "one file",
}

// Every command that prints a list of unknown length has --limit.
func TestEveryLongListHasALimit(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	walk(newTree(), func(cmd *cobra.Command) {
		if !runs(cmd) || !command.NeedsConfiguration(cmd) {
			return
		}
		path := strings.TrimPrefix(cmd.CommandPath(), "prodctl ")
		seen[path] = true
		has := cmd.Flags().Lookup("limit") != nil
		if _, want := limited[path]; has != want {
			t.Errorf("%s: --limit: %t, want %t", path, has, want)
		}
		if writes := cmd.Annotations["prodctl.shows"] != ""; !has && !writes && unlimited[path] == "" {
			t.Errorf("%s has no --limit, and no reason why not", path)
		}
	})
	for path := range limited {
		if !seen[path] {
			t.Errorf("%s does not exist", path)
		}
	}
	for path := range unlimited {
		if !seen[path] {
			t.Errorf("%s does not exist", path)
		}
	}
}

// With --limit, a list has as many rows in every format, and the reader learns how many more there are: below the table, or beside what
// programs read. It never costs more requests.
func TestLimit(t *testing.T) {
	t.Parallel()
	for path, c := range limited {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			p := examplePerson(t)
			p.runs("y\n", "issue", "list") // trusts the file
			for _, title := range []string{"Alert earlier", "Write it down"} {
				p.runs("", "incident", "action", "8", title, "--yes")
			}
			p.runs("", "handoff", "mark", "infrastructure#78", "--left-off", "Half", "--next", "Rest", "--yes")
			args := strings.Fields(c.line)
			list := func(args ...string) []json.RawMessage {
				var doc map[string]json.RawMessage
				var rows []json.RawMessage
				r := p.runs("", append(args, "-o", "json")...)
				if json.Unmarshal([]byte(r.out), &doc) != nil || json.Unmarshal(doc[c.list], &rows) != nil {
					t.Fatalf("exit %d\n%s%s", r.code, r.out, r.errors)
				}
				return rows
			}
			all := list(args...)
			if len(all) < 2 {
				t.Fatalf("%d rows", len(all))
			}
			p.server.ResetRequests()
			p.runs("", args...)
			usual := len(p.server.Requests())
			short := append(slices.Clone(args), "-L", "1")
			p.server.ResetRequests()
			rows, kept := list(short...), all[0]
			if path == "incident timeline" {
				kept = all[len(all)-1]
			}
			if len(rows) != 1 || string(rows[0]) != string(kept) {
				t.Errorf("%d rows\n%s\nwant\n%s", len(rows), rows, kept)
			}
			if n := len(p.server.Requests()); n > usual {
				t.Errorf("%d requests, without --limit %d", n, usual)
			}
			more := fmt.Sprintf("%d more. To see all: --limit %d", len(all)-1, len(all))
			xterm := term.Modes{OutTTY: true, Width: 100}
			for _, form := range []struct {
				modes  term.Modes
				format string
				beside bool // the sentence is on standard error
			}{{xterm, "table", false}, {term.Modes{}, "md", false}, {term.Modes{}, "table", true}, {xterm, "json", true}, {term.Modes{}, "yaml", true}, {term.Modes{}, "csv", true}} {
				r := p.runsOn(form.modes, "", append(short, "-o", form.format)...)
				where := map[bool]string{true: r.errors, false: r.out}[form.beside]
				if r.code != 0 || strings.Count(r.out+r.errors, "To see all") != 1 || !strings.Contains(where, more) {
					t.Errorf("-o %s: exit %d\n%s%s", form.format, r.code, r.out, r.errors)
				}
				if form.beside && form.format != "json" && form.format != "yaml" && strings.Count(r.out, "\n") > 2 {
					t.Errorf("-o %s has more than a header and a row:\n%s", form.format, r.out)
				}
				if q := p.runsOn(form.modes, "", append(short, "-q", "-o", form.format)...); strings.Contains(q.out+q.errors, "more.") {
					t.Errorf("-q -o %s:\n%s%s", form.format, q.out, q.errors)
				}
			}
			for _, n := range []int{len(all), len(all) + 1} {
				if r := p.runsOn(xterm, "", append(args, "--limit", strconv.Itoa(n))...); strings.Contains(r.out, "To see all") || len(list(append(args, "--limit", strconv.Itoa(n))...)) != len(all) {
					t.Errorf("--limit %d:\n%s", n, r.out)
				}
			}
			p.server.ResetRequests()
			for _, n := range []string{"0", "-1", "x", "1.5", ""} {
				if r := p.runs("", append(args, "--limit", n)...); r.code != 6 || !strings.Contains(r.errors, "--limit") || len(p.server.Requests()) > 0 {
					t.Errorf("--limit %q: exit %d\n%s%s", n, r.code, r.out, r.errors)
				}
			}
		})
	}
}

// Rows that are not shown cost no request, and findings that are not shown count for the exit code. A plan is not cut.
func TestLimitOfWhatCosts(t *testing.T) {
	t.Parallel()
	l := newLab(t, onFire("S1", "S2", "S3"))
	l.must(t, "incident", "list")
	all := len(l.requests())
	l.server.ResetRequests()
	if r := l.must(t, "incident", "list", "--limit", "1"); len(l.requests()) != all-2 || !strings.Contains(r.errors, "2 more") {
		t.Errorf("%d requests, without --limit %d\n%s%s", len(l.requests()), all, r.out, r.errors)
	}
	l.server.ResetRequests()
	for _, args := range [][]string{{"incident", "actions", "--remind"}, {"lint", "--fix"}, {"handoff", "list", "--all"}} {
		if r := l.run(append(args, "--limit", "1")...); r.code != 6 || !strings.Contains(r.errors, "cannot be combined") || len(l.requests()) > 0 {
			t.Errorf("%v: exit %d\n%s%s", args, r.code, r.out, r.errors)
		}
	}
	for _, args := range [][]string{{"incident", "check"}, {"lint"}, {"goal", "check"}} {
		p := examplePerson(t)
		if r := p.runs("y\n", append(args, "--exit-code", "--limit", "1")...); r.code != 8 {
			t.Errorf("%v: exit %d\n%s%s", args, r.code, r.out, r.errors)
		}
	}
}

// A page of hand-offs that is cut already shows as many as --limit says.
func TestLimitOfHandoffs(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{carried: 15})
	for n := range 15 {
		l.server.MustDo("mara", http.MethodPut, fmt.Sprintf("/projects/acme%%2Finfrastructure/issues/%d", n+1), `{"add_labels":"Ready_to_Handoff"}`)
	}
	r := l.runOn(term.Modes{OutTTY: true, Width: 100}, "", "handoff", "list", "--limit", "14")
	if got := strings.Count(r.out, "acme/infrastructure#"); got < 14 || !strings.Contains(r.out, "15 issues ready") || !strings.Contains(r.out, "1 more. To see all: --limit 15") {
		t.Errorf("%d\n%s%s", got, r.out, r.errors)
	}
}
