package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/testkit"
)

// The page of the configuration and the help topics tell every key and every variable.
func TestDocumentationIsComplete(t *testing.T) {
	t.Parallel()
	read := func(path ...string) string {
		data, err := os.ReadFile(filepath.Join(append([]string{testkit.Root(t)}, path...)...))
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	page, environment := read("docs", "configuration.md"), read("internal", "cli", "help", "environment.md")
	for _, key := range manifest.Known() {
		if last := key[strings.LastIndexByte(key, '.')+1:]; !strings.Contains(page, "`"+last+"`") && !strings.Contains(page, "### "+last) {
			t.Errorf("docs/configuration.md does not tell the key %s", key)
		}
	}
	for _, s := range settings() {
		for _, name := range s.env {
			if !strings.Contains(page, "`"+name+"`") {
				t.Errorf("docs/configuration.md does not tell the variable %s of %s", name, s.key)
			}
			if !strings.Contains(environment, name) {
				t.Errorf("help environment does not tell the variable %s of %s", name, s.key)
			}
		}
	}
}
