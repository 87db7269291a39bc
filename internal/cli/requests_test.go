package cli_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/testkit"
)

// TestRequestsOfEveryCommand counts the requests of the runs of TestLeastPermissions, whose lists have one page, and compares them with the
// page about performance: a command that needs one more fails here.
func TestRequestsOfEveryCommand(t *testing.T) {
	t.Parallel()
	const page = "../../docs/performance.md"
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	rows := make([]string, len(permittedRuns()))
	t.Run("runs", func(t *testing.T) {
		for n, c := range permittedRuns() {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				reads, writes := c.requests(t)
				rows[n] = fmt.Sprintf("| `%s` | %d | %d |\n", c.name, reads, writes)
			})
		}
	})
	slices.Sort(rows)
	table := "| Command | Reads | Writes |\n| --- | --- | --- |\n" + strings.Join(rows, "") + "\n"
	block := regexp.MustCompile(`(?s)\| Command \| Reads \| Writes \|.*?\n\n`)
	if testkit.Update() {
		text = block.ReplaceAll(text, []byte(table))
		if err := os.WriteFile(page, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got := string(block.Find(text)); got != table {
		t.Errorf("%s has another table (to fix: go test ./internal/cli -run TestRequestsOfEveryCommand -update), want\n%s", page, table)
	}
}

// requests are the reads and writes of the command.
func (c permitted) requests(t *testing.T) (reads, writes int) {
	t.Helper()
	l, dir := fineLab(t, c.story).copy(), t.TempDir()
	words := func(line string) []string { return strings.Fields(strings.ReplaceAll(line, "{dir}", dir)) }
	if c.before != "" {
		l.must(t, words(c.before)...)
	}
	l = l.copy() // which has no requests yet
	if r := l.run(words(c.line)...); r.code != c.code {
		t.Errorf("exit %d, want %d\n%s", r.code, c.code, r.errors)
	}
	return l.count()
}
