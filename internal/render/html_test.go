package render

import (
	"testing"

	"gitlab.com/prodctl/prodctl/internal/testkit"
)

func same(s string) string { return s }

func TestHTMLGolden(t *testing.T) {
	t.Parallel()
	for _, d := range htmlDocuments(same) {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			got, err := d.page(Options{Location: berlin})
			if err != nil {
				t.Fatal(err)
			}
			testkit.Golden(t, "render/"+d.name+".html", got)
		})
	}
}
