package safetext

import (
	"html"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestProse(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"plain", "all is well\n\n- a / b\n", "all is well\n\n- a / b\n"},
		{"command", "/close", `\/close`},
		{"any slash", "text\n/unknown\n//x", "text\n\\/unknown\n\\//x"},
		{"carriage return hides a slash", "a\n\r/close", "a\n\\/close"},
		{"Windows line ends", "a\r\n/close\r\n", "a\n\\/close\n"},
		{"indented first line", " \t/close", " \t\\/close"},
		{"blank lines, then indented", "\n\n  /close", "\n\n  \\/close"},
		{"a later indented line is not a command", "a\n  /etc/hosts", "a\n  /etc/hosts"},
		{"invisible characters first", "\ufeff\u200b/close", "\ufeff\u200b\\/close"},
		{"in a fence", "```\n/close\n```", "```\n\\/close\n```"},
		{"escaped already", `\/close`, `\/close`},
		{"mention", "ask @all and @acme/sub, (@ines) or **@ines**", "ask @\u200ball and @\u200bacme/sub, (@\u200bines) or **@\u200bines**"},
		{"mention first", "@all", "@\u200ball"},
		{"emphasis is not a letter", "_@all_", "_@\u200ball_"},
		{"addresses", "mail ines@acme.test, x9@y", "mail ines@acme.test, x9@y"},
		{"entity", "&#64;all &#x40;all &#X0040;all &#0064;all &commat;all", "&#64;\u200ball &#x40;\u200ball &#X0040;\u200ball &#0064;\u200ball &commat;\u200ball"},
		{"entity of a block of HTML", "&#64all &#640 &#65;all &#x40g &#x400;", "&#64\u200ball &#640 &#65;all &#x40\u200bg &#x400;"},
		{"muted already", "@\u200ball", "@\u200ball"},
		{"lonely", "5 @ 3 @", "5 @ 3 @"},
		{"backslash", `\@all`, "\\@\u200ball"},
		{"control characters", "a\x1b[31mb\x00\x07\tc\u0085", "a[31mb\tc"},
		{"invalid UTF-8", "a\xffb", "a\uFFFDb"},
		{"control character before a slash", "a\n\x08/close", "a\n\\/close"},
		{"empty", "", ""},
	}
	for _, tt := range tests {
		if got := Prose(tt.in); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestTitleQuoteAndCell(t *testing.T) {
	t.Parallel()
	if got, want := Title(" @all:\r\n\t=1+1 | `x` \x1b "), "@\u200ball: =1+1 | `x`"; got != want {
		t.Errorf("title %q, want %q", got, want)
	}
	if got, want := Quote("/close\n```\nopen @all\n"), "> \\/close\n> ```\n> open @\u200ball"; got != want {
		t.Errorf("quote %q, want %q", got, want)
	}
	for in, want := range map[string]string{
		"a|b":                   "a&#124;b",
		`a\|b\`:                 `a\\&#124;b\\`,
		"two\nlines\r\n|---|":   "two lines &#124;---&#124;",
		"<!-- x --> <b>&amp;":   "&lt;!-- x --&gt; &lt;b&gt;&amp;amp;",
		"`code` *a* _b_ [c](d)": "\\`code\\` \\*a\\* \\_b\\_ \\[c\\](d)",
		"~label @all &#64;all":  "\\~label @\u200ball &amp;#64;all",
		"":                      "",
	} {
		if got := Cell(in); got != want {
			t.Errorf("cell %q: got %q, want %q", in, got, want)
		}
	}
}

func TestFence(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ in, lang, want string }{
		{"a: 1\n", "yaml prodctl/incident", "```yaml prodctl/incident\na: 1\n```"},
		{"", "", "```\n\n```"},
		{"```\nx\n```", "md", "````md\n```\nx\n```\n````"},
		{"a `````` b", "", "```````\na `````` b\n```````"},
		{"/close\r\n", "x`\n/close", "```x/close\n\\/close\n```"},
	} {
		if got := Fence(tt.in, tt.lang); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestSame(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		sent, got string
		want      bool
	}{
		{"a\r\nb \n", "a\nb", true},
		{"  a", "a", true},
		{"a\n\nb", "a\nb", false},
		{"a\n/close", "a", false},
		{"", "Template", false},
		{"", "\n", true},
	} {
		if got := Same(tt.sent, tt.got); got != tt.want {
			t.Errorf("%q and %q: %v", tt.sent, tt.got, got)
		}
	}
}

func TestSameButActions(t *testing.T) {
	t.Parallel()
	actions := []string{"/due 2018-09-01", "/label ~x"}
	for _, tt := range []struct {
		sent, got string
		want      bool
	}{
		{"a\n/due 2018-09-01\n\nb", "a\n\nb", true},
		{"/label ~x\na", "a", true},
		{"a\n/unknown", "a\n/unknown", true},
		{"a\n/due 2018-09-01", "a\n/due 2018-09-01", true},
		{"a\nb", "a", false},
		{"a", "a\nb", false},
		{"a\n\\/close", "a", false},
		{"a\n/", "a", false},
		{"a\n/close", "a", false},                        // nobody's template: it came from people's text
		{"a\n/label ~y", "a", false},                     // nor this one
		{"/label ~x\na\n/label ~x", "a", false},          // the template has it once
		{"a\n/due 2018-09-01\nb\n/close", "a\nb", false}, // one of both
	} {
		if got := SameButActions(tt.sent, tt.got, actions); got != tt.want {
			t.Errorf("%q and %q: %v", tt.sent, tt.got, got)
		}
	}
}

// command matches a line that some version of GitLab takes for a quick action, in whatever Markdown.
var command = regexp.MustCompile(`(?m)^/`)

// runs reports whether GitLab could find a quick action in a text, as it is or after trimming its start.
func runs(text string) bool {
	text = strings.ReplaceAll(text, "\r", "")
	return command.MatchString(text) || strings.HasPrefix(strings.TrimSpace(text), "/")
}

// pings reports whether GitLab could find a mention: an @ followed by a name, without a letter or digit before it, once entities
// are decoded and the marks of emphasis are removed.
func pings(text string) bool {
	for _, form := range []string{text, html.UnescapeString(text), strings.NewReplacer("*", "", "_", "", "`", "", "~", "").Replace(html.UnescapeString(text))} {
		before := ' '
		for i, r := range form {
			after, _ := utf8.DecodeRuneInString(form[i+utf8.RuneLen(r):])
			if r == '@' && !word(before) && word(after) {
				return true
			}
			before = r
		}
	}
	return false
}

func word(r rune) bool {
	return r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

var hostile = []string{
	"/close", "\r/close", "a\n\r/label ~x\n", " /close", "\n\n\t/move x/y", "```\n/close\n```\n/close", "````\n```\n/close", "~~~\n/x\n~~~",
	"@all", "_@all_", "**@a**", "&#64;all", "&#x40;a&#64;b", "x@y @z", "<!--\n/close\n-->", "> a\n/close", "- a\n/close", "|a|b|\n|-|-|\n@x|`|`",
	"\u202e@all\u2066", "\x1b]8;;x\x07@all", "=1+1", "\ufeff/close", "\u2028/close", "@@all", "&commat;&commat;all", "@&#64;all", "\x00/close", "&#64", "&amp;#64;x",
}

func FuzzEscaping(f *testing.F) {
	for _, s := range hostile {
		f.Add(s, "yaml")
	}
	f.Fuzz(func(t *testing.T, s, lang string) {
		for name, got := range map[string]string{"prose": Prose(s), "quote": Quote(s), "title": Title(s), "cell": Cell(s), "fence": Fence(s, lang)} {
			if name != "title" && name != "cell" && runs(got) {
				t.Errorf("%s of %q has a command: %q", name, s, got)
			}
			if name != "fence" && pings(got) {
				t.Errorf("%s of %q has a mention: %q", name, s, got)
			}
			if strings.ContainsAny(got, "\r\x00\x1b\x07") || !utf8.ValidString(got) {
				t.Errorf("%s of %q: %q", name, s, got)
			}
		}
		if p := Prose(s); Prose(p) != p {
			t.Errorf("prose of prose of %q: %q", s, Prose(p))
		}
		if c := Cell(s); strings.ContainsAny(c, "|\n<") || strings.HasSuffix(strings.ReplaceAll(c, `\\`, ""), `\`) {
			t.Errorf("cell of %q: %q", s, c)
		}
		checkFence(t, s, Fence(s, lang))
	})
}

// checkFence checks that no line closes the fence but its last one.
func checkFence(t *testing.T, s, fenced string) {
	t.Helper()
	lines := strings.Split(fenced, "\n")
	open := lines[0][:len(lines[0])-len(strings.TrimLeft(lines[0], "`"))]
	for _, line := range lines[1 : len(lines)-1] {
		if strings.Contains(line, open) {
			t.Errorf("fence of %q is closed by %q", s, line)
		}
	}
	if lines[len(lines)-1] != open || len(open) < 3 || strings.Contains(lines[0][len(open):], "`") {
		t.Errorf("fence of %q: %q", s, fenced)
	}
}

// A line stays one line, also if it begins like a code block, and applying Line again changes nothing.
func TestLine(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Disk `full`": "Disk `full`", "```yaml prodctl/incident": "\\`\\`\\`yaml prodctl/incident", "~~~": "\\~\\~\\~", "- ```sh": "- \\`\\`\\`sh",
		"two\nlines": "two lines",
	} {
		got := Line(text)
		if got != want || Line(got) != got {
			t.Errorf("%q: %q, want %q; again %q", text, got, want, Line(got))
		}
	}
}
