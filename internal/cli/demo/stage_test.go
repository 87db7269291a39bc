package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/term"
)

// listMilestones stands for the program: it knows one command, which asks for milestones and fails without them.
func listMilestones(ctx context.Context, args []string, m app.Machine) int {
	if strings.Join(args, " ") != "milestone list" {
		return int(fault.Usage)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, stageHost+"/api/v4/projects/acme%2Finfrastructure/milestones", nil)
	if err != nil {
		return 1
	}
	req.Header.Set("Private-Token", m.Getenv("GITLAB_TOKEN"))
	res, err := m.Transport.RoundTrip(req)
	if err != nil {
		return 1
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(new([]any)); err != nil {
		return 1
	}
	return 0
}

// A story that is not true is not told to its end.
func TestDemoHoldsCommandsAgainstTheStory(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	env := &app.App{Streams: term.New(strings.NewReader(""), &out, &out, term.Decide(term.Facts{Getenv: func(string) string { return "" }})),
		Machine: app.Machine{Sleep: func(context.Context, time.Duration) error { return nil }}}
	on, err := newStage(env, listMilestones)
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
