package edit

import (
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

func TestRenameKeepsEverythingElse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"a block", "a:  # was\n  was : 1   # was: 2\n#was: 3\n", "a:  # was\n  now : 1   # was: 2\n#was: 3\n"},
		{"in braces", "{ was: 1, b: {was: [was], c: \"was\"} }\n", "{ now: 1, b: {now: [was], c: \"was\"} }\n"},
		{"quotes", "a: {\"was\":1}\nb: {'was': 2}\n", "a: {now:1}\nb: {now: 2}\n"},
		{"a list", "- was: was\n  b: 1\n- - was: |\n      was: 1\n", "- now: was\n  b: 1\n- - now: |\n      was: 1\n"},
		{"an alias", "a: &x\n  was: 1\nb: *x\n", "a: &x\n  now: 1\nb: *x\n"},
		{"letters of several bytes", "{\"größe → ü\": {was: ß}, was: 2}\n", "{\"größe → ü\": {now: ß}, now: 2}\n"},
		{"none", "a: 1\n", "a: 1\n"},
	} {
		for _, end := range []string{"\n", "\r\n"} {
			text := strings.ReplaceAll(c.text, "\n", end)
			got, err := Rename([]byte(text), keysNamed(t, text, "was"))
			if want := strings.ReplaceAll(c.want, "\n", end); err != nil || string(got) != want {
				t.Errorf("%s: %v\n%s", c.name, err, got)
			}
		}
	}
}

func TestRenameRefusesOtherForms(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"a: {\"w\\x61s\": 1}\n", "a:\n  ? was\n  : 1\n", "a: {!!str was: 1}\n", "a: {&x was: 1}\n", "a: 1\rwas: 2\n"} {
		if got, err := Rename([]byte(text), keysNamed(t, text, "was")); err == nil || !strings.Contains(err.Error(), "the form of the key was is not supported") {
			t.Errorf("%q became %q: %v", text, got, err)
		}
	}
}

// keysNamed are all keys of a text with a name, which become "now".
func keysNamed(t *testing.T, text, name string) (keys []Key) {
	t.Helper()
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	var in func(*yaml.Node)
	in = func(n *yaml.Node) {
		for i, below := range n.Content {
			if n.Kind == yaml.MappingNode && i%2 == 0 && below.Value == name {
				keys = append(keys, Key{below.Line, below.Column, name, "now"})
			}
			in(below)
		}
	}
	in(&doc)
	return keys
}
