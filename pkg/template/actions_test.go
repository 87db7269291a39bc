package template_test

import (
	"slices"
	"testing"

	"gitlab.com/prodctl/prodctl/pkg/template"
)

// Only lines of the template count, with the values of their variables; a line of a value does not, whatever it looks like.
func TestActionsIn(t *testing.T) {
	t.Parallel()
	own := template.Template("{summary}\n/due {start}\n/label ~\"service:{services}\" ~ops\n\n/assign me\n")
	values := map[string]string{"summary": "/close\n/label ~evil", "start": "2018-09-01", "services": "web"}
	want := []string{"/due 2018-09-01", `/label ~"service:web" ~ops`, "/assign me"}
	if got := own.ActionsIn(own.Fill(values)); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	for _, plain := range []template.Template{"", "{summary}", "text\n /due {start}", template.Incident(), template.Change(), template.Review()} {
		if got := plain.ActionsIn(plain.Fill(values)); got != nil {
			t.Errorf("%.20q: %q", plain, got)
		}
	}
}
