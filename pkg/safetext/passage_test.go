package safetext

import (
	"bytes"
	"html"
	"regexp"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
	"pgregory.net/rapid"
)

func TestPassage(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                           "",
		" \n":                        "",
		"two\nlines":                 "two\nlines",
		"<!-- gone":                  "&lt;!-- gone",
		"<\x00!-- gone":              "&lt;!-- gone",
		"a\n```\ncode":               "a\n```\ncode\n```",
		"a\n```\ncode\n```":          "a\n```\ncode\n```",
		"````md\n```\nx\n```":        "````md\n```\nx\n```\n````",
		"~~~\n```\nx\n":              "~~~\n```\nx\n~~~",
		"``` not ` a fence":          "\\`\\`\\` not \\` a fence",
		"```\nx\n``` no end of it":   "```\nx\n``` no end of it\n```",
		"``\ntwo are none\n/close x": "\\`\\`\ntwo are none\n\\/close x",
		"```\n/etc/hosts\n```":       "```\n\u200b/etc/hosts\n```",
		"```":                        "\\`\\`\\`",
		"``` kubectl get <pod>\nx":   "```\nkubectl get <pod>\nx\n```",
		"delete pod <name>":          `delete pod \<name>`,
		"`delete pod <name>`":        "`delete pod <name>`",
		"a\n\n    pod <name>":        "a\n\n    pod <\u200bname>",
		"see <https://x.test/a>":     "see <https://x.test/a>",
		"a\n---":                     "a\n\\---",
		"===":                        `\===`,
		"* * *":                      `\* * *`,
		"3.":                         `3\.`,
		"#":                          `\#`,
		"> ":                         `\>`,
		"> a\n>\n> b":                "> a\n>\n> b",
		">>>\na":                     `\>>>` + "\na",
		"[warn]: slow":               `\[warn]: slow`,
		"see [it]\n\n[it]: /x":       "see [it]\n\n\\[it]: /x",
		"[](https://x.test)":         `\[](https://x.test)`,
		"f[0](x) [a](#b)":            `f[0]\(x) [a](#b)`,
		"&amp; a&b":                  `\&amp; a&b`,
		"$A/$B":                      `\$A/$B`,
		`\\srv\x \. \* a\`:           `\\\\srv\x \\. \* a\\`,
		"|a|\n|-|\n|1|2|":            "|a|\n\\|-|\n|1|2|",
		"|a|\n|-|\n|`<x>`|":          "|a|\n|-|\n|`<x>`|",
		"[[ -f x ]]":                 `\[[ -f x ]]`,
		"  code <a>":                 `code \<a>`,
		"- a\n  ```\n  b":            "- a\n  ```\n  b",
	} {
		if got := Passage(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

// commonMark is a parser of another author.
var commonMark = goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.TaskList, extension.Footnote))

// shown returns the text that a reader sees, the names of the languages of code blocks, and the addresses of links and images.
func shown(t *rapid.T, markdown string) string {
	var b bytes.Buffer
	if err := commonMark.Convert([]byte(markdown), &b); err != nil {
		t.Fatal(err)
	}
	page := attribute.ReplaceAllString(b.String(), "> $1 <")
	page = tag.ReplaceAllString(page, "")
	return strings.ReplaceAll(html.UnescapeString(page), mute, "")
}

var (
	attribute = regexp.MustCompile(` (?:class="language-|href="|src="|alt="|title=")([^"]*)"`)
	tag       = regexp.MustCompile(`<[^>]*>`)
	words     = regexp.MustCompile(`w[a-z]{2}x`)
)

// pieces are what texts are made from: words, and everything that hides words.
var pieces = []string{
	"\n", "\n", "\n", "\n\n", "\n\n", " ", " ", "  ", "    ", "\t", "word", "word", "word", "<word>", "</word>", "<pre>", "<!--", "-->", "<?word", "<![CDATA[", "<!word>", "<script>",
	"<a href=\"word\">", "<word:word>", "<word@word>", "```", "````", "~~~", "`", "``", "```sh\n", "---", "===", "***", "___", "- ", "* ", "+ ", "1. ", "7) ", "2.", "-", ">", "> ", ">>>", "#", "# ",
	"###### ", "[ref]: ", "[ref]:\n", "[^ref]: ", "[ref]", "[^ref]", "[word]: ", "[word]:\n", "[^word]: ", "[word]", "](", "[", "]", "(", ")", "[](word)", "![", "/word", "\"word\"", "|", "| word |", "\n|---|\n", "\n---|---\n", "\n:-:\n", "\\", "\\`",
	"&amp;", "&word;", "&#64;", "$", "@word", "*word*", "_word_", "**", "~~", "- [ ] ", "- [x] ", "https://word.test/word", "<https://word.test>", "+++", ";;;", "---word", "[[", "]]", "[TOC]", "é", "\u200b",
}

func TestPassageHidesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		input := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 24).Draw(t, "input"), "")
		for n := 0; strings.Contains(input, "word"); n++ { // every word is another one
			input = strings.Replace(input, "word", "w"+string(rune('a'+n/26))+string(rune('a'+n%26))+"x", 1)
		}
		safe := Passage(input)
		if again := Passage(safe); again != safe {
			t.Errorf("%q: applied twice:\n%q\n%q", input, safe, again)
		}
		got := shown(t, safe)
		for _, word := range words.FindAllString(input, -1) {
			if !strings.Contains(got, word) {
				t.Errorf("%q is\n%q, which shows\n%q without %s", input, safe, got, word)
			}
		}
		checkFollowed(t, safe)
	})
}

// checkFollowed checks that a heading and a paragraph after a text are what they are alone.
func checkFollowed(t *rapid.T, safe string) {
	source := []byte(safe + "\n\n## Record\n\nprodctl's")
	doc := commonMark.Parser().Parse(text.NewReader(source))
	last := doc.LastChild()
	if last.Kind().String() == "FootnoteList" {
		last = last.PreviousSibling()
	}
	heading, ok := last.PreviousSibling().(*ast.Heading)
	if _, plain := last.(*ast.Paragraph); !ok || !plain || string(heading.Lines().Value(source)) != "Record" {
		t.Errorf("%q affects what follows", safe)
	}
}

func FuzzPassage(f *testing.F) {
	f.Add("```\n<!--")
	f.Add("~~~~ x\n~~~\n/close @all")
	f.Fuzz(func(t *testing.T, s string) {
		got := Passage(s)
		if Passage(got) != got {
			t.Errorf("%q: applied twice it is %q", got, Passage(got))
		}
		if strings.Contains(got, "<!--") || runs(got) || pings(got) {
			t.Errorf("%q is not safe: %q", s, got)
		}
	})
}
