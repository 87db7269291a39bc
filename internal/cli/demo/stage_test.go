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

// listMilestones replaces the program. It has one command, which reads the milestones.
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

// The demo stops if a command does not end with the expected exit code.
func TestDemoChecksExitCodes(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	env := &app.App{Streams: term.New(strings.NewReader(""), &out, &out, term.Decide(term.Facts{Getenv: func(string) string { return "" }})),
		Machine: app.Machine{Sleep: func(context.Context, time.Duration) error { return nil }}}
	on, err := newStage(env, listMilestones)
	if err != nil {
		t.Fatal(err)
	}
	defer on.close()
	tests := []struct {
		scene scene
		want  string // error; "": none
	}{
		{scene{command: "prodctl milestone list"}, ""},
		{scene{command: "prodctl milestone list", code: 3}, "prodctl milestone list: exit code 0, expected 3"},
		{scene{command: "prodctl milestone lost"}, "exit code 6, expected 0"},
		{scene{command: "prodctl milestone list", fault: "GET /projects/*/milestones html"}, "expected 0"},
		{scene{command: "prodctl milestone list", fault: "GET /projects/*/milestones often"}, "unknown word"},
		{scene{command: "prodctl milestone list"}, ""}, // the fault is gone
	}
	for _, tt := range tests {
		err := on.play(t.Context(), tt.scene)
		switch {
		case tt.want == "":
			if err != nil {
				t.Errorf("%+v: %v", tt.scene, err)
			}
		case err == nil || !strings.Contains(err.Error(), tt.want) || fault.KindOf(err) != fault.Failed:
			t.Errorf("%+v: %v", tt.scene, err)
		}
	}
}
