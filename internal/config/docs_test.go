package config

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/testkit"
	"gitlab.com/prodctl/prodctl/pkg/template"
)

// docs/configuration.md documents every key, and together with the help topic every environment variable.
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
			t.Errorf("docs/configuration.md does not document the key %s", key)
		}
	}
	for _, s := range settings() {
		for _, name := range s.env {
			if !strings.Contains(page, "`"+name+"`") {
				t.Errorf("docs/configuration.md does not document the variable %s of %s", name, s.key)
			}
			if !strings.Contains(environment, name) {
				t.Errorf("help environment does not document the variable %s of %s", name, s.key)
			}
		}
	}
}

// The page documents every variable of every template, with the text of the templates themselves.
func TestVariablesAreDocumented(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(filepath.Join(testkit.Root(t), "docs", "configuration.md"))
	if err != nil {
		t.Fatal(err)
	}
	for key, list := range map[string][]template.Variable{
		"incidents.template": template.IncidentVariables(), "incidents.review_template": template.ReviewVariables(),
		"changes.template": template.ChangeVariables(), "rad.template": template.DrillVariables(),
	} {
		var table strings.Builder
		fmt.Fprintf(&table, "| Variable of `%s` | Meaning |\n| --- | --- |\n", key)
		for _, v := range list {
			fmt.Fprintf(&table, "| `{%s}` | %s |\n", v.Name, v.Meaning)
		}
		if !strings.Contains(string(data), table.String()+"\n") {
			t.Errorf("docs/configuration.md does not have this table:\n%s", &table)
		}
	}
}
