package safetext

import (
	"fmt"
	"strings"
	"testing"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
	"pgregory.net/rapid"
)

const hiddenLine = "<!-- prodctl:entry {} -->"

func TestWithoutLiterals(t *testing.T) {
	t.Parallel()
	const strict, both = 1, 2 // where the hidden line is gone
	for name, c := range map[string]struct {
		text string
		gone int
	}{
		"alone":                        {hiddenLine, 0},
		"after text":                   {"text\n\n" + hiddenLine + "\n\nmore", 0},
		"right below text":             {"text\n" + hiddenLine, 0},
		"below a quote":                {"> quote\n" + hiddenLine, 0},
		"below a list":                 {"- item\n" + hiddenLine, 0},
		"a fence":                      {"```\n" + hiddenLine + "\n```", both},
		"tildes":                       {"~~~ text\n" + hiddenLine + "\n~~~\n", both},
		"a longer fence":               {"````\n```\n" + hiddenLine + "\n```\n````", both},
		"carriage returns":             {"```\r\n" + hiddenLine + "\r\n```\r\n", both},
		"a fence in a list":            {"- ```\n  code\n" + hiddenLine, 0},
		"a fence in a quote":           {"> ```\n" + hiddenLine, 0},
		"after a fence":                {"```\ncode\n```\n" + hiddenLine, 0},
		"after inline code":            {"```inline```\n" + hiddenLine, 0},
		"an open fence":                {"```\n" + hiddenLine, strict},
		"an open fence after a closed": {"```\n```\n```\n" + hiddenLine, strict},
		"a fence that a record closes": {"```\nforgotten\n" + hiddenLine + "\n```yaml prodctl/incident\na: b\n```\n", strict},
		"GitLab's quote":               {">>>\n" + hiddenLine + "\n>>>", both},
		"GitLab's open quote":          {">>>\n" + hiddenLine, strict},
		"after GitLab's quote":         {">>>\nx\n>>>\n" + hiddenLine, 0},
		"front matter":                 {"---\n" + hiddenLine + "\n---\n", both},
		"a rule":                       {"---\n" + hiddenLine, 0},
		"a fence in a comment":         {"<!--\n```\n-->\n" + hiddenLine, 0},
		"a fence in HTML":              {"<details>\n```\n\n" + hiddenLine, 0},
		"a fence in <pre>":             {"<pre>\n```\n</pre>\n" + hiddenLine, 0},
		"a fence in <details>":         {"<details>\n\n```\n" + hiddenLine + "\n```\n</details>", both},
	} {
		strictly, leniently := WithoutLiterals(c.text), WithoutClosedLiterals(c.text)
		if got := strings.Contains(strictly, hiddenLine); got != (c.gone == 0) {
			t.Errorf("%s: it is left: %t\n%q", name, got, strictly)
		}
		if got := strings.Contains(leniently, hiddenLine); got != (c.gone != both) {
			t.Errorf("%s, leniently: it is left: %t\n%q", name, got, leniently)
		}
		if len(strictly) != len(c.text) || len(leniently) != len(c.text) {
			t.Errorf("%s: positions change", name)
		}
	}
	for _, indented := range []string{"    " + hiddenLine, "\t" + hiddenLine, "text\n\n    " + hiddenLine} {
		if masked := WithoutClosedLiterals(indented); strings.Contains(masked, "<!--") {
			t.Errorf("%q: it is left", indented)
		}
	}
}

// The lines in code blocks are those that CommonMark sees there, whatever is around them.
func TestLiteralsAreThoseOfCommonMark(t *testing.T) {
	t.Parallel()
	pieces := []string{"text", "", "", "```", "````", "```yaml", "~~~", "~~~~", "> quote", "> ```", ">", "- item", "- ```", "  ```", "  more", "1. one", "   three", "    four",
		"\tfour", "# head", "***", "<!-- note", "end -->", "<!-- one line -->", "<details>", "</details>", "<b>bold</b>", "<pre>", "end</pre>", "``` a`b", "two  ", "=", "-", "1.", "| a |"}
	rapid.Check(t, func(t *rapid.T) {
		var lines []string
		for n, piece := range rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 12).Draw(t, "lines") {
			lines = append(lines, piece)
			if rapid.Bool().Draw(t, fmt.Sprint("hidden line ", n)) {
				lines = append(lines, fmt.Sprintf("<!-- prodctl:entry %d -->", n))
			}
		}
		doc := strings.Join(append(lines, "<!-- prodctl:entry last -->"), "\n")
		code := codeOf(doc)
		masked := strings.Split(WithoutLiterals(doc), "\n")
		for n, line := range strings.Split(doc, "\n") {
			if strings.HasPrefix(line, "<!-- prodctl:") && (masked[n] != line) != code[n] {
				t.Fatalf("line %d is code: %t, but found: %t\n%s", n, code[n], masked[n] == line, doc)
			}
		}
	})
}

// codeOf returns the lines of a text that are in a code block.
func codeOf(doc string) map[int]bool {
	source := []byte(doc)
	code := map[int]bool{}
	_ = ast.Walk(commonMark.Parser().Parse(text.NewReader(source)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if n.Kind() == ast.KindCodeBlock || n.Kind() == ast.KindFencedCodeBlock {
			for i := range n.Lines().Len() {
				code[strings.Count(doc[:n.Lines().At(i).Start], "\n")] = true
			}
		}
		return ast.WalkContinue, nil
	})
	return code
}
