package render_test

import (
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/render"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// People read what the account of a token is; programs read its user name.
func TestAccountsOfTokens(t *testing.T) {
	t.Parallel()
	const bot, named = "project_32_bot_5f2c9a1e", "project access token of acme/production"
	list := jsonv1.NewIncidents(nil, nil)
	list.Incidents = jsonv1.List[jsonv1.Incident]{{Ref: "acme/production#1", Title: "Registry returns 500s", State: "active", Assignees: jsonv1.List[string]{bot, "ana"}}}
	show := func(o render.Options) string {
		o.Places = func(kind string, id int64) string {
			if kind != "project" || id != 32 {
				t.Errorf("asked for %s %d", kind, id)
			}
			return "acme/production"
		}
		return written(t, document{name: "incidents", show: func(v *render.View) error { return v.Incidents(list) }}, o)
	}
	for name, o := range map[string]render.Options{"terminal": {TTY: true, Width: 200}, "Markdown": {Format: render.Markdown}} {
		if text := show(o); !strings.Contains(text, named) || strings.Contains(text, bot) || !strings.Contains(text, "ana") {
			t.Errorf("%s:\n%s", name, text)
		}
	}
	for name, o := range map[string]render.Options{"pipe": {}, "CSV": {Format: render.CSV}, "JSON": {Format: render.JSON}, "YAML": {Format: render.YAML}} {
		if text := show(o); strings.Contains(text, "token") || !strings.Contains(text, bot) {
			t.Errorf("%s:\n%s", name, text)
		}
	}
	if list.Incidents[0].Assignees[0] != bot {
		t.Error("the document changed")
	}
}
