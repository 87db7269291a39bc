package cli_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/testkit"
)

// noCommands are words in docs that look like a command: the label of on-call logs, and a product.
var noCommands = []string{"oncall report"}

// Commands and flags that the text of a page names exist. TestExamplesRun runs those in blocks.
func TestDocsNameCommandsThatExist(t *testing.T) {
	t.Parallel()
	root := testkit.Root(t)
	var pages []string
	for _, pattern := range []string{"README.md", "docs/*.md", "docs/lint/*.md"} {
		found, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, found...)
	}
	blocks, span := regexp.MustCompile("(?ms)^```.*?^```"), regexp.MustCompile("`([^`\n]+)`|(?m:^    (?:\\$ )?(prodctl .*)$)")
	tree, checked := newTree(), 0
	for _, page := range pages {
		data, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Base(page) == "decisions.md" { // they name what was rejected, too
			continue
		}
		for _, m := range span.FindAllStringSubmatch(blocks.ReplaceAllString(string(data), ""), -1) {
			words, err := shellWords(strings.TrimSpace(m[1] + m[2]))
			if err != nil || len(words) == 0 || slices.Contains(noCommands, m[1]) {
				continue
			}
			own := words[0] == "prodctl"
			if own {
				words = words[1:]
			}
			if problem, ok := namesCommand(tree, words, own); problem != "" {
				t.Errorf("%s: %s: %s", filepath.Base(page), m[0], problem)
			} else if ok {
				checked++
			}
		}
	}
	if checked < 500 {
		t.Errorf("only %d commands were found in the pages", checked)
	}
}

// namesCommand reports whether words are a command, and what is wrong with it. own: they began with "prodctl".
func namesCommand(tree *cobra.Command, words []string, own bool) (problem string, ok bool) {
	if len(words) == 0 || !word.MatchString(words[0]) {
		return "", false
	}
	cmd, rest, err := tree.Find(words)
	switch {
	case words[0] == "help" || words[0] == "__complete":
		return "", false
	case err != nil || cmd == tree:
		if own {
			return "no such command", false
		}
		return "", false
	case len(rest) > 0 && cmd.HasSubCommands() && cmd.Flags().Lookup("post") == nil && word.MatchString(rest[0]): // handoff is a command too
		return "no such verb", false
	}
	for _, arg := range rest {
		name, long := strings.CutPrefix(arg, "--")
		name, _, _ = strings.Cut(name, "=")
		if long && name != "help" && word.MatchString(name) && cmd.Flags().Lookup(name) == nil && cmd.InheritedFlags().Lookup(name) == nil {
			return "no flag --" + name, false
		}
	}
	return "", true
}
