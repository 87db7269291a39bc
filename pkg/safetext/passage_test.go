package safetext

import (
	"strings"
	"testing"
)

func TestPassage(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                           "",
		"two\nlines":                 "two\nlines",
		"<!-- gone":                  "&lt;!-- gone",
		"<\x00!-- gone":              "&lt;!-- gone",
		"a\n```\ncode":               "a\n```\ncode\n```",
		"a\n```\ncode\n```":          "a\n```\ncode\n```",
		"````md\n```\nx\n```":        "````md\n```\nx\n```\n````",
		"~~~\n```\nx\n":              "~~~\n```\nx\n~~~",
		"``` not ` a fence":          "``` not ` a fence",
		"    ```\nindented":          "    ```\nindented",
		"```\nx\n``` no end of it":   "```\nx\n``` no end of it\n```",
		"``\ntwo are none\n/close x": "``\ntwo are none\n\\/close x",
	} {
		if got := Passage(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
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
		if strings.Contains(got, "<!--") || openFence(got) != "" {
			t.Errorf("%q hides what follows: %q", s, got)
		}
	})
}
