package config_test

import (
	"bytes"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/manifest"
)

// A file that can be migrated is valid afterwards, differs in lines with former names alone, and is not changed a second time.
func FuzzMigrate(f *testing.F) {
	f.Add("version: 1\nlabels: {declare: [{name: a, was: [b]}]} # was\n")
	f.Add("version: 1\r\nlabels:\r\n  declare:\r\n    - &x {\"was\": [b], name: größe}\r\n    - 'was' : []\r\n      name: c\r\n")
	f.Add("version: 1\nlabels: {declare: [{name: a, ? was : [b]}, *x]}\n")
	f.Fuzz(func(t *testing.T, text string) {
		edited, err := config.Migrate("f.yaml", []byte(text))
		if err != nil {
			return
		}
		if _, err := manifest.Parse("f.yaml", edited); err != nil {
			t.Errorf("%q became %q: %v", text, edited, err)
		}
		before, after := strings.Split(text, "\n"), strings.Split(string(edited), "\n")
		if len(before) != len(after) {
			t.Fatalf("%q became %q", text, edited)
		}
		for n, line := range before {
			if line != after[n] && !strings.Contains(line, "was") {
				t.Errorf("line %d of %q became %q", n+1, text, after[n])
			}
		}
		if again, err := config.Migrate("f.yaml", edited); err != nil || !bytes.Equal(again, edited) {
			t.Errorf("%q became %q, and then %q: %v", text, edited, again, err)
		}
	})
}
