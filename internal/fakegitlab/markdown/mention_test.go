package markdown

import (
	"strings"
	"testing"
)

func TestMentions(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                     "",
		"@dev":                                 "dev!",
		"Ask @dev":                             "dev",
		"@dev, @ada: look at @rep":             "dev! ada! rep",
		"@dev and @ada please":                 "dev! ada!",
		"(@dev) and @DEV again, @dev.":         "dev",
		"mail@host x@name _@no":                "",
		"@group/sub @all":                      "group/sub! all!",
		"> @quoted\n\n* @listed":               "quoted listed",
		"`@code` and ``a ` @b`` @c":            "c",
		"a lone ` and @dev":                    "dev",
		"```\n@fenced\n```\n@after":            "after",
		"~~~\n@fenced\n```\n@still":            "",
		"text\n    @lazy":                      "lazy",
		"text\n\n    @indented\n\n@after":      "after",
		"<!-- @hidden\n@too --> @shown":        "shown",
		"[@linked](http://x.example) @free":    "free",
		`\@escaped but @not`:                   "not",
		"see @a.b-c_d. And @e-":                "a.b-c_d e",
		"&#64;a &#x40;b &commat;c \\&#64;no":   "a b c",
		"\\`@a\\` a `b\n\n@c` d":               "a c",
		"- ~~~\n  @no\n\n@a":                   "a",
		"<div>\n@a\n</div>":                    "a",
		"http://x.test/@no @a":                 "a",
		"price @ 5, @@double":                  "double",
		"<!-- never closed @x":                 "",
		"line one\n@two\n\n@three\n* a `b @c`": "two three",
	} {
		var got []string
		for _, m := range Mentions(text) {
			if m.Direct {
				m.Name += "!"
			}
			got = append(got, m.Name)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: got %q, want %q", text, strings.Join(got, " "), want)
		}
	}
}
