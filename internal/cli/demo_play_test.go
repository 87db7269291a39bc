package cli

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/term"
)

// A story that is not true is not told to its end.
func TestDemoHoldsCommandsAgainstTheStory(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	env := &Env{Streams: term.New(strings.NewReader(""), &out, &out, term.Decide(term.Facts{Getenv: func(string) string { return "" }})),
		Machine: Machine{Sleep: func(context.Context, time.Duration) error { return nil }}}
	on, err := env.stage()
	if err != nil {
		t.Fatal(err)
	}
	defer on.strike()
	tests := []struct {
		scene scene
		says  string // "" when the scene is true
	}{
		{scene{command: "prodctl milestone list"}, ""},
		{scene{command: "prodctl milestone list", code: 3}, "prodctl milestone list ended with exit code 0, not 3"},
		{scene{command: "prodctl milestone lost"}, "ended with exit code 6, not 0"},
		{scene{command: "prodctl milestone list", trouble: "GET /projects/*/milestones html"}, "not 0"},
		{scene{command: "prodctl milestone list", trouble: "GET /projects/*/milestones often"}, "unknown word"},
		{scene{command: "prodctl milestone list"}, ""}, // the trouble is over
	}
	for _, tt := range tests {
		err := on.play(t.Context(), tt.scene)
		switch {
		case tt.says == "":
			if err != nil {
				t.Errorf("%+v: %v", tt.scene, err)
			}
		case err == nil || !strings.Contains(err.Error(), tt.says) || fault.KindOf(err) != fault.Failed:
			t.Errorf("%+v: %v", tt.scene, err)
		}
	}
}
