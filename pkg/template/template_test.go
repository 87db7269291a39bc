package template_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/pkg/template"
)

func TestFill(t *testing.T) {
	t.Parallel()
	values := map[string]string{"title": "{record} {{x}}", "record": "R", "a_b": "1"}
	for text, want := range map[template.Template]string{
		"":                      "",
		"# {title}\n{record}":   "# {record} {{x}}\nR",
		"{{title}}":             "{title}",
		"{{{a_b}}}":             "{1}",
		"{missing} { title } {": "{missing} { title } {",
		"{title":                "{title",
		"a {a_b}{a_b} {} {1}":   "a 11 {} {1}",
	} {
		if got := text.Fill(values); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if text := template.Template("{title} {{record}}"); !text.Uses("title") || text.Uses("record") {
		t.Error("which variables a text uses")
	}
}

// A value of several lines does not depend on the place of its variable, and does not change the text after it.
func TestFillLines(t *testing.T) {
	t.Parallel()
	values := map[string]string{"v": "```\na\n```"}
	for text, want := range map[template.Template]string{
		"{v}":                   "```\na\n```",
		"## A\n\n{v}\n\n## B":   "## A\n\n```\na\n```\n\n## B",
		"A: {v}\n\n## B":        "A: \n\n```\na\n```\n\n## B",
		"A:\n{v}\nB":            "A:\n\n```\na\n```\n\nB",
		"- {v}\n- b":            "- ```\n  a\n  ```\n- b",
		"10. A: {v} after\n> b": "10. A: \n\n    ```\n    a\n    ```\n\n     after\n> b",
		"> {v}\n> b":            "> ```\n> a\n> ```\n> b",
		"- [ ] {v}":             "- [ ] \n\n  ```\n  a\n  ```",
	} {
		if got := text.Fill(values); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	known := template.Names(template.IncidentVariables())
	err := template.Template("ä {titel}\n{title} {{titel}}\n  {Timeline} {nonsense}").Validate(known)
	want := "line 1, column 3: unknown variable {titel} (did you mean {title}? For a literal brace, write {{)\n" +
		"line 3, column 3: unknown variable {Timeline} (did you mean {timeline}? For a literal brace, write {{)\n" +
		"line 3, column 14: unknown variable {nonsense} (use {title}, {summary}, {severity}, {services}, {impact}, {timeline}, {record}; " +
		"for a literal brace, write {{)"
	if err == nil || err.Error() != want {
		t.Errorf("%v", err)
	}
	if err := template.Template("").Validate(nil); err != nil {
		t.Error(err)
	}
}

// The built-in texts name every variable that is documented, and no other.
func TestBuiltinTexts(t *testing.T) {
	t.Parallel()
	hidden := map[string]bool{"incident title": true} // the issue has it already
	for _, v := range template.ReviewVariables() {
		hidden["review "+v.Name] = !slices.Contains([]string{"title", "incident", "reason", "facts"}, v.Name) // the facts have them
	}
	for name, tt := range map[string]struct {
		text template.Template
		vars []template.Variable
	}{
		"incident": {template.Incident(), template.IncidentVariables()},
		"review":   {template.Review(), template.ReviewVariables()},
		"change":   {template.Change(), template.ChangeVariables()},
	} {
		if err := tt.text.Validate(template.Names(tt.vars)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		values := map[string]string{}
		for _, v := range tt.vars {
			values[v.Name] = "<" + v.Name + ">"
			if tt.text.Uses(v.Name) == hidden[name+" "+v.Name] || v.Meaning == "" {
				t.Errorf("%s: {%s} is used: %v", name, v.Name, tt.text.Uses(v.Name))
			}
		}
		filled := tt.text.Fill(values)
		if strings.ContainsAny(filled, "{}@\r") || regexp.MustCompile(`(?m)^/`).MatchString(filled) {
			t.Errorf("%s: what is left in\n%s", name, filled)
		}
	}
}

func FuzzFill(f *testing.F) {
	f.Add("{a} {{a}} {b}", "{b}", "x")
	f.Fuzz(func(t *testing.T, text, a, b string) {
		if template.Template(text).Validate([]string{"a", "b"}) != nil || strings.ContainsAny(a+b, "{}") {
			return
		}
		got := template.Template(text).Fill(map[string]string{"a": a, "b": b})
		if len(text) < 1000 && !strings.Contains(text, "{") && !strings.Contains(text, "}") && got != text {
			t.Errorf("%q became %q", text, got)
		}
		if template.Template(text).Uses("a") && !strings.Contains(a, "\n") && !strings.Contains(got, a) {
			t.Errorf("%q: %q is not in %q", text, a, got)
		}
	})
}
