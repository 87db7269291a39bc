package sandbox

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/testkit"
)

func TestSandboxOptions(t *testing.T) {
	t.Parallel()
	premium := editions()
	if err := premium.Set("premium"); err != nil {
		t.Fatal(err)
	}
	defaults := options{Listen: "127.0.0.1:8929", Seed: "handbook", Edition: editions(), Version: "18.9"}
	tests := []struct {
		line   []string
		want   options
		gitlab fakegitlab.Options // those that can be compared
	}{
		{nil, defaults, fakegitlab.Options{Edition: fakegitlab.Free, Version: "18.9.0-ee", NoRequestLog: true}},
		{
			[]string{"--listen", "[::1]:0", "--seed", "load:3", "--edition", "premium", "--latency", "20ms", "--rate-limit", "600/min",
				"--gitlab-version", "18.11", "--fault", "GET /a truncate", "--fault", "ANY ** every=2 delay=1s,", "--log", "x", "--cors"},
			options{Listen: "[::1]:0", Seed: "load:3", Edition: premium, Version: "18.11", Latency: 20 * time.Millisecond, RateLimit: "600/min",
				Faults: []string{"GET /a truncate", "ANY ** every=2 delay=1s,"}, Log: "x", CORS: true},
			fakegitlab.Options{Edition: fakegitlab.Premium, Version: "18.11.0-ee", Latency: 20 * time.Millisecond, RateLimit: 600, NoRequestLog: true},
		},
	}
	for _, tt := range tests {
		var got options
		cmd := newCmd(&app.App{}, func(_ context.Context, _ *app.App, o options) error { got = o; return nil })
		cmd.SetArgs(tt.line)
		if err := cmd.Execute(); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(input.Word{})); diff != "" {
			t.Errorf("%v: -want +got:\n%s", tt.line, diff)
		}
		if len(got.Faults) > 0 {
			got.Faults[1] = strings.TrimSuffix(got.Faults[1], ",") // it shows that commas do not separate faults
		}
		s, err := newServer((&app.App{Machine: app.Machine{Now: testkit.At("2018-08-24T16:00:00Z").Now}}), got)
		if err != nil {
			t.Fatal(err)
		}
		s.options.Now, s.options.Sleep = nil, nil
		if diff := cmp.Diff(tt.gitlab, s.options); diff != "" {
			t.Errorf("%v: -want +got:\n%s", tt.line, diff)
		}
		if len(s.faults) != len(got.Faults) {
			t.Errorf("%v: faults %v", tt.line, s.faults)
		}
	}
}
