package mcp

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli"
	"gitlab.com/prodctl/prodctl/internal/term"
)

// At most 15 tools, whose definitions take about 4,000 tokens of an agent's context, at four bytes each.
func TestDefinitionsAreSmall(t *testing.T) {
	t.Parallel()
	a := newLab(t).serve(t).request("tools/list", "{}")
	if n := len(a.Result.Tools); n != len(tools()) || n > 15 {
		t.Errorf("%d tools, want at most 15", n)
	}
	if len(a.raw)+len(instructions) > 16_000 {
		t.Errorf("definitions and instructions have %d bytes, want at most 16,000", len(a.raw)+len(instructions))
	}
	t.Logf("%d tools, %d bytes with the instructions", len(a.Result.Tools), len(a.raw)+len(instructions))
}

// forbidden are flags that no tool may set: they write, answer a question, disclose something, or name a file.
var forbidden = []string{"yes", "include-confidential", "confidential", "override", "force", "post", "reassign", "fix", "web", "file", "plan-file", "output", "jq", "debug", "config",
	"host", "token", "fail-open", "wait", "verify", "openslo", "remind", "digest", "key", "new", "retry-of", "dry-run"}

// Every input is a flag, or an argument, of each command that has it.
func TestEveryInputIsAFlag(t *testing.T) {
	t.Parallel()
	root := cli.NewRoot(&app.App{Streams: term.New(strings.NewReader(""), new(buffer), new(buffer), term.Modes{})})
	for _, tl := range tools() {
		for _, c := range tl.commands {
			words := slices.DeleteFunc(slices.Clone(c.words), func(w string) bool { return strings.HasPrefix(w, "-") })
			found, rest, err := root.Find(words)
			if err != nil || len(rest) > 0 {
				t.Errorf("%s: command %q not found", tl.name, c.words)
				continue
			}
			checkInputs(t, tl, c, found.Use, found.Flags())
		}
	}
}

func checkInputs(t *testing.T, tl tool, c cmd, use string, flags *pflag.FlagSet) {
	t.Helper()
	arguments, has := 0, map[string]bool{}
	for _, in := range tl.inputs {
		if !c.has(in.name) {
			continue
		}
		has[in.name] = true
		if in.flag == "" {
			arguments++
			continue
		}
		f := flags.Lookup(in.flag)
		if f == nil || slices.Contains(forbidden, in.flag) {
			t.Errorf("%s %s: --%s is not a flag of %q, or is forbidden", tl.name, in.name, in.flag, c.words)
		} else if isFlag := f.NoOptDefVal == "true"; isFlag != (in.kind == flag) {
			t.Errorf("%s %s: wrong kind for --%s", tl.name, in.name, in.flag)
		}
	}
	for _, name := range append(slices.Clone(c.inputs), c.needs...) {
		if !has[name] {
			t.Errorf("%s: %q is not an input", tl.name, name)
		}
	}
	if want := strings.Count(use, "<") + strings.Count(use, "[current"); arguments > max(want, 1) {
		t.Errorf("%s: %d arguments for %q", tl.name, arguments, use)
	}
}

// Annotations are true. No tool sends a write or changes GitLab; a tool that only reads changes no file, and the same call gives the same
// again; a tool that plans adds one file that only its owner can read, and changes no other.
func TestAnnotationsAreTrue(t *testing.T) {
	t.Parallel()
	l := newLab(t, "Somebody's words")
	c, before, inDir := l.serve(t), l.server.Digest(), files(t, l.dir)
	saved := 0
	c.walk(func(tl tool, input, text string, failed bool) {
		hints := tl.definition().Annotations
		if hints.ReadOnlyHint == tl.plans || *hints.DestructiveHint || hints.IdempotentHint == tl.plans || !*hints.OpenWorldHint {
			t.Errorf("%s: annotations %+v", tl.name, hints)
		}
		if writes := l.wire.writes(); len(writes) > 0 {
			t.Fatalf("%s %s sent %q", tl.name, input, writes)
		}
		if l.server.Digest() != before {
			t.Fatalf("%s %s changed GitLab", tl.name, input)
		}
		plans := files(t, l.plans)
		switch added := len(plans) - saved; {
		case !tl.plans && added != 0, added < 0, added > 1, strings.HasPrefix(text, "Plan saved") != (added == 1), added == 1 && failed:
			t.Errorf("%s %s: %d new files\n%s", tl.name, input, added, text)
		default:
			saved += added
		}
		if again, _ := c.call(tl.name, input); hints.IdempotentHint && body(again) != body(text) {
			t.Errorf("%s %s differs when it is repeated:\n%s\n%s", tl.name, input, text, again)
		}
		saved = len(files(t, l.plans))
	})
	for _, path := range names(files(t, l.plans)) {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 || strings.HasPrefix(filepath.Base(path), ".") {
			t.Errorf("%s: mode %v, %v", path, info.Mode(), err)
		}
	}
	if info, err := os.Stat(l.plans); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("folder: %v, %v", info.Mode(), err)
	}
	if after := files(t, l.dir); !maps.Equal(after, inDir) {
		t.Errorf("files in the working directory: %q, before %q", names(after), names(inDir))
	}
	if saved < 12 {
		t.Errorf("%d plans were saved", saved)
	}
}

// body is a result without its random code.
func body(text string) string {
	lines := strings.Split(text, "\n")
	return strings.Join(slices.DeleteFunc(lines, func(l string) bool { return strings.HasPrefix(l, "untrusted ") }), "\n")
}

// No command that writes can send a write from here, whoever builds its command line: neither with --yes nor without a plan file.
func TestWritingCommandsSendNothing(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	before := l.server.Digest()
	r := &runner{options: options{Timeout: patience, Plans: l.plans}, machine: readOnly(l.machine())}
	for _, line := range []string{"incident open New --yes", "incident open New --new", "incident update 1 -m own", "incident mitigate 1", "incident resolve 1 --close", "incident reopen 1 -m own",
		"incident action 1 Own", "incident review 1 --force", "change open Own --criticality C4", "change start 3 --override own", "change abort 3 -m own", "change finish 3",
		"change record --type deployment --outcome success --environment production --key k", "milestone roll --yes", "milestone sweep --yes", "label apply --yes", "board init --yes", "board move 1 Waiting",
		"issue request Own", "issue priority 1 --urgency U1 --impact I1", "handoff --post", "handoff mark 1 --left-off a --next b", "handoff accept", "report weekly --post",
		"lint --fix --yes", "queue merge --from production --yes", "rad open --early", "goal slice 1 Own", "doctor --fix --yes"} {
		got := r.run(t.Context(), cmd{}, strings.Fields(line))
		if writes := l.wire.writes(); len(writes) > 0 || l.server.Digest() != before {
			t.Fatalf("%s sent %q", line, writes)
		}
		t.Logf("%s: %d %.120s", line, got.code, strings.ReplaceAll(got.err, "\n", " "))
	}
	if after := files(t, l.dir); len(after) != 1 {
		t.Errorf("files were written: %q", names(after))
	}
}

// A person applies the plan with the command in the result, and nobody can apply another file with it.
func TestPersonAppliesThePlan(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	text, failed := l.serve(t).call("plan_incident", `{"action":"mitigate","incident":"1","message":"--yes; $(rm -rf /)"}`)
	if failed || !strings.HasPrefix(text, "Plan saved; nothing was changed in GitLab.") {
		t.Fatal(text)
	}
	line := strings.Fields(strings.TrimSpace(strings.Split(text, "\n")[2]))
	if len(line) != 5 || line[0] != "prodctl" || line[1] != "apply" || line[3] != "--digest" {
		t.Fatalf("command %q", line)
	}
	if r := l.prodctl(line[1:]...); r.code != 0 || !strings.HasPrefix(r.out, "done") {
		t.Fatalf("%q: %+v", line, r)
	}
	if len(l.wire.writes()) == 0 {
		t.Error("the plan was not applied")
	}
	data, err := os.ReadFile(line[2])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(line[2], append(data, '\n'), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := l.prodctl(line[1:]...); r.code != 5 || !strings.Contains(r.err, "is not the plan with this digest") {
		t.Errorf("a changed file: %+v", r)
	}
}

// A tool sends the requests that its command sends, and no others.
func TestRequestsAreThoseOfTheCommand(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	c := l.serve(t)
	l.wire.reset()
	for _, tl := range tools() {
		for _, input := range calls[tl.name] {
			_, args, err := tl.arguments(json.RawMessage(input))
			if err != nil {
				t.Fatal(err)
			}
			if tl.plans {
				continue
			}
			l.prodctl(slices.Insert(args, 1, "--output=json")...)
			want := l.wire.reset()
			c.call(tl.name, input)
			if got := l.wire.reset(); got != want {
				t.Errorf("%s %s sent %d requests, the command sends %d", tl.name, input, got, want)
			} else {
				t.Logf("%s %s: %d requests", tl.name, input, got)
			}
		}
	}
}
