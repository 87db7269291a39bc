package term

import (
	"strings"
	"testing"
)

func TestReflow(t *testing.T) {
	t.Parallel()
	const text = "One paragraph of\nwords that are wide.\n\n  $ a command with many words\nThe end."
	for width, want := range map[int]string{
		80: "One paragraph of words that are wide.\n\n  $ a command with many words\nThe end.",
		20: "One paragraph of\nwords that are wide.\n\n  $ a command with\n    many words\nThe end.",
	} {
		if got := Reflow(text, width); got != want {
			t.Errorf("%d columns:\n%s\nwant:\n%s", width, got, want)
		}
	}
	const terms = "    ONE, TWO,\n    THREE\n        What they do, in\n        two lines.\n    FOUR\n  json   a document with\n         fields\n  1. first of all items"
	for width, want := range map[int]string{
		80: "    ONE, TWO, THREE\n        What they do, in two lines.\n    FOUR\n  json   a document with fields\n  1. first of all items",
		18: "    ONE, TWO,\n      THREE\n        What they\n        do, in two\n        lines.\n    FOUR\n" +
			"  json  a document\n    with fields\n  1. first of all\n     items",
	} {
		if got := Reflow(terms, width); got != want {
			t.Errorf("%d columns:\n%s\nwant:\n%s", width, got, want)
		}
	}
	const code = "    prodctl list --jq '.list[] | .due'"
	if got := Reflow("Code:\n\n"+code, 20); got != "Code:\n\n"+code {
		t.Errorf("a command was broken:\n%s", got)
	}
	for width, want := range map[int]string{
		80: "  prodctl open \"500s\"   in an outage: this is enough, and safe to repeat",
		60: "  prodctl open \"500s\"   in an outage: this is enough, and\n                        safe to repeat",
		30: "  prodctl open \"500s\"  in an\n    outage: this is enough,\n    and safe to repeat",
	} {
		const row = "  prodctl open \"500s\"   in an outage: this is enough, and safe to repeat"
		if got := strings.Join(Wrap(row, width), "\n"); got != want {
			t.Errorf("%d columns:\n%s\nwant:\n%s", width, got, want)
		}
	}
	if got := Wrap("prodctl-"+strings.Repeat("x", 40)+" y", 20); len(got) != 2 {
		t.Errorf("a word that is too wide: %q", got)
	}
}
