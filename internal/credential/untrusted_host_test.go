package credential_test

import (
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/credential"
	"gitlab.com/prodctl/prodctl/internal/fault"
)

// Without a token the hint is to log in. If only a discovered file names the host, error and hint say so, or they would be a trap.
func TestNoTokenForUntrustedHost(t *testing.T) {
	t.Parallel()
	store := credential.Store{Dir: t.TempDir()}
	_, err := store.Find(t.Context(), credential.Want{
		Host: "https://evil.example.com", Getenv: func(string) string { return "" },
		Claims: []string{"host=https://evil.example.com"}, File: "/somewhere/.prodctl.yaml",
	})
	if fault.KindOf(err) != fault.Auth || !strings.Contains(err.Error(), "is set only by /somewhere/.prodctl.yaml, which may not be yours") {
		t.Errorf("error %v, kind %d", err, fault.KindOf(err))
	}
	if hint := fault.HintOf(err); !strings.HasPrefix(hint, "Only if you trust that file: ") || !strings.Contains(hint, "prodctl auth login --host ") {
		t.Errorf("hint %q", hint)
	}
}
