package idempotency_test

import (
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/idempotency"
)

// A key that somebody quoted is not the key of the text. Of a block that somebody forgot to close it is: otherwise a retry would create a duplicate.
func TestQuotedKeysDoNotCount(t *testing.T) {
	t.Parallel()
	quoted, err := idempotency.NewKey("incident", "quoted")
	if err != nil {
		t.Fatal(err)
	}
	own, err := idempotency.NewKey("incident", "own")
	if err != nil {
		t.Fatal(err)
	}
	trailer := quoted.Trailer()
	for name, text := range map[string]string{
		"fence":    "```\n" + trailer + "\n```",
		"tildes":   "~~~~ text\n" + trailer + "\n~~~~\nmore",
		"quote":    "> " + strings.ReplaceAll(trailer, "\n", "\n> "),
		"GitLab's": ">>>\n" + trailer + "\n>>>",
		"indented": "    " + strings.ReplaceAll(trailer, "\n", "\n    "),
		"tab":      "\t" + strings.ReplaceAll(trailer, "\n", "\n\t"),
		"list":     "1. " + strings.ReplaceAll(trailer, "\n", "\n   "),
		"returns":  "```\r\n" + strings.ReplaceAll(trailer, "\n", "\r\n") + "\r\n```\r\n",
	} {
		if k, ok := idempotency.Read(text); ok {
			t.Errorf("%s: the key %s is read from\n%s", name, k, text)
		}
		for _, both := range []string{idempotency.Stamp("Words\n\n"+text, own), idempotency.Stamp("Words", own) + "\n\n" + text} {
			if k, ok := idempotency.Read(both); !ok || k != own {
				t.Errorf("%s: the key %s, %t is read from\n%s", name, k, ok, both)
			}
		}
		if _, lacks := idempotency.AddWord(text); lacks {
			t.Errorf("%s: a word would be added to\n%s", name, text)
		}
	}
	for _, text := range []string{"```\nforgotten", "<!-- forgotten", "<details>", "> quote", "```\nforgotten\n```yaml prodctl/incident\na: b\n```"} {
		if k, ok := idempotency.Read(idempotency.Stamp(text, own)); !ok || k != own {
			t.Errorf("the key %s, %t is read after %q", k, ok, text)
		}
	}
}
