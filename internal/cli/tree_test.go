package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/testkit"
)

func newTree() *cobra.Command { return cli.NewRoot(new(app.App)) }

// walk calls f for a command and all below it.
func walk(cmd *cobra.Command, f func(*cobra.Command)) {
	f(cmd)
	for _, sub := range cmd.Commands() {
		walk(sub, f)
	}
}

// runs reports whether a command does something itself: nouns only show their help.
func runs(cmd *cobra.Command) bool { return !cmd.HasSubCommands() && cmd.Runnable() }

var (
	word      = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
	exitCodes = regexp.MustCompile(`(?i)exit codes: (.*)|exit(?:s with| with| code is| code) ([0-9]+)`)
	exitCode  = regexp.MustCompile(`\b([0-9]{1,3})\b`)
)

func TestEveryCommandIsExplained(t *testing.T) {
	t.Parallel()
	walk(newTree(), func(cmd *cobra.Command) {
		path := cmd.CommandPath()
		if !word.MatchString(cmd.Name()) {
			t.Errorf("%s: a name must be lower-case letters and hyphens", path)
		}
		if cmd.Short == "" || strings.HasSuffix(cmd.Short, ".") || !unicode.IsUpper(rune(cmd.Short[0])) {
			t.Errorf("%s: the short description %q must start with a capital letter and have no full stop", path, cmd.Short)
		}
		if cmd.Long == "" || cmd.Long == cmd.Short {
			t.Errorf("%s has no description besides the short one", path)
		}
		if cmd.IsAdditionalHelpTopicCommand() {
			return
		}
		checkLength(t, cmd)
		if cmd.HasParent() && len(exampleLines(cmd.Example)) == 0 {
			t.Errorf("%s has no example", path)
		}
		if !runs(cmd) {
			return
		}
		checkExitCodes(t, cmd)
	})
}

// checkLength checks that the help is short enough to be read: one line, and two paragraphs.
func checkLength(t *testing.T, cmd *cobra.Command) {
	t.Helper()
	if n := len(cmd.Short); n > 60 {
		t.Errorf("%s: the short description has %d characters, more than 60", cmd.CommandPath(), n)
	}
	paragraphs := strings.Split(strings.TrimSpace(cmd.Long), "\n\n")
	paragraphs = slices.DeleteFunc(paragraphs, func(p string) bool {
		return strings.HasPrefix(p, "  ") || strings.Contains(p, ":\n  ") || strings.HasPrefix(p, "Exit code ")
	})
	if n := len(paragraphs); n > 2 {
		t.Errorf("%s: the description has %d paragraphs besides lists and exit codes, more than two", cmd.CommandPath(), n)
	}
}

// checkExitCodes checks that the exit codes in the help of a command exist. The help topic lists all of them, so a command has to
// name only those that mean something special for it: 8 is one of them, and only commands with --exit-code have it.
func checkExitCodes(t *testing.T, cmd *cobra.Command) {
	t.Helper()
	text := strings.ReplaceAll(cmd.Long, "\n", " ")
	if f := cmd.Flags().Lookup("exit-code"); f != nil {
		text += "\n" + f.Usage
	}
	var codes []int
	for _, list := range exitCodes.FindAllStringSubmatch(text, -1) {
		for _, found := range exitCode.FindAllString(list[1]+list[2], -1) {
			code, err := strconv.Atoi(found)
			if err != nil {
				t.Fatal(err)
			}
			codes = append(codes, code)
		}
	}
	for _, code := range codes {
		if !slices.Contains(publishedCodes, code) {
			t.Errorf("%s names the exit code %d, which does not exist", cmd.CommandPath(), code)
		}
	}
	pending := cmd.Flags().Lookup("exit-code") != nil
	if slices.Contains(codes, int(fault.Pending)) != pending {
		t.Errorf("%s: exit code %d in its help: %t, --exit-code: %t", cmd.CommandPath(), fault.Pending, !pending, pending)
	}
}

// publishedCodes are all exit codes.
var publishedCodes = []int{0, int(fault.Failed), int(fault.Partial), int(fault.Auth), int(fault.Refused), int(fault.Usage),
	int(fault.Unreachable), int(fault.Pending), int(fault.Interrupted)}

// The help topic and the page of the documentation list the same codes: all that there are.
func TestExitCodesAreListed(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join(testkit.Root(t), "docs", "exit-codes.md"))
	if err != nil {
		t.Fatal(err)
	}
	topic, _, err := newTree().Find([]string{"exit-codes"})
	if err != nil {
		t.Fatal(err)
	}
	for name, lines := range map[string][][]string{
		"the help topic":     regexp.MustCompile(`(?m)^ +(\d+)  `).FindAllStringSubmatch(topic.Long, -1),
		"docs/exit-codes.md": regexp.MustCompile(`(?m)^\| (\d+) \|`).FindAllStringSubmatch(string(page), -1),
	} {
		var codes []int
		for _, m := range lines {
			if code, err := strconv.Atoi(m[1]); err != nil {
				t.Fatal(err)
			} else if code != 2 { // listed because prodctl never uses it
				codes = append(codes, code)
			}
		}
		if !slices.Equal(codes, publishedCodes) {
			t.Errorf("%s lists %d, want %d", name, codes, publishedCodes)
		}
	}
}

// Flags are consistent: a name has one shorthand everywhere, a shorthand one name, and no flag hides a global one.
func TestFlagsDoNotConflict(t *testing.T) {
	t.Parallel()
	shorthands, names := map[string]string{}, map[string]string{}
	global := newTree().PersistentFlags()
	walk(newTree(), func(cmd *cobra.Command) {
		check := func(f *pflag.Flag) {
			at := cmd.CommandPath() + " --" + f.Name
			if !word.MatchString(f.Name) {
				t.Errorf("%s: a name must be lower-case letters and hyphens", at)
			}
			if first := rune(strings.TrimLeft(f.Usage, "`'")[0]); f.Usage == "" || unicode.IsUpper(first) && !strings.HasPrefix(f.Usage, "GitLab") || strings.HasSuffix(f.Usage, ".") {
				t.Errorf("%s: the usage %q must start with a lower-case letter and have no full stop", at, f.Usage)
			}
			if f.Shorthand == "" {
				return
			}
			if other := shorthands[f.Shorthand]; other != "" && other != f.Name {
				t.Errorf("%s: -%s is --%s elsewhere", at, f.Shorthand, other)
			}
			if other := names[f.Name]; other != "" && other != f.Shorthand {
				t.Errorf("%s: the shorthand is -%s elsewhere", at, other)
			}
			shorthands[f.Shorthand], names[f.Name] = f.Name, f.Shorthand
		}
		cmd.PersistentFlags().VisitAll(check)
		cmd.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
			check(f)
			if cmd.HasParent() && global.Lookup(f.Name) != nil {
				t.Errorf("%s --%s hides the flag of every command", cmd.CommandPath(), f.Name)
			}
			if hidden := global.ShorthandLookup(f.Shorthand); f.Shorthand != "" && hidden != nil {
				t.Errorf("%s -%s hides --%s", cmd.CommandPath(), f.Shorthand, hidden.Name)
			}
		})
	})
}

// All nouns share the same verbs. Before adding one here, check whether an existing one fits.
func TestVerbs(t *testing.T) {
	t.Parallel()
	verbs := []string{"list", "show", "plan", "apply", "ensure", "sync", "roll", "velocity", "init", "move",
		"sweep", "merge", "login", "logout", "status", "path", "schema", "validate", "trust", "get", "set", "edit", "migrate", "flow", "labels",
		"open", "adopt", "update", "mitigate", "resolve", "reopen", "timeline", "changes", "review", "action", "actions",
		"approve", "start", "finish", "abort", "gate", "record", "check", "audit",
		"ready", "request", "priority", "slice", "mark", "take", "accept", "now", "next", "schedule", "weekly", "incidents", "readiness", "site"}
	walk(newTree(), func(cmd *cobra.Command) {
		if runs(cmd) && cmd.Parent().HasParent() && !slices.Contains(verbs, cmd.Name()) {
			t.Errorf("%s: %q is a new verb", cmd.CommandPath(), cmd.Name())
		}
	})
}

// A run builds only the command that its first argument names. That makes no visible difference: after a leading flag, with which
// all commands are built, the same arguments have the same result.
func TestPartialTreeEqualsWholeTree(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	tried := 0
	walk(newTree(), func(cmd *cobra.Command) {
		words := strings.Fields(cmd.CommandPath())[1:]
		for _, rest := range [][]string{{"--help"}, {"no-such-word", "--no-such-flag"}, {"-o", "no-such-format", "no-such-word", "another", "third"}} {
			tried++
			args := append(slices.Clone(words), rest...)
			if diff := cmp.Diff(l.run(append([]string{"--quiet"}, args...)...), l.run(append(args, "--quiet")...), cmp.AllowUnexported(ran{})); diff != "" {
				t.Errorf("prodctl %s (-whole tree +partial tree):\n%s", strings.Join(args, " "), diff)
			}
		}
	})
	if tried < 100 {
		t.Errorf("only %d command lines were tried", tried)
	}
}

func TestHelpTopics(t *testing.T) {
	t.Parallel()
	topics := map[string]bool{}
	for _, cmd := range newTree().Commands() {
		if cmd.IsAdditionalHelpTopicCommand() {
			topics[cmd.Name()] = true
		}
	}
	for _, want := range []string{"environment", "exit-codes", "formatting"} {
		if !topics[want] {
			t.Errorf("no help on %s", want)
		}
	}
}

// The names below a command are unique, including topics and aliases.
func TestNamesAreUnique(t *testing.T) {
	t.Parallel()
	walk(newTree(), func(cmd *cobra.Command) {
		taken := map[string]bool{}
		for _, sub := range cmd.Commands() {
			for _, name := range append([]string{sub.Name()}, sub.Aliases...) {
				if taken[name] {
					t.Errorf("%s %s exists twice", cmd.CommandPath(), name)
				}
				taken[name] = true
			}
		}
	})
}

// example is a command line of prodctl that help or a page of docs shows.
type example struct {
	where string
	line  string
}

// examples returns all examples in help and docs.
func examples(t testing.TB) []example {
	t.Helper()
	var out []example
	walk(newTree(), func(cmd *cobra.Command) {
		for _, text := range []string{cmd.Example, literals(cmd.Long)} {
			for _, line := range exampleLines(text) {
				out = append(out, example{cmd.CommandPath(), line})
			}
		}
	})
	root := testkit.Root(t)
	pages, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	if readme := filepath.Join(root, "README.md"); exists(readme) {
		pages = append(pages, readme)
	}
	for _, page := range pages {
		data, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range fenced.FindAllStringSubmatch(string(data), -1) {
			for _, line := range exampleLines(block[1]) {
				out = append(out, example{filepath.Base(page), line})
			}
		}
	}
	return out
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// fenced matches a block of a page with lines of a shell or a pipeline.
var fenced = regexp.MustCompile("(?ms)^```(?:sh|yaml|console)\n(.*?)^```")

// literals returns the indented lines of a help text.
func literals(long string) string {
	var out []string
	for _, line := range strings.Split(long, "\n") {
		if strings.HasPrefix(line, "  ") {
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n")
}

// call matches a line that runs prodctl in a shell, a console with a prompt or a pipeline.
var call = regexp.MustCompile(`^(?:\s*|- |\$ |.*"\$\(|.*&& )(?:go run ./cmd/)?prodctl( .*)?$`)

// exampleLines returns the arguments of each call of prodctl in a text, as written.
func exampleLines(text string) []string {
	var out []string
	for _, line := range strings.Split(text, "\n") {
		if m := call.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			out = append(out, strings.TrimSpace(m[1]))
		}
	}
	return out
}

// shellWords splits a line as a shell does. It handles quotes and stops at a pipe, a redirection or a comment, and at two or more
// spaces, which separate a command from its explanation in a list.
func shellWords(line string) ([]string, error) {
	var words []string
	var at strings.Builder
	var quote rune
	open := false
	for i, r := range line {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			at.WriteRune(r)
		case r == '\'' || r == '"':
			quote, open = r, true
		case strings.ContainsRune("|><&;)", r) || r == '#' && !open:
			if open {
				words = append(words, at.String())
			}
			return words, nil
		case r == ' ':
			if open {
				words = append(words, at.String())
				at.Reset()
				open = false
			}
			if strings.HasPrefix(line[i:], "  ") {
				return words, nil
			}
		default:
			at.WriteRune(r)
			open = true
		}
	}
	if quote != 0 {
		return nil, fmt.Errorf("a quote is open: %s", line)
	}
	if open {
		words = append(words, at.String())
	}
	return words, nil
}

// All examples in help and docs parse.
func TestExamplesParse(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, e := range examples(t) {
		words, err := shellWords(e.line)
		if err != nil {
			t.Errorf("%s: %v", e.where, err)
			continue
		}
		cmd, rest, err := newTree().Find(words)
		if err != nil {
			t.Errorf("%s: prodctl %s: %v", e.where, e.line, err)
			continue
		}
		if err := parses(cmd, rest); err != nil {
			t.Errorf("%s: prodctl %s: %v", e.where, e.line, err)
		}
		seen[cmd.CommandPath()] = true
	}
	walk(newTree(), func(cmd *cobra.Command) {
		if runs(cmd) && !seen[cmd.CommandPath()] {
			t.Errorf("%s has no example in help or docs", cmd.CommandPath())
		}
	})
}

func parses(cmd *cobra.Command, args []string) error {
	if cmd.IsAdditionalHelpTopicCommand() {
		return nil
	}
	if err := cmd.ParseFlags(args); err != nil {
		return err
	}
	return cmd.ValidateArgs(cmd.Flags().Args())
}

func TestShellWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		line string
		want []string
	}{
		{"milestone roll --yes", []string{"milestone", "roll", "--yes"}},
		{`board move 42 "In Progress"`, []string{"board", "move", "42", "In Progress"}},
		{`a --jq '.x[] | select(.y == "z")' | head`, []string{"a", "--jq", `.x[] | select(.y == "z")`}},
		{"a < token.txt", []string{"a"}},
		{`config path)"`, []string{"config", "path"}},
		{`sandbox &)"`, []string{"sandbox"}},
		{"demo      watch it", []string{"demo"}},
		{"a --title ''", []string{"a", "--title", ""}},
	} {
		if got, err := shellWords(c.line); err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, %v, want %q", c.line, got, err, c.want)
		}
	}
	if _, err := shellWords("a 'b"); err == nil {
		t.Error("an open quote was accepted")
	}
}

// Every input offers candidates to a shell, except free texts, numbers and files.
func TestEveryInputCompletes(t *testing.T) {
	t.Parallel()
	free := []string{"text", "number", "share", "size", "objective", "condition", "prometheus=url", "file", "mr"}
	walk(newTree(), func(cmd *cobra.Command) {
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			v := f.Value
			if wrapper, ok := v.(interface{ Input() pflag.Value }); ok {
				v = wrapper.Input()
			} else {
				return
			}
			if _, ok := v.(input.Completer); !ok && !slices.Contains(free, strings.TrimSuffix(v.Type(), "s")) {
				t.Errorf("%s --%s: a %s offers no candidates", cmd.CommandPath(), f.Name, v.Type())
			}
		})
	})
}
