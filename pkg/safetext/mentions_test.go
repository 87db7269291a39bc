package safetext_test

import (
	"slices"
	"testing"

	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

func TestMentions(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"":                                 nil,
		"@ines":                            {"ines"},
		"Ask @ines, @Ines and @lin.":       {"ines", "lin"},
		"(@a.b-c_d), **@e**, > @f":         {"a.b-c_d", "e", "f"},
		"> @quoted":                        {"quoted"},
		"@acme/infra and @all":             {"acme/infra", "all"},
		"mail@host, x_@y, 1@z":             nil,
		"&#64;ines &#x40;lin &commat;ola":  {"ines", "lin", "ola"},
		`\@ines`:                           nil,
		"`@ines` and ``@a ` @b``":          nil,
		"an open ` and @ines":              {"ines"},
		"```\n@ines\n```\n@lin":            {"lin"},
		"~~~ sh\n@ines":                    nil,
		"text\n\n    @ines\n\n@lin":        {"lin"},
		"- item\n  @ines":                  {"ines"},
		"<!-- @ines\n@lin --> @ola":        {"ola"},
		"[@ines](https://example.com)":     nil,
		"https://example.com/@ines":        nil,
		"| @ines | x |\n| --- | --- |\n":   {"ines"},
		safetext.Passage("@ines and @all"): nil,
		safetext.Title("@ines"):            nil,
		safetext.Cell("@ines"):             nil,
		safetext.Quote("@ines\n```\n@all"): nil,
		"@" + "\u200b" + "ines":            nil,
	} {
		if got := safetext.Mentions(text); !slices.Equal(got, want) {
			t.Errorf("%q mentions %q, want %q", text, got, want)
		}
	}
}
