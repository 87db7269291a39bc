package render_test

import (
	"runtime/debug"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/render"
	"gitlab.com/prodctl/prodctl/internal/testkit"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

func TestMain(m *testing.M) {
	debug.SetGCPercent(400) // hundreds of documents are written and left behind
	m.Run()
}

// forms are the formats of every document.
var forms = []struct {
	name    string
	options render.Options
}{
	{"tty120.color.txt", render.Options{TTY: true, Width: 120, Color: true}},
	{"tty80.txt", render.Options{TTY: true, Width: 80}},
	{"tty40.txt", render.Options{TTY: true, Width: 40}},
	{"pipe.tsv", render.Options{}},
	{"json", render.Options{Format: render.JSON}},
	{"yaml", render.Options{Format: render.YAML}},
	{"csv", render.Options{Format: render.CSV}},
	{"md", render.Options{Format: render.Markdown}},
}

func TestGolden(t *testing.T) {
	t.Parallel()
	for _, d := range documents(same) {
		for _, form := range forms {
			t.Run(d.name+"."+form.name, func(t *testing.T) {
				t.Parallel()
				testkit.Golden(t, "render/"+d.name+"."+form.name, written(t, d, form.options))
			})
		}
	}
}

// A screen reader reads what is piped and posted, so nothing there depends on lines and blocks.
func TestNoBoxesOutsideTerminals(t *testing.T) {
	t.Parallel()
	for _, d := range documents(same) {
		for _, form := range forms {
			if form.options.TTY {
				continue
			}
			for line := range strings.Lines(written(t, d, form.options)) {
				if strings.ContainsFunc(line, func(r rune) bool { return r >= '\u2500' && r <= '\u25ff' }) {
					t.Errorf("%s.%s: %s", d.name, form.name, line)
				}
			}
		}
	}
}

// A next step is a command that can be pasted, also on a narrow terminal.
func TestGateDoesNotWrapCommands(t *testing.T) {
	t.Parallel()
	const command = "prodctl incident update acme/production#8 -s S2"
	doc := jsonv1.NewGate("2018-08-24T16:00:00Z", []jsonv1.Reason{{Kind: "incident", Ref: "acme/production#8", Text: "active incident",
		Fix: "To set its severity, use S1, S2, S3 or S4: " + command}})
	text := written(t, document{name: "gate", show: func(v *render.View) error { return v.Gate(doc) }}, render.Options{TTY: true, Width: 40})
	if !strings.Contains(text, "\n    "+command+"\n") {
		t.Errorf("the command is wrapped:\n%s", text)
	}
}
