package edit

import (
	"errors"
	"strings"
	"testing"
)

const before = `# Our file
version: 1   # of the format
host: "https://gitlab.example.com"
output: table # not json

milestones: {scope: project}
incidents:
  # The services.
  #services: [web]

  same_title: adopt   # or new
  update_every: {S1: 30m, S2: 1h}
labels:
budget:
  services:
    web: {slo: 99.9}
lists:
  - one
  - two
#changes:
  #long_lock: 7d
`

func TestSetKeepsEverythingElse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, key, value, old, new string }{
		{"a quoted value", "host", "https://other.example.com", `host: "https://gitlab.example.com"`, "host: https://other.example.com"},
		{"a value with a comment", "output", "json", "output: table # not json", "output: json # not json"},
		{"a value below", "incidents.same_title", "new", "same_title: adopt   # or new", "same_title: new   # or new"},
		{"a list in place of its example", "incidents.services", "[web, api]", "  #services: [web]\n", "  services: [web, api]\n"},
		{"a key of a mapping in braces", "incidents.update_every.S2", "2h", "S2: 1h}", "S2: 2h}"},
		{"a new key of a mapping in braces", "milestones.group", "acme", "{scope: project}", "{group: acme, scope: project}"},
		{"a mapping in braces", "milestones", "{scope: group}", "{scope: project}", "{scope: group}"},
		{"a new key in a section", "incidents.silent_after", "2h", "incidents:\n", "incidents:\n  silent_after: 2h\n"},
		{"a key without a value", "labels", "{builtin: true}", "labels:\n", "labels: {builtin: true}\n"},
		{"below a key without a value", "labels.builtin", "false", "labels:\n", "labels:\n  builtin: false\n"},
		{"a section in place of its example", "changes.long_lock", "3d", "#changes:\n  #long_lock: 7d\n", "changes:\n  long_lock: 3d\n"},
		{"a new section", "rad.rule", "first monday", "  #long_lock: 7d\n", "  #long_lock: 7d\nrad:\n  rule: first monday\n"},
		{"deeper", "budget.services.web.slo", "99.5", "slo: 99.9", "slo: 99.5"},
		{"a new service", "budget.services.api", "{slo: 99}", "  services:\n", "  services:\n    api: {slo: 99}\n"},
	} {
		for _, end := range []string{"\n", "\r\n"} {
			text := strings.ReplaceAll(before, "\n", end)
			want := strings.ReplaceAll(strings.Replace(before, c.old, c.new, 1), "\n", end)
			got, line, err := Set([]byte(text), strings.Split(c.key, "."), c.value)
			if err != nil || string(got) != want {
				t.Errorf("%s: %v\n%s", c.name, err, got)
				continue
			}
			key := c.key[strings.LastIndexByte(c.key, '.')+1:]
			if at := strings.Split(string(got), "\n")[line-1]; !strings.Contains(at, key) {
				t.Errorf("%s: line %d is %q", c.name, line, at)
			}
		}
	}
}

func TestSetRefusesWhatItCannotKeep(t *testing.T) {
	t.Parallel()
	if _, _, err := Set([]byte(before), []string{"lists"}, "[one]"); err == nil {
		t.Error("a list over several lines was replaced")
	} else if hand, ok := errors.AsType[*ByHandError](err); !ok || hand.Line != 17 {
		t.Error(err)
	}
	for text, path := range map[string]string{"a: |\n  words\n": "a", "a: &x 1\nb: *x\n": "b", "a: 1\n": "a.b", "- a\n": "a", "a: [\n1]\n": "a", "a: 'x\n  y'\n": "a", "<<: {a: 1}\nb: [\n": "b"} {
		if got, _, err := Set([]byte(text), strings.Split(path, "."), "2"); err == nil {
			t.Errorf("%q became %q", text, got)
		}
	}
	if got, _, err := Set(nil, []string{"a", "b"}, "2"); err != nil || string(got) != "a:\n  b: 2\n" {
		t.Errorf("an empty file: %q, %v", got, err)
	}
}

func FuzzSet(f *testing.F) {
	f.Add(before, "incidents.services", "[x]")
	f.Add("a: {b: 'it''s', c: \"\\\"\"}\n", "a.c", "1")
	f.Fuzz(func(t *testing.T, text, key, value string) {
		if strings.ContainsAny(value, "\n\r") {
			return
		}
		edited, _, err := Set([]byte(text), strings.Split(key, "."), value)
		if err == nil && strings.Count(string(edited), "\n") < strings.Count(text, "\n") {
			t.Errorf("lines were lost: %q", edited)
		}
	})
}
