package change

import (
	"strings"
	"testing"
	"time"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"

	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/template"
)

// hiding are texts that hide what follows them, or themselves, as Markdown.
var hiding = []string{"```\nkubectl get <pod>", "<pre>", "<!-- a", "a\n---", "~~~", "- a\n  ```", "1. ```\nx", "> a\n```\nb", "<details>\n", "``` a b\nc", "    <b>"}

// sections returns the headings of a text.
func sections(source string) (headings []string) {
	doc := goldmark.New().Parser().Parse(text.NewReader([]byte(source)))
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); ok {
			headings = append(headings, string(h.Lines().Value([]byte(source))))
		}
	}
	return headings
}

func TestDescriptionKeepsItsSections(t *testing.T) {
	t.Parallel()
	want := strings.Join(sections(string(template.Change())), ", ")
	for _, s := range hiding {
		step := []change.Step{{Do: s, Minutes: 5}, {Do: "second"}}
		o := Open{Template: template.Change(), Zone: time.UTC, Inputs: OpenInputs{Request: change.Request{
			Title: s, Reason: s, Services: []string{s}, Environment: s, Executor: s, Communication: s, Monitoring: s,
			Impact:      change.Impact{Text: s, Downtime: time.Minute},
			Preparation: step, Steps: step, CheckBefore: []string{s, s}, CheckAfter: []string{s},
			Rollback: change.Rollback{Text: s, Steps: step, Minutes: 3},
		}}}
		got := o.description()
		if strings.Join(sections(got), ", ") != want {
			t.Errorf("%q hides a section of\n%s", s, got)
		}
		if strings.Contains(got, "``` (5 min)") || strings.Contains(got, "```; ") {
			t.Errorf("%q: a fence is not closed in\n%s", s, got)
		}
	}
}
