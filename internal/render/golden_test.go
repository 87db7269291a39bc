package render_test

import (
	"runtime/debug"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/render"
	"gitlab.com/prodctl/prodctl/internal/testkit"
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
